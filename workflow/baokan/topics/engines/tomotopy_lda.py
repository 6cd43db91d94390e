"""LDA by collapsed Gibbs sampling (Griffiths & Steyvers 2004), by tomotopy."""

import numpy as np
import tomotopy
from scipy import sparse

from baokan.topics.engines import Fitted, counts_of

# Posterior means over several states of the chain are steadier than its last state alone.
SAMPLES, SPACING = 10, 10
INFERENCE_SWEEPS = 100
SMALL = 1000  # documents


def fit(counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """See `baokan.topics.engines.fit`. alpha is 0.1 for each topic and stays so: optimised, it lets one topic take the words that
    all articles share. eta is 0.1 for a small corpus, where a smaller one makes topics of single documents, else 0.05.

    One worker: with two, tomotopy's result depends on the order in which they finish.
    """
    eta = 0.1 if counts.shape[0] < SMALL else 0.05
    model = tomotopy.LDAModel(k=k, alpha=0.1, eta=eta, seed=seed, tw=tomotopy.TermWeight.ONE)
    model.optim_interval = 0
    filled = [d for d in range(counts.shape[0]) if counts.indptr[d + 1] > counts.indptr[d]]
    for d in filled:
        model.add_doc(_words(counts, d))
    # Even of no sweeps: it is the first call that fixes the vocabulary.
    model.train(max(0, iterations - SAMPLES * SPACING), workers=1)
    phi, theta = np.zeros((k, len(model.used_vocabs))), np.zeros((len(filled), k))
    for _ in range(SAMPLES):
        model.train(SPACING, workers=1)
        phi = phi + np.array([model.get_topic_word_dist(t) for t in range(k)])
        theta += np.array([doc.get_topic_dist() for doc in model.docs])
    columns = np.array([int(w) for w in model.used_vocabs])
    full_phi = np.zeros((k, counts.shape[1]))
    full_phi[:, columns] = phi / phi.sum(axis=1, keepdims=True)
    full_theta = np.full((counts.shape[0], k), np.nan)
    full_theta[filled] = theta / theta.sum(axis=1, keepdims=True)
    known = np.zeros(counts.shape[1], bool)
    known[columns] = True

    def infer(unseen: sparse.csr_matrix) -> np.ndarray:
        result = np.full((unseen.shape[0], k), np.nan)
        # Terms that no training document holds say nothing about topics, and tomotopy would refuse them.
        unseen = counts_of(unseen, known)
        rows = [d for d in range(unseen.shape[0]) if unseen.indptr[d + 1] > unseen.indptr[d]]
        if rows:
            docs = [model.make_doc(_words(unseen, d)) for d in rows]
            mixtures, _ = model.infer(docs, iterations=INFERENCE_SWEEPS, workers=1)
            result[rows] = np.array(mixtures)
        return result

    return Fitted(full_phi, full_theta, infer)


def _words(counts: sparse.csr_matrix, d: int) -> list[str]:
    part = slice(counts.indptr[d], counts.indptr[d + 1])
    return [str(w) for w, n in zip(counts.indices[part], counts.data[part], strict=True) for _ in range(int(n))]
