"""LDA by online variational Bayes (Hoffman, Blei & Bach 2010), by gensim, tuned for corpora of press size."""

import numpy as np
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel
from scipy import sparse

from baokan.topics.engines import Fitted, counts_of


def fit(counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """See `baokan.topics.engines.fit`; a tenth as many passes as `iterations`.

    gensim's defaults (one pass, chunks of 2,000 documents) leave a small corpus hardly trained: chunks must be far
    smaller than the corpus, and the convergence bound tighter.
    """
    n_docs = counts.shape[0]
    filled = np.flatnonzero(np.diff(counts.indptr))
    corpus = Sparse2Corpus(counts[filled], documents_columns=False)
    small = n_docs < 2000
    model = LdaModel(
        corpus=corpus,
        num_topics=k,
        id2word={i: str(i) for i in range(counts.shape[1])},
        passes=max(1, iterations // 10),
        chunksize=int(np.clip(n_docs // 8, 16, 256)),
        alpha=[0.05] * k,
        eta=0.1 if small else 0.01,
        iterations=100,
        gamma_threshold=1e-4,
        eval_every=None,
        random_state=seed,
    )
    known = np.zeros(counts.shape[1], bool)
    known[counts.indices] = True

    def infer(unseen: sparse.csr_matrix) -> np.ndarray:
        theta = np.full((unseen.shape[0], k), np.nan)
        # Terms that no training document holds say nothing about topics.
        unseen = counts_of(unseen, known)
        rows = np.flatnonzero(np.diff(unseen.indptr))
        if len(rows):
            # inference, not get_document_topics: that one drops small shares. It starts from random numbers: the same
            # ones at each call, or theta would depend on what was inferred before.
            model.random_state = np.random.RandomState(seed)
            gamma, _ = model.inference(list(Sparse2Corpus(unseen[rows], documents_columns=False)))
            theta[rows] = gamma / gamma.sum(axis=1, keepdims=True)
        return theta

    phi = model.get_topics().astype(float)
    return Fitted(phi / phi.sum(axis=1, keepdims=True), infer(counts), infer)
