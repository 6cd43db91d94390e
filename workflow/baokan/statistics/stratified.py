"""Two groups of issues compared within strata of the issues: difference, error, test by permutation, interval.

difference = sum over g of r(g) (mean_a(g) - mean_b(g)), with r(g) in proportion to n_a n_b / (n_a + n_b) of the stratum, the
least variance where issues vary alike (overlap weights, Li, Morgan & Zaslavsky 2018). Both sides have the same weight within
a stratum. Its squared standard error is the sum of r^2 (s_a^2 / n_a + s_b^2 / n_b), the estimate of Neyman (1923) for a
stratified experiment. Where a side has one issue in a stratum, s^2 is what it has on average within its other strata; if it
has no stratum with two, what both have; and if there are only pairs of one issue each, the standard error is that of the
weighted mean of their differences. With one stratum t is Welch's.

p: two-sided permutation of issues within strata, with that studentised t (`baokan.statistics.permutation`). It is exact if
issues are exchangeable within strata, and near it as numbers grow if only the means are equal (Chung & Romano 2013). Values
that differ by less than 1e-12 within all strata are constant: t = 0, p = 1. The floor of the standard error is that of
`baokan.statistics.welch`. Strata with issues of one side only are left out (`shared_strata` says which).

In all functions x has the shape (n, K), a value for each issue; is_a, shape (n,), is true (1) for the issues of the first
side; stratum, shape (n,), has any labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import special

from baokan.statistics.permutation import Stratum, group_labels, p_values
from baokan.statistics.welch import CONSTANT, FLOOR


def stratified_test(
    x: np.ndarray, is_a: np.ndarray, stratum: np.ndarray, n_resamples: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Two sides compared within strata of their issues: (difference, standard_error, t, p, p_maxt), each of shape (K,).

    The formulas stand in the module's docstring. The order of rows matters to random permutations: sort the issues. p is exact
    when there are no more than ``n_resamples`` ways; p_maxt: single-step max-|T| over the K columns (Westfall & Young 1993).
    Without a shared stratum all five are NaN. Memory is bounded: labels are dealt in batches.
    """
    fitted = _fitted(x, is_a, stratum)
    if fitted is None:
        blank = np.full(np.shape(x)[1], np.nan)
        return blank, blank.copy(), blank.copy(), blank.copy(), blank.copy()
    statistic, scale = fitted
    observed = statistic.design.is_a[None, :].astype(float)
    difference, squared, t = (f(observed)[0] for f in (statistic.difference, statistic.squared_error, statistic))
    cells = 4 * max(len(statistic.z), 4 * len(scale))  # batches small enough for the cache
    labels = group_labels(statistic.design.strata, n_resamples, rng, cells)
    p, p_maxt = p_values(t, labels, statistic)
    error = np.where(scale == 0, 0.0, np.sqrt(squared) * scale)
    return difference * scale, error, t, p, p_maxt


def stratified_interval(
    x: np.ndarray, is_a: np.ndarray, stratum: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (K,) of the difference of `stratified_test`, with the same arguments.

    difference -+ t(f) x standard error, f by Satterthwaite (1946), (sum v)^2 / sum (v^2 / d): v are the parts of the squared
    standard error and d the degrees of freedom of the variance in each. With one stratum it is Welch's interval. NaN
    without a shared stratum.
    """
    fitted = _fitted(x, is_a, stratum)
    if fitted is None:
        return np.full(np.shape(x)[1], np.nan), np.full(np.shape(x)[1], np.nan)
    statistic, scale = fitted
    observed = statistic.design.is_a[None, :].astype(float)
    difference, squared = statistic.difference(observed)[0], statistic.squared_error(observed)[0]
    parts, freedoms = zip(*((part[0], freedom) for part, freedom in statistic.error_parts(observed)), strict=True)
    fourth = sum(part**2 / freedom for part, freedom in zip(parts, freedoms, strict=True))
    overall = np.divide(sum(parts) ** 2, fourth, out=np.ones_like(squared), where=fourth > 1e-200)
    half = special.stdtrit(overall, 0.5 + confidence / 2) * np.sqrt(squared)
    return (difference - half) * scale, (difference + half) * scale


def stratified_difference(x: np.ndarray, is_a: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """The difference of `stratified_test` alone, (K,). All strata are shared."""
    weights = issue_weights(is_a, stratum)
    return (np.where(is_a, weights, -weights)) @ x


def issue_weights(is_a: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Weights (n,) of issues with the sum 1 on each side: r(g) over the side's issues in the stratum. All strata are shared."""
    codes = np.unique(stratum, return_inverse=True)[1]
    n_a, n_b = np.bincount(codes[is_a]), np.bincount(codes[~is_a])
    target = n_a * n_b / (n_a + n_b)
    target /= target.sum()
    return target[codes] / np.where(is_a, n_a[codes], n_b[codes])


def shared_strata(is_a: np.ndarray, stratum: np.ndarray) -> tuple[np.ndarray, int]:
    """(mask of the rows in strata that have both sides, number of strata left out because they have one side only)."""
    is_a = np.asarray(is_a).astype(bool)
    if not len(is_a):
        return np.zeros(0, dtype=bool), 0
    names, codes = np.unique(np.asarray(stratum), return_inverse=True)
    both = (np.bincount(codes[is_a], minlength=len(names)) > 0) & (np.bincount(codes[~is_a], minlength=len(names)) > 0)
    return both[codes], int((~both).sum())


class _Design(NamedTuple):
    """Issues sorted by stratum: which are of the first side; of each stratum its number of issues and of those of the first
    side, its first row, and r(g)."""

    is_a: np.ndarray
    strata: list[Stratum]
    starts: np.ndarray
    target: np.ndarray


def _fitted(x: np.ndarray, is_a: np.ndarray, stratum: np.ndarray) -> tuple[_StratifiedT, np.ndarray] | None:
    """(the statistic of the issues in shared strata, the unit of its values by column, shape (K,), 0 where x is constant
    within strata); None without a shared stratum or a column."""
    x, is_a, stratum = np.asarray(x, dtype=float), np.asarray(is_a).astype(bool), np.asarray(stratum)
    keep = shared_strata(is_a, stratum)[0]
    if not keep.any() or not x.shape[1]:
        return None
    x, is_a, codes = x[keep], is_a[keep], np.unique(stratum[keep], return_inverse=True)[1]
    order = np.argsort(codes, kind="stable")
    x, is_a, codes = x[order], is_a[order], codes[order]
    sizes = np.bincount(codes)
    n_a = np.bincount(codes, is_a, minlength=len(sizes)).astype(int)
    starts = np.cumsum(sizes) - sizes
    target = n_a * (sizes - n_a) / sizes
    centred = x - (np.add.reduceat(x, starts, axis=0) / sizes[:, None])[codes]
    ranges = np.maximum.reduceat(x, starts, axis=0) - np.minimum.reduceat(x, starts, axis=0)
    constant = ranges.max(axis=0) <= CONSTANT
    scale = np.where(constant, 0.0, np.sqrt((centred**2).sum(axis=0) / (len(x) - len(sizes))))
    z = np.where(constant, 0.0, centred / np.where(constant, 1.0, scale))
    strata = list(zip(sizes.tolist(), n_a.tolist(), strict=True))
    return _StratifiedT(_Design(is_a, strata, starts, target / target.sum()), z), scale


class _StratifiedT:
    """The difference of `stratified_test` and its squared standard error, for many labellings at once.

    z: values centred in their stratum, shape (n, K). So the sum of z over the second side of a stratum is that over the first
    with the other sign. labels are 0/1, shape (B, n), with as many ones in each stratum as the first side has issues there.
    """

    def __init__(self, design: _Design, z: np.ndarray) -> None:
        self.design, self.z, self.squares = design, z, z**2
        sizes, n_a = (np.array(column) for column in zip(*design.strata, strict=True))
        self.spans = [slice(start, start + size) for start, size in zip(design.starts, sizes, strict=True)]
        self.counts = np.stack([n_a, sizes - n_a], axis=1)  # shape (G, 2)
        self.spare = (self.counts - 1).sum(axis=0)
        scale = design.target * (1 / self.counts).sum(axis=1)
        self.floor = FLOOR * (design.target * scale).sum()
        self.linear = np.repeat(scale, sizes)[:, None] * z

    def __call__(self, labels: np.ndarray) -> np.ndarray:
        """t, shape (B, K)."""
        return self.difference(labels) / np.sqrt(self.squared_error(labels))

    def difference(self, labels: np.ndarray) -> np.ndarray:
        """The weighted mean of the strata's differences, shape (B, K), in units of z."""
        return labels @ self.linear

    def squared_error(self, labels: np.ndarray) -> np.ndarray:
        """Its squared standard error, shape (B, K), with its floor."""
        return np.maximum(sum(part for part, _ in self.error_parts(labels)), self.floor)

    def error_parts(self, labels: np.ndarray) -> Iterator[tuple[np.ndarray, int]]:
        """The parts that sum to the squared standard error, (B, K) each, and the degrees of freedom of the variance in each."""
        if not self.spare.any():
            yield self._of_pairs(labels), max(len(self.spans) - 1, 1)
            return
        pooled, alone = np.zeros((2, len(labels), self.z.shape[1])), np.zeros(2)
        for r, span, counts in zip(self.design.target, self.spans, self.counts.tolist(), strict=True):
            sums, squares = labels[:, span] @ self.z[span], labels[:, span] @ self.squares[span]
            for side, n in enumerate(counts):
                of_side = squares if side == 0 else self.squares[span].sum(axis=0) - squares
                within = np.maximum(of_side - sums**2 / n, 0.0)
                pooled[side] += within
                if n > 1:
                    yield r**2 / (n * (n - 1)) * within, n - 1
                else:
                    alone[side] += r**2
        # The variance of an issue that is alone on its side of a stratum is that of its side's others, or of all others.
        for side in np.flatnonzero(alone).tolist():
            lenders = [side] if self.spare[side] else [0, 1]
            freedom = int(self.spare[lenders].sum())
            yield alone[side] / freedom * pooled[lenders].sum(axis=0), freedom

    def _of_pairs(self, labels: np.ndarray) -> np.ndarray:
        """The squared standard error where each stratum is one issue a side: that of a weighted mean of differences."""
        mean, squared = self.difference(labels), np.zeros((len(labels), self.z.shape[1]))
        for r, span in zip(self.design.target, self.spans, strict=True):
            squared += (r * (2 * labels[:, span] @ self.z[span] - mean)) ** 2
        pairs = len(self.spans)
        return squared * (pairs / (pairs - 1) if pairs > 1 else 0.0)
