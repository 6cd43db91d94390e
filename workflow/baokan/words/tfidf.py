"""TF-IDF by article and by source, in the variants of SMART notation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import norm

SCHEMES = tuple(map("".join, product("nlab", "ntsp", "nc")))
DEFAULT_SCHEME = "lsc"

_BY_SOURCE = {
    "source": "str",
    "rank": int,
    "term": "str",
    "tfidf": float,
    "tfidf_elsewhere": float,
    "n_articles": int,
    "n_issues": int,
}


def weighted(counts: sparse.csr_matrix, scheme: str = DEFAULT_SCHEME) -> sparse.csr_matrix:
    """TF-IDF weights, shape (n_articles, n_terms); stored are the cells in which a term occurs, even where they are 0.

    counts: occurrences, shape (n_articles, n_terms). scheme: three letters, as in SMART notation (Manning, Raghavan &
    Schuetze 2008, fig. 6.15):

    - term frequency: n natural, tf; l logarithmic, 1 + ln tf; a augmented, 0.5 + 0.5 tf / (largest tf of the article);
      b boolean, 1. All are 0 where the term does not occur.
    - document frequency: n none, 1; t inverse, ln(N / df); p probabilistic, max(0, ln((N - df) / df)); s smoothed,
      ln((1 + N) / (1 + df)) + 1, which is scikit-learn's and not in SMART: with it a term of all articles keeps a weight.
    - normalisation: n none; c cosine, each row scaled to unit length.

    N counts all rows, also articles without any of the terms, as in scikit-learn. Logs are natural: the base only scales
    t and p, but l depends on it. "lsc" equals TfidfTransformer(sublinear_tf=True). A row of zeros stays one.

    Raises ValueError, with the letters allowed, for any other scheme.
    """
    if scheme not in SCHEMES:
        raise ValueError(
            f"no weighting scheme {scheme!r}: it is a letter for the term frequency (n, l, a or b), one for the document "
            "frequency (n, t, s or p) and one for the normalisation (n or c), such as " + DEFAULT_SCHEME
        )
    tf, df, normalisation = tuple(scheme)
    weights = canonical(counts)
    n_rows = weights.shape[0]
    frequency = np.bincount(weights.indices, minlength=weights.shape[1])
    if tf == "l":
        weights.data = 1 + np.log(weights.data)
    elif tf == "a" and weights.nnz:
        largest = weights.max(axis=1).toarray().ravel()
        weights.data = 0.5 + 0.5 * weights.data / np.repeat(largest, np.diff(weights.indptr))
    elif tf == "b":
        weights.data = np.ones(weights.nnz)
    # Terms that occur nowhere have no idf and no cell, and p of one that occurs everywhere is max(0, ln 0).
    with np.errstate(divide="ignore", invalid="ignore"):
        if df == "t":
            idf = np.log(n_rows / frequency)
        elif df == "s":
            idf = np.log((1 + n_rows) / (1 + frequency)) + 1
        elif df == "p":
            idf = np.maximum(0.0, np.log((n_rows - frequency) / frequency))
        else:
            idf = np.ones(len(frequency))
    weights.data *= idf[weights.indices]
    if normalisation == "c" and weights.nnz:
        length = norm(weights, axis=1)
        weights.data /= np.repeat(np.where(length > 0, length, 1.0), np.diff(weights.indptr))
    return weights


def tfidf_by_source(
    counts: sparse.csr_matrix, articles: pd.DataFrame, terms: list[str], top: int, scheme: str = DEFAULT_SCHEME
) -> pd.DataFrame:
    """The `top` terms of each source by mean TF-IDF: source, rank, term, tfidf, tfidf_elsewhere, n_articles, n_issues.

    counts: shape (n_articles, n_terms), rows as in `articles` (source, issue_id). scheme: as in `weighted`. A source's
    value is the mean over its articles, so that with cosine normalisation a long article weighs no more than a short
    one. Terms whose mean is 0 are left out. Terms in a single issue of a source are listed last for want of breadth.
    Articles of no issue (issue_id "") add nothing to n_issues.
    """
    weights = weighted(counts, scheme)
    if 0 in counts.shape:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _BY_SOURCE.items()})
    present = canonical(counts)
    present.data[:] = 1
    source = articles["source"].to_numpy()
    frames = []
    for name in sorted(set(source)):
        inside = source == name
        mean = np.asarray(weights[inside].mean(axis=0)).ravel()
        elsewhere = np.asarray(weights[~inside].mean(axis=0)).ravel() if (~inside).any() else np.zeros(len(terms))
        issues = articles.loc[inside, "issue_id"]
        issue_numbers, issue_names = pd.factorize(issues.where(issues != ""))
        dated = np.flatnonzero(issue_numbers >= 0)
        by_issue = sparse.csr_matrix(
            (np.ones(len(dated)), (issue_numbers[dated], dated)), shape=(len(issue_names), inside.sum())
        )
        n_issues = np.asarray(((by_issue @ present[inside]) > 0).sum(axis=0)).ravel()
        n_articles = np.asarray(present[inside].sum(axis=0)).ravel()
        frame = pd.DataFrame(
            {
                "source": name,
                "term": terms,
                "tfidf": mean,
                "tfidf_elsewhere": elsewhere,
                "n_articles": n_articles.astype(int),
                "n_issues": n_issues.astype(int),
            }
        )
        frame = frame[frame["tfidf"] > 0]
        frame["narrow"] = (frame["n_issues"] < 2) & (len(issue_names) > 1)
        frame = frame.sort_values(["narrow", "tfidf", "term"], ascending=[True, False, True]).head(top)
        frame.insert(1, "rank", np.arange(1, len(frame) + 1))
        frames.append(frame.drop(columns="narrow"))
    return pd.concat(frames, ignore_index=True)


def tfidf_by_article(
    counts: sparse.csr_matrix, articles: pd.DataFrame, terms: list[str], top: int, scheme: str = DEFAULT_SCHEME
) -> pd.DataFrame:
    """The `top` terms of each article by TF-IDF, ties by term: article_id, rank (from 1), term, tfidf, n (occurrences).

    counts: shape (n_articles, n_terms), rows as in `articles` (article_id), whose order is kept. scheme: as in
    `weighted`. Terms of weight 0 are left out, and so an article may have no row.
    """
    alphabetical = np.argsort(np.asarray(terms, dtype=object), kind="stable")
    counts = canonical(counts)[:, alphabetical]
    counts.sort_indices()
    weights = weighted(counts, scheme)
    # Both matrices store the same cells in the same order: by article, then term. Sorting is stable.
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    order = np.lexsort((-weights.data, rows))
    rank = np.arange(1, len(order) + 1) - counts.indptr[rows]
    order, rank = order[rank <= top], rank[rank <= top]
    some = weights.data[order] > 0
    order, rank = order[some], rank[some]
    return pd.DataFrame(
        {
            "article_id": articles["article_id"].take(rows[order]).to_numpy(),
            "rank": rank.astype(int),
            "term": pd.Series(terms, dtype="str").take(alphabetical[counts.indices[order]]).to_numpy(),
            "tfidf": weights.data[order],
            "n": counts.data[order].astype(int),
        }
    )


def canonical(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """A copy in floats, each cell stored once, in order, and none that is zero."""
    counts = sparse.csr_matrix(counts, dtype=float, copy=True)
    counts.sum_duplicates()
    counts.eliminate_zeros()
    return counts
