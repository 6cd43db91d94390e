"""Positioned lines of pages to text in the order of reading, with headlines, captions and page furniture marked.

One method serves both settings: a page of vertical lines is turned by a quarter, so that its tiers become columns and its
headlines stand above their articles; then its lines are put together to blocks (`blocks`) and those in order (`order`).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from baokan.reading.formats import Mark
from baokan.reading.pages.blocks import MOST_LINES, Block, Piece, blocks_of, find_indents, least_heading
from baokan.reading.pages.geometry import Line, Page, is_vertical, overlap, quarter_turned
from baokan.reading.pages.margins import margin_lines
from baokan.reading.pages.order import in_order


@dataclass(frozen=True)
class Composed:
    """The text of all pages in the order of reading, as of `formats.Extracted`."""

    text: str
    marks: tuple[Mark, ...] = ()
    page_starts: tuple[int, ...] = ()


def compose(pages: list[Page], layout: str = "auto") -> Composed:
    """The text of a document. layout: auto, horizontal or vertical, of the text of all pages."""
    # In the order of their places: what a text layer or a detector names first says nothing.
    pages = [replace(page, lines=tuple(sorted(page.lines, key=_place))) for page in pages]
    body = body_size(pages)
    furniture = margin_lines(pages)
    levels = _levels(pages, body)
    parts, marks, page_starts, at = [], [], [], 0
    for page, repeated in zip(pages, furniture, strict=True):
        page_starts.append(at)
        for piece in _page(page, repeated, body, layout):
            text = "\n".join(piece.lines)
            if piece.kind != "text":
                kind = f"heading{levels(piece.size)}" if piece.kind == "heading" else piece.kind
                marks.append(Mark(at, at + len(text), kind))
            parts.append(text + "\n\n")
            at += len(parts[-1])
    return Composed("".join(parts), tuple(marks), tuple(page_starts))


def _place(line: Line) -> tuple:
    return (line.y0, line.x0, line.y1, line.x1, line.text)


def body_size(pages: list[Page]) -> float:
    """The size in which most characters of the document are set; 10 where there are none."""
    count: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            count[round(line.size, 1)] += len(line.text)
    if not count:
        return 10.0
    # Measured sizes scatter: the one with most characters within a twelfth of it.
    usual = dict(count.most_common(300))
    near = {size: sum(n for other, n in usual.items() if abs(other - size) <= size / 12) for size in usual}
    best = max(near, key=lambda size: (near[size], count[size], -size))
    within = [(other, n) for other, n in count.items() if abs(other - best) <= best / 12]
    return sum(size * n for size, n in within) / sum(n for _, n in within)


def _levels(pages: list[Page], body: float):
    """A function from a size to the level of a headline of that size: 1 for the largest of the document."""
    tops: list[float] = []
    for page in pages:
        for line in page.lines:
            if line.size >= least_heading(page.exact) * body:
                tops.append(line.size)
    classes: list[float] = []
    for size in sorted(set(tops), reverse=True):
        if not classes or size < 0.88 * classes[-1]:
            classes.append(size)
    return lambda size: min(6, max(1, sum(size <= top + 1e-6 for top in classes)))


# --- one page


def _page(page: Page, repeated: set[int], body: float, layout: str) -> list[Piece]:
    """The pieces of a page in the order of reading."""
    if len(page.lines) > MOST_LINES:
        lines = sorted(page.lines, key=lambda line: (round(line.y0 / body), line.x0))
        return [Piece("text", [line.text for line in lines])]
    vertical = is_vertical(page.lines) if layout == "auto" else layout == "vertical"
    edge = [line for i, line in enumerate(page.lines) if i in repeated]
    middle = page.height / 2
    heads = sorted((line for line in edge if line.y0 < middle), key=lambda line: (round(line.y0 / body), line.x0))
    feet = sorted((line for line in edge if line.y0 >= middle), key=lambda line: (round(line.y0 / body), line.x0))
    turned = quarter_turned(page) if vertical else page
    insets = _insets(page, repeated, vertical, body) if layout == "auto" else []
    apart = repeated.union(*insets)
    lines = [line for i, line in enumerate(turned.lines) if i not in apart]
    blocks = blocks_of(lines, turned, body)
    for inset in insets:
        own = Page(page.width, page.height, tuple(page.lines[i] for i in inset), (), (), page.exact)
        own = own if vertical else quarter_turned(own)
        within = _flow(blocks_of(list(own.lines), own, body), own, body)
        blocks.append(Block([turned.lines[i] for i in inset], "inset", pieces=within))
    pieces = _flow(blocks, turned, body)
    edges = [[Piece("furniture", [line.text for line in lines])] if lines else [] for lines in (heads, feet)]
    return edges[0] + pieces + edges[1]


def _insets(page: Page, repeated: set[int], vertical: bool, body: float) -> list[list[int]]:
    """The numbers of the lines of each article whose lines run the other way than the page's: three or more that stand
    closely together."""
    other = [i for i, line in enumerate(page.lines) if line.vertical != vertical and i not in repeated]
    if not 3 <= len(other) <= 300:
        return []
    groups: list[list[int]] = []
    for i in other:
        line, mine = page.lines[i], [i]
        reach = 1.5 * max(body, line.size)
        for group in list(groups):
            near = (
                overlap(line.x0, line.x1, n.x0, n.x1) > -reach and overlap(line.y0, line.y1, n.y0, n.y1) > -reach
                for n in (page.lines[j] for j in group)
            )
            if any(near):
                groups.remove(group)
                mine = group + mine
        groups.append(mine)
    return [sorted(group) for group in groups if len(group) > 2]


# --- blocks to text


def _flow(blocks: list[Block], page: Page, body: float) -> list[Piece]:
    """The pieces of a page in the order of reading; captions stand after the paragraph that they interrupt."""
    captions = [block for block in blocks if block.kind == "caption"]
    ordered = in_order([block for block in blocks if block.kind != "caption"], page, body)
    find_indents(ordered, body)
    pieces: list[Piece] = []
    origin: list[tuple[Block, int]] = []  # of each printed line of text: its block, and its piece
    previous = None
    for block in ordered:
        if block.kind == "heading":
            pieces.append(Piece("heading", [line.text for line in block.lines], block.size))
            previous = None
            continue
        if block.kind == "inset":
            pieces += block.pieces
            previous = None
            continue
        gaps = [b.y0 - a.y0 for a, b in pairwise(block.lines)]
        usual = median(gaps) if gaps else 0.0
        for i, line in enumerate(block.lines):
            apart = i > 0 and gaps[i - 1] > usual + 0.6 * body
            if i == 0:
                apart = previous is None or _apart(previous, block, captions, page, body)
            if apart or not pieces or pieces[-1].kind != "text":
                pieces.append(Piece("text", []))
            pieces[-1].lines.append(("\u3000\u3000" if block.indented[i] else "") + line.text)
        previous = block
        origin.append((block, len(pieces) - 1))
    return _with_captions(pieces, origin, captions)


def _apart(a: Block, b: Block, captions: list[Block], page: Page, body: float) -> bool:
    """Whether a gap parts block b from a, which is read before it: it stands in the same column, and no picture between."""
    if abs(a.size - b.size) > (0.09 if page.exact else 0.3) * body:
        return True
    shared = overlap(a.box[0], a.box[2], b.box[0], b.box[2])
    if shared < 0.5 * min(a.box[2] - a.box[0], b.box[2] - b.box[0]) or b.box[1] < a.box[3] - body:
        return False  # another column
    between = [*page.figures, *(caption.box for caption in captions)]
    picture = any(
        a.box[3] - body < (y0 + y1) / 2 < b.box[1] + body and overlap(x0, x1, b.box[0], b.box[2]) > body
        for x0, y0, x1, y1 in between
    )
    return not picture


def _with_captions(pieces: list[Piece], origin: list[tuple[Block, int]], captions: list[Block]) -> list[Piece]:
    """The pieces with each caption after the paragraph that it interrupts, or at the end of the page."""
    after: dict[tuple[int, int], list[Block]] = defaultdict(list)  # piece and line before which it is put
    for caption in sorted(captions, key=lambda b: (b.box[0], b.box[1])):
        x0, y0, x1, _ = caption.box
        over = [
            (block, piece) for block, piece in origin
            if block.box[3] < y0 + 1 and overlap(block.box[0], block.box[2], x0, x1) > 0.5 * (x1 - x0)
        ]  # fmt: skip
        if not over:
            after[len(pieces), 0].append(caption)
            continue
        block, place = max(over, key=lambda found: found[0].box[3])
        lines, last = pieces[place].lines, block.lines[-1].text
        at = next(i for i in reversed(range(len(lines))) if lines[i].endswith(last)) + 1
        while at < len(lines) and not lines[at].startswith("\u3000"):
            at += 1
        after[place, at].append(caption)
    result: list[Piece] = []
    for number, piece in enumerate(pieces):
        start = 0
        for at in sorted(at for n, at in after if n == number):
            result += [Piece(piece.kind, piece.lines[start:at], piece.size), *_as_pieces(after[number, at])]
            start = at
        if piece.lines[start:]:
            result.append(Piece(piece.kind, piece.lines[start:], piece.size))
    return result + _as_pieces(after.get((len(pieces), 0), []))


def _as_pieces(captions: list[Block]) -> list[Piece]:
    return [Piece("caption", [line.text for line in caption.lines]) for caption in captions]
