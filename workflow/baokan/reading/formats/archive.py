"""ZIP archives, and the formats that are ZIP archives inside (DOCX, EPUB): members read one at a time, within limits.

Nothing is unpacked to disk. What an archive says of itself is not believed: sizes are limited as they are declared and
as they are read, names are only ever names.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from baokan.decoding import CODECS, plausibility
from baokan.reading.formats import Refused, Settings, Unreadable
from baokan.reading.records import join_notes, one_line

# Compressions that are read. Of bzip2 and LZMA Python cannot bound what a few bytes become.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_METHOD_NAMES = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError, IndexError, KeyError,
    OverflowError,
)  # fmt: skip
_ENTRY = b"PK\x01\x02"
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


@dataclass
class Budget:
    """What may still be unpacked of a file: members, and bytes."""

    members: int
    bytes: int

    @classmethod
    def of(cls, settings: Settings) -> "Budget":
        """What the settings allow an archive to hold."""
        return cls(settings.max_members, settings.max_unpacked)


class Archive:
    """A ZIP archive in memory. Raises Unreadable if it is none or is broken, Refused if it holds more than may be."""

    def __init__(self, data: bytes, settings: Settings, budget: Budget | None = None):
        self._settings = settings
        budget = budget or Budget.of(settings)
        # Counted before zipfile makes an object of each. Any of these bytes within a member are few.
        if (entries := data.count(_ENTRY)) > budget.members:
            raise Refused(f"it has {entries:,} members, more than {budget.members:,}")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise Unreadable(f"the archive is broken or cut short: {_reason(error)}") from error
        # Not is_dir(), which fails for a member without a name.
        self._infos = [info for info in self._zip.infolist() if not info.filename.endswith("/")]
        total = sum(info.file_size for info in self._infos)
        if total > budget.bytes:
            raise Refused(f"it unpacks to {total:,} bytes, more than {budget.bytes:,}")
        budget.members -= entries
        budget.bytes -= total
        self.names = {info.filename: info for info in self._infos}

    @property
    def infos(self) -> list[zipfile.ZipInfo]:
        """What the archive says of its members, in its order."""
        return self._infos

    def read(self, name: str) -> bytes:
        """The bytes of the member `name`. Raises KeyError if there is none, Unreadable or Refused."""
        return self.read_info(self.names[name], f"its part {one_line(name)[:100]}")

    def read_info(self, info: zipfile.ZipInfo, what: str = "it") -> bytes:
        """The bytes of a member. Raises Unreadable or Refused; `what` names the member in their messages."""
        if info.flag_bits & _ENCRYPTED:
            raise Refused("the archive has a password; unpack it, or pack it without one")
        if info.compress_type not in _METHODS:
            method = _METHOD_NAMES.get(info.compress_type, f"method {info.compress_type}")
            raise Refused(f"{what} is packed with {method}, which is not read; pack it again as an ordinary ZIP")
        limit = self._settings.max_bytes
        size = info.file_size
        try:
            if size <= limit:
                with self._zip.open(info) as stream:
                    data = stream.read(limit + 1)
                size = len(data)
        except _BROKEN as error:
            raise Unreadable(f"{what} is broken in the archive: {_reason(error)}") from error
        if size > limit:
            raise Refused(f"{what} unpacks to {size:,} bytes, more than {limit:,}")
        return data


def _reason(error: Exception) -> str:
    said = one_line(error)[:200]
    if isinstance(error, zipfile.BadZipFile) and "CRC" in said:
        return "its checksum is not that of its bytes"
    return said or type(error).__name__


def xml_root(data: bytes, what: str) -> etree._Element:
    """The root of a small XML document. Raises Unreadable if there is none, Refused for one that declares entities."""
    refuse_entities(data, what)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"its part {what} is no XML: {one_line(error)[:200]}") from error
    if root is None:
        raise Unreadable(f"its part {what} is no XML")
    return root


def refuse_entities(data: bytes, what: str) -> None:
    """Raises Refused for XML that declares entities, in whichever encoding: bombs are made of them, books are not."""
    if b"<!ENTITY" in data or b"<!ENTITY" in data.replace(b"\0", b""):
        raise Refused(f"its part {what} declares XML entities, which may grow without bounds or name other files")


# --- archives of documents


@dataclass(frozen=True)
class Member:
    """A file of an archive: `path` within it, made safe and unique; `data`, or `problem` where there is none, which
    `failed` if it is broken and is not to be read otherwise; `note`: what else is to be said."""

    path: str
    data: bytes = b""
    problem: str = ""
    failed: bool = False
    note: str = ""


_HIDDEN_NAMES = frozenset(("__macosx", "thumbs.db", "desktop.ini"))


def members(data: bytes, settings: Settings, budget: Budget, unread=lambda path: "") -> Iterator[Member]:
    """The files of an archive, sorted by path, one in memory at a time; hidden ones are left out.

    unread: why a file of that path is not read, or "". Raises Unreadable or Refused for the archive as a whole.
    """
    archive = Archive(data, settings, budget)
    named = sorted(_named(archive.infos), key=lambda entry: entry[0])
    seen: dict[str, int] = {}
    taken = {path for path, _, _ in named}
    for name, info, note in named:
        path = name
        if name in seen:
            path = _another(name, seen, taken)
            note = join_notes(note, f"the archive has {name} more than once")
        seen.setdefault(name, 1)
        taken.add(path)
        if problem := unread(path):
            yield Member(path, problem=problem, note=note)
            continue
        try:
            member = Member(path, archive.read_info(info), note=note)
        except (Unreadable, Refused) as error:
            member = Member(path, problem=str(error), failed=isinstance(error, Unreadable), note=note)
        if not member.data and not member.problem:
            member = Member(path, problem="the file is empty", note=note)
        yield member


def _another(name: str, seen: dict[str, int], taken: set[str]) -> str:
    """`name` with ~2, ~3 … before its ending, which is no name of another member."""
    folder, slash, file = name.rpartition("/")
    stem, dot, suffix = file.rpartition(".")
    if not stem:
        stem, dot, suffix = file, "", ""
    while True:
        seen[name] += 1
        path = f"{folder}{slash}{stem}~{seen[name]}{dot}{suffix}"
        if path not in taken:
            return path


def _named(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo, str]]:
    """(safe path, entry, note) of each file that is not hidden."""
    encodings = _encodings([_raw_name(info) for info in infos if not info.flag_bits & _UTF8_NAME])
    for info in infos:
        name = _unicode_name(info) or _decoded(info, encodings)
        path = _safe(name)
        parts = path.split("/")
        if any(p.startswith(".") or p.lower() in _HIDDEN_NAMES for p in parts) or (
            name.endswith("\\") and not info.file_size
        ):
            continue
        unsafe = path != name.replace("\\", "/").removeprefix("./")
        yield path, info, f"the archive calls it {one_line(name)[:200]!r}" if unsafe else ""


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    # zipfile reads names without the UTF-8 flag as CP437, which has a character for every byte.
    return info.orig_filename.encode("cp437", errors="replace")


def _encodings(names: list[bytes]) -> list[str]:
    """Encodings of Chinese names, the most plausible for all of `names` together first."""
    candidates = ("utf-8", "gb18030", "big5")
    together = b"\n".join(n for n in names if not n.isascii())[: 1 << 16]
    said = {e: together.decode(CODECS.get(e, e), errors="replace") for e in candidates}
    if "\ufffd" not in said["utf-8"]:
        return list(candidates)
    return sorted(candidates, key=lambda e: -plausibility(said[e]))


def _decoded(info: zipfile.ZipInfo, encodings: list[str]) -> str:
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    raw = _raw_name(info)
    for encoding in encodings:
        try:
            return raw.decode(CODECS.get(encoding, encoding))
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _unicode_name(info: zipfile.ZipInfo) -> str:
    """The name in the Unicode Path extra field (0x7075), which Info-ZIP and WinRAR write beside another; else ""."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 0x7075 and len(body) > 5 and body[0] == 1 and not info.flag_bits & _UTF8_NAME:
            if int.from_bytes(body[1:5], "little") != zlib.crc32(_raw_name(info)):
                return ""
            return body[5:].decode("utf-8", errors="ignore")
    return ""


_DRIVE = re.compile(r"^[A-Za-z]:")


def _safe(name: str) -> str:
    """`name` as a path below the archive: no drive, no root, no way up, no character that cannot be written."""
    name = _DRIVE.sub("", name.replace("\\", "/"))
    parts = [one_line(part) for part in name.split("/")]
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "unnamed"
