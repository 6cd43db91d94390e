"""Which issues are held: rhythms, gaps, shared time, and how alike consecutive issues are."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.coverage import (
    CALENDAR,
    COVERAGE,
    GAPS,
    OVERLAPS,
    calendar,
    coverage_tables,
    gaps_of,
    rhythm_of,
)
from baokan.comparing.dates import days
from baokan.comparing.reasons import read
from baokan.reporting.figures import style
from baokan.reporting.sections.coverage.figure import figure
from baokan.reporting.time_axis import NO_DATES, TimeAxis
from hypothesis import given, settings
from hypothesis import strategies as st


def daily(start, n, skip=(), weekdays=range(7)):
    first = dt.date.fromisoformat(start)
    every = [first + dt.timedelta(i) for i in range(n) if i not in skip]
    return [day.isoformat() for day in every if day.weekday() in weekdays]


def monthly(year, n, skip=()):
    return [f"{year + i // 12}-{i % 12 + 1:02}" for i in range(n) if i not in skip]


def corpus(dates, each=2, **columns):
    """Articles of {(source, publication): dates}, `each` to an issue, whose name is its date or, without one, a number."""
    rows = [
        (source, publication, date or f"no. {i}", date, "")
        for (source, publication), some in dates.items()
        for i, date in enumerate(some)
        for _ in range(each)
    ]
    names = ["source", "publication", "issue", "issue_date", "duplicate_of"]
    return pd.DataFrame(rows, columns=names).assign(**columns)


def spans(dates):
    return [days(date) for date in dates]


def rhythms(row):
    """The rhythms of a source by publication."""
    return {r.values["publication"]: r.values for r in read(row["rhythm"])}


def one(dates, publication=""):
    tables = coverage_tables(corpus({("a", publication): dates}))
    return tables["coverage"].iloc[0], tables["gaps"]


def test_a_missing_number_of_a_monthly_is_a_gap():
    row, gaps = one(monthly(2022, 24, skip=[13]), "月刊")
    assert gaps.drop(columns="reason").values.tolist() == [["a", "月刊", "2023-01", "2023-03", 28, 1]]
    assert (row["rhythm_days"], row["n_gaps"], row["missing"], row["n_issues"]) == (30.5, 1, 1, 23)
    assert (row["first_date"], row["last_date"]) == ("2022-01", "2023-12")


def test_a_late_number_is_none():
    weekly = [dt.date(2023, 1, 2) + dt.timedelta(7 * i + 3 * (i == 5)) for i in range(20)]
    assert one([d.isoformat() for d in weekly])[1].empty
    assert len(one([d.isoformat() for i, d in enumerate(weekly) if i != 9])[1]) == 1


def test_a_paper_without_weekends_has_no_gap_at_weekends():
    dates = daily("2023-01-02", 70, weekdays=range(5))
    row, gaps = one(dates)
    assert gaps.empty and row["missing"] == 0
    assert (rhythms(row)[""]["days"], rhythms(row)[""]["weekdays"]) == (1, 5)
    # The week from 6 to 10 February: five issues, but nine days between the Friday before and the Monday after.
    row, gaps = one([d for d in dates if not "2023-02-06" <= d <= "2023-02-10"])
    assert gaps[["from", "to", "days", "expected"]].values.tolist() == [["2023-02-03", "2023-02-13", 9, 5]]


@pytest.mark.parametrize(("missing", "n_gaps"), [(1, 0), (2, 0), (3, 1), (10, 1)])
def test_single_days_of_a_daily_are_missing_and_three_in_a_row_are_a_gap(missing, n_gaps):
    row, gaps = one(daily("2023-07-01", 31, skip=range(10, 10 + missing)))
    assert len(gaps) == n_gaps == row["n_gaps"]
    assert row["missing"] == missing
    assert ((gaps["days"] == missing) & (gaps["expected"] == missing)).all()


def test_gaps_do_not_move_the_rhythm():
    row, gaps = one(monthly(1950, 240, skip=[*range(20, 60), *range(100, 130), 200]))
    assert rhythms(row)[""]["days"] == 30.5 and rhythms(row)[""]["regular"]
    assert gaps["expected"].tolist() == [40, 30, 1]


def test_several_issues_of_one_month():
    row, _gaps = one([m for m in monthly(2020, 12, skip=[5]) for _ in range(4)])
    assert row["n_issues"] == 11  # the same issue four times is one issue
    articles = corpus({("a", ""): [m for m in monthly(2020, 12, skip=[5]) for _ in range(4)]}, each=1)
    articles["issue"] = [str(i) for i in range(len(articles))]
    tables = coverage_tables(articles)
    row = tables["coverage"].iloc[0]
    assert (row["n_issues"], row["n_shared_dates"]) == (44, 11)
    assert rhythms(row)[""]["per_date"] == 4
    assert tables["gaps"]["expected"].tolist() == [4]


def test_each_publication_of_a_source_has_its_own_rhythm():
    early = [f"2023-{m:02}-01" for m in range(1, 13)]
    late = [f"2023-{m:02}-16" for m in range(1, 13) if m != 7]
    tables = coverage_tables(corpus({("a", "甲"): early, ("a", "乙"): late}))
    row = tables["coverage"].iloc[0]
    assert {name: own["days"] for name, own in rhythms(row).items()} == {"甲": 31, "乙": 31}
    assert row["n_publications"] == 2
    assert tables["gaps"][["publication", "from", "to"]].values.tolist() == [["乙", "2023-06-16", "2023-08-16"]]
    row = coverage_tables(corpus({("a", "甲"): early, ("a", "乙"): daily("2023-01-01", 40)}))["coverage"].iloc[0]
    assert {name: own["days"] for name, own in rhythms(row).items()} == {"甲": 31, "乙": 1}


def test_an_irregular_publication_has_gaps_but_no_number_of_missing_issues():
    steps = [3, 40, 11, 70, 25, 9, 55, 30, 2500, 14, 60, 21]
    dates = [(dt.date(2000, 1, 1) + dt.timedelta(int(d))).isoformat() for d in np.cumsum([0, *steps])]
    row, gaps = one(dates)
    assert not rhythms(row)[""]["regular"]
    assert (len(gaps), row["missing"]) == (1, 0)
    assert np.isnan(gaps["expected"].iloc[0]) and read(gaps["reason"].iloc[0]) == [("irregular", {})]


def test_three_dates_show_no_rhythm():
    row, gaps = one(["2023-01", "2023-02", "2023-12"])
    assert gaps.empty and np.isnan(row["rhythm_days"]) and row["rhythm"] == ""
    assert read(row["reason"]) == [("dates for a rhythm", {"needed": 4})]
    assert rhythm_of(spans(["2023-01", "2023-02", "2023-02"])) is None


def test_calendar_counts_articles_and_repeats():
    articles = corpus({("a", "报"): ["2023-01-05", "2023-01"], ("b", ""): ["1950", "", "no date"]}, each=3)
    articles.loc[[0, 1], "duplicate_of"] = "x"
    table = calendar(articles)
    assert table.columns.tolist() == CALENDAR
    shown = table[["source", "date", "first", "last", "n_articles", "n_repeats"]].values.tolist()
    assert shown == [
        ["a", "2023-01", "2023-01-01", "2023-01-31", 3, 0],
        ["a", "2023-01-05", "2023-01-05", "2023-01-05", 1, 2],
        ["b", "", "", "", 3, 0],
        ["b", "", "", "", 3, 0],
        ["b", "1950", "1950-01-01", "1950-12-31", 3, 0],
    ]


def test_an_issue_is_of_the_earliest_day_of_its_articles():
    articles = corpus({("a", ""): ["2023-01-02"]}, each=3).assign(issue_date=["2023-01-03", "", "2023-01-02"])
    assert calendar(articles)["date"].tolist() == ["2023-01-02"]


def test_what_has_no_date_or_no_issue_is_said():
    articles = corpus({("a", ""): [*monthly(2023, 5), "", ""], ("b", ""): ["", ""]})
    articles.loc[articles["issue"] == "2023-01", "issue"] = ""
    articles = pd.concat([articles, corpus({("c", ""): [""]}).assign(issue="")], ignore_index=True)
    coverage = coverage_tables(articles)["coverage"].set_index("source")
    assert coverage["n_undated"].tolist() == [2, 2, 0]
    assert coverage["n_articles_without_issue"].tolist() == [2, 0, 2]
    assert coverage["n_dated"].tolist() == [4, 0, 0] and coverage["n_issues"].tolist() == [6, 2, 0]


def overlap(a, b, **columns):
    return coverage_tables(corpus({("a", ""): a, ("b", ""): b}, **columns))["overlaps"].iloc[0]


def test_shared_time_by_hand():
    # Half of a's year lies within b's: July to December; b has an issue in 5 of these 6 months and one in 2024.
    row = overlap(monthly(2023, 12), [*(f"2023-{m:02}-15" for m in (7, 8, 9, 11, 12)), "2024-01-15"])
    assert (row["first"], row["last"], row["days"]) == ("2023-07-15", "2023-12-31", 170)
    # The middle of July is the 16th, so July lies within; b's last issue does not.
    assert (row["share_a"], row["share_b"]) == (0.5, pytest.approx(5 / 6))
    assert (row["months_a"], row["months_b"], row["months_both"]) == (12, 6, 5)
    assert row["overlap"] == "no"  # 170 days of 365


def test_sources_of_one_year_overlap_and_others_do_not():
    assert overlap(monthly(2023, 12), daily("2023-01-01", 365))["overlap"] == "yes"
    apart = overlap(monthly(1950, 12), daily("2023-01-01", 30))
    assert (apart["overlap"], apart["days"], apart["share_a"], apart["first"]) == ("no", 0, 0.0, "")
    unknown = overlap(monthly(1950, 12), ["", ""])
    assert unknown["overlap"] == "unknown" and np.isnan(unknown["share_b"])


def test_the_same_issue_under_two_sources():
    both = corpus({("a", "日报"): daily("2023-01-01", 9), ("b", "日报"): daily("2023-01-08", 9)})
    assert coverage_tables(both)["overlaps"]["same_issues"].tolist() == [2]
    # The first number of two years is not one issue, nor are two papers of one day.
    years = corpus({("a", "月刊"): monthly(2022, 2), ("b", "月刊"): monthly(2023, 2)}).assign(issue="第1期")
    assert coverage_tables(years)["overlaps"]["same_issues"].tolist() == [0]
    papers = corpus({("a", "甲报"): daily("2023-01-01", 9), ("b", "乙报"): daily("2023-01-01", 9)})
    assert coverage_tables(papers)["overlaps"]["same_issues"].tolist() == [0]


def test_the_same_texts_under_two_sources_are_the_same_issue():
    articles = corpus({("a", ""): ["2023-01-01", "2023-01-02"], ("b", ""): ["2023-05-01", "2023-05-02"]}, each=4)
    articles["reprint_group"] = ["r1", "r2", "r3", "", "r9", "", "", "", "r1", "r2", "", "", "r9", "", "", ""]
    row = coverage_tables(articles)["overlaps"].iloc[0]
    assert row["same_issues"] == 1


def test_the_order_of_rows_does_not_matter():
    articles = corpus(
        {("a", "甲"): monthly(2020, 30, [7, 8]), ("a", "乙"): daily("2020-01-01", 20), ("b", ""): ["", "1999"]}
    )
    shuffled = articles.sample(frac=1, random_state=1).reset_index(drop=True)
    for table, other in zip(coverage_tables(articles).values(), coverage_tables(shuffled).values(), strict=True):
        pd.testing.assert_frame_equal(table, other)


def test_an_empty_corpus_has_empty_tables():
    tables = coverage_tables(corpus({}))
    wanted = {"calendar": CALENDAR, "coverage": COVERAGE, "gaps": GAPS, "overlaps": OVERLAPS}
    assert {name: table.columns.tolist() for name, table in tables.items()} == wanted
    assert all(table.empty for table in tables.values())


dates_of_any_kind = st.lists(
    st.one_of(
        st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1)).map(lambda d: d.isoformat()),
        st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1)).map(lambda d: d.isoformat()[:7]),
        st.integers(1900, 2030).map(str),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(dates_of_any_kind)
def test_gaps_lie_between_neighbours_and_exceed_the_rhythm(dates):
    some = spans(dates)
    held = sorted(set(some), key=lambda s: (sum(s), s))
    rhythm = rhythm_of(some)
    for before, after, expected in gaps_of(some):
        assert held.index(after) == held.index(before) + 1
        distance = (sum(after) - sum(before)) / 2
        assert distance > 1.75 * rhythm.days or rhythm.dense
        assert expected >= 1 or np.isnan(expected)


# The figure


def drawn(dates):
    tables = coverage_tables(corpus(dates, each=1))
    with style():
        fig = figure(**tables)
        fig.canvas.draw()
    return fig


def test_the_calendar_marks_every_issue_and_shades_gaps():
    fig = drawn({("a", ""): daily("2023-07-01", 20, skip=range(5, 9)), ("b", ""): monthly(2023, 12, skip=[3])})
    ax = fig.axes[0]
    marks = [c for c in ax.collections if len(c.get_segments()) == 1]
    assert len(marks) == 16
    boxes = [p for p in ax.patches if p.get_height() == 0.5]
    shades = [p for p in ax.patches if p.get_height() == 0.62]
    assert (len(boxes), len(shades)) == (11, 2)
    for shade in shades:
        left, right = shade.get_x(), shade.get_x() + shade.get_width()
        row = round(shade.get_y() + 0.31)
        held = [b.get_x() + b.get_width() / 2 for b in boxes if round(b.get_y() + 0.25) == row]
        held += [m.get_segments()[0][0][0] for m in marks if round(m.get_segments()[0].mean(axis=0)[1]) == row]
        assert not any(left < x < right for x in held)


def test_no_dates_are_a_sentence():
    fig = drawn({("a", ""): ["", ""]})
    assert not fig.axes and fig.texts[0].get_text() == NO_DATES


def test_the_axis_is_cut_where_nothing_is_held():
    month, year = spans(daily("1998-01-01", 31)), spans(monthly(2023, 12))
    axis = TimeAxis([*month, *year])
    assert len(axis.pieces) == 2
    places = axis.at(np.array([s[0] for s in [*month, *year]], dtype=float))
    assert (np.diff(places) > 0).all() and places.min() >= 0 and places.max() <= 1
    assert axis.at(month[-1][1] + 1.0) - axis.at(float(month[0][0])) > 0.15
    # Forty years that hold the month are one piece, and so are four issues, far apart as they are.
    assert len(TimeAxis([*month, *spans(monthly(1980, 480))]).pieces) == 1
    assert len(TimeAxis(spans(["2020-05-01", "2021-08-23", "2021-12-10", "2024-08-28"])).pieces) == 1
