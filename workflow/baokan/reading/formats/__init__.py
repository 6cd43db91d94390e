"""Files of many formats to text: one module for each, with `read(data, settings, progress) -> Extracted`.

A reader raises Unreadable for a file that it cannot make sense of and Refused for one that it will not open (too large,
encrypted, a bomb); anything else that it raises is a defect. It opens no file and no connection. Offsets are characters.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

Progress = Callable[[int, int], None]  # pages done, pages in all

# The module that reads each format; records (jsonl, csv, tsv) and archives (zip) hold documents and are none.
MODULES = {
    "txt": "plain",
    "md": "markdown",
    "html": "html",
    "docx": "docx",
    "epub": "epub",
    "pdf": "pdf",
    "image": "image",
}
BY_OCR = "OCR"  # what the method of a document is called, any of whose pages was read so
HEADINGS = tuple(f"heading{level}" for level in range(1, 7))


@dataclass(frozen=True)
class Mark:
    """What the format itself says of a stretch [start, end) of the text: one of HEADINGS, "caption", "furniture"."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Extracted:
    r"""The text of a file, lines ended by \n, a blank line between blocks.

    marks: sorted, without overlap. page_starts: the offset at which each page begins, where the format has pages.
    method: how the text was had, if that needs saying ("text layer", "OCR by ..."). damage: what was lost and where, in
    words, or "". notes: what else a reader should know. for_ocr: a page of it was read by OCR, or would have been with
    OCR installed: the text depends on whether it is, and on its version.
    """

    text: str
    encoding: str = ""
    marks: tuple[Mark, ...] = ()
    page_starts: tuple[int, ...] = ()
    method: str = ""
    damage: str = ""
    notes: tuple[str, ...] = ()
    for_ocr: bool = False


@dataclass(frozen=True)
class Settings:
    """How files are read, and how large a thing may be. The `reading` part of the configuration fills it."""

    ocr: str = "auto"  # auto: pages without a text layer; never; always
    layout: str = "auto"  # auto, horizontal, vertical (columns of vertical lines, right to left)
    max_bytes: int = 200 * 1024 * 1024  # of a file, and of a member of an archive
    max_unpacked: int = 1024 * 1024 * 1024  # of all members of an archive together
    max_members: int = 100_000
    max_pages: int = 5_000
    max_pixels: int = 200_000_000  # of a page image
    seconds_a_page: int = 300  # after which a page is given up
    cache: Path | None = field(default=None, compare=False)  # where pages read by OCR are kept for the next run


class Unreadable(ValueError):
    """A file that is not what it claims to be, or is broken; its sentence says so, and what to do."""

    for_ocr = False  # as of Extracted


class Refused(ValueError):
    """A file that is left unopened on purpose; its sentence says why, with the size or the limit."""

    for_ocr = False


def extract(kind: str, data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """The text of a file of the format `kind` (one of MODULES)."""
    return import_module(f"baokan.reading.formats.{MODULES[kind]}").read(data, settings, progress)


_MAGIC = [
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
]


def sniff(data: bytes) -> str:
    """The format that the first bytes of a file prove, whatever its name says; "" where they prove none."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    return _kind_of_zip(data) if data.startswith(b"PK\x03\x04") else ""


def _kind_of_zip(data: bytes) -> str:
    if data.count(b"PK\x01\x02") > Settings.max_members:  # not to be listed: a list of millions fills the memory
        return "zip"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return ""
    if "word/document.xml" in names:
        return "docx"
    return "epub" if "META-INF/container.xml" in names else "zip"
