"""Positioned lines of pages to text in the order of reading, with headlines, captions and page furniture marked.

One method serves both settings: a page of vertical lines is turned by a quarter, so that its tiers become columns and its
headlines stand above their articles; then it is cut along white space and rules, again and again (the recursive X-Y cut
of Nagy, Seth & Viswanathan 1992), with headlines deciding where a cut may go. Lengths are points, y grows downwards.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from baokan.reading.formats import Mark

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Line:
    """A printed line; `size` is that of its type, `vertical` that it runs downwards."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    vertical: bool = False


@dataclass(frozen=True)
class Page:
    """What stands on a page. exact: sizes are those of the file (of a text layer), not measured in an image."""

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    figures: tuple[Box, ...] = ()
    rules: tuple[Box, ...] = ()
    exact: bool = True


@dataclass(frozen=True)
class Composed:
    """The text of all pages in the order of reading, as of `formats.Extracted`."""

    text: str
    marks: tuple[Mark, ...] = ()
    page_starts: tuple[int, ...] = ()


@dataclass
class Block:
    """Lines of one size under one another. kind: text, caption, furniture, heading, row (the cells of a table's), or inset
    (an article whose lines run the other way than the page's), whose text is `pieces`."""

    lines: list[Line]
    kind: str = "text"
    box: Box = (0.0, 0.0, 0.0, 0.0)
    indented: list[bool] = field(default_factory=list)
    pieces: list["_Piece"] = field(default_factory=list)

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
_DEEPEST = 40


def compose(pages: list[Page], layout: str = "auto") -> Composed:
    """The text of a document. layout: auto, horizontal or vertical, of the text of all pages."""
    # In the order of their places: what a text layer or a detector names first says nothing.
    pages = [replace(page, lines=tuple(sorted(page.lines, key=_place))) for page in pages]
    body = body_size(pages)
    furniture = _furniture(pages)
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


@dataclass
class _Piece:
    """What becomes a block of text: its kind, its lines, and the size of a headline's type."""

    kind: str
    lines: list[str]
    size: float = 0.0


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


def _heads(exact: bool) -> float:
    """How much larger than the body type a headline is, at least."""
    return 1.18 if exact else 1.3


def _levels(pages: list[Page], body: float):
    """A function from a size to the level of a headline of that size: 1 for the largest of the document."""
    tops: list[float] = []
    for page in pages:
        for line in page.lines:
            if line.size >= _heads(page.exact) * body:
                tops.append(line.size)
    classes: list[float] = []
    for size in sorted(set(tops), reverse=True):
        if not classes or size < 0.88 * classes[-1]:
            classes.append(size)
    return lambda size: min(6, max(1, sum(size <= top + 1e-6 for top in classes)))


# --- running heads, folios

_DIGITS = re.compile(r"[\d〇零一二三四五六七八九十百]+")
_BLANK = re.compile(r"\s+")
_FOLIO = re.compile(r"^[—–\-·.•・\s第]*[\dⅰ-ⅻ〇零一二三四五六七八九十百]{1,5}[—–\-·.•・\s页頁面版]*")
_EDGE = 0.1  # of the page's height (for furniture at the sides: width)


def _furniture(pages: list[Page]) -> list[set[int]]:
    """For each page, the numbers of its lines that stand at the edge and come again, but for their digits, at the same
    place of another page, or are a page number."""
    places: dict[str, list[tuple[int, int, float, float]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for i, line in enumerate(page.lines):
            if _at_edge(line, page):
                key = _DIGITS.sub("0", _BLANK.sub("", line.text))
                places[key].append(
                    (number, i, (line.y0 + line.y1) / 2 / page.height, (line.x0 + line.x1) / 2 / page.width)
                )
    result: list[set[int]] = [set() for _ in pages]
    for key, found in places.items():
        for at, (number, i, y, x) in enumerate(found):
            # Left and right pages mirror each other.
            around = found[max(0, at - 60) : at + 60]
            again = {n for n, _, v, u in around if abs(v - y) < 0.02 and min(abs(u - x), abs(1 - u - x)) < 0.06}
            folio = _FOLIO.fullmatch(pages[number].lines[i].text) and len(pages) > 1
            if (len(again) >= 2 and (len(key) <= 40)) or folio:
                result[number].add(i)
    return result


def _at_edge(line: Line, page: Page) -> bool:
    if not (page.width > 0 and page.height > 0):
        return False
    tall = (line.y1 - line.y0) > 2 * (line.x1 - line.x0)
    if line.y1 < _EDGE * page.height or line.y0 > (1 - _EDGE) * page.height:
        return True
    return tall and (line.x1 < _EDGE * page.width or line.x0 > (1 - _EDGE) * page.width)


# --- one page


def _page(page: Page, repeated: set[int], body: float, layout: str) -> list[_Piece]:
    """The pieces of a page in the order of reading."""
    if len(page.lines) > MOST_LINES:
        lines = sorted(page.lines, key=lambda line: (round(line.y0 / body), line.x0))
        return [_Piece("text", [line.text for line in lines])]
    vertical = is_vertical(page.lines) if layout == "auto" else layout == "vertical"
    edge = [line for i, line in enumerate(page.lines) if i in repeated]
    middle = page.height / 2
    heads = sorted((line for line in edge if line.y0 < middle), key=lambda line: (round(line.y0 / body), line.x0))
    feet = sorted((line for line in edge if line.y0 >= middle), key=lambda line: (round(line.y0 / body), line.x0))
    turned = _turned(page) if vertical else page
    insets = _insets(page, repeated, vertical, body) if layout == "auto" else []
    apart = repeated.union(*insets)
    lines = [line for i, line in enumerate(turned.lines) if i not in apart]
    blocks = _blocks(lines, turned, body)
    for inset in insets:
        own = Page(page.width, page.height, tuple(page.lines[i] for i in inset), (), (), page.exact)
        own = own if vertical else _turned(own)
        within = _flow(_blocks(list(own.lines), own, body), own, body)
        blocks.append(Block([turned.lines[i] for i in inset], "inset", pieces=within))
    pieces = _flow(blocks, turned, body)
    edges = [[_Piece("furniture", [line.text for line in lines])] if lines else [] for lines in (heads, feet)]
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
                _shared(line.x0, line.x1, n.x0, n.x1) > -reach and _shared(line.y0, line.y1, n.y0, n.y1) > -reach
                for n in (page.lines[j] for j in group)
            )
            if any(near):
                groups.remove(group)
                mine = group + mine
        groups.append(mine)
    return [sorted(group) for group in groups if len(group) > 2]


def is_vertical(lines: Iterable[Line]) -> bool:
    """Whether most characters stand in vertical lines."""
    count: Counter[bool] = Counter()
    for line in lines:
        count[line.vertical] += len(line.text)
    return count[True] > count[False]


def _turned(page: Page) -> Page:
    """The page turned by a quarter to the left: what was right is on top, what was on top is left."""

    def turn(box: Box) -> Box:
        return (box[1], page.width - box[2], box[3], page.width - box[0])

    lines = []
    for line in page.lines:
        x0, y0, x1, y1 = turn((line.x0, line.y0, line.x1, line.y1))
        lines.append(replace(line, x0=x0, y0=y0, x1=x1, y1=y1))
    return Page(
        page.height, page.width, tuple(lines), tuple(map(turn, page.figures)), tuple(map(turn, page.rules)), page.exact
    )


# --- lines to blocks


def _blocks(lines: list[Line], page: Page, body: float) -> list[Block]:
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
            over = near or _shared(lines[i].x0, lines[i].x1, line.x0, line.x1) > 0.4 * body
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
        if block.size >= _heads(page.exact) * body and n_chars <= 90 and len(block.lines) <= 5:
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
        if y1 - y0 < size and top < (y0 + y1) / 2 < bottom and _shared(x0, x1, b.x0, b.x1) > 0.5 * (b.x1 - b.x0):
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
    column = [b for b in column if _shared(b.box[0], b.box[2], x0, x1) > 0.6 * (x1 - x0)]
    return any(b.box[3] <= y0 + body and _open(b.text) for b in column) and any(b.box[1] >= y1 - body for b in column)


def _beside(box: Box, figure: Box, reach: float) -> bool:
    """Whether `box` stands under, over or at the side of `figure`, no further off than `reach`."""
    across = _shared(box[0], box[2], figure[0], figure[2]) > 0.5 * (box[2] - box[0])
    along = _shared(box[1], box[3], figure[1], figure[3]) > 0.5 * (box[3] - box[1])
    under = across and (-reach < box[1] - figure[3] < reach or -reach < figure[1] - box[3] < reach)
    return under or (along and (-reach < box[0] - figure[2] < reach or -reach < figure[0] - box[2] < reach))


# --- blocks in their order


def _ordered(blocks: list[Block], page: Page, body: float, spanned: bool = False, depth: int = 0) -> list[Block]:
    """The blocks of a region in the order of reading. spanned: a headline stands over the whole region."""
    if len(blocks) < 2:
        return blocks
    if len(blocks) > MOST_BLOCKS:
        return sorted(blocks, key=lambda b: (b.box[1], b.box[0]))
    rows, columns = _split(blocks, 1, body), _split(blocks, 0, body)
    if depth > _DEEPEST or len(rows) == len(columns) == 1:
        return _by_precedence(blocks, body)
    borders = {i for i in range(1, len(rows)) if _is_border(rows[:i], rows[i:], page, body)}
    if len(rows) > 1 and len(rows[0]) == 1 and rows[0][0].kind == "heading":
        borders.add(1)  # it stands over all that follows, even if it is no wider than a column
    if spanned and len(rows) > 1 and _is_byline(rows[0], rows[1:], body):
        borders.add(1)
    # What stands in small type at the head or foot of the page runs across its columns.
    borders |= {i for i, row in ((1, 0), (len(rows) - 1, -1)) if len(rows) > 1 and _at_the_edge(rows[row], page, body)}
    if borders:
        parts = [[block for row in rows[a:b] for block in row] for a, b in pairwise([0, *sorted(borders), len(rows)])]
        return _in_turn(parts, page, body, spanned, depth)
    articles = _under_headlines(blocks, body)
    if len(articles) > 1:
        return [block for article in articles for block in _ordered(article, page, body, False, depth + 1)]
    if len(columns) > 1:
        return _table(blocks, body) or _columns(columns, page, body, spanned, depth)
    # What spans the region keeps it from being cut into columns: rows together for as long as a gutter runs through.
    parts = [rows[0]]
    for row in rows[1:]:
        if len(_split(parts[-1] + row, 0, body)) > 1:
            parts[-1] = parts[-1] + row
        else:
            parts.append(row)
    return _in_turn(parts, page, body, spanned, depth)


def _under_headlines(blocks: list[Block], body: float) -> list[list[Block]]:
    """A region whose head is made up of headlines, side by side, as articles: each headline with the columns of which it
    stands over the middle or at the left edge, and before, between and after them columns that begin higher up.

    Headlines may be narrower than their articles, and of any height. One list where there is nothing to be parted.
    """
    heads = _heads_of(blocks, body)
    inside = {id(block) for head in heads for block in head}
    columns = _split([block for block in blocks if id(block) not in inside], 0, body)
    if len(heads) < 2 or not columns or len(columns) > 60:
        return [blocks]
    boxes, tops = (
        [around(b.box for b in column) for column in columns],
        [around(b.box for b in head) for head in heads],
    )
    lowest = min(box[3] for box in tops) - 0.3 * body
    # Columns that begin above the foot of all headlines stand under none; those between are shared out.
    result: list[list[Block]] = []
    start = 0
    for end in range(len(columns) + 1):
        if end < len(columns) and boxes[end][1] >= lowest:
            continue
        left = boxes[start - 1][2] if start else float("-inf")
        right = boxes[end][0] if end < len(columns) else float("inf")
        mine = [i for i, box in enumerate(tops) if left < (box[0] + box[2]) / 2 < right]
        shared = _shared_out([tops[i] for i in mine], boxes[start:end], body)
        if shared is None:
            return [blocks]
        result += [
            [*heads[i], *(block for column in columns[start + a : start + b] for block in column)]
            for i, (a, b) in zip(mine, shared, strict=True)
        ]
        if end < len(columns):
            result.append(columns[end])
        start = end + 1
    # A headline over the middle of a column that begins higher up stands over none of those between: nothing is parted.
    placed = {id(block) for part in result for block in part}
    return result if all(id(block) in placed for block in blocks) else [blocks]


def _heads_of(blocks: list[Block], body: float) -> list[list[Block]]:
    """The headlines over which no other block stands, from the left; title and subtitle are one."""
    heads: list[list[Block]] = []
    for block in sorted(blocks, key=lambda b: (b.box[1], b.box[0])):
        above = [
            other for other in blocks
            if other.box[1] < block.box[1] - 0.2 * body and _shared(other.box[0], other.box[2], block.box[0], block.box[2]) > 0
        ]  # fmt: skip
        if block.kind != "heading":
            continue
        over = [head for head in heads if any(other is b for other in above for b in head)]
        if not above:
            heads.append([block])
        elif len(over) == 1 and all(any(other is b for b in over[0]) for other in above):
            over[0].append(block)
    return sorted(heads, key=lambda head: head[0].box[0])


def _shared_out(heads: list[Box], columns: list[Box], body: float) -> list[tuple[int, int]] | None:
    """For each headline the columns [first, last) under it, so that headlines stand as near as can be to the middle or the
    left edge of theirs, and columns of one article begin at one height; None where that cannot be. Dynamic programming
    over the columns."""
    if len(heads) > len(columns) or (columns and not heads):
        return None
    never = (float("inf"), 0)
    # best[i][j]: the least distance in all with which the first i headlines take the first j columns; where the last begins.
    best = [[(0.0, 0)] + [never] * len(columns)]
    for x0, _, x1, _ in heads:
        best.append([never] * (len(columns) + 1))
        for j in range(1, len(columns) + 1):
            for k in range(j):
                left, right = columns[k][0], columns[j - 1][2]
                if left - body <= x0 and x1 <= right + body:
                    total = best[-2][k][0] + min(abs(x0 + x1 - left - right) / 2, abs(x0 - left))
                    total += body * sum(abs(a[1] - b[1]) > 0.3 * body for a, b in pairwise(columns[k:j]))
                    best[-1][j] = min(best[-1][j], (total, k))
    if best[-1][-1][0] == float("inf"):
        return None
    result, j = [], len(columns)
    for row in reversed(best[1:]):
        result.append((row[j][1], j))
        j = row[j][1]
    return result[::-1]


def _in_turn(parts: list[list[Block]], page: Page, body: float, spanned: bool, depth: int) -> list[Block]:
    result: list[Block] = []
    for part in parts:
        result += _ordered(part, page, body, spanned, depth + 1)
        spanned = all(block.kind == "heading" for block in part)
    return result


def _columns(columns: list[list[Block]], page: Page, body: float, spanned: bool, depth: int) -> list[Block]:
    """Columns one after another; but where an article under a common headline is pushed aside by another one at the foot
    of a column, it goes on in the next column first."""
    each = [_ordered(column, page, body, False, depth + 1) for column in columns]
    if not spanned:
        return [block for blocks in each for block in blocks]
    # The blocks of each column up to its first headline of another article.
    leads = [next((i for i, b in enumerate(blocks) if _opens_article(b, body)), len(blocks)) for blocks in each]
    for i, (blocks, lead) in enumerate(zip(each, leads, strict=True)):
        goes_on = any(leads[i + 1 :])
        if 0 < lead < len(blocks) and goes_on and _pushed_aside(blocks, lead, body):
            first = [block for blocks, lead in zip(each, leads, strict=True) for block in blocks[:lead]]
            rest = [block for blocks, lead in zip(each, leads, strict=True) for block in blocks[lead:]]
            return first + _ordered(rest, page, body, False, depth + 1)
    return [block for blocks in each for block in blocks]


def _pushed_aside(blocks: list[Block], lead: int, body: float) -> bool:
    """Whether the headline blocks[lead] in a column begins another article, rather than a part of the one above it: the
    text above breaks off and that below does not, or the type is large."""
    before = next((b for b in reversed(blocks[:lead]) if b.kind == "text"), None)
    after = next((b for b in reversed(blocks[lead:]) if b.kind == "text"), None)
    open_before, open_after = bool(before and _open(before.text)), bool(after and _open(after.text))
    return open_before if open_before != open_after else blocks[lead].size >= 1.6 * body


def _opens_article(block: Block, body: float) -> bool:
    return block.kind == "heading" and block.size >= 1.3 * body


def _open(text: str) -> bool:
    """Whether text breaks off within a sentence."""
    return bool(text) and text.rstrip()[-1:] not in _ENDS


def _is_border(upper: list[list[Block]], lower: list[list[Block]], page: Page, body: float) -> bool:
    """Whether articles end above and others begin below: a rule runs between; or headlines stand at the head of what is
    below, and no text begins higher up than under the first of them."""
    above, below = [b for row in upper for b in row], [b for row in lower for b in row]
    top, bottom = max(b.box[3] for b in above), min(b.box[1] for b in below)
    left, _, right, _ = around(b.box for b in above + below)
    covered = 0.0
    for x0, y0, x1, y1 in page.rules:
        if y1 - y0 < body and top - 0.5 * body <= (y0 + y1) / 2 <= bottom + 0.5 * body:
            covered += _shared(x0, x1, left, right)
    if covered > 0.75 * (right - left):
        return True
    heads = [b for b in below if b.kind == "heading" and b.box[1] < bottom + b.size]
    foot = min((b.box[3] for b in heads), default=float("-inf")) - 0.3 * body
    return bool(heads) and all(b.box[1] >= foot for b in below if b.kind != "heading")


def _is_byline(row: list[Block], below: list[list[Block]], body: float) -> bool:
    """Whether a row under a headline is a single line, of whoever wrote the columns below, which all begin level."""
    columns = _split([block for row in below for block in row], 0, body)
    tops = [min(block.box[1] for block in column) for column in columns]
    single = len(row) == 1 and len(row[0].lines) == 1 and len(row[0].text) <= 30
    return single and len(columns) > 1 and max(tops) - min(tops) < 0.5 * body


def _at_the_edge(row: list[Block], page: Page, body: float) -> bool:
    """Whether blocks are a running head or foot: single lines of small type at the edge of the page."""
    small = (0.93 if page.exact else 0.82) * body
    return all(len(b.lines) == 1 and b.size <= small and _at_edge(b.lines[0], page) for b in row)


_FIGURE = re.compile(r"^(?=[\s.,%％+±－~～—-]*+\d)[\d\s.,%％+±－~～—-]*+\w{0,2}")


def _table(blocks: list[Block], body: float) -> list[Block]:
    """The rows of a region that is a table: at most heights several short lines stand side by side, and many of them are
    figures. Empty if it is none."""
    lines = sorted((line for block in blocks for line in block.lines), key=lambda n: (n.y0 + n.y1, n.x0))
    if len(lines) < 6 or any(block.kind != "text" for block in blocks):
        return []
    short = sum(len(line.text) for line in lines) <= 10 * len(lines)
    if not short or sum(bool(_FIGURE.fullmatch(line.text[:20])) for line in lines) < len(lines) / 3:
        return []
    rows: list[list[Line]] = []
    for line in lines:
        middle = line.y0 + line.y1
        if rows and middle - (rows[-1][0].y0 + rows[-1][0].y1) < body:
            rows[-1].append(line)
        else:
            rows.append([line])
    if len(rows) < 3 or sum(len(row) > 1 for row in rows) < 0.7 * len(rows):
        return []
    rows = [sorted(row, key=lambda n: n.x0) for row in rows]
    return [Block(row, "row", indented=[False] * len(row)) for row in rows]


def _split(blocks: list[Block], axis: int, body: float) -> list[list[Block]]:
    """The blocks parted where white space runs right through them: axis 0 into columns, 1 into rows."""
    slack = 0.2 * body
    groups: list[list[Block]] = []
    end = 0.0
    for block in sorted(blocks, key=lambda b: (b.box[axis], b.box[1 - axis])):
        if groups and block.box[axis] < end - slack:
            groups[-1].append(block)
            end = max(end, block.box[axis + 2])
        else:
            groups.append([block])
            end = block.box[axis + 2]
    return groups


def _by_precedence(blocks: list[Block], body: float) -> list[Block]:
    """Blocks that interlock, so that no straight cut parts them: what is above, overlapping in width, comes first; else
    what is left (after Breuel 2003)."""
    waiting = sorted(blocks, key=lambda b: (b.box[0], b.box[1]))
    result = []
    while waiting:
        for block in waiting:
            x0, y0, x1, _ = block.box
            if not any(
                b is not block and b.box[1] < y0 - 0.1 * body and _shared(b.box[0], b.box[2], x0, x1) > 0.5 * body
                for b in waiting
            ):
                break
        else:
            block = waiting[0]
        waiting.remove(block)
        result.append(block)
    return result


# --- blocks to text


def _flow(blocks: list[Block], page: Page, body: float) -> list[_Piece]:
    """The pieces of a page in the order of reading; captions stand after the paragraph that they interrupt."""
    captions = [block for block in blocks if block.kind == "caption"]
    ordered = _ordered([block for block in blocks if block.kind != "caption"], page, body)
    _find_indents(ordered, body)
    pieces: list[_Piece] = []
    origin: list[tuple[Block, int]] = []  # of each printed line of text: its block, and its piece
    previous = None
    for block in ordered:
        if block.kind == "heading":
            pieces.append(_Piece("heading", [line.text for line in block.lines], block.size))
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
                pieces.append(_Piece("text", []))
            pieces[-1].lines.append(("\u3000\u3000" if block.indented[i] else "") + line.text)
        previous = block
        origin.append((block, len(pieces) - 1))
    return _with_captions(pieces, origin, captions)


def _apart(a: Block, b: Block, captions: list[Block], page: Page, body: float) -> bool:
    """Whether a gap parts block b from a, which is read before it: it stands in the same column, and no picture between."""
    if abs(a.size - b.size) > (0.09 if page.exact else 0.3) * body:
        return True
    shared = _shared(a.box[0], a.box[2], b.box[0], b.box[2])
    if shared < 0.5 * min(a.box[2] - a.box[0], b.box[2] - b.box[0]) or b.box[1] < a.box[3] - body:
        return False  # another column
    between = [*page.figures, *(caption.box for caption in captions)]
    picture = any(
        a.box[3] - body < (y0 + y1) / 2 < b.box[1] + body and _shared(x0, x1, b.box[0], b.box[2]) > body
        for x0, y0, x1, y1 in between
    )
    return not picture


def _with_captions(pieces: list[_Piece], origin: list[tuple[Block, int]], captions: list[Block]) -> list[_Piece]:
    """The pieces with each caption after the paragraph that it interrupts, or at the end of the page."""
    after: dict[tuple[int, int], list[Block]] = defaultdict(list)  # piece and line before which it is put
    for caption in sorted(captions, key=lambda b: (b.box[0], b.box[1])):
        x0, y0, x1, _ = caption.box
        over = [
            (block, piece) for block, piece in origin
            if block.box[3] < y0 + 1 and _shared(block.box[0], block.box[2], x0, x1) > 0.5 * (x1 - x0)
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
    result: list[_Piece] = []
    for number, piece in enumerate(pieces):
        start = 0
        for at in sorted(at for n, at in after if n == number):
            result += [_Piece(piece.kind, piece.lines[start:at], piece.size), *_as_pieces(after[number, at])]
            start = at
        if piece.lines[start:]:
            result.append(_Piece(piece.kind, piece.lines[start:], piece.size))
    return result + _as_pieces(after.get((len(pieces), 0), []))


def _as_pieces(captions: list[Block]) -> list[_Piece]:
    return [_Piece("caption", [line.text for line in caption.lines]) for caption in captions]


def _find_indents(blocks: list[Block], body: float) -> None:
    """Say for each line of the text blocks whether it begins to the right of its column's edge by one to five squares."""
    text = [block for block in blocks if block.kind == "text"]
    lines = [line for block in text for line in block.lines]
    for block in text:
        x0, _, x1, _ = block.box
        near = sorted(
            line.x0
            for line in lines
            if _shared(line.x0, line.x1, x0, x1) > 0.5 * (line.x1 - line.x0) and abs(line.x0 - x0) < 5.5 * body
        )
        # The edge: the leftmost place at which several lines begin.
        enough = min(len(near), max(2, 0.08 * len(near)))
        edge = next((x for i, x in enumerate(near) if bisect_left(near, x + 0.7 * body) - i >= enough), x0)
        block.indented = [1.2 * body <= line.x0 - edge for line in block.lines]


def _shared(a0: float, a1: float, b0: float, b1: float) -> float:
    """The length that two stretches have in common; negative where they are apart."""
    return min(a1, b1) - max(a0, b0)


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes, of which there is one at least."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))
