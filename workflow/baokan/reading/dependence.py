"""What the last reading of a shard was of: its files, and whether its text depends on OCR. Once OCR is installed, the shards
that have pages for it are read again, no others.

Standard library only: every job parses the Snakefile.
"""

import json
from pathlib import Path

from baokan.corpus.inventory import Inventory


def ocr_of_shard(record: Path, reading: list, installed: dict[str, str]) -> dict[str, str]:
    """The versions of OCR that the text of a shard depends on (package to version): those `installed`, unless its last reading
    met no page for OCR; then those of that reading, whatever has been installed since.

    record: what `write_record` wrote then. reading: what else the reading depends on, plain values; a record of another one
    says nothing.
    """
    try:
        last = json.loads(record.read_text(encoding="utf-8"))
        return installed if last["for_ocr"] or last["reading"] != reading else last["ocr"]
    except (OSError, ValueError, KeyError, TypeError):
        return installed


def write_record(record: Path, reading: list, versions: dict[str, str], for_ocr: bool) -> None:
    """Write down that the shard was read with those versions, and whether a page of it was, or would have been, read by OCR."""
    told = {"for_ocr": for_ocr, "ocr": versions, "reading": reading}
    record.write_text(json.dumps(told, sort_keys=True) + "\n", encoding="utf-8")


def not_read(logs: Path, corpus: Inventory) -> list[int]:
    """The shards whose last reading, as `write_record` wrote it below `logs`, was of other files than those of `corpus`.

    Snakemake sees to it that there are none, unless its records of the run before (.snakemake/metadata) are gone.
    """
    found = []
    for shard in corpus.shards:
        try:
            of = json.loads((logs / f"read_{shard}.ocr.json").read_text(encoding="utf-8"))["reading"][0]
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue
        if of != corpus.fingerprint(shard):
            found.append(shard)
    return found
