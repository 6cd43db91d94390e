"""What the library computes, written out slowly."""

from itertools import combinations

import numpy as np
from scipy import stats


def brute_force(x, n_a):
    """Exact p and max-|T| p by naming every subset."""
    n = len(x)

    def t(subset):
        inside = np.isin(np.arange(n), subset)
        return np.abs(stats.ttest_ind(x[inside], x[~inside], equal_var=False).statistic)

    observed = t(range(n_a))
    every = np.array([t(subset) for subset in combinations(range(n), n_a)])
    close = observed * (1 - 1e-9)
    return (every >= close).mean(axis=0), (every.max(axis=1)[:, None] >= close).mean(axis=0)
