"""Themes of the user's own: the file themes.tsv beside a corpus, a list of terms for each.

Standard library only: the Snakefile reads it whenever the workflow is read.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from baokan.corpus.user_tables import user_rows

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
    found: dict[tuple[str, str], ThemeTerm] = {}
    for row in user_rows(root, FILES, COLUMNS, required=("theme", "term")):
        theme, term = _plain(row["theme"]), _plain(row["term"])
        for column, cell in (("theme", theme), ("term", term)):
            row.require(cell, f"the cell {column} is empty. Each row needs the name of a theme and one of its terms.")
        row.require(
            len(theme) <= LONGEST_NAME,
            f"the name of the theme has {len(theme)} characters; at most {LONGEST_NAME} fit into figures.",
        )
        row.require(
            len(term) <= LONGEST_TERM,
            f"the term has {len(term)} characters; at most {LONGEST_TERM} are allowed, and one term stands in a row.",
        )
        row.require(
            any(c.isalpha() or c.isdigit() for c in term),
            f"the term {term!r} has no character, letter or digit, so it is no word.",
        )
        if (theme, term) in found:
            row.refuse(
                f"the term {term} stands in the theme {theme} in row {found[theme, term].row} too; keep one of them. "
                "A term may stand once in a theme, and in several themes.",
            )
        found[theme, term] = ThemeTerm(theme, term, row.number)
    return list(found.values())


def _plain(cell: str) -> str:
    """`cell` with one blank for any run of them and without characters that do not show."""
    cell = " ".join(cell.split())
    return "".join(c for c in cell if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()
