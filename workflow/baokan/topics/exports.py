"""The reported model as tables for other tools: its topics, the articles' mixtures, and the lengths and counts beside them.

They are all that pyLDAvis.prepare asks for (Sievert & Shirley 2014); results/README.md has the lines.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.topics.reported import ReportedModel
from baokan.topics.term_ranking import top_terms

TOP_TERMS = 50


def export_tables(
    model: ReportedModel, counts: sparse.csr_matrix, article_ids: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """The tables phi, theta, vocabulary, documents and top_terms. counts: by article, shape (A, V).

    vocabulary, a row per row of phi: term, n (its occurrences in all articles). documents, a row per row of theta:
    article_id, n (its counted words).
    """
    terms, often = np.array(model.terms, dtype=object), np.asarray(counts.sum(axis=0), dtype=np.int64).ravel()
    ids, length = np.array(article_ids, dtype=object), np.asarray(counts.sum(axis=1), dtype=np.int64).ravel()
    return {
        "phi": phi_table(model.phi, model.topic_ids, model.terms),
        "theta": theta_table(model.theta, model.topic_ids, article_ids),
        "vocabulary": pd.DataFrame({"term": terms, "n": often}),
        "documents": pd.DataFrame({"article_id": ids, "n": length}),
        "top_terms": topic_terms_table(model.phi, model.topic_ids, model.terms),
    }


def phi_table(phi: np.ndarray, topic_ids: Sequence[int] | np.ndarray, terms: Sequence[str]) -> pd.DataFrame:
    """term, and for each topic a column topic_<topic_id> with the term's probability in it: columns sum to 1.
    phi: shape (K, V)."""
    return _wide("term", terms, topic_ids, np.transpose(phi))


def theta_table(theta: np.ndarray, topic_ids: Sequence[int] | np.ndarray, article_ids: Sequence[str]) -> pd.DataFrame:
    """article_id, and for each topic a column topic_<topic_id> with its share of the article: rows sum to 1. An article
    without a counted word has no shares (NaN, an empty cell in CSV). theta: shape (A, K)."""
    return _wide("article_id", article_ids, topic_ids, theta)


def _wide(name: str, keys: Sequence[str], topic_ids: Sequence[int] | np.ndarray, values: np.ndarray) -> pd.DataFrame:
    columns = {f"topic_{topic}": values[:, place] for place, topic in enumerate(topic_ids)}
    return pd.DataFrame({name: np.array(keys, dtype=object)} | columns)


def topic_terms_table(
    phi: np.ndarray, topic_ids: Sequence[int] | np.ndarray, terms: Sequence[str], n: int = TOP_TERMS
) -> pd.DataFrame:
    """The `n` most probable terms of each topic: topic_id, rank (from 1, ties in the order of `terms`), term, phi (the
    probability of the term in the topic). phi: shape (K, V), rows sum to 1."""
    top = top_terms(phi, n)
    return pd.DataFrame(
        {
            "topic_id": np.repeat(np.asarray(topic_ids, int), top.shape[1]),
            "rank": np.tile(np.arange(1, top.shape[1] + 1), len(top)),
            "term": np.array(terms, dtype=object)[top.ravel()],
            "phi": np.take_along_axis(phi, top, axis=1).ravel(),
        }
    )
