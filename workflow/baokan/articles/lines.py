"""The printed lines of a document: where they stand in it, how wide they are, and how they were set."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from baokan.articles.offsets import Mapped, Run

TERMINAL = "。！？…；："
CLOSING = "”’）》」』】)"
# What Python strips, and two characters of no width that files begin with or are padded by.
INDENTS = ("\u3000", "  ", "\t\t", " \t", "\t ")
BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\ufeff\u200b"
_SPACED = re.compile(r"\S(?:[ \t\u3000]+\S){4,}")


@dataclass(slots=True)
class Line:
    """A line of a decoded document: offsets [start, end) of its stripped text, that text, and how it was set."""

    start: int
    end: int
    text: str
    indented: bool
    blanks_before: int
    simple: str = ""
    kind: str = ""
    # Begins with one blank, as few lines do: where a PDF's text frame begins.
    frame: bool = False
    # What the file's format says of it: the level of a heading (0 for none), and a number that lines of one mark share.
    heading: int = 0
    mark: int = -1
    # A correction has a paragraph begin here.
    begins: bool = False
    # The width of what was taken off its front: a jump mark.
    taken: float = 0.0

    width: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.width = width(self.text)

    def part(self, low: int, high: int, kind: str = "") -> "Line":
        """The line from `low` to `high` of its text, stripped; of another kind, if one is given."""
        text = self.text[low:high]
        low += len(text) - len(text.lstrip(BLANKS))
        high -= len(text) - len(text.rstrip(BLANKS))
        part = replace(
            self, start=self.start + low, end=self.start + high, text=self.text[low:high], simple=self.simple[low:high],
            kind=kind or self.kind,
        )  # fmt: skip
        if low:
            part.blanks_before, part.indented, part.frame = 0, False, False
            part.taken += width(self.text[:low]) + 2.0 * self.indented
        return part

    @property
    def set_width(self) -> float:
        """Its printed width in full-width characters, with its indent and what was taken off its front. A line that was
        stretched to the column by blanks counts without them."""
        spaced = " " in self.text and _SPACED.fullmatch(self.text)
        return (width("".join(self.text.split())) if spaced else self.width) + 2.0 * self.indented + self.taken


@dataclass
class Paragraph:
    """Lines that are one paragraph of a document; the lines keep the offsets."""

    lines: list[Line] = field(default_factory=list)
    text: str = ""
    simple: str = ""

    @property
    def start(self) -> int:
        """Where the first line begins in the document."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Where the last line ends in the document."""
        return self.lines[-1].end

    @property
    def heading(self) -> int:
        """The level of the heading that its first line is, 0 for none."""
        return self.lines[0].heading

    def mapped(self) -> Mapped:
        """The text of its lines as they stand in the document, with the way back."""
        texts: list[str] = []
        runs: list[Run] = []
        at, before = 0, ""
        for line in self.lines:
            gap = _gap(before, line.text)
            runs.append((at + len(gap), line.start, len(line.text)))
            texts += (gap, line.text)
            at, before = at + len(gap) + len(line.text), line.text
        return Mapped("".join(texts), tuple(runs))


def split_lines(text: str, simplified: Callable[[str], str] = str) -> list[Line]:
    """The lines of `text` that are not blank, with their offsets. `simplified` folds Traditional characters, character
    by character, so that one set of signs serves both."""
    lines, position, blanks = [], 0, 0
    simple = simplified(text)  # all at once: a call per line takes longer
    if len(simple) != len(text):
        simple = text
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped and (stripped[0] in "\ufeff\u200b" or stripped[-1] in "\ufeff\u200b"):
            stripped = raw.strip(BLANKS)
        if stripped:
            start = position + raw.find(stripped)
            end = start + len(stripped)
            indented = raw.startswith(INDENTS)
            lines.append(Line(start, end, stripped, indented, blanks, simple[start:end]))
            lines[-1].frame = raw[0] == " " and start == position + 1
            blanks = 0
        else:
            blanks += 1
        position += len(raw) + 1
    if sum(line.frame for line in lines) > max(3, 0.03 * len(lines)):
        for line in lines:
            line.frame = False
    return lines


def width(text: str) -> float:
    """Printed width in full-width characters: ASCII and Latin-1 count a half."""
    if text.isascii():
        return len(text) / 2
    # What Latin-1 cannot encode is dropped: the rest is half-width.
    return len(text) - len(text.encode("latin-1", "ignore")) / 2


def usual_gap(lines: list[Line]) -> int:
    """The blank lines that usually stand before a paragraph: those after lines that end a sentence."""
    gaps = Counter(b.blanks_before for a, b in pairwise(lines) if a.text[-1] in "。！？”")
    return max(gaps, key=lambda gap: (gaps[gap], -gap)) if gaps else 0


def is_airy(lines: list[Line]) -> bool:
    """Whether every line has a blank one after it, so that gaps tell nothing."""
    return sum(line.blanks_before == 1 for line in lines) >= 0.7 * len(lines)


def join_text(texts: list[str]) -> str:
    """The text of a paragraph's lines, with a blank only where two Latin words or numbers would run together."""
    text = ""
    for line in texts:
        text += _gap(text, line) + line
    return text


def _gap(before: str, line: str) -> str:
    latin = before and before[-1].isascii() and before[-1].isalnum() and line[0].isascii() and line[0].isalpha()
    return " " if latin else ""
