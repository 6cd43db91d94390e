"""A short label for each topic that reads as a phrase.

A good name is a phrase that is frequent in the topic and pure, as KERT asks (Danilevsky et al. 2014; `baokan.topics.phrases`). To
that comes what a reader asks: it ends as the name of a thing does, and its words are those of the topic.
"""

import re
from collections.abc import Sequence
from itertools import count

import numpy as np
from scipy import sparse

from baokan.topics.phrases import LEAST_PLACES, NO_WORD, OFFICE, SHORTEST_ALONE, Phrases
from baokan.topics.term_ranking import TINY, frex, top_terms
from baokan.words.parts_of_speech import dictionary_tag

MOST_OTHERS = 0.5  # a phrase with this share of its places in other topics is no name of one
LEAST_TOPICALITY = 0.3
ALSO = 0.5  # a second phrase stands beside the first if it is so good in comparison
CANDIDATES = 30  # most probable terms that may mark a topic
FIRST = 10  # the best of these, of which verbs and offices come last
MOST = 3  # phrases and terms in a label
SHORT, LONGEST_LABEL = 14, 24  # characters up to which a label is filled with a third, and with a second
NOTHING = "（无词）"
_JOIN = "、"
# Two characters that begin so and end as a place does stand for whatever place the text is of: 全市, 本县.
_ANY_PLACE = re.compile("[全各本该我][省市县区州盟旗镇乡村国]")


def labels(
    phi: np.ndarray, theta: np.ndarray, article_ids: Sequence[str], terms: Sequence[str], phrases: Phrases
) -> list[str]:
    """A label for each topic, all different: its best phrase, beside it a second one that is nearly as good or else a term,
    and a further term if there is room; without a phrase its best terms; NOTHING if it has no term. No part holds another.

    No longer than LONGEST_LABEL characters, unless a single term is; a number in brackets may come to that, where there are
    too few terms to tell topics apart.

    phi: shape (K, V). theta: shape (A, K), by article in the order of `article_ids`; an article without (NaN) is left out,
    as is one of the phrases that is not among them.
    """
    named: list[str] = []
    heads = _heads(scores(phi, theta, article_ids, phrases), phrases.texts)
    for own, marks in zip(heads, _marks(phi, terms), strict=True):
        named.append(_distinct(_filled(own, marks), marks, named))
    return named


def scores(phi: np.ndarray, theta: np.ndarray, article_ids: Sequence[str], phrases: Phrases) -> np.ndarray:
    """How good a name each phrase is for each topic, 0 if it is none; shape (P, K):

        sqrt(n) * log(n / (places * share of the topic)) * topicality * association * form

    n are its places in the topic. The words of a phrase are of one topic (El-Kishky et al. 2014): of k in article a with
    probability r ~ theta_ak prod_w phi_kw, over those of its words that are terms. An article that has it m times counts
    1 + log m, since a text repeats itself. The logarithm is its purity, as in KERT; the root stands where KERT has n, since
    a name need not be the commonest phrase (应急预案, not 行政主管部门). With one topic, which is as pure as can be, it is 1.
    Topicality is the mean over the words of sqrt(phi_kw / max phi_k) p(k | w), 0 for a word that is no term.

    A phrase names no topic but the one that has most of its places, if LEAST_PLACES are expected there (to the nearest
    whole number) and topicality is at least LEAST_TOPICALITY.
    """
    row = {a: i for i, a in enumerate(article_ids)}
    mine = np.array([row.get(a, -1) for a in phrases.article_ids], dtype=int)
    shares = np.vstack([np.nan_to_num(theta), np.zeros((1, len(phi)))])[mine]
    share = shares.sum(axis=0) / max(shares.sum(), TINY)
    topical = _topicality(phi, share, phrases.columns)
    near = np.flatnonzero((topical >= LEAST_TOPICALITY).any(axis=1))  # the other phrases are most of them
    n, expected = _places(phi, shares, phrases.places[:, near], phrases.columns[near])
    own = n / np.maximum(n.sum(axis=1, keepdims=True), TINY)
    may = (own > 1 - MOST_OTHERS) & (np.rint(expected) >= LEAST_PLACES) & (topical[near] >= LEAST_TOPICALITY)
    purity = np.log(np.maximum(own / np.maximum(share, TINY), 1.0)) if len(phi) > 1 else np.ones(own.shape)
    worth = (np.maximum(phrases.association, 0) * phrases.form)[near, None]
    found = np.zeros(topical.shape)
    found[near] = np.where(may, np.sqrt(n) * purity * topical[near] * worth, 0.0)
    return found


def _places(
    phi: np.ndarray, shares: np.ndarray, places: sparse.csr_matrix, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(places of each phrase in each topic with those of one article dampened, places as they are), shape (P, K) each.
    shares: shape (A, K), rows as in `places`. Topic by topic, since places times topics would not fit into memory."""
    cells = places.tocoo()
    drawn = np.array([_products(weights, columns) for weights in phi])
    drawn /= np.maximum(drawn.max(axis=0, initial=0), TINY)
    total = np.zeros(cells.nnz)
    for column, likely in zip(shares.T, drawn, strict=True):
        total += column[cells.row] * likely[cells.col]
    n, expected = np.zeros((2, len(columns), len(phi)))
    for k, (column, likely) in enumerate(zip(shares.T, drawn, strict=True)):
        r = column[cells.row] * likely[cells.col] / np.maximum(total, TINY)
        n[:, k] = np.bincount(cells.col, r * (1 + np.log(cells.data)), minlength=len(n))
        expected[:, k] = np.bincount(cells.col, r * cells.data, minlength=len(n))
    return n, expected


def _products(weights: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Of the weights of the terms of each phrase, shape (P,). weights: of the terms, shape (V,)."""
    weights = np.append(weights, 1.0)  # what is no term is as likely in one topic as in another
    return weights[np.where(columns < 0, len(weights) - 1, columns)].prod(axis=1)


def _topicality(phi: np.ndarray, share: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Of phrases in topics, as in `scores`, shape (P, K). share: of the topics, shape (K,)."""
    mass = phi * share[:, None]
    own = mass / np.maximum(mass.sum(axis=0), TINY)
    often = np.sqrt(phi / np.maximum(phi.max(axis=1, initial=0, keepdims=True), TINY))
    weights = np.hstack([often * own, np.zeros((len(phi), 1))])
    columns, size = np.where(columns < 0, phi.shape[1], columns), (columns > NO_WORD).sum(axis=1)
    return np.column_stack([weight[columns].sum(axis=1) / size for weight in weights])


def _heads(worth: np.ndarray, texts: list[str]) -> list[list[str]]:
    """The phrases for each topic: the best one, none holding that of another topic, and the best of those with ALSO of its
    score that share nothing with it. worth: of `scores`, shape (P, K)."""
    heads: list[list[str]] = []
    for column in worth.T:
        order = [i for i in np.argsort(-column, kind="stable") if column[i] > 0]
        taken = [h for head in heads for h in head]
        order = [i for i in order if not any(_overlap(texts[i], t, strict=False) for t in taken)]
        also = [i for i in order[1:] if column[i] >= ALSO * column[order[0]]]
        second = next((i for i in also if not _overlap(texts[i], texts[order[0]], strict=True)), None)
        heads.append([texts[i] for i in (*order[:1], second) if i is not None])
    return heads


def _marks(phi: np.ndarray, terms: Sequence[str]) -> list[list[str]]:
    """Terms that mark each topic: of its CANDIDATES most probable ones the best first by FREX, with those among the FIRST
    that say little by themselves (verbs, offices, 全市) after the others."""
    if not len(terms):
        return [[] for _ in phi]
    marks = []
    for weights, values, often in zip(phi, frex(phi), top_terms(phi, CANDIDATES), strict=True):
        often = often[weights[often] > 0]
        best = [terms[i] for i in often[np.argsort(-values[often], kind="stable")]]
        marks.append(sorted(best[:FIRST], key=_says_little) + best[FIRST:])
    return marks


def _says_little(term: str) -> bool:
    office = len(term) >= SHORTEST_ALONE and OFFICE.fullmatch(term)  # not 卫生室, which may well be the subject
    return bool(office or dictionary_tag(term) == "v" or _ANY_PLACE.fullmatch(term))


def _filled(heads: list[str], marks: list[str]) -> list[str]:
    """The parts of a label: phrases and the first of `marks` that say something else, up to MOST while there is room. If no
    term says anything else, one that shares a word with what is there, but neither holds it nor is held by it."""
    parts = heads[: 2 if len(_JOIN.join(heads)) <= LONGEST_LABEL else 1]
    for strict in (True, False):
        for term in marks:
            if len(parts) < MOST and not any(_overlap(term, p, strict) for p in parts):
                room = SHORT if heads and len(parts) > 1 else LONGEST_LABEL
                if parts and len(_JOIN.join([*parts, term])) > room:
                    break
                parts.append(term)
        if len(parts) > 1:
            break
    return parts


def _overlap(a: str, b: str, strict: bool) -> bool:
    """Whether one holds the other; strictly, whether they have two characters in a row in common."""
    return a in b or b in a or (strict and any(a[i : i + 2] in b for i in range(len(a) - 1)))


def _distinct(parts: list[str], marks: list[str], others: list[str]) -> str:
    """The label of `parts`; if one of `others` is the same, with more terms, or with a number if there is no room."""
    label = _JOIN.join(parts) or NOTHING
    for term in marks:
        if label not in others:
            break
        if term not in parts and len(longer := label + _JOIN + term) <= LONGEST_LABEL:
            label = longer
    if label not in others:
        return label
    return next(numbered for i in count(2) if (numbered := f"{label}（{i}）") not in others)
