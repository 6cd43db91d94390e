"""What a person corrects in the cut of a corpus: the file corrections.tsv beside it.

Standard library only: the Snakefile reads it whenever the workflow is read.
"""

from dataclasses import dataclass
from pathlib import Path

from baokan.corpus.names import is_date
from baokan.corpus.user_tables import user_rows

FILES = ("corrections.tsv",)
COLUMNS = ("document", "article", "action", "value", "note")
SETS = ("title", "byline", "date", "kind")  # actions that replace a field of the article
MOVES = ("begins", "ends", "split")  # actions whose value is words of the document, where it is parted
ACTIONS = (*SETS, *MOVES, "merge", "drop", "text", "furniture")
KINDS = ("article", "dispatch", "document", "letter")
APPLIED = "applied"


@dataclass(frozen=True)
class Correction:
    """A row of corrections.tsv; `row` is its number in the file, the header being 1."""

    document: str
    article: str
    action: str
    value: str
    row: int


def read_corrections(root: Path) -> list[Correction]:
    """The rows of corrections.tsv beside the files, [] where there is none.

    Raises CorpusError, naming the row, for a table that could be misread: an unknown column or action, a missing value,
    a date or kind that is none.
    """
    found = []
    for row in user_rows(root, FILES, COLUMNS, required=("document", "action")):
        document, article, action, value = (row[column] for column in COLUMNS[:4])
        row.require(document, "the document is empty; it says which document (documents.csv) the row is about.")
        row.require(action in ACTIONS, f"unknown action {action!r}. Allowed actions: {', '.join(ACTIONS)}.")
        row.require(value or action in ("drop", "title", "byline"), f"the action {action} needs a value.")
        row.require(
            action != "date" or is_date(value),
            f"the date {value!r} is not understood; write YYYY-MM-DD, YYYY-MM or YYYY.",
        )
        row.require(action != "kind" or value in KINDS, f"unknown kind {value!r}. Allowed kinds: {', '.join(KINDS)}.")
        found.append(Correction(document, article, action, value, row.number))
    return found
