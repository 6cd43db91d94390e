"""How good the topics of a model are: diversity, exclusivity, and the terms that mark a topic."""

import numpy as np
import pandas as pd
from scipy import sparse

TINY = 1e-300  # in place of 0 under a fraction
DAMPING = 5.0  # occurrences that lift adds to those of each term


def top_terms(weights: np.ndarray, n: int) -> np.ndarray:
    """Columns of the `n` largest values of each row, largest first, ties by column; shape (K, min(n, V))."""
    n = min(n, weights.shape[1])
    found = np.zeros((len(weights), n), dtype=int)
    for k, row in enumerate(weights if n else ()):
        # Of half a million terms a few are wanted: only what may be among them is sorted.
        least = np.partition(row, len(row) - n)[len(row) - n]
        able = np.flatnonzero(row >= least)
        found[k] = able[np.argsort(-row[able], kind="stable")[:n]]
    return found


def diversity(top: np.ndarray) -> float:
    """Share of distinct terms among the top terms of all topics (Dieng, Ruiz & Blei 2020), in (0, 1]."""
    return len(np.unique(top)) / top.size


def exclusivity(phi: np.ndarray, top: np.ndarray) -> np.ndarray:
    """How much a topic's top terms are its own, shape (K,), in (0, 1]: the mean over them of phi_kv / sum_j phi_jv, the
    exclusivity of Bischof & Airoldi (2012). phi: shape (K, V); top: term columns, shape (K, n)."""
    total = np.maximum(phi.sum(axis=0, dtype=float), TINY)
    return np.array([(phi[k, row] / total[row]).mean() for k, row in enumerate(top)])


def frex(phi: np.ndarray, weight: float = 0.5) -> np.ndarray:
    """FREX scores, shape (K, V): harmonic mean of the ranks of a term by frequency in the topic and by exclusivity to
    it (Bischof & Airoldi 2012). phi: shape (K, V). Ranks are scaled to (0, 1]. Higher marks the topic better."""
    share = phi / np.maximum(phi.sum(axis=0, keepdims=True, dtype=float), TINY)
    by_exclusivity = pd.DataFrame(share).rank(axis=1).to_numpy() / phi.shape[1]
    by_frequency = pd.DataFrame(phi).rank(axis=1).to_numpy() / phi.shape[1]
    return 1.0 / (weight / by_exclusivity + (1 - weight) / by_frequency)


def lift(phi: np.ndarray, counts: sparse.csr_matrix, damping: float = DAMPING) -> np.ndarray:
    """How many times as probable each term is in each topic as in the corpus, shape (K, V): phi_kv / p_v (Taddy 2012).

    p_v = (n_v + damping) / N for a term that stands n_v times among N. Undamped, the list is headed by words seen once:
    whatever topic they fall to has all of them. With it such a word comes to 1 / (1 + damping) of what a frequent term that
    is wholly of that topic comes to, one seen `damping` times to half.

    phi: shape (K, V). counts: of documents, shape (D, V).
    """
    n = np.asarray(counts.sum(axis=0), dtype=float).ravel()
    return phi * n.sum() / np.maximum(n + damping, TINY)
