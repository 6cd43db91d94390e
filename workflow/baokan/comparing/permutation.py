"""Tests and intervals for differences between groups of issues: Welch's t and F by permutation, corrections for many tests.

- Statistic: Welch's t, (mean_a - mean_b) / sqrt(f_a s_a^2 / n_a + f_b s_b^2 / n_b) (Welch 1938), where f, 1 or more, widens
  the error of a side whose consecutive issues are alike (`baokan.comparing.dependence`); the interval uses the same error
  and the degrees of freedom of Satterthwaite (1946).
- p: two-sided permutation of issues between the two sides with the studentised statistic (Janssen 1997; Chung & Romano
  2013). Permuted issues are in no order, so permuted t has f = 1: where f exceeds 1 in the data, p is larger than that of
  issues without dependence, never smaller. With B random permutations p = (1 + #{|T*| >= |T|}) / (1 + B) (Phipson & Smyth
  2010); when there are no more than B ways to deal the issues out, all are enumerated and p = #{|T*| >= |T|} / total, the
  data's own labelling among them.
- Family: single-step max-|T| over topics, on the same permutations (Westfall & Young 1993).
- Several sides: the F of Welch (1951), by permutation likewise.

Zero variance. Shares that differ by less than 1e-12 over all issues count as constant: t = 0 and p = 1. Otherwise the
squared standard error of t has a floor of 1e-8 x (1 / n_a + 1 / n_b) x the variance of all issues, the same for the
data and for each permutation. So two sides that are constant but different have a large finite t, and the
permutations decide; any t with sides less sharply constant than one part in ten thousand is untouched. Such a pair's
interval has no width. Permuted |T*| within one part in a million of |T| counts as equal to it, so that rounding does
not decide ties; that can only raise p.

Limits. Studentising makes the test right for unequal variances only as the numbers of issues grow. With few issues on
the side that varies more, against many on the other, p and more so that of the family are too small.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain, combinations, islice
from math import comb

import numpy as np
from scipy import sparse, special

_CONSTANT = 1e-12
_FLOOR = 1e-8
_TIE = 1e-6
_BATCH_CELLS = 4_000_000


def welch_interval(
    a: np.ndarray, b: np.ndarray, confidence: float, widened: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (n_topics,) of mean(a) - mean(b) for issues in rows (n_a, n_topics), (n_b, n_topics).

    widened: f of each side, (n_topics,), 1 where None. Welch's interval with the degrees of freedom of
    Satterthwaite (1946), (u + v)^2 / (u^2 / (n_a - 1) + v^2 / (n_b - 1)) where u = f_a s_a^2 / n_a and v = f_b s_b^2
    / n_b. Where both variances are 0 it has no width. Needs two rows on each side.
    """
    difference = a.mean(axis=0) - b.mean(axis=0)
    u, v = a.var(axis=0, ddof=1) / len(a), b.var(axis=0, ddof=1) / len(b)
    if widened is not None:
        u, v = u * widened[0], v * widened[1]
    # Scaling by the larger of the two keeps the fourth powers of tiny deviations from vanishing.
    scale = np.maximum(u, v)
    positive = scale > 0
    safe = np.where(positive, scale, 1.0)
    freedom = ((u + v) / safe) ** 2
    parts = (u / safe) ** 2 / (len(a) - 1) + (v / safe) ** 2 / (len(b) - 1)
    freedom = np.divide(freedom, parts, out=np.ones_like(freedom), where=positive)
    half = special.stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(u + v)
    return difference - half, difference + half


def permutation_test(
    x: np.ndarray,
    n_a: int,
    permutations: int,
    rng: np.random.Generator,
    widened: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Welch's t, its permutation p and its max-|T| p, each (n_topics,), for issues ``x`` (n, n_topics).

    widened: f of each side, (n_topics,), 1 where None. The first ``n_a`` rows are one side, the rest the other;
    each needs two rows or more. Each permutation is used for all topics at once. Exact when comb(n, n_a) <=
    ``permutations``, else ``permutations`` random ones (see the module's docstring for the formulas, the floor of the
    standard error and ties). Memory stays bounded: labels are dealt in batches, and sums and sums of squares of each
    side are products of 0/1 label matrices with x and x^2.
    """
    n = len(x)
    z = _standardised(x)
    moments = np.hstack([z, z * z])
    observed = np.zeros((1, n))
    observed[0, :n_a] = 1.0
    t = _welch_t(observed, moments, n_a, *([] if widened is None else widened))[0]
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


def omnibus_test(
    x: np.ndarray,
    sizes: list[int],
    permutations: int,
    rng: np.random.Generator,
    widened: np.ndarray | None = None,
) -> np.ndarray:
    """Permutation p (n_topics,) of Welch's F over several sources, for issues ``x`` (n, n_topics).

    The rows of ``x`` stand source by source; ``sizes`` says how many belong to each (two or more each, n in all);
    ``widened``, shape (n_sources, n_topics), is f of each, 1 where None. With w_g = n_g / (f_g s_g^2), W = sum w_g and
    m = sum w_g m_g / W, Welch (1951) gives
    F = [sum w_g (m_g - m)^2 / (G - 1)] / [1 + 2 (G - 2) / (G^2 - 1) sum (1 - w_g / W)^2 / (n_g - 1)].
    Variances have a floor of 1e-8 of that of all issues; p = (1 + #{F* >= F}) / (1 + permutations).
    """
    n, n_topics = x.shape
    group_sizes = np.asarray(sizes)
    z = _standardised(x)
    moments = np.hstack([z, z * z])

    def statistic(order: np.ndarray, widened: np.ndarray | None = None) -> np.ndarray:
        """F (len(order), n_topics) where row by row ``order`` says which issues stand in the places of the sources."""
        ends = np.tile(group_sizes, len(order)).cumsum()
        places = (np.ones(order.size), order.ravel(), np.concatenate([[0], ends]))
        sums = sparse.csr_array(places, shape=(len(order) * len(sizes), n)) @ moments
        return _welch_f(sums.reshape(len(order), len(sizes), 2 * n_topics), group_sizes, widened)

    limit = statistic(np.arange(n)[None, :], widened)[0] * (1 - _TIE)
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


def generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for these names, the same on every machine."""
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])


def _standardised(x: np.ndarray) -> np.ndarray:
    """``x`` with mean 0 and variance 1 by column, which leaves t and F as they are; constant columns become 0."""
    constant = np.ptp(x, axis=0) <= _CONSTANT
    spread = x.std(axis=0, ddof=1)
    return np.where(constant, 0.0, (x - x.mean(axis=0)) / np.where(constant, 1.0, spread))


def _welch_t(
    labels: np.ndarray, moments: np.ndarray, n_a: int, f_a: np.ndarray | float = 1.0, f_b: np.ndarray | float = 1.0
) -> np.ndarray:
    """Welch's t (n_labellings, n_topics); ``labels`` (n_labellings, n) has n_a ones a row, ``moments`` is [z, z^2]."""
    n, n_topics = labels.shape[1], moments.shape[1] // 2
    n_b = n - n_a
    of_a = labels @ moments
    of_b = moments.sum(axis=0) - of_a
    mean_a, mean_b = of_a[:, :n_topics] / n_a, of_b[:, :n_topics] / n_b
    variance_a = (of_a[:, n_topics:] - n_a * mean_a**2) / (n_a - 1)
    variance_b = (of_b[:, n_topics:] - n_b * mean_b**2) / (n_b - 1)
    squared = f_a * np.maximum(variance_a, 0.0) / n_a + f_b * np.maximum(variance_b, 0.0) / n_b
    return (mean_a - mean_b) / np.sqrt(np.maximum(squared, _FLOOR * (1 / n_a + 1 / n_b)))


def _welch_f(sums: np.ndarray, sizes: np.ndarray, widened: np.ndarray | None = None) -> np.ndarray:
    """Welch's F (n_labellings, n_topics) from sums of z and z^2 (n_labellings, n_sources, 2 n_topics)."""
    n_topics, groups = sums.shape[2] // 2, len(sizes)
    size = sizes[None, :, None]
    mean = sums[:, :, :n_topics] / size
    variance = np.maximum((sums[:, :, n_topics:] - size * mean**2) / (size - 1), _FLOOR)
    if widened is not None:
        variance = variance * widened[None]
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
