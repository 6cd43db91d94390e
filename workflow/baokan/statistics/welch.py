"""Differences between groups of issues whose variances differ: Welch's t and F by permutation, and Welch's interval.

- Statistic: Welch's t, (mean_a - mean_b) / sqrt(f_a s_a^2 / n_a + f_b s_b^2 / n_b) (Welch 1938), where f, 1 or more, widens
  the error of a side whose consecutive issues are alike (`baokan.statistics.autocorrelation`); the interval uses the same
  error and the degrees of freedom of Satterthwaite (1946).
- p: two-sided permutation of issues between the two sides with the studentised statistic (Janssen 1997; Chung & Romano
  2013), see `baokan.statistics.permutation`. Permuted issues are in no order, so permuted t has f = 1: where f exceeds 1 in
  the data, p is larger than that of issues without dependence, never smaller.
- Several sides: the F of Welch (1951), by permutation likewise.

Zero variance. Values that differ by less than 1e-12 over all issues count as constant: t = 0 and p = 1. Otherwise the
squared standard error of t has a floor of 1e-8 x (1 / n_a + 1 / n_b) x the variance of all issues, the same for the
data and for each permutation. So two sides that are constant but different have a large finite t, and the
permutations decide; any t with sides less sharply constant than one part in ten thousand is untouched. Such a pair's
interval has no width.

Limits. Studentising makes the test right for unequal variances only as the numbers of issues grow. With few issues on
the side that varies more, against many on the other, p and more so that of the family are too small.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse, special

from baokan.statistics.permutation import Tally, group_labels, orders, p_values

CONSTANT = 1e-12
FLOOR = 1e-8


def welch_interval(
    a: np.ndarray, b: np.ndarray, confidence: float, inflation: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (K,) of mean(a) - mean(b) for issues in rows (n_a, K), (n_b, K).

    inflation: f of each side, (K,), 1 where None. Welch's interval with the degrees of freedom of Satterthwaite (1946),
    (u + v)^2 / (u^2 / (n_a - 1) + v^2 / (n_b - 1)) where u = f_a s_a^2 / n_a and v = f_b s_b^2 / n_b. Where both variances
    are 0 it has no width. Needs two rows on each side.
    """
    difference = a.mean(axis=0) - b.mean(axis=0)
    u, v = a.var(axis=0, ddof=1) / len(a), b.var(axis=0, ddof=1) / len(b)
    if inflation is not None:
        u, v = u * inflation[0], v * inflation[1]
    # Scaling by the larger of the two keeps the fourth powers of tiny deviations from vanishing.
    scale = np.maximum(u, v)
    positive = scale > 0
    safe = np.where(positive, scale, 1.0)
    freedom = ((u + v) / safe) ** 2
    parts = (u / safe) ** 2 / (len(a) - 1) + (v / safe) ** 2 / (len(b) - 1)
    freedom = np.divide(freedom, parts, out=np.ones_like(freedom), where=positive)
    half = special.stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(u + v)
    return difference - half, difference + half


def error_inflation(a: np.ndarray, b: np.ndarray, inflation: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The squared error of the difference of means with f of each side over that without, (K,); rows are issues."""
    u, v = a.var(axis=0, ddof=1) / len(a), b.var(axis=0, ddof=1) / len(b)
    return np.divide(inflation[0] * u + inflation[1] * v, u + v, out=np.ones(a.shape[1]), where=u + v > 0)


def permutation_test(
    x: np.ndarray,
    n_a: int,
    n_resamples: int,
    rng: np.random.Generator,
    inflation: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Welch's t, its permutation p and its max-|T| p, each (K,), for issues ``x`` (n, K).

    inflation: f of each side, (K,), 1 where None. The first ``n_a`` rows are one side, the rest the other; each needs two
    rows or more. Each permutation is used for all columns at once. Exact when comb(n, n_a) <= ``n_resamples``. Memory stays
    bounded: labels are dealt in batches, and sums and sums of squares of each side are products of 0/1 label matrices.
    """
    statistic = WelchT(x)
    observed = statistic((np.arange(len(x)) < n_a)[None, :].astype(float), *([] if inflation is None else inflation))[0]
    return observed, *p_values(observed, group_labels([(len(x), n_a)], n_resamples, rng), statistic)


class WelchT:
    """Welch's t for many labellings of issues at once. x: shape (n, K), NaN where an issue has no value of a column."""

    def __init__(self, x: np.ndarray) -> None:
        here = ~np.isnan(x)
        self.complete, self.n, self.n_columns = bool(here.all()), len(x), x.shape[1]
        z = standardised(x)
        self.moments = np.hstack([z, z * z] if self.complete else [z, z * z, here])
        self.total = self.moments.sum(axis=0)

    def __call__(self, labels: np.ndarray, f_a: np.ndarray | float = 1.0, f_b: np.ndarray | float = 1.0) -> np.ndarray:
        """t, shape (B, K), for 0/1 labels (B, n) with as many ones in each row; 0 where a side has fewer than two values."""
        k = self.n_columns
        of_a = labels @ self.moments
        of_b = self.total - of_a
        n_a: np.ndarray | int = int(labels[0].sum())
        n_b: np.ndarray | int = self.n - n_a
        if not self.complete:
            n_a, n_b = np.maximum(of_a[:, 2 * k :], 1), np.maximum(of_b[:, 2 * k :], 1)
        mean_a, mean_b = of_a[:, :k] / n_a, of_b[:, :k] / n_b
        variance_a = (of_a[:, k : 2 * k] - n_a * mean_a**2) / np.maximum(n_a - 1, 1)
        variance_b = (of_b[:, k : 2 * k] - n_b * mean_b**2) / np.maximum(n_b - 1, 1)
        squared = f_a * np.maximum(variance_a, 0.0) / n_a + f_b * np.maximum(variance_b, 0.0) / n_b
        t = (mean_a - mean_b) / np.sqrt(np.maximum(squared, FLOOR * (1 / n_a + 1 / n_b)))
        return t if self.complete else np.where(np.minimum(n_a, n_b) >= 2, t, 0.0)


def omnibus_test(
    x: np.ndarray,
    sizes: list[int],
    n_resamples: int,
    rng: np.random.Generator,
    inflation: np.ndarray | None = None,
) -> np.ndarray:
    """Permutation p (K,) of Welch's F over G groups, for issues ``x`` (n, K).

    The rows of ``x`` stand group by group; ``sizes`` says how many belong to each (two or more each, n in all);
    ``inflation``, shape (G, K), is f of each, 1 where None. With w_g = n_g / (f_g s_g^2), W = sum w_g and
    m = sum w_g m_g / W, Welch (1951) gives
    F = [sum w_g (m_g - m)^2 / (G - 1)] / [1 + 2 (G - 2) / (G^2 - 1) sum (1 - w_g / W)^2 / (n_g - 1)].
    Variances have a floor of 1e-8 of that of all issues; p = (1 + #{F* >= F}) / (1 + n_resamples).
    """
    n, n_columns = x.shape
    group_sizes = np.asarray(sizes)
    z = standardised(x)
    moments = np.hstack([z, z * z])

    def statistic(order: np.ndarray, inflation: np.ndarray | None = None) -> np.ndarray:
        """F (len(order), K) where row by row ``order`` says which issues stand in the places of the groups."""
        ends = np.tile(group_sizes, len(order)).cumsum()
        places = (np.ones(order.size), order.ravel(), np.concatenate([[0], ends]))
        sums = sparse.csr_array(places, shape=(len(order) * len(sizes), n)) @ moments
        return _welch_f(sums.reshape(len(order), len(sizes), 2 * n_columns), group_sizes, inflation)

    tally = Tally(statistic(np.arange(n)[None, :], inflation)[0])
    for order in orders(n, n_resamples, rng, 2 * n_columns * len(sizes)):
        tally.add(statistic(order))
    return tally.p()[0]


def standardised(x: np.ndarray) -> np.ndarray:
    """``x`` with mean 0 and variance 1 by column, which leaves t and F as they are; constant columns become 0, and NaN too."""
    here = ~np.isnan(x)
    n = np.maximum(here.sum(axis=0), 1)
    low, high = np.where(here, x, np.inf).min(axis=0), np.where(here, x, -np.inf).max(axis=0)
    varied = high - low > CONSTANT
    centred = np.where(here, x - np.where(here, x, 0.0).sum(axis=0) / n, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / np.maximum(n - 1, 1))
    return np.where(varied, centred / np.where(varied, spread, 1.0), 0.0)


def _welch_f(sums: np.ndarray, sizes: np.ndarray, inflation: np.ndarray | None = None) -> np.ndarray:
    """Welch's F (B, K) from sums of z and z^2 (B, G, 2 K)."""
    n_columns, groups = sums.shape[2] // 2, len(sizes)
    size = sizes[None, :, None]
    mean = sums[:, :, :n_columns] / size
    variance = np.maximum((sums[:, :, n_columns:] - size * mean**2) / (size - 1), FLOOR)
    if inflation is not None:
        variance = variance * inflation[None]
    weight = size / variance
    total = weight.sum(axis=1, keepdims=True)
    centre = (weight * mean).sum(axis=1, keepdims=True) / total
    between = (weight * (mean - centre) ** 2).sum(axis=1) / (groups - 1)
    correction = ((1 - weight / total) ** 2 / (size - 1)).sum(axis=1) * 2 * (groups - 2) / (groups**2 - 1)
    return between / (1 + correction)
