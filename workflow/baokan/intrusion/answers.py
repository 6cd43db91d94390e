"""The answers that readers send back, as tables: whatever a spreadsheet made of them."""

from pathlib import Path

import pandas as pd

from baokan.decoding import NotText, decode
from baokan.delimited import SEPARATORS, rows
from baokan.errors import UserError
from baokan.intrusion.items import OPTIONS

KEY_COLUMNS = ["item", "kind", "topic_id", "answer", "fingerprint"]


def read_answers(paths: list[str | Path]) -> pd.DataFrame:
    """The answers of all files: their columns, file, and row as a spreadsheet counts them. Files may have been saved again
    by a spreadsheet: UTF-8, GB18030 or UTF-16, with commas, semicolons or tabs. Raises UserError."""
    return pd.concat([_table(path) for path in paths], ignore_index=True)


def read_key(path: str | Path) -> pd.DataFrame:
    """The key of a sheet. Raises UserError if there is none or if it has been changed."""
    if not Path(path).is_file():
        raise UserError(f"{path}: there is no such key. Name the folder of a finished run, such as results/sample.")
    key = _table(path)
    try:
        sound = (
            (key["item"].is_unique)
            and key["kind"].isin(OPTIONS).all()
            and (key["answer"].astype(int) >= 1).all()
            and (key["answer"].astype(int) <= key["kind"].map(OPTIONS)).all()
        )
        key = key[KEY_COLUMNS].astype({"topic_id": int, "answer": int})
    except (KeyError, ValueError):
        sound = False
    if not sound:
        raise UserError(f"{path}: this key has been changed and is of no use. Delete it and run the pipeline again.")
    return key


def _table(path: str | Path) -> pd.DataFrame:
    """The rows of a CSV file as text, with `file` and `row`."""
    try:
        text = _decoded(Path(path).read_bytes())
    except OSError as error:
        raise UserError(
            f"{path}: it cannot be read ({error.strerror}). Name the CSV files that annotators sent back."
        ) from None
    except NotText as error:
        raise UserError(f"{path}: {error}. In the spreadsheet choose “Save as” and “CSV UTF-8”.") from None
    table = _rows(text.lstrip("\ufeff"))
    if not table:
        raise UserError(f"{path}: the file is empty. Save the answers again in the sheet.")
    (_, names), *table = table
    names = [name.strip().lower() for name in names]
    records = [
        dict.fromkeys(names, "") | dict(zip(names, cells, strict=False)) | {"file": str(path), "row": n}
        for n, cells in table
    ]
    return pd.DataFrame(records, columns=[*dict.fromkeys(n for n in names if n), "file", "row"])


def _decoded(data: bytes) -> str:
    """The text of a CSV file. Raises NotText.

    Names are too few characters to tell GB18030 from Big5 or UTF-16 by how they read, so what is valid GB18030 is taken for
    it. In Big5 a name would then look odd, but no separator would be lost.
    """
    found = decode(data)
    if found.encoding in ("big5", "utf-16-le", "utf-16-be") and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("gb18030").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            pass
    return found.text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(number, cells) of all rows that are not blank, by the separator that the first of them has most of."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    said = first[4:5] if first.lower().startswith("sep=") else ""
    before, text = text.split(first, 1) if said else ("", text)
    kinds = {sign: kind for kind, sign in SEPARATORS.items()}
    kind = kinds.get(said) or kinds[max(kinds, key=first.count)]
    # What a spreadsheet says of its separator is a row of its own, and so are the blank ones before it.
    start = before.count("\n") + 2 if said else 1
    found = enumerate(rows(text.removeprefix("\n"), kind), start=start)
    return [(n, row.cells) for n, row in found if any(cell.strip() for cell in row.cells)]
