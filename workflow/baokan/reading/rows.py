"""What is known of a file, a text or a record, as a row of the documents table: whose it is, of which issue, what went wrong."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from baokan.corpus.listing import FORMATS, RECORD_FORMATS, is_archive, suffix_of
from baokan.corpus.names import date_in_name, describe, is_date
from baokan.direction import shown
from baokan.reading.formats import Extracted
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


def file_row(path: str, overrides: dict) -> dict:
    """The row of a file of which nothing has been read yet."""
    suffix = suffix_of(path)
    about, _ = _about(path, said_of(path, overrides), {})
    empty = {"n_chars": 0, "marks": [], "page_starts": [], "for_ocr": False}
    row = dict.fromkeys(COLUMNS, "") | about | empty | {"path": path, "document_id": path}
    return row | {"format": FORMATS.get(suffix, suffix.removeprefix("."))}


def said_of(path: str, overrides: dict[str, dict[str, str]]) -> dict[str, str]:
    """What `overrides` says of the file at `path`, and where that is silent of the archives it is in, titles aside."""
    said: dict[str, str] = {}
    parts = path.split("/")
    for i in range(1, len(parts)):
        if is_archive(above := "/".join(parts[:i])):
            said |= {name: value for name, value in overrides.get(above, {}).items() if value and name != "title"}
    return said | {name: value for name, value in overrides.get(path, {}).items() if value}


def record_rows(base: dict, data: bytes, override: dict[str, str]) -> Iterator[dict]:
    """The rows of a file of records."""
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


def extracted_row(base: dict, override: dict, extracted: Extracted) -> dict:
    """The row of a file that is one text."""
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
