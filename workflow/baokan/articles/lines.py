"""Lines broken at the width of a column put together to paragraphs."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

import numpy as np

from baokan.articles.dictionary import bridges
from baokan.articles.offsets import Mapped, Run
from baokan.matches import sure

TERMINAL = "。！？…；："
CLOSING = "”’）》」』】)"
# What Python strips, and two characters of no width that files begin with or are padded by.
INDENTS = ("\u3000", "  ", "\t\t", " \t", "\t ")
BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\ufeff\u200b"


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


def airy_around(lines: list[Line], reach: int = 6) -> list[bool]:
    """Whether the lines around each have one blank line before them nearly all."""
    single = [0, *accumulate(int(line.blanks_before == 1) for line in lines)]  # single[i]: of the lines before the i-th
    if not single[-1]:
        return [False] * len(lines)
    result = []
    for i in range(len(lines)):
        first, last = max(1, i - reach), min(len(lines), i + reach + 1)
        result.append(single[last] - single[first] >= 0.7 * (last - first))
    return result


def column_widths(lines: list[Line], reach: int = 9) -> list[float]:
    """The width at which the text around each line was broken, in characters; 0 where it was not broken.

    Where one column gives way to another, a line belongs to the one that it fills: of the lines before or after it.
    """
    plain = [line.set_width for line in lines]
    if sum(NARROWEST <= width <= WIDEST for width in plain) < 3:
        return [0.0] * len(lines)
    widths, result = np.array(plain), []
    for first in range(0, len(lines), BLOCK):
        for i, column in enumerate(_columns_around(widths, first, min(first + BLOCK, len(lines)), reach), first):
            if abs(plain[i] - column) > 1.0 and NARROWEST - 1 <= plain[i] <= WIDEST + 1:
                sides = (plain[max(0, i - reach) : i + 1], plain[i : i + reach + 1])
                columns = (_column(sorted(side), 0.5) for side in sides if _may_fill(plain[i], side))
                column = next((c for c in columns if abs(plain[i] - c) <= 1.0), column)
            result.append(column)
    return result


BLOCK = 4096  # lines looked at together
NARROWEST, WIDEST = 8, 60  # columns, in characters


def _columns_around(widths: np.ndarray, first: int, last: int, reach: int) -> list[float]:
    """`_column` of the widths within `reach` of each line from `first` to `last`, all at once: counts of lines by width,
    summed over each window."""
    low, high = max(0, first - reach), min(len(widths), last + reach)
    halves = np.minimum(widths[low:high] * 2, 2 * WIDEST + 8).astype(np.int64)
    seen = np.zeros((high - low + 1, 2 * WIDEST + 9), dtype=np.int16)
    seen[np.arange(1, high - low + 1), halves] = 1
    named = np.zeros((high - low + 1, WIDEST + 1), dtype=np.int16)  # which whole widths lines are nearest to
    fit = np.flatnonzero((halves >= 2 * NARROWEST) & (halves <= 2 * WIDEST))
    named[fit + 1, np.round(widths[low:high][fit]).astype(np.int64)] = 1
    places = np.arange(first, last)
    begin, end = np.maximum(places - reach, 0) - low, np.minimum(places + reach + 1, len(widths)) - low
    sums, names = seen.cumsum(axis=0, dtype=np.int16), named.cumsum(axis=0, dtype=np.int16)
    up_to = (sums[end] - sums[begin]).cumsum(axis=1, dtype=np.int16)  # up_to[i, b]: lines around i no wider than b / 2
    size = (end - begin)[:, None]
    candidates = np.arange(NARROWEST, WIDEST + 1)
    alike = up_to[:, 2 * candidates + 2] - up_to[:, 2 * candidates - 3]
    wider = size - up_to[:, 2 * candidates + 5]
    there = (names[end] - names[begin])[:, candidates] > 0
    alike = np.where(there & (wider <= 0.12 * size) & (alike > np.maximum(3, 0.25 * size) - 1), alike, 0)
    best = alike.argmax(axis=1)
    return np.where(alike.max(axis=1) > 0, candidates[best], 0).astype(float).tolist()


def _may_fill(own: float, side: list[float]) -> bool:
    """Whether lines about as wide as this one are enough to be a column that it fills: a quick look before `_column`."""
    return sum(abs(width - own) <= 2.0 for width in side) >= max(3, 0.5 * len(side))


def _column(widths: list[float], least: float = 0.25) -> float:
    """The width at which lines of these widths, in order, were broken, or 0: at least three of them and that share end
    there (give or take a character, for marks that hang), hardly any is wider, and a page is no wider."""
    best, most = 0.0, max(3, least * len(widths)) - 1
    if most >= len(widths):
        return best
    low, high = bisect_left(widths, NARROWEST), bisect_right(widths, WIDEST)
    for candidate in sorted({round(w) for w in widths[low:high]}):
        alike = bisect_right(widths, candidate + 1.0) - bisect_left(widths, candidate - 1.0)
        wider = len(widths) - bisect_right(widths, candidate + 2.5)
        if alike > most and wider <= 0.12 * len(widths):
            best, most = float(candidate), alike
    return best


_NEW = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[条章节]"
    r"|\d{1,2}[、．]|●|■|◆|○|——)"
)
# What no line break may part: a number, a Latin word, an opening mark and what follows it.
_UNIT = re.compile(r"[“‘《（「『【〔(]*(?:[A-Za-z0-9.%+]+|.)", re.DOTALL)
_MARKED = re.compile(r"[，、；。：！？]")  # prose; most headings have none
_OPENED = re.compile(r"“[^“”]*$|《[^《》]*$|（[^（）]*$|「[^「」]*$")
_SPACED = re.compile(r"\S(?:[ \t\u3000]+\S){4,}")
# A sentence that a line without columns breaks off has sentences before it, or a comma near its end; headlines do not.
_BROKEN_OFF = re.compile(r"[。；！？][^。；！？]+$|[，、；][^，、；。]{0,3}$")
_LONGEST_HEADLINE = 46


def lost_indents(lines: list[Line], columns: list[float], airy: list[bool], reach: int = 60) -> list[bool]:
    """Whether the indents of paragraphs were lost in extraction, around each line: lines that begin a paragraph (after
    the end of a sentence, and a gap or far from the column's edge) are two characters short as often as they are full,
    and no line of the document is indented."""
    if any(line.indented for line in lines):
        return [False] * len(lines)
    short, full = [0], [0]  # up to each line
    for i, line in enumerate(lines):
        column = max(columns[i : i + 3])  # that of the lines which follow: this one may be too short for it
        before = lines[i - 1] if i else None
        begins = (
            before is not None
            and before.text[-1] in TERMINAL + CLOSING
            and column
            and (before.width < column - 2.6 or (line.blanks_before and not airy[i]))
        )
        missing = column - line.width
        short.append(short[-1] + bool(begins and 1.4 <= missing <= 3.1))
        full.append(full[-1] + bool(begins and -1.0 <= missing <= 0.6))
    result = []
    for i in range(len(lines)):
        first, last = max(0, i - reach), min(len(lines), i + reach + 1)
        n_short, n_full = short[last] - short[first], full[last] - full[first]
        result.append(n_short >= 3 and n_short >= n_full)
    return result


def continues(line: Line, following: Line, column: float, airy: bool, indents: bool, lost: float = 0.0) -> bool:
    """Whether `following` carries on the paragraph of `line`.

    column: width of the column around the line, 0 if none. airy: the text around has a blank line after every line.
    indents: paragraphs of this document begin with an indent. lost: characters of an indent that this line has lost.
    """
    if indents and following.indented and following.blanks_before >= (1 if airy else 0):
        return False
    end = line.text[-1]
    open_end = end not in TERMINAL + CLOSING
    parted = following.blanks_before > airy  # by a gap wider than all lines have
    set_width = line.set_width + (0.0 if line.indented or end in "。！？" else lost)
    if open_end and column and not parted and set_width >= column - 0.6 and following.set_width <= column + 3.5:
        return True  # a full line of a column: what most lines are
    if open_end and not (_NEW.match(following.text) or following.indented or line.heading or following.heading):
        near_full = column and column - 4.0 <= set_width <= column + 2.5 and _MARKED.search(line.text)
        if near_full and not parted:
            return True
        if _OPENED.search(line.text) or bridges(line.simple or line.text, following.simple or following.text):
            return True
    if not column or parted:
        # A page ends within a sentence: a line of prose without an end, then a line that begins none.
        if not column and not following.blanks_before:
            return False
        prose = line.width > _LONGEST_HEADLINE or _BROKEN_OFF.search(line.text) is not None
        if column:
            full = line.width >= column - 1.5
            prose = line.width > 30 or (full and _MARKED.search(line.text) is not None) or end in "，、"
            # Where indents were lost, a full line begins no paragraph.
            prose = prose or (bool(lost) and line.width + lost >= column - 0.6 and following.width >= column - 0.6)
        return prose and open_end and not following.indented and not _NEW.match(following.text)
    if following.set_width > column + 3.5:
        return False  # another, wider column
    # The line is full if what comes next, a character or an unbroken number or word, had no place in it.
    if set_width + width(sure(_UNIT.match(following.text))[0]) < column - 0.6:
        return False
    return open_end or not _NEW.match(following.text)


def paragraphs(lines: list[Line], join: bool, keep_apart) -> tuple[list[Paragraph], int]:
    """Lines of text (no furniture) as paragraphs, and the number of line breaks undone.

    keep_apart(lines, i) says that line i never carries on the paragraph of line i - 1, whatever their width.
    """
    if not join:
        return [Paragraph([line]) for line in lines], 0
    columns = column_widths(lines)
    indents = sum(line.indented for line in lines) >= 3
    airy = airy_around(lines)
    lost = lost_indents(lines, columns, airy)
    result: list[Paragraph] = []
    for i, line in enumerate(lines):
        missing = 2.0 if i and lost[i - 1] and len(result[-1].lines) == 1 else 0.0
        if i and continues(lines[i - 1], line, columns[i - 1], airy[i], indents, missing) and not keep_apart(lines, i):
            result[-1].lines.append(line)
        else:
            result.append(Paragraph([line]))
    return result, len(lines) - len(result)


def join_text(texts: list[str]) -> str:
    """The text of a paragraph's lines, with a blank only where two Latin words or numbers would run together."""
    text = ""
    for line in texts:
        text += _gap(text, line) + line
    return text


def _gap(before: str, line: str) -> str:
    latin = before and before[-1].isascii() and before[-1].isalnum() and line[0].isascii() and line[0].isalpha()
    return " " if latin else ""
