"""What a person rules on topics: the file topics.tsv beside a corpus.

Standard library only: the Snakefile reads it whenever the workflow is read.
"""

from dataclasses import dataclass
from pathlib import Path

from baokan.corpus.user_tables import user_rows
from baokan.direction import shown

FILES = ("topics.tsv",)
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
    found: dict[int, Ruling] = {}
    for row in user_rows(root, FILES, COLUMNS, required=("topic",)):
        topic, name, action, into = row["topic"], shown(row["name"]), row["action"], row["into"]
        row.require(
            topic.isdecimal() and int(topic),
            f"the topic {topic!r} is no number; write the topic_id that the report gives.",
        )
        number, merges = int(topic), action == "merge"
        row.require(
            not action or action in ACTIONS,
            f"unknown action {action!r}. Allowed: {', '.join(ACTIONS)}, or nothing.",
        )
        row.require(
            not merges or (into.isdecimal() and int(into)),
            f"merge needs the number of a topic in the column into, found {into!r}.",
        )
        row.require(not merges or int(into) != number, f"topic {number} cannot be merged into itself.")
        row.require(merges or not into, f"the column into is for the action merge, found {action or 'no action'}.")
        row.require(
            len(name) <= LONGEST_NAME,
            f"the name has {len(name)} characters; at most {LONGEST_NAME} fit into figures.",
        )
        if number in found:
            row.refuse(f"topic {number} stands in row {found[number].row} too; keep one of them.")
        found[number] = Ruling(number, name, action, into, row["terms"], row.number)
    return list(found.values())
