"""Characters at their places on a page to printed lines, horizontal and vertical ones.

Where characters stand decides, not the order in which the file draws them: layout programs draw story by story, row by row
across all columns, or font by font. Each character is joined to the nearest one that follows it in a line; the chains are
then cut where a gutter or a rule runs through them.
"""

import math
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from baokan.reading.pages.geometry import Box, Line, around


@dataclass(frozen=True)
class Glyph:
    """A character and the square or half square that it takes up, in points, y downwards; `size` is that of its type, `turn`
    by how many quarters it lies on its side: 1 where it reads upwards, 3 where it reads downwards."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    turn: int = 0

    @property
    def x(self) -> float:
        """The middle of its width."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """The middle of its height."""
        return (self.y0 + self.y1) / 2


# Gaps in squares (the size of the type). What stands further apart than the first is not of one line; up to the others, it
# is without a look at gutters: the blanks between Latin words are wider.
_FAR, _CLOSE, _LATIN_CLOSE = 1.6, 0.25, 0.6
# A gutter is wider by this than the gaps between the characters beside it.
_GUTTER = 0.6
_BLANK, _LATIN_BLANK = 0.5, 0.16
# Types whose sizes differ by more than this stand in one line only where they touch: a footnote's number.
_ALIKE, _TOUCHING = 1.3, 0.3
# How many characters of a heap that no printer ever set are looked at, so that time grows with their number only.
_HEAP = 16


def lines_of(glyphs: list[Glyph], rules: Sequence[Box] = (), layout: str = "auto") -> list[Line]:
    """The printed lines of a page, from its top. glyphs: in any order; of those at one place the one that is drawn first
    comes first. layout: auto, horizontal or vertical."""
    glyphs = _as_one(without_overprint(glyphs))
    # Latin words lie on their side in vertical lines: they are of the page's own lines if those run downwards.
    lines, vertical = _lines([g for g in glyphs if g.turn in (0, 3)], rules, layout)
    aside: tuple[int, ...] = (1, 2)
    if not vertical and any(g.turn == 3 for g in glyphs):
        lines, _ = _lines([g for g in glyphs if g.turn == 0], rules, layout)
        aside = (1, 2, 3)
    for turn in aside:
        lying = [_upright(g, turn) for g in glyphs if g.turn == turn]
        found, _ = _lines(lying, [_quartered(box, 4 - turn) for box in rules], "horizontal")
        for n in found:
            lines.append(Line(n.text, *_quartered((n.x0, n.y0, n.x1, n.y1), turn), n.size, n.vertical ^ (turn != 2)))
    return sorted(lines, key=lambda line: (line.y0, line.x0))


def _lines(glyphs: list[Glyph], rules: Sequence[Box], layout: str) -> tuple[list[Line], bool]:
    """The lines of upright characters, and whether most of them run downwards."""
    turned = [_turned(g) for g in glyphs]
    across, down = _links(glyphs, False), _links(turned, True)
    beside, below = _nearest(glyphs, across), _nearest(turned, down)
    # Lines run in the direction in which characters stand closest.
    votes = sum((v < h) - (h < v) for h, v in zip(beside, below, strict=True))
    vertical = votes > 0 if layout == "auto" else layout == "vertical"
    if vertical:
        squared = _squared(glyphs, across)
        if len(squared) < len(glyphs):
            return _lines(squared, rules, "vertical")
    other = _athwart(glyphs, across, beside, below) if vertical else _athwart(turned, down, below, beside, True)
    usual = set(range(len(glyphs))) - other
    members = (other, usual) if vertical else (usual, other)
    lines = []
    for frame, links, mine, bars in (
        (glyphs, across, members[0], rules),
        (turned, down, members[1], [_turned_box(box) for box in rules]),
    ):
        chains = _chains([link for link in links if link[1] in mine and link[2] in mine], mine)
        lines += [_line(run, frame is turned) for run in _cut([[frame[i] for i in chain] for chain in chains], bars)]
    return lines, vertical


def without_overprint(glyphs: list[Glyph]) -> list[Glyph]:
    """`glyphs` by their places, less those that are printed once more, hardly moved, to look bold."""
    kept: list[Glyph] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x)):
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


def _as_one(glyphs: list[Glyph]) -> list[Glyph]:
    """`glyphs`, sorted by their places, with those at the very same place as one: the parts of a ligature."""
    result: list[Glyph] = []
    for g in glyphs:
        last = result[-1] if result else None
        if last and abs(last.x - g.x) + abs(last.y - g.y) < 1e-3 and (last.size, last.turn) == (g.size, g.turn):
            result[-1] = replace(last, text=last.text + g.text)
        else:
            result.append(g)
    return result


def _turned(g: Glyph) -> Glyph:
    return Glyph(g.text, *_turned_box((g.x0, g.y0, g.x1, g.y1)), g.size)


def _turned_box(box: Box) -> Box:
    return (box[1], -box[2], box[3], -box[0])


def _quartered(box: Box, n: int) -> Box:
    """A box turned n times as those of vertical lines are."""
    for _ in range(n):
        box = _turned_box(box)
    return box


def _upright(g: Glyph, turn: int) -> Glyph:
    return Glyph(g.text, *_quartered((g.x0, g.y0, g.x1, g.y1), 4 - turn), g.size)


# --- characters to chains; vertical lines are turned, so that all run across

_Link = tuple[float, int, int, float]  # how ill they match, the one before, the one after, the gap in squares

_HANGING = "，。、；："
_MARKS = "，。、；：？！,.;:?!”’」』）"
_CORNER_MARKS = "，。、；：？！,."


def _links(glyphs: list[Glyph], vertical: bool) -> list[_Link]:
    """The pairs of characters that may follow each other in a line, best ones first; a few for each character.

    vertical: the characters are those of vertical lines, turned: their marks stand in a corner of their square.
    """
    # Cells by size of type and height, so that each character looks into a few only, whatever stands on the page.
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    xs, ys = [g.x for g in glyphs], [g.y for g in glyphs]
    kinds = [math.floor(math.log(max(g.size, 0.1), 1.6)) for g in glyphs]
    for i in sorted(range(len(glyphs)), key=xs.__getitem__):
        cells[kinds[i], math.floor(ys[i] / _step(kinds[i]))].append(i)
    places = {cell: [xs[i] for i in found] for cell, found in cells.items()}
    present = sorted(set(kinds))
    links: list[_Link] = []
    for i, a in enumerate(glyphs):
        for kind in present:
            if abs(kind - kinds[i]) > 2:
                continue
            largest = max(a.size, 1.6 ** (kind + 1))
            reach, step = (0.7 if vertical else 0.4) * largest, _step(kind)
            end = a.x1 + _FAR * a.size + largest
            for row in range(math.floor((ys[i] - reach) / step), math.floor((ys[i] + reach) / step) + 1):
                cell = cells.get((kind, row))
                if cell is None:
                    continue
                at = bisect_right(places[kind, row], xs[i])
                found = 0
                for j in cell[at : at + _HEAP]:
                    if xs[j] > end or found == 3:
                        break
                    gap = _gap(a, glyphs[j], vertical)
                    if gap is not None:
                        off = abs(ys[j] - ys[i]) / max(a.size, glyphs[j].size)
                        links.append((max(gap, 0.0) + off, i, j, gap))
                        found += 1
    return sorted(links)


def _step(kind: int) -> float:
    """The height of a cell for type of a kind: half its size."""
    return 0.5 * 1.6**kind


def _gap(a: Glyph, b: Glyph, vertical: bool) -> float | None:
    """The gap between two characters, in squares of the smaller type, if b may follow a in a line."""
    small, size = min(a.size, b.size), max(a.size, b.size)
    off, gap = abs(a.y - b.y), b.x0 - a.x1
    corner = vertical and (a.text in _CORNER_MARKS or b.text in _CORNER_MARKS)
    if off >= (0.7 if corner else 0.4) * size or not -0.6 * size < gap < _FAR * small:
        return None
    if size >= _ALIKE * small and gap >= _TOUCHING * small:
        return None
    return gap / small


def _matched(links: list[_Link]) -> list[_Link]:
    """The links, best ones first, that leave each character one before it and one after it."""
    before, after, kept = set(), set(), []
    for link in links:
        if link[1] not in after and link[2] not in before:
            after.add(link[1])
            before.add(link[2])
            kept.append(link)
    return kept


def _nearest(glyphs: list[Glyph], links: list[_Link]) -> list[float]:
    """For each character the gap, in squares, to the nearer of those before and after it in its line; infinite for none."""
    result = [math.inf] * len(glyphs)
    for _, i, j, gap in _matched(links):
        result[i], result[j] = min(result[i], max(gap, 0.0)), min(result[j], max(gap, 0.0))
    return result


def _squared(glyphs: list[Glyph], across: list[_Link]) -> list[Glyph]:
    """`glyphs` of vertical lines, with figures that stand side by side in one square as one."""
    links = [link for link in across if link[3] < 0.15 and not any(is_wide(glyphs[i].text) for i in link[1:3])]
    chains = _chains(links, {i for link in links for i in link[1:3]})
    body = median(g.size for g in glyphs) if glyphs else 0.0
    result = dict(enumerate(glyphs))
    for chain in chains:
        run = [glyphs[i] for i in chain]
        x0, y0, x1, y1 = around((g.x0, g.y0, g.x1, g.y1) for g in run)
        if len(run) > 1 and x1 - x0 < 1.3 * body:
            for i in chain[1:]:
                del result[i]
            result[chain[0]] = Glyph("".join(g.text for g in run), x0, y0, x1, y1, max(g.size for g in run))
    return list(result.values())


def _athwart(
    glyphs: list[Glyph], links: list[_Link], along: list[float], lines: list[float], downwards: bool = False
) -> set[int]:
    """The characters that stand in lines which run the other way than the page does: downwards, or across.

    along, lines: for each character the gap to the nearest one in that other way, and in the way of the page.
    """
    body = median(g.size for g in glyphs) if glyphs else 0.0
    # The gap between the lines of the page: what stands as far apart is two lines, rather than a line the other way.
    between = sorted(a for a, b in zip(along, lines, strict=True) if b < a < math.inf)
    usual = between[len(between) // 2] if between else _FAR

    # Headlines may be set apart; of body type the last characters of two lines may stand under one another. Of the two
    # neighbours of a character one may stand further off: after a mark in the corner of its square.
    nearer = {i for i, g in enumerate(glyphs) if along[i] < lines[i] - 0.05}
    close = {i for i in nearer if along[i] < (_FAR if glyphs[i].size >= 1.2 * body else 0.7 * usual)}
    mine = [link for link in links if nearer.issuperset(link[1:3]) and not close.isdisjoint(link[1:3])]
    result: set[int] = set()
    for chain in _chains(mine, {i for link in mine for i in link[1:3]}):
        # Figures under one another are a table's; two characters are more likely the ends of two lines.
        wide = sum(is_wide(glyphs[i].text) for i in chain)
        if not downwards or (len(chain) > 2 and wide > 0.5 * len(chain)):
            result.update(chain)
    return result


def _chains(links: list[_Link], members: set[int]) -> list[list[int]]:
    """The members in chains of those that follow each other."""
    after = {i: j for _, i, j, _ in _matched(links)}
    result = []
    for first in sorted(members - set(after.values())):
        chain = [first]
        while chain[-1] in after:
            chain.append(after[chain[-1]])
        result.append(chain)
    return result


# --- chains to lines


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


def _cut(chains: list[list[Glyph]], rules: Sequence[Box]) -> list[list[Glyph]]:
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
        for x, top, bottom in self.rules[bisect_right(self.places, end - slack) :][:_HEAP]:
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
                if len(cell) < _HEAP:
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
                larger = size > _ALIKE * other.size
                # Over a gutter may stand a headline's blank, of a square at most; or another headline begins with its column.
                level = abs(b.x0 - edge) < 0.2 * other.size and gap > 0.4
                if other.size > _ALIKE * size or (larger and (way < 0 or not (gap > 1.1 or level))):
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
