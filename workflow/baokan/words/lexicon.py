"""Which terms, stopwords and kept words are in force in a run: those of the user's lists and those found in the corpus."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from baokan.config import word_files
from baokan.errors import UserError
from baokan.words.wordlists import read_stopwords, read_terms, read_words


class UnknownSource(UserError):
    """A source named in the configuration that the corpus does not have."""


class WordLists(NamedTuple):
    """What a run is told of words."""

    terms: list[str]  # kept whole
    stopwords: dict[str, str]  # word to the names of the lists that have it
    source_stopwords: dict[str, list[str]]
    keep: list[str]  # counted whatever the filters say


def terms_in_force(paths: Iterable[str | Path], discovered: pd.DataFrame, discover: str) -> pd.DataFrame:
    """term and origin of each term that is kept whole: the file of the user's list, or "found in the corpus".

    discovered: of `discovery.discover`; its kept terms count if `discover` is "use".
    """
    listed = read_terms(paths)
    listed = listed.loc[listed["used"], ["term", "file"]].rename(columns={"file": "origin"})
    found = (
        discovered.loc[discovered["status"] == "kept", ["term"]] if discover == "use" else discovered.head(0)[["term"]]
    )
    both = pd.concat([listed, found.assign(origin="found in the corpus")], ignore_index=True)
    return both.drop_duplicates("term", ignore_index=True)


def _words(entries: Iterable[str]) -> list[str]:
    files = word_files(entries)
    return [*(e for e in entries if e not in files), *read_words(files)]


def word_lists(terms: pd.DataFrame, stopwords: Iterable[str], settings: Mapping, sources: Iterable[str]) -> WordLists:
    """terms: of `terms_in_force`; stopwords: files; settings: `words` of the configuration; sources: of the corpus.

    Raises UnknownSource where words.source_stopwords names another.
    """
    known = sorted(set(sources))
    if strange := sorted(set(settings["source_stopwords"]) - set(known)):
        raise UnknownSource(
            f"words.source_stopwords names {', '.join(strange)}, but the sources of this corpus are {', '.join(known)}."
        )
    listed = read_stopwords(stopwords)
    return WordLists(
        list(terms["term"]),
        dict(zip(listed["word"], listed["lists"], strict=True)),
        {source: _words(entries) for source, entries in sorted(settings["source_stopwords"].items())},
        _words(settings["keep"]),
    )
