"""How often each word stands in articles, issues and sources, as sparse matrices."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.words.tokens import Tokens


def word_counts(tokens: Tokens) -> sparse.csr_matrix:
    """Occurrences by article and word, shape (A, W), int32."""
    ones = np.ones(len(tokens.ids), np.int32)
    # A copy: scipy sorts and sums in place, and would take the caller's array for its own.
    counts = sparse.csr_matrix(
        (ones, tokens.ids.copy(), tokens.starts), shape=(len(tokens.article_ids), len(tokens.words))
    )
    counts.sum_duplicates()
    return counts


def article_counts(chunks: pd.DataFrame, counts: sparse.csr_matrix, article_ids: list[str]) -> sparse.csr_matrix:
    """Counts by article, shape (len(article_ids), n_terms); an article without chunks is a row of zeros."""
    row = {a: i for i, a in enumerate(article_ids)}
    rows = [row[a] for a in chunks["article_id"]]
    pick = sparse.csr_matrix(
        (np.ones(len(rows), np.int32), (rows, np.arange(len(rows)))), shape=(len(article_ids), len(rows))
    )
    return (pick @ counts).tocsr()


def summed(counts: sparse.csr_matrix, groups: np.ndarray) -> tuple[np.ndarray, sparse.csr_matrix]:
    """(names of the groups in their order, sums of the rows of each group, shape (n_groups, W)). groups: a name by row;
    a row of "" is in no group."""
    names = np.array(sorted(set(groups) - {""}), dtype=object)
    place = {name: i for i, name in enumerate(names)}
    rows = np.array([i for i, g in enumerate(groups) if g != ""], dtype=np.int64)
    columns = np.array([place[g] for g in groups if g != ""], dtype=np.int64)
    member = sparse.csr_matrix((np.ones(len(rows), np.int32), (columns, rows)), shape=(len(names), counts.shape[0]))
    return names, (member @ counts).tocsr()


def stands_for(articles: pd.DataFrame) -> np.ndarray:
    """The issue of each article, or its document where it belongs to none: what a word must be spread over. Shape (A,)."""
    return np.where(articles["issue_id"] != "", articles["issue_id"], "document " + articles["document_id"])


class Spread(NamedTuple):
    """Where words stand, for each of W words and S sources."""

    sources: list[str]
    occurrences: np.ndarray  # shape (S, W)
    articles: np.ndarray  # articles that hold the word, shape (S, W)
    issues: np.ndarray  # issues (or undated documents) that hold it, shape (S, W)
    n_articles: np.ndarray  # of the source, shape (S,)
    n_issues: np.ndarray  # of the source, shape (S,)


def spread(counts: sparse.csr_matrix, articles: pd.DataFrame) -> Spread:
    """counts: of `word_counts`, rows as in `articles` (source, issue_id, document_id)."""
    source = articles["source"].to_numpy(dtype=object)
    sources, occurrences = summed(counts, source)
    present = (counts > 0).astype(np.int32)
    issue = stands_for(articles)
    names, by_issue = summed(counts, issue)
    source_of = dict(zip(issue, source, strict=True))
    owner = np.array([source_of[name] for name in names], dtype=object)
    return Spread(
        list(sources),
        occurrences.toarray(),
        summed(present, source)[1].toarray(),
        summed((by_issue > 0).astype(np.int32), owner)[1].toarray(),
        np.array([(source == s).sum() for s in sources], dtype=np.int64),
        np.array([(owner == s).sum() for s in sources], dtype=np.int64),
    )
