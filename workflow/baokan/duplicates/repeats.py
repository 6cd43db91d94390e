"""Articles printed more than once: the same text, or nearly, within a source and across sources.

Three steps. (1) `signatures`, shard by shard: each text as a small set of hashes. (2) `candidates`: the pairs of texts
that share unusual hashes. (3) `align`: the texts of these pairs side by side, character by character; only what aligns is
called a repeat. The first two steps may be wrong both ways at little cost; only the third decides.

The hashes are MinHash taken locally: the smallest hash in each window of WINDOW consecutive shingles (winnowing: Schleimer,
Wilkerson & Aiken 2003, "Winnowing: local algorithms for document fingerprinting", SIGMOD). One MinHash over a whole text
(Broder 1997, "On the resemblance and containment of documents") estimates how alike two texts are as wholes, and misses a
reprint cut to half with damaged characters; local ones stay the same wherever a stretch of WINDOW + SHINGLE - 1
characters is undamaged, however much is cut or added around it.
"""

import hashlib
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import opencc
import pandas as pd
from rapidfuzz.distance import Levenshtein

# Below this many Chinese characters two equal texts may be a stock phrase rather than a repeat.
SHORTEST_REPEAT = 40
# Characters to a shingle. Shorter ones survive more damage and are shared by more texts that have nothing to do with each
# other: at 5 % of characters changed, 0.95 ** 5 = 77 % of shingles survive.
SHINGLE = 5
# Shingles to a window: 2 / (WINDOW + 1) of the shingles are kept, about nine for the shortest text.
WINDOW = 8
# Two texts are compared if they share this many hashes, and this part of the hashes of the one that has fewer. A reprint
# with 5 % of its characters changed keeps about half of its own.
LEAST_SHARED = 2
LEAST_SHARE = 0.1
# A hash in up to this many texts pairs all of them. One in more is a stock phrase, or belongs to a text printed very
# often: it pairs each text with the two first by date, of which one will be the original, and with the two before it.
COMMON = 8
NEAR = 2
# Alignment. A stretch gains 1 for each equal character and loses 1 for each other one; it ends where more than LONGEST_GAP
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
# A repeat: so much of the shorter text aligns ...
LEAST_OF_SHORTER = 0.65  # a reprint with half as much of new text still passes; quoting a speech does not
# ... so much of the longer, lest a notice that stands alone join all pages on which it also stands ...
LEAST_OF_LONGER = 0.25
# ... with so many of its characters equal (two prints of which OCR misread a tenth each) ...
LEAST_IDENTITY = 0.8
# ... and, unless it is nearly the whole of the shorter, so many characters: two short items may share their longest
# sentence.
LEAST_ALIGNED = 50
# ... and damaged rather than reworded. Misread characters stand alone: at 10 % in both prints the differences are 1.2
# characters long in the mean, and at most 1.3. Other names, dates and figures in the same formula (approvals,
# appointments, the laws of two cities) make it 1.8 to 2.3. With hardly any difference there is nothing to be reworded.
LONGEST_MEAN_GAP = 1.5
SURE_IDENTITY = 0.97
# An article is left out as a duplicate only if so much of *its own* text stands in the one that is kept.
LEAST_OF_DUPLICATE = 0.8
# A hash in more texts than this is taken for a stock passage. Unless nearly the whole of both texts aligns, they must also
# share this part of the other hashes of the shorter.
STOCK = 30
LEAST_OF_OWN = 0.25
# Bounds of memory: texts normalised at a time (characters), pairs counted at a time, texts of candidates held at a time.
BATCH_CHARS = 1 << 20
BATCH_PAIRS = 1 << 25
BATCH_TEXTS = 2000

PAIR_TYPES = {
    "article_a": "str", "article_b": "str", "source_a": "str", "source_b": "str", "date_a": "str", "date_b": "str",
    "same_source": "bool", "kind": "str", "aligned": "int64", "share": "float64", "share_a": "float64",
    "share_b": "float64", "identity": "float64",
}  # fmt: skip
_HAN = ((0x3007, 0x3008), (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))  # [start, end)
_LAST = 0x323B0  # what lies beyond has no Chinese characters and is dropped
_NONE = np.uint32(0xFFFFFFFF)


class Aligned(NamedTuple):
    """How two normalised texts align: characters of a and of b that lie in aligned stretches, the share of equal
    characters in them, in [0, 1], and the mean length of the differences in them, in characters, 0 if there is none."""

    of_a: int
    of_b: int
    identity: float
    gap: float


# --- normalised text -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _folding() -> tuple[np.ndarray, np.ndarray]:
    """(folded, is_han): for each code point what it is folded to (0: dropped), and whether that is Chinese.

    NFKC, then lower case, then Traditional to Simplified (OpenCC's t2s, character by character: a phrase broken by a
    misread character must fold the same). Signs that stand for several characters (㎡, ㈠) are dropped.
    """
    folded = np.zeros(_LAST + 1, dtype=np.uint32)
    kept = []
    for code in range(_LAST):
        if 0xD800 <= code < 0xE000:
            continue
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(plain) == 1 and (_is_han(ord(plain)) or plain.isdecimal() or _is_latin(plain)):
            kept.append((code, str(unicodedata.decimal(plain, plain))))
    simple = opencc.OpenCC("t2s").convert("\n".join(plain for _, plain in kept)).split("\n")
    for (code, plain), other in zip(kept, simple, strict=True):
        folded[code] = ord(other if len(other) == 1 else plain)
    is_han = np.zeros(_LAST + 1, dtype=bool)
    for start, end in _HAN:
        is_han[start:end] = True
    return folded, is_han


def _is_han(code: int) -> bool:
    return any(start <= code < end for start, end in _HAN)


def _is_latin(char: str) -> bool:
    return char.isalpha() and ord(char) < 0x250


def _codes(text: str) -> np.ndarray:
    """Folded code points of `text`, shape (n_normal,), uint32."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    folded = _folding()[0][np.minimum(raw, _LAST)]
    return folded[folded != 0]


def normalise(text: str) -> str:
    """What is compared of a text: Chinese characters (Simplified), digits and lower-case Latin letters, nothing else."""
    return _codes(text).astype("<u4").tobytes().decode("utf-32-le")


# --- signatures ------------------------------------------------------------------------------------------------------


def signatures(articles: pd.DataFrame) -> pd.DataFrame:
    """A row for each article that is long enough to be a repeat (SHORTEST_REPEAT Chinese characters).

    articles: article_id, text. Columns of the result: article_id; n_normal, characters of the normalised text; digest,
    16 hexadecimal digits of it, equal for equal texts; hashes, ascending and distinct uint32, about 0.2 per character.
    An article's row depends on its text alone, so shards can be made apart and joined.
    """
    is_han = _folding()[1]
    ids, lengths, digests, hashes, batch, size = [], [], [], [], [], 0
    for article_id, text in zip(articles["article_id"], articles["text"], strict=True):
        codes = _codes(text)
        if np.count_nonzero(is_han[codes]) < SHORTEST_REPEAT:
            continue
        ids.append(article_id)
        lengths.append(len(codes))
        digests.append(hashlib.blake2b(codes.astype("<u4").tobytes(), digest_size=8).hexdigest())
        batch.append(codes)
        size += len(codes)
        if size >= BATCH_CHARS:
            hashes += _local_minima(batch)
            batch, size = [], 0
    hashes += _local_minima(batch)
    table = pd.DataFrame({"article_id": ids, "n_normal": lengths, "digest": digests, "hashes": hashes})
    return table.astype({"article_id": "str", "n_normal": "int64", "digest": "str", "hashes": "object"})


def _local_minima(texts: list[np.ndarray]) -> list[np.ndarray]:
    """For each text, the distinct smallest hashes of its windows, ascending, uint32. All texts at once, end to end: what
    spans two of them is masked. Each text has at least SHINGLE characters."""
    if not texts:
        return []
    codes = np.concatenate(texts).astype(np.uint64)
    lengths = np.array([len(t) for t in texts])
    owner = np.repeat(np.arange(len(texts)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(codes))  # characters from here to the text's end
    rolled = np.zeros(len(codes), dtype=np.uint64)
    for step in range(SHINGLE):
        rolled = _mix(rolled ^ _shift(codes, step, np.uint64(0)))
    hashed = (rolled >> np.uint64(32)).astype(np.uint32)
    hashed[left < SHINGLE] = _NONE
    smallest = hashed
    for step in range(1, WINDOW):
        smallest = np.minimum(smallest, _shift(hashed, step, _NONE))
    # A window reaches beyond the text's end only if the text has no full one, and then only the first counts.
    reach = np.minimum(WINDOW + SHINGLE - 1, np.repeat(lengths, lengths))
    rows = (owner.astype(np.uint64) << np.uint64(32)) | smallest
    rows = np.unique(rows[left >= reach])
    cuts = np.searchsorted(rows >> np.uint64(32), np.arange(1, len(texts)))
    return np.split((rows & np.uint64(_NONE)).astype(np.uint32), cuts)


def _mix(x: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every bit of uint64 `x` stirred into all others."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _shift(values: np.ndarray, step: int, fill) -> np.ndarray:
    """values[i + step] at i, `fill` beyond the end."""
    out = np.full_like(values, fill)
    out[: max(len(values) - step, 0)] = values[step:]
    return out


# --- candidates ------------------------------------------------------------------------------------------------------


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
    values, texts = (rows >> np.uint64(32)).astype(np.uint32), (rows & np.uint64(_NONE)).astype(np.uint32)
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
    early, late = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(_NONE)).astype(np.int64)
    enough = counts >= LEAST_SHARE * np.minimum(sizes[early], sizes[late])
    return np.column_stack([early[enough], late[enough]])


def _pack(early: np.ndarray, late: np.ndarray) -> np.ndarray:
    return (early.astype(np.uint64) << np.uint64(32)) | late.astype(np.uint64)


# --- alignment -------------------------------------------------------------------------------------------------------


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
    codes = _codes(text).astype(np.uint64)
    rolled = np.zeros(max(len(codes) - ANCHOR + 1, 0), dtype=np.uint64)
    for step in range(ANCHOR):
        rolled = _mix(rolled ^ codes[step : step + len(rolled)])
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


# --- what is a repeat ------------------------------------------------------------------------------------------------


def _by_length(a: int, b: int, found: Aligned) -> tuple[float, float]:
    """Aligned share of the shorter and of the longer of two texts of `a` and `b` characters; of the second if equal."""
    shares = found.of_a / float(a), found.of_b / float(b)
    return shares if a < b else shares[::-1]


class _Texts:
    """The distinct texts, by number in the order of their first printing, and how they align. One that repeats nothing
    costs no more than its number."""

    def __init__(self, ids: list[str], lengths: np.ndarray, hashes: list[np.ndarray], text_of: Callable):
        self.ids, self.lengths, self.hashes, self.text_of = ids, lengths, hashes, text_of
        self._stock = np.zeros(0, dtype=np.uint32)
        self.found: dict[tuple[int, int], Aligned] = {}
        self.near: dict[int, list[int]] = defaultdict(list)  # texts of which enough aligns, repeats or not
        self._unlike: set[tuple[int, int]] = set()
        self._held: dict[int, str] = {}

    def align_all(self) -> None:
        """Align all candidates; at most BATCH_TEXTS texts are held at a time."""
        pairs, self._stock = candidates(self.hashes)
        batch: list[tuple[int, int]] = []
        needed: set[int] = set()
        for pair in pairs.tolist():
            if len(needed) > BATCH_TEXTS - 2:
                self._align(batch, needed)
                batch, needed = [], set()
            batch.append(pair)
            needed.update(pair)
        self._align(batch, needed)

    def _align(self, batch: list[tuple[int, int]], needed: Iterable[int]) -> None:
        missing = sorted(t for t in needed if t not in self._held)
        if len(self._held) + len(missing) > BATCH_TEXTS:
            self._held = {t: self._held[t] for t in needed if t in self._held}
        texts = self.text_of([self.ids[t] for t in missing]) if missing else {}
        self._held |= {t: normalise(texts[self.ids[t]]) for t in missing}
        for early, late in batch:
            result = align(self._held[early], self._held[late])
            if self._enough(early, late, result):
                self.found[early, late] = result
                self.near[early].append(late)
                self.near[late].append(early)

    def _enough(self, early: int, late: int, result: Aligned) -> bool:
        shorter, longer = _by_length(self.lengths[early], self.lengths[late], result)
        whole = shorter >= LEAST_OF_DUPLICATE
        if not whole and min(result.of_a, result.of_b) < LEAST_ALIGNED:
            return False
        if result.identity < LEAST_IDENTITY or shorter < LEAST_OF_SHORTER:
            return False
        if whole and longer >= LEAST_OF_DUPLICATE:
            return True
        shorter, longer = (early, late) if self.lengths[early] < self.lengths[late] else (late, early)
        own = np.setdiff1d(self.hashes[shorter], self._stock, assume_unique=True)
        shared = np.intersect1d(own, self.hashes[longer], assume_unique=True)
        return len(shared) > 0 and len(shared) >= LEAST_OF_OWN * len(own)

    def alignment(self, a: int, b: int) -> Aligned:
        """How `a` and `b` align, all 0 if not enough does. Done now if it has not been."""
        early, late = min(a, b), max(a, b)
        if (early, late) not in self.found and (early, late) not in self._unlike:
            self._align([(early, late)], {early, late})
            if (early, late) not in self.found:
                self._unlike.add((early, late))
        found = self.found.get((early, late), Aligned(0, 0, 0.0, 0.0))
        return found if a < b else found._replace(of_a=found.of_b, of_b=found.of_a)

    def kind(self, a: int, b: int) -> str:
        """repeat, variant (reworded), excerpt (a small part of the longer), "" if not enough aligns."""
        found = self.alignment(a, b)
        _, longer = _by_length(self.lengths[a], self.lengths[b], found)
        if not longer:
            return ""
        if longer < LEAST_OF_LONGER:
            return "excerpt"
        return "variant" if found.identity < SURE_IDENTITY and found.gap > LONGEST_MEAN_GAP else "repeat"

    def is_repeat(self, a: int, b: int) -> bool:
        return self.kind(a, b) == "repeat"

    def covers(self, whole: int, part: int) -> bool:
        """Whether nearly all of `part` stands in `whole`."""
        return (
            self.is_repeat(whole, part) and self.alignment(whole, part).of_b / self.lengths[part] >= LEAST_OF_DUPLICATE
        )


def mark_repeats(
    articles: pd.DataFrame, signed: pd.DataFrame, text_of: Callable[[list[str]], dict[str, str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(articles with their repeats marked, table of pairs).

    articles: article_id (no two alike), source, date, document_id, position; other columns are kept, none is changed.
    signed: rows of `signatures` of these articles, in any order. text_of: {article_id: text} for a list of ids; asked for
    at most BATCH_TEXTS at a time, and only for candidates.

    Order of printing: by date, no date last, then document and position. The *original* is the first.

    duplicate_of: the article of the same source that stands for this one, else "". It is the first in which nearly all of
    this one's text stands (LEAST_OF_DUPLICATE). So the first printed is kept and a later copy, whole or cut, is not; but
    where a cut one came first, the later and longer one is kept and the first is its duplicate: whichever is dropped,
    nearly all of its words stay. No article is a duplicate of a duplicate.

    reprint_group: one name for a text that several sources print, else "". Every member aligns with the group's original:
    in the order of printing, an article joins the first original that it repeats, or is one itself. (Joining whatever is
    linked would put unlike articles together by way of a third.) The name is a hash of the original's id.

    Pairs, a row for each pair that aligned, article_a the one printed first: source and date of both; same_source; kind;
    aligned (characters of the shorter); share (of the shorter), share_a, share_b and identity, all in [0, 1]. Kinds:
    repeat; and two that are neither grouped nor duplicates, variant (the same wording with other names or figures) and
    excerpt (less than LEAST_OF_LONGER of the longer). Of n articles with exactly the same text, each is paired with the
    first only; of many that are nearly the same, not all pairs are there.
    """
    out = articles.reset_index(drop=True)
    order = _order_of_printing(out)
    signed = signed.set_index("article_id").reindex(out["article_id"].iloc[order])
    row_of = order[signed["digest"].notna().to_numpy()]
    signed = signed[signed["digest"].notna()]
    # Equal texts are one text, which has the number of its first printing.
    number, firsts = pd.factorize(signed["digest"])
    first = np.unique(number, return_index=True)[1] if len(number) else np.zeros(0, dtype=np.int64)
    ids = out["article_id"].to_numpy()
    lengths, hashes = signed["n_normal"].to_numpy().astype(np.int64), signed["hashes"].to_numpy()
    texts = _Texts([ids[r] for r in row_of[first]], lengths[first], [hashes[i] for i in first], text_of)
    texts.align_all()
    group = _groups(texts, len(firsts))
    sources = out["source"].to_numpy()
    duplicate, reprint = np.full(len(out), "", dtype=object), np.full(len(out), "", dtype=object)
    links = {(row_of[first[a]], row_of[first[b]]): (a, b) for a, b in list(texts.found)}
    for source in pd.unique(sources[row_of]):
        own = np.flatnonzero(sources[row_of] == source)
        for place, original in _duplicates(texts, own, number).items():
            duplicate[row_of[place]] = ids[row_of[original]]
            links[row_of[original], row_of[place]] = number[original], number[place]
    seen = defaultdict(set)
    for place, text in enumerate(number):
        seen[group[text]].add(sources[row_of[place]])
        if place != first[text]:
            links[row_of[first[text]], row_of[place]] = text, text
    for place, text in enumerate(number):
        if len(seen[group[text]]) > 1:
            reprint[row_of[place]] = _group_name(texts.ids[group[text]])
    out["duplicate_of"], out["reprint_group"] = pd.array(duplicate, "str"), pd.array(reprint, "str")
    out.index = articles.index
    rank = np.empty(len(out), dtype=np.int64)
    rank[order] = np.arange(len(out))
    return out, _pair_table(out, texts, links, rank)


def _order_of_printing(articles: pd.DataFrame) -> np.ndarray:
    """Rows by date (none last), document, position; the id decides between equals."""
    keys = articles[["date", "document_id", "position", "article_id"]].assign(_undated=articles["date"] == "")
    keys = keys.sort_values(["_undated", "date", "document_id", "position", "article_id"], kind="stable")
    return keys.index.to_numpy()


def _groups(texts: _Texts, n: int) -> list[int]:
    """For each of `n` texts, the original that it repeats; its own number if none."""
    group: list[int] = []
    for text in range(n):
        originals = sorted({group[other] for other in texts.near.get(text, ()) if other < text})
        group.append(next((o for o in originals if texts.is_repeat(o, text)), text))
    return group


def _duplicates(texts: _Texts, places: np.ndarray, number: np.ndarray) -> dict[int, int]:
    """{place of a duplicate: place of the article kept for it} among the articles of one source, at `places` in the
    order of printing. number: text at each place."""
    first: dict[int, int] = {}  # text -> where this source prints it first
    kept: dict[int, int] = {}  # text -> text that stands for it
    followers: dict[int, list[int]] = defaultdict(list)
    for place in places.tolist():
        text = int(number[place])
        if text in first:
            continue
        first[text] = place
        near = sorted({kept[t] for t in texts.near.get(text, ()) if t in kept}, key=first.__getitem__)
        kept[text] = next((t for t in near if texts.covers(t, text)), text)
        if kept[text] != text:
            followers[kept[text]].append(text)
            continue
        for shorter in near:
            if not texts.covers(text, shorter):
                continue
            for follower in [shorter, *followers.pop(shorter, [])]:
                kept[follower] = text if follower == shorter or texts.covers(text, follower) else follower
                if kept[follower] == text:
                    followers[text].append(follower)
    return {
        place: first[kept[text]]
        for place, text in zip(places.tolist(), number[places].tolist(), strict=True)
        if place != first[kept[text]]
    }


def _group_name(article_id: str) -> str:
    return f"reprint-{hashlib.sha256(article_id.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _pair_table(articles: pd.DataFrame, texts: _Texts, links: dict, rank: np.ndarray) -> pd.DataFrame:
    """The table of pairs, see `mark_repeats`. links: {(row, row): (text, text)}."""
    ids, sources, dates = (articles[c].to_numpy() for c in ("article_id", "source", "date"))
    rows = []
    for early, late, a, b in _ordered(links, rank):
        n_a, n_b = int(texts.lengths[a]), int(texts.lengths[b])
        found = Aligned(n_a, n_b, 1.0, 0.0) if a == b else texts.alignment(a, b)
        share, _ = _by_length(n_a, n_b, found)
        rows.append(
            {"article_a": ids[early], "article_b": ids[late], "source_a": sources[early], "source_b": sources[late]}
            | {"date_a": dates[early], "date_b": dates[late], "same_source": sources[early] == sources[late]}
            | {"kind": "repeat" if a == b else texts.kind(a, b)}
            | {"aligned": found.of_a if n_a < n_b else found.of_b, "share": share}
            | {"share_a": found.of_a / n_a, "share_b": found.of_b / n_b, "identity": found.identity}
        )
    return pd.DataFrame(rows, columns=list(PAIR_TYPES)).astype(PAIR_TYPES)


def _ordered(links: dict, rank: np.ndarray) -> Iterator[tuple[int, int, int, int]]:
    """(earlier row, later row, text of each), each pair of rows once, in the order of printing."""
    oriented = {}
    for (x, y), (a, b) in links.items():
        oriented[(x, y) if rank[x] < rank[y] else (y, x)] = (a, b) if rank[x] < rank[y] else (b, a)
    for early, late in sorted(oriented, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
        yield early, late, *oriented[early, late]


def texts_of(articles: pd.DataFrame) -> Callable[[list[str]], dict[str, str]]:
    """The `text_of` of a table held in memory: article_id, text."""
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    return lambda ids: {i: texts[i] for i in ids}
