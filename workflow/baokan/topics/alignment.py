"""Which topic of one model is which topic of another."""

import numpy as np
from scipy.optimize import linear_sum_assignment

# From this similarity on, two topics are called the same: their frequent terms agree more than they differ. A convention,
# not a calibrated bound: some partners of one theme fall below it, and a few topics that are no partners exceed it.
SAME_TOPIC = 0.5


def similarity(phi_a: np.ndarray, phi_b: np.ndarray) -> np.ndarray:
    """Cosines between topics' word distributions, shape (K_a, K_b), in [0, 1]; 1 where two topics are equal.

    phi_a: shape (K_a, V); phi_b: shape (K_b, V). The cosine is led by the frequent terms, so that engines that smooth the
    rare ones differently still agree.
    """
    return _unit(phi_a) @ _unit(phi_b).T


def _unit(phi: np.ndarray) -> np.ndarray:
    return phi / np.maximum(np.linalg.norm(phi, axis=1, keepdims=True), np.finfo(float).tiny)


def align(phi_a: np.ndarray, phi_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each topic of a, its partner in b (-1 where b has fewer topics) and their similarity (0 there); both of
    shape (K_a,). One to one, of the largest total similarity (Kuhn 1955, the Hungarian method)."""
    values = similarity(phi_a, phi_b)
    rows, columns = linear_sum_assignment(-values)
    partner, score = np.full(len(phi_a), -1), np.zeros(len(phi_a))
    partner[rows], score[rows] = columns, values[rows, columns]
    return partner, score
