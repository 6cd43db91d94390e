"""HTML and XHTML: what a reader of the page sees, a line for each paragraph.

Tags are found, and elements closed, here and not by a library. lxml drops what is nested more than 2,048 deep without a
word and lets an unclosed <div> within <nav> swallow the page. An exact HTML5 parser (lexbor by resiliparse 2.0 was tried)
is quick, but leaves out what browsers do not show: all after a comment or a quote that nothing closes, so after any
damage; the chapters of an e-book behind <script/> or <title/>; CDATA, the text of frame sets, "<A股>". It does not say so,
and a tag takes it time by the square of its attributes. Text needs little of a tree: which elements are open.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from baokan.decoding import BOMS, CODECS, Decoded, plausibility
from baokan.reading.formats import HEADINGS, Extracted, Mark, Progress, Settings
from baokan.reading.formats.blocks import BLOCK, LINE, Blocks, left_out
from baokan.reading.formats.plain import damage, decoded_text
from baokan.reading.records import join_notes


def read(data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """The text of an HTML page."""
    decoded, note = decoded_html(data)
    page = read_page(decoded.text)
    return Extracted(
        page.text,
        decoded.encoding,
        page.marks,
        damage=join_notes(damage(decoded), page.damage),
        notes=tuple(filter(None, (note, *page.notes, *left_out(page.left_out)))),
    )


# --- encoding

_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,400}?\bcharset\s*+=\s*+["']?\s*+([\w.:-]+)|<\?xml\b[^>]{0,200}?\bencoding\s*+=\s*+["']([\w.:-]+)""",
    re.IGNORECASE,
)
# What a page may call its encoding -> the codec that reads it. GB18030 holds GBK and GB 2312.
_LABELS = (
    dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "cp936", "ms936"), "gb18030")
    | dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5")
    | dict.fromkeys(("utf-8", "utf8"), "utf-8")
    | dict.fromkeys(("hz", "hz-gb-2312"), "hz")
    | dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "us-ascii"), "cp1252")
    | {"shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949"}
)
_SCORED = 1 << 17  # characters beyond ASCII that are looked at to choose an encoding
_ASCII = re.compile(r"[\x00-\x7f]+")


def decoded_html(data: bytes) -> tuple[Decoded, str]:
    """The page's text with its tags, and a note where it is not in the encoding that it declares.

    The declared encoding is taken if it reads all bytes and makes text of them that is as plausible as that of the
    encoding which the bytes suggest: many an old page that says gb2312 is UTF-8.
    """
    guessed = decoded_text(data)
    match = _DECLARED.search(data[:8192])
    label = (match[1] or match[2]).decode("ascii", errors="replace").lower() if match else ""
    codec = _LABELS.get(label, "")
    if not codec or codec == guessed.encoding or data.startswith(tuple(BOMS)):
        return guessed, ""
    try:
        text = data.decode(CODECS.get(codec, codec))
    except UnicodeDecodeError:
        text = ""
    if text and _score(text) >= _score(guessed.text):
        return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), codec), ""
    return guessed, f"it says that it is in {label}, but was read as {guessed.encoding}"


def _score(text: str) -> float:
    return plausibility(_ASCII.sub("", text)[:_SCORED])


# --- tags

_TAG = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9:._-]*+)(?=[\s/<>"'=]|\Z)((?:=\s*+"[^"]*+"|=\s*+'[^']*+'|[^<>=]++|=)*+)(>|(?=<)|\Z)"""
)
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_MOST_DIGITS = re.compile(r"&#[0-9]{1000,};?")  # which Python refuses to read as a number
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "basefont", "bgsound", "frame",
))  # fmt: skip
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE | re.ASCII) for name in ("script", "style")}


@dataclass(frozen=True)
class _Token:
    """kind: "text", "start", "end" or "lost" (`value` then says what was). A tag's name is in `value`."""

    kind: str
    value: str
    attributes: str = ""
    empty: bool = False


def _tokens(source: str, counts: Counter) -> Iterator[_Token]:
    """The text and the tags of `source`, in one pass; counts: comments, scripts and styles, which are left out."""
    # Whether an end may still be found: looked for in vain once, it is not looked for again.
    at, size, comments_end, doctype = 0, len(source), True, True
    last = source.rfind(">")
    while at < size:
        opening = source.find("<", at)
        if opening < 0:
            opening = size
        if opening > at:
            yield _Token("text", _unescape(source[at:opening]))
        if opening == size:
            return
        at = opening
        if source.startswith("<!--", at):
            end = source.find("-->", at + 2) if comments_end else -1
            comments_end = end >= 0
            counts["comments"] += 1
            if not comments_end:  # what follows is text rather than lost
                yield _Token("lost", "a comment has no end")
            at = end + 3 if comments_end else at + 4
        elif source.startswith("<![CDATA[", at):
            end = source.find("]]>", at)
            end = size if end < 0 else end
            yield _Token("text", source[at + 9 : end])
            at = end + 3
        elif source[at + 1 : at + 2] in ("!", "?") and at < last:
            if source[at + 1] == "?":
                counts["processing instructions"] += not source.startswith("<?xml", at)
            else:
                counts["comments"] += source[at + 2 : at + 9].upper() != "DOCTYPE"
            at, doctype = _end_of_declaration(source, at, doctype), False
        elif match := _TAG.match(source, at):
            slash, name, attributes, closed = match.groups()
            name, at = name.lower(), match.end()
            if not closed and at == size:
                yield _Token("lost", "it ends within a tag")
            if slash:
                yield _Token("end", name)
            elif name in _RAW and not attributes.endswith("/"):
                closing = _RAW[name].search(source, at)
                counts["scripts" if name == "script" else "style sheets"] += 1
                if not closing:
                    yield _Token("lost", f"a {name} has no end, and the {size - at:,} characters after it are left out")
                    return
                at = closing.start()
            else:
                yield _Token("start", name, attributes, attributes.endswith("/"))
        else:
            yield _Token("text", "<")
            at += 1


# What a DOCTYPE declares, in brackets: other declarations alone. An opening bracket without its partner ends with its tag.
_ENTITIES = re.compile(r"\[(?:[\s%;A-Za-z0-9_.-]++|<[!?](?:\"[^\"]*+\"|'[^']*+'|[^\"'>\[]++)*+>)*+\]\s*+>")


def _end_of_declaration(source: str, at: int, doctype: bool) -> int:
    """Where <!DOCTYPE …>, with the entities that it may declare, or another <!…> or <?…> ends. There is a > behind."""
    end = source.index(">", at)
    if doctype and source[at + 2 : at + 9].upper() == "DOCTYPE" and (inner := source.find("[", at, end)) >= 0:
        match = _ENTITIES.match(source, inner)
        end = match.end() - 1 if match else end
    return end + 1


def _unescape(text: str) -> str:
    return html.unescape(_MOST_DIGITS.sub("\ufffd", text)) if "&" in text else text


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        found.setdefault(match[1].lower(), (match[2] or "").strip("\"'"))
    return found


# --- elements

_HEADS = {f"h{level}": kind for level, kind in enumerate(HEADINGS, start=1)}
_LINES = frozenset((
    "li", "tr", "dt", "dd", "option", "optgroup", "legend", "summary",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "details", "dialog", "dir", "div", "dl",
    "fieldset", "figcaption", "figure", "footer", "form", "frameset", "header", "hgroup", "hr", "html", "iframe",
    "main", "menu", "nav", "noframes", "noscript", "ol", "p", "pre", "search", "section", "select", "table", "tbody",
    "textarea", "tfoot", "thead", "title", "ul", "xmp", "listing", "svg", "math", "object", "template", "h1", "h2",
    "h3", "h4", "h5", "h6",
))  # fmt: skip
_FURNITURE = frozenset((
    "nav", "aside", "select", "button", "noscript", "noframes", "iframe", "search", "svg", "object", "title", "menu",
))  # fmt: skip
_SKIPPED = {"rt": "ruby readings", "rp": "", "rtc": "ruby readings", "template": "templates"}
_ROLES = frozenset((
    "navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar",
))  # fmt: skip
# Names by which makers of pages call what is on every page. Whole names only: "nav", not "navy".
_NAMES = frozenset((
    "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "crumbs", "footer", "sidebar", "copyright",
    "toolbar", "pagination", "pager", "share", "sharebar", "toplink",
))  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TELLING = re.compile(r"hidden|style|class|id|role|alt", re.IGNORECASE)

# A start tag closes the elements on the right that are open, as far as the nearest of _SCOPES.
_CLOSES = (
    dict.fromkeys(_BLOCKS - {"title", "svg", "object", "select", "template", "iframe", "noscript"}, ("p",))
    | {"li": ("li", "p"), "dt": ("dt", "dd", "p"), "dd": ("dt", "dd", "p"), "option": ("option",)}
    | {"td": ("td", "th"), "th": ("td", "th")}
    | dict.fromkeys(("tr", "tbody", "thead", "tfoot"), ("tr", "caption"))
    | dict.fromkeys(_HEADS, ("p", *_HEADS))
    | dict.fromkeys(("rt", "rp", "rtc"), ("rt", "rp"))
    | {"body": ("p", "title")}
)
_SCOPES = {
    "li": ("ul", "ol", "menu", "dir", "table", "td", "th"),
    "dt": ("dl", "table", "td", "th"),
    "dd": ("dl", "table", "td", "th"),
    "td": ("tr", "table"),
    "th": ("tr", "table"),
    "tr": ("table",),
    "caption": ("table",),
    "option": ("select",),
    "rt": ("ruby",),
    "rp": ("ruby",),
}
_OTHER_SCOPE = ("table", "td", "th", "caption")
_TABLE_PARTS = frozenset((
    "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption",
))  # fmt: skip
_LAID_OUT = re.compile(r"<(?:article|main)\b", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\f\r]+")
# A line end within running Chinese is no blank (CSS Text 3, segment breaks).
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2018-\u201d\u2026]"
_BREAK = re.compile(rf"(?<={_WIDE})[ \t\f]*\n[ \t\n\f]*(?={_WIDE})")


@dataclass
class _Open:
    name: str
    kind: str = ""
    skips: bool = False
    hidden: bool = False
    inside: str = ""  # "row" or "cell" of a table, "pre"
    breaks: int = 0


@dataclass(frozen=True)
class Page:
    """The text of a page; marks: its headings and furniture; damage: what is lost; left_out: what was counted and left."""

    text: str
    marks: tuple[Mark, ...]
    damage: str
    notes: tuple[str, ...]
    left_out: Counter


def read_page(source: str, kind: str = "") -> Page:
    """The text of an HTML page whose bytes are decoded. kind: of all of it, such as "furniture" for contents."""
    counts: Counter = Counter()
    builder = _Builder(counts, kind, bool(_LAID_OUT.search(source)))
    lost: dict[str, None] = {}
    tags = 0
    for token in _tokens(source, counts):
        if token.kind == "text":
            builder.text(token.value)
        elif token.kind == "start":
            tags += 1
            builder.start(token)
        elif token.kind == "end":
            tags += 1
            builder.end(token.value)
        else:
            lost[token.value] = None
    if not tags and not counts:
        text = _unescape(source)
        whole = (Mark(0, len(text), kind),) if kind and text else ()
        return Page(text, whole, "", ("it has no HTML tags, and was read as plain text",), counts)
    text, marks = builder.finish()
    return Page(text, marks, "; ".join(lost), (), counts)


class _Builder:
    """Tags and text to blocks. Positions of open elements are kept by name, so that no step walks down the stack."""

    def __init__(self, counts: Counter, kind: str, laid_out: bool):
        self.counts, self.laid_out = counts, laid_out
        self.blocks = Blocks()
        self.stack: list[_Open] = []
        self.places: dict[str, list[int]] = {}
        self.kinds = [kind] if kind else []
        self.skipping = self.hidden = self.pre = self.sections = 0
        self.lines: list[str] = []
        self.pieces: list[str] = []

    def text(self, text: str) -> None:
        if self.skipping:
            self.counts["hidden characters"] += len(text.strip()) if self.hidden else 0
        elif self.pre:
            if not self.lines and not any(self.pieces):
                text = text.removeprefix("\n")
            first, *rest = text.split("\n")
            self.pieces.append(first)
            for line in rest:
                self._end_line()
                self.pieces.append(line)
        else:
            self.pieces.append(text)

    def start(self, token: _Token) -> None:
        name = token.value
        for closed in _CLOSES.get(name, ()):
            self._close(closed, _SCOPES.get(closed, _OTHER_SCOPE))
        if name == "br":
            self._end_line()
        elif name == "img":
            self._image(token)
        elif name == "hr":
            self._end_block(BLOCK)
        if name in _VOID:
            return
        opened = self._effect(name, _attributes(token.attributes) if _TELLING.search(token.attributes) else {})
        self.places.setdefault(name, []).append(len(self.stack))
        self.stack.append(opened)
        if opened.breaks or opened.inside:
            self._end_block(opened.breaks)
        self.skipping += opened.skips
        self.hidden += opened.hidden
        self.pre += opened.inside == "pre"
        self.sections += name in ("article", "main", "section")
        if opened.kind:
            self.kinds.append(opened.kind)
        if opened.inside == "row":
            self.blocks.begin_row()
        elif opened.inside == "cell":
            self.blocks.begin_cell()
        if token.empty:  # <p/>, <a id="x"/>: closed at once, as in XHTML
            self._pop(len(self.stack) - 1)

    def end(self, name: str) -> None:
        if name == "br":  # which browsers take for <br>
            self._end_line()
        elif name == "p" and not self.places.get("p"):
            self._end_block(BLOCK)
        elif name in _HEADS:  # any of them ends the one that is open
            for head in _HEADS:
                self._close(head, _OTHER_SCOPE)
        else:
            scope = _SCOPES.get(name, ("table",) if name in _TABLE_PARTS else _OTHER_SCOPE)
            self._close(name, tuple(s for s in scope if s != name))

    def finish(self) -> tuple[str, tuple[Mark, ...]]:
        self._pop(0)
        self._end_block(BLOCK)
        return self.blocks.result()

    def _image(self, token: _Token) -> None:
        if _TELLING.search(token.attributes) and _attributes(token.attributes).get("alt", "").strip():
            self.counts["descriptions of images"] += 1

    def _effect(self, name: str, attributes: dict[str, str]) -> _Open:
        breaks = LINE if name in _LINES else BLOCK if name in _BLOCKS else 0
        if name in ("ul", "ol", "dir") and self.places.get("li"):
            breaks = LINE
        inside = "pre" if name in ("pre", "textarea", "xmp", "listing") else ""
        if name == "tr" and self.places.get("table"):
            inside = "row"
        elif name in ("td", "th") and self.stack and self._innermost_row():
            inside = "cell"
        elif name in ("td", "th"):
            breaks = LINE
        kind = _HEADS.get(name, "caption" if name in ("figcaption", "caption") else "")
        if self._is_furniture(name, attributes):
            kind = "furniture"
        hidden = "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
        if hidden:
            self.counts["hidden elements"] += 1
        # Without <ruby> around it an <rt> may have no end, and would take the rest of the page.
        skipped = name in _SKIPPED and (name == "template" or bool(self.places.get("ruby")))
        if skipped and _SKIPPED[name]:
            self.counts[_SKIPPED[name]] += 1
        if kind and not breaks:
            breaks = LINE
        return _Open(name, kind, hidden or skipped, hidden, inside, breaks)

    def _innermost_row(self) -> bool:
        rows, tables = self.places.get("tr"), self.places.get("table")
        return bool(rows and tables and rows[-1] > tables[-1] and self.stack[rows[-1]].inside == "row")

    def _is_furniture(self, name: str, attributes: dict[str, str]) -> bool:
        if name in _FURNITURE or attributes.get("role", "").lower() in _ROLES:
            return True
        # The head or foot of an article is its own; a page without <article> or <main> may have its headline in <header>.
        if name in ("header", "footer"):
            return not self.sections and (name == "footer" or self.laid_out)
        words = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower().split()
        return name not in ("body", "html", "main", "article") and not _NAMES.isdisjoint(words)

    def _close(self, name: str, scope: tuple[str, ...]) -> None:
        """The innermost open element `name`, with what is open in it, unless one of `scope` stands between."""
        places = self.places.get(name)
        if places and all(not (p := self.places.get(s)) or p[-1] < places[-1] for s in scope):
            self._pop(places[-1])

    def _pop(self, depth: int) -> None:
        while len(self.stack) > depth:
            closed = self.stack.pop()
            self.places[closed.name].pop()
            if closed.breaks or closed.inside:
                self._end_block(closed.breaks)
            self.skipping -= closed.skips
            self.hidden -= closed.hidden
            self.pre -= closed.inside == "pre"
            self.sections -= closed.name in ("article", "main", "section")
            if closed.kind:
                self.kinds.pop()
            if closed.inside == "row":
                self.blocks.end_row()
            elif closed.inside == "cell":
                self.blocks.end_cell()

    def _end_line(self) -> None:
        if self.skipping:
            return
        line = "".join(self.pieces)
        self.pieces.clear()
        if not self.pre:
            line = _SPACES.sub(" ", _BREAK.sub("", line)).strip(" ")
        self.lines.append(line)

    def _end_block(self, ends: int) -> None:
        if self.skipping:
            return
        self._end_line()
        text = "\n".join(self.lines)
        self.lines.clear()
        if text:
            self.blocks.add(text, self._kind())
        self.blocks.gap(ends)

    def _kind(self) -> str:
        return "furniture" if "furniture" in self.kinds else self.kinds[-1] if self.kinds else ""
