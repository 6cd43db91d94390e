"""EPUB 2 and 3: the chapters in the order of the spine, each read as the HTML page that it is.

ebooklib, the usual library, is AGPL; all that is needed of the package is its list of chapters.
"""

import posixpath
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from baokan.reading.formats import Extracted, Mark, Progress, Refused, Settings, Unreadable
from baokan.reading.formats.archive import Archive, xml_root
from baokan.reading.formats.blocks import left_out
from baokan.reading.formats.html import decoded_html, read_page
from baokan.reading.formats.plain import damage
from baokan.reading.records import join_notes, one_line

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
# Fonts that are disguised, which readers may not copy; all other encryption is of the text.
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml", "text/xml", "")
BETWEEN_CHAPTERS = "\n\n\n"


@dataclass(frozen=True)
class _Chapter:
    path: str
    furniture: bool


def read(data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """The text of the chapters of an e-book, in reading order."""
    archive = Archive(data, settings)
    _refuse_locked(archive)
    chapters, problems, notes = _chapters(archive)
    marks: list[Mark] = []
    encodings: list[str] = []
    counts: Counter[str] = Counter()
    parts: list[str] = []
    position = 0
    for number, chapter in enumerate(chapters, start=1):
        progress(number, len(chapters))
        try:
            decoded, note = decoded_html(archive.read(chapter.path))
        except Unreadable as error:
            problems.append(f"chapter {_shown(chapter.path)} cannot be read: {error}")
            continue
        page = read_page(decoded.text, "furniture" if chapter.furniture else "")
        counts.update(page.left_out)
        encodings.append(decoded.encoding)
        problems += [f"chapter {_shown(chapter.path)}: {p}" for p in (damage(decoded), page.damage) if p]
        notes += [f"chapter {_shown(chapter.path)}: {n}" for n in (note, *page.notes) if n]
        if page.text.strip():
            gap = BETWEEN_CHAPTERS if parts else ""
            position += len(gap)
            marks += [Mark(position + m.start, position + m.end, m.kind) for m in page.marks]
            parts += [gap, page.text]
            position += len(page.text)
    text = "".join(parts)
    if problems and not text:
        raise Unreadable("; ".join(problems))
    return Extracted(
        text,
        ", ".join(dict.fromkeys(encodings)),
        tuple(marks),
        damage=join_notes(*problems),
        notes=(*notes, *left_out(counts)),
    )


def _shown(path: str) -> str:
    return one_line(path)[:100]


def _refuse_locked(archive: Archive) -> None:
    if ENCRYPTION not in archive.names:
        return
    for element in xml_root(archive.read(ENCRYPTION), ENCRYPTION).iter("{*}EncryptedData"):
        methods = [m.get("Algorithm", "") for m in element.iter("{*}EncryptionMethod")]
        if not methods or any(m not in _FONTS for m in methods):
            raise Refused("its text is encrypted (DRM); take an EPUB without copy protection")


def _chapters(archive: Archive) -> tuple[list[_Chapter], list[str], list[str]]:
    """(chapters in reading order, those outside of it at the end; what is missing; what else is to be said)."""
    package = _package(archive)
    root = xml_root(archive.read(package), _shown(package))
    folder = posixpath.dirname(package)
    items = {item.get("id", ""): item for item in root.iter("{*}item")}
    contents = {
        _path(folder, reference.get("href", ""))
        for reference in root.iter("{*}reference")
        if reference.get("type", "").lower() == "toc"
    }
    main: list[_Chapter] = []
    aside: list[_Chapter] = []
    problems: list[str] = []
    notes: list[str] = []
    seen: set[str] = set()
    for reference in root.iter("{*}itemref"):
        name = reference.get("idref", "")
        if name in seen:
            continue
        seen.add(name)
        if (item := items.get(name)) is None:
            problems.append(f"its spine names {_shown(name)!r}, which its manifest does not list")
            continue
        path = _found(archive, _path(folder, item.get("href", "")))
        if item.get("media-type", "").lower() not in _PAGES:
            notes.append(f"{_shown(path)} is no page of text")
        elif path not in archive.names:
            problems.append(f"chapter {_shown(path)} is missing")
        else:
            furniture = "nav" in item.get("properties", "").split() or path in contents
            (aside if reference.get("linear", "").lower() == "no" else main).append(_Chapter(path, furniture))
    if not main and not aside and not problems:
        raise Unreadable("its spine names no chapter")
    return main + aside, problems, notes


def _package(archive: Archive) -> str:
    if CONTAINER in archive.names:
        for element in xml_root(archive.read(CONTAINER), CONTAINER).iter("{*}rootfile"):
            if (path := _found(archive, _path("", element.get("full-path", "")))) in archive.names:
                return path
    found = sorted(name for name in archive.names if name.lower().endswith(".opf"))
    if not found:
        raise Unreadable("it has no package document (.opf); is it an EPUB?")
    return found[0]


def _path(folder: str, reference: str) -> str:
    """The path in the archive that a reference in a document of `folder` means; "" for an address elsewhere."""
    try:
        address = urlsplit(reference)
    except ValueError:
        return ""
    if address.scheme or address.netloc:
        return ""
    return posixpath.normpath(posixpath.join(folder, unquote(address.path))).lstrip("/")


def _found(archive: Archive, path: str) -> str:
    """`path` as the archive writes it, which may differ in case."""
    if path in archive.names:
        return path
    return next((name for name in archive.names if name.lower() == path.lower()), path)
