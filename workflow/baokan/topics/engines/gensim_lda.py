"""LDA by online variational Bayes (Hoffman, Blei & Bach 2010), by gensim, tuned for corpora of press size."""

import numpy as np
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel
from scipy import sparse

from baokan.topics.engines import Fitted

ALPHA = 0.05
SMALL = 1000  # documents


def fit(counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """A tenth as many passes as `iterations`. counts: every document and every term has an entry.

    gensim's defaults (one pass, chunks of 2,000 documents) leave a small corpus hardly trained: chunks must be far
    smaller than the corpus, and the convergence bound tighter. Of few documents it finds themes only with a strong prior
    on topics' words and steps that start large and shrink fast; of many, a weak prior does better.
    """
    n_docs = counts.shape[0]
    small = n_docs < SMALL
    model = LdaModel(
        corpus=Sparse2Corpus(counts, documents_columns=False),
        num_topics=k,
        id2word={i: str(i) for i in range(counts.shape[1])},
        passes=max(1, iterations // 10),
        chunksize=int(np.clip(n_docs // 8, 16, 256)),
        alpha=[ALPHA] * k,
        eta=0.3 if small else 0.01,
        decay=0.7 if small else 0.5,
        iterations=100,
        gamma_threshold=1e-4,
        eval_every=None,
        random_state=seed,
    )
    return Fitted(model.get_topics().astype(float), ALPHA)
