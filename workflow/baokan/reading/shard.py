"""The files of one shard to rows of the documents table: one row for each text or record, whatever its state."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pandas as pd

from baokan.corpus.listing import (
    FORMATS,
    NOT_DOCUMENTS,
    RECORD_FORMATS,
    CorpusFile,
    is_archive,
    suffix_of,
    unread_format,
)
from baokan.corpus.names import date_in_name, describe, is_date
from baokan.corpus.overrides import member_overrides
from baokan.direction import shown
from baokan.reading.formats import Extracted, Refused, Settings, Unreadable, extract, sniff
from baokan.reading.formats.archive import Budget, Member, members
from baokan.reading.formats.plain import damage, decoded_text
from baokan.reading.records import clean_text, join_notes, one_line, records_of

# Strings are "" where unknown; n_chars is the length of text in characters. marks: what the format itself says of stretches of
# the text, dicts of start, end, kind. page_starts: offsets at which pages begin. for_ocr: as of `formats.Extracted`.
COLUMNS = {
    "document_id": "str",
    "path": "str",
    "sha256": "str",
    "format": "str",
    "encoding": "str",
    "method": "str",
    "source": "str",
    "publication": "str",
    "issue": "str",
    "date": "str",
    "title": "str",
    "text": "str",
    "n_chars": "int64",
    "marks": "object",
    "page_starts": "object",
    "for_ocr": "bool",
    "status": "str",
    "problem": "str",
}
ABOUT = ("source", "publication", "issue", "date", "title")
UNLABELLED = "unlabelled"
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
    base = _file_row(file.path, overrides)
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


def _file_row(path: str, overrides: dict) -> dict:
    """The row of a file of which nothing has been read yet."""
    suffix = suffix_of(path)
    about, _ = _about(path, _said_of(path, overrides), {})
    empty = {"n_chars": 0, "marks": [], "page_starts": [], "for_ocr": False}
    row = dict.fromkeys(COLUMNS, "") | about | empty | {"path": path, "document_id": path}
    return row | {"format": FORMATS.get(suffix, suffix.removeprefix("."))}


def _said_of(path: str, overrides: dict[str, dict[str, str]]) -> dict[str, str]:
    """What `overrides` says of the file at `path`, and where that is silent of the archives it is in, titles aside."""
    said: dict[str, str] = {}
    parts = path.split("/")
    for i in range(1, len(parts)):
        if is_archive(above := "/".join(parts[:i])):
            said |= {name: value for name, value in overrides.get(above, {}).items() if value and name != "title"}
    return said | {name: value for name, value in overrides.get(path, {}).items() if value}


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
    override = _said_of(base["path"], overrides)
    if kind == "zip":
        if depth == DEEPEST_ARCHIVE:
            raise Refused("an archive in an archive in an archive is not read; unpack it")
        yield from _members(base, data, overrides, settings, progress, budget or Budget.of(settings), depth)
    elif kind in RECORD_FORMATS:
        yield from _record_rows(base, data, override)
    else:
        extracted = extract(kind, data, settings, lambda done, total: progress(f"page {done:,} of {total:,}"))
        yield _extracted_row(base, override, extracted)


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
    base = _file_row(path, overrides) | {"problem": member.note}
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
    return [_file_row(name, overrides) | {"status": "failed", "problem": problem} for name in missing]


def _record_rows(base: dict, data: bytes, override: dict[str, str]) -> Iterator[dict]:
    decoded = decoded_text(data)
    found = 0
    for record in records_of(decoded.text, base["format"]):
        found += 1
        row = base | {"document_id": f"{base['path']}#{record.label}", "encoding": decoded.encoding}
        status, problem = record.status, join_notes(base["problem"], record.problem)
        if status == "ok" and decoded.damaged and "\ufffd" in record.text:
            status, problem = "damaged", join_notes(problem, f"in its file {damage(decoded)}")
        where = "field issue or date of the record, or the column"
        yield _finished(row, override, record.fields, record.text, status, problem, where)
    if not found:
        problem = join_notes(base["problem"], "the file holds no record")
        yield base | {"encoding": decoded.encoding, "status": "skipped", "problem": problem}


def _extracted_row(base: dict, override: dict, extracted: Extracted) -> dict:
    row = base | {
        "encoding": extracted.encoding,
        "method": extracted.method,
        "marks": [{"start": m.start, "end": m.end, "kind": m.kind} for m in extracted.marks],
        "page_starts": list(extracted.page_starts),
        "for_ocr": extracted.for_ocr,
    }
    status = "damaged" if extracted.damage else "ok"
    problem = join_notes(base["problem"], extracted.damage, *extracted.notes)
    return _finished(row, override, {}, extracted.text, status, problem, "column issue or date")


# --- what all rows go through


def _finished(row: dict, override: dict, fields: dict, text: str, status: str, problem: str, where: str) -> dict:
    """`row` with `text` and `fields`; what documents.tsv says wins, then the record, then the name.

    `where` names, to the user, the place to fill if the document belongs to no issue.
    """
    text, controls, surrogates = clean_text(text)
    about, bad_date = _about(row["path"], override, fields)
    row = row | about | {"text": text, "n_chars": len(text), "status": status}
    if status == "failed":
        return row | {"problem": problem}
    if not text.strip():
        nothing = {"text": "", "n_chars": 0, "marks": [], "page_starts": []}
        return row | nothing | {"status": "skipped", "problem": join_notes(problem, "it has no text")}
    notes = [problem]
    if controls:
        notes.append(f"{controls:,} control characters were replaced by blanks")
    if surrogates:
        row["status"] = "damaged" if status == "ok" else status
        notes.append(f"{surrogates:,} broken characters (lone surrogates) were replaced by \ufffd")
    if bad_date:
        notes.append(f"the date {bad_date!r} is not understood; write YYYY-MM-DD, YYYY-MM or YYYY")
    if row["source"] == UNLABELLED:
        notes.append(
            "no source: put the file in a folder named after its source or fill the column source of documents.tsv"
        )
    if not row["issue"]:
        notes.append(f"it belongs to no issue, so nothing is inferred from it: fill the {where} of documents.tsv")
    return row | {"problem": join_notes(*notes)}


def _about(path: str, override: dict[str, str], fields: dict) -> tuple[dict[str, str], str]:
    """(source, publication, issue, date and title; the record's date if it could not be understood, else "")."""
    own = {name: one_line(fields.get(name)) for name in ABOUT}
    written, own["date"] = own["date"], _date(own["date"])
    merged = own | {name: value for name, value in override.items() if value}
    about = describe(path, merged)
    # newspaper.jsonl at the root is a source of that name; a text at the root has no name but its own.
    beside = PurePosixPath(path).stem if FORMATS.get(suffix_of(path)) in (*RECORD_FORMATS, "zip") else UNLABELLED
    about["source"] = about["source"] or beside
    bad = written if written and not merged["date"] else ""
    # A name stands in sentences beside figures, which a mark in it would mirror.
    return {name: shown(value) for name, value in (about | {"title": merged["title"]}).items()}, bad


_TIME_OF_DAY = re.compile(r"[T ][0-9:.+Z]*$")


def _date(value: str) -> str:
    """`value` as YYYY-MM-DD, YYYY-MM or YYYY, or ""; slashes, a time of day and 2023年7月4日 are understood too."""
    if is_date(value):
        return value
    return date_in_name(_TIME_OF_DAY.sub("", value).replace("/", "-")) or ""


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
