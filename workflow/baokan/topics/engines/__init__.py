"""Topic model engines behind one interface: fit counts, give phi and theta, infer theta for unseen text.

An engine is a module here with a function `fit(counts, k, seed, iterations) -> Fitted`, and a line in ENGINES.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

ENGINES = {"tomotopy": "baokan.topics.engines.tomotopy_lda", "gensim": "baokan.topics.engines.gensim_lda"}


@dataclass(frozen=True)
class Fitted:
    """A fitted topic model.

    phi: shape (K, V), rows sum to 1. theta: shape (D, K) of the training documents, rows sum to 1; the row of an empty
    document is NaN. infer: counts of shape (N, V) -> theta of shape (N, K), with the same convention.
    """

    phi: np.ndarray
    theta: np.ndarray
    infer: Callable[[sparse.csr_matrix], np.ndarray]


def fit(engine: str, counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """Fit `engine` with `k` topics to `counts`, shape (D, V), on one thread: the same input gives the same bytes.

    Raises ValueError for an unknown engine, and if `counts` holds no term at all.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown topic engine {engine!r}; known are {', '.join(ENGINES)}")
    counts = counts_of(counts, np.ones(counts.shape[1], bool))
    if not counts.nnz:
        raise ValueError("no document holds a counted term: there is nothing to fit a topic model to")
    return importlib.import_module(ENGINES[engine]).fit(counts, k, seed, iterations)


def counts_of(counts: sparse.csr_matrix, terms: np.ndarray) -> sparse.csr_matrix:
    """`counts`, shape (N, V), with those of the `terms` (mask, shape (V,)) alone and no zero stored."""
    cells = counts.tocoo()
    keep = terms[cells.col] & (cells.data > 0)
    return sparse.csr_matrix((cells.data[keep], (cells.row[keep], cells.col[keep])), shape=counts.shape)
