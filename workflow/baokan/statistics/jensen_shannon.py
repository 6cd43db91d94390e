"""The Jensen-Shannon divergence of two distributions by item, and that of issues dealt out at random.

In bits, from 0 (the same) to 1 (nothing in common), with equal weights (Lin 1991, eq. 4.1):

    JSD = sum_i c_i,   c_i = 1/2 [p_i log2 (p_i / m_i) + q_i log2 (q_i / m_i)],   m_i = (p_i + q_i) / 2.

`scipy.spatial.distance.jensenshannon` gives the root of the sum of one pair (a test holds this one against it); what is needed
here are the terms of many pairs at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy import sparse

from baokan.statistics.permutation import random_labels


def contributions(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The terms c_i of the Jensen-Shannon divergence of `p` and `q`, in bits, in their shape (see the module's docstring).

    p, q: distributions along any axis, not negative. No term is negative; they sum to the divergence.
    """
    return np.maximum(_xlogx(p) + _xlogx(q) - _xlogx(p + q) + (p + q), 0.0) / 2


def dealt_divergences(
    copies: list[sparse.csr_array], n_a: int, n_resamples: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The divergence of the first `n_a` issues from the rest, and of issues dealt out at random in the same numbers.

    copies: draws of the same n issues, shape (n, V) each; all are dealt alike. Returns (divergences by draw, shape (C,), those of
    the deals, shape (C, n_resamples), the mean contributions, shape (V,), and those of the deals, shape (V,)). The mean
    distributions of a batch of deals are the product of 0/1 labels with the issues; memory stays bounded.
    """
    n, n_items = copies[0].shape
    # Only items that occur can contribute; a matrix that is mostly filled multiplies faster as an array.
    present = np.flatnonzero(sum(np.asarray(c.sum(axis=0)).ravel() for c in copies) > 0)
    columns = [sparse.csr_array(c[:, present].T) for c in copies]
    slim = [m.toarray() if m.nnz > 0.25 * m.shape[0] * n else m for m in columns]
    totals = [np.asarray(m.sum(axis=1)).ravel()[:, None] for m in slim]

    def terms(labels: np.ndarray) -> Iterator[np.ndarray]:
        for matrix, total in zip(slim, totals, strict=True):
            of_a = matrix @ labels
            yield contributions(of_a / n_a, np.maximum(total - of_a, 0.0) / (n - n_a))

    observed = np.stack([part[:, 0] for part in terms((np.arange(n) < n_a)[:, None].astype(float))])
    deals, mean, done = np.zeros((len(copies), n_resamples)), np.zeros(len(present)), 0
    for labels in random_labels([(n, n_a)], n_resamples, rng, 2 * max(n, len(present))):
        for row, part in zip(deals, terms(np.ascontiguousarray(labels.T)), strict=True):
            row[done : done + len(labels)] = part.sum(axis=0)
            mean += part.sum(axis=1) / (len(copies) * n_resamples)
        done += len(labels)
    contribution, null = np.zeros(n_items), np.zeros(n_items)
    contribution[present], null[present] = observed.mean(axis=0), mean
    return observed.sum(axis=1), deals, contribution, null


def upper_point(deals: np.ndarray, confidence: float) -> float:
    """The value above which p is at most 1 - confidence: the k-th smallest of B deals, k = ceil(confidence (B + 1)). With too
    few deals for that the largest."""
    place = math.ceil(confidence * (len(deals) + 1) - 1e-9)
    return float(np.sort(deals)[min(place, len(deals)) - 1])


def _xlogx(x: np.ndarray) -> np.ndarray:
    """x log2 x, 0 where x is 0."""
    return x * np.log2(x + 1e-300)
