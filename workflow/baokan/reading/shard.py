"""The files of one shard to rows of the documents table: one row for each text or record, whatever its state."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from baokan.corpus.listing import NOT_DOCUMENTS, RECORD_FORMATS, CorpusFile, unread_format
from baokan.corpus.overrides import member_overrides
from baokan.reading.formats import Refused, Settings, Unreadable, extract, sniff
from baokan.reading.formats.archive import Budget, Member, members
from baokan.reading.records import join_notes
from baokan.reading.rows import COLUMNS, extracted_row, file_row, record_rows, said_of

AS_IT_STANDS = ("txt", "jsonl", "csv", "tsv")  # formats whose file is its text


def reading_settings(config: dict, cache: str | Path | None = None) -> Settings:
    """Settings from the `reading` part of the configuration."""
    size = config["max_megabytes"] * 1024 * 1024
    return Settings(
        ocr=config["ocr"], layout=config["layout"], max_bytes=size, max_unpacked=5 * size, max_pages=config["max_pages"],
        cache=Path(cache) if cache else None,
    )  # fmt: skip


CHANGED = "it changed while the run was at work: run again"
DEEPEST_ARCHIVE = 2  # an archive in an archive is read, one within that is not


def read_shard(
    root: Path,
    files: list[CorpusFile],
    overrides: dict[str, dict[str, str]],
    settings: Settings | None = None,
    progress: Callable[[str], None] = lambda at: None,
) -> pd.DataFrame:
    """The documents of `files`, sorted by document_id, with the columns and types of COLUMNS even where there are none.

    Status is "ok", "damaged" (read, with losses), "skipped" (nothing to read, or not to be read) or "failed"; `problem`
    says in words why, and what to do. Raises nothing for what a file holds, or for a file that cannot be opened.
    progress: told in words where the work stands.
    """
    settings = settings or Settings()
    rows = []
    inside = member_overrides(overrides, files)
    for number, file in enumerate(files):
        at = f"{number:,} of {len(files):,} files"
        progress(at)
        of_file = _read_file(Path(root), file, overrides, settings, lambda place, at=at: progress(f"{at}, {place}"))
        found = list(of_file)
        rows += found + _missing_members(file.path, found, inside.get(file.path, {}), overrides)
    rows.sort(key=lambda row: row["document_id"])
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def _read_file(root: Path, file: CorpusFile, overrides: dict, settings: Settings, progress: Callable) -> Iterator[dict]:
    base = file_row(file.path, overrides)
    try:
        data, note = _bytes(root, file, settings.max_bytes)
        base |= {"sha256": hashlib.sha256(data).hexdigest(), "problem": note}
        yield from _documents(base, data, overrides, settings, progress)
    except Refused as reason:
        yield base | {"status": "skipped", "problem": str(reason), "for_ocr": reason.for_ocr}
    except Unreadable as error:
        yield base | {"status": "failed", "problem": str(error), "for_ocr": error.for_ocr}
    except OSError as error:
        yield base | {"status": "failed", "problem": f"it cannot be read: {error.strerror or error}"}


def _bytes(root: Path, file: CorpusFile, max_bytes: int) -> tuple[bytes, str]:
    """What the file holds, and a note if it is no longer as it was listed."""
    if file.problem:
        raise Refused(file.problem)
    with (root / file.path).open("rb") as stream:
        about = os.fstat(stream.fileno())
        data = stream.read(max_bytes + 1)
    as_listed = (about.st_size, about.st_mtime_ns) == (file.size, file.mtime_ns)
    if len(data) > max_bytes:
        size = max(file.size, len(data))
        raise Refused(f"it has {size:,} bytes, more than {max_bytes:,}; split it, or raise reading.max_megabytes")
    if not data:
        raise Refused("the file is empty")
    return data, "" if as_listed else CHANGED


def _documents(
    base: dict,
    data: bytes,
    overrides: dict,
    settings: Settings,
    progress: Callable,
    budget: Budget | None = None,
    depth: int = 0,
) -> Iterator[dict]:
    """The rows of a file of the bytes `data`: by the format that its bytes prove, else by the one that its name says.

    budget: what may still be unpacked of the archive that the file is in, or is. depth: archives around the file.
    """
    proved = sniff(data)
    named, kind = base["format"], proved or base["format"]
    if proved == "zip" and named in ("docx", "epub"):  # a broken one, or one of an unusual make: its reader says which
        proved, kind = "", named
    note = f"its name says {named}, but it is {kind}, and was read so" if proved and proved != named else ""
    base = base | {"format": kind, "problem": join_notes(base["problem"], note)}
    override = said_of(base["path"], overrides)
    if kind == "zip":
        if depth == DEEPEST_ARCHIVE:
            raise Refused("an archive in an archive in an archive is not read; unpack it")
        yield from _members(base, data, overrides, settings, progress, budget or Budget.of(settings), depth)
    elif kind in RECORD_FORMATS:
        yield from record_rows(base, data, override)
    else:
        extracted = extract(kind, data, settings, lambda done, total: progress(f"page {done:,} of {total:,}"))
        yield extracted_row(base, override, extracted)


def _members(
    base: dict, data: bytes, overrides: dict, settings: Settings, progress: Callable, budget: Budget, depth: int
) -> Iterator[dict]:
    """The rows of the files in an archive, each as if it lay in a folder of the archive's name."""
    found = 0
    for found, member in enumerate(members(data, settings, budget, _unread_member), start=1):
        progress(f"{found:,} files of {base['path']}")
        yield from _member_rows(f"{base['path']}/{member.path}", member, overrides, settings, progress, budget, depth)
    if not found:
        yield base | {"status": "skipped", "problem": join_notes(base["problem"], "the archive holds no file")}


def _unread_member(path: str) -> str:
    if path in NOT_DOCUMENTS:
        return f"{path} is not used in an archive: put it beside the archive, with paths such as archive.zip/name.txt"
    return unread_format(path)


def _member_rows(
    path: str, member: Member, overrides: dict, settings: Settings, progress: Callable, budget: Budget, depth: int
) -> Iterator[dict]:
    base = file_row(path, overrides) | {"problem": member.note}
    try:
        if member.problem:
            raise Unreadable(member.problem) if member.failed else Refused(member.problem)
        base |= {"sha256": hashlib.sha256(member.data).hexdigest()}
        yield from _documents(base, member.data, overrides, settings, progress, budget, depth + 1)
    except (Refused, Unreadable) as error:
        status = "skipped" if isinstance(error, Refused) else "failed"
        yield base | {"status": status, "problem": join_notes(member.note, str(error)), "for_ocr": error.for_ocr}


def _missing_members(path: str, rows: list[dict], inside: dict, overrides: dict) -> list[dict]:
    """A row for each path of `inside`, said by documents.tsv to be in the archive at `path`, that is not among `rows`;
    none if the archive itself could not be read."""
    read = {row["path"] for row in rows}
    if path in read:
        return []
    problem = "documents.tsv names it, but there is no such file in the archive; check the spelling of the path"
    missing = [name for name in inside if name not in read and not any(r.startswith(f"{name}/") for r in read)]
    return [file_row(name, overrides) | {"status": "failed", "problem": problem} for name in missing]


_NOT_IN_A_NAME = re.compile(r"[^\w.\-]+")


def write_extracted(documents: pd.DataFrame, folder: str | Path) -> None:
    """The text of each document whose file is no text, as a file of its own: what the offsets of all tables count in."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for row in documents.itertuples():
        if row.text and row.format not in AS_IT_STANDS:
            # A name, however long or odd, becomes one plain file name that is its own.
            name = _NOT_IN_A_NAME.sub("_", row.document_id)[-80:]
            unique = hashlib.sha256(row.document_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
            (folder / f"{name}.{unique}.txt").write_text(row.text, encoding="utf-8", newline="\n")
