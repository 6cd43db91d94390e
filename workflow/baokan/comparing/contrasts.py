"""Contrasts between sources: for each topic and each pair of sources, a difference, its interval and its tests.

The unit is the issue. What is estimated, bounded and tested is one quantity: the difference between two sources in the
mean over their issues of the issue's share of a topic (see `baokan.comparing.shares`).

- t, p and p_maxt: Welch's t by permutation of issues, alone and as the largest of the eligible topics of the pair
  (`baokan.statistics.welch`). lower and upper: Welch's interval.
- autocorrelation_larger: how alike consecutive issues are, the larger of both sides; inflation: the factor by which it widens the
  squared error of the difference (`baokan.statistics.autocorrelation`), in t, p and the interval alike.
- p_holm: Holm (1979) over the eligible pairs of the same topic, applied to p_maxt.
- p_bh: Benjamini & Hochberg (1995) over all eligible topics x pairs, applied to p.
- p_omnibus: per topic, permutation of issues among all sources that stand in an eligible pair of that topic, with the F of
  Welch (1951). With two such sources F = t^2, and the pair's own p is used.

Eligibility, per topic and pair: at least min_issues issues on each side, and at least min_articles expected
articles on the side with fewer articles (the pair's pooled share x the articles of that side). An ineligible row keeps
its means, difference and ratio, which describe; it has no interval, no t and no p.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from baokan.comparing.limits import DEFAULTS, Limits
from baokan.comparing.reasons import Reason, few_issues, reason, stored
from baokan.comparing.series import series_order
from baokan.comparing.shares import checked_shares
from baokan.statistics.autocorrelation import autocorrelation, inflation
from baokan.statistics.permutation import benjamini_hochberg, generator, holm
from baokan.statistics.welch import error_inflation, omnibus_test, permutation_test, welch_interval

COLUMNS = [
    "topic",
    "source_a",
    "source_b",
    "mean_a",
    "mean_b",
    "difference",
    "ratio",
    "lower",
    "upper",
    "autocorrelation_larger",
    "inflation",
    "t",
    "p",
    "p_maxt",
    "p_holm",
    "p_bh",
    "p_omnibus",
    "n_issues_a",
    "n_issues_b",
    "n_articles_a",
    "n_articles_b",
    "expected_articles",
    "eligible",
    "reason",
]
DESCRIBED = ["mean_a", "mean_b", "difference", "ratio", "expected_articles"]
TESTED = ["lower", "upper", "autocorrelation_larger", "inflation", "t", "p", "p_maxt"]
NUMBERS = [*DESCRIBED, *TESTED, "p_holm", "p_bh", "p_omnibus"]


def contrasts(
    issues: pd.DataFrame,
    shares: np.ndarray,
    limits: Limits = DEFAULTS,
    *,
    seed: int,
    described: pd.DataFrame | None = None,
    touched: np.ndarray | None = None,
) -> pd.DataFrame:
    """One row per topic and pair of sources, sorted by topic, source_a, source_b (with source_a < source_b).

    ``issues`` (issue_id, source, n_articles) and ``shares`` (n_issues, n_topics) come from
    `baokan.comparing.shares.issue_shares`; the order of their rows does not matter. ``described`` may be the table of
    `baokan.comparing.shares.source_shares`: its sources with n_issues of 0 get descriptive rows, so that a source
    without issues is refused with a reason rather than missing. ``touched``, shape (n_issues, n_topics), are the articles
    of each issue that count as articles of the topic where they are counted rather than expected of the shares
    (n_articles x share).

    Columns: topic (index), source_a, source_b, mean_a, mean_b, difference (a - b), ratio (a / b, NaN where b is 0),
    lower and upper (of the difference), autocorrelation_larger, inflation, t, p, p_maxt, p_holm, p_bh,
    p_omnibus, n_issues_a, n_issues_b, n_articles_a, n_articles_b, expected_articles, eligible and reason (why a row
    is not eligible, see `baokan.comparing.reasons`, "" where it is). Shares and differences are fractions. How each is
    computed, and what an ineligible row lacks, stands in the module's docstring.

    The result depends on the data and on ``seed`` alone: each pair draws from its own generator, seeded with ``seed``
    and a hash of its names, so that adding a source does not change the permutations of other pairs.

    Raises ValueError for shares that do not fit ``issues``, or an issue_id that occurs twice.
    """
    shares = checked_shares(issues, shares)
    if issues["issue_id"].duplicated().any():
        raise ValueError("an issue_id occurs twice")
    order, starts = series_order(issues)
    shares, labels = shares[order], issues["source"].to_numpy(dtype=str)[order]
    n_articles = issues["n_articles"].to_numpy(dtype=float)[order]
    n_topics = shares.shape[1]
    touched = n_articles[:, None] * shares if touched is None else np.asarray(touched, dtype=float)[order]

    rows = {str(source): np.flatnonzero(labels == source) for source in np.unique(labels)}
    means = {source: shares[own].mean(axis=0) for source, own in rows.items()}
    counts = {source: n_articles[own].sum() for source, own in rows.items()}
    masses = {source: touched[own].sum(axis=0) for source, own in rows.items()}
    for source, part in () if described is None else described[described["n_issues"] == 0].groupby("source"):
        source, part = str(source), part.sort_values("topic")
        if source in rows or len(part) != n_topics:
            raise ValueError(f"described does not fit issues and shares at the source {source!r}")
        rows[source] = np.array([], dtype=int)
        means[source] = part["share"].to_numpy(dtype=float)
        counts[source] = float(part["n_articles"].iloc[0])
        masses[source] = means[source] * counts[source]

    pairs = list(combinations(sorted(rows), 2))
    if not pairs:
        return pd.DataFrame(columns=COLUMNS)
    # A row per topic and a column per pair: read row by row this is the order of the table.
    cells = {name: np.full((n_topics, len(pairs)), np.nan) for name in NUMBERS}
    eligible = np.zeros((n_topics, len(pairs)), dtype=bool)
    for i, (a, b) in enumerate(pairs):
        # Issues without a single article have no share of anything to expect.
        pooled = (masses[a] + masses[b]) / max(counts[a] + counts[b], 1)
        expected = pooled * min(counts[a], counts[b])
        enough = min(len(rows[a]), len(rows[b])) >= limits.min_issues
        fit = limits.enough_articles(expected) & enough
        # A share of next to nothing has no ratio that a float can hold.
        some = means[b] > np.finfo(float).tiny
        ratio = np.divide(means[a], means[b], out=np.full(n_topics, np.nan), where=some)
        described_cells = (means[a], means[b], means[a] - means[b], ratio, expected)
        for name, values in zip(DESCRIBED, described_cells, strict=True):
            cells[name][:, i] = values
        eligible[:, i] = fit
        if fit.any():
            x_a, x_b = shares[rows[a]][:, fit], shares[rows[b]][:, fit]
            n_a, n_b = len(x_a), len(x_b)
            rho = autocorrelation([(x_a, starts[rows[a]]), (x_b, starts[rows[b]])])
            f = inflation(rho[0], n_a), inflation(rho[1], n_b)
            # No difference of shares lies beyond -1 or 1.
            bounds = np.clip(welch_interval(x_a, x_b, limits.confidence, f), -1.0, 1.0)
            tests = permutation_test(np.vstack([x_a, x_b]), n_a, limits.permutations, generator(seed, "pair", a, b), f)
            for name, values in zip(
                TESTED, (*bounds, np.maximum(*rho), error_inflation(x_a, x_b, f), *tests), strict=True
            ):
                cells[name][fit, i] = values
    cells["p_bh"][eligible] = benjamini_hochberg(cells["p"][eligible])
    for topic in np.flatnonzero(eligible.any(axis=1)):
        cells["p_holm"][topic, eligible[topic]] = holm(cells["p_maxt"][topic, eligible[topic]])
    cells["p_omnibus"] = _omnibus(eligible, cells["p"], pairs, shares, starts, rows, limits.permutations, seed)
    sides = [[(source, len(rows[source]), counts[source]) for source in pair] for pair in pairs]
    reasons = [
        ""
        if eligible[k, i]
        else stored(_reason(sides[i], limits.min_issues, cells["expected_articles"][k, i], limits.min_articles))
        for k in range(n_topics)
        for i in range(len(pairs))
    ]
    known: dict[str, np.ndarray | list[str]] = {"topic": np.repeat(np.arange(n_topics), len(pairs))}
    for side, place in (("a", 0), ("b", 1)):
        known[f"source_{side}"] = np.tile(np.array([pair[place] for pair in pairs], dtype=object), n_topics)
        known[f"n_issues_{side}"] = np.tile([side_of[place][1] for side_of in sides], n_topics)
        known[f"n_articles_{side}"] = np.tile([int(side_of[place][2]) for side_of in sides], n_topics)
    known |= {name: values.ravel() for name, values in cells.items()} | {"eligible": eligible.ravel()}
    known |= {"reason": reasons}
    return pd.DataFrame({name: known[name] for name in COLUMNS})


def _omnibus(
    eligible: np.ndarray,
    p: np.ndarray,
    pairs: list[tuple[str, str]],
    shares: np.ndarray,
    starts: np.ndarray,
    rows: dict[str, np.ndarray],
    permutations: int,
    seed: int,
) -> np.ndarray:
    """p of the omnibus test by topic and pair, NaN where not eligible; topics with the same eligible sources share their
    permutations. eligible, p: shape (n_topics, n_pairs)."""
    result = np.full(p.shape, np.nan)
    topics_of: dict[tuple[str, ...], list[int]] = {}
    for topic in np.flatnonzero(eligible.any(axis=1)).tolist():
        sources = tuple(sorted({source for i in np.flatnonzero(eligible[topic]) for source in pairs[i]}))
        if len(sources) == 2:
            result[topic, eligible[topic]] = p[topic, eligible[topic]]
        else:
            topics_of.setdefault(sources, []).append(topic)
    for sources, topics in topics_of.items():
        x = shares[np.concatenate([rows[source] for source in sources])][:, topics]
        sizes = [len(rows[source]) for source in sources]
        rho = autocorrelation([(shares[rows[source]][:, topics], starts[rows[source]]) for source in sources])
        widened = np.stack([inflation(own, n) for own, n in zip(rho, sizes, strict=True)])
        values = omnibus_test(x, sizes, permutations, generator(seed, "omnibus", *sources), widened)
        result[topics] = np.where(eligible[topics], values[:, None], np.nan)
    return result


def _reason(sides: list[tuple[str, int, float]], min_issues: int, expected: float, min_articles: float) -> Reason:
    """Why a topic of a pair is not eligible; ``sides`` holds (source, issues, articles)."""
    if short := few_issues([(source, n) for source, n, _ in sides], min_issues):
        return short[0]
    thin = min(sides, key=lambda side: side[2])[0]
    equal = sides[0][2] == sides[1][2]
    return reason("articles", expected=float(expected), needed=float(min_articles), source="" if equal else thin)
