"""Themes of the user's own: the file themes.tsv beside a corpus, a list of terms for each.

Standard library only: the Snakefile reads it whenever the workflow is read.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from baokan.corpus.listing import CorpusError, read_table

FILES = ("themes.tsv", "themes.csv")
COLUMNS = ("theme", "term", "note")
LONGEST_NAME, LONGEST_TERM = 40, 50  # characters


@dataclass(frozen=True)
class ThemeTerm:
    """A row of themes.tsv: a term of a theme; `row` is its number in the file, the header being 1."""

    theme: str
    term: str
    row: int


def read_themes(root: Path) -> list[ThemeTerm]:
    """The rows of themes.tsv (or themes.csv) beside the files, in their order; [] where there is none.

    Blanks around and between words are made one, characters that do not show (zero width, control) go. A term may stand in
    several themes.

    Raises CorpusError, naming the row and what is allowed, for a table that could be misread: a missing or unknown column, an
    empty cell, a name or a term that is too long, a term without a letter or digit, a term that stands twice in one theme.
    """
    found = [path for name in FILES if (path := Path(root) / name).is_file()]
    if len(found) > 1:
        raise CorpusError(f"{root} has both themes.tsv and themes.csv: keep one of them.")
    return _rows(found[0]) if found else []


def _rows(path: Path) -> list[ThemeTerm]:
    rows: dict[tuple[str, str], ThemeTerm] = {}
    for number, cells in read_table(path, COLUMNS, required=("theme", "term")):
        where = f"{path}, row {number}"
        theme, term = _plain(cells.get("theme", "")), _plain(cells.get("term", ""))
        _require(where, theme, term)
        key = theme, term
        if key in rows:
            raise CorpusError(
                f"{where}: the term {term} stands in the theme {theme} in row {rows[key].row} too; keep one of them. "
                "A term may stand once in a theme, and in several themes."
            )
        rows[key] = ThemeTerm(theme, term, number)
    return list(rows.values())


def _plain(cell: str) -> str:
    """`cell` with one blank for any run of them and without characters that do not show."""
    cell = " ".join(cell.split())
    return "".join(c for c in cell if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()


def _require(where: str, theme: str, term: str) -> None:
    for column, cell in (("theme", theme), ("term", term)):
        if not cell:
            raise CorpusError(
                f"{where}: the cell {column} is empty. Each row needs the name of a theme and one of its terms."
            )
    if len(theme) > LONGEST_NAME:
        raise CorpusError(
            f"{where}: the name of the theme has {len(theme)} characters; at most {LONGEST_NAME} fit into figures."
        )
    if len(term) > LONGEST_TERM:
        raise CorpusError(
            f"{where}: the term has {len(term)} characters; at most {LONGEST_TERM} are allowed, and one term stands in a row."
        )
    if not any(c.isalpha() or c.isdigit() for c in term):
        raise CorpusError(f"{where}: the term {term!r} has no character, letter or digit, so it is no word.")
