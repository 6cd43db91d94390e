"""LDA by collapsed Gibbs sampling (Griffiths & Steyvers 2004), by tomotopy."""

import numpy as np
import tomotopy
from scipy import sparse

from baokan.topics.engines import Fitted

# Means over several states of the chain are steadier than its last state alone.
SAMPLES, SPACING = 20, 4
ALPHA, ETA = 0.1, 0.1


def fit(counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """`iterations` sweeps; phi is the mean of the last states. counts: every document and every term has an entry.

    alpha is 0.1 for each topic and stays so: optimised, it lets one topic take the words that all articles share. eta is
    0.1: a smaller one makes topics of single documents, a larger one runs topics together.

    One worker: with two, tomotopy's result depends on the order in which they finish.
    """
    model = tomotopy.LDAModel(k=k, alpha=ALPHA, eta=ETA, seed=seed, tw=tomotopy.TermWeight.ONE)
    model.optim_interval = 0
    names = np.array([str(column) for column in range(counts.shape[1])], dtype=object)
    for d in range(counts.shape[0]):
        part = slice(counts.indptr[d], counts.indptr[d + 1])
        model.add_doc(np.repeat(names[counts.indices[part]], counts.data[part].astype(int)).tolist())
    samples = min(SAMPLES, max(1, iterations // SPACING))
    # Even of no sweeps: it is the first call that fixes the vocabulary.
    model.train(max(0, iterations - samples * SPACING), workers=1)
    phi = np.zeros((k, len(model.used_vocabs)))
    for _ in range(samples):
        model.train(SPACING, workers=1)
        phi += np.array([model.get_topic_word_dist(t) for t in range(k)])
    ordered = np.zeros((k, counts.shape[1]))
    ordered[:, [int(name) for name in model.used_vocabs]] = phi / samples
    return Fitted(ordered, ALPHA)
