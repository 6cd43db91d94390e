"""How alike consecutive issues of a source are, and by how much that widens the error of its mean.

Issues that follow each other resemble each other: a campaign runs for weeks. n such issues say less than n that have
nothing to do with each other, and a permutation, which treats them as exchangeable, finds differences where there are
none. So the standard error of each side is widened as if its issues were a series of the first order (AR(1)):

- the lag-1 correlation r of consecutive issues of a publication, by topic, with the bias that comes of estimating the mean
  removed: rho = (r + 1 / n) / (1 - 3 / n) (Kendall 1954; Marriott & Pope 1954, Biometrika 41);
- one series of some tens of issues says little of its rho, all topics and the sources that are compared say more together:
  a topic's rho is shrunk towards the mean over topics by the part of its variance that is no noise (noise: 1 / n, over
  (1 - 3 / n)^2 for the correction; Efron & Morris 1975; PRIOR topics of noise alone are added, lest three topics that
  differ by chance pass for different), never set below that mean, and raised by one standard error of the mean, for too
  small a value makes all tests of a pair too bold at once; a source whose issues are surely more alike than that, by its
  own mean less one standard error, takes this for itself;
- the variance of a mean of n such issues, over what s^2 / n makes of it (Bayley & Hammersley 1946):
  f / [(1 - f / n) / (1 - 1 / n)] with f = 1 + 2 sum_{j < n} (1 - j / n) rho^j.

It is never narrowed: a negative rho counts as 0. A trend or a level of their own of several publications in one source show
as a large rho too, and widen the error in the same way.
"""

from __future__ import annotations

import numpy as np

from baokan.statistics.welch import CONSTANT

LARGEST = 0.9  # beyond this a few dozen issues say nothing of a mean
PRIOR = 2


def autocorrelation(groups: list[tuple[np.ndarray, np.ndarray]]) -> list[np.ndarray]:
    """For each source rho (n_topics,) of consecutive issues, as the error of its mean is to be widened by; from 0 to LARGEST.

    groups: for each source (x, starts): shares of its issues, shape (n, n_topics), in order of series and dates, and whether
    an issue begins a series, shape (n,). Topics that are constant take the mean of the others; where all are, rho is 0.
    """
    n_topics = groups[0][0].shape[1]
    each = [_lag_one(x, ~np.asarray(starts, dtype=bool)) for x, starts in groups]
    weights = np.stack([np.where(np.isfinite(rho), len(x), 0) for (x, _), rho in zip(groups, each, strict=True)])
    weight = weights.sum(axis=0)
    known = weight > 0
    if not known.any():
        return [np.zeros(n_topics)] * len(groups)
    rho = (weights * np.nan_to_num(np.stack(each))).sum(axis=0) / np.maximum(weight, 1)
    errors = np.array([1 / (len(x) * _correction(len(x)) ** 2) for x, _ in groups])
    # Shares add up to 1: of K topics K - 1 are free.
    mean, free = rho[known].mean(), max(int(known.sum()) - 1, 1)
    noise = (((weights / np.maximum(weight, 1)) ** 2 * errors[:, None]).sum(axis=0))[known].mean()
    between = rho[known].var(ddof=1) if known.sum() > 1 else noise
    between = (free * between + PRIOR * noise) / (free + PRIOR)
    real = max(between - noise, 0.0)
    shrunk = np.where(known, mean + real / (real + noise) * (rho - mean), mean)
    common = np.maximum(shrunk, mean) + np.sqrt(max(between, noise) / free)
    sure = [
        np.nanmean(own) - np.sqrt(error / free) if np.isfinite(own).any() else 0.0
        for own, error in zip(each, errors, strict=True)
    ]
    return [np.clip(np.maximum(common, least), 0.0, LARGEST) for least in sure]


def around_split(x: np.ndarray, at: np.ndarray, order: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Lag-1 correlation (K,) of consecutive issues, beside the change of level after `at` issues; between 0 and LARGEST.

    x: (n, K) in the order of time; at: (K,); order, starts: its rows by series, and whether a row in this order begins one. The
    means before and after the split are taken off, lest a step hide itself; what is left is shrunk towards that of all topics
    (`autocorrelation`), and (1 + 3 r) / n is added for the second mean (Marriott & Pope 1954; the first is seen to there).
    """
    later = np.arange(len(x))[:, None] >= at
    before = np.where(later, 0, x).sum(axis=0) / at
    after = np.where(later, x, 0).sum(axis=0) / (len(x) - at)
    r = autocorrelation([((x - np.where(later, after, before))[order], starts)])[0]
    return np.clip(r + (1 + 3 * r) / len(x), 0.0, LARGEST)


def _lag_one(x: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """rho of one source, (n_topics,), its bias removed; NaN for constant topics and where no issue follows another."""
    n = len(x)
    if n < 3 or not follows.any():
        return np.full(x.shape[1], np.nan)
    centred = x - x.mean(axis=0)
    variance = (centred**2).mean(axis=0)
    products = (centred[1:] * centred[:-1])[follows[1:]].mean(axis=0)
    r = np.divide(products, variance, out=np.full(x.shape[1], np.nan), where=np.ptp(x, axis=0) > CONSTANT)
    return np.clip((r + 1 / n) / _correction(n), -LARGEST, LARGEST)


def _correction(n: int) -> float:
    return max(1 - 3 / n, 1 / 3)


def inflation(rho: np.ndarray, n: int) -> np.ndarray:
    """Variance of a mean of ``n`` consecutive issues over s^2 / n, shape of ``rho``; 1 where rho is 0."""
    rho = np.asarray(rho, dtype=float)
    if n < 2:
        return np.ones_like(rho)
    lags = np.arange(1, n)
    factor = 1 + 2 * ((1 - lags / n) * rho[..., None] ** lags).sum(axis=-1)
    return factor / ((1 - factor / n) / (1 - 1 / n))
