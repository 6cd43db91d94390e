"""Whether the top terms of a topic belong together: do they stand in the same documents?

A document is here a chunk, some 300 tokens: the window is fixed by the text's own paragraphs. A value depends on the corpus
and on the window, so it compares models of one corpus and nothing else.
"""

import numpy as np
from scipy import sparse

# gensim's, for c_v: what stands for the probability of two terms that never meet.
EPSILON = 1e-12
DIGITS = 9


def joint(terms: np.ndarray, counts: sparse.csr_matrix) -> np.ndarray:
    """Share of documents in which both terms stand, shape (n, n); the diagonal is the share in which the one does.

    terms: n distinct columns of counts, shape (D, V).
    """
    present = sparse.csr_matrix(counts)[:, terms]
    present = sparse.csr_matrix(((present.data > 0).astype(float), present.indices, present.indptr), present.shape)
    return np.asarray((present.T @ present).todense()) / max(counts.shape[0], 1)


def _by_topic(top: np.ndarray, counts: sparse.csr_matrix, value) -> np.ndarray:
    """`value` of each topic's own square of `joint`; one product for all topics, which share terms."""
    terms, inverse = np.unique(top, return_inverse=True)
    together, inverse = joint(terms, counts), inverse.reshape(top.shape)
    # Logarithms differ in their last digits between processors, a table of results must not.
    return np.round([value(together[np.ix_(row, row)]) for row in inverse], DIGITS)


def npmi(top: np.ndarray, counts: sparse.csr_matrix) -> np.ndarray:
    """c_npmi of each topic, shape (K,), in [-1, 1]: mean normalised pointwise mutual information over pairs of its top
    terms (Bouma 2009; Lau, Newman & Baldwin 2014).

    top: term columns, shape (K, n). counts: shape (D, V). A pair that never meets counts -1, as in the limit; so does one
    with a term that no document holds, of which gensim makes NaN.
    """

    def mean(together: np.ndarray) -> float:
        upper = np.triu_indices(len(together), 1)
        return float(_npmi(together)[upper].mean()) if len(upper[0]) else 0.0

    return _by_topic(top, counts, mean)


def _npmi(together: np.ndarray) -> np.ndarray:
    alone = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(together / np.outer(alone, alone)) / -np.log(together)
    values[together == 0] = -1.0
    values[together >= 1] = 0.0  # both terms in every document: no information, and -log p is 0
    return values


def c_v(top: np.ndarray, counts: sparse.csr_matrix) -> np.ndarray:
    """C_v of each topic, shape (K,), in [-1, 1]: the mean cosine between what each top term goes with and what all of them
    go with together, by NPMI (Röder, Both & Hinneburg 2015), over documents. As gensim computes it, but 0 for a term that no
    document holds."""

    def mean(together: np.ndarray) -> float:
        alone = np.diag(together)
        with np.errstate(divide="ignore", invalid="ignore"):
            vectors = np.log((together + EPSILON) / np.outer(alone, alone)) / -np.log(together + EPSILON)
        vectors = np.where(np.outer(alone, alone) > 0, vectors, 0.0)
        vectors[together >= 1] = 0.0
        whole = vectors.sum(axis=0)
        length = np.linalg.norm(vectors, axis=1) * np.linalg.norm(whole)
        return float(np.divide(vectors @ whole, length, out=np.zeros(len(vectors)), where=length > 0).mean())

    return _by_topic(top, counts, mean)


def u_mass(top: np.ndarray, counts: sparse.csr_matrix, smoothing: float = 1.0) -> np.ndarray:
    """UMass coherence of each topic, shape (K,), at most about 0: mean over pairs, v_l the more probable term, of
    log (D(v_m, v_l) + 1) / D(v_l) (Mimno et al. 2011, eq. 1). gensim adds 10^-12 of the documents in place of 1. A pair whose
    more probable term no document holds is left out."""
    n_docs = max(counts.shape[0], 1)

    def mean(together: np.ndarray) -> float:
        later, earlier = np.tril_indices(len(together), -1)
        alone = np.diag(together)[earlier] * n_docs
        held = alone > 0
        if not held.any():
            return 0.0
        return float(np.log((together[later, earlier] * n_docs + smoothing)[held] / alone[held]).mean())

    return _by_topic(top, counts, mean)
