"""Which terms are counted, the counts, and TF-IDF by source."""

import numpy as np
import pandas as pd
import pytest
from baokan.words.vocabulary import (
    KEPT,
    TooLittleText,
    article_counts,
    chunk_counts,
    drop_reasons,
    has_han,
    is_content,
    tfidf_by_source,
    words_tables,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

ALL = {"parts_of_speech": "all", "min_length": 1, "min_articles": 1, "max_article_share": 1.0, "simplify": True}


def tables(*texts, sources=None, duplicates=None, tags=None):
    """tokens and articles of texts in which blanks part words and / parts paragraphs; a word may be word:tag."""
    rows, ids = [], [f"a{i}" for i in range(len(texts))]
    for name, text in zip(ids, texts, strict=True):
        words, ends = [], []
        for paragraph in text.split("/"):
            words += paragraph.split()
            ends.append(len(words))
        pairs = [(*w.split(":"), "n")[:2] for w in words]
        rows.append((name, [w for w, _ in pairs], [t for _, t in pairs], ends))
    articles = pd.DataFrame(
        {
            "article_id": ids,
            "source": sources or ["报"] * len(ids),
            "issue_id": [f"报/日报/{i}" for i in range(len(ids))],
            "duplicate_of": duplicates or [""] * len(ids),
        }
    )
    return pd.DataFrame(rows, columns=["article_id", "tokens", "tags", "paragraph_ends"]), articles


def status(*texts, stopwords=(), sources=None, duplicates=None, **settings):
    tokens, articles = tables(*texts, sources=sources, duplicates=duplicates)
    table, _ = drop_reasons(tokens, articles, list(stopwords), ALL | settings)
    return dict(zip(table["term"], table["status"], strict=True))


@pytest.mark.parametrize(
    ("word", "tag", "content"),
    [
        ("水库", "n", True),
        ("修建", "v", True),
        ("工作", "vn", True),
        ("一帆风顺", "i", True),
        ("生产队", "nz", True),
        ("国务院", "nt", True),
        ("老百姓", "l", True),
        ("人大", "j", True),
        ("雷锋", "nr", False),
        ("马克思", "nrt", False),
        ("延安", "ns", False),
        ("是", "vshi", False),
        ("有", "vyou", False),
        ("很", "d", False),
        ("的", "uj", False),
        ("昨天", "t", False),
        ("二十", "m", False),
        ("。", "x", False),
        ("Press", "eng", False),
    ],
)
def test_content_words(word, tag, content):
    assert is_content(word, tag) == content


def test_terms_have_a_chinese_character():
    assert all(has_han(w) for w in ("水", "5G网络", "㐀", "\U00020000"))
    assert not any(has_han(w) for w in ("", "1998", "GDP", "。", "カナ", "％"))


def test_each_reason_by_hand():
    assert status(
        "水库 水库 的 1998 渠 铁路:v 常见",
        "水库 铁路:d 常见 快:d",
        "少见 常见",
        "常见",
        stopwords=["的"],
        min_length=2,
        min_articles=2,
        max_article_share=0.75,
        parts_of_speech="content",
    ) == {
        "1998": "no Chinese character",
        "渠": "shorter than 2",
        "的": "shorter than 2",
        "快": "shorter than 2",
        "常见": "in more than 75% of articles",
        "少见": "in fewer than 2 articles",
        "水库": KEPT,
        "铁路": KEPT,
    }
    assert status("的 水", stopwords=["的"]) == {"的": "stopword list", "水": KEPT}
    assert status("快:d 水", parts_of_speech="content") == {"快": "part of speech", "水": KEPT}
    assert status("快:d 水", parts_of_speech="all") == {"快": KEPT, "水": KEPT}
    assert set(status(*["常见"] * 9, max_article_share=0.125).values()) == {"in more than 12.5% of articles"}


def test_bounds_are_inclusive():
    texts = ["水 渠", "水", "水 渠", "地"]
    assert status(*texts, min_articles=2) == {"水": KEPT, "渠": KEPT, "地": "in fewer than 2 articles"}
    assert status(*texts, max_article_share=0.5)["渠"] == KEPT
    assert status(*texts, max_article_share=0.5)["水"] == "in more than 50% of articles"


def test_in_a_handful_of_articles_the_two_bounds_never_leave_nothing():
    # Half of two articles is one, less than the two in which a term must stand.
    assert status("水", "水", min_articles=2, max_article_share=0.5) == {"水": KEPT}


def test_the_table_and_masks_by_hand():
    tokens, articles = tables("水 渠:d 水", "渠:n 。", "水", sources=["报", "刊", "刊"])
    table, masks = drop_reasons(tokens, articles, [], ALL | {"parts_of_speech": "content"})
    assert list(table.columns) == ["term", "index", "status", "n_articles", "n_tokens", "articles_刊", "articles_报"]
    rows = table.set_index("term")
    assert rows.loc["水"].tolist() == [0, KEPT, 2, 3, 1, 1]
    assert rows.loc["渠"].tolist() == [1, KEPT, 2, 2, 1, 1]
    assert rows.loc["。", "index"] == -1
    # 渠 is counted where it is a noun, not where it is tagged an adverb.
    assert [m.tolist() for m in masks] == [[True, False, True], [True, False], [True]]


def test_duplicates_count_for_nothing_but_are_masked_alike():
    tokens, articles = tables("水 渠", "水 渠", "水", duplicates=["", "a0", ""])
    table, masks = drop_reasons(tokens, articles, [], ALL)
    assert table.set_index("term")["n_articles"].to_dict() == {"水": 2, "渠": 1}
    assert table["articles_报"].tolist() == table["n_articles"].tolist()
    assert masks[0].tolist() == masks[1].tolist() == [True, True]


def test_stopwords_in_traditional_stop_folded_text():
    assert status("这个 水", stopwords=["這個"]) == {"这个": "stopword list", "水": KEPT}
    assert status("这个 水", stopwords=["這個"], simplify=False) == {"这个": KEPT, "水": KEPT}


def test_chunks_by_hand():
    tokens, articles = tables("水 水 的 / 渠 地 的", "的 的", "地")
    table, masks = drop_reasons(tokens, articles, ["的"], ALL)
    chunks, counts = chunk_counts(tokens, masks, table, 2)
    assert chunks["chunk_id"].tolist() == ["a0/0", "a0/1", "a2/0"]
    assert chunks["article_id"].tolist() == ["a0", "a0", "a2"]
    assert [list(t) for t in chunks["tokens"]] == [["水", "水"], ["渠", "地"], ["地"]]
    assert chunks["n_tokens"].tolist() == [2, 2, 1]
    assert table.loc[table["index"] >= 0, "term"].tolist() == ["地", "水", "渠"]
    assert counts.toarray().tolist() == [[0, 2, 0], [1, 0, 1], [1, 0, 0]]
    by_article = article_counts(chunks, counts, ["a0", "a1", "a2"])
    assert by_article.toarray().tolist() == [[1, 2, 1], [0, 0, 0], [1, 0, 0]]


@given(
    st.lists(st.lists(st.lists(st.sampled_from("水渠地的。1"), max_size=6), min_size=1, max_size=4), max_size=5),
    st.integers(1, 8),
)
def test_every_counted_token_is_in_one_chunk(article_paragraphs, target):
    texts = [" / ".join(" ".join(p) for p in paragraphs) for paragraphs in article_paragraphs]
    tokens, articles = tables(*texts)
    table, masks = drop_reasons(tokens, articles, ["的"], ALL)
    chunks, counts = chunk_counts(tokens, masks, table, target)
    expected = [[w for w in text.replace("/", " ").split() if w in "水渠地"] for text in texts]
    for name, words in zip(tokens["article_id"], expected, strict=True):
        assert [w for c in chunks.loc[chunks["article_id"] == name, "tokens"] for w in c] == words
    assert counts.shape == (len(chunks), (table["index"] >= 0).sum())
    assert counts.sum() == sum(map(len, expected))
    assert (np.asarray(counts.sum(axis=1)).ravel() == chunks["n_tokens"].to_numpy(int)).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("texts", [[], ["", ""], ["。 1998", "的"]])
def test_where_nothing_is_left_tables_are_empty_and_whole(texts):
    tokens, articles = tables(*texts)
    table, masks = drop_reasons(tokens, articles, ["的"], ALL)
    chunks, counts = chunk_counts(tokens, masks, table, 300)
    assert len(masks) == len(texts)
    assert (table["index"] == -1).all()
    assert list(chunks.columns) == ["chunk_id", "article_id", "tokens", "n_tokens"]
    assert counts.shape == (0, 0)
    by_article = article_counts(chunks, counts, list(articles["article_id"]))
    assert by_article.shape == (len(texts), 0)
    tfidf = tfidf_by_source(by_article, articles, [], 10)
    assert tfidf.empty
    assert "tfidf" in tfidf.columns


def test_tfidf_of_three_articles_and_four_terms_by_hand():
    # idf = ln(4 / (1 + df)) + 1: 1.693147 for a term of one article, 1 for one of all three. Rows before scaling:
    # (1.693147, 0, 1 + ln 2, 0), (0, 1.693147, 1, 0), (0, 0, 1, (1 + ln 3) 1.693147); their lengths are 2.394472,
    # 1.966410 and 3.691300.
    counts = sparse.csr_matrix([[1, 0, 2, 0], [0, 1, 1, 0], [0, 0, 1, 3]])
    articles = pd.DataFrame({"source": ["报", "报", "刊"], "issue_id": ["1", "1", "9"]})
    table = tfidf_by_source(counts, articles, ["甲", "乙", "丙", "丁"], 4)
    paper, magazine = table[table["source"] == "报"], table[table["source"] == "刊"]
    assert paper["term"].tolist() == ["丙", "乙", "甲"]
    assert paper["rank"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(paper["tfidf"], [0.6078245, 0.4305175, 0.3535534], atol=1e-5)
    np.testing.assert_allclose(paper["tfidf_elsewhere"], [0.2709079, 0, 0], atol=1e-5)
    assert paper["n_articles"].tolist() == [2, 1, 1]
    assert paper["n_issues"].tolist() == [1, 1, 1]
    assert magazine["term"].tolist() == ["丁", "丙"]
    np.testing.assert_allclose(magazine["tfidf"], [0.9626056, 0.2709079], atol=1e-5)
    np.testing.assert_allclose(magazine["tfidf_elsewhere"], [0, 0.6078245], atol=1e-5)


def test_tfidf_lists_terms_of_a_single_issue_last_and_stops_at_top():
    counts = sparse.csr_matrix([[9, 1, 0], [0, 1, 1], [0, 1, 0]])
    articles = pd.DataFrame({"source": ["报"] * 3, "issue_id": ["1", "2", "3"]})
    table = tfidf_by_source(counts, articles, ["甲", "乙", "丙"], 2)
    assert table["term"].tolist() == ["乙", "甲"]
    assert table["n_issues"].tolist() == [3, 1]
    # Of one issue alone nothing can be broad: the order is by weight.
    one = tfidf_by_source(counts[:1], articles[:1], ["甲", "乙", "丙"], 2)
    assert one["term"].tolist() == ["甲", "乙"]


def test_articles_of_no_issue_are_no_issue():
    counts = sparse.csr_matrix([[1, 1], [1, 0], [1, 0]])
    articles = pd.DataFrame({"source": ["报"] * 3, "issue_id": ["", "", "1"]})
    table = tfidf_by_source(counts, articles, ["甲", "乙"], 2).set_index("term")
    assert table["n_issues"].to_dict() == {"甲": 1, "乙": 0}
    none = tfidf_by_source(counts, articles.assign(issue_id=""), ["甲", "乙"], 2)
    assert none["n_issues"].tolist() == [0, 0]


def test_a_single_source_has_nothing_elsewhere():
    counts = sparse.csr_matrix([[1, 1], [0, 1]])
    articles = pd.DataFrame({"source": ["报"] * 2, "issue_id": ["1", "2"]})
    assert tfidf_by_source(counts, articles, ["甲", "乙"], 2)["tfidf_elsewhere"].tolist() == [0, 0]


TEN = "甲 乙 丙 丁 戊 己 庚 辛 壬 癸"


def test_ten_terms_are_enough_and_nine_are_too_few():
    tokens, articles = tables(TEN, TEN)
    found, counts = words_tables(articles, tokens.iloc[::-1], [], ALL, 300)
    assert counts.toarray().tolist() == [[1] * 10] * 2
    assert found["chunks"]["article_id"].tolist() == ["a0", "a1"]
    assert len(found["tfidf"]) == 10
    with pytest.raises(TooLittleText, match=r"Only 9 terms are left of 10 in 2 articles.*1 \(stopword list\)"):
        words_tables(articles, tokens, ["癸"], ALL, 300)


@pytest.mark.parametrize("texts", [[], [""], ["。 1998", "的"]])
def test_a_corpus_emptied_by_filters_is_told_what_to_change(texts):
    tokens, articles = tables(*texts)
    with pytest.raises(TooLittleText, match=r"Only 0 terms.*lower words\.min_articles"):
        words_tables(articles, tokens, ["的"], ALL, 300)


def test_tfidf_leaves_repeats_out_and_the_chunks_keep_them():
    tokens, articles = tables(TEN, TEN, "甲", duplicates=["", "a0", ""])
    found, counts = words_tables(articles, tokens, [], ALL, 300)
    assert counts.shape[0] == 3
    assert found["tfidf"].set_index("term").loc["甲", "n_articles"] == 2
