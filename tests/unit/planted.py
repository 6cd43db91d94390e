"""A small corpus drawn from topics that are known, to see whether they are found again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import tomotopy  # noqa: F401  (its import warns, and fails where a test makes an error of that: so it comes before any test)
from baokan.topics.reported import ReportedModel
from scipy import sparse


@dataclass(frozen=True)
class Planted:
    """counts: shape (D, V), drawn from theta @ phi; phi: shape (K, V); theta: shape (D, K); terms: V words."""

    counts: sparse.csr_matrix
    phi: np.ndarray
    theta: np.ndarray
    terms: list[str]


def planted(
    k: int = 4, n_docs: int = 200, length: int = 60, own_terms: int = 12, common: int = 8, seed: int = 0
) -> Planted:
    """`k` topics of `own_terms` words each, which share a tenth of their text with `common` words of all topics.

    Documents of `length` words are drawn from mixtures that are mostly of one topic (Dirichlet, 0.1).
    """
    rng = np.random.default_rng(seed)
    n_terms = k * own_terms + common
    phi = np.zeros((k, n_terms))
    for topic in range(k):
        phi[topic, topic * own_terms : (topic + 1) * own_terms] = 0.9 * rng.dirichlet(np.full(own_terms, 5.0))
        phi[topic, k * own_terms :] = 0.1 / common
    theta = rng.dirichlet(np.full(k, 0.1), size=n_docs)
    counts = np.array([rng.multinomial(length, mixture @ phi) for mixture in theta], dtype=np.int32)
    return Planted(sparse.csr_matrix(counts), phi, theta, [chr(0x4E00 + i) + "词" for i in range(n_terms)])


def chunks_of(counts: sparse.csr_matrix) -> pd.DataFrame:
    """A chunks table for `counts`, in which each document is an article of one chunk."""
    ids = [f"a{d}" for d in range(counts.shape[0])]
    return pd.DataFrame(
        {
            "chunk_id": [f"{i}/0" for i in ids],
            "article_id": ids,
            "n_tokens": np.asarray(counts.sum(axis=1)).ravel().astype(int),
        }
    )


def reported(phi: np.ndarray, theta: np.ndarray, parts: list[int] | None = None, **changed) -> ReportedModel:
    """A reported model of fitted topics, shape (K, V), of one size, and mixtures of the reported ones, shape (A, K'); parts: of
    which of these each fitted one is a part, if any were merged."""
    parts = list(range(len(phi))) if parts is None else parts
    k = max(parts) + 1
    about = {
        "number": 0, "alpha": 0.1, "fitted": phi, "weights": np.ones(len(phi)), "parts": np.array(parts), "theta": theta,
        "terms": [f"词{i}" for i in range(np.shape(phi)[1])], "topic_ids": np.arange(1, k + 1),
        "labels": [f"题{i}" for i in range(1, k + 1)], "excluded": np.zeros(k, bool), "ruling": [""] * k,
    }  # fmt: skip
    return ReportedModel(**about | changed)
