"""The small tables that a person writes beside the files of a corpus, read row by row.

Standard library only: the Snakefile reads them whenever the workflow is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from baokan.corpus.listing import CorpusError
from baokan.decoding import NotText, decode
from baokan.delimited import Row, rows


@dataclass(frozen=True)
class UserRow:
    """A row of such a table: `number`, the header being row 1, and its cells by column; "" where it has none."""

    table: Path
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def require(self, holds: object, otherwise: str) -> None:
        """Refuse the row with the sentence `otherwise` unless something holds of it."""
        if not holds:
            self.refuse(otherwise)

    def refuse(self, reason: str) -> NoReturn:
        """Raise CorpusError with that sentence, naming file and row."""
        raise CorpusError(f"{self.table}, row {self.number}: {reason}")


def user_rows(
    root: Path, names: tuple[str, ...], columns: tuple[str, ...], required: tuple[str, ...]
) -> Iterator[UserRow]:
    """The rows, those without a word left out, of the table beside the files that has one of `names`; none if there is none.

    Raises CorpusError, naming file and row, where there are two such tables, for an unknown, repeated or missing column and a
    row with too many cells.
    """
    tables = [path for name in names if (path := Path(root) / name).is_file()]
    if len(tables) > 1:
        raise CorpusError(f"{root} has both {' and '.join(names)}: keep one of them.")
    for table in tables:
        try:
            text = decode(table.read_bytes()).text
        except (OSError, NotText) as error:
            raise CorpusError(f"{table} cannot be read: {error}. Save it as UTF-8 text.") from error
        found = rows(text, "tsv" if table.suffix == ".tsv" else "csv")
        header = [c.strip().lower() for c in next(found, Row([], [])).cells]
        _require_columns(table, header, columns, required)
        for number, row in enumerate(found, start=2):
            cells = [c.strip() for c in row.cells]
            about = UserRow(table, number, dict(zip(header, cells, strict=False)))
            about.require(
                not any(cells[len(header) :]), f"{len(cells)} cells, but the header has {len(header)} columns."
            )
            if any(cells):
                yield about


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
