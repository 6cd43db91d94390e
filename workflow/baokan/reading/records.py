"""The records of a JSONL, CSV or TSV file: each is a document with fields of its own."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from baokan.delimited import Row, rows

TEXT_FIELDS = ("text", "content")

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Record:
    """What one record of a file says; `label` is what follows # in its document_id."""

    label: str
    fields: dict[str, object]
    status: str = "ok"
    problem: str = ""

    @property
    def text(self) -> str:
        """The text of the record; "" where no field has one."""
        return string(_first_field(self.fields, TEXT_FIELDS))


def records_of(text: str, kind: str) -> Iterator[Record]:
    """The records of a decoded file of the format `kind`, each with a label of its own. A row that cannot be read is a
    record with status "failed"."""
    seen: dict[str, int] = {}
    for record in _json_records(text) if kind == "jsonl" else _table_records(text, kind):
        yield _labelled(record, seen)


def _labelled(record: Record, seen: dict[str, int]) -> Record:
    """`record` with a label of its own: a repeated id gets ~2, ~3 …; `seen`, the labels so far and how often, grows."""
    label = record.label
    while label in seen:
        seen[record.label] += 1
        label = f"{record.label}~{seen[record.label]}"
    seen[label] = 1
    note = f"the id {record.label} stands in the file more than once" if label != record.label else ""
    return replace(record, label=label, problem=join_notes(record.problem, note))


def _json_records(text: str) -> Iterator[Record]:
    # Not splitlines(): a JSON text may hold U+2028 and its like, which are no ends of lines here.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            what = f"column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
            yield Record(f"line {number}", {}, "failed", f"line {number} is not valid JSON ({what})")
            continue
        if not isinstance(fields, dict):
            problem = f"line {number} is JSON, but no object with fields such as source, date and text"
            yield Record(f"line {number}", {}, "failed", problem)
            continue
        yield _record(fields, number)


def _table_records(text: str, kind: str) -> Iterator[Record]:
    table = rows(text, kind)
    header = next(table, Row([], [])).cells
    if not {c.strip().lower() for c in header} & set(TEXT_FIELDS):
        problem = f"no column is called text or content; the columns are {one_line(', '.join(header))[:200]}"
        yield Record("header", {}, "failed", problem)
        return
    number = 0
    for row in table:
        if not any(cell.strip() for cell in row.cells):
            continue
        number += 1
        record = _record(dict(zip(header, row.cells, strict=False)), number)
        if row.unpaired:
            where = ", ".join(one_line(header[i]) if i < len(header) else f"cell {i + 1}" for i in row.unpaired)
            note = f'a " that begins a cell has no partner, and was taken as it stands ({where})'
            record = replace(record, problem=join_notes(record.problem, note))
        if row.doubtful:
            note = 'it has a text of several lines that look like records: is a " too many before and after them?'
            record = replace(record, problem=join_notes(record.problem, note))
        if any(row.cells[len(header) :]):
            problem = f"it has {len(row.cells)} cells, the header {len(header)}: is a text with separators not quoted?"
            record = replace(record, status="damaged", problem=join_notes(record.problem, problem))
        yield record


def _record(fields: dict, number: int) -> Record:
    """The record of `fields`, their names in lower case; it is called by its number if it has no id."""
    fields = {str(name).strip().lower(): value for name, value in fields.items()}
    text = _first_field(fields, TEXT_FIELDS)
    kind = type(text).__name__
    note = "" if isinstance(text, str) else f"its text is no string but a {kind}, and was taken as it is written"
    return Record(one_line(fields.get("id")) or str(number), fields, problem=note)


def _first_field(fields: dict, names: tuple[str, ...]) -> object:
    """The first of the fields `names` that holds something, or ""."""
    return next((v for name in names if (v := fields.get(name)) is not None and v != ""), "")


def clean_text(text: str) -> tuple[str, int, int]:
    r"""(`text` as it can be written and shown, as long as before but for \r\n; control characters that became blanks;
    lone surrogates that became U+FFFD)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, controls = _CONTROLS.subn(" ", text)
    text, surrogates = _SURROGATES.subn("\ufffd", text)
    return text, controls, surrogates


def one_line(value: object) -> str:
    """`value` as one line that can be written anywhere; "" for None."""
    return " ".join(_SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", string(value))).split())


def string(value: object) -> str:
    """`value` as text: "" for None, and for a list nested so deep that Python refuses to write it."""
    try:
        return "" if value is None else str(value)
    except RecursionError:
        return ""


def join_notes(*notes: str) -> str:
    """The notes that are not empty, as one."""
    return "; ".join(note for note in notes if note)
