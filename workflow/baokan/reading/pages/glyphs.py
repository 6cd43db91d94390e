"""Characters at their places on a page to printed lines, horizontal and vertical ones.

Where characters stand decides, not the order in which the file draws them: layout programs draw story by story, row by row
across all columns, or font by font. Each character is joined to the nearest one that follows it in a line; the chains are
then cut where a gutter or a rule runs through them.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from baokan.reading.pages.geometry import Box, Glyph, Line, around, is_wide
from baokan.reading.pages.gutters import ALIKE, HEAP, cut_at_gutters

# A gap in squares (the size of the type): what stands further apart is not of one line.
_FAR = 1.6
_TOUCHING = 0.3  # squares between characters that touch
_BLANK, _LATIN_BLANK = 0.5, 0.16


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
        lines += [
            _line(run, frame is turned) for run in cut_at_gutters([[frame[i] for i in chain] for chain in chains], bars)
        ]
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
                for j in cell[at : at + HEAP]:
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
    if size >= ALIKE * small and gap >= _TOUCHING * small:
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
