"""What a person corrects in the cut of a corpus: the file corrections.tsv beside it.

Standard library only: the Snakefile reads it whenever the workflow is read.
"""

from dataclasses import dataclass
from pathlib import Path

from baokan.corpus.listing import CorpusError, is_date, read_table

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
    path = Path(root) / "corrections.tsv"
    if not path.is_file():
        return []
    found = []
    for number, cells in read_table(path, COLUMNS, required=("document", "action")):
        document, article, action, value = (cells.get(column, "") for column in COLUMNS[:4])
        correction = Correction(document, article, action, value, number)
        _require(path, correction)
        found.append(correction)
    return found


def _require(path: Path, correction: Correction) -> None:
    where, action, value = f"{path}, row {correction.row}", correction.action, correction.value
    if not correction.document:
        raise CorpusError(f"{where}: the document is empty; it says which document (documents.csv) the row is about.")
    if action not in ACTIONS:
        raise CorpusError(f"{where}: unknown action {action!r}. Allowed actions: {', '.join(ACTIONS)}.")
    if not value and action not in ("drop", "title", "byline"):
        raise CorpusError(f"{where}: the action {action} needs a value.")
    if action == "date" and not is_date(value):
        raise CorpusError(f"{where}: the date {value!r} is not understood; write YYYY-MM-DD, YYYY-MM or YYYY.")
    if action == "kind" and value not in KINDS:
        raise CorpusError(f"{where}: unknown kind {value!r}. Allowed kinds: {', '.join(KINDS)}.")
