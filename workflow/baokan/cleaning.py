"""Repairs of press text: lines broken at the column's width, blanks of typesetting, half-width marks."""

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from baokan.furniture import HAN

CJK = rf"{HAN}\u3000-\u303f\uff00-\uffef\u2018\u2019\u201c\u201d\u2014\u2026·"
TERMINAL = "。！？…；："
CLOSING = "”’）》」』】)"
# What Python strips, and two characters of no width that files begin with or are padded by.
BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\ufeff\u200b"
_TO_FULL = str.maketrans(",;:?!()", "，；：？！（）")
_SPACE = r"[ \t\u3000\u00a0]+"


@dataclass
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


@dataclass
class Paragraph:
    """Lines that are one paragraph of a document; `text` is cleaned, the lines keep the offsets."""

    lines: list[Line] = field(default_factory=list)
    text: str = ""
    simple: str = ""

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def end(self) -> int:
        return self.lines[-1].end


def split_lines(text: str, simplified: Callable[[str], str] = str) -> list[Line]:
    """The lines of `text` that are not blank, with their offsets. `simplified` folds Traditional characters, character
    by character, so that one set of signs serves both."""
    lines, position, blanks = [], 0, 0
    simple = simplified(text)  # all at once: a call per line takes longer
    if len(simple) != len(text):
        simple = text
    for raw in text.split("\n"):
        stripped = raw.strip(BLANKS)
        if stripped:
            start = position + len(raw) - len(raw.lstrip(BLANKS))
            end = start + len(stripped)
            indented = bool(re.match(r"[ \t]{2,}|\u3000", raw))
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
    gaps = Counter(b.blanks_before for a, b in zip(lines, lines[1:], strict=False) if a.text[-1] in "。！？”")
    return max(gaps, key=lambda gap: (gaps[gap], -gap)) if gaps else 0


def is_airy(lines: list[Line]) -> bool:
    """Whether every line has a blank one after it, so that gaps tell nothing."""
    return sum(line.blanks_before == 1 for line in lines) >= 0.7 * len(lines)


def column_widths(lines: list[Line], reach: int = 9) -> list[float]:
    """The width at which the text around each line was broken, in characters; 0 where it was not broken.

    A column is where, among the lines within `reach`, at least three and a quarter of them end at the same width (give
    or take a character, for marks that hang), hardly any is wider, and it is no wider than a page can be.
    """
    widths = [width(line.text) + (2.0 if line.indented else 0.0) for line in lines]
    result = []
    near = sorted(widths[:reach])  # the widths within reach, in order, as the window moves
    for i in range(len(lines)):
        if i + reach < len(lines):
            insort(near, widths[i + reach])
        if i > reach:
            near.pop(bisect_left(near, widths[i - reach - 1]))
        best, most = 0.0, max(3, 0.25 * len(near)) - 1
        first, last = bisect_left(near, 8), bisect_right(near, 60)
        for candidate in sorted({round(w) for w in near[first:last]}):
            alike = bisect_right(near, candidate + 1.0) - bisect_left(near, candidate - 1.0)
            wider = len(near) - bisect_right(near, candidate + 2.5)
            if alike > most and wider <= 0.12 * len(near):
                best, most = float(candidate), alike
        result.append(best)
    return result


_NEW = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[条章节]"
    r"|\d{1,2}[、．]|●|■|◆|○|——)"
)
_UNIT = re.compile(r"[A-Za-z0-9.%+]+|.", re.DOTALL)
# A sentence that a line without columns breaks off: it has sentences before, or a comma near its end. A headline has not.
_BROKEN_OFF = re.compile(r"[。；！？][^。；！？]+$|[，、；][^，、；。]{0,3}$")
_LONGEST_HEADLINE = 46


def lost_indents(lines: list[Line], columns: list[float]) -> bool:
    """Whether the indents of paragraphs were lost in extraction: lines that begin one (after a gap, or after a line that
    ends far from the column's edge) are two characters short as often as they are full, and no line is indented."""
    airy = is_airy(lines)
    short = full = 0
    for before, line, column in zip(lines, lines[1:], columns[1:], strict=False):
        if line.indented:
            return False
        ended = before.text[-1] in "。！？" and width(before.text) < column - 2.6
        if column and (ended or (line.blanks_before and not airy)):
            missing = column - width(line.text)
            short += 1.4 <= missing <= 2.6
            full += -1.0 <= missing <= 0.6
    return short >= 3 and short >= full


def continues(line: Line, following: Line, column: float, airy: bool, indents: bool, lost: float = 0.0) -> bool:
    """Whether `following` carries on the paragraph of `line`.

    column: width of the column around the line, 0 if none. airy: the text around has a blank line after every line.
    indents: paragraphs of this document begin with an indent. lost: characters of an indent that this line has lost.
    """
    if indents and following.indented and following.blanks_before >= (1 if airy else 0):
        return False
    end = line.text[-1]
    open_end = end not in TERMINAL + CLOSING
    if not column or (following.blanks_before and not airy):
        # A page ends within a sentence: a line of prose without an end, then a line that begins none.
        if not column and not following.blanks_before:
            return False
        prose = width(line.text) > _LONGEST_HEADLINE or _BROKEN_OFF.search(line.text)
        if column:
            full = width(line.text) >= column - 1.5
            prose = width(line.text) > 30 or (full and "，" in line.text)
            # Where indents were lost, a full line begins no paragraph.
            prose = prose or (lost and width(line.text) + lost >= column - 0.6 and width(following.text) >= column - 0.6)
        return bool(prose and open_end and not following.indented and not _NEW.match(following.text))
    # The line is full if what comes next, a character or an unbroken number or word, had no place in it.
    set_width = width(line.text) + (2.0 if line.indented else 0.0 if end in "。！？" else lost)
    if set_width + width(_UNIT.match(following.text)[0]) < column - 0.6:
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
    lost = 2.0 if lost_indents(lines, columns) else 0.0
    single = [0]  # single[i]: lines before the i-th that have one blank line before them
    for line in lines:
        single.append(single[-1] + (line.blanks_before == 1))
    result: list[Paragraph] = []
    for i, line in enumerate(lines):
        first, last = max(1, i - 6), min(len(lines), i + 7)
        airy = single[last] - single[first] >= 0.7 * (last - first)
        if (
            i
            and continues(lines[i - 1], line, columns[i - 1], airy, indents, lost if len(result[-1].lines) == 1 else 0.0)
            and not keep_apart(lines, i)
        ):
            result[-1].lines.append(line)
        else:
            result.append(Paragraph([line]))
    return result, len(lines) - len(result)


def join_text(texts: list[str]) -> str:
    """The text of a paragraph's lines, with a blank only where two Latin words or numbers would run together."""
    text = ""
    for line in texts:
        gap = text and text[-1].isascii() and text[-1].isalnum() and line[0].isascii() and line[0].isalpha()
        text += (" " if gap else "") + line
    return text


_IN_PROSE = re.compile(rf"(?<=[{CJK}]){_SPACE}(?=[{CJK}\d])|(?<=\d){_SPACE}(?=[{CJK}])")
# Letters set apart: all words of the line have one character, or two ("各 项 工 作", "通 知"), or three in a row have one.
_SPACED_OUT = re.compile(rf"^[{CJK}]{{1,2}}(?:{_SPACE}[{CJK}]{{1,2}})+$|(?<![{CJK}])[{CJK}](?:{_SPACE}[{CJK}](?![{CJK}])){{2,}}")


def remove_spacing(text: str, prose: bool = True) -> tuple[str, int]:
    """`text` without the blanks that typesetting put into it, and how many went.

    "通 知" -> "通知"; in prose also "4月 30日" -> "4月30日". In a headline a blank between two words of two or more
    characters is a mark of its own and stays: "以身作则 率先垂范". Blanks between Latin words stay.
    """
    tight = _IN_PROSE.sub("", text) if prose else _SPACED_OUT.sub(lambda match: re.sub(_SPACE, "", match[0]), text)
    return tight, len(text) - len(tight)


_HALF_WIDTH = re.compile(r"[,;:?!()]")
_HALF_MARK = re.compile(rf"(?<=[{CJK}%％])[,;:?!](?![A-Za-z])|(?<=[\dA-Za-z])[,;:?!](?=[{HAN}“《（])")
_HALF_BRACKET = re.compile(rf"\((?=[{CJK}])|(?<=[{CJK}])\((?=[\dA-Za-z])|(?<=[{CJK}])\)|(?<=\d)\)(?=[{CJK}])")


def full_width_marks(text: str) -> tuple[str, int]:
    """`text` with the half-width marks of Chinese sentences in their full-width form, and how many changed.

    "方针,实施" -> "方针，实施"; "1,000" and "Wang, L." stay. A bracket changes where Chinese is inside or before it.
    """
    if not _HALF_WIDTH.search(text):
        return text, 0
    text, marks = _HALF_MARK.subn(lambda match: match[0].translate(_TO_FULL), text)
    text, brackets = _HALF_BRACKET.subn(lambda match: match[0].translate(_TO_FULL), text)
    return text, marks + brackets
