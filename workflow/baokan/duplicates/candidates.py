"""Candidates: the pairs of texts that share unusual hashes, and so are worth laying side by side."""

import numpy as np

from baokan.duplicates.fingerprints import LARGEST

# Two texts are compared if they share this many hashes, and this part of the hashes of the one that has fewer. A reprint
# with 5 % of its characters changed keeps about half of its own.
LEAST_SHARED = 2
LEAST_SHARE = 0.1
# A hash in up to this many texts pairs all of them. One in more is a stock phrase, or belongs to a text printed very
# often: it pairs each text with the two first by date, of which one will be the original, and with the two before it.
COMMON = 8
NEAR = 2
STOCK = 30  # a hash in more texts than this is taken for a stock passage
BATCH_PAIRS = 1 << 25  # pairs counted at a time: a bound of memory


def candidates(hashes: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(pairs of texts worth aligning, hashes of stock passages): shape (P, 2), int64, earlier text first, ascending; and
    the hashes that are in more than STOCK texts, ascending, uint32.

    hashes: of each text, texts in the order of printing. Linear in the number of hashes, whatever they are: one in n texts
    gives at most n * (COMMON - 1) pairs.
    """
    sizes = np.array([len(h) for h in hashes], dtype=np.int64)
    if not sizes.sum():
        return np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.uint32)
    # One uint64 each, hash above text: sorting puts the texts that share a hash side by side, in the order of printing.
    rows = np.concatenate(hashes).astype(np.uint64) << np.uint64(32)
    rows |= np.repeat(np.arange(len(hashes), dtype=np.uint64), sizes)
    rows.sort()
    values, texts = (rows >> np.uint64(32)).astype(np.uint32), (rows & np.uint64(LARGEST)).astype(np.uint32)
    del rows
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    runs = np.diff(np.r_[starts, len(values)])
    stock = values[starts[runs > STOCK]]
    shared = np.repeat(runs > 1, runs)  # most hashes are in one text only
    texts, runs = texts[shared], runs[runs > 1]
    starts = np.cumsum(runs) - runs
    start, run = np.repeat(starts, runs), np.repeat(runs, runs)
    place = np.arange(len(texts)) - start
    del values, shared
    parts = 1 + len(texts) * (COMMON - 1) // BATCH_PAIRS
    found = [_frequent(texts, start, run, place, sizes, parts, part) for part in range(parts)]
    pairs = np.concatenate(found)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], stock


def _frequent(texts, start, run, place, sizes, parts: int, part: int) -> np.ndarray:
    """The pairs that share enough, of those whose later text is `part` modulo `parts`. texts, start, run, place: shape
    (R,): a text, where the run of its hash begins, how long that is, and the text's place in it."""
    mine = texts % parts == part
    pieces = []
    for back in range(1, COMMON):
        reached = mine & (place >= back)
        if back > NEAR:
            reached &= run <= COMMON
        at = np.flatnonzero(reached)
        pieces.append(_pack(texts[at - back], texts[at]))
    for first in range(NEAR):
        at = np.flatnonzero(mine & (run > COMMON) & (place > first + NEAR))  # nearer ones are paired above
        pieces.append(_pack(texts[start[at] + first], texts[at]))
    pairs = np.concatenate(pieces)
    del pieces
    pairs.sort()
    begins = np.flatnonzero(np.r_[True, pairs[1:] != pairs[:-1]][: len(pairs)])
    counts = np.diff(np.r_[begins, len(pairs)])
    begins, counts = begins[counts >= LEAST_SHARED], counts[counts >= LEAST_SHARED]
    pairs = pairs[begins]
    early, late = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(LARGEST)).astype(np.int64)
    enough = counts >= LEAST_SHARE * np.minimum(sizes[early], sizes[late])
    return np.column_stack([early[enough], late[enough]])


def _pack(early: np.ndarray, late: np.ndarray) -> np.ndarray:
    return (early.astype(np.uint64) << np.uint64(32)) | late.astype(np.uint64)
