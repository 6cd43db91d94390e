"""Text that was taken from a document and edited, with the way back to the document's offsets."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Edit = tuple[int, int, str]  # [start, end) of the text becomes this
Run = tuple[int, int, int]  # offset in the text, offset in the document, length: equal character by character


@dataclass(frozen=True)
class Mapped:
    """A text and its runs: stretches that stand in the document, one character for one, in the order of the text.

    Characters in no run were put in by an edit. A run may differ from the document in its characters ("," that became
    "，"), never in their number.
    """

    text: str
    runs: tuple[Run, ...]

    @classmethod
    def of(cls, text: str, start: int) -> "Mapped":
        """`text` as it stands in the document at offset `start`."""
        return cls(text, ((0, start, len(text)),) if text else ())

    def edited(self, edits: Sequence[Edit]) -> "Mapped":
        """With `edits` made, which are sorted and do not overlap. An edit as long as what it replaces keeps the way
        back; what a shorter or longer one puts in is in no run."""
        if not edits:
            return self
        pieces: list[str] = []
        cuts: list[tuple[int, int, int]] = []  # (start, end, new length) of the edits that change the length
        at = 0
        for start, end, new in edits:
            pieces += (self.text[at:start], new)
            if len(new) != end - start:
                cuts.append((start, end, len(new)))
            at = end
        text = "".join([*pieces, self.text[at:]])
        return Mapped(text, tuple(_shifted(self.runs, cuts)) if cuts else self.runs)


def _shifted(runs: Iterable[Run], cuts: list[tuple[int, int, int]]) -> Iterable[Run]:
    """`runs` without the stretches of `cuts`, where the text after them has moved."""
    number, shift = 0, 0
    for at, origin, length in runs:
        end = at + length
        while number < len(cuts) and cuts[number][0] < end:
            start, stop, new = cuts[number]
            if start > at:
                yield at + shift, origin, start - at
            kept = max(at, min(stop, end))
            origin, at = origin + kept - at, kept
            if stop > end:
                break  # the edit reaches into the next run
            shift += new - (stop - start)
            number += 1
        if at < end:
            yield at + shift, origin, end - at


def joined(pieces: Iterable[tuple[str, Mapped]]) -> Mapped:
    """The texts of `pieces` in a row, each after the words that are put before it ("" for none)."""
    texts: list[str] = []
    runs: list[Run] = []
    at = 0
    for before, piece in pieces:
        texts += (before, piece.text)
        at += len(before)
        for offset, origin, length in piece.runs:
            if runs and runs[-1][0] + runs[-1][2] == offset + at and runs[-1][1] + runs[-1][2] == origin:
                runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + length)
            else:
                runs.append((offset + at, origin, length))
        at += len(piece.text)
    return Mapped("".join(texts), tuple(runs))


def flat(runs: Iterable[Run]) -> list[int]:
    """`runs` as the one list of numbers that the articles table holds in its column offset_map."""
    return [number for run in runs for number in run]


def unflat(numbers: Sequence[int]) -> list[Run]:
    """The runs of a list that `flat` has made."""
    return list(zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True))


def document_offset(runs: Sequence[Run], offset: int) -> int:
    """Where in the document the character at `offset` of the text stands. One that was put in has the place after the
    character before it; -1 if nothing is before it."""
    number = bisect_right(runs, offset, key=lambda run: run[0]) - 1
    if number < 0:
        return -1
    at, origin, length = runs[number]
    return origin + min(offset - at, length)
