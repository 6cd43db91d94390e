"""How well a text was read: the share of it that is words, and of what does not belong in print. Bad OCR lowers it."""

import re
from typing import NamedTuple

from baokan.articles.dictionary import words
from baokan.characters import HAN
from baokan.folding import fold

_PRINT = re.compile(
    rf"[{HAN}0-9A-Za-z０-９Ａ-Ｚａ-ｚ\u3000-\u303f\uff01-\uff5e\u2010-\u2027\u2030-\u203b"
    r"·℃%.,:;!?()/+\-~～°′″＂'\"×①-⑳■●◆○◇□▲△▼★→]+"
)
_BLANK = re.compile(r"\s+")
_HAN = re.compile(f"[{HAN}]+")


class Legibility(NamedTuple):
    """Shares, all in [0, 1], 0 where there is nothing to count.

    in_words: of the Chinese characters, those in words of two or more that the segmenter's dictionary has. single: of
    the words it finds, those of one character. odd: of the characters that are no blank, those that do not belong in
    Chinese print. quality: in_words of what does belong, (1 - odd) x in_words.
    """

    in_words: float
    single: float
    odd: float

    @property
    def quality(self) -> float:
        """From 0, noise, to 1, prose without an odd character."""
        return (1 - self.odd) * self.in_words


def legibility(text: str) -> Legibility:
    """The legibility of a text. Traditional characters count as their Simplified ones."""
    dense = _BLANK.sub("", text)
    if not dense:
        return Legibility(0.0, 0.0, 0.0)
    printed = sum(map(len, _PRINT.findall(dense)))
    runs = _HAN.findall(fold(dense))
    found = words("\n".join(runs)) if runs else []
    between, characters = found.count("\n"), sum(map(len, runs))
    singles, n_words = list(map(len, found)).count(1) - between, len(found) - between
    return Legibility(
        (characters - singles) / characters if characters else 0.0,
        singles / n_words if n_words else 0.0,
        1 - printed / len(dense),
    )
