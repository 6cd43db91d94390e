"""Corpora drawn from topics that are known, to see whether a topic model finds them again.

They have what makes press text hard: words by Zipf's law, topics that share the frequent words, a background that all topics
use, topics of uneven size, documents of uneven length that are each of a few topics. They lack what no bag of words has:
order, bursts of a word within a document, a vocabulary that drifts over the years.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse

# Documents, median words of a document, terms, topics.
SIZES = {"planted small": (160, 45, 1_000, 9), "planted medium": (2_000, 100, 5_000, 20)}
# Weight of the Zipf law in a topic's Dirichlet, per term: the smaller, the fewer words a topic has of its own.
OWN = 0.03
BACKGROUND = 0.15  # share of all text that is drawn from the Zipf law itself, whatever the topic
EVEN = 4.0  # weight of each topic in the Dirichlet of their sizes: the largest of 20 is some ten times the smallest
# Mean weight of a topic in the Dirichlet of the mixtures: four fifths of a document are of two to four topics.
MIXED = 0.15
SPREAD, SHORTEST = 0.6, 8  # standard deviation of the logarithm of lengths; words


class Planted(NamedTuple):
    """counts: shape (D, V), int32, drawn from theta @ phi. phi: shape (K, V), theta: shape (D, K); rows sum to 1."""

    counts: sparse.csr_matrix
    phi: np.ndarray
    theta: np.ndarray


def planted(docs: int, words: int, terms: int, topics: int, seed: int = 0) -> Planted:
    """D = `docs` documents, half of them longer than `words` words, over V = `terms` terms, of K = `topics` topics.

    The same seed gives the same corpus. A term may be drawn in no document.
    """
    rng = np.random.default_rng(seed)
    phi = topics_around(zipf(terms), topics, rng)
    sizes = rng.dirichlet(np.full(topics, EVEN))
    theta = rng.dirichlet(np.maximum(MIXED * topics * sizes, 0.02), size=docs)
    lengths = np.maximum(SHORTEST, rng.lognormal(np.log(words), SPREAD, size=docs)).astype(int)
    return Planted(drawn(phi, theta, lengths, rng), phi, theta)


def zipf(terms: int) -> np.ndarray:
    """Probabilities of terms, shape (V,), falling as 1 / (rank + 4): Mandelbrot's form of Zipf's law."""
    weights = 1 / (np.arange(terms) + 5.0)
    return weights / weights.sum()


def topics_around(base: np.ndarray, topics: int, rng: np.random.Generator) -> np.ndarray:
    """phi, shape (K, V): Dirichlet draws around `base`, shape (V,), each mixed with BACKGROUND of it."""
    # Gamma variates scaled to sum to 1 are a Dirichlet draw; the least weight keeps a row of them from being all zero.
    phi = rng.gamma(np.maximum(OWN * len(base) * base, 1e-4), size=(topics, len(base))) + 1e-12
    return (1 - BACKGROUND) * phi / phi.sum(axis=1, keepdims=True) + BACKGROUND * base


def drawn(phi: np.ndarray, theta: np.ndarray, lengths: np.ndarray, rng: np.random.Generator) -> sparse.csr_matrix:
    """Counts, shape (D, V), int32: lengths, shape (D,), words of each document, the topic of each drawn from its row of
    theta, shape (D, K), and the word from the topic's row of phi, shape (K, V)."""
    of_topic = rng.multinomial(lengths, theta)
    rows, columns = [], []
    for topic, n in enumerate(of_topic.T):
        rows.append(np.repeat(np.arange(len(theta)), n))
        columns.append(rng.choice(phi.shape[1], size=n.sum(), p=phi[topic]))
    cells = np.concatenate(rows), np.concatenate(columns)
    shape = (len(theta), phi.shape[1])
    counts = sparse.coo_matrix((np.ones(len(cells[0]), np.int32), cells), shape=shape).tocsr()
    counts.sort_indices()
    return sparse.csr_matrix(counts)
