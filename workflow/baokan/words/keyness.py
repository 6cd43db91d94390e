"""Which words are distinctive of a source, counted over issues.

The estimand is the log-odds ratio of a word between a source and what it is held against. The unit of inference is the
issue: a word that fills one issue is news, not a habit of the source, though a test over tokens (Monroe's z, G2) takes
each occurrence for an independent witness. So the interval is clustered over issues and words are ranked by its bound
nearer to zero. z and G2 are given for reference.

In every function y_a and y_b (shape (V,)) are the occurrences of each of V words on the two sides, n_a and n_b the
running words of the sides. Logarithms are natural, except in the log ratio.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from scipy import sparse, special

from baokan.words.tfidf import canonical

ALL_OTHERS = "all others"
MOST_SOURCES_PAIRED = 4

# The weight of the prior, in running words. It shrinks a log-odds ratio by about PRIOR_WEIGHT over the words of the
# smaller side. `make calibrate` prints what that does to the intervals: up to 2,000 words they cover a planted factor of
# two or five as they should, and with the whole corpus as its own prior hardly ever the factor of five.
PRIOR_WEIGHT = 500.0
# Of a rare word 500 words hold next to nothing, and the variance of a side without it, 1 / alpha, has no limit: a word that
# only one source uses could hardly stand clear of zero. Half an occurrence (Haldane 1955, Gart & Zweifel 1967) bounds it.
LEAST_PRIOR = 0.5

COLUMNS = {
    "source": "str",
    "against": "str",
    "rank": "int64",
    "term": "str",
    "unit": "str",
    "n_a": "int64",
    "n_b": "int64",
    "per_million_a": "float64",
    "per_million_b": "float64",
    "units_a": "int64",
    "units_b": "int64",
    "log_odds": "float64",
    "log_odds_lower": "float64",
    "log_odds_upper": "float64",
    "bound": "float64",
    "z": "float64",
    "log_ratio": "float64",
    "log_ratio_lower": "float64",
    "log_ratio_upper": "float64",
    "g2": "float64",
    "dp": "float64",
    "dp_norm": "float64",
}


def log_odds(
    y_a: np.ndarray,
    n_a: float,
    y_b: np.ndarray,
    n_b: float,
    prior: np.ndarray,
    prior_total: float | np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The log-odds ratio with an informative Dirichlet prior, and its variance over tokens; both of shape (V,).

    prior: alpha_w, shape (V,), in occurrences, added to both sides. prior_total: alpha_0, the sum of the prior; give it
    if the prior also covers words that are not among the V, or differs by word. With alpha for alpha_w,

        delta = ln[(y_a + alpha) / (n_a + alpha_0 - y_a - alpha)] - ln[(y_b + alpha) / (n_b + alpha_0 - y_b - alpha)]
        variance = 1 / (y_a + alpha) + 1 / (y_b + alpha)

    (Monroe, Colaresi & Quinn 2008, "Fightin' Words", Political Analysis 16(4), 372-403, section 3.3 and 3.5). Positive
    where side a has more. A word that is the whole text of both sides has no odds: NaN.
    """
    total = np.sum(prior) if prior_total is None else prior_total
    a, b = y_a + prior, y_b + prior
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(a / (n_a + total - a)) - np.log(b / (n_b + total - b)), 1 / a + 1 / b


def log_ratio(y_a: np.ndarray, n_a: float, y_b: np.ndarray, n_b: float) -> np.ndarray:
    """log2 of (y_a / n_a) / (y_b / n_b), shape (V,): 1 means twice as often, -1 half (Hardie 2014, "Log Ratio").

    A count of zero is replaced by 0.5, so a word absent from both sides compares the sizes only.
    """
    return np.log2(_not_zero(y_a) / n_a) - np.log2(_not_zero(y_b) / n_b)


def g2(y_a: np.ndarray, n_a: float, y_b: np.ndarray, n_b: float) -> np.ndarray:
    """The log-likelihood ratio statistic -2 ln lambda, shape (V,), never negative.

    2 sum O ln(O / E) over the four cells of the table word / other words by side a / side b (Dunning 1993, "Accurate
    methods for the statistics of surprise and coincidence", Computational Linguistics 19(1), 61-74).
    """
    y_a, y_b = np.asarray(y_a, dtype=float), np.asarray(y_b, dtype=float)
    total = np.zeros(np.broadcast(y_a, y_b).shape)
    for cell_a, cell_b in ((y_a, y_b), (n_a - y_a, n_b - y_b)):
        pooled = (cell_a + cell_b) / (n_a + n_b)
        # rel_entr is O ln(O / E), and 0 for an empty cell.
        total += special.rel_entr(cell_a, pooled * n_a) + special.rel_entr(cell_b, pooled * n_b)
    return np.maximum(2 * total, 0.0)


def dp(counts: sparse.csr_matrix, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Deviation of proportions and its normalised form, each of shape (V,): 0 is evenly spread, 1 as clumped as can be.

    counts: sparse, shape (n_parts, V); sizes: running words of each part, shape (n_parts,). With s a part's share of
    the running words and o its share of the word's occurrences, DP = sum |o - s| / 2 (Gries 2008, "Dispersions and
    adjusted frequencies in corpora", IJCL 13(4), 403-437) and DPnorm = DP / (1 - min s) (Lijffijt & Gries 2012, IJCL
    17(1), 147-149). Parts of no words are left out. NaN for an absent word, and DPnorm also with a single part.
    """
    counts = canonical(counts)
    sizes = np.asarray(sizes, dtype=float)
    total = sizes.sum()
    share = sizes / total if total > 0 else sizes
    occurrences = _by_column(counts, counts.data)
    s = np.repeat(share, np.diff(counts.indptr))
    # A part without the word adds s: start from sum s = 1 and correct where the word stands.
    correction = np.abs(counts.data / occurrences[counts.indices] - s) - s
    deviation = np.where(occurrences > 0, np.maximum(1 + _by_column(counts, correction), 0.0) / 2, np.nan)
    smallest = share[share > 0].min(initial=1.0)
    return deviation, deviation / (1 - smallest) if smallest < 1 else np.full_like(deviation, np.nan)


def keyness(
    counts: sparse.csr_matrix,
    sizes: np.ndarray,
    units: pd.DataFrame,
    terms: list[str],
    confidence: float = 0.95,
    prior_weight: float = PRIOR_WEIGHT,
    least: int = 5,
) -> pd.DataFrame:
    """How distinctive each term is of each source: one row per source, against and term, sorted by these and rank.

    counts: sparse occurrences, shape (n_units, n_terms); sizes: running words of each unit, shape (n_units,), the words
    that are not among the terms included. units: one row per unit, with source and kind, "issue" or "article" (for a
    source of too few issues). A unit of no words is left out. Terms that occur fewer than `least` times in all are too.

    Side a is the source. Side b (against) is ALL_OTHERS, the other sources pooled, and with 3 or 4 sources also each
    other source alone. Pooled units are taken as one sample, so how the other sources differ is part of the error.

    - unit: what the interval is clustered over: "issue", "article", or "mixed" where the two sides differ.
    - n_a, n_b: occurrences; per_million_a, per_million_b: per million running words; units_a, units_b: in how many
      units the term stands.
    - log_odds: as `log_odds`. The prior's mean is the term's frequency f in all sources pooled, its weight in running
      words `prior_weight`, and more for a rare term, so that it holds LEAST_PRIOR occurrences:
      alpha_0 = max(prior_weight, LEAST_PRIOR / f), alpha_w = alpha_0 f.
    - log_odds_lower, log_odds_upper: log_odds -+ t x se. A side's variance is the larger of the token one,
      1 / (y + alpha), and the clustered one of a ratio (Cochran 1977, "Sampling Techniques", section 6.3), of the smoothed
      log-odds, for with few occurrences the latter can be far too small. t has the degrees of freedom of Satterthwaite (1946)
      over units. NaN where a side has fewer than two units.
    - bound: the end of the interval nearer to zero; 0 if zero lies inside; NaN without an interval.
    - z: log_odds over its standard error over tokens (Monroe et al.).
    - log_ratio and its interval: as `log_ratio`, in binary logs, with the same rules for the variance.
    - g2: as `g2`, negative where the source has less.
    - dp, dp_norm: as `dp`, within the source, its units as parts.
    - rank: from 1, by bound, then z, both descending, then term; rows without a bound come last.

    With a single source, or none, the table is empty. Raises ValueError for inputs that do not fit together, a
    confidence outside (0, 1), a prior weight below 0 and `least` below 1.
    """
    counts = canonical(counts)
    sizes = np.asarray(sizes, dtype=float)
    if not (counts.shape == (len(sizes), len(terms)) and len(units) == len(sizes)):
        raise ValueError(
            f"counts has the shape {counts.shape}, with {len(sizes)} sizes, {len(units)} units and {len(terms)} terms"
        )
    if (np.asarray(counts.sum(axis=1)).ravel() > sizes).any():
        raise ValueError("a unit has more occurrences of terms than running words")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if prior_weight < 0 or least < 1:
        raise ValueError(f"prior_weight must be at least 0 and least at least 1, got {prior_weight} and {least}")
    kept = np.flatnonzero(_by_column(counts, counts.data) >= least)
    filled = np.flatnonzero(sizes > 0)
    counts, sizes = counts[filled][:, kept], sizes[filled]
    source, kind = units["source"].to_numpy(dtype=object)[filled], units["kind"].to_numpy(dtype=object)[filled]
    names = sorted(set(source))
    if len(names) < 2:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})
    term = pd.Series(terms, dtype="str").iloc[kept]
    alphabetical = np.argsort(np.argsort(np.asarray(term, dtype=object)))
    sides, kinds, spread = {}, {}, {}
    for name in names:
        rows = np.flatnonzero(source == name)
        part = counts[rows]
        sides[name] = _Units.of(part, sizes[rows])
        kinds[name] = set(kind[rows])
        spread[name] = dp(part, sizes[rows])
    whole = _Units.pooled(list(sides.values()))
    frequency = whole.y / whole.n
    prior_total = np.maximum(prior_weight, LEAST_PRIOR / frequency)
    frames = []
    for name in names:
        others = [other for other in names if other != name]
        against = {ALL_OTHERS: others}
        if 2 < len(names) <= MOST_SOURCES_PAIRED:
            against |= {other: [other] for other in others}
        for label, members in against.items():
            unit = set.union(kinds[name], *(kinds[member] for member in members))
            frame = _contrast(
                sides[name],
                _Units.pooled([sides[member] for member in members]),
                prior_total * frequency,
                prior_total,
                confidence,
            )
            frame |= {
                "source": name,
                "against": label,
                "unit": unit.pop() if len(unit) == 1 else "mixed",
                "dp": spread[name][0],
                "dp_norm": spread[name][1],
            }
            order = np.lexsort((alphabetical, -frame["z"], -frame["bound"]))
            frame = pd.DataFrame({"term": term.to_numpy(), **frame}).iloc[order]
            frame["rank"] = np.arange(1, len(order) + 1)
            frames.append(frame[list(COLUMNS)].astype(COLUMNS))
    return pd.concat(frames, ignore_index=True)


@dataclass
class _Units:
    """Sums over the units of one side, from which its frequencies and their clustered variances follow.

    y, cc, cn, present: shape (V,), sums of the count c, of c^2, of c x running words, and of 1 where c > 0.
    n, nn, units: sums of the running words and of their squares, and the number of units.
    """

    y: np.ndarray
    cc: np.ndarray
    cn: np.ndarray
    present: np.ndarray
    n: float
    nn: float
    units: int

    @classmethod
    def of(cls, counts: sparse.csr_matrix, sizes: np.ndarray) -> _Units:
        c = counts.data
        n = np.repeat(sizes, np.diff(counts.indptr))
        y, cc, cn, present = (_by_column(counts, values) for values in (c, c * c, c * n, np.ones_like(c)))
        return cls(y, cc, cn, present, sizes.sum(), sizes @ sizes, len(sizes))

    @classmethod
    def pooled(cls, parts: list[_Units]) -> _Units:
        return cls(*(sum(values) for values in zip(*map(astuple, parts), strict=True)))

    def residual(self) -> np.ndarray:
        """I / (I - 1) sum (c - r n)^2, shape (V,), with r = sum c / sum n: the variance of y around what the running words lead to
        expect. Its root over y is the standard error of ln r, clustered over units (Cochran 1977, section 6.3); too small for a
        word of few occurrences, and 0 when their number follows the sizes of the units exactly."""
        if self.units < 2:
            return np.full(len(self.y), np.nan)
        r = self.y / self.n
        # Expanded, so that units without the word need no room; rounding may leave a little less than zero.
        squares = np.maximum(self.cc - 2 * r * self.cn + r * r * self.nn, 0.0)
        return self.units / (self.units - 1) * squares


def _contrast(a: _Units, b: _Units, prior: np.ndarray, prior_total: np.ndarray, confidence: float) -> dict:
    """The columns of `keyness` that follow from two sides, each of shape (V,)."""
    delta, variance = log_odds(a.y, a.n, b.y, b.n, prior, prior_total)
    ratio = log_ratio(a.y, a.n, b.y, b.n)
    odds_variances, ratio_variances = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        for side in (a, b):
            smoothed, least = side.y + prior, _not_zero(side.y)
            # The derivative of ln[r / (1 - r)] is that of ln r over 1 - r.
            elsewhere = 1 - smoothed / (side.n + prior_total)
            residual = side.residual()
            odds_variances.append(np.maximum(1 / smoothed, residual / (smoothed * elsewhere) ** 2))
            ratio_variances.append(np.maximum(1 / least, residual / least**2))
        half = _half_width(odds_variances[0], odds_variances[1], a.units, b.units, confidence)
        ratio_half = _half_width(ratio_variances[0], ratio_variances[1], a.units, b.units, confidence) / np.log(2)
    lower, upper = delta - half, delta + half
    return {
        "n_a": a.y,
        "n_b": b.y,
        "per_million_a": 1e6 * a.y / a.n,
        "per_million_b": 1e6 * b.y / b.n,
        "units_a": a.present,
        "units_b": b.present,
        "log_odds": delta,
        "log_odds_lower": lower,
        "log_odds_upper": upper,
        # At most one of the two differs from zero, and both are NaN without an interval.
        "bound": np.maximum(lower, 0.0) + np.minimum(upper, 0.0),
        "z": delta / np.sqrt(variance),
        "log_ratio": ratio,
        "log_ratio_lower": ratio - ratio_half,
        "log_ratio_upper": ratio + ratio_half,
        "g2": np.sign(a.y * b.n - b.y * a.n) * g2(a.y, a.n, b.y, b.n),
    }


def _half_width(v_a: np.ndarray, v_b: np.ndarray, units_a: int, units_b: int, confidence: float) -> np.ndarray:
    """t times the standard error of a difference between sides with these variances; NaN where one is."""
    freedom = (v_a + v_b) ** 2 / (v_a**2 / (units_a - 1) + v_b**2 / (units_b - 1))
    return special.stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(v_a + v_b)


def _not_zero(y: np.ndarray) -> np.ndarray:
    """Counts with 0.5 for zero."""
    return np.where(np.asarray(y) > 0, y, 0.5)


def _by_column(counts: sparse.csr_matrix, values: np.ndarray) -> np.ndarray:
    """Sums by column, shape (V,), of values given for the stored cells."""
    return np.bincount(counts.indices, weights=values, minlength=counts.shape[1])
