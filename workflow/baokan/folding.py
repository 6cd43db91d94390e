"""Traditional characters folded to Simplified ones, one for one, so that offsets stay where they are."""

from functools import cache

import numpy as np


@cache
def _convert():
    import opencc

    return opencc.OpenCC("t2s").convert


@cache
def _traditional() -> np.ndarray:
    """For each character below U+10000, whether it is Traditional: not in GB 2312, and changed by the conversion."""
    han = [chr(c) for c in (*range(0x3400, 0xD800), *range(0xF900, 0xFB00))]
    marked = np.zeros(1 << 16, bool)
    simple = _convert()("\n".join(han)).split("\n")  # in one call, each character by itself: no phrase runs over a line
    marked[[ord(c) for c, to in zip(han, simple, strict=True) if c != to and not _in_gb2312(c)]] = True
    marked[0xD840:0xD880] = True  # the first halves of characters from U+20000 on: some are Traditional
    return marked


def _in_gb2312(char: str) -> bool:
    return bool(char.encode("gb2312", "ignore"))


def fold(text: str) -> str:
    """`text` in Simplified characters (OpenCC, t2s, which looks at phrases: 乾 stays in 乾隆), as long as before; what
    cannot be converted stays.

    A text without a character that only Traditional has is left alone: the conversion knows words such as 拉坏, and would
    write 拉坯 for it in a text that is Simplified already.
    """
    if not _traditional()[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)].any():
        return text
    try:
        simple = _convert()(text)
    except (UnicodeError, ValueError):  # half of a surrogate pair, from a broken record
        return text
    return simple if len(simple) == len(text) else "".join(map(_one, text))


def _one(char: str) -> str:
    simple = _convert()(char)
    return simple if len(simple) == 1 else char
