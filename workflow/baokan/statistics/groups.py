"""Sums, means and deviations of rows by group."""

from __future__ import annotations

import numpy as np
from scipy import sparse


def group_sums(weights: np.ndarray, codes: np.ndarray, n_groups: int) -> sparse.csr_array:
    """Sparse (n_groups, n) whose product with an array (n, K) sums its weighted rows by group. weights, codes: shape (n,)."""
    return sparse.csr_array((weights, (codes, np.arange(len(codes)))), shape=(n_groups, len(codes)))


def weighted_means(x: np.ndarray, weights: np.ndarray, codes: np.ndarray, n_groups: int) -> np.ndarray:
    """Weighted means (n_groups, K) of the rows of x (n, K) by group; every group needs a positive total weight."""
    total = np.bincount(codes, weights=weights, minlength=n_groups)
    return (group_sums(weights, codes, n_groups) @ x) / total[:, None]


def within_deviation(x: np.ndarray, codes: np.ndarray, n_groups: int) -> np.ndarray:
    """Pooled standard deviation (K,) around the means of groups, none of them empty; NaN without degrees of freedom."""
    freedom = len(x) - n_groups
    if freedom < 1:
        return np.full(x.shape[1], np.nan)
    means = weighted_means(x, np.ones(len(x)), codes, n_groups)
    return np.sqrt(((x - means[codes]) ** 2).sum(axis=0) / freedom)
