"""The phrases of a corpus: two or three words that stand together again and again, or a term of four or more characters.

What makes one a good name of a topic is what KERT asks of a key phrase (Danilevsky et al. 2014): it is frequent in the topic, pure
(of this topic rather than of the others), its words hold together, and it is complete, no piece of a longer one. Here is what a
phrase has by itself; what it has in a topic, `baokan.topics.labels` measures.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy import sparse

from baokan.words.edges import Edges
from baokan.words.parts_of_speech import dictionary_tag, kinds
from baokan.words.tokens import Tokens, lengths, owners

LEAST_PLACES, LEAST_ARTICLES = 3, 2
MOST_PARTS, LONGEST_PHRASE = 3, 10  # words; characters
SHORTEST_ALONE = 4  # characters of a term that is a phrase by itself
MOSTLY = 0.7  # a phrase with the same word beside it in so many of its places is a piece of a longer one
# A term alone has no association. This is less than most names that stand together have (0.4 to 0.8): two words say more.
ASSOCIATION_ALONE = 0.35
LESS = 0.5  # what a phrase is worth that is rather a clause, or the name of an office
NO_TERM, NO_WORD = -1, -2
# What offices and their branches end with. They are who acts or speaks in an article, seldom what it is about.
OFFICE = re.compile("^.*(?:[局院厅委署队室办府]|(?<!场)所|(?<![干全内])部|(?<![好益长坏])处|(?<!网)站|委员会|部门)")
_PARTS_OF_PHRASES = ("noun", "verb", "adjective", "term", "abbreviation", "proper", "idiom")
_NO_NEIGHBOURS = ("", "mark", "blank", "function", "number", "time")
_NAMING = ("noun", "idiom", "abbreviation", "proper", "unknown")


class Phrases(NamedTuple):
    """P phrases of up to MOST_PARTS words in A articles."""

    article_ids: list[str]
    texts: list[str]
    columns: np.ndarray  # the term that each word is, -1 if it is none, -2 where there is no further word; shape (P, 3)
    places: sparse.csr_matrix  # occurrences, shape (A, P)
    association: np.ndarray  # how firmly the words hold together: normalised PMI, in [-1, 1]; shape (P,)
    form: np.ndarray  # 1 if it reads as a name, LESS for each thing that speaks against it; shape (P,)


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
    column = np.fromiter((index.get(w, NO_TERM) for w in words), np.int32, len(words))
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
    columns = np.full((len(kept), MOST_PARTS), NO_WORD, np.int32)
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
    office = OFFICE.fullmatch(words[-1]) is not None
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
