"""The blocks of a page in the order of reading.

A page is cut along white space and rules, again and again (the recursive X-Y cut of Nagy, Seth & Viswanathan 1992), with
headlines deciding where a cut may go.
"""

import re
from itertools import pairwise

from baokan.reading.pages.blocks import MOST_BLOCKS, Block, breaks_off
from baokan.reading.pages.geometry import Box, Line, Page, around, overlap
from baokan.reading.pages.margins import at_edge

_DEEPEST = 40


def in_order(blocks: list[Block], page: Page, body: float, spanned: bool = False, depth: int = 0) -> list[Block]:
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
        return [block for article in articles for block in in_order(article, page, body, False, depth + 1)]
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
            if other.box[1] < block.box[1] - 0.2 * body and overlap(other.box[0], other.box[2], block.box[0], block.box[2]) > 0
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
        result += in_order(part, page, body, spanned, depth + 1)
        spanned = all(block.kind == "heading" for block in part)
    return result


def _columns(columns: list[list[Block]], page: Page, body: float, spanned: bool, depth: int) -> list[Block]:
    """Columns one after another; but where an article under a common headline is pushed aside by another one at the foot
    of a column, it goes on in the next column first."""
    each = [in_order(column, page, body, False, depth + 1) for column in columns]
    if not spanned:
        return [block for blocks in each for block in blocks]
    # The blocks of each column up to its first headline of another article.
    leads = [next((i for i, b in enumerate(blocks) if _opens_article(b, body)), len(blocks)) for blocks in each]
    for i, (blocks, lead) in enumerate(zip(each, leads, strict=True)):
        goes_on = any(leads[i + 1 :])
        if 0 < lead < len(blocks) and goes_on and _pushed_aside(blocks, lead, body):
            first = [block for blocks, lead in zip(each, leads, strict=True) for block in blocks[:lead]]
            rest = [block for blocks, lead in zip(each, leads, strict=True) for block in blocks[lead:]]
            return first + in_order(rest, page, body, False, depth + 1)
    return [block for blocks in each for block in blocks]


def _pushed_aside(blocks: list[Block], lead: int, body: float) -> bool:
    """Whether the headline blocks[lead] in a column begins another article, rather than a part of the one above it: the
    text above breaks off and that below does not, or the type is large."""
    before = next((b for b in reversed(blocks[:lead]) if b.kind == "text"), None)
    after = next((b for b in reversed(blocks[lead:]) if b.kind == "text"), None)
    open_before, open_after = bool(before and breaks_off(before.text)), bool(after and breaks_off(after.text))
    return open_before if open_before != open_after else blocks[lead].size >= 1.6 * body


def _opens_article(block: Block, body: float) -> bool:
    return block.kind == "heading" and block.size >= 1.3 * body


def _is_border(upper: list[list[Block]], lower: list[list[Block]], page: Page, body: float) -> bool:
    """Whether articles end above and others begin below: a rule runs between; or headlines stand at the head of what is
    below, and no text begins higher up than under the first of them."""
    above, below = [b for row in upper for b in row], [b for row in lower for b in row]
    top, bottom = max(b.box[3] for b in above), min(b.box[1] for b in below)
    left, _, right, _ = around(b.box for b in above + below)
    covered = 0.0
    for x0, y0, x1, y1 in page.rules:
        if y1 - y0 < body and top - 0.5 * body <= (y0 + y1) / 2 <= bottom + 0.5 * body:
            covered += overlap(x0, x1, left, right)
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
    return all(len(b.lines) == 1 and b.size <= small and at_edge(b.lines[0], page) for b in row)


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
                b is not block and b.box[1] < y0 - 0.1 * body and overlap(b.box[0], b.box[2], x0, x1) > 0.5 * body
                for b in waiting
            ):
                break
        else:
            block = waiting[0]
        waiting.remove(block)
        result.append(block)
    return result
