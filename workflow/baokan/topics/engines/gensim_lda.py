"""LDA by online variational Bayes (Hoffman, Blei & Bach 2010), by gensim, tuned for corpora of press size."""

import numpy as np
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel
from scipy import sparse

from baokan.topics.engines import Fitted

ALPHA, ETA = 0.05, 0.3


def fit(counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """A tenth as many passes as `iterations`. counts: every document and every term has an entry.

    gensim's defaults (one pass, chunks of 2,000 documents) leave a small corpus hardly trained: chunks must be far
    smaller than the corpus, and the convergence bound tighter. It finds the themes of press text best with a strong prior
    on topics' words and with steps that start large and shrink fast.
    """
    model = LdaModel(
        corpus=Sparse2Corpus(counts, documents_columns=False),
        num_topics=k,
        id2word={i: str(i) for i in range(counts.shape[1])},
        passes=max(1, iterations // 10),
        chunksize=int(np.clip(counts.shape[0] // 8, 16, 256)),
        alpha=[ALPHA] * k,
        eta=ETA,
        decay=0.7,
        iterations=100,
        gamma_threshold=1e-4,
        eval_every=None,
        random_state=seed,
    )
    return Fitted(model.get_topics().astype(float), ALPHA)
