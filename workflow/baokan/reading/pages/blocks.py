"""Printed lines to blocks: lines of one size of type under one another, and whether they are a headline or a caption."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from statistics import median

from baokan.reading.pages.geometry import Box, Line, Page, around, overlap


@dataclass
class Piece:
    """What becomes a block of text: its kind, its lines, and the size of a headline's type."""

    kind: str
    lines: list[str]
    size: float = 0.0


@dataclass
class Block:
    """Lines of one size under one another. kind: text, caption, furniture, heading, row (the cells of a table's), or inset
    (an article whose lines run the other way than the page's), whose text is `pieces`."""

    lines: list[Line]
    kind: str = "text"
    box: Box = (0.0, 0.0, 0.0, 0.0)
    indented: list[bool] = field(default_factory=list)
    pieces: list["Piece"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.box = around((line.x0, line.y0, line.x1, line.y1) for line in self.lines)

    @property
    def size(self) -> float:
        """The usual size of its type, in points."""
        return median(line.size for line in self.lines)

    @property
    def text(self) -> str:
        """The text of its lines, joined."""
        return "".join(line.text for line in self.lines)


# Above this many lines, or blocks, a page is no page of print; they are read from the top, without a look at the layout.
MOST_LINES, MOST_BLOCKS = 5_000, 800
# What the last line of a paragraph ends with.
_ENDS = "。！？…；：”’）》」』】)"


def least_heading(exact: bool) -> float:
    """How much larger than the body type a headline is, at least."""
    return 1.18 if exact else 1.3


def blocks_of(lines: list[Line], page: Page, body: float) -> list[Block]:
    """Lines that follow each other in a column, as blocks of one size of type."""
    lines = sorted(lines, key=lambda line: (line.y0, line.x0))
    above: list[list[int]] = [[] for _ in lines]
    below: list[set[int]] = [set() for _ in lines]
    active: list[int] = []
    for j, line in enumerate(lines):
        active = [i for i in active if lines[i].y1 + 1.3 * max(lines[i].size, body) > line.y0]
        for i in active:
            # A last line of two characters and the indented one under it share no width.
            near = abs(lines[i].x0 - line.x0) < 2.3 * line.size
            over = near or overlap(lines[i].x0, lines[i].x1, line.x0, line.x1) > 0.4 * body
            if over and line.y0 - lines[i].y0 > 0.3 * line.size:
                above[j].append(i)
        above[j] = above[j][-12:]  # in print there are two or three
        for i in above[j]:
            below[i].add(j)
        active.append(j)
    # Of lines further up that reach as far as this one, only the nearest counts.
    for j, found in enumerate(above):
        for i in [i for i in found if any(k != i and k in below[i] for k in found)]:
            found.remove(i)
            below[i].discard(j)
    block_of: dict[int, list[Line]] = {}
    blocks: list[list[Line]] = []
    for j, line in enumerate(lines):
        only = above[j][0] if len(above[j]) == 1 else None
        if only is not None and len(below[only]) == 1 and _follows(lines[only], line, page, body):
            block_of[j] = block_of[only]
        else:
            block_of[j] = []
            blocks.append(block_of[j])
        block_of[j].append(line)
    result = [Block(found) for found in blocks]
    if len(result) > MOST_BLOCKS:
        return result
    for block in result:
        n_chars = len(block.text)
        if block.size >= least_heading(page.exact) * body and n_chars <= 90 and len(block.lines) <= 5:
            block.kind = "heading"
    _find_captions(result, page, body)
    return result


def _follows(a: Line, b: Line, page: Page, body: float) -> bool:
    """Whether line b is the one after a in the same block."""
    size = max(a.size, b.size)
    if size > (1.09 if page.exact else 1.3) * min(a.size, b.size):
        return False
    if not -0.7 * size < b.y0 - a.y1 <= 1.25 * size:
        return False
    aligned = abs(a.x0 - b.x0) < 3.3 * size or abs(a.x1 - b.x1) < 3.3 * size
    if not aligned and abs(a.x0 + a.x1 - b.x0 - b.x1) > 2 * size:
        return False
    top, bottom = (a.y0 + a.y1) / 2, (b.y0 + b.y1) / 2
    for x0, y0, x1, y1 in page.rules:
        if y1 - y0 < size and top < (y0 + y1) / 2 < bottom and overlap(x0, x1, b.x0, b.x1) > 0.5 * (b.x1 - b.x0):
            return False
    return True


_PICTURE_WORDS = re.compile(r"^[▲▼△◆]|^图为|^[上下左右]图|(?:摄|供图|制图)[）)]?$")


def _find_captions(blocks: list[Block], page: Page, body: float) -> None:
    """Mark captions: small type beside a picture, or within a column of text."""
    small = 0.93 if page.exact else 0.82
    for block in blocks:
        if block.kind != "text" or len(block.lines) > 8:
            continue
        is_small, worded = block.size <= small * body, _PICTURE_WORDS.search(block.text)
        if not (is_small or worded):
            continue
        beside = any(_beside(block.box, figure, 2 * body) for figure in page.figures)
        # Within a column: text of the usual size ends closely above it and begins closely below it.
        within = is_small and _interrupts(block, blocks, body)
        if beside or within:
            block.kind = "caption"


def _interrupts(block: Block, blocks: list[Block], body: float) -> bool:
    x0, y0, x1, y1 = block.box
    column = [b for b in blocks if b.kind == "text" and b is not block and abs(b.size - body) < 0.08 * body]
    column = [b for b in column if overlap(b.box[0], b.box[2], x0, x1) > 0.6 * (x1 - x0)]
    return any(b.box[3] <= y0 + body and breaks_off(b.text) for b in column) and any(
        b.box[1] >= y1 - body for b in column
    )


def _beside(box: Box, figure: Box, reach: float) -> bool:
    """Whether `box` stands under, over or at the side of `figure`, no further off than `reach`."""
    across = overlap(box[0], box[2], figure[0], figure[2]) > 0.5 * (box[2] - box[0])
    along = overlap(box[1], box[3], figure[1], figure[3]) > 0.5 * (box[3] - box[1])
    under = across and (-reach < box[1] - figure[3] < reach or -reach < figure[1] - box[3] < reach)
    return under or (along and (-reach < box[0] - figure[2] < reach or -reach < figure[0] - box[2] < reach))


def breaks_off(text: str) -> bool:
    """Whether text breaks off within a sentence."""
    return bool(text) and text.rstrip()[-1:] not in _ENDS


def find_indents(blocks: list[Block], body: float) -> None:
    """Say for each line of the text blocks whether it begins to the right of its column's edge by one to five squares."""
    text = [block for block in blocks if block.kind == "text"]
    lines = [line for block in text for line in block.lines]
    for block in text:
        x0, _, x1, _ = block.box
        near = sorted(
            line.x0
            for line in lines
            if overlap(line.x0, line.x1, x0, x1) > 0.5 * (line.x1 - line.x0) and abs(line.x0 - x0) < 5.5 * body
        )
        # The edge: the leftmost place at which several lines begin.
        enough = min(len(near), max(2, 0.08 * len(near)))
        edge = next((x for i, x in enumerate(near) if bisect_left(near, x + 0.7 * body) - i >= enough), x0)
        block.indented = [1.2 * body <= line.x0 - edge for line in block.lines]
