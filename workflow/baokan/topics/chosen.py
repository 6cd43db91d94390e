"""The chosen model as tables: topics with their terms, merits and articles' mixtures."""

import math

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.folding import fold
from baokan.topics.alignment import SAME_TOPIC, align
from baokan.topics.choice import COHERENCE_TERMS, choose, search_table
from baokan.topics.quality import frex, npmi, top_terms

LABEL_TERMS = 3
SHORTEST_PASSAGE = 40  # characters


def by_article(theta: np.ndarray, chunks: pd.DataFrame, article_ids: list[str]) -> np.ndarray:
    """Topic shares of articles, shape (..., A, K): means of their chunks' theta, weighted by counted tokens.

    theta: shape (..., N, K), rows as in `chunks` (article_id, n_tokens). A chunk without theta (NaN: no term of it is
    known to the model) is left out; an article of which nothing remains is NaN.
    """
    row = {a: i for i, a in enumerate(article_ids)}
    index = np.array([row[a] for a in chunks["article_id"]], dtype=int)
    weights = chunks["n_tokens"].to_numpy(float)
    pick = sparse.csr_matrix((weights, (index, np.arange(len(index)))), shape=(len(article_ids), len(index)))
    shares = []
    for one in theta.reshape(math.prod(theta.shape[:-2]), *theta.shape[-2:]):
        known = ~np.isnan(one).any(axis=1)
        total = (pick @ known.astype(float))[:, None]
        shares.append((pick @ np.where(known[:, None], one, 0.0)) / np.where(total > 0, total, np.nan))
    shares = np.array(shares)
    return shares.reshape(*theta.shape[:-2], len(article_ids), theta.shape[-1])


def size_order(theta: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Topics from the largest to the smallest by share of the text, shape (K,); topic_id is the place in it, from 1.

    theta: shape (N, K), may hold NaN rows; weights: shape (N,).
    """
    return np.argsort(-np.nansum(theta * weights[:, None], axis=0), kind="stable")


def label(phi: np.ndarray, terms: list[str], n: int = LABEL_TERMS) -> list[str]:
    """A short label for each topic: its first `n` terms by FREX among its 30 most probable ones."""
    labels = []
    for scores, often in zip(frex(phi), top_terms(phi, 30), strict=True):
        best = often[np.argsort(-scores[often], kind="stable")][:n]
        labels.append("、".join(terms[i] for i in best))
    return labels


def returns(phi: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Share of the models `others`, shape (M, K', V), in which each topic of `phi`, shape (K, V), has a partner that
    is called the same; shape (K,), NaN if there is no other model."""
    if not len(others):
        return np.full(len(phi), np.nan)
    return np.mean([align(phi, other)[1] >= SAME_TOPIC for other in others], axis=0)


def topics_table(
    phi: np.ndarray, share: np.ndarray, terms: list[str], counts: sparse.csr_matrix, stability: np.ndarray, top: int
) -> pd.DataFrame:
    """A row per topic: topic_id (from 1, by size), label, share (of all counted text), top_terms and frex_terms
    (lists), coherence (NPMI), stability (share of the other fits in which it returns).

    phi: shape (K, V), in the order of topic_id; share: shape (K,); counts: documents for coherence, shape (D, V).
    """
    often = top_terms(phi, max(top, COHERENCE_TERMS))
    candidates = top_terms(phi, 5 * top)
    marks = frex(phi)
    marking = [row[np.argsort(-marks[k][row], kind="stable")][:top] for k, row in enumerate(candidates)]
    return pd.DataFrame(
        {
            "topic_id": np.arange(1, len(phi) + 1),
            "label": label(phi, terms),
            "share": share,
            "top_terms": [[terms[i] for i in row[:top]] for row in often],
            "frex_terms": [[terms[i] for i in row] for row in marking],
            "coherence": npmi(often[:, :COHERENCE_TERMS], counts),
            "stability": stability,
        }
    )


def article_topics_table(article_ids: list[str], shares: np.ndarray) -> pd.DataFrame:
    """Long form of the mixtures: article_id, topic_id, share; an article without counted words has no rows."""
    filled = np.flatnonzero(~np.isnan(shares).any(axis=1))
    k = shares.shape[1]
    return pd.DataFrame(
        {
            "article_id": np.repeat(np.array(article_ids, dtype=object)[filled], k),
            "topic_id": np.tile(np.arange(1, k + 1), len(filled)),
            "share": shares[filled].ravel(),
        }
    )


def passages(
    articles: pd.DataFrame, shares: np.ndarray, topic: int, phi: np.ndarray, terms: list[str], n: int
) -> pd.DataFrame:
    """The `n` articles with the largest share of `topic` (column of shares), no two of one issue while others remain
    among the max(50, 10 n) largest, each with the paragraph in which the topic's terms are densest: article_id, share,
    passage. Terms are looked for in Simplified text, the passage is quoted as it stands.

    articles: article_id, issue_id, text, duplicate_of; shares: shape (A, K); phi: shape (K, V).
    """
    column = shares[:, topic]
    order = [i for i in np.argsort(-np.nan_to_num(column, nan=-1.0), kind="stable") if column[i] > 0]
    order = [i for i in order if articles["duplicate_of"].iat[i] == ""]
    seen, first, later = set(), [], []
    for i in order[: max(50, 10 * n)]:
        issue = articles["issue_id"].iat[i] or articles["article_id"].iat[i]
        (later if issue in seen else first).append(i)
        seen.add(issue)
    best = top_terms(phi[topic : topic + 1], 30)[0]
    weight = [(fold(terms[j]), phi[topic, j]) for j in best]
    rows = []
    for i in (first + later)[:n]:
        paragraphs = [p for p in articles["text"].iat[i].split("\n") if p.strip()]
        # A salutation or a signature is short and may be one term: what is quoted must say something.
        paragraphs = [p for p in paragraphs if len(p) >= SHORTEST_PASSAGE] or paragraphs
        density = [sum(p.count(t) * w for t, w in weight) / (len(p) + 20) for p in map(fold, paragraphs)]
        passage = paragraphs[int(np.argmax(density))] if paragraphs else ""
        rows.append((articles["article_id"].iat[i], column[i], passage))
    return pd.DataFrame(rows, columns=["article_id", "share", "passage"])


def chosen_tables(
    models: dict[int, tuple[np.ndarray, np.ndarray]],
    articles: pd.DataFrame,
    vocabulary: pd.DataFrame,
    chunks: pd.DataFrame,
    counts: sparse.csr_matrix,
    top: int,
    n_passages: int,
) -> tuple[dict, dict[str, pd.DataFrame], np.ndarray, np.ndarray]:
    """(what was chosen and why, the tables search, topics, article_topics and passages, phi, theta of the articles).

    models: by K, phi of shape (S, K, V) and theta of shape (S, N, K), rows of theta as in `chunks`. Topics are numbered
    by size. phi: shape (K, V); theta: shape (A, K), rows as in `articles`.
    """
    terms = list(vocabulary.loc[vocabulary["index"] >= 0, "term"])
    ids = list(articles["article_id"])
    search = search_table({k: phi for k, (phi, _) in models.items()}, counts)
    k, seed, reason = choose(search)
    phis, thetas = models[k]
    weights = chunks["n_tokens"].to_numpy(float)
    order = size_order(thetas[seed], weights)
    phi, theta = phis[seed][order], by_article(thetas[seed], chunks, ids)[:, order]
    mass = np.nansum(thetas[seed][:, order] * weights[:, None], axis=0)
    share = mass / mass.sum()
    stability = returns(phi, np.delete(phis, seed, axis=0))
    topics = topics_table(phi, share, terms, counts, stability, top)
    quoted = [passages(articles, theta, t, phi, terms, n_passages).assign(topic_id=t + 1) for t in range(k)]
    tables = {
        "search": search.assign(chosen=(search["k"] == k) & (search["seed"] == seed)),
        "topics": topics,
        "article_topics": article_topics_table(ids, theta),
        "passages": pd.concat(quoted, ignore_index=True),
    }
    return {"k": k, "seed": seed, "reason": reason, "order": order.tolist()}, tables, phi, theta


def check_table(phi: np.ndarray, other: np.ndarray) -> pd.DataFrame:
    """For each topic of the chosen model, its partner in a fit of another engine: topic_id, partner (row of its phi),
    similarity, returns. phi: shape (K, V); other: shape (K', V)."""
    partner, score = align(phi, other)
    return pd.DataFrame(
        {
            "topic_id": np.arange(1, len(phi) + 1),
            "partner": partner,
            "similarity": score,
            "returns": score >= SAME_TOPIC,
        }
    )
