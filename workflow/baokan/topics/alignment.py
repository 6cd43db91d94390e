"""Which topic of one model is which topic of another."""

import numpy as np
from scipy import sparse

from baokan.topics.term_ranking import top_terms

TOP = 20
# From this similarity on, two topics are called the same. Calibrated on planted topics (`make calibrate`): of pairs that stand
# for one planted topic nearly all reach it, of pairs that stand for two hardly any.
SAME_TOPIC = 0.5
BLOCK = 20_000  # columns that are multiplied at a time, so that a vocabulary of half a million terms fits into memory
DIGITS = 9


def similarity(phi_a: np.ndarray, phi_b: np.ndarray) -> np.ndarray:
    """How alike topics are, shape (K_a, K_b), in [0, 1]; 1 where two are equal: the mean of the cosine of their word
    distributions and of the share of their 20 most probable terms that both have.

    phi_a: shape (K_a, V); phi_b: shape (K_b, V). The cosine is led by the few most frequent terms, the share counts what a
    reader sees; engines that smooth the rare terms differently still agree by both.
    """
    return (cosine(phi_a, phi_b) + _shared(phi_a, phi_b)) / 2


def cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosines between the rows of a, shape (K_a, N), and of b, shape (K_b, N); 0 for a row of zeros."""
    product = np.zeros((len(a), len(b)))
    lengths = [np.zeros(len(rows)) for rows in (a, b)]
    for start in range(0, a.shape[1], BLOCK):
        parts = [np.asarray(rows[:, start : start + BLOCK], float) for rows in (a, b)]
        product += parts[0] @ parts[1].T
        for length, part in zip(lengths, parts, strict=True):
            length += np.einsum("ij,ij->i", part, part)
    scale = np.sqrt(np.outer(*lengths))
    values = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
    # A product of matrices differs in its last digits between processors, a table of results must not.
    return np.round(np.minimum(values, 1.0), DIGITS)


def _shared(phi_a: np.ndarray, phi_b: np.ndarray) -> np.ndarray:
    marks = []
    for phi in (phi_a, phi_b):
        top = top_terms(phi, TOP)
        rows = np.repeat(np.arange(len(phi)), top.shape[1])
        marks.append(sparse.csr_matrix((np.ones(top.size), (rows, top.ravel())), shape=phi.shape))
    return np.asarray((marks[0] @ marks[1].T).todense()) / max(1, min(TOP, phi_a.shape[1]))


def pairs(fits: np.ndarray) -> np.ndarray:
    """Mean similarity of the topics of each fit to their partners in each other fit, shape (S, S), 1 on the diagonal.

    fits: shape (S, K, V)."""
    from scipy.optimize import linear_sum_assignment  # here, not above: most jobs ask for SAME_TOPIC alone

    n, k, v = fits.shape
    flat = fits.reshape(n * k, v)
    values = similarity(flat, flat).reshape(n, k, n, k)
    found = np.ones((n, n))
    for a in range(n):
        for b in range(a):
            rows, columns = linear_sum_assignment(-values[a, :, b])
            found[a, b] = found[b, a] = values[a, rows, b, columns].mean()
    return found


def align(phi_a: np.ndarray, phi_b: np.ndarray, measure=similarity) -> tuple[np.ndarray, np.ndarray]:
    """For each topic of a, its partner in b (-1 where b has fewer topics) and their similarity (0 there); both of
    shape (K_a,). One to one, of the largest total similarity (Kuhn 1955, the Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    values = measure(phi_a, phi_b)
    rows, columns = linear_sum_assignment(-values)
    partner, score = np.full(len(phi_a), -1), np.zeros(len(phi_a))
    partner[rows], score[rows] = columns, values[rows, columns]
    return partner, score
