"""The files of one shard to rows of the documents table: one row for each text file or record, whatever its state."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import pandas as pd

from baokan.corpus import FORMATS, RECORD_FORMATS, CorpusFile, date_in_name, describe, is_date, suffix_of
from baokan.decoding import Decoded, NotText, decode

# document_id ... text, status, problem are strings ("" if unknown); n_chars is the length of text in characters.
COLUMNS = {
    "document_id": "str",
    "path": "str",
    "sha256": "str",
    "format": "str",
    "encoding": "str",
    "source": "str",
    "publication": "str",
    "issue": "str",
    "date": "str",
    "title": "str",
    "text": "str",
    "n_chars": "int64",
    "status": "str",
    "problem": "str",
}
MAX_BYTES = 200 * 1024 * 1024
TEXT_FIELDS = ("text", "content")
ABOUT = ("source", "publication", "issue", "date", "title")
UNLABELLED = "unlabelled"

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class _Record:
    """What one record of a file says; `label` is what follows # in its document_id."""

    label: str
    fields: dict[str, object]
    status: str = "ok"
    problem: str = ""


def read_shard(
    root: Path, files: list[CorpusFile], overrides: dict[str, dict[str, str]], max_bytes: int = MAX_BYTES
) -> pd.DataFrame:
    """The documents of `files`, sorted by document_id, with the columns and types of COLUMNS even where there are none.

    Status is "ok", "damaged" (read, with losses), "skipped" (nothing to read, or not to be read) or "failed"; `problem`
    says in words why, and what to do. Raises nothing for what a file holds, or for a file that cannot be opened.
    """
    rows = [row for file in files for row in _read_file(Path(root), file, overrides.get(file.path, {}), max_bytes)]
    rows.sort(key=lambda row: row["document_id"])
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def _read_file(root: Path, file: CorpusFile, override: dict[str, str], max_bytes: int) -> Iterator[dict]:
    base = _file_row(file, override)
    try:
        data = _bytes(root, file, max_bytes)
        base |= {"sha256": hashlib.sha256(data).hexdigest()}
        decoded = decode(data)
    except _Skip as reason:
        yield base | {"status": "skipped", "problem": str(reason)}
    except OSError as error:
        yield base | {"status": "failed", "problem": f"it cannot be read: {error.strerror or error}"}
    except NotText as error:
        yield base | {"status": "failed", "problem": str(error)}
    else:
        base |= {"encoding": decoded.encoding}
        if base["format"] in RECORD_FORMATS:
            yield from _record_rows(base, override, decoded)
        else:
            fields = {"text": decoded.text}
            yield _finished(base, override, _Record("", fields, *_damage(decoded)), "column issue or date")


class _Skip(Exception):
    """A file that is not to be read, and why."""


def _bytes(root: Path, file: CorpusFile, max_bytes: int) -> bytes:
    if file.problem:
        raise _Skip(file.problem)
    with (root / file.path).open("rb") as stream:
        data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise _Skip(f"it is larger than {max_bytes:,} bytes; split it, or raise the limit")
    if not data:
        raise _Skip("the file is empty")
    return data


def _file_row(file: CorpusFile, override: dict[str, str]) -> dict:
    """The row of a file of which nothing has been read yet."""
    suffix = suffix_of(file.path)
    about, _ = _about(file.path, override, {})
    row = dict.fromkeys(COLUMNS, "") | about | {"n_chars": 0, "path": file.path, "document_id": file.path}
    return row | {"format": FORMATS.get(suffix, suffix.removeprefix("."))}


def _damage(decoded: Decoded) -> tuple[str, str]:
    """(status, problem) of a file as it was decoded."""
    if not decoded.damaged:
        return "ok", ""
    return "damaged", (
        f"{decoded.damaged:,} characters could not be read as {decoded.encoding} and were replaced by \ufffd; "
        f"the first is at byte {decoded.first_damage:,}"
    )


# --- records


def _record_rows(base: dict, override: dict[str, str], decoded: Decoded) -> Iterator[dict]:
    reader = _json_records if base["format"] == "jsonl" else _table_records
    seen: dict[str, int] = {}
    for record in reader(decoded.text, base["format"]):
        record, label = _labelled(_with_damage(record, decoded), seen)
        row = base | {"document_id": f"{base['path']}#{label}"}
        yield _finished(row, override, record, "field issue or date of the record, or the column")
    if not seen:
        yield base | {"status": "skipped", "problem": "the file holds no record"}


def _with_damage(record: _Record, decoded: Decoded) -> _Record:
    """`record`, marked as damaged if the file is and a replacement stands in the record's own text."""
    if record.status != "ok" or not decoded.damaged or "\ufffd" not in _text_of(record):
        return record
    status, problem = _damage(decoded)
    return replace(record, status=status, problem=_join(record.problem, f"in its file {problem}"))


def _labelled(record: _Record, seen: dict[str, int]) -> tuple[_Record, str]:
    """`record` and a label of its own: a repeated id gets ~2, ~3 …; `seen`, the labels so far and how often, grows."""
    label = record.label
    while label in seen:
        seen[record.label] += 1
        label = f"{record.label}~{seen[record.label]}"
    seen[label] = 1
    note = f"the id {record.label} stands in the file more than once" if label != record.label else ""
    return replace(record, problem=_join(record.problem, note)), label


def _json_records(text: str, _format: str) -> Iterator[_Record]:
    # Not splitlines(): a JSON text may hold U+2028 and its like, which are no ends of lines here.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            what = f"column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
            yield _Record(f"line {number}", {}, "failed", f"line {number} is not valid JSON ({what})")
            continue
        if not isinstance(fields, dict):
            problem = f"line {number} is JSON, but no object with fields such as source, date and text"
            yield _Record(f"line {number}", {}, "failed", problem)
            continue
        yield _record(fields, number)


def _table_records(text: str, kind: str) -> Iterator[_Record]:
    with _cells_of_any_size():
        rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if kind == "tsv" else ",")
        header = next(rows, [])
        if not {c.strip().lower() for c in header} & set(TEXT_FIELDS):
            problem = f"no column is called text or content; the columns are {_cell(', '.join(header))[:200]}"
            yield _Record("header", {}, "failed", problem)
            return
        number = 0
        try:
            for row in rows:
                if not any(cell.strip() for cell in row):
                    continue
                number += 1
                record = _record(dict(zip(header, row, strict=False)), number)
                if any(row[len(header) :]):
                    problem = (
                        f"it has {len(row)} cells, the header {len(header)}: is a text with separators not quoted?"
                    )
                    record = replace(record, status="damaged", problem=problem)
                yield record
        except csv.Error as error:
            problem = f"the table cannot be read after record {number}: {error}"
            yield _Record(f"record {number + 1}", {}, "failed", problem)


@contextmanager
def _cells_of_any_size() -> Iterator[None]:
    # The module's own limit of 131,072 characters is less than one magazine. A C long is 32 bits wide on Windows.
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _record(fields: dict, number: int) -> _Record:
    """The record of `fields`, their names in lower case; it is called by its number if it has no id."""
    fields = {str(name).strip().lower(): value for name, value in fields.items()}
    text = _first_field(fields, TEXT_FIELDS)
    kind = type(text).__name__
    note = "" if isinstance(text, str) else f"its text is no string but a {kind}, and was taken as it is written"
    return _Record(_cell(fields.get("id")) or str(number), fields, problem=note)


def _text_of(record: _Record) -> str:
    return _string(_first_field(record.fields, TEXT_FIELDS))


def _first_field(fields: dict, names: tuple[str, ...]) -> object:
    """The first of the fields `names` that holds something, or ""."""
    return next((v for name in names if (v := fields.get(name)) is not None and v != ""), "")


# --- what all rows go through


def _finished(row: dict, override: dict[str, str], record: _Record, where: str) -> dict:
    """`row` with the text and the fields of `record`; what documents.tsv says wins, then the record, then the name.

    `where` names, to the user, the place to fill if the document belongs to no issue.
    """
    text, status, notes = _clean(_text_of(record))
    about, bad_date = _about(row["path"], override, record.fields)
    row = row | about | {"text": text, "n_chars": len(text)}
    row["status"] = record.status if record.status != "ok" else status
    notes = [record.problem, *notes]
    if row["status"] == "failed":
        return row | {"problem": record.problem}
    if not text.strip():
        return row | {"text": "", "n_chars": 0, "status": "skipped", "problem": _join(record.problem, "it has no text")}
    if bad_date:
        notes.append(f"the date {bad_date!r} is not understood; write YYYY-MM-DD, YYYY-MM or YYYY")
    if row["source"] == UNLABELLED:
        notes.append(
            "no source: put the file in a folder named after its source or fill the column source of documents.tsv"
        )
    if not row["issue"]:
        notes.append(f"it belongs to no issue, so nothing is inferred from it: fill the {where} of documents.tsv")
    return row | {"problem": _join(*notes)}


def _about(path: str, override: dict[str, str], fields: dict) -> tuple[dict[str, str], str]:
    """(source, publication, issue, date and title; the record's date if it could not be understood, else "")."""
    own = {name: _cell(fields.get(name)) for name in ABOUT}
    written, own["date"] = own["date"], _date(own["date"])
    merged = own | {name: value for name, value in override.items() if value}
    about = describe(path, merged)
    # newspaper.jsonl at the root is a source of that name; a text at the root has no name but its own.
    beside = PurePosixPath(path).stem if FORMATS.get(suffix_of(path)) in RECORD_FORMATS else UNLABELLED
    about["source"] = about["source"] or beside
    bad = written if written and not merged["date"] else ""
    return about | {"title": merged["title"]}, bad


def _date(value: str) -> str:
    """`value` as YYYY-MM-DD, YYYY-MM or YYYY, or ""; slashes, a time of day and 2023年7月4日 are understood too."""
    if is_date(value):
        return value
    return date_in_name(re.sub(r"[T ][0-9:.+Z]*$", "", value).replace("/", "-")) or ""


def _clean(text: str) -> tuple[str, str, list[str]]:
    """(text that can be written and shown, as long as before; "ok" or "damaged"; notes on what was replaced)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, controls = _CONTROLS.subn(" ", text)
    text, surrogates = _SURROGATES.subn("\ufffd", text)
    notes = [f"{controls:,} control characters were replaced by blanks"] if controls else []
    if surrogates:
        notes.append(f"{surrogates:,} broken characters (lone surrogates) were replaced by \ufffd")
    return text, "damaged" if surrogates else "ok", notes


def _cell(value: object) -> str:
    """`value` as one line that can be written anywhere; "" for None."""
    return " ".join(_SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", _string(value))).split())


def _string(value: object) -> str:
    """`value` as text: "" for None, and for a list nested so deep that Python refuses to write it."""
    try:
        return "" if value is None else str(value)
    except RecursionError:
        return ""


def _join(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
