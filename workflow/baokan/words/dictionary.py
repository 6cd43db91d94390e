"""Terms of a dictionary of the user's (themes.tsv) in the text: where they stand, and what counts of them.

How a term is found. Its characters are looked for in the cleaned text, folded as the run folds it, and a place counts only
where both of its ends are ends of words. So 国有 is not found in 中国|有, and 农村振兴 is found although the segmenter cuts it into
农村|振兴. Words are those of the run's own segmentation, cut finer where they are compounds: what the run keeps whole as a term (of
a terms file, or found in the corpus) is cut as the segmenter cuts it by itself, 白崖|石窟, and a word of four characters or more
that consists of words of the dictionary of two or more is cut into these, 人民|法院. So 石窟 and 法院 are found there, and 国有 is
not in 中国|有色金属. Shorter words stay whole, so that 老师 is not found in 老师傅; nor is 家长 in 家长会, which is a term to add.
Idioms, names of persons and numerals stay whole too. Of places of one theme that overlap, the one that begins first counts, of
these the longest (leftmost-longest). Each theme is counted for itself: a term may belong to several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.folding import fold
from baokan.words.counting import stands_for
from baokan.words.parts_of_speech import BLANK, MARK, dictionary_tag, kinds
from baokan.words.segmentation import Cutter
from baokan.words.segmentation_audit import ACROSS, LONGER, REASONS, tested
from baokan.words.tokens import Tokens, lengths, owners
from baokan.words.wordlists import as_in_text

# What becomes of a term.
COUNTED, COVERED, NEVER, ABSENT = "counted", "within a longer term", "never whole", "does not occur"
WHOLE_TAGS = ("i", "nr", "m")  # of the dictionary: idioms, names of persons and numerals, which are no compounds
BLOCK = 30_000  # characters searched at a time

TERMS = [
    "theme", "term", "written", "status", "n_places", "n_whole", "n_occurrences", "n_tokens", "part", "n_articles", "n_issues",
    "also_in", "reason", "example",
]  # fmt: skip


class Themes(NamedTuple):
    """The user's T themes and their M distinct terms, as the text has them."""

    names: list[str]
    terms: list[str]
    members: list[list[int]]  # by theme: places in terms
    written: list[dict[int, str]]  # by theme: how the user writes the term at each of these places


class Places(NamedTuple):
    """Where terms stand whole, P places in the order of the text."""

    term: np.ndarray  # shape (P,), int64: its place in the list of terms
    first: np.ndarray  # shape (P,), int64: the first token
    last: np.ndarray  # shape (P,), int64: the last token


class Counts(NamedTuple):
    """What counts of one theme: C places after overlaps are settled, and what makes them up without one of its terms."""

    places: Places  # all places of its terms, whether they count or not
    counted: np.ndarray  # shape (P,), bool
    cluster: np.ndarray  # shape (P,), int64: places of one number overlap, in a chain


def themes_of(rows: Sequence[tuple[str, str]], simplify: bool) -> Themes:
    """`rows` (theme, term) of themes.tsv, in their order, with terms as the cleaned text has them, folded to Simplified where
    the run folds. Spellings of a theme that come to be the same are one term."""
    simple = fold if simplify else str
    names = list(dict.fromkeys(theme for theme, _ in rows))
    place: dict[str, int] = {}
    members: list[list[int]] = [[] for _ in names]
    written: list[dict[int, str]] = [{} for _ in names]
    for theme, term in rows:
        own, number = names.index(theme), place.setdefault(simple(as_in_text(term)), len(place))
        if number in written[own]:
            written[own][number] += f"、{term}"
        else:
            members[own].append(number)
            written[own][number] = term
    return Themes(names, list(place), members, written)


def compound(word: str) -> list[str]:
    """The words of the dictionary, each of two characters or more, that a word of the dictionary consists of, as few as will
    do and these cut again; the word alone where there are none, and where it is an idiom, the name of a person or a numeral."""
    if len(word) < 4 or not dictionary_tag(word) or dictionary_tag(word).startswith(WHOLE_TAGS):
        return [word]
    best: list[list[str] | None] = [[], *[None] * len(word)]  # the fewest words for the first n characters
    for end in range(2, len(word) + 1):
        for start in range(0, end - 1):
            before, fewest, piece = best[start], best[end], word[start:end]
            if before is None or (fewest is not None and len(before) + 1 >= len(fewest)):
                continue
            if piece != word and dictionary_tag(piece):
                best[end] = [*before, piece]
    return [part for piece in best[-1] or [] for part in compound(piece)] or [word]


def cut_finer(tokens: Tokens, kept_whole: set[str], cut: Cutter) -> Tokens:
    """`tokens` with compounds as the words that they consist of: `kept_whole`, terms of the run, cut by `cut`, and words of the
    dictionary by `compound`."""
    pieces = [
        [part for piece in (cut(word) if word in kept_whole else [word]) for part in compound(piece)]
        for word in tokens.words
    ]
    words = np.array(sorted(set(chain.from_iterable(pieces))), dtype=object)
    place = {word: i for i, word in enumerate(words)}
    flat = np.array([place[piece] for piece in chain.from_iterable(pieces)], np.int32)
    size = np.array([len(p) for p in pieces], np.int64)
    begin = np.concatenate([[0], np.cumsum(size)])
    n = size[tokens.ids]
    before = np.concatenate([[0], np.cumsum(n)])
    # The first piece of each word, and from there on as many as it has.
    ids = flat[np.repeat(begin[tokens.ids] - before[:-1], n) + np.arange(before[-1])]
    return Tokens(tokens.article_ids, before[tokens.starts], ids, words)


def whole_places(tokens: Tokens, terms: Sequence[str]) -> tuple[Places, np.ndarray]:
    """(places of `terms` whose ends are ends of words, overlapping ones too, sorted by first and then the longer before the
    shorter; how often the characters of each stand in the text at all, shape (M,))."""
    seen = np.zeros(len(terms), np.int64)
    found = [(np.zeros(0, np.int64),) * 3]
    for number, first, last, whole in _searched(tokens, terms):
        seen += np.bincount(number, minlength=len(terms))
        found.append((number[whole], first[whole], last[whole]))
    term, first, last = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((-last, first))
    return Places(term[order], first[order], last[order]), seen


def _searched(tokens: Tokens, terms: Sequence[str]) -> Iterator[tuple[np.ndarray, ...]]:
    """A block of the text after the other: (number of the term, first and last token that have some of it, whether it ends
    with them), each of shape (places,)."""
    import ahocorasick_rs

    if not len(terms) or not len(tokens.ids):
        return
    finder, longest = ahocorasick_rs.AhoCorasick(terms), max(map(len, terms))
    ends = np.cumsum(lengths(tokens.words)[tokens.ids])
    begins = np.concatenate([[0], ends[:-1]])
    owner = owners(tokens)
    for at in range(0, int(ends[-1]), BLOCK):
        stop = min(at + BLOCK + longest - 1, int(ends[-1]))
        low, high = np.searchsorted(ends, [at, stop - 1], side="right")
        text = "".join(tokens.words[tokens.ids[low : high + 1]])[at - begins[low] : stop - begins[low]]
        matches = finder.find_matches_as_indexes(text, overlapping=True)
        number, start, end = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3).T
        own = start < BLOCK  # the rest is found again in the next block
        number, start, end = number[own], start[own] + at, end[own] + at
        first, last = np.searchsorted(ends, start, side="right"), np.searchsorted(ends, end - 1, side="right")
        inside = owner[first] == owner[last]  # no term reaches from one article into the next
        number, start, end, first, last = (part[inside] for part in (number, start, end, first, last))
        yield number, first, last, (begins[first] == start) & (ends[last] == end)


def leftmost_longest(places: Places, members: Sequence[int]) -> Counts:
    """Which places of the terms `members` count where they overlap: the one that begins first, of these the longest."""
    own = np.isin(places.term, members)
    mine = Places(*(part[own] for part in places))
    n = len(mine.term)
    reached = np.concatenate([[-1], np.maximum.accumulate(mine.last)[:-1]]) if n else np.zeros(0, np.int64)
    cluster = np.cumsum(mine.first > reached) - 1
    return Counts(mine, _chosen(mine.first, mine.last, cluster), cluster)


def _chosen(first: np.ndarray, last: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Whether each place counts, shape (P,); sorted as in `whole_places`, with overlapping ones in one cluster."""
    if not len(first):
        return np.zeros(0, bool)
    begins = np.concatenate([[True], cluster[1:] != cluster[:-1]])
    taken = begins.copy()
    end = -1
    # Only places that overlap others need to be looked at one after the other.
    for i in np.flatnonzero(~begins | np.append(~begins[1:], False)):
        if begins[i]:
            end = last[i]
        elif first[i] > end:
            taken[i], end = True, last[i]
    return taken


def without(counts: Counts, term: int) -> np.ndarray:
    """Which places count if `term` were not in the theme, shape (P,): a shorter term within it may take its place."""
    places, gone = counts.places, counts.places.term == term
    again = np.isin(counts.cluster, counts.cluster[gone]) & ~gone
    out = counts.counted & ~gone
    out[again] = _chosen(places.first[again], places.last[again], _clusters(places, again))
    return out


def _clusters(places: Places, mask: np.ndarray) -> np.ndarray:
    first, last = places.first[mask], places.last[mask]
    reached = np.concatenate([[-1], np.maximum.accumulate(last)[:-1]]) if len(last) else last
    return np.cumsum(first > reached) - 1


class Text(NamedTuple):
    """What places are counted by: for each token its article, and running words before it; for each article its words."""

    article: np.ndarray  # shape (N,), int32
    before: np.ndarray  # shape (N + 1,), int64
    n_tokens: np.ndarray  # shape (A,), int64

    @classmethod
    def of(cls, tokens: Tokens) -> Text:
        """What the places in `tokens` are counted by."""
        running = ~np.isin(np.array(kinds(tokens.words), dtype=object).astype(str), [MARK, BLANK])
        before = np.concatenate([[0], np.cumsum(running[tokens.ids])]).astype(np.int64)
        return cls(owners(tokens), before, np.diff(before[tokens.starts]))

    def covered(self, places: Places, mask: np.ndarray) -> np.ndarray:
        """Running words of each article that the places of `mask` cover, shape (A,)."""
        first, last = places.first[mask], places.last[mask]
        words = self.before[last + 1] - self.before[first]
        return np.bincount(self.article[first], words, minlength=len(self.n_tokens))

    def occurrences(self, places: Places, mask: np.ndarray) -> np.ndarray:
        """How many of the places of `mask` each article has, shape (A,)."""
        return np.bincount(self.article[places.first[mask]], minlength=len(self.n_tokens))

    def share(self, places: Places, mask: np.ndarray) -> np.ndarray:
        """The same as a part of the article's running words, shape (A,); 0 for an article without any."""
        return self.covered(places, mask) / np.maximum(self.n_tokens, 1)


def terms_table(
    themes: Themes,
    counts: list[Counts],
    seen: np.ndarray,
    articles: pd.DataFrame,
    text: Text,
    sources: list[str],
    tokens: Tokens,
) -> pd.DataFrame:
    """A row per theme and term, in the order of the file, with the columns TERMS and occurrences_<source>: what it adds to the
    theme, places that a longer term of the theme takes not counted. `part` is its part of the theme's words."""
    source = pd.Categorical(articles["source"], categories=sources).codes
    issue, _ = pd.factorize(pd.Series(stands_for(articles)) + "\n" + articles["source"].to_numpy())
    rows = []
    for t, (name, members, count) in enumerate(zip(themes.names, themes.members, counts, strict=True)):
        at = count.places.first[count.counted]
        words = text.before[count.places.last[count.counted] + 1] - text.before[at]
        which, article = count.places.term[count.counted], text.article[at]
        standing = np.bincount(count.places.term, minlength=len(themes.terms))
        for number in members:
            mine = which == number
            where = article[mine]
            n_words = int(words[mine].sum())
            rows.append(
                {
                    "theme": name,
                    "term": themes.terms[number],
                    "written": themes.written[t][number],
                    "status": _status(int(mine.sum()), int(standing[number]), int(seen[number])),
                    "n_places": int(seen[number]),
                    "n_whole": int(standing[number]),
                    "n_occurrences": int(mine.sum()),
                    "n_tokens": n_words,
                    "part": n_words / words.sum() if words.sum() else 0.0,
                    "n_articles": len(np.unique(where)),
                    "n_issues": len(np.unique(issue[where])),
                    "also_in": "、".join(
                        other
                        for other, its in zip(themes.names, themes.members, strict=True)
                        if other != name and number in its
                    ),
                    **{f"occurrences_{s}": int(n) for s, n in zip(sources, _by(source[where], sources), strict=True)},
                }
            )
    table = pd.DataFrame(rows, columns=[*TERMS, *(f"occurrences_{s}" for s in sources)])
    cut = sorted(set(table.loc[table["n_whole"] < table["n_places"], "term"]))
    why = tested(cut, tokens)
    # That a term is two words is no obstacle here, as it is where terms are counted as one word.
    why = why[why["reason"].str.startswith((REASONS[LONGER], REASONS[ACROSS]))].set_index("term")
    for column in ("reason", "example"):
        table[column] = [why[column].get(term, "") for term in table["term"]]
    numbers = [
        "n_places",
        "n_whole",
        "n_occurrences",
        "n_tokens",
        "n_articles",
        "n_issues",
        *(f"occurrences_{s}" for s in sources),
    ]
    return table.astype(dict.fromkeys(numbers, "int64") | {"part": "float64"})


def _by(codes: np.ndarray, sources: list[str]) -> np.ndarray:
    return np.bincount(codes.astype(np.int64), minlength=len(sources))


def _status(counted: int, whole: int, seen: int) -> str:
    return COUNTED if counted else COVERED if whole else NEVER if seen else ABSENT
