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
the first order, AR(1), widens the variance of a mean (`baokan.comparing.dependence.inflation`). Both statistics are linear in
the shares or their ranks, so that their variance grows by about f too. The lag-1 correlation comes of what is left of the
shares once the means before and after the largest change are taken off, lest a step hide itself; it is shrunk towards that of
all topics (`baokan.comparing.dependence.autocorrelation`), and (1 + 3 r) / n is added for the second mean (Marriott & Pope 1954;
the first is seen to there). A change that p_alike does not find may be no more than issues that resemble their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from scipy import special

from baokan.comparing.coverage import coverage_tables, gaps_of
from baokan.comparing.dates import days
from baokan.comparing.dependence import LARGEST, autocorrelation, inflation, series_order
from baokan.comparing.permutation import benjamini_hochberg, generator
from baokan.comparing.reasons import reason, stored
from baokan.comparing.shares import WEIGHTINGS, enough_articles, issue_shares

PERIODS = ("issue", "month", "quarter", "year")
FEW_ISSUES = 40  # a source with no more dated issues is shown issue by issue
INTERVAL_ISSUES = 3
LEAST_PERIODS, MOST_PERIODS = 4, 60  # fewer points are no line, more are a thicket
TESTED_ISSUES, SIDE_ISSUES = 10, 3
ALPHA = 0.05
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
_TIE = 1e-9
_CONSTANT = 1e-12
_BATCH_CELLS = 2_000_000


def time_tables(
    articles: pd.DataFrame, theta: np.ndarray, topics: pd.DataFrame, settings: dict, seed: int
) -> dict[str, pd.DataFrame]:
    """The tables calendar, coverage, gaps, overlaps (`baokan.comparing.coverage`), timeline and changes.

    articles: source, publication, issue, issue_date, n_tokens, duplicate_of, reprint_group (not its text); theta: shape (A, K),
    their mixtures of the topics; topics: K rows of topic_id, label, excluded. settings: `compare` of the configuration
    (permutations, confidence, weighting, min_articles), and, if it is there, period: "auto" or one of PERIODS. Repeats are
    no part of shares. Topics that the user excluded are described and not tested.

    timeline, a row per source, topic, weighting and period: unit (one of PERIODS), period (an issue's date, 2023-06, 2023-Q2,
    2023), its first and last day, share, lower and upper (fractions; NaN with the reason), n_issues, n_articles, stretch.
    changes, a row per source, topic and weighting, is described at `changes_table`.

    Raises ValueError for an unknown period, and as `issue_shares` does.
    """
    theta = np.asarray(theta, dtype=float)
    tables = coverage_tables(articles)
    own = np.ones(len(articles), dtype=bool)
    if "duplicate_of" in articles:
        own = (articles["duplicate_of"].fillna("") == "").to_numpy()
    present = articles[own].reset_index(drop=True)
    present = present.assign(date=present["issue_date"])
    lines: list[pd.DataFrame] = []
    tests: list[pd.DataFrame] = []
    kept = np.flatnonzero(~topics["excluded"].to_numpy(bool))
    for weighting in WEIGHTINGS:
        issues, shares = issue_shares(present, theta[own], weighting)
        dates = {s: [d for d in map(days, part["date"]) if d is not None] for s, part in issues.groupby("source")}
        units = {source: unit_of(spans, settings.get("period", "auto")) for source, spans in dates.items()}
        line = timeline_table(issues, shares, units, settings["confidence"])
        test = changes_table(
            issues,
            shares[:, kept],
            settings["permutations"],
            seed,
            settings["min_articles"],
        )
        for table, ids, into in ((line, np.arange(len(topics)), lines), (test, kept, tests)):
            numbers = topics["topic_id"].to_numpy()[ids][table["topic"].to_numpy(int)]
            into.append(table.drop(columns="topic").assign(topic_id=numbers, weighting=weighting))
        if weighting == settings["weighting"]:
            coverage = tables["coverage"]
            coverage["period"] = coverage["source"].map(units).fillna("").astype(str)
            lost = {s: sum(_key(span, units[s]) is None for span in spans) for s, spans in dates.items()}
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
    for unit in PERIODS[1:]:
        keys = [key for key in (_key(span, unit) for span in spans) if key is not None]
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
        keys = [None if span is None else _key(span, unit) for span in spans]
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
                "period": np.repeat([_name(period, unit) for period in periods], n_topics),
                "first": np.repeat([_iso(first) for first, _ in periods], n_topics),
                "last": np.repeat([_iso(last) for _, last in periods], n_topics),
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
    permutations: int,
    seed: int,
    min_articles: float = 5,
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
            constant = np.ptp(x, axis=0) <= _CONSTANT
            reasons[constant] = stored(reason("constant"))
            expected = x.mean(axis=0) * issues["n_articles"].to_numpy(float)[rows].sum()
            rare = ~constant & ~enough_articles(expected, min_articles)
            for k in np.flatnonzero(rare):
                reasons[k] = stored(reason("rare", expected=expected[k], needed=float(min_articles)))
            varied = np.flatnonzero(~constant & ~rare)
            if len(varied):
                alike = _alike(x[:, varied], largest_change(x[:, varied], middle), *series_order(issues.iloc[rows]))
                values["autocorrelation_around_split"][varied] = alike
                rng = generator(seed, "changes", source)
                most = max(LEAST_PERMUTATIONS, MOST_CELLS // (len(rows) * len(varied)))
                number = max(min(permutations, most), 80 * n_planned)
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


def order_tests(
    x: np.ndarray, middle: np.ndarray, permutations: int, rng: np.random.Generator, widened: np.ndarray | float = 1.0
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Trend and change of level of issues in the order of time; none of the columns may be constant.

    x: shape (n, n_topics), rows by date; middle: shape (n,), the dates as numbers, not falling. Returns arrays (n_topics,)
    trend, explained, p_trend, p_trend_maxt, p_change, p_change_maxt (see `changes_table`) and p_alike (the smaller of the
    two max-T p-values with the observed statistics divided by the root of `widened`, 1 or more, (n_topics,)), and the
    number of issues before the largest change of level (the first one among equals). All topics share their permutations.
    Raises ValueError where no split is admissible.
    """
    n, n_topics = x.shape
    splits = admissible(middle)
    if not len(splits):
        raise ValueError("the dates allow no split")
    times = pd.Series(middle).rank().to_numpy(copy=True)
    times = (times - times.mean()) / np.sqrt(((times - times.mean()) ** 2).sum())
    ranks = pd.DataFrame(x).rank().to_numpy(copy=True)
    ranks -= ranks.mean(axis=0)
    ranks /= np.sqrt((ranks**2).sum(axis=0))
    # A row for each topic: issues next to each other in memory, for the sums over them.
    z = np.ascontiguousarray(((x - x.mean(axis=0)) / x.std(axis=0)).T)
    scale = 1 / np.sqrt(splits * (n - splits) / n)
    # A slice is not copied; where dates are shared, some places are left out.
    places = slice(splits[0] - 1, splits[-1]) if len(splits) == splits[-1] - splits[0] + 1 else splits - 1

    def level(order: np.ndarray) -> np.ndarray:
        """Standardised differences (len(order), n_splits, n_topics) are too many at once: their maxima (len(order), n_topics)."""
        found = np.empty((len(order), n_topics))
        for k in range(n_topics):
            sums = np.cumsum(z[k][order], axis=1)[:, places]
            np.abs(sums, out=sums)
            sums *= scale
            found[:, k] = sums.max(axis=1)
        return found

    def rho(order: np.ndarray) -> np.ndarray:
        dealt = np.empty(order.shape)
        np.put_along_axis(dealt, order, np.broadcast_to(times, order.shape), axis=1)
        return dealt @ ranks

    own = np.arange(n)[None, :]
    trend, largest = np.clip(rho(own)[0], -1.0, 1.0), level(own)[0]
    at = largest_change(x, middle)
    limits = np.abs(trend) * (1 - _TIE) - 1e-12, largest * (1 - _TIE)
    narrow = 1 / np.sqrt(np.maximum(widened, 1.0))
    counts = np.zeros((6, n_topics), dtype=np.int64)
    size = max(1, _BATCH_CELLS // n)
    for start in range(0, permutations, size):
        order = rng.random((min(size, permutations - start), n)).argsort(axis=1)
        for i, permuted in enumerate((np.abs(rho(order)), level(order))):
            largest_of_all = permuted.max(axis=1)[:, None]
            counts[3 * i] += (permuted >= limits[i]).sum(axis=0)
            counts[3 * i + 1] += (largest_of_all >= limits[i]).sum(axis=0)
            counts[3 * i + 2] += (largest_of_all >= limits[i] * narrow).sum(axis=0)
    p = (1 + counts) / (1 + permutations)
    names = ("p_trend", "p_trend_maxt", "p_change", "p_change_maxt")
    found = {"trend": trend, "explained": largest**2 / n, "p_alike": np.minimum(p[2], p[5])}
    return found | dict(zip(names, p[[0, 1, 3, 4]], strict=True)), at


def largest_change(x: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Number of issues before the largest standardised change of level, (n_topics,), the first one among equals; x and middle
    as in `order_tests`."""
    n, splits = len(x), admissible(middle)
    sums = np.cumsum((x - x.mean(axis=0)) / x.std(axis=0), axis=0)[splits - 1]
    each = np.abs(sums) / np.sqrt(splits * (n - splits) / n)[:, None]
    return splits[(each >= each.max(axis=0) * (1 - _TIE)).argmax(axis=0)]


def _alike(x: np.ndarray, at: np.ndarray, order: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Lag-1 correlation (n_topics,) of consecutive issues, beside the change of level after `at` issues; between 0 and LARGEST.

    x: (n, n_topics) in the order of time; order, starts: of `baokan.comparing.dependence.series_order` for these rows.
    """
    later = np.arange(len(x))[:, None] >= at
    before = np.where(later, 0, x).sum(axis=0) / at
    after = np.where(later, x, 0).sum(axis=0) / (len(x) - at)
    r = autocorrelation([((x - np.where(later, after, before))[order], starts)])[0]
    return np.clip(r + (1 + 3 * r) / len(x), 0.0, LARGEST)


def admissible(middle: np.ndarray) -> np.ndarray:
    """Numbers of issues before a split, where SIDE_ISSUES or more stand on each side and the split parts two dates."""
    j = np.arange(SIDE_ISSUES, len(middle) - SIDE_ISSUES + 1)
    return j[middle[j - 1] < middle[j]] if len(j) else j


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


def _key(span: tuple[int, int], unit: str) -> tuple[int, int] | None:
    """The first and the last day of the period that holds an issue's date; None where the date is wider than a period."""
    if unit == "issue":
        return span
    first, last = date.fromordinal(span[0]), date.fromordinal(span[1])
    width = {"month": 1, "quarter": 3, "year": 12}[unit]
    month = (first.month - 1) // width * width + 1
    start = date(first.year, month, 1)
    following = (start.year + 1, 1) if month + width > 12 else (start.year, month + width)
    end = date.max.toordinal() if following[0] > date.max.year else date(*following, 1).toordinal() - 1
    return (start.toordinal(), end) if last.toordinal() <= end else None


def _name(period: tuple[int, int], unit: str) -> str:
    """2023-06-13, 2023-06, 2023-Q2 or 2023."""
    first = date.fromordinal(period[0])
    if unit == "quarter":
        return f"{first.year:04}-Q{(first.month + 2) // 3}"
    width = period[1] - period[0] + 1
    text = first.isoformat()
    return text if width == 1 else text[:7] if width <= 31 else text[:4]


def _no_interval(n: int) -> str:
    """Why a period of `n` issues has no interval; "" where it has one."""
    return "" if n >= INTERVAL_ISSUES else stored(reason("interval", n=n, needed=INTERVAL_ISSUES))


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
