"""LDA by variational Bayes, by scikit-learn: another implementation of what gensim does."""

import numpy as np
from scipy import sparse
from sklearn.decomposition import LatentDirichletAllocation

from baokan.topics.engines import Fitted

ALPHA = 0.05
SMALL = 1000  # documents


def fit(counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """A tenth as many passes as `iterations`: of few documents in small batches and with a strong prior on topics' words, of
    many over all documents at once. One thread: the result changes with their number, and may change with the processor.
    counts: every document and every term has an entry."""
    n_docs = counts.shape[0]
    small = n_docs < SMALL
    model = LatentDirichletAllocation(
        n_components=k,
        doc_topic_prior=ALPHA,
        topic_word_prior=0.3 if small else 0.05,
        learning_method="online" if small else "batch",
        learning_offset=1.0,
        batch_size=int(np.clip(n_docs // 20, 8, 256)),
        max_iter=max(1, iterations // 10),
        evaluate_every=0,
        n_jobs=1,
        random_state=seed,
    )
    model.fit(counts)
    return Fitted(model.components_, ALPHA)
