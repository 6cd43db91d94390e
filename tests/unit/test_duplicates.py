"""Repeats among articles: planted ones are found, formulas make none, and nothing depends on order or shards."""

import random
import time

import numpy as np
import pandas as pd
import pytest
from baokan.duplicates import candidates, fingerprints, groups
from baokan.duplicates.candidates import COMMON, STOCK
from baokan.duplicates.fingerprints import SHORTEST_REPEAT, signatures
from baokan.duplicates.groups import PAIR_TYPES, mark_repeats, texts_of
from baokan.tables import read_parquet, write_parquet
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reprints import FERRY, STEPS, articles_of, cut, damaged, prose


def mark(articles, shards=1):
    """mark_repeats of `articles`, signed in so many shards."""
    signed = pd.concat([signatures(articles.iloc[i::shards]) for i in range(shards)])
    return mark_repeats(articles.drop(columns="text"), signed, texts_of(articles))


def duplicates(*rows):
    marked, _ = mark(articles_of(*rows))
    return [int(d[-10:-6]) if d else "" for d in marked["duplicate_of"]]


# --- exact repeats


def test_a_repeat_in_the_same_source_names_the_first():
    marked, pairs = mark(
        articles_of(
            ("newspaper", "2019-05-07", STEPS),
            ("newspaper", "2019-05-06", STEPS.replace("，", " , ")),  # marks and blanks do not count
            ("newspaper", "2019-05-06", FERRY),
            ("newspaper", "", STEPS),  # undated: not the original
        )
    )
    assert list(marked["duplicate_of"]) == ["newspaper/0001.txt:1", "", "", "newspaper/0001.txt:1"]
    assert set(marked["reprint_group"]) == {""}
    assert list(pairs["article_a"]) == ["newspaper/0001.txt:1"] * 2
    assert list(pairs["article_b"]) == ["newspaper/0000.txt:1", "newspaper/0003.txt:1"]
    assert set(pairs["share"]) == set(pairs["identity"]) == {1.0}


def test_a_text_in_several_sources_is_a_reprint_and_the_original_of_each():
    marked, pairs = mark(
        articles_of(
            ("newspaper", "2019-05-06", STEPS),
            ("gazette", "2019-05-07", STEPS),
            ("gazette", "2019-05-08", STEPS),
            ("gazette", "2019-05-08", FERRY),
        )
    )
    assert list(marked["duplicate_of"]) == ["", "", "gazette/0001.txt:1", ""]
    (group,) = set(marked["reprint_group"]) - {""}
    assert list(marked["reprint_group"]) == [group, group, group, ""]
    dates = list(zip(pairs["date_a"], pairs["date_b"], pairs["same_source"], strict=True))
    assert dates == [
        ("2019-05-06", "2019-05-07", False),
        ("2019-05-06", "2019-05-08", False),
        ("2019-05-07", "2019-05-08", True),
    ]


def test_equal_short_texts_are_no_repeats():
    phrase = "渡" * (SHORTEST_REPEAT - 1)
    assert duplicates(*[("newspaper", "", phrase + "abc")] * 2) == ["", ""]
    assert duplicates(*[("newspaper", "", phrase + "口")] * 2) == ["", 0]


def test_one_character_over_and_over():
    rows = [("newspaper", "", "渡" * n) for n in (400, 400, 390, 41)]
    assert duplicates(*rows)[:2] == ["", 0]


def test_within_one_date_the_order_is_that_of_documents_and_positions():
    rows = articles_of(*[("newspaper", "2019-05-06", STEPS)] * 3)
    rows["document_id"] = "newspaper/0.txt"
    rows["position"] = [10, 2, 9]
    assert list(mark(rows)[0]["duplicate_of"]) == ["newspaper/0001.txt:1", "", "newspaper/0001.txt:1"]


def test_marking_changes_no_other_column_and_not_its_argument():
    rows = articles_of(("newspaper", "2019-05-06", STEPS), ("newspaper", "2019-05-07", STEPS)).set_index(
        pd.Index([7, 3])
    )
    before = rows.copy()
    marked, _ = mark_repeats(rows, signatures(rows), texts_of(rows))
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(marked[before.columns], before)
    assert list(marked.columns) == [*before.columns, "duplicate_of", "reprint_group"]


@pytest.mark.parametrize(
    "rows", [[], [("newspaper", "", STEPS)], [("newspaper", "", "")] * 2, [("newspaper", "", "渡口")]]
)
def test_where_nothing_can_repeat_nothing_does(rows):
    marked, pairs = mark(articles_of(*rows))
    assert set(marked["duplicate_of"]) | set(marked["reprint_group"]) <= {""}
    assert len(pairs) == 0
    assert pairs.dtypes.astype(str).to_dict() == PAIR_TYPES
    assert list(signatures(articles_of(*rows)).columns) == ["article_id", "n_normal", "digest", "hashes"]


def test_a_thousand_equal_articles_are_paired_with_the_first_only():
    marked, pairs = mark(articles_of(*[(("newspaper", "gazette")[i % 2], "2019-05-06", STEPS) for i in range(1000)]))
    assert marked["duplicate_of"].value_counts().to_dict() == {
        "newspaper/0000.txt:1": 499,
        "gazette/0001.txt:1": 499,
        "": 2,
    }
    assert marked["reprint_group"].nunique() == 1
    assert len(pairs) < 2000


# --- planted reprints


@pytest.fixture(scope="module")
def planted():
    """(articles, {(article, its reprint): (damage, cut)}): ten reprints of each damage, cut and place."""
    rows, truth = [("newspaper", "2019-05-06", prose(random.Random(i).randint(150, 900), i)) for i in range(300)], {}
    cells = [(r, c, w) for r in (0.01, 0.03, 0.05) for c in (0.1, 0.25, 0.5) for w in ("beginning", "middle", "end")]
    for i in range(270):
        rate, share, where = cells[i % 27]
        text = damaged(cut(rows[i][2], share, where), rate, i)
        if i % 3 == 0:  # the other paper's own lead
            text = prose(len(text) // 6, 10_000 + i) + "\n" + text
        truth[f"newspaper/{i:04}.txt:1", f"gazette/{len(rows):04}.txt:1"] = rate, share
        rows.append(("gazette", "2019-05-07", text))
    return articles_of(*rows), truth


def test_damaged_and_cut_reprints_are_found_and_nothing_else(planted):
    articles, truth = planted
    marked, pairs = mark(articles)
    found = {(a, b) for a, b in zip(pairs["article_a"], pairs["article_b"], strict=True)}
    assert not found - truth.keys()
    missed = pd.Series([truth[t] for t in truth.keys() - found], dtype=object).value_counts()
    assert len(truth) - len(found) <= 2, missed
    group = marked.set_index("article_id")["reprint_group"]
    assert all(group[a] == group[b] != "" for a, b in found)
    assert set(marked["duplicate_of"]) == {""}
    assert (pairs["kind"] == "repeat").all()
    assert pairs["identity"].between(0.88, 1).all()


def test_the_same_in_any_order_any_shards_and_any_size_of_batch(planted, monkeypatch, tmp_path):
    articles, _ = planted
    articles = articles.iloc[:400]
    marked, pairs = mark(articles)
    monkeypatch.setattr(fingerprints, "BATCH_CHARS", 3000)
    monkeypatch.setattr(candidates, "BATCH_PAIRS", 1000)
    monkeypatch.setattr(groups, "BATCH_TEXTS", 5)
    shuffled = articles.sample(frac=1, random_state=1)
    other, other_pairs = mark(shuffled, shards=7)
    pd.testing.assert_frame_equal(other.loc[marked.index], marked)
    for name, table in (("a", pairs), ("b", other_pairs)):
        write_parquet(table, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_texts_of_candidates_only_are_asked_for_and_few_at_a_time(planted, monkeypatch):
    articles, truth = planted
    monkeypatch.setattr(groups, "BATCH_TEXTS", 40)
    asked = []
    read = texts_of(articles)
    mark_repeats(articles, signatures(articles), lambda ids: asked.append(ids) or read(ids))
    assert max(map(len, asked)) <= 40
    assert {i for ids in asked for i in ids} <= {i for pair in truth for i in pair}


def test_signatures_survive_parquet_and_shards_without_any(tmp_path):
    articles = articles_of(("newspaper", "", STEPS), ("newspaper", "", "短"), ("newspaper", "", FERRY))
    for i in range(3):
        write_parquet(signatures(articles.iloc[i : i + 1]), tmp_path / f"{i}.parquet")
    again = read_parquet(*(tmp_path / f"{i}.parquet" for i in range(3)))
    whole = signatures(articles)
    assert (
        list(again["article_id"]) == list(whole["article_id"]) == [articles["article_id"][0], articles["article_id"][2]]
    )
    for got, want in zip(again["hashes"], whole["hashes"], strict=True):
        np.testing.assert_array_equal(got, want)
    pd.testing.assert_frame_equal(
        mark_repeats(articles, again, texts_of(articles))[0], mark_repeats(articles, whole, {}.get)[0]
    )


def test_many_damaged_copies_of_one_text_are_one_group_at_little_cost():
    text = prose(400, 1)
    rows = [("newspaper", "2019-05-06", text)]
    rows += [("gazette", f"2019-06-{i:03}", damaged(text, 0.04, i)) for i in range(200)]
    marked, pairs = mark(articles_of(*rows))
    assert marked["reprint_group"].nunique() == 1
    assert (marked["duplicate_of"] != "").sum() == 199
    assert len(pairs) < 200 * 12


def test_very_long_texts_take_no_more_than_seconds():
    text, began = prose(200_000, 1), time.process_time()
    marked, pairs = mark(
        articles_of(("newspaper", "1", text), ("gazette", "2", damaged(cut(text, 0.5, "middle"), 0.05, 1)))
    )
    assert marked["reprint_group"].nunique() == 1
    assert pairs["share"][0] > 0.98
    assert time.process_time() - began < 10  # 0.3 s; 18 s if aligned directly


# --- no repeats


@pytest.mark.parametrize("n", [5, COMMON + 5, STOCK + 20])
def test_a_formulaic_opening_makes_no_reprint(n):
    opening = prose(110, 0)
    rows = [(("newspaper", "gazette")[i % 2], "2019-05-06", opening + prose(200, 1 + i)) for i in range(n)]
    marked, pairs = mark(articles_of(*rows))
    assert len(pairs) == 0
    assert set(marked["duplicate_of"]) | set(marked["reprint_group"]) == {""}


def test_a_stock_passage_longer_than_the_news_makes_no_reprint():
    passage = prose(150, 0)
    rows = [(("newspaper", "gazette")[i % 2], "2019-05-06", passage + prose(70, 1 + i)) for i in range(STOCK + 20)]
    assert set(mark(articles_of(*rows))[0]["reprint_group"]) == {""}
    copied = [("gazette", "2019-05-07", rows[0][2]), ("newspaper", "2019-05-08", damaged(rows[1][2], 0.03, 1))]
    marked, _ = mark(articles_of(*rows, *copied))
    assert set(np.flatnonzero(marked["reprint_group"] != "")) == {0, 1, len(rows), len(rows) + 1}
    assert marked["reprint_group"].nunique() == 3  # two groups, and ""


def test_a_notice_that_stands_alone_and_under_every_page_joins_no_articles():
    notice = prose(60, 0)
    rows = [("newspaper", "2019-05-05", notice)]
    rows += [("gazette", "2019-05-06", prose(400, 1 + i) + notice) for i in range(6)]
    marked, pairs = mark(articles_of(*rows))
    assert set(marked["reprint_group"]) == {""}
    assert set(pairs["kind"]) <= {"excerpt"}


def filled(n: int, size: int, blank: int) -> list[str]:
    """Two texts of one formula, `n` times `size` characters, with another `blank` characters after each."""
    formula = [prose(size, 100 + i).replace("，", "") for i in range(n)]
    fills = [prose(blank * n, 200 + i).replace("，", "") for i in range(2)]
    return ["".join(f + fill[blank * i : blank * (i + 1)] for i, f in enumerate(formula)) for fill in fills]


def test_the_same_formula_with_other_names_is_a_variant_and_no_duplicate():
    one, other = filled(n=12, size=20, blank=2)
    marked, pairs = mark(articles_of(("gazette", "2004-05-06", one), ("gazette", "2004-05-07", other)))
    assert list(pairs["kind"]) == ["variant"]
    assert set(marked["duplicate_of"]) == {""}


def test_stock_phrases_in_the_same_order_align_nowhere():
    one, other = filled(n=12, size=20, blank=4)
    assert len(mark(articles_of(("gazette", "2004-05-06", one), ("gazette", "2004-05-07", other)))[1]) == 0


def test_two_short_items_with_one_sentence_in_common_are_no_repeat():
    rows = [
        ("gazette", "2004-05-06", prose(46, 0) + prose(22, 1)),
        ("gazette", "2004-05-07", prose(46, 0) + prose(22, 2)),
    ]
    assert len(mark(articles_of(*rows))[1]) == 0
    rows = [
        ("gazette", "2004-05-06", prose(80, 0) + prose(30, 1)),
        ("gazette", "2004-05-07", prose(80, 0) + prose(30, 2)),
    ]
    assert len(mark(articles_of(*rows))[1]) == 1


def test_a_text_of_which_too_little_is_equal_is_no_repeat():
    text = prose(400, 0).replace("，", "")
    for every, n in ((4, 1), (3, 0)):  # 84 % and 78 % equal
        other = [c if i < 140 or i % every else "某" for i, c in enumerate(text)]
        assert len(mark(articles_of(("gazette", "", text), ("gazette", "", "".join(other))))[1]) == n


def test_a_chain_of_overlaps_does_not_join_its_ends():
    parts = [prose(200, i) for i in range(4)]
    rows = [("newspaper", f"2019-05-0{i + 1}", parts[i] + parts[i + 1]) for i in range(3)]
    # Halves overlap: no repeats. A middle that holds both ends of a chain joins one of them only.
    assert set(mark(articles_of(*rows))[0]["duplicate_of"]) == {""}
    a, b = parts[0] + parts[1], parts[1] + parts[2]
    both = parts[0] + parts[1] + parts[2]
    marked, pairs = mark(articles_of(("newspaper", "1", a), ("gazette", "2", both), ("magazine", "3", b)))
    assert len(pairs) == 2
    assert (marked["reprint_group"] != "").tolist() == [True, True, False]


# --- which one is kept


def test_a_cut_or_damaged_copy_is_a_duplicate_of_the_earlier_whole():
    text = prose(600, 1)
    late = ("newspaper", "2019-05-09")
    whole, half = ("newspaper", "2019-05-06", text), (*late, damaged(cut(text, 0.5, "middle"), 0.03, 1))
    assert duplicates(whole, half, (*late, damaged(text, 0.05, 2))) == ["", 0, 0]


def test_of_a_cut_first_print_and_a_later_whole_the_whole_is_kept():
    text = prose(600, 1)
    rows = [("newspaper", "2019-05-06", cut(text, 0.5, "end")), ("newspaper", "2019-05-07", cut(text, 0.45, "end"))]
    assert duplicates(*rows) == ["", 0]  # nearly as long: the first
    assert duplicates(*rows, ("newspaper", "2019-05-08", text)) == [2, 2, ""]


def test_what_the_later_whole_does_not_hold_is_kept():
    text = prose(900, 1).replace("，", "")
    first, later = text[:400], text[60:800]
    third = text[:330] + prose(70, 2).replace("，", "")  # all but a sixth stands in the first, a third not in the later
    rows = [("newspaper", "2019-05-06", first), ("newspaper", "2019-05-07", third), ("newspaper", "2019-05-08", later)]
    assert duplicates(*rows[:2]) == ["", 0]
    assert duplicates(*rows) == [2, "", ""]


def test_a_copy_with_much_of_its_own_is_kept():
    text = prose(400, 1)
    rows = [("newspaper", "2019-05-06", text), ("newspaper", "2019-05-07", prose(180, 2) + text[:300] + prose(100, 3))]
    assert duplicates(*rows) == ["", ""]


def test_a_group_keeps_its_name_when_others_are_added():
    rows = [("newspaper", "2019-05-06", STEPS), ("gazette", "2019-05-07", damaged(STEPS, 0.02, 1))]
    name = mark(articles_of(*rows))[0]["reprint_group"][0]
    more = [
        *rows,
        ("gazette", "2019-05-01", FERRY),
        ("magazine", "2019-05-02", FERRY),
        ("gazette", "2019-05-09", STEPS),
    ]
    marked = mark(articles_of(*more))[0]["reprint_group"]
    assert list(marked == name) == [True, True, False, False, True]
    assert marked.nunique() == 2


PIECES = [prose(45, 50_000 + i) for i in range(4)]


@settings(max_examples=60, deadline=None)  # the first call makes a table
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]), st.sampled_from(["", "1", "2"]), st.lists(st.integers(0, 3), max_size=4)
        ),
        max_size=9,
    ),
    st.randoms(use_true_random=False),
)
def test_what_holds_of_any_corpus(rows, rng):
    articles = articles_of(*[(source, date, "".join(PIECES[i] for i in pieces)) for source, date, pieces in rows])
    marked, pairs = mark(articles)
    source = dict(zip(marked["article_id"], marked["source"], strict=True))
    duplicate = dict(zip(marked["article_id"], marked["duplicate_of"], strict=True))
    linked = set(zip(pairs["article_a"], pairs["article_b"], strict=True))
    for article, original in duplicate.items():
        if original:
            assert source[article] == source[original]
            assert duplicate[original] == ""
            assert (article, original) in linked or (original, article) in linked
    for _, group in marked[marked["reprint_group"] != ""].groupby("reprint_group"):
        assert group["source"].nunique() > 1
    assert ((pairs["share_a"] <= 1) & (pairs["share_b"] <= 1) & (pairs["share"] > 0)).all()
    assert not linked & {(b, a) for a, b in linked}
    other, other_pairs = mark(articles.iloc[rng.sample(range(len(articles)), len(articles))], shards=2)
    pd.testing.assert_frame_equal(other.sort_index(), marked)
    pd.testing.assert_frame_equal(other_pairs, pairs)
