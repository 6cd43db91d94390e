"""Factors of TF-IDF by non-negative matrix factorisation, by scikit-learn, to compare topics' words with.

Its weights are no shares of text: it may be the check, never the model.
"""

import warnings

from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer

from baokan.topics.engines import Fitted

TINY = 1e-12


def fit(counts: sparse.csr_matrix, k: int, seed: int, iterations: int) -> Fitted:
    """At most `iterations` rounds, on sublinear TF-IDF of length 1; a random start, so that seeds differ. phi: the factors'
    weights of terms, scaled to sum to 1. counts: every document and every term has an entry."""
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    model = NMF(n_components=k, init="random", max_iter=iterations, tol=1e-4, random_state=seed)
    with warnings.catch_warnings():
        # That the rounds end before it has converged is as asked; a perfect fit has an error that rounds to below 0.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        model.fit(weights)
    return Fitted(model.components_ + TINY, float("nan"))
