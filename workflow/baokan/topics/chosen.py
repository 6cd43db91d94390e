"""The model that is reported, made of all fits of the chosen K, and its tables: topics with their terms and merits, mixtures."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.corpus.originals import originals
from baokan.corpus.rulings import Ruling
from baokan.topics.alignment import SAME_TOPIC
from baokan.topics.coherence import c_v, npmi, u_mass
from baokan.topics.labels import labels
from baokan.topics.model_selection import COHERENCE_TERMS, merits, nearest
from baokan.topics.passages import passages
from baokan.topics.phrases import pair_counts
from baokan.topics.reported import ReportedModel, merged
from baokan.topics.rulings import TERMS, Ruled, partners, ruled
from baokan.topics.term_ranking import exclusivity, frex, lift, top_terms
from baokan.topics.training import Fits
from baokan.words.tokens import Tokens


class Corpus(NamedTuple):
    """What the chosen model is described with: articles (article_id, issue_id, text, duplicate_of), their tokens, terms (V),
    counts of chunks, shape (N, V), and of articles, shape (A, V)."""

    articles: pd.DataFrame
    tokens: Tokens
    terms: list[str]
    counts: sparse.csr_matrix
    by_article: sparse.csr_matrix


class Chosen(NamedTuple):
    """model: what is reported. said: how it was chosen, as JSON can hold it: k, seed (the number of the fit), n_fits (of this
    K), neighbours (the next K that were tried), reason. tables: search, topics, article_topics, passages, rulings."""

    model: ReportedModel
    said: dict
    tables: dict[str, pd.DataFrame]


def size_order(theta: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Topics from the largest to the smallest by share of the text, shape (K,); topic_id is the place in it, from 1.

    theta: shape (A, K), may hold NaN rows; weights: tokens of the articles, shape (A,).
    """
    return np.argsort(-np.nansum(theta * weights[:, None], axis=0), kind="stable")


def return_scores(
    phi: np.ndarray, others: Iterable[np.ndarray], members: list[list[int]], weights: np.ndarray
) -> np.ndarray:
    """Similarity of each reported topic to what stands for it in each of M other models, shape (M, K'). phi: the model
    before topics were merged, shape (K, V); others: shape (K'', V) each; members, weights: as in `ruled.partners`."""
    found = [partners(phi, other, members, weights)[1] for other in others]
    return np.array(found).reshape(len(found), len(members))


def returns(scores: np.ndarray) -> np.ndarray:
    """Share of models in which each topic has a partner that is called the same, shape (K',); NaN if there is none."""
    if not len(scores):
        return np.full(scores.shape[1], np.nan)
    return np.mean(scores >= SAME_TOPIC, axis=0)


def colour(topic_id: int) -> str:
    """The colour of a topic, by its number alone, so that it is the same everywhere: hues in steps of the golden angle,
    which keeps neighbours apart however many there are."""
    hue = (topic_id * 137.50776) % 360
    light = (0.42, 0.52, 0.34)[topic_id % 3]
    red, green, blue = (
        light - 0.6 * min(light, 1 - light) * max(-1, min(place - 3, 9 - place, 1))
        for place in ((n + hue / 30) % 12 for n in (0, 8, 4))
    )
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def topics_table(model: ReportedModel, names: list[str], corpus: Corpus, top: int) -> pd.DataFrame:
    """A row per reported topic: topic_id, label, auto_label, colour, share (of all counted text), top_terms, frex_terms,
    lift_terms, mark_terms (the 20 most probable, by which a topic is known again), coherence (c_npmi), c_v, u_mass,
    exclusivity, excluded, ruling, merged (the numbers of the topics that it holds besides its own).

    names: those that the user gave, "" where there is none. Of `model`, the labels are not looked at: they are made here.
    """
    phi, theta, terms = model.phi, model.theta, model.terms
    often, candidates = top_terms(phi, COHERENCE_TERMS), top_terms(phi, 5 * top)
    marks, raised = frex(phi), lift(phi, corpus.by_article)
    own = originals(corpus.articles)
    phrases = pair_counts(corpus.tokens, {term: i for i, term in enumerate(terms)}, own)
    auto = labels(phi, theta, list(corpus.articles["article_id"]), terms, phrases)
    mass = np.nansum(theta * corpus.by_article.sum(axis=1).A1[:, None], axis=0)

    def words(columns: Iterable[int]) -> list[str]:
        return [terms[i] for i in columns]

    return pd.DataFrame(
        {
            "topic_id": model.topic_ids,
            "label": [name or label for name, label in zip(names, auto, strict=True)],
            "auto_label": auto,
            "colour": [colour(int(i)) for i in model.topic_ids],
            "share": mass / max(mass.sum(), np.finfo(float).tiny),
            "top_terms": [words(row) for row in top_terms(phi, top)],
            "frex_terms": [words(r[np.argsort(-marks[k][r], kind="stable")][:top]) for k, r in enumerate(candidates)],
            "lift_terms": [words(row) for row in top_terms(raised, top)],
            "mark_terms": [words(row) for row in top_terms(phi, TERMS)],
            "coherence": npmi(often, corpus.counts),
            "c_v": c_v(often, corpus.counts),
            "u_mass": u_mass(often, corpus.counts),
            "exclusivity": exclusivity(phi, often),
            "excluded": model.excluded,
            "ruling": model.ruling,
            "merged": [
                [topic + 1 for topic in own if topic + 1 != number]
                for own, number in zip(model.members, model.topic_ids, strict=True)
            ],
        }
    )


def article_topics_table(article_ids: list[str], shares: np.ndarray, topic_ids: np.ndarray) -> pd.DataFrame:
    """Long form of the mixtures: article_id, topic_id, share; an article without counted words has no rows."""
    filled = np.flatnonzero(~np.isnan(shares).any(axis=1))
    return pd.DataFrame(
        {
            "article_id": np.repeat(np.array(article_ids, dtype=object)[filled], len(topic_ids)),
            "topic_id": np.tile(topic_ids, len(filled)),
            "share": shares[filled].ravel(),
        }
    )


def chosen_model(
    choice: dict,
    fits: Fits,
    neighbours: dict[int, np.ndarray],
    check: np.ndarray | None,
    search: pd.DataFrame,
    corpus: Corpus,
    rulings: Iterable[Ruling],
    top: int,
    n_passages: int,
) -> Chosen:
    """The model that is reported, of all fits of the chosen K. Topics are numbered by size.

    choice: k and reason. neighbours: by K, phi of the fits of the next smaller and the next larger K that were tried, shape
    (S, K, V). check: phi of another engine's fits, shape (S, K, V), or None. search: of the search, to which the later fits
    of the chosen K are added.
    """
    best, near = nearest(fits.phi)
    n_tokens = np.asarray(corpus.by_article.sum(axis=1)).ravel()
    order = size_order(fits.theta[best], n_tokens)
    fitted, mixtures = fits.phi[best][order], fits.theta[best][:, order]
    rule = ruled(rulings, fitted, corpus.terms)
    model = _reported(fitted, mixtures, n_tokens, rule, corpus.terms, int(fits.numbers[best]), fits.alpha)
    topics = topics_table(model, rule.names, corpus, top)
    made_of = model.members, model.weights
    topics["stability"] = returns(return_scores(fitted, np.delete(fits.phi, best, axis=0), *made_of))
    around = [phi for k in sorted(neighbours) for phi in neighbours[k]]
    topics["stability_k"] = returns(return_scores(fitted, around, *made_of))
    topics["check"] = returns(return_scores(fitted, [] if check is None else check, *made_of))
    ids = list(corpus.articles["article_id"])
    quoted = [
        passages(corpus.articles, model.theta, column, model.phi, corpus.terms, n_passages).assign(topic_id=int(number))
        for column, number in enumerate(model.topic_ids)
    ]
    said = {
        "k": choice["k"], "seed": model.number, "n_fits": len(fits.phi), "neighbours": sorted(neighbours),
        "reason": choice["reason"] + _which(len(fits.phi)),
    }  # fmt: skip
    tables = {
        "search": _all_fits(search, choice["k"], fits, near, best, corpus.counts),
        "topics": topics,
        "article_topics": article_topics_table(ids, model.theta, model.topic_ids),
        "passages": pd.concat(quoted, ignore_index=True),
        "rulings": rule.outcomes,
    }
    return Chosen(replace(model, labels=topics["label"].tolist()), said, tables)


def _reported(
    fitted: np.ndarray,
    mixtures: np.ndarray,
    n_tokens: np.ndarray,
    rule: Ruled,
    terms: list[str],
    number: int,
    alpha: float,
) -> ReportedModel:
    """A fit as ruled, without labels. fitted: shape (K, V); mixtures: of the articles, shape (A, K); n_tokens: shape (A,)."""
    parts = np.empty(len(fitted), dtype=int)
    for place, own in enumerate(rule.members):
        parts[own] = place
    # A topic of no text still has a weight, or a mean over such topics would be none.
    weights = np.nansum(mixtures * n_tokens[:, None], axis=0) + np.finfo(float).tiny
    return ReportedModel(
        number, alpha, fitted, weights, parts, merged(mixtures, rule.members), terms, rule.topic_ids,
        [""] * len(rule.topic_ids), rule.excluded, rule.ruling,
    )  # fmt: skip


def _which(n: int) -> str:
    return f" Of its {n} fits the one nearest to the others is reported." if n > 1 else " It was fitted once."


def _all_fits(
    search: pd.DataFrame, k: int, fits: Fits, near: np.ndarray, best: int, counts: sparse.csr_matrix
) -> pd.DataFrame:
    """The search with the fits that were made once K was chosen, whose stability and score are NaN: they had no part in the
    choice of K. nearness: mean similarity to all other fits of the chosen K, by which the reported one is taken."""
    known = set(search.loc[search["k"] == k, "seed"])
    held = search.loc[search["k"] == k, ["held_out", "held_out_error"]].iloc[0].to_dict()
    later = [
        {"k": k, "seed": int(number), **merits(phi, counts), "stability": np.nan, "score": np.nan, **held}
        for number, phi in zip(fits.numbers, fits.phi, strict=True)
        if int(number) not in known
    ]
    table = pd.concat([search, pd.DataFrame(later)], ignore_index=True) if later else search.copy()
    mine = table["k"] == k
    table["nearness"] = table["seed"].map(dict(zip(fits.numbers, near, strict=True))).where(mine)
    return table.assign(chosen=mine & (table["seed"] == int(fits.numbers[best])))
