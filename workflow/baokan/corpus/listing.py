"""What a corpus holds, and which source, issue and date each file has.

Cheap on purpose, standard library only: the Snakefile imports it, and every job parses the Snakefile.
"""

import datetime
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from baokan.decoding import NotText, decode
from baokan.delimited import Row, rows
from baokan.errors import UserError

FORMATS = {
    "": "txt", ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".htm": "html", ".html": "html",
    ".xhtml": "html", ".docx": "docx", ".epub": "epub", ".pdf": "pdf", ".png": "image", ".jpg": "image",
    ".jpeg": "image", ".tif": "image", ".tiff": "image", ".jsonl": "jsonl", ".csv": "csv", ".tsv": "tsv", ".zip": "zip",
}  # fmt: skip
RECORD_FORMATS = ("jsonl", "csv", "tsv")
NOT_DOCUMENTS = {
    "documents.tsv",
    "documents.csv",
    "truth.tsv",
    "themes.tsv",
    "themes.csv",
    "topics.tsv",
    "corrections.tsv",
}
OVERRIDE_COLUMNS = ("path", "source", "publication", "issue", "date", "title")
HOW_TO_FILL = (
    "Put text files in corpus/<source>/, or a .jsonl or .csv file with the fields source, date, title and text."
)


class CorpusError(UserError):
    """A corpus that cannot be used; its sentence says what to do."""


@dataclass(frozen=True)
class CorpusFile:
    """One entry of the corpus: `path` is posix, relative to its root; `size` in bytes; `problem` why it is not read."""

    path: str
    size: int
    mtime_ns: int
    problem: str = ""


def list_files(root: Path) -> list[CorpusFile]:
    """All files below `root`, sorted by path, those that cannot be read with their problem; hidden ones are left out.

    Raises CorpusError if `root` is no folder, or if nothing in it can be read.
    """
    root = Path(root)
    if not root.exists():
        raise CorpusError(f"The corpus {root} does not exist. Make that folder, or name another one. {HOW_TO_FILL}")
    if not root.is_dir():
        raise CorpusError(f"The corpus {root} is a file, not a folder: name the folder that holds it. {HOW_TO_FILL}")
    files = sorted(_walk(str(root), os.path.realpath(root)), key=lambda f: f.path)
    if not any(not f.problem for f in files):
        found = f" (of {len(files)} found, the first is {files[0].path}: {files[0].problem})" if files else ""
        raise CorpusError(f"The corpus {root} has no file that can be read{found}. {HOW_TO_FILL}")
    return files


def _walk(root: str, real_root: str) -> Iterator[CorpusFile]:
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:  # noqa: PTH118 (Path is slow at a million files)
                found = list(entries)
        except OSError as error:
            # Silence here would drop a whole source from the comparison.
            yield CorpusFile(_printable(folder) or ".", 0, 0, f"a folder that cannot be opened: {error.strerror}")
            continue
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.startswith(".") or (not folder and _is_beside(entry.name)):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif (file := _corpus_file(entry, path, real_root)) is not None:
                yield file


def _is_beside(name: str) -> bool:
    return name in NOT_DOCUMENTS or name.upper().startswith(("README", "LICENSE"))


def _corpus_file(entry: os.DirEntry, path: str, real_root: str) -> CorpusFile | None:
    """`entry` as a file, with its problem if it has one; None for a link to a folder that is listed anyway."""
    name = _printable(path)
    if entry.is_symlink():
        target = os.path.realpath(entry.path)
        if os.path.commonpath([target, real_root]) != real_root:
            return CorpusFile(name, 0, 0, "a link that leads outside the corpus; not followed")
    try:
        status = entry.stat()
    except OSError as error:
        kind = "a link that leads nowhere" if entry.is_symlink() else f"it cannot be read: {error.strerror}"
        return CorpusFile(name, 0, 0, kind)
    if stat.S_ISDIR(status.st_mode):
        return None
    return CorpusFile(name, status.st_size, status.st_mtime_ns, _problem(path, name, status.st_mode))


def _problem(path: str, name: str, mode: int) -> str:
    if not stat.S_ISREG(mode):
        return "neither a file nor a folder (a pipe, a socket or a device)"
    if name != path:
        return "the file's name is not UTF-8; rename it"
    return unread_format(path)


def unread_format(path: str) -> str:
    """Why a file of that name is not read, and what to do; "" if it is."""
    suffix = suffix_of(path)
    return "" if suffix in FORMATS else f"format {suffix} is not read; convert it to .txt, .docx or .pdf"


def _printable(path: str) -> str:
    r"""`path` as text that can be written: bytes of its name that are not UTF-8 become \udcxx."""
    return path.encode("utf-8", errors="backslashreplace").decode("utf-8")


_ENDING = re.compile(r"^\.(?=[0-9]*[a-z])[a-z0-9]+")


def suffix_of(path: str) -> str:
    """The ending of a file's name in lower case, with its dot, or "" if there is none.

    Only ASCII letters and digits with a letter among them are an ending: in 人民日报2023.7.4 the ".4" is a day.
    """
    suffix = PurePosixPath(path).suffix.lower()
    return suffix if _ENDING.fullmatch(suffix) else ""


def shard_of(document_path: str, shards: int) -> int:
    """The shard, from 0 to `shards` - 1, of a file: by a hash of its path, so that other files do not move it."""
    digest = hashlib.sha256(document_path.encode("utf-8", errors="surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") % shards


def fingerprint(files: list[CorpusFile], extra: str = "") -> str:
    """Sixteen hex digits that change when `extra`, or the path, size, time or problem of one of `files` does."""
    lines = [f"{f.path}\0{f.size}\0{f.mtime_ns}\0{f.problem}\n" for f in files]
    return hashlib.sha256("".join([*lines, "\0", extra]).encode("utf-8", errors="surrogateescape")).hexdigest()[:16]


# --- dates and issues in names

# A hash or a serial number holds such digits by chance: no ASCII letter or digit may stand at either side.
_LEFT, _RIGHT = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_DATES = [
    re.compile(_LEFT + r"([0-9]{4})([-_.])([0-9]{1,2})\2([0-9]{1,2})" + _RIGHT),
    re.compile(_LEFT + r"([0-9]{4})()([0-9]{2})([0-9]{2})" + _RIGHT),
    re.compile(_LEFT + r"([0-9]{4})(年)([0-9]{1,2})月([0-9]{1,2})[日号]"),
]
_NUMBER = r"[0-9一二三四五六七八九十百千零〇]{1,9}"
_ISSUES = [
    re.compile(_LEFT + rf"[12][0-9]{{3}}(?:年第?|[-_.]第?|第){_NUMBER}(?:[-~—至]{_NUMBER})?期"),
    re.compile(rf"总第?{_NUMBER}期"),
]
_MONTHS = [
    re.compile(_LEFT + r"([0-9]{4})([-_.])([0-9]{2})(?!\2[0-9])" + _RIGHT),
    re.compile(_LEFT + r"([0-9]{4})(年)([0-9]{1,2})月(?![0-9])"),
]


def date_in_name(name: str) -> str | None:
    """The first whole valid date in a file's or folder's name, as YYYY-MM-DD, or None."""
    found = [(m.start(), date) for p in _DATES for m in p.finditer(name) if (date := _iso(m[1], m[3], m[4]))]
    return min(found)[1] if found else None


def issue_in_name(name: str) -> str | None:
    """The issue that a name states: a number of a year (2023年第7期) or a running one (总第151期) as it is written, or
    a year and month as YYYY-MM; else None.

    第7期 alone is not taken: next year's 第7期 would be the same issue.
    """
    for pattern in _ISSUES:
        if match := pattern.search(name):
            return match[0]
    if date_in_name(name):
        return None
    found = [(m.start(), date[:7]) for p in _MONTHS for m in p.finditer(name) if (date := _iso(m[1], m[3], "1"))]
    return min(found)[1] if found else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return date.isoformat() if 1800 <= date.year <= 2100 else None


_WHOLE_DATE = re.compile(r"^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def is_date(value: str) -> bool:
    """Whether `value` is a valid YYYY, YYYY-MM or YYYY-MM-DD between 1800 and 2100."""
    match = _WHOLE_DATE.fullmatch(value)
    return match is not None and _iso(match[1], match[2] or "1", match[3] or "1") is not None


def describe(path: str, override: dict[str, str]) -> dict[str, str]:
    """Source, publication, issue and date of the file at `path`, "" where unknown.

    What `override` says comes first, then the file's name, then the names of its folders, the nearest first. The source
    is the first folder; the date stands in for an issue. An archive is a folder of its name without the ending; one
    at the root of the corpus is no source if there are folders in it.
    """
    *folders, name = path.split("/")
    archive = bool(folders) and is_archive(folders[0])
    folders = [folder[:-4] if is_archive(folder) else folder for folder in folders]
    stem = name[: len(name) - len(suffix_of(name))]
    above = folders[::-1]
    date = override.get("date") or _first(date_in_name, [stem, *above])
    issue = override.get("issue") or issue_in_name(stem) or date or _first(issue_in_name, above)
    source = override.get("source") or (folders[archive and len(folders) > 1] if folders else "")
    return {"source": source, "publication": override.get("publication", ""), "issue": issue, "date": date}


def is_archive(path: str) -> bool:
    """Whether the file of that name is an archive, which holds other files."""
    return FORMATS.get(suffix_of(path)) == "zip"


def _first(find, names: list[str]) -> str:
    return next(filter(None, map(find, names)), "")


# --- documents.tsv


def read_overrides(root: Path) -> dict[str, dict[str, str]]:
    """What documents.tsv (or documents.csv) beside the files says of them: path -> the other columns that it has.

    Raises CorpusError, naming file and row, for a table that could be misread: an unknown or missing column, a path
    that is empty or stands there twice, a row with too many cells, a date in another form.
    """
    tables = [path for name in ("documents.tsv", "documents.csv") if (path := Path(root) / name).is_file()]
    if len(tables) > 1:
        raise CorpusError(f"{root} has both documents.tsv and documents.csv: keep one of them.")
    return _overrides(tables[0]) if tables else {}


def _overrides(table: Path) -> dict[str, dict[str, str]]:
    overrides: dict[str, dict[str, str]] = {}
    for number, values in read_table(table, OVERRIDE_COLUMNS, required=("path",)):
        path = values.pop("path", "").replace("\\", "/").removeprefix("./")
        _require_row(table, number, path, values.get("date", ""), overrides)
        overrides[path] = values
    return overrides


def read_table(
    table: Path, columns: tuple[str, ...], required: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, {column: cell}) of the rows of a small table that a person writes, the header being row 1; rows
    without a word are left out.

    Raises CorpusError, naming file and row, for an unknown, repeated or missing column and a row with too many cells.
    """
    try:
        text = decode(table.read_bytes()).text
    except (OSError, NotText) as error:
        raise CorpusError(f"{table} cannot be read: {error}. Save it as UTF-8 text.") from error
    found = rows(text, "tsv" if table.suffix == ".tsv" else "csv")
    header = [c.strip().lower() for c in next(found, Row([], [])).cells]
    _require_columns(table, header, columns, required)
    for number, row in enumerate(found, start=2):
        cells = [c.strip() for c in row.cells]
        if any(cells[len(header) :]):
            raise CorpusError(f"{table}, row {number}: {len(cells)} cells, but the header has {len(header)} columns.")
        if any(cells):
            yield number, dict(zip(header, cells, strict=False))


def _require_columns(table: Path, found: list[str], columns: tuple[str, ...], required: tuple[str, ...]) -> None:
    allowed = f"Allowed columns: {', '.join(columns)}."
    if unknown := [c for c in found if c not in columns]:
        names = ", ".join(c or "(one without a name)" for c in unknown)
        separator = "tabs" if table.suffix == ".tsv" else "commas"
        raise CorpusError(f"{table}: unknown column {names}; columns are separated by {separator}. {allowed}")
    if len(set(found)) < len(found):
        raise CorpusError(f"{table}: a column stands there twice. {allowed}")
    if missing := [c for c in required if c not in found]:
        raise CorpusError(f"{table}: the column {missing[0]} is missing; it says what a row is about. {allowed}")


def _require_row(table: Path, number: int, path: str, date: str, seen: dict) -> None:
    if not path:
        raise CorpusError(f"{table}, row {number}: the path is empty; it says which file the row is about.")
    if path in seen:
        raise CorpusError(f"{table}, row {number}: {path} stands there twice; keep one row for each file.")
    if date and not is_date(date):
        raise CorpusError(
            f"{table}, row {number}: the date {date!r} of {path} is not understood; "
            "write YYYY-MM-DD, YYYY-MM or YYYY, between 1800 and 2100, such as 2023-07-04."
        )


def unmatched_overrides(overrides: dict[str, dict[str, str]], files: list[CorpusFile]) -> list[str]:
    """The paths of `overrides`, sorted, that no file of the corpus has: most often a slip of the pen.

    Archives are not opened for this: what is in them, reading tells.
    """
    members = {path for inside in member_overrides(overrides, files).values() for path in inside}
    return sorted(overrides.keys() - {f.path for f in files} - members)


def member_overrides(
    overrides: dict[str, dict[str, str]], files: list[CorpusFile]
) -> dict[str, dict[str, dict[str, str]]]:
    """What `overrides` says of files in archives: path of the archive, one of `files` -> the part of `overrides`."""
    archives = {f.path for f in files if is_archive(f.path)}
    found: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(overrides) if archives else ():
        parts = path.split("/")
        above = ("/".join(parts[:i]) for i in range(1, len(parts)))
        if archive := next((folder for folder in above if folder in archives), ""):
            found.setdefault(archive, {})[path] = overrides[path]
    return found
