"""The files that a corpus holds, the shard of each, and why one is not read.

Cheap on purpose, standard library only: the Snakefile imports it, and every job parses the Snakefile.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

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


def is_archive(path: str) -> bool:
    """Whether the file of that name is an archive, which holds other files."""
    return FORMATS.get(suffix_of(path)) == "zip"


def shard_of(document_path: str, shards: int) -> int:
    """The shard, from 0 to `shards` - 1, of a file: by a hash of its path, so that other files do not move it."""
    digest = hashlib.sha256(document_path.encode("utf-8", errors="surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") % shards


def fingerprint(files: list[CorpusFile], extra: str = "") -> str:
    """Sixteen hex digits that change when `extra`, or the path, size, time or problem of one of `files` does."""
    lines = [f"{f.path}\0{f.size}\0{f.mtime_ns}\0{f.problem}\n" for f in files]
    return hashlib.sha256("".join([*lines, "\0", extra]).encode("utf-8", errors="surrogateescape")).hexdigest()[:16]
