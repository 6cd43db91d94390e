"""Which words are counted, why the others are not, and the counts of chunks."""

import numpy as np
import pandas as pd
import pytest
from baokan.words.counting import article_counts
from baokan.words.lexicon import WordLists
from baokan.words.parts_of_speech import ALL as ALL_KINDS
from baokan.words.parts_of_speech import CONTENT
from baokan.words.tokens import tokenized
from baokan.words.vocabulary import (
    KEPT,
    TooLittleText,
    chunk_counts,
    counted_kinds,
    vocabulary_table,
    words_tables,
)
from hypothesis import given
from hypothesis import strategies as st

ALL = {
    "parts_of_speech": "all",
    "min_length": 1,
    "min_articles": 1,
    "min_issues": 1,
    "max_article_share": 1.0,
    "max_issue_share": 1.0,
    "simplify": True,
}


def lists(terms=(), stopwords=(), source_stopwords=None, keep=()):
    stopwords = stopwords if isinstance(stopwords, dict) else dict.fromkeys(stopwords, "mine")
    return WordLists(list(terms), stopwords, source_stopwords or {}, list(keep))


def tables(*texts, sources=None, issues=None, documents=None, duplicates=None):
    """tokens and articles of texts in which blanks part words and / ends a paragraph. An article is an issue of its own
    unless `issues` says otherwise."""
    numbers = range(len(texts))
    tokens = tokenized([f"a{i}" for i in numbers], texts, lambda t: t.replace("/", " \n ").strip(" ").split(" "))
    sources = list(sources or ["报"] * len(texts))
    articles = pd.DataFrame(
        {
            "article_id": [f"a{i}" for i in numbers],
            "source": sources,
            "issue_id": [f"{s}//{i}" if i != "" else "" for s, i in zip(sources, issues or numbers, strict=True)],
            "document_id": documents or [f"d{i}" for i in numbers],
            "duplicate_of": duplicates or [""] * len(texts),
        },
        dtype=object,
    )
    return tokens, articles


def table_of(*texts, words=None, sources=None, issues=None, documents=None, duplicates=None, **settings):
    tokens, articles = tables(*texts, sources=sources, issues=issues, documents=documents, duplicates=duplicates)
    table, _ = vocabulary_table(tokens, articles, words or lists(), ALL | settings)
    return table.set_index("term")


def status(*texts, **arguments):
    return table_of(*texts, **arguments)["status"].to_dict()


def chunked(tokens, articles, words, target, **settings):
    table, counted = vocabulary_table(tokens, articles, words, ALL | settings)
    rows = pd.Categorical(articles["source"], categories=sorted(set(articles["source"]))).codes
    return table, *chunk_counts(tokens, rows, counted, table, target)


def test_what_is_counted_by_name_or_by_list():
    assert counted_kinds("content") == CONTENT
    assert counted_kinds("all") == ALL_KINDS
    assert counted_kinds(["noun", "place"]) == ("noun", "place")


def test_each_reason_by_hand():
    assert status(
        "水库 渠 铁路 粮食 1998 昨天 Press 延安 雷锋 ， \u3000",
        "水库 铁路 粮食 工人 渠",
        "水库 粮食 草场 工人",
        "粮食",
        words=lists(stopwords=["工人"]),
        parts_of_speech="content",
        min_length=2,
        min_articles=2,
        max_article_share=0.75,
    ) == {
        "1998": "part of speech: number",
        "昨天": "part of speech: time",
        "Press": "part of speech: latin",
        "延安": "part of speech: place",
        "雷锋": "part of speech: person",
        "渠": "shorter than 2 characters",
        "工人": "stopword list",
        "草场": "in fewer than 2 articles",
        "粮食": "in more than 75 % of the articles of each source",  # 4 of 4
        "水库": KEPT,  # 3 of 4: the bound is included
        "铁路": KEPT,
    }


def test_the_parts_of_speech_that_are_asked_for():
    text = "水库 延安 1998 昨天 大型 Press 缺药"
    kept = lambda asked: {t for t, s in status(text, parts_of_speech=asked).items() if s == KEPT}  # noqa: E731
    assert kept("content") == {"水库"}
    assert kept("all") == {"水库", "延安", "昨天", "大型", "缺药"}
    assert kept(["place", "number"]) == {"延安", "1998"}
    assert kept(["latin", "unknown"]) == {"Press", "缺药"}


def test_a_term_is_a_term_whatever_the_dictionary_says():
    found = table_of("延安 缺药 1998 水库", words=lists(terms=["延安", "1998", "缺藥"]), parts_of_speech="content")
    assert found["status"].to_dict() == dict.fromkeys(["延安", "缺药", "1998", "水库"], KEPT)
    assert found["kind"].to_dict() == {"延安": "term", "缺药": "term", "1998": "term", "水库": "noun"}


def test_in_how_many_articles():
    texts = ["水 渠", "水", "水 渠", "地"]
    assert status(*texts, min_articles=2) == {"水": KEPT, "渠": KEPT, "地": "in fewer than 2 articles"}
    # Twice in one article is one article.
    assert status("水 水", "渠", min_articles=2)["水"] == "in fewer than 2 articles"


def test_in_how_many_issues():
    # 水 stands in two articles of one issue, 渠 in two issues.
    texts, issues = ["水 渠", "水", "渠"], [1, 1, 2]
    assert status(*texts, issues=issues, min_issues=2) == {"水": "in fewer than 2 issues", "渠": KEPT}
    # With no second issue no word could be in two.
    assert status("水 渠", "水", "渠", issues=[1, 1, 1], min_issues=2) == {"水": KEPT, "渠": KEPT}
    assert status(*texts, issues=issues, min_issues=3)["渠"] == KEPT


def test_no_more_issues_are_asked_than_the_sources_that_use_a_word_have():
    # 报 has two issues, 刊 one. 水 is of 刊 alone, 渠 of both, 地 of one issue of 报.
    texts, sources, issues = ["渠 地", "地", "山", "水 渠", "水"], "报报报刊刊", [1, 1, 2, 1, 1]
    found = status(*texts, sources=sources, issues=issues, min_issues=2)
    assert found == {"水": KEPT, "渠": KEPT, "地": "in fewer than 2 issues", "山": "in fewer than 2 issues"}


def test_a_document_without_a_date_counts_as_one_issue():
    texts, issues = ["水 渠", "水", "渠 山"], ["", "", ""]
    found = status(*texts, issues=issues, documents=["x", "x", "y"], min_issues=2)
    assert found == {"水": "in fewer than 2 issues", "渠": KEPT, "山": "in fewer than 2 issues"}


def test_a_word_that_one_source_has_everywhere_and_the_other_rarely_stays():
    texts, sources = ["水 渠", "水 渠", "水 渠", "水 渠", "水", "水", "水", "渠"], "报报报报刊刊刊刊"
    found = status(*texts, sources=sources, max_article_share=0.5)
    # 水: 4 of 4 and 3 of 4; 渠: 4 of 4 and 1 of 4.
    assert found == {"水": "in more than 50 % of the articles of each source", "渠": KEPT}


def test_the_largest_share_of_articles_is_included():
    texts = ["水 渠", "水", "水 渠", "地"]
    assert status(*texts, max_article_share=0.5)["渠"] == KEPT
    assert status(*texts, max_article_share=0.5)["水"] == "in more than 50 % of the articles of each source"
    assert set(status(*["山"] * 9, max_article_share=0.125).values()) == {
        "in more than 12.5 % of the articles of each source"
    }


def test_the_share_of_issues():
    # 水 is in each issue, in half of the articles; 渠 in one issue of two.
    texts, issues = ["水 渠", "渠", "水", "山"], [1, 1, 2, 2]
    found = status(*texts, issues=issues, max_article_share=0.5, max_issue_share=0.5)
    assert found["水"] == "in more than 50 % of the issues of each source"
    assert found["渠"] == found["山"] == KEPT
    two = status(*texts, "水", "渠", issues=[*issues, 1, 2], sources="报报报报刊刊", max_issue_share=0.5)
    assert two["水"] == KEPT  # in one of the two issues of 刊


def test_in_a_handful_of_articles_the_two_bounds_never_leave_nothing():
    # Half of two articles is one, less than the two in which a term must stand.
    assert status("水", "水", min_articles=2, max_article_share=0.5) == {"水": KEPT}


def test_a_stopword_of_one_source_is_counted_in_the_others():
    tokens, articles = tables("水 渠", "水 地", sources="报刊")
    table, counted = vocabulary_table(tokens, articles, lists(source_stopwords={"报": ["水"]}), ALL)
    rows = table.set_index("term")
    assert rows.loc["水", ["status", "dropped_in"]].tolist() == [KEPT, "报"]
    assert rows["dropped_in"].drop("水").eq("").all()
    by_source = dict(zip(sorted("报刊"), counted, strict=True))
    words = list(tokens.words)
    assert {s: {w for w, c in zip(words, row, strict=True) if c} for s, row in by_source.items()} == {
        "报": set("渠地"), "刊": set("水渠地"),
    }  # fmt: skip
    # Its occurrences are told all the same.
    assert rows.loc["水", ["occurrences_报", "occurrences_刊"]].tolist() == [1, 1]


def test_a_stopword_of_all_sources_is_dropped():
    found = table_of("水 渠", "水 地", sources="报刊", words=lists(source_stopwords={"报": ["水"], "刊": ["水"]}))
    assert found.loc["水", ["status", "index"]].tolist() == ["stopword of each source that has it", -1]
    assert set(found.loc["水", "dropped_in"].split(", ")) == {"报", "刊"}


def test_a_stopword_of_the_only_source_that_has_it_is_dropped():
    found = table_of("水 渠", "渠 地", sources="报刊", words=lists(source_stopwords={"报": ["水"]}))
    assert found.loc["水", "status"] != KEPT
    assert found.loc["水", "index"] == -1


def test_what_is_to_be_kept_is_kept_whatever_the_filters_say():
    texts = ["1998 的 渠 水库 缺药 昨天", "水库", "水库"]
    settings = {"parts_of_speech": "content", "min_length": 2, "min_articles": 2, "max_article_share": 0.5}
    keep = ["1998", "的", "渠", "水库", "缺药"]
    found = status(*texts, words=lists(stopwords=["的", "水库"], keep=keep), **settings)
    assert found == dict.fromkeys(keep, KEPT) | {"昨天": "part of speech: time"}
    assert KEPT not in status(*texts, words=lists(stopwords=["的", "水库"]), **settings).values()


@pytest.mark.parametrize("sign", ["！", "《"])
def test_a_sign_is_never_counted_though_it_is_listed_to_be_kept(sign):
    tokens, articles = tables("水 渠 ！ 《 / 地", "水 ！ 《 / 山")
    table, chunks, counts = chunked(tokens, articles, lists(keep=[sign, "水"]), 300)
    assert table["index"].tolist() == list(range(4))
    assert counts.shape == (2, 4)
    assert counts.sum() == chunks["n_tokens"].sum() == 5


def test_lists_are_folded_where_text_is():
    words = lists(stopwords=["這個"], source_stopwords={"报": ["鐵路"]}, keep=["農業"])
    texts = ["这个 铁路 农业 水", "农业 铁路 水"]
    found = table_of(*texts, words=words, max_article_share=0.5, min_articles=1)
    assert found["status"].to_dict() == {
        "这个": "stopword list",
        "铁路": "in more than 50 % of the articles of each source",
        "农业": KEPT,
        "水": "in more than 50 % of the articles of each source",
    }
    assert found.loc["铁路", "dropped_in"] == "报"
    assert status("这个 水", words=lists(stopwords=["這個"]), simplify=False) == {"这个": KEPT, "水": KEPT}


def test_the_lists_of_a_stopword_are_named_whatever_dropped_it():
    words = lists(
        stopwords={"的": "zh-iso.txt", "渠": "zh-iso.txt, zh-press.txt", "水库": "zh-press.txt"}, keep=["水库"]
    )
    found = table_of("的 渠 水库 粮食", words=words, min_length=2)
    assert found["lists"].to_dict() == {
        "的": "zh-iso.txt",
        "渠": "zh-iso.txt, zh-press.txt",
        "水库": "zh-press.txt",
        "粮食": "",
    }
    assert found.loc["的", "status"] == "shorter than 2 characters"


def test_the_table_by_hand():
    tokens, articles = tables("水 渠 水 1998", "渠 。", "水", sources="报刊刊", issues=[1, 1, 1])
    table, _ = vocabulary_table(tokens, articles, lists(), ALL)
    assert list(table.columns) == [
        "term", "index", "status", "kind", "lists", "dropped_in", "n_tokens", "n_articles", "n_issues",
        "occurrences_刊", "occurrences_报", "articles_刊", "articles_报", "issues_刊", "issues_报",
    ]  # fmt: skip
    rows = table.drop(columns=["lists", "dropped_in"]).set_index("term")
    # Marks are not listed.
    assert rows.index.tolist() == ["1998", "水", "渠"]
    assert rows.loc["1998"].tolist() == [-1, "part of speech: number", "number", 1, 1, 1, 0, 1, 0, 1, 0, 1]
    assert rows.loc["水"].tolist() == [0, KEPT, "noun", 3, 2, 2, 1, 2, 1, 1, 1, 1]
    assert rows.loc["渠"].tolist() == [1, KEPT, "noun", 2, 2, 2, 1, 1, 1, 1, 1, 1]


def test_repeats_count_for_nothing_but_are_cut_into_chunks_alike():
    tokens, articles = tables("水 渠", "水 渠 山", "水", duplicates=["", "a0", ""])
    table, chunks, counts = chunked(tokens, articles, lists(), 300, min_articles=1)
    rows = table.set_index("term")
    assert rows["n_articles"].to_dict() == {"水": 2, "渠": 1}  # 山 is in a repeat alone
    assert rows["n_tokens"].to_dict() == {"水": 2, "渠": 1}
    assert rows["occurrences_报"].tolist() == rows["n_tokens"].tolist()
    assert chunks["article_id"].tolist() == ["a0", "a1", "a2"]
    assert counts.toarray().tolist() == [[1, 1], [1, 1], [1, 0]]


def test_chunks_by_hand():
    tokens, articles = tables("水 水 的/渠 地 的", "的 的", "地")
    table, chunks, counts = chunked(tokens, articles, lists(stopwords=["的"]), 2)
    assert chunks["chunk_id"].tolist() == ["a0/0", "a0/1", "a2/0"]
    assert chunks["article_id"].tolist() == ["a0", "a0", "a2"]
    assert [list(t) for t in chunks["tokens"]] == [["水", "水"], ["渠", "地"], ["地"]]
    assert chunks["n_tokens"].tolist() == [2, 2, 1]
    assert table.loc[table["index"] >= 0, "term"].tolist() == ["地", "水", "渠"]
    assert counts.toarray().tolist() == [[0, 2, 0], [1, 0, 1], [1, 0, 0]]
    by_article = article_counts(chunks, counts, ["a0", "a1", "a2"])
    assert by_article.toarray().tolist() == [[1, 2, 1], [0, 0, 0], [1, 0, 0]]


def test_a_stopword_of_a_source_is_absent_from_its_chunks_alone():
    tokens, articles = tables("水 渠", "渠 水", sources="报刊")
    _, chunks, counts = chunked(tokens, articles, lists(source_stopwords={"报": ["水"]}), 300)
    assert [list(t) for t in chunks["tokens"]] == [["渠"], ["渠", "水"]]
    assert chunks["n_tokens"].tolist() == [1, 2]
    assert counts.toarray().tolist() == [[0, 1], [1, 1]]


@given(
    st.lists(st.lists(st.lists(st.sampled_from("水渠地的1"), min_size=1, max_size=6), max_size=4), max_size=5),
    st.integers(1, 8),
)
def test_every_counted_token_is_in_one_chunk_in_its_order(article_paragraphs, target):
    texts = ["/".join(" ".join(p) for p in paragraphs) for paragraphs in article_paragraphs]
    tokens, articles = tables(*texts)
    table, chunks, counts = chunked(tokens, articles, lists(stopwords=["的"]), target)
    expected = [[w for paragraph in article for w in paragraph if w in "水渠地"] for article in article_paragraphs]
    for name, words in zip(tokens.article_ids, expected, strict=True):
        assert [w for c in chunks.loc[chunks["article_id"] == name, "tokens"] for w in c] == words
    assert counts.shape == (len(chunks), (table["index"] >= 0).sum())
    assert counts.sum() == sum(map(len, expected))
    assert (np.asarray(counts.sum(axis=1)).ravel() == chunks["n_tokens"].to_numpy(int)).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("texts", [[], ["", ""], ["。 1998", "的"]])
def test_where_nothing_is_left_tables_are_empty_and_whole(texts):
    tokens, articles = tables(*texts)
    table, chunks, counts = chunked(tokens, articles, lists(stopwords=["的"]), 300)
    assert (table["index"] == -1).all()
    assert list(chunks.columns) == ["chunk_id", "article_id", "tokens", "n_tokens"]
    assert counts.shape == (0, 0)
    assert article_counts(chunks, counts, list(articles["article_id"])).shape == (len(texts), 0)


TEN = "水库 粮食 铁路 工人 草场 学校 医院 河流 桥梁 公路"


def test_ten_terms_are_enough_and_nine_are_too_few():
    tokens, articles = tables(TEN, TEN)
    found, counts = words_tables(articles, tokens, lists(), ALL, 300)
    assert set(found) == {"vocabulary", "chunks"}
    assert counts.toarray().tolist() == [[1] * 10] * 2
    assert found["chunks"]["article_id"].tolist() == ["a0", "a1"]
    assert [list(t) for t in found["chunks"]["tokens"]] == [TEN.split()] * 2
    with pytest.raises(TooLittleText, match=r"Only 9 terms are left of 10 in 2 articles.*1 \(stopword list\)"):
        words_tables(articles, tables(TEN, TEN)[0], lists(stopwords=["公路"]), ALL, 300)


@pytest.mark.parametrize("texts", [[], [""], ["。 1998", "的"]])
def test_a_corpus_emptied_by_filters_is_told_what_to_change(texts):
    tokens, articles = tables(*texts)
    with pytest.raises(TooLittleText, match=r"Only 0 terms.*lower words\.min_articles or words\.min_issues"):
        words_tables(articles, tokens, lists(stopwords=["的"]), ALL, 300)
