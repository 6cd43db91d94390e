"""A short label for each topic that reads as a phrase, and the terms that a topic has more often than the corpus has.

A phrase is two or three words that stand together again and again, or a term of four or more characters. What makes one a good
name is what KERT asks of a key phrase (Danilevsky et al. 2014): it is frequent in the topic, pure (of this topic rather than of
the others), its words hold together, and it is complete, no piece of a longer one. To that comes what a reader asks: it ends as
the name of a thing does, and its words are those of the topic.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np
from scipy import sparse

from baokan.topics.term_ranking import frex, top_terms
from baokan.words.edges import Edges
from baokan.words.parts_of_speech import dictionary_tag, kinds
from baokan.words.tokens import Tokens, lengths, owners

DAMPING = 5.0  # occurrences that lift adds to those of each term
LEAST_PLACES, LEAST_ARTICLES = 3, 2
MOST_PARTS, LONGEST_PHRASE = 3, 10  # words; characters
SHORTEST_ALONE = 4  # characters of a term that is a phrase by itself
MOSTLY = 0.7  # a phrase with the same word beside it in so many of its places is a piece of a longer one
# A term alone has no association. This is less than most names that stand together have (0.4 to 0.8): two words say more.
ASSOCIATION_ALONE = 0.35
MOST_OTHERS = 0.5  # a phrase with this share of its places in other topics is no name of one
LEAST_TOPICALITY = 0.3
LESS = 0.5  # what a phrase is worth that is rather a clause, or the name of an office
ALSO = 0.5  # a second phrase stands beside the first if it is so good in comparison
CANDIDATES = 30  # most probable terms that may mark a topic
FIRST = 10  # the best of these, of which verbs and offices come last
MOST = 3  # phrases and terms in a label
SHORT, LONGEST_LABEL = 14, 24  # characters up to which a label is filled with a third, and with a second
NOTHING = "（无词）"
_NO_TERM, _NO_WORD = -1, -2
_TINY = 1e-300
_JOIN = "、"
_PARTS_OF_PHRASES = ("noun", "verb", "adjective", "term", "abbreviation", "proper", "idiom")
_NO_NEIGHBOURS = ("", "mark", "blank", "function", "number", "time")
_NAMING = ("noun", "idiom", "abbreviation", "proper", "unknown")
# What offices and their branches end with. They are who acts or speaks in an article, seldom what it is about.
_OFFICE = re.compile("^.*(?:[局院厅委署队室办府]|(?<!场)所|(?<![干全内])部|(?<![好益长坏])处|(?<!网)站|委员会|部门)")
# Two characters that begin so and end as a place does stand for whatever place the text is of: 全市, 本县.
_ANY_PLACE = re.compile("[全各本该我][省市县区州盟旗镇乡村国]")


class Phrases(NamedTuple):
    """P phrases of up to MOST_PARTS words in A articles."""

    article_ids: list[str]
    texts: list[str]
    columns: np.ndarray  # the term that each word is, -1 if it is none, -2 where there is no further word; shape (P, 3)
    places: sparse.csr_matrix  # occurrences, shape (A, P)
    association: np.ndarray  # how firmly the words hold together: normalised PMI, in [-1, 1]; shape (P,)
    form: np.ndarray  # 1 if it reads as a name, LESS for each thing that speaks against it; shape (P,)


def lift(phi: np.ndarray, counts: sparse.csr_matrix, damping: float = DAMPING) -> np.ndarray:
    """How many times as probable each term is in each topic as in the corpus, shape (K, V): phi_kv / p_v (Taddy 2012).

    p_v = (n_v + damping) / N for a term that stands n_v times among N. Undamped, the list is headed by words seen once:
    whatever topic they fall to has all of them. With it such a word comes to 1 / (1 + damping) of what a frequent term that
    is wholly of that topic comes to, one seen `damping` times to half.

    phi: shape (K, V). counts: of documents, shape (D, V).
    """
    n = np.asarray(counts.sum(axis=0), dtype=float).ravel()
    return phi * n.sum() / np.maximum(n + damping, _TINY)


def pair_counts(tokens: Tokens, index: Mapping[str, int], taken: np.ndarray | None = None) -> Phrases:
    """The phrases of a corpus: runs of two or three words with no mark or blank between them, and long terms alone, that
    stand in LEAST_PLACES places and LEAST_ARTICLES articles.

    At least half of the words are terms; the others are any nouns, verbs, adjectives ... of two or more characters, since what
    is too common to be counted (发展) still makes a phrase (产业发展). The rules for the edges of a term hold
    (`words.edges`); a phrase ends as a name does, or with a verb that has its noun before it (草场围栏). A phrase beside which
    the same word stands in MOSTLY of its places is a piece of a longer one and left out; so is what the vocabulary has whole.

    Association is normalised PMI (Bouma 2009), for three words by the total correlation over 2 (Van de Cruys 2011).

    index: column of each term in the counts. taken: boolean, the articles to look at (not the repeats), shape (A,).
    """
    text = _read(tokens, index, taken)
    tables = [_table(text, at, number, size) for size, at, number in _runs(text)]
    texts = [t for table in tables for t in table[0]]
    columns, association, form = (np.concatenate([table[i] for table in tables]) for i in (1, 3, 4))
    places = sparse.hstack([table[2] for table in tables], format="csr")
    return Phrases(tokens.article_ids, texts, columns, places, association, form)


class _Text(NamedTuple):
    words: np.ndarray
    ids: np.ndarray  # shape (N,), int64
    article: np.ndarray  # shape (N,)
    usable: np.ndarray  # whether a token may be part of a phrase, shape (N,)
    often: np.ndarray  # occurrences of each word in the articles that are looked at, shape (W,)
    column: np.ndarray  # of each word, -1 if it is no term, shape (W,)
    before: np.ndarray  # whether a word before a phrase may be what it lacks to be whole, shape (W,)
    after: np.ndarray  # whether a word after it may be, shape (W,)
    n_articles: int


def _read(tokens: Tokens, index: Mapping[str, int], taken: np.ndarray | None) -> _Text:
    words, article = tokens.words, owners(tokens)
    looked_at = np.ones(len(article), bool) if taken is None else taken[article]
    often = np.bincount(tokens.ids[looked_at], minlength=len(words))
    column = np.fromiter((index.get(w, _NO_TERM) for w in words), np.int32, len(words))
    kind = np.full(len(words), "", dtype=object)
    common = often >= LEAST_PLACES
    kind[common] = kinds(words[common])
    kind = kind.astype(str)
    usable = (column >= 0) | ((lengths(words) >= 2) & np.isin(kind, _PARTS_OF_PHRASES))
    here = (usable & common)[tokens.ids] & looked_at
    content = ~np.isin(kind, _NO_NEIGHBOURS)
    content[content] = [_may_be_part(w) for w in words[content]]
    # 向人民法院提起诉讼: what follows a preposition is no name either.
    before = content | (kind == "function")
    before[kind == "function"] = [dictionary_tag(w) == "p" for w in words[kind == "function"]]
    ids, n_articles = tokens.ids.astype(np.int64), len(tokens.article_ids)
    return _Text(words, ids, article, here, often, column, before, content, n_articles)


def _runs(text: _Text) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """(words, where each occurrence begins, number of its phrase) of the phrases of one, two and three words."""
    ids, n_words = text.ids, len(text.words)
    alone = (text.column >= 0) & (lengths(text.words) >= SHORTEST_ALONE)
    runs = [(1, *_common(np.flatnonzero(text.usable & alone[ids]), ids))]
    joined = text.usable[:-1] & text.usable[1:] & (text.article[:-1] == text.article[1:])
    code = np.full(len(ids), -1, np.int64)  # of the run that begins here
    code[:-1][joined] = ids[:-1][joined] * n_words + ids[1:][joined]
    for size in range(2, MOST_PARTS + 1):
        at, number = _common(np.flatnonzero(code >= 0), code)
        runs.append((size, at, number))
        # A longer run is common only if both shorter ones in it are.
        shorter = np.full(len(ids) + 1, -1, np.int64)
        shorter[at] = number
        last = np.minimum(np.arange(len(ids)) + size, max(len(ids) - 1, 0))
        code = np.where((shorter[:-1] >= 0) & (shorter[1:] >= 0), shorter[:-1] * n_words + ids[last], -1)
    return runs


def _common(at: np.ndarray, code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those places whose code stands LEAST_PLACES times, and the number of each one's code, without gaps."""
    _, number, n = np.unique(code[at], return_inverse=True, return_counts=True)
    kept = n[number] >= LEAST_PLACES
    return at[kept], np.unique(number[kept], return_inverse=True)[1].astype(np.int64)


def _table(text: _Text, at: np.ndarray, number: np.ndarray, size: int) -> tuple:
    """(texts, columns, places, association, form) of the phrases of `size` words that pass."""
    n, first = np.bincount(number), np.unique(number, return_index=True)[1]
    parts = text.ids[at[first][:, None] + np.arange(size)]
    shape = (text.n_articles, len(n))
    places = sparse.coo_matrix((np.ones(len(at), np.int32), (text.article[at], number)), shape=shape).tocsr()
    fine = lengths(text.words)[parts].sum(axis=1) <= LONGEST_PHRASE
    fine &= np.bincount(places.indices, minlength=len(n)) >= LEAST_ARTICLES
    fine &= 2 * (text.column[parts] >= 0).sum(axis=1) >= size
    fine &= (np.diff(np.sort(parts, axis=1), axis=1) > 0).all(axis=1)  # 讨论讨论
    for beside, lacks in ((-1, text.before), (size, text.after)):
        fine &= _commonest(text, at, beside, lacks, number, n) < MOSTLY * n
    edges = Edges(())
    form = np.array([_form(list(text.words[row]), edges) if ok else 0.0 for row, ok in zip(parts, fine, strict=True)])
    texts = ["".join(text.words[row]) for row in parts]
    known = set(text.words[text.column >= 0]) if size > 1 else set()
    kept = np.array([i for i, t in enumerate(texts) if form[i] > 0 and t not in known], dtype=int)
    columns = np.full((len(kept), MOST_PARTS), _NO_WORD, np.int32)
    columns[:, :size] = text.column[parts[kept]]
    association = _association(n[kept], text.often[parts[kept]], text.often.sum())
    return [texts[i] for i in kept], columns, places[:, kept], association, form[kept]


def _commonest(
    text: _Text, at: np.ndarray, beside: int, lacks: np.ndarray, number: np.ndarray, n: np.ndarray
) -> np.ndarray:
    """Places of each phrase that have its commonest neighbour, of those in `lacks`, `beside` tokens on; shape of `n`."""
    near = np.clip(at + beside, 0, max(len(text.ids) - 1, 0))
    there = (near == at + beside) & (text.article[near] == text.article[at]) & lacks[text.ids[near]]
    pairs, times = np.unique(number[there] * len(text.words) + text.ids[near[there]], return_counts=True)
    most = np.zeros(len(n), np.int64)
    np.maximum.at(most, pairs // max(len(text.words), 1), times)
    return most


def _may_be_part(word: str) -> bool:
    """Whether a term may begin or end with a word; 是 and 要 after a phrase take nothing from it."""
    return not Edges(()).problem([word, word]) and (len(word) > 1 or dictionary_tag(word) != "v")


def _form(words: list[str], edges: Edges) -> float:
    """How much a run of words reads as the name of a thing: 1, LESS, or less; 0 if it does not."""
    verbs = [dictionary_tag(w) == "v" for w in words]
    office = _OFFICE.fullmatch(words[-1]) is not None
    if len(words) == 1:
        return float(_names(words[0]) and dictionary_tag(words[0]) != "nt" and not office)
    if edges.problem(words) or not (_names(words[-1]) or (verbs[-1] and _names(words[0]))):
        return 0.0
    # A verb with its object, a subject with its verb; both may be compounds (捕捞许可, 草场围栏).
    return LESS ** (sum(verbs) + office)


def _names(word: str) -> bool:
    """Whether a word may name a thing. Terms, which no dictionary has, do."""
    return kinds([word])[0] in _NAMING or dictionary_tag(word).startswith("vn")


def _association(n: np.ndarray, alone: np.ndarray, total: int) -> np.ndarray:
    """n: occurrences of phrases, shape (P,); alone: those of their words, shape (P, size); total: of all words."""
    size = alone.shape[1]
    if size == 1:
        return np.full(len(n), ASSOCIATION_ALONE)
    together = np.log(n / total)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (together - np.log(alone / total).sum(axis=1)) / (-together * (size - 1))
    return np.where(together < 0, value, 0.0)  # a text of nothing else


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
    share = shares.sum(axis=0) / max(shares.sum(), _TINY)
    topical = _topicality(phi, share, phrases.columns)
    near = np.flatnonzero((topical >= LEAST_TOPICALITY).any(axis=1))  # the other phrases are most of them
    n, expected = _places(phi, shares, phrases.places[:, near], phrases.columns[near])
    own = n / np.maximum(n.sum(axis=1, keepdims=True), _TINY)
    may = (own > 1 - MOST_OTHERS) & (np.rint(expected) >= LEAST_PLACES) & (topical[near] >= LEAST_TOPICALITY)
    purity = np.log(np.maximum(own / np.maximum(share, _TINY), 1.0)) if len(phi) > 1 else np.ones(own.shape)
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
    drawn /= np.maximum(drawn.max(axis=0, initial=0), _TINY)
    total = np.zeros(cells.nnz)
    for column, likely in zip(shares.T, drawn, strict=True):
        total += column[cells.row] * likely[cells.col]
    n, expected = np.zeros((2, len(columns), len(phi)))
    for k, (column, likely) in enumerate(zip(shares.T, drawn, strict=True)):
        r = column[cells.row] * likely[cells.col] / np.maximum(total, _TINY)
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
    own = mass / np.maximum(mass.sum(axis=0), _TINY)
    often = np.sqrt(phi / np.maximum(phi.max(axis=1, initial=0, keepdims=True), _TINY))
    weights = np.hstack([often * own, np.zeros((len(phi), 1))])
    columns, size = np.where(columns < 0, phi.shape[1], columns), (columns > _NO_WORD).sum(axis=1)
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
    office = len(term) >= SHORTEST_ALONE and _OFFICE.fullmatch(term)  # not 卫生室, which may well be the subject
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
