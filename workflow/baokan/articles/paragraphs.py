"""Lines broken at the width of a column put together to paragraphs."""

import re
from itertools import accumulate

from baokan.articles.columns import column_widths
from baokan.articles.dictionary import bridges
from baokan.articles.lines import CLOSING, TERMINAL, Line, Paragraph, width
from baokan.matches import sure

_NEW = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[条章节]"
    r"|\d{1,2}[、．]|●|■|◆|○|——)"
)
# What no line break may part: a number, a Latin word, an opening mark and what follows it.
_UNIT = re.compile(r"[“‘《（「『【〔(]*(?:[A-Za-z0-9.%+]+|.)", re.DOTALL)
_MARKED = re.compile(r"[，、；。：！？]")  # prose; most headings have none
_OPENED = re.compile(r"“[^“”]*$|《[^《》]*$|（[^（）]*$|「[^「」]*$")
# A sentence that a line without columns breaks off has sentences before it, or a comma near its end; headlines do not.
_BROKEN_OFF = re.compile(r"[。；！？][^。；！？]+$|[，、；][^，、；。]{0,3}$")
_LONGEST_HEADLINE = 46


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
