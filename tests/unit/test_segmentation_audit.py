"""Where two ways of cutting the same text differ."""

import numpy as np
import pandas as pd
import pytest
from baokan.words.segmentation import tokens_of
from baokan.words.segmentation_audit import audit_tables, changed_by_source, differences, drawn
from baokan.words.tokens import tokenized
from hypothesis import given, settings
from hypothesis import strategies as st


def cut(*articles, names=None):
    """Tokens of articles whose words are parted by "|"."""
    return tokenized(names or [f"a{i}" for i in range(len(articles))], articles, lambda text: text.split("|"))


@st.composite
def two_cuts(draw):
    """The same articles cut in two ways: two lists of lists of words."""
    here, there = [], []
    for text in draw(st.lists(st.text(st.sampled_from("水渠地"), max_size=8), max_size=5)):
        for cuts in (here, there):
            ends = [*sorted(draw(st.sets(st.integers(1, max(1, len(text) - 1))))), len(text)]
            ends = [e for e in ends if e < len(text)] + [len(text)] * bool(text)
            cuts.append([text[a:b] for a, b in zip([0, *ends], ends, strict=False)])
    return here, there


def joined(articles):
    return cut(*("|".join(words) for words in articles))


def spans(words):
    ends = np.cumsum([len(w) for w in words]).tolist()
    return set(zip([0, *ends], ends, strict=False))


def test_differences_by_hand():
    here = cut("农业|合作社|春耕|了", "我|爱|水库", "", "农业|合作社|水|库")
    there = cut("农业合作社|春|耕|了", "我|爱|水库", "", "农业合作社|水库")
    found = differences(here, there)
    assert list(found.table.columns) == ["here", "there", "places", "n_articles"]
    rows = {(r.here, r.there): (r.places, r.n_articles) for r in found.table.itertuples()}
    assert rows == {("农业|合作社", "农业合作社"): (2, 2), ("春耕", "春|耕"): (1, 1), ("水|库", "水库"): (1, 1)}
    assert found.table["places"].tolist() == [2, 1, 1]
    # 农业, 合作社 and 春耕; 农业, 合作社, 水 and 库.
    assert found.changed.tolist() == [3, 0, 0, 4]


def test_a_difference_that_returns_within_an_article_is_one_article():
    found = differences(cut("水|库|和|水|库"), cut("水库|和|水库"))
    assert found.table.iloc[0].tolist() == ["水|库", "水库", 2, 1]


def test_stretches_that_overlap_are_one_difference():
    found = differences(cut("乒乓球拍|卖|完了"), cut("乒乓球|拍卖|完了"))
    assert found.table.iloc[0].tolist() == ["乒乓球拍|卖", "乒乓球|拍卖", 1, 1]
    assert found.changed.tolist() == [2]


def test_a_stretch_never_reaches_into_the_next_article():
    found = differences(cut("水|库", "", "渠|道"), cut("水库", "", "渠道"))
    assert sorted(found.table["here"]) == sorted(["水|库", "渠|道"])
    assert found.changed.tolist() == [2, 0, 2]


@settings(max_examples=50)
@given(two_cuts())
def test_what_has_changed_are_the_words_that_the_other_does_not_have(case):
    here, there = case
    found = differences(joined(here), joined(there))
    assert found.changed.tolist() == [len(spans(a) - spans(b)) for a, b in zip(here, there, strict=True)]
    assert [n == 0 for n in found.changed] == [a == b for a, b in zip(here, there, strict=True)]


@settings(max_examples=50)
@given(two_cuts())
def test_stretches_are_as_short_as_can_be_and_tell_of_every_change(case):
    here, there = case
    found = differences(joined(here), joined(there))
    for row in found.table.itertuples():
        one, other = row.here.split("|"), row.there.split("|")
        assert "".join(one) == "".join(other)
        inner = [set(np.cumsum([len(w) for w in words])[:-1].tolist()) for words in (one, other)]
        assert not inner[0] & inner[1]
        assert inner[0] | inner[1]
        assert 1 <= row.n_articles <= row.places
    words = found.table["here"].str.split("|").map(len)
    assert (words * found.table["places"]).sum() == found.changed.sum()
    assert not found.table.duplicated(["here", "there"]).any()
    assert found.table["places"].is_monotonic_decreasing


@settings(max_examples=50)
@given(two_cuts())
def test_here_and_there_may_be_exchanged(case):
    one, other = (joined(articles) for articles in case)
    forth, back = differences(one, other).table, differences(other, one).table
    as_rows = lambda table, a, b: set(zip(table[a], table[b], table["places"], table["n_articles"], strict=True))  # noqa: E731
    assert as_rows(forth, "here", "there") == as_rows(back, "there", "here")


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (cut("水|库"), cut("水|库|渠")),
        (cut("水|库", ""), cut("", "水|库")),
        (cut("水"), cut("水", "渠")),
        (cut("水", names=["a"]), cut("水", names=["b"])),
        (cut("水", "渠", names=["a", "b"]), cut("水", "渠", names=["b", "a"])),
        (cut(), cut("水")),
    ],
)
def test_tokens_of_different_texts_are_refused(here, there):
    with pytest.raises(ValueError, match="different texts"):
        differences(here, there)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("articles", [(), ("",), ("水|库", "")])
def test_no_difference_is_an_empty_table_with_its_columns(articles):
    found = differences(cut(*articles), cut(*articles))
    assert found.table.empty
    assert list(found.table.columns) == ["here", "there", "places", "n_articles"]
    assert found.changed.tolist() == [0] * len(articles)


SIZES = st.lists(st.integers(0, 50), max_size=12)


@given(SIZES, st.integers(0, 200), st.randoms())
def test_articles_are_drawn_within_the_bound_whatever_their_order(sizes, most, rng):
    names = [f"报/{i}.txt#1" for i in range(len(sizes))]
    taken = drawn(names, np.array(sizes, int), most)
    assert sum(s for s, t in zip(sizes, taken, strict=True) if t) <= most
    # No article that is left out would have found room.
    room = most - sum(s for s, t in zip(sizes, taken, strict=True) if t)
    assert all(s > room for s, t in zip(sizes, taken, strict=True) if not t)
    assert (drawn(names, np.array(sizes, int), most) == taken).all()
    order = rng.sample(range(len(names)), len(names))
    again = drawn([names[i] for i in order], np.array([sizes[i] for i in order], int), most)
    assert again.tolist() == [bool(taken[i]) for i in order]


def test_all_are_drawn_where_there_is_room_and_none_where_there_is_none():
    assert drawn(["a", "b"], np.array([3, 4]), 7).tolist() == [True, True]
    assert drawn(["a", "b"], np.array([3, 4]), 0).tolist() == [False, False]


def test_a_draw_does_not_favour_the_beginning_of_the_corpus():
    names = [f"a{i}" for i in range(1000)]
    taken = drawn(names, np.ones(1000, int), 500)
    assert taken.sum() == 500
    assert 200 <= taken[:500].sum() <= 300  # 250 and six standard errors to either side are 250 +- 67


def test_shares_of_sources_by_hand():
    table = changed_by_source(
        np.array([1, 0, 3, 0]), np.array([4, 4, 4, 0]), np.array(["报", "报", "刊", "志"], object)
    )
    rows = table.set_index("source")
    assert rows.loc["报"].tolist() == [8, 1, 1 / 8]
    assert rows.loc["刊"].tolist() == [4, 3, 3 / 4]
    assert rows.loc["志"].tolist() == [0, 0, 0]


ROWS = [
    ("a", "昨天", "省城传来消息：春耕备耕会。"),
    ("b", "", "春耕备耕会，COVID-19，春耕备耕会。"),
    ("c", "", "农业合作社的社员正在抢收小麦。"),
]
ARTICLES = pd.DataFrame({"article_id": list("abc"), "source": list("报报刊"), "n_chars": [len(t) for _, _, t in ROWS]})


def audited(terms, rows=ROWS, articles=ARTICLES, most=3_000_000, engine="rjieba", listed=()):
    tokens = tokens_of(rows, engine, terms, True)
    table = pd.DataFrame({"term": terms, "origin": [f"{i}.txt" for i in range(len(terms))]}, dtype=object)
    settings = {"engine": engine, "simplify": True, "audit_characters": most}
    listed = pd.DataFrame(listed, columns=["term", "file", "line", "used", "note"]).astype({"used": bool})
    return audit_tables(tokens, articles, lambda: iter(rows), table, listed, settings)


@pytest.fixture(scope="module")
def default():
    return audited(["春耕备耕会"])


def test_what_terms_change(default):
    (row,) = default["term_effect"].itertuples()
    assert (row.here, row.places, row.n_articles) == ("春耕备耕会", 3, 2)
    assert row.there.replace("|", "") == "春耕备耕会" and "|" in row.there
    changed = default["changed"].query("by == 'terms'").set_index("source")
    assert changed["changed"].to_dict() == {"报": 3, "刊": 0}
    assert changed["share"].to_dict() == (changed["changed"] / changed["tokens"]).to_dict()
    assert changed["whole"].all()
    assert default["term_test"][["term", "origin"]].to_numpy().tolist() == [["春耕备耕会", "0.txt"]]


def test_what_was_mended_and_what_was_refused_in_a_list_is_told():
    listed = [
        ("春耕备耕会", "my.txt", 1, True, "listed 3 times"),
        ("水", "my.txt", 2, False, "a single character is no term"),
    ]
    test = audited(["春耕备耕会"], listed=listed)["term_test"].set_index("term")
    assert test.loc["春耕备耕会", ["status", "note"]].tolist() == ["kept whole", "listed 3 times"]
    assert test.loc["水", ["origin", "status", "reason"]].tolist() == [
        "my.txt",
        "not used",
        "a single character is no term",
    ]


def told_of_engines(tables):
    assert tables["changed"]["whole"].all()
    rows = tables["changed"].query("by == 'engine'").set_index("source")
    return tables["engines"].to_numpy().tolist(), rows["changed"].to_dict()


def test_where_the_segmenters_differ(default):
    assert told_of_engines(default) == ([["COVID-19", "COVID|-|19", 1, 1]], {"报": 1, "刊": 0})
    # Seen from the other side.
    assert told_of_engines(audited(["春耕备耕会"], engine="jieba")) == (
        [["COVID|-|19", "COVID-19", 1, 1]], {"报": 3, "刊": 0},
    )  # fmt: skip


def test_the_tokens_of_the_run_are_counted(default):
    n = np.diff(tokens_of(ROWS, "rjieba", ["春耕备耕会"], True).starts)
    for _, changed in default["changed"].groupby("by"):
        assert changed.set_index("source")["tokens"].to_dict() == {"报": n[0] + n[1], "刊": n[2]}


def test_without_terms_they_change_nothing():
    tables = audited([], most=0)
    assert tables["term_effect"].empty
    assert tables["changed"].query("by == 'terms'")["changed"].tolist() == [0, 0]


def test_a_part_of_the_corpus_is_looked_at_where_all_is_too_much():
    tables = audited(["春耕备耕会"], most=len(ROWS[2][2]))
    parts = tables["changed"].query("by == 'engine'")
    assert not parts["whole"].any()
    assert len(parts) == 1
    assert tables["changed"].query("by == 'terms'")["whole"].all()


@pytest.mark.filterwarnings("error")
def test_none_of_the_corpus_is_looked_at_where_none_is_asked_for():
    tables = audited(["春耕备耕会"], most=0)
    assert tables["engines"].empty
    assert tables["changed"]["by"].unique().tolist() == ["terms"]
    assert len(tables["term_effect"]) == 1


def test_a_term_in_traditional_keeps_its_origin():
    rows = [("a", "", "保護草場，網圍欄。")]
    tables = audited(["網圍欄"], rows, ARTICLES.head(1))
    assert tables["term_test"][["term", "origin"]].to_numpy().tolist() == [["网围栏", "0.txt"]]
    assert tables["term_effect"]["here"].tolist() == ["网围栏"]


@pytest.mark.filterwarnings("error")
def test_of_no_articles():
    tables = audited(["春耕备耕会"], [], ARTICLES.head(0))
    assert {name: len(tables[name]) for name in ("term_effect", "engines", "changed")} == {
        "term_effect": 0, "engines": 0, "changed": 0,
    }  # fmt: skip
    assert list(tables["changed"].columns) == ["by", "source", "tokens", "changed", "share", "whole"]
