"""How unlike two groups are in something else (standardised differences), and strata in which it can be held equal."""

from __future__ import annotations

from math import inf, nan

import numpy as np


def standardised_difference(
    a: np.ndarray, b: np.ndarray, weights: tuple[np.ndarray, np.ndarray] | None = None
) -> float:
    """(mean_a - mean_b) / sqrt((s_a^2 + s_b^2) / 2) (Austin 2009, Statistics in Medicine 28, section 2.1).

    weights: of a and of b, for the means; the deviations stay those of the plain values, so that before and after weighting
    are on one scale (Stuart 2010). A share (0/1 values) has the variance p (1 - p). 0 where both are constant and equal,
    infinite where they are constant and unlike, NaN where a side is empty.
    """
    if not len(a) or not len(b):
        return nan
    means = (
        (a.mean(), b.mean())
        if weights is None
        else (np.average(a, weights=weights[0]), np.average(b, weights=weights[1]))
    )
    return in_deviations(means[0] - means[1], np.sqrt((a.var() + b.var()) / 2), max(abs(means[0]), abs(means[1])))


def kinds_difference(a: np.ndarray, b: np.ndarray) -> float:
    """Standardised difference of two distributions over kinds: sqrt(d' S^-1 d) (Yang & Dalton 2012, SAS Global Forum 335).

    a, b: how many articles of each kind. d: the difference of the shares; S: the mean of the two multinomial covariance
    matrices. All kinds stay in, so S has no inverse and its generalised one is taken, which gives the same as to leave out
    any one kind. With two kinds it is the absolute `standardised_difference` of a share. Infinite where some set of kinds
    is all of one source and nothing of the other; NaN where a side is empty.
    """
    if not a.sum() or not b.sum():
        return nan
    shares = [side / side.sum() for side in (np.asarray(a, float), np.asarray(b, float))]
    difference = shares[0] - shares[1]
    covariance = sum(np.diag(p) - np.outer(p, p) for p in shares) / 2
    values, vectors = np.linalg.eigh(covariance)
    parts = vectors.T @ difference
    flat = values <= 1e-12
    if (np.abs(parts[flat]) > 1e-9).any():
        return inf
    return float(np.sqrt((parts[~flat] ** 2 / values[~flat]).sum()))


def strata_of(values: np.ndarray, weight: np.ndarray, n: int) -> np.ndarray:
    """Numbers (A,) of the `n` strata between the weighted quantiles of `values`; -1 where a value is not finite.

    Equal values share a stratum, so there may be fewer than n.
    """
    known = np.isfinite(values)
    out = np.full(len(values), -1)
    if not known.any():
        return out
    order = np.argsort(values[known], kind="stable")
    ordered, reached = values[known][order], np.cumsum(weight[known][order])
    cuts = np.arange(1, n) / n * reached[-1]
    edges = np.unique(ordered[np.searchsorted(reached, cuts * (1 - 1e-9))])
    found = np.searchsorted(edges, values[known])
    out[known] = np.unique(found, return_inverse=True)[1]
    return out


def in_deviations(difference: float, deviation: float, size: float) -> float:
    """A difference in standard deviations; 0 or infinite where there is no deviation. size: of the values, for rounding."""
    if deviation > 1e-12 * max(size, 1e-300):
        return float(difference / deviation)
    return 0.0 if abs(difference) <= 1e-9 * size else float(np.copysign(inf, difference))
