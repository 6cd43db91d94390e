"""Topic model engines behind one interface: fit counts, give the topics' words and the prior of their shares.

An engine is a module here with a function `fit(counts, k, seed, iterations) -> Fitted`, and a line in ENGINES. Shares of
topics, in training text as in any other, come of `baokan.topics.folding_in` for all engines alike.
"""

import importlib
from typing import NamedTuple

import numpy as np
from scipy import sparse

ENGINES = {
    "tomotopy": "baokan.topics.engines.tomotopy_lda",
    "gensim": "baokan.topics.engines.gensim_lda",
    "sklearn": "baokan.topics.engines.sklearn_lda",
    "nmf": "baokan.topics.engines.sklearn_nmf",
}
# Factors, whose weights are no shares of text: for comparing topics' words, never for a share or a contrast.
NO_SHARES = frozenset({"nmf"})


class Fitted(NamedTuple):
    """A fitted topic model.

    phi: shape (K, V), rows sum to 1; a term that no training document holds has 0 in all topics. alpha: weight of each
    topic in the symmetric Dirichlet prior of theta.
    """

    phi: np.ndarray
    alpha: float


def fit(engine: str, counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """Fit `engine` with `k` topics to `counts`, shape (D, V), on one thread: the same input gives the same bytes.

    Raises ValueError for an unknown engine, and if `counts` holds no term at all.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown topic engine {engine!r}; known are {', '.join(ENGINES)}")
    counts = sparse.csr_matrix(counts)
    known = np.unique(counts.indices[counts.data > 0])
    filled = np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel())
    if not len(known):
        raise ValueError("no document holds a counted term: there is nothing to fit a topic model to")
    fitted = importlib.import_module(ENGINES[engine]).fit(
        counts[filled][:, known].sorted_indices(), k, seed, iterations
    )
    phi = np.zeros((k, counts.shape[1]))
    phi[:, known] = fitted.phi / fitted.phi.sum(axis=1, keepdims=True)
    return Fitted(phi, fitted.alpha)
