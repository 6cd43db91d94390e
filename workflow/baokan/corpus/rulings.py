"""What a person rules on topics: the file topics.tsv beside a corpus.

Standard library only: the Snakefile reads it whenever the workflow is read.
"""

from dataclasses import dataclass
from pathlib import Path

from baokan.corpus.listing import CorpusError, read_table
from baokan.direction import shown

COLUMNS = ("topic", "name", "action", "into", "note", "label", "terms")
ACTIONS = ("merge", "exclude", "theme", "style")
LONGEST_NAME = 40  # characters


@dataclass(frozen=True)
class Ruling:
    """A row of topics.tsv; `row` is its number in the file, the header being 1. terms: those of the topic when the row was
    written, joined by 、; a row without name and action rules nothing, but says which topic its number was."""

    topic: int
    name: str
    action: str
    into: str
    terms: str
    row: int


def read_rulings(root: Path) -> list[Ruling]:
    """The rows of topics.tsv beside the files, [] where there is none.

    Raises CorpusError, naming the row, for a table that could be misread: an unknown column or action, a topic that is no
    number or stands twice, a merge that does not say into what.
    """
    path = Path(root) / "topics.tsv"
    if not path.is_file():
        return []
    found: dict[int, Ruling] = {}
    for number, cells in read_table(path, COLUMNS, required=("topic",)):
        where = f"{path}, row {number}"
        text = cells.get("topic", "")
        if not text.isdecimal() or not int(text):
            raise CorpusError(f"{where}: the topic {text!r} is no number; write the topic_id that the report gives.")
        name, action, into, terms = (cells.get(column, "") for column in ("name", "action", "into", "terms"))
        ruling = Ruling(int(text), shown(name), action, into, terms, number)
        _require(where, ruling)
        if ruling.topic in found:
            raise CorpusError(
                f"{where}: topic {ruling.topic} stands in row {found[ruling.topic].row} too; keep one of them."
            )
        found[ruling.topic] = ruling
    return list(found.values())


def _require(where: str, ruling: Ruling) -> None:
    if ruling.action and ruling.action not in ACTIONS:
        raise CorpusError(f"{where}: unknown action {ruling.action!r}. Allowed: {', '.join(ACTIONS)}, or nothing.")
    if ruling.action == "merge" and not (ruling.into.isdecimal() and int(ruling.into)):
        raise CorpusError(f"{where}: merge needs the number of a topic in the column into, found {ruling.into!r}.")
    if ruling.action == "merge" and int(ruling.into) == ruling.topic:
        raise CorpusError(f"{where}: topic {ruling.topic} cannot be merged into itself.")
    if ruling.into and ruling.action != "merge":
        raise CorpusError(f"{where}: the column into is for the action merge, found {ruling.action or 'no action'}.")
    if len(ruling.name) > LONGEST_NAME:
        raise CorpusError(
            f"{where}: the name has {len(ruling.name)} characters; at most {LONGEST_NAME} fit into figures."
        )
