"""What went into a run, as JSON: the same bytes for the same run."""

import hashlib
from pathlib import Path

import pandas as pd

from baokan import __version__
from baokan.reading.formats import BY_OCR


def provenance(
    config: dict,
    documents: pd.DataFrame,
    word_lists: list[str],
    beside: list[str],
    versions: dict[str, str],
    ocr: dict[str, str],
) -> dict:
    """Merged configuration, versions, and sha256 of every input: the files of the corpus, the word lists, and the tables
    that stand beside the corpus. `ocr`, the versions of the packages for it, is named where a page was read so.

    No time and no machine name: two runs on the same input give the same bytes.
    """
    files = documents.drop_duplicates("path").sort_values("path")
    return {
        "baokan": __version__,
        "versions": versions | (ocr if documents["method"].str.contains(BY_OCR, regex=False).any() else {}),
        "config": config,
        "corpus": dict(zip(files["path"], files["sha256"], strict=True)),
        "word_lists": _sums(word_lists),
        "beside": _sums(beside),
    }


def _sums(paths: list[str]) -> dict[str, str]:
    return {str(path): hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in sorted(map(str, paths))}
