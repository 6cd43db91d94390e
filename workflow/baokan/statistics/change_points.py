"""Whether a series of issues keeps its level: trend and change of level, tested by permuting the issues over their dates.

- trend: Spearman's rho between the dates of the issues and their shares, ties at their mean rank;
- level: the largest standardised difference of level over all splits of the issues in time, max_j |S_j| / sqrt(j (n - j) / n),
  S_j the sum of the first j standardised shares, with SIDE_ISSUES issues or more on each side and no split within one date.
  The sum of squares is the same in every order, so this is a monotone function of the largest two-sample t with pooled
  variance (Hawkins 1977; Csorgo & Horvath 1997, section 2.1), and studentising it further would change no p-value.

p = (1 + #{T* >= T}) / (1 + B) (Phipson & Smyth 2010), `baokan.statistics.permutation`.
"""

from __future__ import annotations

import numpy as np

from baokan.statistics.permutation import TIE, Tally, orders

SIDE_ISSUES = 3


def order_tests(
    x: np.ndarray, middle: np.ndarray, n_resamples: int, rng: np.random.Generator, inflation: np.ndarray | float = 1.0
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Trend and change of level of issues in the order of time; none of the columns may be constant.

    x: shape (n, K), rows by date; middle: shape (n,), the dates as numbers, not falling. Returns arrays (K,) trend (Spearman's
    rho), explained (the share of the variance that lies between the means before and after the largest change), p_trend,
    p_trend_maxt, p_change, p_change_maxt and p_alike (the smaller of the two max-T p-values with the observed statistics
    divided by the root of `inflation`, 1 or more, (K,)), and the number of issues before the largest change of level (the first
    one among equals). All columns share their permutations.
    Raises ValueError where no split is admissible.
    """
    n, n_columns = x.shape
    splits = admissible(middle)
    if not len(splits):
        raise ValueError("the dates allow no split")
    times = mean_ranks(middle)
    times = (times - times.mean()) / np.sqrt(((times - times.mean()) ** 2).sum())
    ranks = np.array([mean_ranks(column) for column in x.T]).T
    ranks -= ranks.mean(axis=0)
    ranks /= np.sqrt((ranks**2).sum(axis=0))
    # A row for each topic: issues next to each other in memory, for the sums over them.
    z = np.ascontiguousarray(((x - x.mean(axis=0)) / x.std(axis=0)).T)
    scale = 1 / np.sqrt(splits * (n - splits) / n)
    # A slice is not copied; where dates are shared, some places are left out.
    places = slice(splits[0] - 1, splits[-1]) if len(splits) == splits[-1] - splits[0] + 1 else splits - 1

    def level(order: np.ndarray) -> np.ndarray:
        """Standardised differences (B, n_splits, K) are too many at once: their maxima (B, K)."""
        found = np.empty((len(order), n_columns))
        for k in range(n_columns):
            sums = np.cumsum(z[k][order], axis=1)[:, places]
            np.abs(sums, out=sums)
            sums *= scale
            found[:, k] = sums.max(axis=1)
        return found

    def rho(order: np.ndarray) -> np.ndarray:
        dealt = np.empty(order.shape)
        np.put_along_axis(dealt, order, np.broadcast_to(times, order.shape), axis=1)
        return dealt @ ranks

    as_it_is = np.arange(n)[None, :]
    trend, largest = np.clip(rho(as_it_is)[0], -1.0, 1.0), level(as_it_is)[0]
    narrow = 1 / np.sqrt(np.maximum(inflation, 1.0))
    of_trend, of_change = Tally(np.abs(trend)), Tally(largest)
    alike = Tally(np.abs(trend) * narrow), Tally(largest * narrow)
    for order in orders(n, n_resamples, rng, 2 * n):
        for plain, narrowed, permuted in zip(
            (of_trend, of_change), alike, (np.abs(rho(order)), level(order)), strict=True
        ):
            plain.add(permuted)
            narrowed.add(permuted)
    found = {"trend": trend, "explained": largest**2 / n}
    found["p_trend"], found["p_trend_maxt"] = of_trend.p()
    found["p_change"], found["p_change_maxt"] = of_change.p()
    found["p_alike"] = np.minimum(*(tally.p()[1] for tally in alike))
    return found, largest_change(x, middle)


def largest_change(x: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Number of issues before the largest standardised change of level, (K,), the first one among equals; x and middle
    as in `order_tests`."""
    n, splits = len(x), admissible(middle)
    sums = np.cumsum((x - x.mean(axis=0)) / x.std(axis=0), axis=0)[splits - 1]
    each = np.abs(sums) / np.sqrt(splits * (n - splits) / n)[:, None]
    return splits[(each >= each.max(axis=0) * (1 - TIE)).argmax(axis=0)]


def mean_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks (n,) from 1, equal values at their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def admissible(middle: np.ndarray) -> np.ndarray:
    """Numbers of issues before a split, where SIDE_ISSUES or more stand on each side and the split parts two dates."""
    j = np.arange(SIDE_ISSUES, len(middle) - SIDE_ISSUES + 1)
    return j[middle[j - 1] < middle[j]] if len(j) else j
