"""Shares of topics over time in each source, and tests of whether a topic's share is the same throughout.

Shares by period are means over the issues of the period of the issue's share (see `baokan.comparing.shares`), with a t interval
over issues where there are INTERVAL_ISSUES or more. Nothing is drawn or computed across gaps: the column `stretch` numbers
the runs of periods that follow each other without one (`baokan.comparing.coverage.gaps_of`, all publications of a source
together).

Change, for each source with TESTED_ISSUES dated issues or more and each topic of which min_articles articles or more are
expected in it (mean share x articles: the share of a rarer topic moves with the length of articles rather than with what they
are about); the unit is the issue. Two statistics:

- trend: Spearman's rho between the dates of the issues and their shares, ties at their mean rank;
- level: the largest standardised difference of level over all splits of the issues in time, max_j |S_j| / sqrt(j (n - j) / n),
  S_j the sum of the first j standardised shares, with SIDE_ISSUES issues or more on each side and no split within one date.
  The sum of squares is the same in every order, so this is a monotone function of the largest two-sample t with pooled
  variance (Hawkins 1977; Csorgo & Horvath 1997, section 2.1), and studentising it further would change no p-value.

Both are tested by permuting the issues of the source over their dates, p = (1 + #{T* >= T}) / (1 + B) (Phipson & Smyth 2010).
The null hypothesis is that the issues are exchangeable: any order of them is as likely as any other. That is more than "the
mean is constant". A trend, a step and a burst violate it, and so do issues that merely resemble their neighbours
(autocorrelation), or issues that grow longer and hence less variable. A small p says "not in any order", not which of these.

Corrections: p_*_maxt is the single-step max-T of Westfall & Young (1993) over the topics of a source, on the same permutations;
p_*_bh is that of Benjamini & Hochberg (1995) over all topics and sources of a weighting; p_corrected, on which the sentences
rest, is the smaller of the two max-T p-values x 2 tests x the number of sources tested (Bonferroni), at most 1.

Neighbours alike: p_alike is p_corrected with both statistics of a topic divided by sqrt(f), f the factor by which a series of
the first order, AR(1), widens the variance of a mean (`baokan.statistics.autocorrelation.inflation`). Both statistics are linear in
the shares or their ranks, so that their variance grows by about f too. The lag-1 correlation comes of what is left of the
shares once the means before and after the largest change are taken off, lest a step hide itself; it is shrunk towards that of
all topics (`baokan.statistics.autocorrelation`), and (1 + 3 r) / n is added for the second mean (Marriott & Pope 1954;
the first is seen to there). A change that p_alike does not find may be no more than issues that resemble their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from baokan.comparing.coverage import coverage_tables, gaps_of
from baokan.comparing.dates import UNITS, days, iso, period_name, period_of
from baokan.comparing.limits import ALPHA, WEIGHTINGS, Limits
from baokan.comparing.reasons import reason, stored
from baokan.comparing.series import series_order
from baokan.comparing.shares import issue_shares
from baokan.corpus.originals import originals
from baokan.statistics.autocorrelation import around_split, inflation
from baokan.statistics.change_points import SIDE_ISSUES, admissible, largest_change, order_tests
from baokan.statistics.permutation import benjamini_hochberg, generator
from baokan.statistics.welch import CONSTANT

PERIODS = ("issue", *UNITS)
FEW_ISSUES = 40  # a source with no more dated issues is shown issue by issue
INTERVAL_ISSUES = 3
LEAST_PERIODS, MOST_PERIODS = 4, 60  # fewer points are no line, more are a thicket
TESTED_ISSUES = 10
MOST_CELLS, LEAST_PERMUTATIONS = 200_000_000, 1999

TIMELINE = [
    "source", "topic_id", "weighting", "unit", "period", "first", "last", "share", "lower", "upper", "n_issues",
    "n_articles", "stretch", "reason",
]  # fmt: skip
CHANGES = [
    "source", "topic_id", "weighting", "n_issues", "first", "last", "trend", "p_trend", "p_trend_maxt", "p_trend_bh",
    "split", "n_before", "before", "after", "explained", "p_change", "p_change_maxt", "p_change_bh", "p_corrected", "changed",
    "autocorrelation_around_split", "p_alike", "beyond_neighbours", "n_sources", "step", "reason",
]  # fmt: skip
_TESTED = (
    "trend", "explained", "p_trend", "p_trend_maxt", "p_change", "p_change_maxt", "p_alike",
    "autocorrelation_around_split", "before", "after", "n_before",
)  # fmt: skip


def time_tables(
    articles: pd.DataFrame, theta: np.ndarray, topics: pd.DataFrame, limits: Limits, seed: int, period: str = "auto"
) -> dict[str, pd.DataFrame]:
    """The tables calendar, coverage, gaps, overlaps (`baokan.comparing.coverage`), timeline and changes.

    articles: source, publication, issue, issue_date, n_tokens, duplicate_of, reprint_group (not its text); theta: shape (A, K),
    their mixtures of the topics; topics: K rows of topic_id, label, excluded. period: "auto" or one of PERIODS. Repeats are no
    part of shares. Topics that the user excluded are described and not tested.

    timeline, a row per source, topic, weighting and period: unit (one of PERIODS), period (an issue's date, 2023-06, 2023-Q2,
    2023), its first and last day, share, lower and upper (fractions; NaN with the reason), n_issues, n_articles, stretch.
    changes, a row per source, topic and weighting, is described at `changes_table`.

    Raises ValueError for an unknown period, and as `issue_shares` does.
    """
    theta = np.asarray(theta, dtype=float)
    tables = coverage_tables(articles)
    own = originals(articles)
    present = articles[own].reset_index(drop=True)
    lines: list[pd.DataFrame] = []
    tests: list[pd.DataFrame] = []
    kept = np.flatnonzero(~topics["excluded"].to_numpy(bool))
    for weighting in WEIGHTINGS:
        issues, shares = issue_shares(present, theta[own], weighting)
        dates = {s: [d for d in map(days, part["date"]) if d is not None] for s, part in issues.groupby("source")}
        units = {source: unit_of(spans, period) for source, spans in dates.items()}
        line = timeline_table(issues, shares, units, limits.confidence)
        test = changes_table(
            issues,
            shares[:, kept],
            limits,
            seed,
        )
        for table, ids, into in ((line, np.arange(len(topics)), lines), (test, kept, tests)):
            numbers = topics["topic_id"].to_numpy()[ids][table["topic"].to_numpy(int)]
            into.append(table.drop(columns="topic").assign(topic_id=numbers, weighting=weighting))
        if weighting == limits.weighting:
            coverage = tables["coverage"]
            coverage["period"] = coverage["source"].map(units).fillna("").astype(str)
            lost = {s: sum(_period(span, units[s]) is None for span in spans) for s, spans in dates.items()}
            coverage["n_unplaced"] = coverage["source"].map(lost).fillna(0).astype(int)
    tables["timeline"] = pd.concat(lines, ignore_index=True)[TIMELINE]
    tables["changes"] = pd.concat(tests, ignore_index=True)[CHANGES]
    return tables


def unit_of(spans: Sequence[tuple[int, int]], wanted: str = "auto") -> str:
    """The period, one of PERIODS, by which a source with issues of these dates (first day, last day) is shown.

    auto: single issues if there are no more than FEW_ISSUES; else the finest of month, quarter and year into which most
    issues can be placed, of which there are LEAST_PERIODS or more but no more than MOST_PERIODS (years may be more), and of
    which most hold INTERVAL_ISSUES issues; else single issues.
    """
    if wanted in PERIODS:
        return wanted
    if wanted != "auto":
        raise ValueError(f"period must be auto or one of {', '.join(PERIODS)}; got {wanted!r}")
    if len(spans) <= FEW_ISSUES:
        return "issue"
    for unit in UNITS:
        keys = [key for key in (period_of(span, unit) for span in spans) if key is not None]
        counts = pd.Series(keys, dtype=object).value_counts().to_numpy()
        number = len(counts) >= LEAST_PERIODS and (len(counts) <= MOST_PERIODS or unit == "year")
        if number and 2 * len(keys) > len(spans) and 2 * (counts >= INTERVAL_ISSUES).sum() > len(counts):
            return unit
    return "issue"


def timeline_table(issues: pd.DataFrame, shares: np.ndarray, units: dict[str, str], confidence: float) -> pd.DataFrame:
    """Shares by period, a row per source, topic (index) and period: TIMELINE without topic_id and weighting, with topic.

    issues, shares: of `issue_shares`; units: by source, of `unit_of`. Issues of one date are one "period" where the unit is the
    issue. An issue whose date is wider than the period (a year, by months) is left out. Intervals: mean -+ t(n - 1) s / sqrt(n)
    (Student 1908), clipped to [0, 1].
    """
    parts = []
    n_topics = shares.shape[1]
    for source, rows in sorted(issues.groupby("source", sort=True).indices.items()):
        unit = units[source]
        spans = [days(value) for value in issues["date"].to_numpy()[rows]]
        keys = [None if span is None else _period(span, unit) for span in spans]
        period_of = {i: key for i, key in enumerate(keys) if key is not None}
        if not period_of:
            continue
        placed = list(period_of)
        periods = sorted(set(period_of.values()), key=lambda p: (p[0] + p[1], p))
        codes = {period: number for number, period in enumerate(periods)}
        code = np.array([codes[period] for period in period_of.values()])
        x, n = shares[rows[placed]], np.bincount(code, minlength=len(periods))
        mean = np.stack([np.bincount(code, column, len(periods)) for column in x.T], axis=1) / n[:, None]
        squares = np.stack([np.bincount(code, column, len(periods)) for column in ((x - mean[code]) ** 2).T], axis=1)
        enough = n >= INTERVAL_ISSUES
        freedom = np.where(enough, n - 1, 1)
        half = special.stdtrit(freedom, 0.5 + confidence / 2) / np.sqrt(freedom * n)
        half = np.where(enough[:, None], half[:, None] * np.sqrt(squares), np.nan)
        articles = np.bincount(code, issues["n_articles"].to_numpy(float)[rows[placed]], len(periods)).astype(int)
        stretch = stretches(
            periods, [s for s, key in zip(spans, keys, strict=True) if s is not None and key is not None], unit
        )
        frame = pd.DataFrame(
            {
                "source": source,
                "topic": np.tile(np.arange(n_topics), len(periods)),
                "unit": unit,
                "period": np.repeat([period_name(period, unit) for period in periods], n_topics),
                "first": np.repeat([iso(first) for first, _ in periods], n_topics),
                "last": np.repeat([iso(last) for _, last in periods], n_topics),
                "share": mean.ravel(),
                "lower": np.clip(mean - half, 0, 1).ravel(),
                "upper": np.clip(mean + half, 0, 1).ravel(),
                "n_issues": np.repeat(n, n_topics),
                "n_articles": np.repeat(articles, n_topics),
                "stretch": np.repeat(stretch, n_topics),
                "reason": np.repeat([_no_interval(int(count)) for count in n], n_topics),
            }
        )
        order = np.argsort(frame["topic"].to_numpy(), kind="stable")
        parts.append(frame.iloc[order])
    columns = [*(c for c in TIMELINE if c not in ("topic_id", "weighting")), "topic"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def stretches(periods: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]], unit: str) -> list[int]:
    """For each period, in the order of time, the number of its stretch, from 1: a run that neither an empty period nor a gap
    of the source breaks.

    periods: (first day, last day); spans: dates of all issues in them. Where there are too few dates to see a rhythm, no
    single issue is joined to another.
    """
    known = len(set(spans)) > 3
    gaps = [(before[1], after[0]) for before, after, _ in gaps_of(spans)]
    ordered = sorted(set(spans), key=lambda s: (s[0] + s[1], s))
    number, result = 1, []
    for i, period in enumerate(periods):
        if i:
            previous = periods[i - 1]
            if unit == "issue":
                broken = not known or any(start >= previous[1] and end <= period[0] for start, end in gaps)
            else:
                last = max(s[1] for s in ordered if s[0] >= previous[0] and s[1] <= previous[1])
                broken = period[0] != previous[1] + 1 or any(start == last for start, _ in gaps)
            number += broken
        result.append(number)
    return result


def changes_table(
    issues: pd.DataFrame,
    shares: np.ndarray,
    limits: Limits,
    seed: int,
) -> pd.DataFrame:
    """Whether topics keep their share in a source: a row per source and topic, CHANGES without topic_id and weighting, but topic.

    issues, shares (n_issues, n_topics): of `issue_shares`, in any order. Columns: n_issues (dated
    ones), first and last (dates of the first and the last of them), trend (Spearman's rho), split (date of the first issue
    after the largest change of level), n_before (issues before it), before and after (mean shares on its sides), explained
    (the share of the variance between issues that lies between these two means), the p-values and
    autocorrelation_around_split (see the module's docstring), changed (p_corrected is ALPHA or less) and beyond_neighbours
    (p_alike is), n_sources (tested ones, for which p is corrected), step (see `_is_step`), reason (why it is not tested, else
    ""; see `baokan.comparing.reasons`). What is not tested has NaN and a reason. Of the permutations asked for, a long series
    gets as many as MOST_CELLS shares allow, but LEAST_PERMUTATIONS; and in any case 80 are made for each source that can be
    tested, so that the correction can be passed.
    """
    sources = sorted(issues["source"].unique())
    plans = {source: _plan(issues, source) for source in sources}
    n_planned = sum(not refusal for _, _, refusal in plans.values())
    parts = []
    n_topics = shares.shape[1]
    blank = np.full(n_topics, np.nan)
    for source in sources:
        rows, middle, refusal = plans[source]
        values = {name: blank.copy() for name in _TESTED}
        split, reasons = np.full(n_topics, "", dtype=object), np.full(n_topics, refusal, dtype=object)
        dates = issues["date"].to_numpy(dtype=str)[rows]
        if not refusal:
            x = shares[rows]
            constant = np.ptp(x, axis=0) <= CONSTANT
            reasons[constant] = stored(reason("constant"))
            expected = x.mean(axis=0) * issues["n_articles"].to_numpy(float)[rows].sum()
            rare = ~constant & ~limits.enough_articles(expected)
            for k in np.flatnonzero(rare):
                reasons[k] = stored(reason("rare", expected=expected[k], needed=float(limits.min_articles)))
            varied = np.flatnonzero(~constant & ~rare)
            if len(varied):
                alike = around_split(
                    x[:, varied], largest_change(x[:, varied], middle), *series_order(issues.iloc[rows])
                )
                values["autocorrelation_around_split"][varied] = alike
                rng = generator(seed, "changes", source)
                most = max(LEAST_PERMUTATIONS, MOST_CELLS // (len(rows) * len(varied)))
                number = max(min(limits.permutations, most), 80 * n_planned)
                found, at = order_tests(x[:, varied], middle, number, rng, inflation(alike, len(rows)))
                for name, column in found.items():
                    values[name][varied] = column
                split[varied] = dates[at]
                values["n_before"][varied] = at
                values["before"][varied] = [x[:j, k].mean() for j, k in zip(at, varied, strict=True)]
                values["after"][varied] = [x[j:, k].mean() for j, k in zip(at, varied, strict=True)]
        parts.append(
            pd.DataFrame(
                {
                    "source": source, "topic": np.arange(n_topics), "n_issues": len(rows),
                    "first": dates[0] if len(dates) else "", "last": dates[-1] if len(dates) else "",
                    **values, "split": split, "reason": reasons,
                }
            )
        )  # fmt: skip
    columns = [*(c for c in CHANGES if c not in ("topic_id", "weighting")), "topic"]
    if not parts or not n_topics:
        return pd.DataFrame(columns=columns)
    table = pd.concat(parts, ignore_index=True)
    done = table["p_trend"].notna()
    n_sources = table.loc[done, "source"].nunique()
    for name in ("trend", "change"):
        table[f"p_{name}_bh"] = np.nan
        table.loc[done, f"p_{name}_bh"] = benjamini_hochberg(table.loc[done, f"p_{name}"].to_numpy())
    smaller = table[["p_trend_maxt", "p_change_maxt"]].min(axis=1)
    table["p_corrected"] = np.minimum(1.0, smaller * 2 * n_sources)
    table["changed"] = table["p_corrected"] <= ALPHA
    table["p_alike"] = np.minimum(1.0, table["p_alike"] * 2 * n_sources)
    table["beyond_neighbours"] = table["p_alike"] <= ALPHA
    table["n_sources"] = n_sources
    table["step"] = [_is_step(row) for row in table.to_dict("records")]
    return table[columns]


def _is_step(row: dict) -> bool:
    """Whether a row that changed is told as a change of level rather than as a drift: the test that is passed says so, and
    where both are, the one that describes the issues better (a step explains three quarters of the variance of a straight
    line, and a line three quarters of a step in the middle)."""
    passed = [min(1.0, row[f"p_{name}_maxt"] * 2 * row["n_sources"]) <= ALPHA for name in ("change", "trend")]
    return passed[0] and (not passed[1] or row["explained"] >= row["trend"] ** 2)


def _plan(issues: pd.DataFrame, source: str) -> tuple[np.ndarray, np.ndarray, str]:
    """Rows of the dated issues of a source in the order of time, their dates as numbers, and why they are not tested."""
    rows = np.flatnonzero(issues["source"].to_numpy() == source)
    spans = [days(value) for value in issues["date"].to_numpy()[rows]]
    dated = np.array([s is not None for s in spans], dtype=bool)
    rows = rows[dated]
    middle = np.array([(s[0] + s[1]) / 2 for s in spans if s is not None])
    order = np.lexsort((issues["issue_id"].to_numpy(dtype=str)[rows], middle))
    rows, middle = rows[order], middle[order]
    if len(rows) < TESTED_ISSUES:
        return rows, middle, stored(reason("dated issues", n=len(rows), needed=TESTED_ISSUES))
    if not len(admissible(middle)):
        return rows, middle, stored(reason("parted", needed=SIDE_ISSUES))
    return rows, middle, ""


def _period(span: tuple[int, int], unit: str) -> tuple[int, int] | None:
    """The period that holds an issue's date: where the unit is the issue, the date itself."""
    return span if unit == "issue" else period_of(span, unit)


def _no_interval(n: int) -> str:
    """Why a period of `n` issues has no interval; "" where it has one."""
    return "" if n >= INTERVAL_ISSUES else stored(reason("interval", n=n, needed=INTERVAL_ISSUES))
