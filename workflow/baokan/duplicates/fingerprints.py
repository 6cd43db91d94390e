"""Fingerprints of texts, by which those that may be the same are found: what is compared of a text, and a small set of
hashes of it.

The hashes are MinHash taken locally: the smallest hash in each window of WINDOW consecutive shingles (winnowing: Schleimer,
Wilkerson & Aiken 2003, "Winnowing: local algorithms for document fingerprinting", SIGMOD). One MinHash over a whole text
(Broder 1997, "On the resemblance and containment of documents") estimates how alike two texts are as wholes, and misses a
reprint cut to half with damaged characters; local ones stay the same wherever a stretch of WINDOW + SHINGLE - 1
characters is undamaged, however much is cut or added around it.
"""

import hashlib
import unicodedata
from functools import lru_cache

import numpy as np
import opencc
import pandas as pd

# Below this many Chinese characters two equal texts may be a stock phrase rather than a repeat.
SHORTEST_REPEAT = 40
# Characters to a shingle. Shorter ones survive more damage and are shared by more texts that have nothing to do with each
# other: at 5 % of characters changed, 0.95 ** 5 = 77 % of shingles survive.
SHINGLE = 5
# Shingles to a window: 2 / (WINDOW + 1) of the shingles are kept, about nine for the shortest text.
WINDOW = 8
BATCH_CHARS = 1 << 20  # characters of normalised texts that are hashed at a time: a bound of memory
_HAN = ((0x3007, 0x3008), (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))  # [start, end)
_LAST = 0x323B0  # what lies beyond has no Chinese characters and is dropped
LARGEST = np.uint32(0xFFFFFFFF)  # of hashes: what stands where there is none


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


def folded_codes(text: str) -> np.ndarray:
    """Folded code points of `text`, shape (n_normal,), uint32."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    folded = _folding()[0][np.minimum(raw, _LAST)]
    return folded[folded != 0]


def normalise(text: str) -> str:
    """What is compared of a text: Chinese characters (Simplified), digits and lower-case Latin letters, nothing else."""
    return folded_codes(text).astype("<u4").tobytes().decode("utf-32-le")


def signatures(articles: pd.DataFrame) -> pd.DataFrame:
    """A row for each article that is long enough to be a repeat (SHORTEST_REPEAT Chinese characters).

    articles: article_id, text. Columns of the result: article_id; n_normal, characters of the normalised text; digest,
    16 hexadecimal digits of it, equal for equal texts; hashes, ascending and distinct uint32, about 0.2 per character.
    An article's row depends on its text alone, so shards can be made apart and joined.
    """
    is_han = _folding()[1]
    ids, lengths, digests, hashes, batch, size = [], [], [], [], [], 0
    for article_id, text in zip(articles["article_id"], articles["text"], strict=True):
        codes = folded_codes(text)
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
        rolled = mix(rolled ^ _shift(codes, step, np.uint64(0)))
    hashed = (rolled >> np.uint64(32)).astype(np.uint32)
    hashed[left < SHINGLE] = LARGEST
    smallest = hashed
    for step in range(1, WINDOW):
        smallest = np.minimum(smallest, _shift(hashed, step, LARGEST))
    # A window reaches beyond the text's end only if the text has no full one, and then only the first counts.
    reach = np.minimum(WINDOW + SHINGLE - 1, np.repeat(lengths, lengths))
    rows = (owner.astype(np.uint64) << np.uint64(32)) | smallest
    rows = np.unique(rows[left >= reach])
    cuts = np.searchsorted(rows >> np.uint64(32), np.arange(1, len(texts)))
    return np.split((rows & np.uint64(LARGEST)).astype(np.uint32), cuts)


def mix(x: np.ndarray) -> np.ndarray:
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
