"""Who prints what others print: orders of dates, what is shared, and when the order may be tested."""

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.reasons import read
from baokan.comparing.reprinting import COLUMNS, reprinting_table
from baokan.reporting.sections.reprinting.section import MOST_EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st
from shown_sections import shown

NO_PAIRS = {c: [] for c in ("article_a", "article_b", "kind", "share_a", "share_b")}


def printed(*rows):
    """Articles from (source, day, text[, more]): each issue is a day of its source, text is a reprint group or ""."""
    made = []
    for i, row in enumerate(rows):
        source, day, text, more = (*row, {})[:4]
        made.append(
            {
                "article_id": f"{source}/{i:03}", "source": source, "issue_id": f"{source}//{day}" if day else "",
                "issue": day, "issue_date": day, "date": "", "title": f"标题{text}", "n_chars": 100, "duplicate_of": "",
                "reprint_group": text,
            }
            | more
        )  # fmt: skip
    return pd.DataFrame(made)


def pairs(*rows):
    """The table of pairs from (article_a, article_b, kind, share_a, share_b)."""
    return pd.DataFrame(rows, columns=list(NO_PAIRS)) if rows else pd.DataFrame(NO_PAIRS)


def both(articles, found=None):
    """{(first, later): row} of the table."""
    table = reprinting_table(articles, pairs() if found is None else found)
    assert table.columns.tolist() == COLUMNS
    return {(r.first, r.later): r for r in table.itertuples()}


def test_texts_are_counted_for_the_source_that_had_them_first_with_the_days_between():
    rows = both(
        printed(
            ("newspaper", "2023-03-01", "a"), ("magazine", "2023-03-05", "a"),
            ("newspaper", "2023-03-02", "b"), ("magazine", "2023-03-22", "b"),
            ("magazine", "2023-04-01", "c"), ("newspaper", "2023-04-08", "c"),
            ("magazine", "2023-05-01", "d"), ("newspaper", "2023-05-01", "d"),
            ("newspaper", "2023-06-01", ""),
        )
    )  # fmt: skip
    ahead, back = rows["newspaper", "magazine"], rows["magazine", "newspaper"]
    assert (ahead.texts, ahead.before, ahead.same_day, ahead.unknown) == (4, 2, 1, 0)
    assert (ahead.lag_median, ahead.lag_min, ahead.lag_max) == (12, 4, 20)
    assert (back.texts, back.before, back.same_day, back.unknown) == (4, 1, 1, 0)
    assert (back.lag_min, back.lag_max) == (7, 7)


def test_a_dateline_is_no_day_of_printing():
    """A reprint carries the dateline of what it reprints, or a later one: only the issue's day counts."""
    articles = printed(
        ("newspaper", "2023-07-25", "a", {"date": "2023-07-23"}), ("magazine", "2023-08-15", "a", {"date": "2023-07-20"})
    )  # fmt: skip
    rows = both(articles)
    assert (rows["newspaper", "magazine"].before, rows["magazine", "newspaper"].before) == (1, 0)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("2023-03", "2023-03-14", "unknown"),
        ("2023-03-14", "2023-03", "unknown"),
        ("2023-03", "2023-03", "unknown"),
        ("2023", "2023-12-31", "unknown"),
        ("2023-03", "2023-04-01", "before"),
        ("2022", "2023-01", "before"),
        ("2023-03-31", "2023-04", "before"),
        ("2023-04", "2023-03-31", "after"),
        ("2023-03-14", "2023-03-14", "same_day"),
        ("2023-03-14", "", "unknown"),
        ("", "", "unknown"),
        ("2023-02-30", "2023-05-01", "unknown"),
    ],
)
def test_a_date_is_a_range_of_days_and_orders_only_what_lies_apart(one, two, expected):
    rows = both(printed(("a", one, "t"), ("b", two, "t")))
    ahead, back = rows["a", "b"], rows["b", "a"]
    assert {"before": ahead.before, "after": back.before, "same_day": ahead.same_day, "unknown": ahead.unknown} == {
        name: int(name == expected) for name in ("before", "after", "same_day", "unknown")
    }
    whole = len(one) == len(two) == 10
    assert np.isfinite(ahead.lag_median) == (expected == "before" and whole)


def test_a_source_that_prints_a_text_again_had_it_first_when_it_first_did():
    rows = both(printed(("a", "2023-05-01", "t"), ("a", "2023-01-01", "t"), ("b", "2023-03-01", "t")))
    assert (rows["a", "b"].before, rows["a", "b"].lag_min, rows["b", "a"].before) == (1, 59, 0)


def test_a_printing_without_a_date_may_have_been_the_first():
    """b's dated printing is later, but one without a date may have come before; a's certain one stays before c's."""
    rows = both(
        printed(("a", "2023-05-01", "t"), ("a", "", "t"), ("b", "2023-03-01", "t"), ("c", "2023-06-01", "t")),
    )
    assert (rows["a", "b"].unknown, rows["b", "a"].before) == (1, 0)
    assert (rows["a", "c"].before, rows["a", "c"].lag_median) == (1, pytest.approx(np.nan, nan_ok=True))


def test_of_three_sources_each_pair_is_counted_once_and_one_leads():
    rows = both(
        printed(
            ("a", "2023-01-01", "t"), ("b", "2023-01-02", "t"), ("c", "2023-01-09", "t"),
            ("b", "2023-02-01", "u"), ("c", "2023-02-02", "u"),
            ("b", "2023-03-01", "v"), ("c", "2023-03-05", "v"), ("a", "2023-03-01", "v"),
        )
    )  # fmt: skip
    assert {pair: (r.before, r.led) for pair, r in rows.items()} == {
        ("a", "b"): (1, 1), ("a", "c"): (2, 1), ("b", "a"): (0, 0), ("b", "c"): (3, 1), ("c", "a"): (0, 0), ("c", "b"): (0, 0),
    }  # fmt: skip
    assert rows["a", "b"].same_day == 1


def test_shares_of_what_the_other_prints_as_well():
    """a: three articles of 100, 300 and 600 characters, of which the second is shared; its repeat counts once. Of the second,
    240 characters stand in b."""
    articles = printed(
        ("a", "2023-01-01", "", {"n_chars": 100}),
        ("a", "2023-01-02", "t", {"n_chars": 300, "article_id": "whole"}),
        ("a", "2023-01-03", "", {"n_chars": 600}),
        ("a", "2023-01-04", "t", {"n_chars": 300, "duplicate_of": "whole", "article_id": "again"}),
        ("b", "2023-02-01", "t", {"n_chars": 240, "article_id": "part"}),
    )
    found = pairs(("whole", "part", "repeat", 0.8, 1.0), ("whole", "again", "repeat", 1.0, 1.0))
    row = both(articles, found)["a", "b"]
    assert row.articles_first == pytest.approx(1 / 3)
    assert row.characters_first == pytest.approx(0.3)
    assert row.aligned_first == pytest.approx(0.24)
    assert (row.articles_later, row.characters_later, row.aligned_later) == (1, 1, 1)


def test_a_copy_that_is_paired_with_the_first_of_its_kind_only_is_shared_all_the_same():
    """b's text equals a's, and c's equals both: the table pairs c with a alone."""
    articles = printed(
        ("a", "2023-01-01", "t", {"article_id": "1"}), ("b", "2023-01-02", "t", {"article_id": "2"}),
        ("c", "2023-01-03", "t", {"article_id": "3"}), ("c", "2023-01-03", ""),
    )  # fmt: skip
    row = both(articles, pairs(("1", "2", "repeat", 1.0, 1.0), ("1", "3", "repeat", 1.0, 1.0)))["b", "c"]
    assert (row.aligned_first, row.aligned_later) == (1, 0.5)


def test_variants_and_excerpts_are_no_texts_of_both():
    articles = printed(
        ("a", "2023-01-01", "", {"article_id": "1"}), ("a", "2023-01-02", "", {"article_id": "2"}),
        ("b", "2023-02-01", "", {"article_id": "3"}), ("b", "", "", {"article_id": "4"}),
        ("b", "2023-02-02", "", {"article_id": "5", "duplicate_of": "3"}),
    )  # fmt: skip
    found = pairs(
        ("1", "3", "variant", 0.9, 0.9), ("1", "5", "variant", 0.9, 0.9), ("2", "4", "variant", 0.9, 0.9),
        ("2", "3", "excerpt", 0.1, 0.9), ("1", "2", "variant", 0.9, 0.9), ("1", "gone", "variant", 0.9, 0.9),
    )  # fmt: skip
    rows = both(articles, found)
    ahead, back = rows["a", "b"], rows["b", "a"]
    assert (ahead.texts, ahead.articles_first, ahead.aligned_first) == (0, 0, 0)
    assert (ahead.variants, ahead.variants_any, ahead.excerpts, ahead.excerpts_any) == (1, 2, 1, 1)
    assert (back.variants, back.variants_any, back.excerpts, back.excerpts_any) == (0, 2, 0, 1)


def series(n, first="a", later="b", start="2023-01-01", texts=1):
    """n texts (or more an issue), each in an issue of its own of `first` and, two days later, of `later`."""
    days = pd.date_range(start, periods=n, freq="7D")
    return [
        row
        for i, day in enumerate(days)
        for t in range(texts)
        for row in (
            (first, str(day.date()), f"{start}-{i}-{t}"),
            (later, str((day + pd.Timedelta(days=2)).date()), f"{start}-{i}-{t}"),
        )
    ]


def span(*sources, start="2022-12-01", end="2023-12-31"):
    """Issues at both ends of a period for each source, so that all cover the same."""
    return [(source, day, "") for source in sources for day in (start, end)]


def test_a_sign_test_over_pairs_of_issues():
    """Eight to none: two-sided 2 / 2 ** 8. Seven to one: 2 (1 + 8) / 2 ** 8."""
    rows = both(printed(*span("a", "b"), *series(8)))
    assert rows["a", "b"].p == rows["b", "a"].p == pytest.approx(2 / 2**8)
    assert (rows["a", "b"].issue_pairs, rows["a", "b"].issue_pairs_before, rows["b", "a"].issue_pairs_before) == (
        8,
        8,
        0,
    )
    assert rows["a", "b"].reason == ""
    mixed = both(printed(*span("a", "b"), *series(7), *series(1, "b", "a", start="2023-09-01")))
    assert mixed["a", "b"].p == pytest.approx(18 / 2**8)


def test_texts_that_come_in_one_issue_are_one_case():
    rows = both(printed(*span("a", "b"), *series(1, texts=40)))
    assert (rows["a", "b"].before, rows["a", "b"].issue_pairs) == (40, 1)
    assert np.isnan(rows["a", "b"].p)
    assert read(rows["a", "b"].reason) == [("pairs of issues", {"n": 1, "needed": 6})]


def test_no_issue_is_counted_twice():
    """One issue of a, whose eight texts came in eight issues of b: one case, not eight."""
    made = [row for i in range(8) for row in (("a", "2023-02-01", str(i)), ("b", f"2023-03-{i + 1:02}", str(i)))]
    row = both(printed(*span("a", "b"), *made))["a", "b"]
    assert (row.before, row.issue_pairs) == (8, 1)


def test_who_comes_first_is_not_tested_where_the_periods_decide_it():
    """a ends before b begins: a has every text first whatever it does."""
    made = [row for i in range(9) for row in (("a", f"2020-01-0{i + 1}", str(i)), ("b", f"2023-01-0{i + 1}", str(i)))]
    row = both(printed(*made))["a", "b"]
    assert row.before == 9
    assert np.isnan(row.p)
    assert read(row.reason) == [("periods decide", {})]


def test_texts_from_before_the_shared_period_are_no_cases():
    """a begins a year earlier; what b reprints of that year b could not have had first."""
    old = [row for i in range(8) for row in (("a", f"2021-01-0{i + 1}", f"o{i}"), ("b", f"2023-05-0{i + 1}", f"o{i}"))]
    row = both(printed(*span("b", start="2021-12-01"), ("a", "2023-12-31", ""), *old, *series(6)))["a", "b"]
    assert (row.before, row.issue_pairs) == (14, 6)


def test_p_is_corrected_over_pairs_of_sources():
    rows = both(
        printed(*span("a", "b", "c"), *series(8), *series(6, "a", "c", start="2023-06-01")),
    )
    assert rows["a", "b"].p_holm == rows["b", "a"].p_holm == pytest.approx(2 * 2 / 2**8)
    assert rows["a", "c"].p_holm == pytest.approx(2 / 2**6)
    assert np.isnan(rows["b", "c"].p_holm)


day = st.sampled_from(["", "2023", "2023-03", "2023-03-14", "2023-03-15", "2023-04-02", "2022-12-31", "纪元"])
article = st.tuples(st.sampled_from("abc"), day, st.sampled_from(["", "t", "u", "v"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(article, max_size=14), st.randoms(use_true_random=False))
def test_orders_add_up_mirror_each_other_and_do_not_depend_on_the_order_of_rows(rows, random):
    made = printed(*rows) if rows else printed(("a", "", "")).head(0)
    table = reprinting_table(made, pairs())
    sources = {r[0] for r in rows}
    assert len(table) == len(sources) * (len(sources) - 1)
    found = {(r.first, r.later): r for r in table.itertuples()}
    for (first, later), row in found.items():
        back = found[later, first]
        assert row.before + back.before + row.same_day + row.unknown == row.texts == back.texts
        assert row.led <= row.before
        assert row.articles_first == back.articles_later
        assert 0 <= row.aligned_first <= row.characters_first <= 1
    shuffled = list(range(len(made)))
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(table, reprinting_table(made.iloc[shuffled].reset_index(drop=True), pairs()))


def told(articles, found=None):
    found = pairs() if found is None else found
    about, html, markdown = shown(
        "reprinting", {"reprinting": reprinting_table(articles, found), "articles": articles}, {}
    )
    assert not any(word in page for page in (html, markdown) for word in ("nan", "None"))
    return about, html, markdown


def test_the_report_says_who_was_first_and_where_each_text_stands():
    about, html, markdown = told(
        printed(("newspaper", "2023-07-25", "t"), ("magazine", "2023-08-15", "t"), ("gazette", "2023-01-01", ""))
    )
    assert (
        about["pairs"][0]["sentence"]
        == "newspaper and magazine both print 1 text: newspaper had it first (by 21 days)."
    )
    for page in (html, markdown):
        assert "newspaper and magazine both print 1 text" in page
        assert page.index("标题t") < page.rindex("2023-07-25") < page.rindex("2023-08-15")
    assert "then magazine" in html


def test_the_report_tells_pairs_from_the_source_that_was_first_more_often():
    about, _, _ = told(
        printed(
            ("a", "2023-01-01", "t"), ("b", "2023-01-02", "t"), ("b", "2023-01-02", "u"), ("a", "2023-01-05", "u"),
            ("b", "2023-02-02", "v"), ("a", "2023-02-03", "v"), ("a", "", "w"), ("b", "2023-02-02", "w"),
        )
    )  # fmt: skip
    assert about["pairs"][0]["sentence"] == (
        "b and a both print 4 texts: b had 2 first (by 1 to 3 days, half of them by 2 or less); a had 1 first (by 1 day); "
        "of 1 the dates do not tell which came first."
    )


def test_the_report_shows_a_dozen_texts_those_of_most_sources_first():
    rows = [
        r for i in range(20) for r in (("a", f"2023-01-{i + 1:02}", f"{i:02}"), ("b", f"2023-02-{i + 1:02}", f"{i:02}"))
    ]
    about, html, markdown = told(printed(*rows, *((s, "2023-12-01", "三家") for s in "abc")))
    assert len(about["examples"]) == MOST_EXAMPLES == 12
    assert about["examples"][0]["title"] == "标题三家"
    assert [e["title"] for e in about["examples"][1:3]] == ["标题00", "标题01"]
    assert [w["sign"] for w in about["examples"][0]["where"]] == ["", "same day", "same day"]
    assert about["leaders"] == "One text stands in three sources or more: no source was surely the first with it."
    assert "9 more" in html and "9 more" in markdown


@pytest.mark.parametrize(
    ("articles", "words"),
    [
        (printed(("a", "2023-01-01", "")), "One source"),
        (printed(("a", "2023-01-01", "")).head(0), "One source"),
        (printed(("a", "2023-01-01", ""), ("b", "", "")), "No text was found in more than one source"),
    ],
)
def test_without_reprints_there_is_a_sentence(articles, words):
    _, html, markdown = told(articles)
    assert words in html and words in markdown


def test_hostile_titles_and_names_stay_text():
    bad = "<script>alert(1)</script>"
    _, html, markdown = told(
        printed((bad, "2023-01-01", "t", {"title": bad, "issue": bad}), ("b", "2023-01-02", "t", {"title": "[x](y)|"}))
    )
    assert "<script" not in html and "<script" not in markdown
