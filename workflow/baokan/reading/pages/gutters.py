"""Chains of characters cut to printed lines, where a gutter between columns or a rule runs through them."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from baokan.reading.pages.geometry import Box, Glyph, is_wide

# Gaps in squares (the size of the type). Up to these two a gap is without a look at gutters: the blanks between Latin words
# are wider.
_CLOSE, _LATIN_CLOSE = 0.25, 0.6
# A gutter is wider by this than the gaps between the characters beside it.
_GUTTER = 0.6
# Types whose sizes differ by more than this stand in one line only where they touch: a footnote's number.
ALIKE = 1.3
# How many characters of a heap that no printer ever set are looked at, so that time grows with their number only.
HEAP = 16
_HANGING = "，。、；："
_MARKS = "，。、；：？！,.;:?!”’」』）"


@dataclass(eq=False)
class _Span:
    """Part of a chain, between gaps that may be gutters. before: the gap in front of it, in squares, less what is usual
    between the characters there, infinite at the beginning of a chain; last: the character in front of it, if any."""

    run: list[Glyph]
    before: float
    last: Glyph | None = None
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0

    def __post_init__(self) -> None:
        self.x0, self.x1 = min(g.x0 for g in self.run), max(g.x1 for g in self.run)
        self.y, self.size = median(g.y for g in self.run), median(g.size for g in self.run)


def cut_at_gutters(chains: list[list[Glyph]], rules: Sequence[Box]) -> list[list[Glyph]]:
    """The lines of which the chains are made up: a rule or a gutter runs between them."""
    bars = _Bars(rules)
    parts: list[list[_Span]] = []
    for run in chains:
        gaps = [(b.x0 - a.x1) / max(min(a.size, b.size), 0.1) for a, b in pairwise(run)]
        spans, start, before, last = [], 0, math.inf, None
        for i, gap in enumerate(gaps):
            a, b = run[i], run[i + 1]
            usual = _usual(gaps, i)
            close = _CLOSE if is_wide(a.text) or is_wide(b.text) else _LATIN_CLOSE
            barred = bars.between(a, b)
            # A mark that hangs in the gutter takes up half its square.
            if barred or gap + 0.5 * (a.text in _HANGING) > usual + close:
                spans.append(_Span(run[start : i + 1], before, last))
                start, before, last = i + 1, gap - usual, a
                if barred:
                    parts.append(spans)
                    spans, before, last = [], math.inf, None
        parts.append([*spans, _Span(run[start:], before, last)])
    gutters = _Gutters(span for spans in parts for span in spans)
    result = []
    for spans in parts:
        line = list(spans[0].run)
        for left, right in pairwise(spans):
            if gutters.part(left, right):
                result.append(line)
                line = []
            line = line + right.run
        result.append(line)
    return result


def _usual(gaps: list[float], i: int) -> float:
    """The gap that is usual around gaps[i], in squares: in a line that is set apart all are as wide."""
    sides = gaps[max(0, i - 4) : i], gaps[i + 1 : i + 5]
    return max(0.0, *(median(side) for side in sides if side), 0.0)


class _Bars:
    """The upright rules of a page, by their place across it."""

    def __init__(self, rules: Sequence[Box]):
        self.rules = sorted(((x0 + x1) / 2, y0, y1) for x0, y0, x1, y1 in rules if x1 - x0 < min(8, y1 - y0))
        self.places = [x for x, _, _ in self.rules]

    def between(self, a: Glyph, b: Glyph) -> bool:
        """Whether a rule runs between two characters."""
        slack, y = 0.2 * max(a.size, b.size), (a.y + b.y) / 2
        end = a.x1 - 0.5 * a.size * (a.text in _HANGING)  # the ink of such a mark, which may hang up to the rule
        if b.x0 - end < -slack:
            return False
        for x, top, bottom in self.rules[bisect_right(self.places, end - slack) :][:HEAP]:
            if x > b.x0 + slack:
                break
            if top < y < bottom:
                return True
        return False


class _Gutters:
    """Where columns of lines begin. Heights are in steps of 12 points, widths in steps of 60."""

    def __init__(self, spans: Iterator[_Span]):
        self.cells: dict[tuple[int, int], list[_Span]] = defaultdict(list)
        for span in sorted(spans, key=lambda s: (s.y, s.x0)):
            left, right = int((span.x0 - 0.5 * span.size) // 60), int(span.x1 // 60)
            for column in range(left, min(right, left + 100) + 1):
                cell = self.cells[column, int(span.y // 12)]
                if len(cell) < HEAP:
                    cell.append(span)

    def part(self, a: _Span, b: _Span) -> bool:
        """Whether a gutter runs between two spans of a chain: within the gap lines begin, one under another, and up to
        there none crosses it."""
        size, small = max(a.size, b.size), min(a.size, b.size)
        gap = (b.x0 - a.x1) / small
        near = [s for s in self._near(b.x0, b.y, 3, 3 * size) if a.x1 - 0.2 * size < s.x0 < b.x0 + 0.2 * size]
        edges = {round(b.x0, 1)} | {round(s.x0, 1) for s in near}
        for edge in sorted(edges, reverse=True)[:6]:
            found = self._beginning(edge, a, b, gap)
            # Half lines of verse end in marks, one and all.
            if len(found) > 1 and any(s.last is None or s.last.text not in _MARKS for s in (b, *found)):
                return True
        return False

    def _beginning(self, edge: float, a: _Span, b: _Span, gap: float) -> list[_Span]:
        """The lines that begin at `edge` above and below b, up to those that cross it."""
        size, found = max(a.size, b.size), []
        for way in (-1, 1):
            for other in self._near(edge, b.y, way, 12 * size):
                if other is a or other is b:
                    continue
                slack = 0.5 * min(other.size, size)
                if other.x0 < edge - slack and other.x1 > edge + slack:
                    break
                larger = size > ALIKE * other.size
                # Over a gutter may stand a headline's blank, of a square at most; or another headline begins with its column.
                level = abs(b.x0 - edge) < 0.2 * other.size and gap > 0.4
                if other.size > ALIKE * size or (larger and (way < 0 or not (gap > 1.1 or level))):
                    continue
                # Where the gap itself is too narrow, others must show one: it may be a paragraph that begins further in.
                shown = other.before >= _GUTTER and (other.before < math.inf or b.before > _CLOSE)
                if abs(other.x0 - edge) < 0.2 * size and shown:
                    found.append(other)
        return found

    def _near(self, x: float, y: float, ways: int, reach: float) -> Iterator[_Span]:
        """Spans around a place up to a distance, nearest ones first. ways: -1 above it, 1 below it, 3 both."""
        middle, steps = int(y // 12), int(min(reach, 1200.0) // 12) + 1
        for way in (-1, 1):
            if ways not in (way, 3):
                continue
            for step in range(steps + 1):
                found = self.cells.get((int(x // 60), middle + way * step), ())
                for span in found if way > 0 else reversed(found):
                    if (span.y - y) * way >= 0 and abs(span.y - y) <= reach:
                        yield span
