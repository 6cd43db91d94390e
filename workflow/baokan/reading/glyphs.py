"""Characters at their places on a page to printed lines, horizontal and vertical ones."""

import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from baokan.reading.layout import Box, Line


@dataclass(frozen=True)
class Glyph:
    """A character and the square or half square that it takes up, in points, y downwards; `size` is that of its type."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2


# Gaps in squares (the size of the type): up to the first, what the file draws one after another is of one line, up to the
# second whatever stands beside each other is; up to the third it is where no gutter runs through the gap.
_NEAR, _CLOSE, _FAR = 0.7, 0.25, 1.6
_BLANK, _LATIN_BLANK = 0.5, 0.16


def lines_of(glyphs: list[Glyph], rules: list[Box] = (), layout: str = "auto") -> list[Line]:
    """The printed lines of a page, in no order that matters. glyphs: in the order in which the file draws them, which says
    most about what belongs together. layout: auto, horizontal or vertical."""
    glyphs = without_overprint(glyphs)
    vertical = _runs_down(glyphs) if layout == "auto" else layout == "vertical"
    along, athwart = _runs(glyphs, vertical)
    across, down = (athwart, along) if vertical else (along, athwart)
    lines = [_line(run, False) for run in _merged(across, rules)]
    down = [[_turned(g) for g in run] for run in down]
    return lines + [_line(run, True) for run in _merged(down, [_turned_box(box) for box in rules])]


def without_overprint(glyphs: list[Glyph]) -> list[Glyph]:
    """`glyphs` less those that are printed once more, hardly moved, to look bold."""
    kept, seen = [], defaultdict(list)
    for glyph in glyphs:
        step = max(glyph.size, 0.1)
        column, row = int(glyph.x // step), int(glyph.y // step)
        near = (
            other
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in seen.get((glyph.text, i, j), ())
        )
        reach = 0.25 * min(glyph.size, 2 * (glyph.x1 - glyph.x0) or glyph.size)
        if not any(abs(other.x - glyph.x) < reach and abs(other.y - glyph.y) < reach for other in near):
            kept.append(glyph)
            seen[glyph.text, column, row].append(glyph)
    return kept


def _runs_down(glyphs: list[Glyph]) -> bool:
    """Whether the page is set vertically: by where the next character is drawn, or by where the nearest one stands."""
    votes = Counter(_link(a, b) for a, b in pairwise(glyphs))
    if votes["across"] + votes["down"] >= 0.4 * len(glyphs):
        return votes["down"] > votes["across"]
    # Drawn in no order: the lines are where characters stand closest.
    cells = defaultdict(list)
    for glyph in glyphs:
        cells[int(glyph.x // (3 * glyph.size)), int(glyph.y // (3 * glyph.size))].append(glyph)
    for glyph in glyphs[:: max(1, len(glyphs) // 1000)]:
        column, row = int(glyph.x // (3 * glyph.size)), int(glyph.y // (3 * glyph.size))
        near = [g for i in (-1, 0, 1) for j in (-1, 0, 1) for g in cells.get((column + i, row + j), ())[:200]]
        right = min(
            (g.x - glyph.x for g in near if g.x > glyph.x and abs(g.y - glyph.y) < 0.3 * glyph.size), default=99
        )
        below = min(
            (g.y - glyph.y for g in near if g.y > glyph.y and abs(g.x - glyph.x) < 0.3 * glyph.size), default=99
        )
        votes["down" if below < right else "across"] += right != below
    return votes["down"] > votes["across"]


def _link(a: Glyph, b: Glyph) -> str:
    """How b follows a in one line: across, down, or "" if it doesn't."""
    size = max(a.size, b.size)
    if size > 1.6 * min(a.size, b.size):
        return ""
    if abs(a.y - b.y) < 0.35 * size and -0.6 * size < b.x0 - a.x1 < _NEAR * size and b.x > a.x:
        return "across"
    # A vertical line's marks stand in a corner of their square.
    if abs(a.x - b.x) < 0.7 * size and 0.1 * size < b.y - a.y < (1 + _NEAR) * size:
        return "down"
    return ""


def _runs(glyphs: list[Glyph], vertical: bool) -> tuple[list[list[Glyph]], list[list[Glyph]]]:
    """Stretches of characters that follow each other in the file and on the page: those that run as the page does, and
    those that run the other way."""
    usual, other = ("down", "across") if vertical else ("across", "down")
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        # pdfium moves a character that stands level with the end of the line before: look back a little.
        run = next((run for run in reversed(runs[-3:]) if _link(run[-1], glyph) == usual), None)
        if run is None:
            runs.append([glyph])
        else:
            run.append(glyph)
    along, athwart = [], []
    for run in runs:
        single = len(run) == 1
        if single and athwart and _link(athwart[-1][-1], run[0]) == other:
            athwart[-1].append(run[0])
        elif single:
            athwart.append([run[0]])
        else:
            along.append(run)
    # Two characters under one another, where lines run across, are more likely the ends of two lines.
    least = 2 if vertical else 3
    along += [[glyph] for run in athwart if len(run) < least for glyph in run]
    return along, [run for run in athwart if len(run) >= least]


def _turned(g: Glyph) -> Glyph:
    return Glyph(g.text, *_turned_box((g.x0, g.y0, g.x1, g.y1)), g.size)


def _turned_box(box: Box) -> Box:
    return (box[1], -box[2], box[3], -box[0])


def _merged(runs: list[list[Glyph]], rules: list[Box]) -> list[list[Glyph]]:
    """Runs that stand beside each other in one line as one: unless a gutter or a rule lies between them."""
    spans = [_Span(run) for run in runs]
    rows = defaultdict(list)  # spans by the height of their middle, in steps of 12 points
    for span in spans:
        rows[int(span.y // 12)].append(span)
    for row in rows.values():
        row.sort(key=lambda s: s.x0)
    for span in sorted(spans, key=lambda s: (s.x0, s.y)):
        best = None
        for number in range(int((span.y - span.size) // 12), int((span.y + span.size) // 12) + 1):
            for other in rows.get(number, ()):
                if (
                    other is not span
                    and other.before is None
                    and span.takes(other)
                    and (best is None or other.x0 < best.x0)
                ):
                    best = other
        if best and not _parted(span, best, rows, rules):
            span.after, best.before = best, span
    result = []
    for span in spans:
        if span.before is None:
            line = []
            at: _Span | None = span
            while at is not None:
                line += at.run
                at = at.after
            result.append(line)
    return result


class _Span:
    """A run of characters across, and the runs that it is joined to."""

    def __init__(self, run: list[Glyph]):
        self.run, self.before, self.after = run, None, None
        self.x0, self.x1 = min(g.x0 for g in run), max(g.x1 for g in run)
        self.y, self.size = median(g.y for g in run), median(g.size for g in run)

    def takes(self, other: "_Span") -> bool:
        """Whether `other` stands to the right of this, at its height and no further off than may be."""
        size = max(self.size, other.size)
        gap = other.x0 - self.x1
        return (
            abs(other.y - self.y) < 0.4 * size
            and -0.6 * size < gap < _FAR * min(self.size, other.size)
            and other.x0 > self.x0
            and (size < 1.3 * min(self.size, other.size) or gap < 0.3 * size)
        )


def _parted(a: _Span, b: _Span, rows: dict, rules: list[Box]) -> bool:
    gap, size = b.x0 - a.x1, max(a.size, b.size)
    for x0, y0, x1, y1 in rules:
        if x1 - x0 < size and a.x1 - 0.2 * size <= (x0 + x1) / 2 <= b.x0 + 0.2 * size and y0 < b.y < y1:
            return True
    if gap < _CLOSE * size:
        return False
    near = [
        other
        for number in range(int((b.y - 12 * size) // 12), int((b.y + 12 * size) // 12) + 1)
        for other in rows.get(number, ())
        if other is not a and other is not b and 1.3 * min(other.size, size) > max(other.size, size)
    ]
    # The lines of a column begin where b does, or b is the first of a paragraph; lines may end in marks that hang.
    inset = 2.3 * size if gap > _NEAR * size else 0.2 * size
    edges = [other.x0 for other in near if -inset < other.x0 - b.x0 < 0.2 * size]
    if len(edges) < 2:
        return False
    edge = min(edges)
    crossing = sum(other.x0 < edge - 0.5 * size and other.x1 > edge + 0.5 * size for other in near)
    return crossing <= len(edges) / 3


# --- lines to text


def _line(run: list[Glyph], vertical: bool) -> Line:
    x0, y0 = min(g.x0 for g in run), min(g.y0 for g in run)
    x1, y1 = max(g.x1 for g in run), max(g.y1 for g in run)
    if vertical:  # turned back
        x0, y0, x1, y1 = -y1, x0, -y0, x1
    return Line(text_of(run), x0, y0, x1, y1, median(g.size for g in run), vertical)


def text_of(run: list[Glyph]) -> str:
    """The characters of a line, with blanks where the print has them: between Latin words, and where a headline has a
    gap; not between characters that are all set apart."""
    gaps = [(b.x0 - a.x1) / max(a.size, b.size, 0.1) for a, b in pairwise(run)]
    wide = [gap for gap, (a, b) in zip(gaps, pairwise(run), strict=True) if is_wide(a.text) and is_wide(b.text)]
    usual = median(wide) if wide else 0.0
    least = _BLANK + max(0.0, usual)
    text = run[0].text
    for gap, (a, b) in zip(gaps, pairwise(run), strict=True):
        narrow = not (is_wide(a.text) or is_wide(b.text))
        blank = gap > (_LATIN_BLANK + max(0.0, usual) if narrow else least)
        # Marks stand in a corner of their square.
        text += " " if blank and (narrow or (a.text.isalnum() and b.text.isalnum())) else ""
        text += b.text
    return text


def is_wide(character: str) -> bool:
    """Whether a character takes a full square."""
    return unicodedata.east_asian_width(character[0]) in "WF" or character in "“”‘’—…·"
