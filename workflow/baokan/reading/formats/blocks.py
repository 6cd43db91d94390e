"""A text put together block by block: its lines, the gaps between them, the marks of blocks, the rows of tables."""

from dataclasses import dataclass, field

from baokan.reading.formats import Mark

LINE, BLOCK = 1, 2  # ends of lines before a block: of a list item or a row; of any other
WIDEST = 4  # of a gap: more empty paragraphs say no more


@dataclass
class Block:
    """`text`, which may have several lines, with `before` ends of lines before it."""

    text: str
    kind: str
    before: int


@dataclass
class _Row:
    before: int
    cells: list[list[Block]] = field(default_factory=list)


class Blocks:
    """Blocks in the making. What stands in a cell of a table, or in a frame, is collected apart: push, then pop."""

    def __init__(self):
        self._collected: list[list[Block]] = [[]]
        self._gaps = [0]
        self._rows: list[_Row] = []

    def gap(self, ends: int) -> None:
        """At least `ends` ends of lines stand before what follows."""
        self._gaps[-1] = max(self._gaps[-1], ends)

    def add(self, text: str, kind: str = "") -> None:
        """A block of `text`, its first line's indent kept; blank lines around it, or a blank text, widen the gap."""
        lines = text.split("\n")
        filled = [i for i, line in enumerate(lines) if line.strip()]
        if not filled:
            self._widen(len(lines))
            return
        first, last = filled[0], filled[-1]
        self._widen(first)
        self._collected[-1].append(Block("\n".join(x.rstrip() for x in lines[first : last + 1]), kind, self._gaps[-1]))
        self._gaps[-1] = 0
        self._widen(len(lines) - 1 - last)

    def _widen(self, blank_lines: int) -> None:
        if blank_lines and self._collected[-1]:
            self._gaps[-1] = min(max(self._gaps[-1], LINE) + blank_lines, WIDEST)

    def push(self) -> None:
        """Collect what follows apart, until `pop`."""
        self._collected.append([])
        self._gaps.append(0)

    def pop(self) -> list[Block]:
        """The blocks that were collected since `push`."""
        self._gaps.pop()
        return self._collected.pop()

    def extend(self, blocks: list[Block], before: int = BLOCK) -> None:
        """Blocks that were collected apart, in a line of their own."""
        if blocks:
            blocks[0].before = max(blocks[0].before, self._gaps[-1], before)
            self._collected[-1] += blocks
            self._gaps[-1] = before

    def begin_row(self) -> None:
        """A row of a table begins, in a line of its own."""
        self.gap(LINE)
        self._rows.append(_Row(self._gaps[-1]))

    def begin_cell(self) -> None:
        """A cell of the row begins."""
        self.push()

    def end_cell(self) -> None:
        """The cell ends."""
        self._rows[-1].cells.append(self.pop())

    def end_row(self) -> None:
        """The cells as one line, joined by tabs, if each has one line at most; else one after the other, as a page
        laid out by means of a table has them."""
        row = self._rows.pop()
        filled = [cell for cell in row.cells if cell]
        if all(len(cell) == 1 and "\n" not in cell[0].text for cell in filled):
            text = "\t".join(cell[0].text.strip() if cell else "" for cell in row.cells).strip("\t")
            kinds = {cell[0].kind for cell in filled}
            if text:
                # A row of one cell is a layout, whose headings are headings; in a row of several they are labels.
                kind = kinds.pop() if len(kinds) == 1 and (len(filled) == 1 or kinds == {"furniture"}) else ""
                self.extend([Block(text, kind, row.before)], LINE)
            return
        for cell in row.cells:
            self.extend(cell)

    def result(self) -> tuple[str, tuple[Mark, ...]]:
        """The text of all blocks, with a mark for each that is of a kind."""
        return text_of(self._collected[0])


def text_of(blocks: list[Block]) -> tuple[str, tuple[Mark, ...]]:
    """The text of `blocks`, with a mark for each that is of a kind."""
    parts: list[str] = []
    marks: list[Mark] = []
    position = 0
    for block in blocks:
        gap = max(block.before, LINE) if parts else 0
        parts.append("\n" * gap + block.text)
        position += gap + len(block.text)
        if block.kind:
            marks.append(Mark(position - len(block.text), position, block.kind))
    return "".join(parts), tuple(marks)


def left_out(counts: dict[str, int]) -> tuple[str, ...]:
    """A note of what was left out of a text, by what it is called; none if nothing was."""
    said = ", ".join(f"{what} ({count:,})" for what, count in sorted(counts.items()) if count)
    return (f"left out: {said}",) if said else ()
