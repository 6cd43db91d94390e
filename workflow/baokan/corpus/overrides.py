"""What a person says of the files of a corpus: the table documents.tsv beside them.

Standard library only: the Snakefile reads it whenever the workflow is read.
"""

from pathlib import Path

from baokan.corpus.listing import CorpusFile, is_archive
from baokan.corpus.names import is_date
from baokan.corpus.user_tables import user_rows

FILES = ("documents.tsv", "documents.csv")
COLUMNS = ("path", "source", "publication", "issue", "date", "title")


def read_overrides(root: Path) -> dict[str, dict[str, str]]:
    """What documents.tsv (or documents.csv) beside the files says of them: path -> the other columns that it has.

    Raises CorpusError, naming file and row, for a table that could be misread: an unknown or missing column, a path
    that is empty or stands there twice, a row with too many cells, a date in another form.
    """
    overrides: dict[str, dict[str, str]] = {}
    for row in user_rows(root, FILES, COLUMNS, required=("path",)):
        path, date = row["path"].replace("\\", "/").removeprefix("./"), row["date"]
        row.require(path, "the path is empty; it says which file the row is about.")
        row.require(path not in overrides, f"{path} stands there twice; keep one row for each file.")
        row.require(
            not date or is_date(date),
            f"the date {date!r} of {path} is not understood; "
            "write YYYY-MM-DD, YYYY-MM or YYYY, between 1800 and 2100, such as 2023-07-04.",
        )
        overrides[path] = {column: cell for column, cell in row.cells.items() if column != "path"}
    return overrides


def unmatched_overrides(overrides: dict[str, dict[str, str]], files: list[CorpusFile]) -> list[str]:
    """The paths of `overrides`, sorted, that no file of the corpus has: most often a slip of the pen.

    Archives are not opened for this: what is in them, reading tells.
    """
    members = {path for inside in member_overrides(overrides, files).values() for path in inside}
    return sorted(overrides.keys() - {f.path for f in files} - members)


def member_overrides(
    overrides: dict[str, dict[str, str]], files: list[CorpusFile]
) -> dict[str, dict[str, dict[str, str]]]:
    """What `overrides` says of files in archives: path of the archive, one of `files` -> the part of `overrides`."""
    archives = {f.path for f in files if is_archive(f.path)}
    found: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(overrides) if archives else ():
        parts = path.split("/")
        above = ("/".join(parts[:i]) for i in range(1, len(parts)))
        if archive := next((folder for folder in above if folder in archives), ""):
            found.setdefault(archive, {})[path] = overrides[path]
    return found
