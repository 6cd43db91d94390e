"""Shares over time, what is joined to what, and the tests of whether a share is the same throughout."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.coverage import coverage_tables
from baokan.comparing.dates import days, span
from baokan.comparing.limits import Limits
from baokan.comparing.reasons import read, reason, stored
from baokan.comparing.series import series_order
from baokan.comparing.shares import issue_shares, source_shares
from baokan.comparing.timeline import (
    CHANGES,
    TIMELINE,
    changes_table,
    stretches,
    time_tables,
    unit_of,
)
from baokan.reporting.figures import style
from baokan.reporting.sections.timeline.figure import figure, layout, shown_topics
from baokan.reporting.time_axis import NO_DATES
from baokan.statistics.autocorrelation import autocorrelation
from made_series import mixtures, shares_alike
from scipy import stats
from shown_sections import shown
from worded import in_words

SETTINGS = {"permutations": 199, "confidence": 0.95, "weighting": "article", "min_articles": 10}
LIMITS = Limits(**SETTINGS)


def daily(start, n, skip=()):
    first = dt.date.fromisoformat(start)
    return [(first + dt.timedelta(i)).isoformat() for i in range(n) if i not in skip]


def monthly(year, n, skip=()):
    return [f"{year + i // 12}-{i % 12 + 1:02}" for i in range(n) if i not in skip]


def topics_of(n, excluded=()):
    ids = np.arange(1, n + 1)
    return pd.DataFrame({"topic_id": ids, "label": [f"主题{i}" for i in ids], "excluded": [i in excluded for i in ids]})


def corpus(dates, shares, each=5):
    """Articles, `each` to an issue and all alike, of {source: dates}; shares: by source, (n_issues, K)."""
    rows = [
        (s, "", d or f"no. {i}", d, 100, "")
        for s, some in dates.items()
        for i, d in enumerate(some)
        for _ in range(each)
    ]
    names = ["source", "publication", "issue", "issue_date", "n_tokens", "duplicate_of"]
    theta = np.concatenate([np.repeat(shares[s], each, axis=0) for s in dates]) if dates else np.zeros((0, 2))
    return pd.DataFrame(rows, columns=names), theta


def tables_of(dates, shares, each=5, topics=None, seed=1, period="auto", **changed):
    articles, theta = corpus(dates, shares, each)
    topics = topics_of(theta.shape[1]) if topics is None else topics
    return with_shares(
        time_tables(articles, theta, topics, Limits(**SETTINGS | changed), seed, period), articles, theta
    )


def with_shares(tables, articles, theta):
    """`tables` with the shares by source that stand beside them in a run, as far as the part on time reads them."""
    issues, shares = issue_shares(articles, theta, "article")
    return tables | {"shares": source_shares(issues, shares, Limits(min_issues=6)).assign(weighting="article")}


# Shares by period


def test_shares_and_intervals_by_month_agree_with_scipy():
    dates = [f"2023-{m:02}-{d:02}" for m in range(1, 13) for d in (3, 10, 17, 24)]
    shares = mixtures(48, 3)
    line = tables_of({"a": dates}, {"a": shares})["timeline"]
    assert line.columns.tolist() == TIMELINE
    part = line[(line["topic_id"] == 2) & (line["weighting"] == "token")]
    assert part["period"].tolist() == [f"2023-{m:02}" for m in range(1, 13)]
    assert part.iloc[1][["unit", "first", "last"]].tolist() == ["month", "2023-02-01", "2023-02-28"]
    for i, row in enumerate(part.itertuples()):
        own = shares[4 * i : 4 * i + 4, 1]
        lower, upper = stats.t.interval(0.95, 3, own.mean(), stats.sem(own))
        assert (row.share, row.lower, row.upper) == pytest.approx((own.mean(), max(lower, 0), min(upper, 1)))
        assert (row.n_issues, row.n_articles, row.reason) == (4, 20, "")


def test_two_issues_bear_no_interval():
    dates = [f"2023-{m:02}-{d:02}" for m in range(1, 13) for d in ((3, 10, 17, 24) if m > 1 else (3, 10))]
    line = tables_of({"a": dates}, {"a": mixtures(46, 2)})["timeline"]
    january = line[line["period"] == "2023-01"]
    assert january["lower"].isna().all() and january["upper"].isna().all()
    assert set(january["reason"]) == {stored(reason("interval", n=2, needed=3))}
    assert line[line["period"] != "2023-01"]["lower"].notna().all()


def test_each_article_or_each_word_counts_once():
    articles, theta = corpus({"a": ["2023-01-01"]}, {"a": np.array([[1.0, 0.0]])}, each=2)
    theta[1], articles.loc[1, "n_tokens"] = [0.0, 1.0], 300
    line = time_tables(articles, theta, topics_of(2), LIMITS, 1)["timeline"]
    share = line[line["topic_id"] == 1].set_index("weighting")["share"]
    assert share.to_dict() == {"article": 0.5, "token": 0.25}


def test_repeats_are_no_part_of_a_share_but_the_issue_is_held():
    articles, theta = corpus({"a": daily("2023-01-01", 3)}, {"a": mixtures(3, 2)}, each=2)
    articles.loc[4:5, "duplicate_of"] = "another"
    theta[5] = np.nan
    tables = time_tables(articles, theta, topics_of(2), LIMITS, 1)
    assert tables["timeline"]["period"].unique().tolist() == ["2023-01-01", "2023-01-02"]
    assert tables["coverage"]["n_issues"].tolist() == [3]


@pytest.mark.parametrize(
    ("dates", "unit"),
    [
        (monthly(2020, 36), "issue"),
        (daily("2023-01-01", 31), "issue"),
        (daily("2023-01-01", 60), "issue"),  # two months would be two points
        (daily("2023-01-01", 200), "month"),
        (monthly(2020, 60), "quarter"),
        (monthly(1950, 480), "year"),  # 160 quarters would be a thicket
        (daily("1950-01-01", 3650)[::20], "quarter"),  # hardly two a month
        ([str(year) for year in range(1950, 2000)], "issue"),
        ([], "issue"),
    ],
)
def test_the_period_follows_from_the_issues(dates, unit):
    assert unit_of([days(date) for date in dates]) == unit


def test_a_date_that_must_be_one_is_told_when_it_is_none():
    assert span("2023-02") == days("2023-02")
    with pytest.raises(ValueError, match="'unknown' is no date"):
        span("unknown")


def test_a_period_can_be_forced_and_a_wrong_one_is_refused():
    dates = {"a": [*monthly(2020, 24), "2021", "2022"]}
    tables = tables_of(dates, {"a": mixtures(26, 2)}, period="quarter")
    periods = tables["timeline"]["period"].unique().tolist()
    assert periods[0] == "2020-Q1" and periods[-1] == "2021-Q4" and len(periods) == 8
    assert tables["coverage"]["n_unplaced"].tolist() == [2]  # a year is wider than a quarter
    assert tables_of(dates, {"a": mixtures(26, 2)}, period="year")["coverage"]["n_unplaced"].tolist() == [0]
    with pytest.raises(ValueError, match="period must be auto or one of issue, month, quarter, year"):
        tables_of(dates, {"a": mixtures(26, 2)}, period="week")


# What is joined


def spans(dates):
    return [days(date) for date in dates]


def test_issues_are_not_joined_across_a_gap():
    some = spans(monthly(2022, 24, skip=[9, 10]))
    assert stretches(some, some, "issue") == [1] * 9 + [2] * 13


def test_three_issues_are_not_joined_at_all():
    some = spans(["2020", "2021", "2022"])
    assert stretches(some, some, "issue") == [1, 2, 3]


def test_periods_are_not_joined_across_an_empty_one_or_a_gap():
    year = [(dt.date(y, 1, 1).toordinal(), dt.date(y, 12, 31).toordinal()) for y in (2020, 2021, 2023, 2024)]
    months = [*monthly(2020, 24), *monthly(2023, 24)]
    assert stretches(year, spans(months), "year") == [1, 1, 2, 2]
    # December 2023 and January 2024 are missing: both years hold issues, the line between them would cross the gap.
    less = [m for m in months if m not in ("2023-12", "2024-01")]
    assert stretches(year, spans(less), "year") == [1, 1, 2, 3]


def test_a_gap_within_a_period_breaks_nothing():
    year = [(dt.date(y, 1, 1).toordinal(), dt.date(y, 12, 31).toordinal()) for y in (2020, 2021, 2022)]
    assert stretches(year, spans(monthly(2020, 36, skip=[16, 17])), "year") == [1, 1, 1]


# Change


def test_a_planted_step_is_found_and_dated():
    shares = {"paper": mixtures(40, 6, steps=[(2, 24, 40, 3)], shape=60.0), "other": mixtures(40, 6, seed=5)}
    table = tables_of({"paper": daily("2023-01-01", 40), "other": daily("2023-01-01", 40)}, shares)["changes"]
    assert table.columns.tolist() == CHANGES
    table = table[table["weighting"] == "article"].set_index(["source", "topic_id"])
    row = table.loc["paper", 3]
    assert (row["split"], row["n_before"]) == ("2023-01-25", 24)
    assert row["before"] == pytest.approx(shares["paper"][:24, 2].mean())
    assert row["after"] == pytest.approx(shares["paper"][24:, 2].mean())
    assert row["p_corrected"] == pytest.approx(4 / 200) and row["changed"]  # the least of 199 permutations, x 2 x 2
    assert row["step"] and row["n_sources"] == 2
    assert not table.loc["other", "changed"].any()


def test_a_planted_drift_is_no_step():
    x = np.random.default_rng(2).gamma(60.0, size=(60, 6))
    x[:, 0] *= np.linspace(3, 1, 60)
    shares = x / x.sum(axis=1, keepdims=True)
    table = tables_of({"a": daily("2023-01-01", 60)}, {"a": shares})["changes"].iloc[0]
    assert table["trend"] == pytest.approx(stats.spearmanr(np.arange(60), shares[:, 0]).statistic)
    assert table["changed"] and not table["step"]
    assert (table["first"], table["last"], table["n_sources"]) == ("2023-01-01", "2023-03-01", 1)


def test_issues_alike_may_be_all_of_a_change():
    rng = np.random.default_rng(11)
    walk = np.zeros((60, 6))
    for t in range(1, 60):
        walk[t] = 0.8 * walk[t - 1] + rng.standard_normal(6)
    x = np.exp(0.5 * walk)
    table = tables_of({"a": daily("2023-01-01", 60)}, {"a": x / x.sum(axis=1, keepdims=True)})["changes"]
    found = table[table["changed"] & (table["weighting"] == "article")]
    assert len(found) and not found["beyond_neighbours"].any()
    assert (found["autocorrelation_around_split"] > 0.4).all()


def test_issues_alike_make_changes_but_hardly_any_beyond_that():
    rng, counts, n = np.random.default_rng(21), np.zeros(2), 40
    issues = pd.DataFrame({"issue_id": daily("2020-01-01", n), "source": "s", "publication": "", "n_articles": 1000})
    issues["date"] = issues["issue_id"]
    for i in range(120):
        table = changes_table(issues, shares_alike(n, 5, 0.5, rng), Limits(permutations=99), i)
        counts += [table["changed"].any(), table["beyond_neighbours"].any()]
    assert counts[0] / 120 > 0.25
    assert counts[1] / 120 < 0.05 + 0.052


def test_what_is_not_tested_says_why():
    dates = {
        "few": daily("2023-01-01", 9), "same": ["2023"] * 12, "undated": [""] * 12, "fine": daily("2023-01-01", 12),
    }  # fmt: skip
    shares = {s: mixtures(len(d), 4) for s, d in dates.items()}
    shares["fine"][:, 2] = 0.004  # of 60 articles: a quarter of one
    shares["fine"][:, 2] += np.linspace(0, 1e-3, 12)
    shares["fine"][:, 3] = 0.25
    shares["fine"][:, 1] = 1 - shares["fine"][:, [0, 2, 3]].sum(axis=1)
    shares["fine"][:, :2] = np.clip(shares["fine"][:, :2], 0, 1)
    shares["fine"] /= shares["fine"].sum(axis=1, keepdims=True)
    shares["fine"][:, 0] += 0.25 - shares["fine"][:, 3]
    shares["fine"][:, 3] = 0.25
    articles, theta = corpus(dates, shares)
    articles["issue"] = [f"{i // 5}" for i in range(len(articles))]
    table = time_tables(articles, theta, topics_of(4), LIMITS, 1)["changes"]
    table = table[table["weighting"] == "article"].set_index(["source", "topic_id"])
    why = table["reason"].map(read)
    assert why["few", 1] == [("dated issues", {"n": 9, "needed": 10})]
    assert why["undated", 1] == [("dated issues", {"n": 0, "needed": 10})]
    assert why["same", 1] == [("parted", {"needed": 3})]
    assert why["fine", 3] == [("rare", {"expected": pytest.approx(0.27, abs=0.03), "needed": 10})]
    assert why["fine", 4] == [("constant", {})]
    assert (table.loc[[("fine", 1), ("fine", 2)], "reason"] == "").all()
    refused = table[table["reason"] != ""]
    numbers = ["trend", "p_trend", "p_trend_bh", "p_change_maxt", "p_corrected", "p_alike", "before"]
    assert (
        refused[numbers].isna().all().all() and not refused["changed"].any() and not refused["beyond_neighbours"].any()
    )
    assert table.loc[[("fine", 1), ("fine", 2)], numbers].notna().all().all()


def test_excluded_topics_are_described_and_not_tested():
    tables = tables_of({"a": daily("2023-01-01", 12)}, {"a": mixtures(12, 4)}, topics=topics_of(4, excluded=[2]))
    assert sorted(tables["changes"]["topic_id"].unique()) == [1, 3, 4]
    assert sorted(tables["timeline"]["topic_id"].unique()) == [1, 2, 3, 4]
    nothing = tables_of({"a": daily("2023-01-01", 12)}, {"a": mixtures(12, 2)}, topics=topics_of(2, excluded=[1, 2]))
    assert nothing["changes"].empty and nothing["changes"].columns.tolist() == CHANGES


def test_the_correction_counts_tested_sources_and_can_always_be_passed():
    many = {f"s{i:02}": daily("2023-01-01", 24) for i in range(12)}
    shares = {s: mixtures(24, 3, seed=i) for i, s in enumerate(many)}
    shares["s00"] = mixtures(24, 3, steps=[(0, 12, 24, 30)])
    many["few"], shares["few"] = daily("2023-01-01", 3), mixtures(3, 3)
    many["constant"], shares["constant"] = daily("2023-01-01", 24), np.full((24, 3), 1 / 3)
    table = tables_of(many, shares, permutations=19)["changes"]
    row = table[table["source"] == "s00"].iloc[0]
    assert row["p_corrected"] == pytest.approx(min(row["p_trend_maxt"], row["p_change_maxt"]) * 2 * 12)
    assert row["changed"]


def test_the_result_depends_on_the_seed_and_not_on_the_order_of_rows_or_other_sources():
    dates = {"a": daily("2023-01-01", 14), "b": monthly(2020, 50, [7, 8])}
    shares = {s: mixtures(len(d), 4, seed=len(d)) for s, d in dates.items()}
    articles, theta = corpus(dates, shares)
    tables = time_tables(articles, theta, topics_of(4), LIMITS, 7)
    order = np.random.default_rng(0).permutation(len(articles))
    shuffled = time_tables(articles.iloc[order].reset_index(drop=True), theta[order], topics_of(4), LIMITS, 7)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(
            table, shuffled[name], check_exact=name in ("calendar", "coverage", "gaps", "overlaps")
        )
    alone = (articles["source"] == "a").to_numpy()
    single = time_tables(articles[alone].reset_index(drop=True), theta[alone], topics_of(4), LIMITS, 7)["changes"]
    both = tables["changes"][tables["changes"]["source"] == "a"].reset_index(drop=True)
    columns = ["trend", "p_trend", "p_trend_maxt", "p_change", "p_change_maxt", "split"]
    pd.testing.assert_frame_equal(single[columns], both[columns])
    other = time_tables(articles, theta, topics_of(4), LIMITS, 8)["changes"]
    assert not other["p_trend"].equals(tables["changes"]["p_trend"])


ODD = {
    "nothing": {},
    "one issue": {"a": ["2023-01-01"]},
    "no dates": {"a": ["", ""], "b": [""]},
    "one source": {"a": monthly(2020, 50, [7, 8])},
    "apart": {"a": daily("1998-01-01", 31), "b": monthly(1950, 36), "c": [""]},
    "years": {"a": ["1950", "1951", "1953", "1960"], "b": ["1955-06"]},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_corpora_are_told_without_a_gap_in_the_words(name):
    dates = ODD[name]
    tables = tables_of(dates, {s: mixtures(len(d), 2, seed=1) for s, d in dates.items()})
    tables = in_words(tables, topics=topics_of(2))
    calendar, changes = (shown(name, tables, {"compare": SETTINGS}) for name in ("coverage", "timeline"))
    for page in (calendar[1] + changes[1], calendar[2] + changes[2]):
        assert "nan" not in page.lower().replace("unan", "") and "None" not in page
        assert ("No issue has a date" in page) == (not any(d for some in dates.values() for d in some))
        assert ("share no day" in page) == (name in ("apart",)) or name == "years"


def test_the_part_tells_changes_gaps_and_sources_that_share_too_little_time():
    dates = {"a<b>": monthly(1950, 60, skip=[20, 21]), "c": daily("2023-01-01", 40)}
    shares = {"a<b>": mixtures(58, 4), "c": mixtures(40, 4, steps=[(0, 20, 40, 4)])}
    topics = topics_of(4).assign(label=["<script>x</script>", "b", "c", "d"])
    tables = in_words(tables_of(dates, shares, topics=topics), topics=topics)
    calendar, changes = (shown(name, tables, {"compare": SETTINGS}) for name in ("coverage", "timeline"))
    page = calendar[1] + changes[1]
    assert "<script>" not in page and "a<b>" not in page and "&lt;script&gt;" in page
    assert "The sources share too little time to tell source and period apart." in page
    assert "<td>1951-08</td><td>1951-11</td>" in page
    assert "rises from" in page and "around 2023-01-21" in page
    assert changes[0]["units"] == "a<b> by quarter, c issue by issue"
    plain = calendar[2] + changes[2]
    assert "<script>" not in plain and "| 1951-08 | 1951-11 | 61 | 2 |" in plain and "rises from" in plain


def test_the_largest_changes_are_shown_first_then_the_largest_differences():
    shares = {"a": mixtures(40, 8, steps=[(5, 20, 40, 6)]), "b": mixtures(40, 8, steps=[(3, 0, 40, 5)], seed=1)}
    topics = topics_of(8, excluded=[4])
    tables = tables_of({s: daily("2023-01-01", 40) for s in shares}, shares, topics=topics)
    topics_shown = shown_topics(tables["timeline"], tables["changes"], topics, "article")
    assert topics_shown[0] == 6 and len(topics_shown) == 6 and 4 not in topics_shown
    shares["a"] = mixtures(40, 8)
    tables = tables_of({s: daily("2023-01-01", 40) for s in shares}, shares)
    assert not tables["changes"]["changed"].any()
    assert shown_topics(tables["timeline"], tables["changes"], topics_of(8), "article")[0] == 4


def test_sources_that_one_axis_would_squeeze_stand_side_by_side():
    def of(dates):
        return layout(tables_of(dates, {s: mixtures(len(d), 2) for s, d in dates.items()})["timeline"], "article")

    assert of({"a": daily("2023-01-01", 30), "b": monthly(2023, 2)}) == (["a", "b"], False)
    assert of({"a": daily("2023-01-01", 30), "b": monthly(2000, 300)}) == (["a", "b"], True)
    assert of({f"s{i}": daily("2023-01-01", 9 - i) for i in range(8)}) == ([f"s{i}" for i in range(6)], False)
    assert of({"a": [""]}) == ([], False)


@pytest.mark.parametrize("others", [{}, {"b": daily("2023-01-05", 9)}])
def test_no_line_is_drawn_through_a_gap(others):
    dates = {"a": monthly(2020, 24, skip=[9, 10, 11]), **others}
    tables = tables_of(dates, {s: mixtures(len(d), 2) for s, d in dates.items()})
    with style():
        fig = figure(**tables, topics=topics_of(2), weighting="article")
        fig.canvas.draw()
    ax = fig.axes[0]
    dots = np.sort(np.concatenate([line.get_xdata() for line in ax.lines if line.get_marker() == "o"][:1]))
    left, right = dots[8], dots[9]
    joins = [line.get_xdata() for line in ax.lines if line.get_linestyle() == "-" and line.get_marker() == "None"]
    assert any(len(x) == 9 for x in joins) and any(len(x) == 12 for x in joins)
    own = [x for x in joins if len(x) in (9, 12)]
    assert not any(x.min() <= left and x.max() >= right for x in own)


def test_no_dates_are_a_sentence_in_place_of_axes():
    tables = tables_of({"a": [""] * 3}, {"a": mixtures(3, 2)})
    with style():
        fig = figure(**tables, topics=topics_of(2), weighting="article")
    assert not fig.axes and fig.texts[0].get_text() == NO_DATES


def test_the_calendar_shows_the_likeness_that_widens_the_intervals():
    """Two papers in one source, each with issues that are alike: in one sequence by date they would seem to alternate."""
    rng = np.random.default_rng(3)
    walks = np.zeros((40, 2, 3))
    for i in range(1, 40):
        walks[i] = 0.6 * walks[i - 1] + rng.standard_normal((2, 3))
    walks[:, 1] -= 2
    x = np.exp(0.3 * walks.reshape(80, 3))
    dates = {"a": [day for day in daily("2023-01-01", 40) for _ in range(2)], "b": daily("2023-01-01", 4)}
    articles, theta = corpus(dates, {"a": x / x.sum(axis=1, keepdims=True), "b": mixtures(4, 3)})
    articles["publication"] = np.where(np.arange(len(articles)) // 5 % 2 == 0, "早报", "晚报")
    tables = with_shares(time_tables(articles, theta, topics_of(3), LIMITS, 1), articles, theta)
    issues, shares = issue_shares(articles, theta, "article")
    order, starts = series_order(issues[issues["source"] == "a"])
    (used,) = autocorrelation([(shares[(issues["source"] == "a").to_numpy()][order], starts)])
    assert (used > 0.5).all()
    a, b = shown("coverage", in_words(tables, topics=topics_of(3)), {"compare": SETTINGS})[0]["sources"]
    assert a["alike"] == pytest.approx({"mean": used.mean(), "min": used.min(), "max": used.max()})
    assert b["alike"] is None
    assert not any(name.startswith("autocorrelation") for name in tables["coverage"])


def test_without_times_of_their_own_sources_have_no_period_yet():
    dates = {"a": daily("2023-01-01", 40), "b": daily("2023-01-01", 7)}
    articles = corpus(dates, {s: mixtures(len(d), 3) for s, d in dates.items()})[0]
    assert coverage_tables(articles)["coverage"]["period"].eq("").all()
