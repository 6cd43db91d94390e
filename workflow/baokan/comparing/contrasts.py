"""Contrasts between sources: for each topic and each pair of sources, a difference, its interval and its tests.

The unit is the issue. What is estimated, bounded and tested is one quantity: the difference between two sources in the
mean over their issues of the issue's share of a topic (see `baokan.comparing.shares`).

- Statistic: Welch's t, (mean_a - mean_b) / sqrt(s_a^2 / n_a + s_b^2 / n_b) (Welch 1938); the interval uses the degrees
  of freedom of Satterthwaite (1946).
- p: two-sided permutation of issues between the two sources with that studentised statistic (Janssen 1997; Chung &
  Romano 2013). With B random permutations p = (1 + #{|T*| >= |T|}) / (1 + B) (Phipson & Smyth 2010); when there are no
  more than B ways to deal the issues out, all are enumerated and p = #{|T*| >= |T|} / total, the data's own labelling
  among them.
- p_maxt: single-step max-|T| over the eligible topics of the pair, on the same permutations (Westfall & Young 1993).
- p_holm: Holm (1979) over the eligible pairs of the same topic, applied to p_maxt.
- p_bh: Benjamini & Hochberg (1995) over all eligible topics x pairs, applied to p.
- p_omnibus: per topic, permutation of issues among all sources that stand in an eligible pair of that topic, with the F
  of Welch (1951). With two such sources F = t^2, and the pair's own p is used.

Eligibility, per topic and pair: at least ``min_issues`` issues on each side, and at least ``min_articles`` expected
articles on the side with fewer articles (the pair's pooled share x the articles of that side). An ineligible row keeps
its means, difference and ratio, which describe; it has no interval, no t and no p.

Limits. Studentising makes the test right for unequal variances only as the numbers of issues grow. With few issues on
the side that varies more, against many on the other, p and more so p_maxt are too small. The issues are permuted
freely: dependence between consecutive issues is not accounted for.

Zero variance. Shares that differ by less than 1e-12 over all issues of a pair count as constant: t = 0 and p = 1.
Otherwise the squared standard error of t has a floor of 1e-8 x (1 / n_a + 1 / n_b) x the variance of all issues of
the pair, the same for the data and for each permutation. So two sources that are constant but different have a large
finite t, and the permutations decide; any t with sources less sharply constant than one part in ten thousand is
untouched. Such a pair's interval has no width. Permuted |T*| within one part in a million of |T| counts as equal to it,
so that rounding does not decide ties; that can only raise p.
"""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, combinations, islice
from math import comb

import numpy as np
import pandas as pd
from scipy import sparse, stats

from baokan.comparing.shares import check_limits, checked_shares, enough_articles

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
    "reason_zh",
]
_CONSTANT = 1e-12
_FLOOR = 1e-8
_TIE = 1e-6
_BATCH_CELLS = 4_000_000


def contrasts(
    issues: pd.DataFrame,
    shares: np.ndarray,
    *,
    permutations: int = 9999,
    seed: int,
    min_issues: int = 6,
    min_articles: float = 10,
    confidence: float = 0.95,
    described: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per topic and pair of sources, sorted by topic, source_a, source_b (with source_a < source_b).

    ``issues`` (issue_id, source, n_articles) and ``shares`` (n_issues, n_topics) come from
    `baokan.comparing.shares.issue_shares`; the order of their rows does not matter. ``described`` may be the table of
    `baokan.comparing.shares.source_shares`: its sources with n_issues of 0 get descriptive rows, so that a source without issues
    is refused in words rather than missing.

    Columns: topic (index), source_a, source_b, mean_a, mean_b, difference (a - b), ratio (a / b, NaN where b is 0),
    lower and upper (of the difference), t, p, p_maxt, p_holm, p_bh, p_omnibus, n_issues_a, n_issues_b, n_articles_a,
    n_articles_b, expected_articles, eligible, reason and reason_zh (why a row is not eligible, "" where it is). Shares
    and differences are fractions. How each is computed, and what an ineligible row lacks, stands in the module's
    docstring.

    The result depends on the data and on ``seed`` alone: each pair draws from its own generator, seeded with ``seed``
    and a hash of its names, so that adding a source does not change the permutations of other pairs.

    Raises ValueError for permutations below 1, min_issues below 2, a confidence outside (0, 1), shares that do not fit
    ``issues``, or an issue_id that occurs twice.
    """
    check_limits(confidence, min_issues, min_articles)
    if permutations < 1:
        raise ValueError(f"permutations must be at least 1, got {permutations}")
    shares = checked_shares(issues, shares)
    if issues["issue_id"].duplicated().any():
        raise ValueError("an issue_id occurs twice")
    order = np.argsort(issues["issue_id"].to_numpy(dtype=str), kind="stable")
    shares, labels = shares[order], issues["source"].to_numpy(dtype=str)[order]
    n_articles = issues["n_articles"].to_numpy(dtype=float)[order]
    n_topics = shares.shape[1]

    rows = {str(source): np.flatnonzero(labels == source) for source in np.unique(labels)}
    means = {source: shares[own].mean(axis=0) for source, own in rows.items()}
    counts = {source: n_articles[own].sum() for source, own in rows.items()}
    masses = {source: n_articles[own] @ shares[own] for source, own in rows.items()}
    for source, part in () if described is None else described[described["n_issues"] == 0].groupby("source"):
        source, part = str(source), part.sort_values("topic")
        if source in rows or len(part) != n_topics:
            raise ValueError(f"described does not fit issues and shares at the source {source!r}")
        rows[source] = np.array([], dtype=int)
        means[source] = part["share"].to_numpy(dtype=float)
        counts[source] = float(part["n_articles"].iloc[0])
        masses[source] = means[source] * counts[source]

    parts = []
    for a, b in combinations(sorted(rows), 2):
        pooled = (masses[a] + masses[b]) / (counts[a] + counts[b])
        expected = pooled * min(counts[a], counts[b])
        enough = min(len(rows[a]), len(rows[b])) >= min_issues
        eligible = enough_articles(expected, min_articles) & enough
        sides = [(a, len(rows[a]), counts[a]), (b, len(rows[b]), counts[b])]
        reasons = [
            ("", "") if ok else _reasons(sides, min_issues, value, min_articles)
            for ok, value in zip(eligible, expected, strict=True)
        ]
        ratio = np.divide(means[a], means[b], out=np.full(n_topics, np.nan), where=means[b] != 0)
        part = pd.DataFrame(
            {
                "topic": np.arange(n_topics),
                "source_a": a,
                "source_b": b,
                "mean_a": means[a],
                "mean_b": means[b],
                "difference": means[a] - means[b],
                "ratio": ratio,
                **{name: np.full(n_topics, np.nan) for name in ("lower", "upper", "t", "p", "p_maxt")},
                "n_issues_a": len(rows[a]),
                "n_issues_b": len(rows[b]),
                "n_articles_a": int(counts[a]),
                "n_articles_b": int(counts[b]),
                "expected_articles": expected,
                "eligible": eligible,
                "reason": [english for english, _ in reasons],
                "reason_zh": [chinese for _, chinese in reasons],
            }
        )
        if eligible.any():
            x = shares[np.concatenate([rows[a], rows[b]])][:, eligible]
            n_a = len(rows[a])
            part.loc[eligible, ["lower", "upper"]] = np.column_stack(welch_interval(x[:n_a], x[n_a:], confidence))
            t, p, p_maxt = permutation_test(x, n_a, permutations, _generator(seed, "pair", a, b))
            part.loc[eligible, ["t", "p", "p_maxt"]] = np.column_stack([t, p, p_maxt])
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True).sort_values(
        ["topic", "source_a", "source_b"], kind="stable", ignore_index=True
    )
    chosen = table["eligible"].to_numpy()
    table["p_holm"] = np.nan
    table["p_bh"] = np.nan
    table["p_omnibus"] = np.nan
    table.loc[chosen, "p_bh"] = benjamini_hochberg(table.loc[chosen, "p"].to_numpy())
    for own in table[chosen].groupby("topic").groups.values():
        table.loc[own, "p_holm"] = holm(table.loc[own, "p_maxt"].to_numpy())
    for topic, value in _omnibus(table[chosen], shares, rows, permutations, seed).items():
        table.loc[chosen & (table["topic"] == topic).to_numpy(), "p_omnibus"] = value
    return table[COLUMNS]


def welch_interval(a: np.ndarray, b: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (n_topics,) of mean(a) - mean(b) for issues in rows (n_a, n_topics), (n_b, n_topics).

    Welch's interval with the degrees of freedom of Satterthwaite (1946), (u + v)^2 / (u^2 / (n_a - 1) + v^2 / (n_b -
    1)) where u = s_a^2 / n_a and v = s_b^2 / n_b. Where both variances are 0 it has no width. Needs two rows on each
    side.
    """
    difference = a.mean(axis=0) - b.mean(axis=0)
    u, v = a.var(axis=0, ddof=1) / len(a), b.var(axis=0, ddof=1) / len(b)
    # Scaling by the larger of the two keeps the fourth powers of tiny deviations from vanishing.
    scale = np.maximum(u, v)
    positive = scale > 0
    safe = np.where(positive, scale, 1.0)
    freedom = ((u + v) / safe) ** 2
    parts = (u / safe) ** 2 / (len(a) - 1) + (v / safe) ** 2 / (len(b) - 1)
    freedom = np.divide(freedom, parts, out=np.ones_like(freedom), where=positive)
    half = stats.t.ppf(0.5 + confidence / 2, freedom) * np.sqrt(u + v)
    return difference - half, difference + half


def permutation_test(
    x: np.ndarray, n_a: int, permutations: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Welch's t, its permutation p and its max-|T| p, each (n_topics,), for issues ``x`` (n, n_topics).

    The first ``n_a`` rows are one side, the rest the other; each needs two rows or more. Each permutation is used for
    all topics at once. Exact when comb(n, n_a) <= ``permutations``, else ``permutations`` random ones (see the module's
    docstring for the formulas, the floor of the standard error and ties). Memory stays bounded: labels are dealt in
    batches, and sums and sums of squares of each side are products of 0/1 label matrices with x and x^2.
    """
    n = len(x)
    z = _standardised(x)
    moments = np.hstack([z, z * z])
    observed = np.zeros((1, n))
    observed[0, :n_a] = 1.0
    t = _welch_t(observed, moments, n_a)[0]
    limit = np.abs(t) * (1 - _TIE)
    exact = comb(n, n_a) <= permutations
    single = np.zeros(x.shape[1], dtype=np.int64)
    family = np.zeros(x.shape[1], dtype=np.int64)
    total = 0
    for labels in _all_labels(n, n_a) if exact else _random_labels(n, n_a, permutations, rng):
        permuted = np.abs(_welch_t(labels, moments, n_a))
        single += (permuted >= limit).sum(axis=0)
        family += (permuted.max(axis=1)[:, None] >= limit).sum(axis=0)
        total += len(labels)
    if exact:
        return t, np.maximum(single, 1) / total, np.maximum(family, 1) / total
    return t, (1 + single) / (1 + total), (1 + family) / (1 + total)


def omnibus_test(x: np.ndarray, sizes: list[int], permutations: int, rng: np.random.Generator) -> np.ndarray:
    """Permutation p (n_topics,) of Welch's F over several sources, for issues ``x`` (n, n_topics).

    The rows of ``x`` stand source by source; ``sizes`` says how many belong to each (two or more each, n in all).
    With w_g = n_g / s_g^2, W = sum w_g and m = sum w_g m_g / W, Welch (1951) gives
    F = [sum w_g (m_g - m)^2 / (G - 1)] / [1 + 2 (G - 2) / (G^2 - 1) sum (1 - w_g / W)^2 / (n_g - 1)].
    Variances have a floor of 1e-8 of that of all issues; p = (1 + #{F* >= F}) / (1 + permutations).
    """
    n, n_topics = x.shape
    group_sizes = np.asarray(sizes)
    z = _standardised(x)
    moments = np.hstack([z, z * z])

    def statistic(order: np.ndarray) -> np.ndarray:
        """F (len(order), n_topics) where row by row ``order`` says which issues stand in the places of the sources."""
        ends = np.tile(group_sizes, len(order)).cumsum()
        places = (np.ones(order.size), order.ravel(), np.concatenate([[0], ends]))
        sums = sparse.csr_array(places, shape=(len(order) * len(sizes), n)) @ moments
        return _welch_f(sums.reshape(len(order), len(sizes), 2 * n_topics), group_sizes)

    limit = statistic(np.arange(n)[None, :])[0] * (1 - _TIE)
    count = np.zeros(n_topics, dtype=np.int64)
    for size in _batches(permutations, max(n, 2 * n_topics * len(sizes))):
        count += (statistic(rng.random((size, n)).argsort(axis=1)) >= limit).sum(axis=0)
    return (1 + count) / (1 + permutations)


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's (1979) step-down adjusted p-values, in the order given: the running maximum of (m - rank + 1) p."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Step-up adjusted p-values of Benjamini & Hochberg (1995), in the order given: running minimum of m p / rank."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")[::-1]
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def periods_overlap(issues: pd.DataFrame, a: str, b: str) -> bool | None:
    """Whether the periods of the sources ``a`` and ``b`` overlap in at least half of the longer one.

    Of the longer one, because issues are permuted freely over time: a month of one source set against forty years of
    another differs from it in period as well, although the years hold the month.

    A period runs from a source's first dated issue to its last, both days included. Dates are ISO strings, dates or
    timestamps; a month (1950-06) or a year (1950) stands for all its days; anything else counts as missing. None when
    either source has no dated issue.
    """
    periods = []
    for source in (a, b):
        days = [d for d in map(_days, issues.loc[issues["source"] == source, "date"]) if d is not None]
        if not days:
            return None
        periods.append((min(first for first, _ in days), max(last for _, last in days)))
    (start_a, end_a), (start_b, end_b) = periods
    shared = min(end_a, end_b) - max(start_a, start_b) + 1
    return 2 * shared >= max(end_a - start_a, end_b - start_b) + 1


def _days(value: object) -> tuple[int, int] | None:
    """The first and the last day that a date stands for, as numbers, or None."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, date | datetime):
        return value.toordinal(), value.toordinal()
    text = str(value)
    try:
        if re.fullmatch(r"\d{4}", text):
            return date(int(text), 1, 1).toordinal(), date(int(text), 12, 31).toordinal()
        if re.fullmatch(r"\d{4}-\d{2}", text):
            year, month = map(int, text.split("-"))
            return date(year, month, 1).toordinal(), date(year, month, monthrange(year, month)[1]).toordinal()
        day = date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None
    return day, day


def _generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for these names, the same on every machine."""
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])


def _standardised(x: np.ndarray) -> np.ndarray:
    """``x`` with mean 0 and variance 1 by column, which leaves t and F as they are; constant columns become 0."""
    constant = np.ptp(x, axis=0) <= _CONSTANT
    spread = x.std(axis=0, ddof=1)
    return np.where(constant, 0.0, (x - x.mean(axis=0)) / np.where(constant, 1.0, spread))


def _welch_t(labels: np.ndarray, moments: np.ndarray, n_a: int) -> np.ndarray:
    """Welch's t (n_labellings, n_topics); ``labels`` (n_labellings, n) has n_a ones a row, ``moments`` is [z, z^2]."""
    n, n_topics = labels.shape[1], moments.shape[1] // 2
    n_b = n - n_a
    of_a = labels @ moments
    of_b = moments.sum(axis=0) - of_a
    mean_a, mean_b = of_a[:, :n_topics] / n_a, of_b[:, :n_topics] / n_b
    variance_a = (of_a[:, n_topics:] - n_a * mean_a**2) / (n_a - 1)
    variance_b = (of_b[:, n_topics:] - n_b * mean_b**2) / (n_b - 1)
    squared = np.maximum(variance_a, 0.0) / n_a + np.maximum(variance_b, 0.0) / n_b
    return (mean_a - mean_b) / np.sqrt(np.maximum(squared, _FLOOR * (1 / n_a + 1 / n_b)))


def _welch_f(sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Welch's F (n_labellings, n_topics) from sums of z and z^2 (n_labellings, n_sources, 2 n_topics)."""
    n_topics, groups = sums.shape[2] // 2, len(sizes)
    size = sizes[None, :, None]
    mean = sums[:, :, :n_topics] / size
    variance = np.maximum((sums[:, :, n_topics:] - size * mean**2) / (size - 1), _FLOOR)
    weight = size / variance
    total = weight.sum(axis=1, keepdims=True)
    centre = (weight * mean).sum(axis=1, keepdims=True) / total
    between = (weight * (mean - centre) ** 2).sum(axis=1) / (groups - 1)
    correction = ((1 - weight / total) ** 2 / (size - 1)).sum(axis=1) * 2 * (groups - 2) / (groups**2 - 1)
    return between / (1 + correction)


def _batches(total: int, cells_each: int) -> Iterator[int]:
    """Sizes of batches that add up to ``total``, each of a bounded number of cells."""
    size = max(1, _BATCH_CELLS // max(1, cells_each))
    for start in range(0, total, size):
        yield min(size, total - start)


def _labels(picked: np.ndarray, n: int) -> np.ndarray:
    """0/1 labels (len(picked), n) with ones at the picked columns."""
    labels = np.zeros((len(picked), n))
    np.put_along_axis(labels, picked, 1.0, axis=1)
    return labels


def _random_labels(n: int, n_a: int, permutations: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Batches of random labellings; the draws don't depend on the size of a batch."""
    for size in _batches(permutations, n):
        yield _labels(np.argpartition(rng.random((size, n)), n_a - 1, axis=1)[:, :n_a], n)


def _all_labels(n: int, n_a: int) -> Iterator[np.ndarray]:
    """Batches of all comb(n, n_a) labellings."""
    ways = combinations(range(n), n_a)
    for size in _batches(comb(n, n_a), n):
        picked = np.fromiter(chain.from_iterable(islice(ways, size)), dtype=np.intp, count=size * n_a)
        yield _labels(picked.reshape(size, n_a), n)


def _omnibus(
    eligible: pd.DataFrame, shares: np.ndarray, rows: dict[str, np.ndarray], permutations: int, seed: int
) -> dict[int, float]:
    """p of the omnibus test by topic; topics with the same eligible sources share their permutations."""
    result: dict[int, float] = {}
    topics_of: dict[tuple[str, ...], list[int]] = {}
    for topic, part in eligible.groupby("topic"):
        sources = tuple(sorted({*part["source_a"], *part["source_b"]}))
        if len(sources) == 2:
            result[topic] = part["p"].iloc[0]
        else:
            topics_of.setdefault(sources, []).append(topic)
    for sources, topics in topics_of.items():
        x = shares[np.concatenate([rows[source] for source in sources])][:, topics]
        sizes = [len(rows[source]) for source in sources]
        p = omnibus_test(x, sizes, permutations, _generator(seed, "omnibus", *sources))
        result.update(zip(topics, p, strict=True))
    return result


def _reasons(
    sides: list[tuple[str, int, float]], min_issues: int, expected: float, min_articles: float
) -> tuple[str, str]:
    """Why a topic of a pair is not eligible, in English and in Chinese; ``sides`` holds (source, issues, articles)."""
    short = [(source, n) for source, n, _ in sides if n < min_issues]
    if short:
        english = " and ".join(f"{n} issue{'' if n == 1 else 's'} on the side of {source}" for source, n in short)
        chinese = "、".join(f"{source} 一方只有 {n} 期" for source, n in short)
        return f"{english}; {min_issues} are needed", f"{chinese}，至少需要 {min_issues} 期"
    thin = min(sides, key=lambda side: side[2])[0]
    equal = sides[0][2] == sides[1][2]
    where, where_zh = ("either source", "每个来源") if equal else (thin, f" {thin} ")
    needed = f"{min_articles:g}"
    if expected < 1:
        english, chinese = "less than one article of this topic is expected", "不足 1 篇"
    else:
        number = f"{expected:.0f}" if round(expected) < min_articles else f"{np.floor(expected * 10) / 10:.1f}"
        verb = "article of this topic is" if number == "1" else "articles of this topic are"
        english, chinese = f"about {number} {verb} expected", f"约 {number} 篇"
    return f"{english} in {where}; {needed} are needed", f"预计{where_zh}中该主题的文章{chinese}，至少需要 {needed} 篇"
