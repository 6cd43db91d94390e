"""The last words of a run: where the report is, and what went wrong on the way, if anything."""

from pathlib import Path

from baokan.corpus.inventory import Inventory
from baokan.direction import shown
from baokan.numbers import counted
from baokan.reading.dependence import not_read
from baokan.registry import path_of
from baokan.tables import read_parquet

LAUNCHED = "BAOKAN_LAUNCHED"  # set where something around snakemake says the last words


def closing_words(results: str) -> str:
    """Sentences for the terminal; `results` is the folder of this corpus."""
    report = Path(results) / "report.html"
    if not report.exists():
        return ""
    lines = ["", f"The report: {report}"]
    documents = read_parquet(Path(results) / path_of("documents"))
    bad = documents[documents["status"] != "ok"]
    if len(bad):
        lines.append(f"{len(bad)} of {len(documents)} documents were not read as they should be:")
        lines += [f"  {d.document_id}: {d.problem}" for d in bad.head(5).itertuples()]
        if len(bad) > 5:
            lines.append(f"  ... and {len(bad) - 5} more: see the data page of the report.")
    else:
        lines.append(
            f"All {counted(len(documents), 'document')} were read." if len(documents) > 1 else "The document was read."
        )
    corrections = read_parquet(Path(results) / path_of("corrections"))
    left = corrections[corrections["outcome"] != "applied"]
    if len(left):
        first = left.iloc[0]
        lines.append(f"{len(left)} of {len(corrections)} corrections no longer apply:")
        lines.append(f"  row {first['row']} {first['outcome']}; the others are on the data page.")
    rulings = read_parquet(Path(results) / path_of("rulings"))
    for row in rulings[rulings["topic_id"] == 0].itertuples():
        lines.append(f"Row {row.row} of topics.tsv was {row.outcome}.")
    lines += _since(Path(results) / "logs")
    return shown("\n".join(lines) + "\n")


def _since(logs: Path) -> list[str]:
    """What has become of the corpus since the run listed it, or since it was read: the report does not know of it."""
    try:
        corpus = Inventory.read(logs / "listing.json")
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if not_read(logs, corpus):  # `make` reads them again before it says this
        return [
            "The report is of the corpus as it was: it has changed since, and Snakemake's records of that run are gone. "
            "Run make, or snakemake --forcerun read."
        ]
    changes = corpus.changes()
    lines = []
    for what, paths in changes.items():
        if paths:
            more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
            lines.append(f"{what.capitalize()} since the run began: {', '.join(paths[:3])}{more}.")
    return (
        [*lines, "The report is of the corpus as it was; the same command takes up what has changed."] if lines else []
    )
