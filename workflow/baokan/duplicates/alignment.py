"""Two texts side by side, character by character: what of them is the same but for damaged characters."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from baokan.duplicates.fingerprints import folded_codes, mix

# A stretch gains 1 for each equal character and loses 1 for each other one; it ends where more than LONGEST_GAP
# characters in a row differ (OCR misreads one or two; more is a cut, or another name in the same formula). Stretches that
# gain less than LEAST_STRETCH are left out: titles and offices of state are as long as 21 characters.
LONGEST_GAP = 3
LEAST_STRETCH = 24
# Texts are aligned directly if the product of their lengths is within DIRECT (some 15 ms); longer ones between anchors,
# and what lies between two anchors only within DIRECT_BETWEEN: beyond, the two have nothing in common there.
DIRECT = 1 << 26
DIRECT_BETWEEN = 1 << 28
ANCHOR = 16  # characters; anchors used are at least ANCHORS_APART characters apart
ANCHORS_APART = 2000
# A second and a third alignment of what the first left over find paragraphs set in another order.
ROUNDS = 3


class Aligned(NamedTuple):
    """How two normalised texts align: characters of a and of b that lie in aligned stretches, the share of equal
    characters in them, in [0, 1], and the mean length of the differences in them, in characters, 0 if there is none."""

    of_a: int
    of_b: int
    identity: float
    gap: float


def align(a: str, b: str) -> Aligned:
    """Stretches of normalised texts `a` and `b` that are the same but for damaged characters.

    The cheapest edits that turn one into the other (Levenshtein; rapidfuzz, Hyyrö 2003) give runs of equal characters;
    runs are joined into stretches of maximal score as in local alignment (Smith & Waterman 1981), see LONGEST_GAP. The
    identity of a stretch is its equal characters over its length in the text where it is longer. What is left over is
    aligned again, up to ROUNDS times. All 0 if nothing aligns.
    """
    of_a = of_b = equal = length = gaps = 0
    for _ in range(ROUNDS):
        stretches = _stretches(_equal_runs(a, b))
        for a0, a1, b0, b1, same, apart in stretches:
            of_a, of_b, equal, gaps = of_a + a1 - a0, of_b + b1 - b0, equal + same, gaps + apart
            length += max(a1 - a0, b1 - b0)
        if not stretches:
            break
        a = _without(a, [(s[0], s[1]) for s in stretches])
        b = _without(b, [(s[2], s[3]) for s in stretches])
        if min(len(a), len(b)) < LEAST_STRETCH:
            break
    return Aligned(of_a, of_b, equal / length if length else 0.0, (length - equal) / gaps if gaps else 0.0)


def _equal_runs(a: str, b: str) -> Iterator[tuple[int, int, int]]:
    """Runs of equal characters in the cheapest edits from `a` to `b`: place in a, place in b, size, in order.

    Time grows with the product of the lengths, so long texts are split at anchors: shingles of ANCHOR characters that
    each text has once, in the longest chain that ascends in both (patience diff, B. Cohen).
    """
    anchors = [] if len(a) * len(b) <= DIRECT else _anchors(a, b)
    a0 = b0 = 0
    for a1, b1 in [*anchors, (len(a), len(b))]:
        if (a1 - a0) * (b1 - b0) <= DIRECT_BETWEEN:
            for block in Levenshtein.editops(a[a0:a1], b[b0:b1]).as_matching_blocks():
                if block.size:
                    yield a0 + block.a, b0 + block.b, block.size
        a0, b0 = a1, b1


def _anchors(a: str, b: str) -> list[tuple[int, int]]:
    """Places (in a, in b) where both texts have the same shingle, ascending in both."""
    (hashes_a, places_a), (hashes_b, places_b) = _once(a), _once(b)
    _, at_a, at_b = np.intersect1d(hashes_a, hashes_b, assume_unique=True, return_indices=True)
    order = np.argsort(places_a[at_a])
    in_a, in_b = places_a[at_a][order].tolist(), places_b[at_b][order].tolist()
    ends: list[int] = []  # smallest last place in b of an ascending chain of each length (Schensted 1961)
    chain_of: list[int] = []  # the anchor that this is
    before: list[int] = []
    for i, place in enumerate(in_b):
        length = bisect_left(ends, place)
        before.append(chain_of[length - 1] if length else -1)
        ends[length : length + 1], chain_of[length : length + 1] = [place], [i]
    chain: list[tuple[int, int]] = []
    i = chain_of[-1] if chain_of else -1
    while i >= 0:
        if not chain or min(chain[-1][0] - in_a[i], chain[-1][1] - in_b[i]) >= ANCHORS_APART:
            chain.append((in_a[i], in_b[i]))
        i = before[i]
    return chain[::-1]


def _once(text: str) -> tuple[np.ndarray, np.ndarray]:
    """(hashes, places) of the shingles of ANCHOR characters that `text` has once."""
    codes = folded_codes(text).astype(np.uint64)
    rolled = np.zeros(max(len(codes) - ANCHOR + 1, 0), dtype=np.uint64)
    for step in range(ANCHOR):
        rolled = mix(rolled ^ codes[step : step + len(rolled)])
    hashes, places, counts = np.unique(rolled, return_index=True, return_counts=True)
    return hashes[counts == 1], places[counts == 1]


def _stretches(runs: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int, int, int, int]]:
    """(start and end in a, start and end in b, equal characters, number of differences) of each stretch. runs: as of
    `_equal_runs`."""
    out: list[tuple[int, int, int, int, int, int]] = []
    begin = last = (0, 0)
    score = best = equal = gaps = 0
    stretch = (0, 0, 0, 0, 0, 0)  # the best end so far of the one that began last
    for a, b, size in runs:
        gap = max(a - last[0], b - last[1])
        score -= gap
        if score <= 0 or gap > LONGEST_GAP:
            if best >= LEAST_STRETCH:
                out.append(stretch)
            begin, score, best, equal, gaps = (a, b), 0, 0, 0, -1
        last = (a + size, b + size)
        score, equal, gaps = score + size, equal + size, gaps + 1
        if score > best:
            best, stretch = score, (begin[0], last[0], begin[1], last[1], equal, gaps)
    return [*out, stretch] if best >= LEAST_STRETCH else out


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` without the [start, end) of `spans`, which ascend."""
    edges = [0, *[edge for span in spans for edge in span], len(text)]
    return "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
