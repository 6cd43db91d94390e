"""What a model says of text: the topic shares of documents, and how well it foretells words it has not seen.

phi stays as it was fitted, so the shares of a document depend on the model and its words alone: an article that trained
the model, one that was left out by the cap on an issue, and one that is scored years later are measured alike.
"""

import numpy as np
from scipy import sparse

TOLERANCE = 1e-4
MOST_ROUNDS = 200
BATCH_CELLS = 2_000_000  # of documents' terms by topics: what is in memory at once


def infer(phi: np.ndarray, alpha: float, counts: sparse.csr_matrix) -> np.ndarray:
    """theta of documents, shape (N, K), rows sum to 1; the row of a document without a term of the model is NaN.

    phi: shape (K, V), fixed. alpha: weight of the symmetric prior. counts: shape (N, V).

    Folding-in (Hofmann 1999) with a Dirichlet prior: the maximum of the posterior under Dirichlet(alpha + 1), of which
    Asuncion et al. (2009, section 3.4) show that it predicts as well as collapsed inference. It is the fixed point of

        theta_dk = (alpha + sum_w n_dw r_dwk) / (n_d + K alpha),   r_dwk = theta_dk phi_kw / sum_j theta_dj phi_jw

    and since the logarithm of that posterior is concave in theta, there is one, wherever one starts. No random number is
    drawn, and the sums are in one order, so the same words give the same bytes. Rounds end where no share of a document
    moves by more than 1e-4.
    """
    k = len(phi)
    theta = np.full((counts.shape[0], k), np.nan)
    known = _known(phi, counts)
    rows = np.flatnonzero(np.diff(known.indptr))
    if not len(rows):
        return theta
    known = known[rows]
    ends = np.cumsum(np.diff(known.indptr)) * k
    batch = ends // BATCH_CELLS
    for number in np.unique(batch):
        mine = np.flatnonzero(batch == number)
        theta[rows[mine]] = _folded_in(np.ascontiguousarray(phi.T), alpha, known[mine[0] : mine[-1] + 1])
    return theta


def _known(phi: np.ndarray, counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """`counts` without the terms that no topic has: they say nothing about topics."""
    counts = sparse.csr_matrix(counts, dtype=float)
    held = phi.sum(axis=0) > 0
    if held.all() and (counts.data > 0).all():
        return counts
    cells = counts.tocoo()
    keep = held[cells.col] & (cells.data > 0)
    return sparse.csr_matrix((cells.data[keep], (cells.row[keep], cells.col[keep])), shape=counts.shape)


def _folded_in(terms: np.ndarray, alpha: float, counts: sparse.csr_matrix) -> np.ndarray:
    """theta, shape (N, K), of documents that all have a term. terms: phi transposed, shape (V, K)."""
    n, k = counts.shape[0], terms.shape[1]
    theta = np.full((n, k), 1.0 / k)
    # rows: documents in hand; live: those of them that still move. One that has come to rest is not touched again, so
    # that its theta does not depend on the others'; it is left out for good once such are many enough to be worth the copy.
    rows, live, here = np.arange(n), np.ones(n, bool), counts
    own = terms[here.indices]
    for _ in range(MOST_ROUNDS):
        old = theta[rows]
        expected = np.einsum("ij,ij->i", own, np.repeat(old, np.diff(here.indptr), axis=0))
        weights = sparse.csr_matrix((here.data / expected, here.indices, here.indptr), shape=here.shape)
        new = old * (weights @ terms) + alpha
        new /= new.sum(axis=1, keepdims=True)
        theta[rows[live]] = new[live]
        live &= np.abs(new - old).max(axis=1) > TOLERANCE
        if not live.any():
            break
        if live.mean() < 0.7:
            rows, here = rows[live], here[live]
            live, own = np.ones(len(rows), bool), terms[here.indices]
    return theta


def completion(phi: np.ndarray, alpha: float, counts: sparse.csr_matrix, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How well a model foretells one half of a document from the other: (log-likelihood of the second half, in nats,
    shape (N,), NaN where nothing could be foretold; number of words it is of, shape (N,)).

    Document completion (Wallach et al. 2009, section 5.1): each document's words are split at random, theta comes of the
    first half, and the second is scored under theta phi. counts: shape (N, V), of documents that did not train the
    model. Words that the model has never seen are left out: K does not change which.
    """
    counts = _known(phi, counts)
    rng = np.random.default_rng(seed)
    first = counts.copy()
    first.data = rng.binomial(counts.data.astype(int), 0.5).astype(float)
    second = counts - first
    second.eliminate_zeros()
    theta = infer(phi, alpha, first)
    cells = second.tocoo()
    probability = np.einsum("ij,ji->i", theta[cells.row], phi[:, cells.col])
    value = np.bincount(cells.row, cells.data * np.log(np.maximum(probability, 1e-300)), minlength=counts.shape[0])
    n = np.asarray(second.sum(axis=1)).ravel()
    foretold = ~np.isnan(theta).any(axis=1) & (n > 0)
    return np.where(foretold, value, np.nan), np.where(foretold, n, 0)
