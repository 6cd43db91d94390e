"""Which topic of one model is which topic of another."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from baokan.topics.quality import top_terms

TOP = 20
# From this similarity on, two topics are called the same. Calibrated on planted topics (`make calibrate`): of pairs that stand
# for one planted topic nearly all reach it, of pairs that stand for two hardly any.
SAME_TOPIC = 0.5


def similarity(phi_a: np.ndarray, phi_b: np.ndarray) -> np.ndarray:
    """How alike topics are, shape (K_a, K_b), in [0, 1]; 1 where two are equal: the mean of the cosine of their word
    distributions and of the share of their 20 most probable terms that both have.

    phi_a: shape (K_a, V); phi_b: shape (K_b, V). The cosine is led by the few most frequent terms, the share counts what a
    reader sees; engines that smooth the rare terms differently still agree by both.
    """
    return (_unit(phi_a) @ _unit(phi_b).T + _shared(phi_a, phi_b)) / 2


def cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosines between the rows of a, shape (K_a, N), and of b, shape (K_b, N); 0 for a row of zeros."""
    return _unit(a) @ _unit(b).T


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.finfo(float).tiny)


def _shared(phi_a: np.ndarray, phi_b: np.ndarray) -> np.ndarray:
    marks = []
    for phi in (phi_a, phi_b):
        top = top_terms(phi, TOP)
        mark = np.zeros(phi.shape)
        np.put_along_axis(mark, top, 1.0, axis=1)
        marks.append(mark / np.sqrt(max(1, top.shape[1])))
    return marks[0] @ marks[1].T


def align(phi_a: np.ndarray, phi_b: np.ndarray, measure=similarity) -> tuple[np.ndarray, np.ndarray]:
    """For each topic of a, its partner in b (-1 where b has fewer topics) and their similarity (0 there); both of
    shape (K_a,). One to one, of the largest total similarity (Kuhn 1955, the Hungarian method)."""
    values = measure(phi_a, phi_b)
    rows, columns = linear_sum_assignment(-values)
    partner, score = np.full(len(phi_a), -1), np.zeros(len(phi_a))
    partner[rows], score[rows] = columns, values[rows, columns]
    return partner, score
