"""Whether terms are kept whole in the text: counted apart from the program, and by hand."""

import re
import time

import numpy as np
import pandas as pd
import pytest
from baokan.words import segmentation_audit as audit
from baokan.words.segmentation import tokens_of
from baokan.words.segmentation_audit import ABSENT, NEVER, PARTLY, TESTED, WHOLE
from baokan.words.tokens import tokenized
from hypothesis import given, settings
from hypothesis import strategies as st


def cut(*articles):
    """Tokens of articles whose words are parted by "|"."""
    return tokenized([f"a{i}" for i in range(len(articles))], articles, lambda text: text.split("|"))


def rows(table):
    return {r.term: (r.occurrences, r.whole, r.status, r.reason, r.example) for r in table.itertuples()}


def test_by_hand():
    tokens = cut("修|水库|，|水库|边|大|水库群", "", "农业|合作社|的|水|库", "五个|农业合作社|社员")
    table = audit.tested(["水库", "农业合作社", "合作社", "库群", "个农", "塘坝"], tokens)
    assert list(table.columns) == TESTED
    assert rows(table) == {
        "水库": (4, 2, PARTLY, "a longer word takes it: 水库群 (1 of 2)", "水库|边|大|水库群"),
        "农业合作社": (2, 1, PARTLY, "it is cut: 农业|合作社 (1 of 1)", "农业|合作社|的|水|库"),
        "合作社": (2, 1, PARTLY, "a longer word takes it: 农业合作社 (1 of 1)", "五个|农业合作社|社员"),
        "库群": (1, 0, NEVER, "a longer word takes it: 水库群 (1 of 1)", "水库|边|大|水库群"),
        "个农": (1, 0, NEVER, "a word reaches across its edge: 五个|农业合作社 (1 of 1)", "五个|农业合作社|社员"),
        "塘坝": (0, 0, ABSENT, "", ""),
    }


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("大|水库群|边", "a longer word takes it: 水库群"),
        ("大水库|边", "a longer word takes it: 大水库"),
        ("大水|库边", "a word reaches across its edge: 大水|库边"),
        ("大水|库|边", "a word reaches across its edge: 大水|库"),
        ("大|水|库边", "a word reaches across its edge: 水|库边"),
        ("大|水|库|边", "it is cut: 水|库"),
    ],
)
def test_reasons(words, reason):
    row = audit.tested(["水库"], cut(words)).iloc[0]
    assert row["status"] == NEVER
    assert row["reason"] == f"{reason} (1 of 1)"


def test_the_reason_is_the_most_frequent_one_and_the_first_of_equals():
    table = audit.tested(["水库"], cut("水|库|，|大水|库|，|水|库", "水库|，|水|库"))
    assert rows(table)["水库"][:4] == (5, 1, PARTLY, "it is cut: 水|库 (3 of 4)")
    either = ["水|库|，|大水|库", "大水|库|，|水|库"]
    assert {audit.tested(["水库"], cut(words))["reason"][0] for words in either} == {
        "a word reaches across its edge: 大水|库 (1 of 2)"
    }


def test_the_example_shows_the_reason_that_is_told():
    row = audit.tested(["水库"], cut("修|大水|库|，|水|库|，|水|库|完")).iloc[0]
    assert row["reason"] == "it is cut: 水|库 (2 of 3)"
    assert row["example"] == "大水|库|，|水|库|，|水|库"


def test_no_term_reaches_into_the_next_article_and_no_example():
    table = audit.tested(["水库", "边水"], cut("修|水", "库|边", "大|水|库", "外"))
    assert rows(table)["水库"] == (1, 0, NEVER, "it is cut: 水|库 (1 of 1)", "大|水|库")
    assert rows(table)["边水"][0] == 0


def test_a_very_long_word_is_told_by_its_beginning():
    word = "a" * 5000
    row = audit.tested(["aab"], cut(f"修|{word}b|完")).iloc[0]
    assert row["reason"] == f"a longer word takes it: {word[:40]}… (1 of 1)"
    assert row["example"] == f"修|{word[:40]}…|完"


def test_blanks_are_left_out_of_an_example():
    assert audit.tested(["水库"], cut("修| |\n|水|库|\u3000|完"))["example"][0] == "修|水|库|完"


@pytest.mark.parametrize("terms", [[], ["水库"], ["水库", "水库", "塘坝", "水库"]])
def test_no_text_no_terms_and_repeated_terms(terms):
    for tokens in (cut(), cut("", "")):
        table = audit.tested(terms, tokens)
        assert table["term"].tolist() == list(dict.fromkeys(terms))
        assert set(table["status"]) <= {ABSENT}
        assert list(table.columns) == TESTED
        assert [table[c].dtype.kind for c in ("occurrences", "whole")] == ["i", "i"]


ANY = st.text(st.sampled_from("水库地 .*[\n𠮷"), min_size=1, max_size=4)


def places(term, text):
    """Where `term` stands in `text`, overlapping places too."""
    found, at = [], text.find(term)
    while at >= 0:
        found.append(at)
        at = text.find(term, at + 1)
    return found


@settings(max_examples=150)
@given(st.lists(st.lists(ANY, max_size=8), max_size=4), st.lists(ANY, max_size=6))
def test_occurrences_are_those_of_a_plain_search_and_whole_ones_are_words(articles, terms):
    tokens = cut(*("|".join(words) for words in articles))
    table = audit.tested(terms, tokens)
    assert table["term"].tolist() == list(dict.fromkeys(terms))
    for row in table.itertuples():
        assert row.occurrences == sum(len(places(row.term, "".join(words))) for words in articles)
        assert row.whole == sum(words.count(row.term) for words in articles)
        assert 0 <= row.whole <= row.occurrences
        assert (row.status == WHOLE) == (row.occurrences == row.whole > 0)
        assert (row.status == PARTLY) == (0 < row.whole < row.occurrences)
        assert (row.status == NEVER) == (row.whole == 0 < row.occurrences)
        assert (row.reason == "") == (row.example == "") == (row.whole == row.occurrences)


@settings(max_examples=100)
@given(st.lists(st.lists(ANY, max_size=8), max_size=4), st.lists(ANY, max_size=6), st.integers(1, 5), st.integers(1, 3))
def test_blocks_of_text_give_the_same_table(articles, terms, block, ways):
    tokens = cut(*("|".join(words) for words in articles))
    whole = audit.tested(terms, tokens)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "BLOCK", block)
        patch.setattr(audit, "WAYS", ways)
        pd.testing.assert_frame_equal(audit.tested(terms, tokens), whole)


SIGNED = ["卡尔·马克思", "New York", "C++", "a.b*c", "[水库]", "《求是》", "COVID-19", "(一)", "\\d+", "^水$", "5G网络"]


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_signs_in_terms_are_signs(engine):
    articles = [(f"a{i}", "", f"读到{term}了，axbxc水库555") for i, term in enumerate(SIGNED)]
    table = audit.tested([*SIGNED, re.escape("a.b*c")], tokens_of(articles, engine, SIGNED, simplify=True))
    assert (
        table.set_index("term").loc[SIGNED, ["occurrences", "whole", "status"]].values.tolist() == [[1, 1, WHOLE]] * 11
    )
    assert table["status"].iloc[-1] == ABSENT


TERMS = ["水库除险加固", "抗旱井", "农业生产合作社", "四讲四爱", "谷歌", "对口支援"]


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_added_terms_are_kept_whole_and_without_adding_some_are_not(engine):
    articles = [(f"a{i}", "标题", f"全县{term}工作会议，推进{term}。{term}") for i, term in enumerate(TERMS)]
    table = audit.tested(TERMS, tokens_of(articles, engine, TERMS, simplify=True))
    assert table["occurrences"].tolist() == [3] * len(TERMS)
    assert set(table["status"]) == {WHOLE}
    assert set(table["reason"]) == {""}
    plain = audit.tested(TERMS, tokens_of(articles, engine, [], simplify=True, new_words=False)).set_index("term")
    assert plain.loc["水库除险加固", "status"] == NEVER
    assert plain.loc["水库除险加固", "reason"].startswith("it is cut: 水库|除险|加固")


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_a_longer_added_term_takes_a_shorter_one(engine):
    articles = [("a", "", "四讲四爱教育活动，四讲四爱")]
    terms = ["四讲四爱", "四讲四爱教育"]
    table = audit.tested(terms, tokens_of(articles, engine, terms, simplify=True)).set_index("term")
    assert table.loc["四讲四爱", ["occurrences", "whole", "status"]].tolist() == [2, 1, PARTLY]
    assert table.loc["四讲四爱", "reason"] == "a longer word takes it: 四讲四爱教育 (1 of 1)"
    assert table.loc["四讲四爱教育", "status"] == WHOLE


def test_200_000_terms_take_seconds():
    rng = np.random.default_rng(1)
    chars = np.array([chr(c) for c in range(0x4E00, 0x5E00)])
    terms = ["".join(t) for t in rng.choice(chars, (200_000, 4))]
    tokens = cut(*("|".join(rng.choice(chars, 500)) + f"|{terms[i]}" for i in range(20)))
    began = time.process_time()
    table = audit.tested(terms, tokens)
    assert time.process_time() - began < 15
    assert len(table) == len(set(terms))
    assert (table["status"].iloc[:20] == WHOLE).all()


@pytest.mark.parametrize("piece", ["啊", "啊啊", "啊啊啊"])
def test_one_character_100_000_times_takes_seconds(piece):
    n = 100_000 // len(piece)
    began = time.process_time()
    row = audit.tested(["啊啊"], cut("|".join([piece] * n))).iloc[0]
    assert time.process_time() - began < 15
    assert row["occurrences"] == n * len(piece) - 1
    assert row["whole"] == (n if len(piece) == 2 else 0)


def test_nested_terms_in_one_character_100_000_times_take_seconds():
    n, terms = 100_000, ["啊" * k for k in range(2, 51)]
    began = time.process_time()
    table = audit.tested(terms, cut("|".join(["啊"] * n)))
    assert time.process_time() - began < 60
    assert table["occurrences"].tolist() == [n - k + 1 for k in range(2, 51)]


def test_100_000_terms_that_are_cut_take_seconds():
    rng = np.random.default_rng(2)
    text = rng.choice([chr(c) for c in range(0x4E00, 0x5200)], 100_000)
    terms = list(dict.fromkeys("".join(text[i : i + 3]) for i in range(len(text) - 2)))
    began = time.process_time()
    table = audit.tested(terms, cut("|".join(text)))
    assert time.process_time() - began < 30
    assert (table["status"] == NEVER).all() and table["reason"].str.startswith("it is cut: ").all()


def test_a_table_of_articles_will_do():
    articles = pd.DataFrame({"article_id": ["a"], "title": ["水庫"], "text": ["修水庫"]})
    table = audit.tested(["水库"], tokens_of(articles, "rjieba", [], simplify=True))
    assert table.iloc[0][["occurrences", "whole"]].tolist() == [2, 2]
