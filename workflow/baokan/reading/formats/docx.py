"""DOCX: paragraphs in their order, with tables, text boxes, notes, and headers and footers as page furniture.

Not python-docx, docx2python or mammoth: none gives text boxes once, notes, headers and tracked changes together, and
all hold a document as a tree. Parts are streamed here through lxml, which takes no more memory for a larger part.
"""

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from baokan.reading.formats import Extracted, Progress, Refused, Settings, Unreadable
from baokan.reading.formats.archive import Archive, refuse_entities, xml_root
from baokan.reading.formats.blocks import BLOCK, Block, Blocks, left_out
from baokan.reading.records import join_notes, one_line

OLE = b"\xd0\xcf\x11\xe0"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """The text of a Word document, with marks for its headings and what stands in margins."""
    if data.startswith(OLE):
        if _PASSWORD in data:
            raise Refused("it has a password; save it without one")
        raise Unreadable("it is an old Office file (.doc, .wps) under another name; save it as .docx")
    archive = Archive(data, settings)
    main = _main_part(archive)
    related = _related(archive, main)
    document = _Document(archive, _styles(archive, related.get("styles", [])))
    try:
        body = document.blocks(main)
    except KeyError as error:
        raise Unreadable(f"its part {one_line(main)[:100]} is missing; is it a Word document?") from error
    heads = document.furniture(related.get("header", []))
    notes = document.notes(related.get("footnotes", []) + related.get("endnotes", []))
    feet = document.furniture(related.get("footer", []))
    text = Blocks()
    for part in (heads, body, notes, feet):
        text.extend(part)
    extracted, marks = text.result()
    if related.get("comments"):
        document.left_out["comments of reviewers"] += _count(archive, related["comments"], "comment")
    said = [f"{len(notes):,} paragraphs of notes stand at its end"] if notes else []
    return Extracted(
        extracted, "", marks, damage=join_notes(*document.damage), notes=(*said, *left_out(document.left_out))
    )


# --- parts


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive.names:
        for kind, target in _relationships(archive, "_rels/.rels", ""):
            if kind == "officeDocument":
                return target
    return "word/document.xml"


def _related(archive: Archive, part: str) -> dict[str, list[str]]:
    """The parts that `part` names, by kind ("styles", "header" …), each once."""
    folder, name = posixpath.split(part)
    rels = f"{folder}/_rels/{name}.rels".removeprefix("/")
    found: dict[str, list[str]] = {}
    if rels in archive.names:
        for kind, target in _relationships(archive, rels, folder):
            if target in archive.names and target not in found.setdefault(kind, []):
                found[kind].append(target)
    return found


def _relationships(archive: Archive, part: str, folder: str) -> list[tuple[str, str]]:
    found = []
    for element in xml_root(archive.read(part), part).iter("{*}Relationship"):
        target = element.get("Target", "")
        if element.get("TargetMode") != "External" and target:
            path = posixpath.normpath(target[1:] if target.startswith("/") else posixpath.join(folder, target))
            found.append((element.get("Type", "").rpartition("/")[2], path))
    return found


def _count(archive: Archive, parts: list[str], name: str) -> int:
    counter = _Counting(name)
    for part in parts:
        _parse(archive, part, counter)
    return counter.found


def _parse(archive: Archive, part: str, target) -> str:
    """Streams `part` through `target`; what is wrong with it in words, or "". Raises KeyError if it is missing."""
    data = archive.read(part)
    refuse_entities(data, part)
    parser = etree.XMLParser(
        target=target, resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False
    )
    try:
        etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return f"its part {part} is not well-formed, and text of it may be missing: {one_line(error)[:200]}"
    fatal = next((e for e in parser.error_log if e.level == etree.ErrorLevels.FATAL), None)
    if fatal is None:
        return ""
    return (
        f"its part {part} is not well-formed from line {fatal.line:,} on, and text of it may be missing: "
        f"{one_line(fatal.message)[:200]}"
    )


# --- styles


@dataclass
class _Style:
    name: str = ""
    based_on: str = ""
    level: str | None = None  # outline level, "0" for the highest


_NAMED = [
    (re.compile(r"^(?:heading|标题|標題)\s*([1-9])$", re.IGNORECASE), None),
    (re.compile(r"^(?:title|标题|標題|文章标题)$", re.IGNORECASE), "heading1"),
    (re.compile(r"^(?:subtitle|副标题|副標題)$", re.IGNORECASE), "heading2"),
    (re.compile(r"^(?:caption|题注|題注|标号)$", re.IGNORECASE), "caption"),
    (re.compile(r"^(?:toc|目录|目錄)\s*[1-9]$|^(?:header|footer|页眉|页脚)$", re.IGNORECASE), "furniture"),
]


def _styles(archive: Archive, parts: list[str]) -> dict[str, str]:
    """The kind of the paragraphs of each style: "headingN", "caption", "furniture", "" for others."""
    reader = _StyleReader()
    for part in parts:
        _parse(archive, part, reader)
    return {name: _kind_of_style(name, reader.styles) for name in reader.styles}


def _kind_of_style(name: str, styles: dict[str, _Style]) -> str:
    seen = set()
    while name in styles and name not in seen:
        seen.add(name)
        style = styles[name]
        if kind := _kind_of_name(style.name):
            return kind
        if style.level is not None:
            return _kind_of_level(style.level)
        name = style.based_on
    return ""


def _kind_of_name(name: str) -> str:
    for pattern, kind in _NAMED:
        if match := pattern.match(name.strip()):
            return kind or f"heading{min(int(match[1]), 6)}"
    return ""


def _kind_of_level(level: str) -> str:
    """The kind of an outline level, which counts from 0; 9 is that of body text."""
    return f"heading{min(int(level) + 1, 6)}" if level in tuple("012345678") else ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _value(attributes, name: str = "val") -> str:
    return next((v for key, v in attributes.items() if _local(key) == name), "")


class _StyleReader:
    def __init__(self):
        self.styles: dict[str, _Style] = {}
        self.current = _Style()

    def start(self, tag, attributes):
        name = _local(tag)
        if name == "style":
            self.current = _Style()
            if _value(attributes, "type") == "paragraph":
                self.styles[_value(attributes, "styleId")] = self.current
        elif name == "name":
            self.current.name = _value(attributes)
        elif name == "basedOn":
            self.current.based_on = _value(attributes)
        elif name == "outlineLvl":
            self.current.level = _value(attributes)

    def end(self, tag):
        pass

    def data(self, data):
        pass

    def close(self):
        pass


class _Counting(_StyleReader):
    def __init__(self, name: str):
        super().__init__()
        self.name, self.found = name, 0

    def start(self, tag, attributes):
        self.found += _local(tag) == self.name


# --- text


class _Document:
    """What is read of the parts of a document, with what was left out and what was damaged on the way."""

    def __init__(self, archive: Archive, styles: dict[str, str]):
        self.archive, self.styles = archive, styles
        self.left_out: Counter = Counter()
        self.damage: list[str] = []

    def blocks(self, part: str, kind: str = "") -> list[Block]:
        reader = _TextReader(self.styles, self.left_out, kind)
        if problem := _parse(self.archive, part, reader):
            self.damage.append(problem)
        return reader.finish()

    def furniture(self, parts: list[str]) -> list[Block]:
        """The headers or footers of all sections, each wording once."""
        found, seen = [], set()
        for part in parts:
            for block in self.blocks(part, "furniture"):
                if block.text not in seen:
                    seen.add(block.text)
                    found.append(block)
        return found

    def notes(self, parts: list[str]) -> list[Block]:
        return [block for part in parts for block in self.blocks(part)]


@dataclass
class _Paragraph:
    style: str = ""
    level: str | None = None
    numbered: bool = False
    pieces: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)


# Elements whose content is left out, and what it is called.
_SKIPPED = {"del": "deleted passages", "moveFrom": "", "rt": "ruby readings"}
_ENDS = {"br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_CODE = re.compile(r"[0-9A-Fa-f]{4}")  # of a character of a font
_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")


class _TextReader:
    """A target of lxml's parser: the paragraphs of one part as blocks."""

    def __init__(self, styles: dict[str, str], counts: Counter, kind: str):
        self.styles, self.counts, self.kind = styles, counts, kind
        self.collected = Blocks()
        self.path: list[str] = []
        self.paragraphs: list[_Paragraph] = []
        self.rows = 0  # that are open
        self.choices: list[bool] = []
        self.skip = 0  # depth of the element that is left out, 0 for none
        self.hidden = False

    def start(self, tag, attributes):
        name = _local(tag)
        parent = self.path[-1] if self.path else ""
        self.path.append(name)
        if self.skip:
            return
        if (name in _SKIPPED and parent != "rPr") or self._is_other_choice(name):
            self.skip = len(self.path)
            if _SKIPPED.get(name):
                self.counts[_SKIPPED[name]] += 1
        elif name in ("footnote", "endnote") and _value(attributes, "type") in _SEPARATORS:
            self.skip = len(self.path)
        elif name == "AlternateContent":
            self.choices.append(False)
        elif name == "p":
            self.paragraphs.append(_Paragraph())
        elif name == "txbxContent":
            self.collected.push()
        elif name == "tr":
            self.collected.begin_row()
            self.rows += 1
        elif name == "tc" and self.rows:
            self.collected.begin_cell()
        elif name == "altChunk":
            self.counts["documents embedded in it"] += 1
        elif self.paragraphs:
            self._within(name, parent, attributes)

    def _is_other_choice(self, name: str) -> bool:
        """Whether a drawing stands here once more, for programs that cannot show its first choice."""
        if name not in ("Choice", "Fallback") or not self.choices:
            return False
        other, self.choices[-1] = self.choices[-1], True
        return other

    def _within(self, name: str, parent: str, attributes) -> None:
        paragraph = self.paragraphs[-1]
        if name == "pStyle":
            paragraph.style = _value(attributes)
        elif name == "outlineLvl" and parent == "pPr":
            paragraph.level = _value(attributes)
        elif name == "numId" and parent == "numPr":
            paragraph.numbered = _value(attributes) not in ("", "0")
        elif name == "vanish" and parent == "rPr" and self.path[-3:-2] == ["r"]:
            self.hidden = _value(attributes) not in ("0", "false", "off")
        elif name == "tab" and parent == "r":
            self._write("\t")
        elif name in _ENDS and parent == "r":
            self._write(_ENDS[name])
        elif name in ("pic", "imagedata"):
            self.counts["pictures"] += 1
        elif name == "sym":
            self._symbol(_value(attributes, "char"))

    def _symbol(self, code: str) -> None:
        char = chr(int(code, 16)) if _CODE.fullmatch(code) else ""
        if not char or "\ud800" <= char <= "\uf8ff":  # a place in a font of pictures
            self.counts["symbols of a picture font"] += 1
        else:
            self._write(char)

    def _write(self, text: str) -> None:
        if self.hidden:
            self.counts["hidden characters"] += len(text)
        elif self.paragraphs:
            self.paragraphs[-1].pieces.append(text)

    def data(self, data):
        if self.path and self.path[-1] == "t" and not self.skip:
            self._write(data)

    def end(self, tag):
        name, depth = self.path.pop() if self.path else "", len(self.path) + 1
        if self.skip:
            self.skip = 0 if depth == self.skip else self.skip
        elif name == "r":
            self.hidden = False
        elif name == "AlternateContent" and self.choices:
            self.choices.pop()
        elif name == "p" and self.paragraphs:
            self._end_paragraph()
        elif name == "txbxContent":
            boxes = self.collected.pop()
            if self.paragraphs:
                self.paragraphs[-1].boxes += boxes
            else:
                self.collected.extend(boxes)
        elif name == "tc" and self.rows:
            self.collected.end_cell()
        elif name == "tr":
            self.rows -= 1
            self.collected.end_row()
        elif name == "tbl":
            self.collected.gap(BLOCK)

    def _end_paragraph(self) -> None:
        paragraph = self.paragraphs.pop()
        self.collected.gap(BLOCK)
        self.collected.add("".join(paragraph.pieces), self.kind or self._kind(paragraph))
        self.collected.gap(BLOCK)
        self.collected.extend(paragraph.boxes)
        self.counts["numbers set by Word before paragraphs"] += paragraph.numbered and bool(paragraph.pieces)

    def _kind(self, paragraph: _Paragraph) -> str:
        if paragraph.level is not None:
            return _kind_of_level(paragraph.level)
        return self.styles.get(paragraph.style, "")

    def close(self):
        pass

    def finish(self) -> list[Block]:
        """The blocks, those of elements that a broken part left open too."""
        while self.path:
            self.end("")
        return self.collected.pop()
