"""Whether each term is kept whole where it stands in the text."""

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pandas as pd

from baokan.words.tokens import Tokens, lengths

COLUMNS = ["term", "occurrences", "whole", "status", "reason", "example"]
WHOLE, PARTLY, NEVER, ABSENT = "kept whole", "partly cut", "never whole", "does not occur"
# Why a term is not one word, the one named first where two are as frequent.
LONGER, ACROSS, CUT = range(3)
REASONS = ("a longer word takes it", "a word reaches across its edge", "it is cut")

BLOCK = 30_000  # characters searched at a time: fifty nested terms of one character have 1.5 million places in them
WAYS = 2_000_000  # ways of cutting that are held before equal ones are added up
NEAR, LONGEST = 3, 40  # words of an example on either side; characters of a word that are shown
_BASE = np.uint64(0x9E3779B97F4A7C15)


def tested(terms: list[str], tokens: Tokens) -> pd.DataFrame:
    """A row for each distinct term, in their order, with the columns COLUMNS.

    occurrences: places where its characters stand in the text of `tokens`, overlapping ones too; whole: those where it is
    one word. reason: what took it most often, and how often: a longer word that holds it, or a word that reaches across its
    edge. example: the first place of that kind, "|" between the words.
    """
    import ahocorasick_rs

    terms = list(dict.fromkeys(terms))
    table = pd.DataFrame({"term": np.array(terms, dtype=object), "occurrences": 0, "whole": 0, "status": ABSENT})
    table = table.assign(reason="", example="").astype({"occurrences": np.int64, "whole": np.int64})
    if not terms or not len(tokens.ids):
        return table
    finder = ahocorasick_rs.AhoCorasick(terms)
    found, whole = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
    ways, held = [], 0
    for number, first, last, before, after in _places(finder, tokens, max(map(len, terms))):
        found += np.bincount(number, minlength=len(terms))
        is_whole = (first == last) & ~before & ~after
        whole += np.bincount(number[is_whole], minlength=len(terms))
        number, first, last, before, after = (part[~is_whole] for part in (number, first, last, before, after))
        kind = np.where(first == last, LONGER, np.where(before | after, ACROSS, CUT)).astype(np.int8)
        key = _keys(number, tokens.ids, first, last)
        way = {"key": key, "number": number, "first": first, "last": last, "kind": kind, "places": 1}
        ways.append(_added(pd.DataFrame(way)))
        held += len(ways[-1])
        if held > WAYS:
            ways = [_added(pd.concat(ways))]
            held = 0
    table["occurrences"], table["whole"] = found, whole
    table["status"] = np.select([found == 0, whole == found, whole > 0], [ABSENT, WHOLE, PARTLY], NEVER)
    reasons, examples = [""] * len(terms), [""] * len(terms)
    for way in _commonest(_added(pd.concat(ways)), tokens.ids).itertuples():
        taken = "|".join(map(_shown, tokens.words[tokens.ids[way.first : way.last + 1]]))
        cut = found[way.number] - whole[way.number]
        reasons[way.number] = f"{REASONS[way.kind]}: {taken} ({way.places:,} of {cut:,})"
        examples[way.number] = _example(tokens, way.first, way.last)
    table["reason"], table["example"] = reasons, examples
    return table


def _places(finder, tokens: Tokens, longest: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Where terms stand, a block of the text after the other: (number of the term, the first and the last token that
    have some of it, whether that begins before the term, whether that ends after it), each of shape (places,)."""
    ends = np.cumsum(lengths(tokens.words)[tokens.ids])
    begins = np.concatenate([[0], ends[:-1]])
    # Where the article of each token ends: a term does not reach into the next one.
    last_of = np.repeat(np.maximum(tokens.starts[1:] - 1, 0), np.diff(tokens.starts))
    for at in range(0, int(ends[-1]), BLOCK):
        low, high = np.searchsorted(ends, [at, min(at + BLOCK + longest - 1, ends[-1]) - 1], side="right")
        text = "".join(tokens.words[tokens.ids[low : high + 1]])[
            at - begins[low] : at - begins[low] + BLOCK + longest - 1
        ]
        matches = finder.find_matches_as_indexes(text, overlapping=True)
        number, start, end = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3).T
        own = start < BLOCK
        number, start, end = number[own], start[own] + at, end[own] + at
        first = np.searchsorted(ends, start, side="right")
        last = np.searchsorted(ends, end - 1, side="right")
        own = last <= last_of[first]
        number, start, end, first, last = (part[own] for part in (number, start, end, first, last))
        yield number, first, last, begins[first] < start, ends[last] > end


def _keys(number: np.ndarray, ids: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The same number for the same term in the same words, uint64."""
    key = number.astype(np.uint64)
    rest = np.arange(len(number))
    while len(rest):
        key[rest] = (
            (key[rest] ^ (key[rest] >> np.uint64(32))) * _BASE + ids[first[rest]].astype(np.uint64) + np.uint64(1)
        )
        rest, first = rest[first[rest] < last[rest]], first + 1
    return key


def _added(ways: pd.DataFrame) -> pd.DataFrame:
    """`ways` with equal ones as one: the first place, and the sum of places."""
    group, _ = pd.factorize(ways["key"].to_numpy())
    places = np.bincount(group, ways["places"].to_numpy()).astype(np.int64)
    return ways[~ways["key"].duplicated().to_numpy()].assign(places=places)


def _commonest(ways: pd.DataFrame, ids: np.ndarray) -> pd.DataFrame:
    """The most frequent way of each term; of equals that of the first reason, then of the first words, which does not
    depend on the order of the articles."""
    ways = ways.assign(from_=ids[ways["first"]], to=ids[ways["last"]])
    order = ["number", "places", "kind", "from_", "to", "key"]
    return ways.sort_values(order, ascending=[True, False, True, True, True, True]).drop_duplicates("number")


def _example(tokens: Tokens, first: int, last: int) -> str:
    article = np.searchsorted(tokens.starts, first, side="right") - 1
    low, high = max(first - NEAR, tokens.starts[article]), min(last + NEAR + 1, tokens.starts[article + 1])
    near = list(map(_shown, tokens.words[tokens.ids[low:high]]))
    return "|".join([w.strip() for w in near if w.strip()] or near)


def _shown(word: str) -> str:
    return word if len(word) <= LONGEST else f"{word[:LONGEST]}…"
