"""How good a topic model is: coherence, diversity, and the terms that mark a topic."""

import numpy as np
from scipy import sparse
from scipy.stats import rankdata


def top_terms(weights: np.ndarray, n: int) -> np.ndarray:
    """Columns of the `n` largest values of each row, largest first, ties by column; shape (K, min(n, V))."""
    return np.argsort(-weights, axis=1, kind="stable")[:, :n]


def npmi(top: np.ndarray, counts: sparse.csr_matrix) -> np.ndarray:
    """Coherence of each topic, shape (K,), in [-1, 1]: mean normalised pointwise mutual information over pairs of its
    top terms (Bouma 2009; Lau, Newman & Baldwin 2014). A pair occurs together where both stand in one document.

    top: term columns, shape (K, n). counts: shape (D, V). A pair that never meets counts -1, as in the limit.
    """
    terms, inverse = np.unique(top, return_inverse=True)
    inverse = inverse.reshape(top.shape)
    present = (counts[:, terms] > 0).astype(np.float64)
    together = np.asarray((present.T @ present).todense()) / max(counts.shape[0], 1)
    alone = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(together / np.outer(alone, alone)) / -np.log(together)
    values[together == 0] = -1.0
    values[together >= 1] = 0.0  # both terms in every document: no information, and -log p is 0
    upper = np.triu_indices(top.shape[1], 1)
    if not len(upper[0]):
        return np.zeros(len(top))
    return np.array([values[np.ix_(row, row)][upper].mean() for row in inverse])


def diversity(top: np.ndarray) -> float:
    """Share of distinct terms among the top terms of all topics (Dieng, Ruiz & Blei 2020), in (0, 1]."""
    return len(np.unique(top)) / top.size


def frex(phi: np.ndarray, weight: float = 0.5) -> np.ndarray:
    """FREX scores, shape (K, V): harmonic mean of the ranks of a term by frequency in the topic and by exclusivity to
    it (Bischof & Airoldi 2012). phi: shape (K, V). Ranks are scaled to (0, 1]. Higher marks the topic better."""
    exclusivity = phi / np.maximum(phi.sum(axis=0, keepdims=True), 1e-300)
    by_exclusivity = rankdata(exclusivity, axis=1) / phi.shape[1]
    by_frequency = rankdata(phi, axis=1) / phi.shape[1]
    return 1.0 / (weight / by_exclusivity + (1 - weight) / by_frequency)
