"""Markdown, line by line: the markup goes, every line stays where it was.

Much press text that is saved as .md is plain text with hard ends of lines, indents and rows of dashes. So blocks and
inline marks are found by markdown-it-py, but the lines are those of the file: what no rule accounts for is kept as it
is written. Indented text is an indented paragraph, never code, and HTML is taken away tag by tag.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from baokan.reading.formats import HEADINGS, Extracted, Mark, Progress, Settings
from baokan.reading.formats.blocks import left_out
from baokan.reading.formats.plain import damage, decoded_text

# Rules that would take press text for something else; links to elsewhere in the file are kept as text.
_NOT_RULES = ["code", "lheading", "html_block", "reference"]
_SPECIAL = re.compile(r"[\\`*_\[\]<&]")
# A paragraph is looked through for inline marks as a whole up to here, line by line above, and a line so long and
# dense in signs not at all: the parser takes time by the square of unmatched ones. Characters, and signs.
_WHOLE, _DENSE = 4_000, 400
_PIECE = 500_000  # characters that are parsed at a time: the parser's tokens take fifty times the memory of the text
_FRONT_MATTER = re.compile(r"^---[ \t]*\n((?:[^\n]*\n){1,100}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"^(?:[^\W\d][\w -]*+[ \t]*+:(?:[ \t]|$)|[ \t]*-[ \t]|[ \t]+\S|[ \t]*#|[ \t]*$)")
_UNDERLINE = re.compile(r" {0,3}(={3,}|-{3,})[ \t]*")
_PAGE_MARK = re.compile(r"^\s*+[-*+]\s*+[0-9]++\s*+[-*+]?\s*+")
_SENTENCE_END = tuple("。！？；，：、")
_LONGEST_TITLE = 46  # characters of a line that may be underlined


def read(data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """The text of a Markdown file, with marks for its headings."""
    decoded = decoded_text(data)
    text, marks, notes = read_markdown(decoded.text)
    return Extracted(text, decoded.encoding, marks, damage=damage(decoded), notes=notes)


def read_markdown(source: str) -> tuple[str, tuple[Mark, ...], tuple[str, ...]]:
    """(text, marks, notes) of decoded Markdown."""
    lines = source.split("\n")
    page = _Page(lines)
    first = page.front_matter(source)
    for start, end in _pieces(lines, first):
        for stretch in _stretches(_blocks(lines[start:end])):
            page.add(stretch, start)
    page.mark_underlined(first)
    return page.result()


def _pieces(lines: list[str], first: int) -> Iterator[tuple[int, int]]:
    """Stretches of lines, from `first` on, that are parsed at a time; a long file is cut at blank lines."""
    start, size = first, 0
    for number in range(first, len(lines)):
        size += len(lines[number]) + 1
        if size >= _PIECE and (not lines[number].strip() or size >= 4 * _PIECE):
            yield start, number + 1
            start, size = number + 1, 0
    yield start, len(lines)


def _blocks(lines: list[str]) -> list[Token]:
    """Block tokens. A fence that nothing closes is a row of signs, not code to the end of the file."""
    parser = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table").disable(_NOT_RULES).disable("inline")
    lines = list(lines)
    for _ in range(4):
        tokens = parser.parse("\n".join(lines))
        unclosed = [
            t.map[0] for t in tokens if t.type == "fence" and t.map and not _is_closed(t, t.map[0], t.map[1], lines)
        ]
        if not unclosed:
            return tokens
        for number in unclosed:
            lines[number] = ""
    return parser.disable("fence").parse("\n".join(lines))


def _is_closed(fence: Token, start: int, end: int, lines: list[str]) -> bool:
    last = lines[min(end, len(lines)) - 1].strip()
    return end - start > 1 and len(last) >= 3 and not last.strip(fence.markup[0])


@dataclass
class _Stretch:
    """Lines [start, end) of the file that a block takes up; for a row of a table its cells, else its content."""

    kind: str  # "paragraph", "table", "row", "fence" or one of HEADINGS
    start: int
    end: int
    content: str = ""
    cells: list[str] = field(default_factory=list)


def _stretches(tokens: list[Token]) -> Iterator[_Stretch]:
    row: _Stretch | None = None
    heading = ""
    for token in tokens:
        start, end = token.map or (0, 0)
        if token.type == "tr_open":
            row = _Stretch("row", start, end)
        elif token.type == "tr_close" and row:
            yield row
            row = None
        elif token.type == "table_open":
            yield _Stretch("table", start, end)
        elif token.type in ("heading_open", "paragraph_open"):
            heading = f"heading{token.tag[1:]}" if token.type == "heading_open" else ""
        elif token.type == "inline" and row:
            row.cells.append(token.content)
        elif token.type == "inline" and token.map:
            yield _Stretch(heading or "paragraph", start, end, token.content)
        elif token.type == "fence":
            yield _Stretch("fence", start, end, token.info.strip())


class _Page:
    """The lines of the text in the making: those of the file until a token says what they are."""

    def __init__(self, lines: list[str]):
        self.source = lines
        self.out: list[str | None] = list(lines)  # None: a line that is markup alone
        self.kinds = [""] * len(lines)
        self.counts: Counter = Counter()
        self.inline = MarkdownIt("commonmark", {"maxNesting": 20})

    def front_matter(self, source: str) -> int:
        """The number of lines of the front matter at the head of the file, which is marked as furniture."""
        match = _FRONT_MATTER.match(source)
        if not match or not all(map(_FIELD.match, match[1].split("\n"))) or ":" not in match[1]:
            return 0
        count = match[1].count("\n") + 2
        self.kinds[:count] = ["furniture"] * len(self.kinds[:count])
        self.out[0] = self.out[count - 1] = None
        return count

    def add(self, stretch: _Stretch, first: int) -> None:
        start, end = stretch.start + first, min(stretch.end + first, len(self.out))
        if stretch.kind == "table":
            self.out[start + 1] = None  # the row of dashes
        elif stretch.kind == "row":
            self.out[start] = "\t".join(self._rendered(cell) for cell in stretch.cells).strip("\t")
        elif stretch.kind == "fence":
            self.out[start] = None if stretch.content.isascii() else stretch.content
            self.out[end - 1] = None
        else:
            self._paragraph(stretch, start, end)

    def _paragraph(self, stretch: _Stretch, start: int, end: int) -> None:
        # The parser takes a line of full-width blanks for text, and then leaves it out of what it hands over.
        while start < end and not self.source[start].strip():
            start += 1
        written = stretch.content.split("\n")
        shown = self._rendered(stretch.content).split("\n") if len(stretch.content) <= _WHOLE else []
        if len(shown) != len(written):
            shown = [self._rendered(line) for line in written]
        for number, content, text in zip(range(start, end), written, shown, strict=False):
            source = self.source[number]
            if stretch.kind in HEADINGS:
                self.out[number], self.kinds[number] = text.strip(), stretch.kind
            elif not _PAGE_MARK.fullmatch(source):  # "- 12 -" is the number of a page
                before = source[: max(source.find(content.strip()), 0)]
                self.out[number] = _without_markers(before) + text.strip()
        if _is_image(stretch.content) and self.out[start]:
            self.kinds[start] = "caption"

    def _rendered(self, content: str) -> str:
        """`content` without its inline marks, its ends of lines kept."""
        signs = len(_SPECIAL.findall(content))
        if not signs or signs > _DENSE:
            return content
        tokens = self.inline.parseInline(content)
        children = tokens[0].children or [] if tokens else []
        return "".join(self._shown(child) for child in children)

    def _shown(self, token: Token) -> str:
        if token.type in ("softbreak", "hardbreak"):
            return "\n"
        if token.type == "image":
            self.counts["addresses of images"] += 1
            return "".join(self._shown(child) for child in token.children or [])
        if token.type == "link_open" and token.markup != "autolink":
            self.counts["addresses of links"] += 1
        if token.type == "html_inline":
            self.counts["HTML tags"] += 1
            return ""
        return token.content

    def mark_underlined(self, first: int) -> None:
        """Marks a title with a row of = or - under it (setext) as a heading; other such rows are ornaments.

        The title is a line of its own that ends no sentence, and nothing stands directly under the row. Press text sets
        off its parts by dashes, so these must be as long as the title, as programs write them.
        """
        for number in range(first, len(self.source) - 1):
            title, row = self.source[number], self.source[number + 1]
            match = _UNDERLINE.fullmatch(row)
            if not match or not title.strip() or self.kinds[number] or self.out[number] is None:
                continue
            above = self.source[number - 1].strip() if number > first else ""
            below = self.source[number + 2].strip() if number + 2 < len(self.source) else ""
            name = title.strip()
            if (
                above
                or below
                or len(name) > _LONGEST_TITLE
                or name.endswith(_SENTENCE_END)
                or _UNDERLINE.fullmatch(title)
            ):
                continue
            widths = (len(name), sum(2 if ord(c) > 0x2E7F else 1 for c in name))
            if match[1][0] == "=" or any(abs(len(match[1]) - width) <= 1 for width in widths):
                self.out[number] = (self.out[number] or "").strip()
                self.kinds[number] = HEADINGS[0] if match[1][0] == "=" else HEADINGS[1]
                self.out[number + 1] = None

    def result(self) -> tuple[str, tuple[Mark, ...], tuple[str, ...]]:
        parts, marks, position = [], [], 0
        for line, kind in zip(self.out, self.kinds, strict=True):
            if line is None:
                continue
            if kind and line.strip():
                marks.append(Mark(position, position + len(line), kind))
            parts.append(line)
            position += len(line) + 1
        return "\n".join(parts), tuple(marks), left_out(self.counts)


_MARKERS = re.compile(r">[ ]?|[-*+](?=\s)")
_NUMBERED = re.compile(r"[0-9]{1,9}[.)]\s+$")


def _without_markers(before: str) -> str:
    """What stands before a line's text, its indent or number, without the signs of quotes and bullets."""
    if not _MARKERS.search(before):
        return before
    number = _NUMBERED.search(before)
    return number[0] if number else ""


# Up to the first "](", whatever else may follow it.
_IMAGE = re.compile(r"^!\[(?>[^\n]*?\]\()[^\n]*\)")


def _is_image(content: str) -> bool:
    return _IMAGE.fullmatch(content.strip()) is not None
