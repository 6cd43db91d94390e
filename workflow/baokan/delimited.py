"""The rows of a table whose cells a comma, a tab or a semicolon parts; a quote without its partner costs no more than its cell."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from baokan.matches import sure

# With semicolons is what spreadsheets call CSV where the decimal sign is a comma.
SEPARATORS = {"csv": ",", "tsv": "\t", "semicolons": ";"}
# Of the lines into which a quoted cell runs on, the share that must look like rows for them to be rows; and how many commas
# must fit where all quotes of the table have partners, since a text may well have one in a line.
MOSTLY, MANY = 0.8, 3


class Row(NamedTuple):
    """cells: of the row. unpaired: the numbers, from 0, of those that begin with a quote which nothing closes; it stands
    in the cell as it was written. doubtful: whether a cell runs over lines that look like rows."""

    cells: list[str]
    unpaired: list[int]
    doubtful: bool = False


class _Read(NamedTuple):
    row: Row
    quoted: bool  # all of its cells
    end: int  # where the next row begins


_END = r"(?:\r\n?|\n)"
_IN_QUOTES = r'"((?:[^"]++|"")*+)"( *+)'  # some programs leave blanks after it
_IN_QUOTES_AND_LINE = r'"((?:[^"\r\n]++|"")*+)"( *+)'
_LINE, _BREAK = re.compile(r"[^\r\n]*+"), re.compile(_END)
_QUOTED = {s: re.compile(rf"(?<![^{s}\r\n]){_IN_QUOTES}(?={s}|[\r\n]|\Z)") for s in SEPARATORS.values()}
_QUOTED_IN_LINE = {
    s: re.compile(rf"(?<![^{s}\r\n]){_IN_QUOTES_AND_LINE}(?={s}|[\r\n]|\Z)") for s in SEPARATORS.values()
}
_PLAIN = {s: re.compile(rf"[^{s}\r\n]*+") for s in SEPARATORS.values()}
# A table in which each quote has its partner, as programs write it.
_SOUND = {
    s: re.compile(
        rf'^(?:(?:"(?:[^"]++|"")*+" *+|[^"{s}\r\n]*+)(?:{s}|{_END}))*+(?:"(?:[^"]++|"")*+" *+|[^"{s}\r\n]*+)\Z'
    )
    for s in SEPARATORS.values()
}


def rows(text: str, kind: str) -> Iterator[Row]:
    r"""The rows of a table of the format `kind`, one of SEPARATORS, the header first, blank lines among them. Lines end with \n,
    \r or \r\n.

    A cell that begins with a quote ends with the next quote that is not doubled, if a separator or the end of a line
    follows; else the quote is a character like others. It also is one where the cell would run over lines that are rows
    by themselves, with as many cells as the header: two quotes of different rows are no pair. So what a program wrote is
    read as it was, but for a cell that runs on over lines which look like rows, with MANY commas in all or a tab.
    """
    separator = SEPARATORS[kind]
    at, width, quoted = 0, 0, False
    sound = '"' not in text or _SOUND[separator].match(text) is not None
    while at < len(text):
        read = _read(text, at, separator, True)
        if read.end > sure(_LINE.match(text, at)).end() + 2:  # it may run over several lines
            read = _told_apart(text, at, read, width, quoted, separator, sound)
        if not read.quoted and read.row.unpaired and width and len(read.row.cells) != width:
            read = _as_programs_do(text, at, width, separator) or read
        width, quoted = width or len(read.row.cells), quoted or (not width and read.quoted)
        yield read.row
        at = read.end


def _told_apart(text: str, at: int, read: _Read, width: int, quoted: bool, separator: str, sound: bool) -> _Read:
    """`read`, or its first line alone where the lines after it are rows too. sound: whether all quotes of the table have
    partners; if not, one more that has none is less of a surprise than a text whose lines look like rows."""
    alone = _read(text, at, separator, False)
    usual = width or len(alone.row.cells)
    if usual == 1:  # any line looks like a row of one cell
        return read
    first, *others = _like_rows(text, at, read.end, separator, usual, quoted)
    all_over = bool(others) and others[-1] and sum(others) >= MOSTLY * len(others)
    if not width:  # the header: what comes next tells how many cells a row has
        following = _read(text, read.end, separator, True).row.cells
        apart = all_over and len(read.row.cells) != len(following) == usual
    elif sound:
        all_over = all_over and first
        apart = all_over and (separator == "\t" or len(others) * (width - 1) >= MANY)
    else:
        apart = all_over or (len(read.row.cells) != usual and (first or any(others)))
    if apart:
        return alone
    return read._replace(row=read.row._replace(doubtful=all_over))


def _read(text: str, at: int, separator: str, over_lines: bool) -> _Read:
    """The row that begins at `at`. over_lines: whether a quoted cell may run over the ends of lines."""
    line = sure(_LINE.match(text, at))
    if '"' not in line[0]:
        return _Read(Row(line[0].split(separator), []), False, _after(text, line.end()))
    quoted_cell = (_QUOTED if over_lines else _QUOTED_IN_LINE)[separator]
    cells, unpaired, n_quoted = [], [], 0
    while True:
        match = quoted_cell.match(text, at) if text.startswith('"', at) else None
        if match:
            cells.append(match[1].replace('""', '"') + match[2])
            n_quoted += 1
        else:
            match = sure(_PLAIN[separator].match(text, at))
            if match[0].startswith('"') and match[0].count('"') % 2:
                unpaired.append(len(cells))
            cells.append(match[0])
        at = match.end()
        if not text.startswith(separator, at):
            return _Read(Row(cells, unpaired), n_quoted == len(cells), _after(text, at))
        at += 1


def _after(text: str, at: int) -> int:
    """The place after the end of a line at `at`."""
    match = _BREAK.match(text, at)
    return match.end() if match else at


def _like_rows(text: str, at: int, end: int, separator: str, width: int, quoted: bool) -> list[bool]:
    """Whether each line of [at, end) that is not blank looks like a row of `width` cells. quoted: all cells of the header
    are in quotes; so must theirs be, the first line's aside, which has the quote that is in doubt."""
    found: list[bool] = []
    while at < end:
        read = _read(text, at, separator, False)
        if any(read.row.cells):
            found.append(len(read.row.cells) == width and (not quoted or read.quoted or not found))
        at = read.end
    return found or [False]


def _as_programs_do(text: str, at: int, width: int, separator: str) -> _Read | None:
    """The line at `at` as the csv module reads it, which is content with `"甲,乙"丙`, if it then has `width` cells."""
    line = sure(_LINE.match(text, at))
    try:
        cells = next(csv.reader([line[0]], delimiter=separator), [])
    except csv.Error:  # a cell beyond the module's limit
        return None
    return _Read(Row(cells, []), False, _after(text, line.end())) if len(cells) == width else None
