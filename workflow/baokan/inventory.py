"""The corpus as it stands when the workflow is read: its files by shard, and a fingerprint of each shard."""

import re
from dataclasses import astuple, dataclass
from pathlib import Path

from baokan.corpus import (
    CorpusFile,
    fingerprint,
    list_files,
    member_overrides,
    read_overrides,
    shard_of,
    unmatched_overrides,
)
from baokan.cutting.corrections import Correction, read_corrections
from baokan.themes import FILES as THEMES
from baokan.themes import ThemeTerm, read_themes
from baokan.topics.rulings import Ruling, read_rulings

LEAST_SHARDS = 2
SHARD_BYTES = 200_000  # a shard of less is read faster than its job starts


@dataclass(frozen=True)
class Inventory:
    """Files of a corpus by shard, and what documents.tsv says of them. Only names, sizes and times are looked at: this
    runs whenever the workflow is read, on a cluster in every job."""

    root: Path
    by_shard: dict[int, list[CorpusFile]]
    overrides: dict[str, dict[str, str]]
    unmatched: list[str]
    corrections: list[Correction]
    rulings: list[Ruling]
    themes: list[ThemeTerm]

    @classmethod
    def of(cls, root: str | Path, shards: int) -> "Inventory":
        """shards: the most there are; a small corpus has fewer, for each job takes its second to start.

        Raises CorpusError where the corpus is missing or empty, or one of the tables beside it cannot be used."""
        root = Path(root)
        by_shard: dict[int, list[CorpusFile]] = {}
        files = list_files(root)
        shards = min(shards, max(LEAST_SHARDS, 1 + sum(file.size for file in files) // SHARD_BYTES))
        for file in files:
            by_shard.setdefault(shard_of(file.path, shards), []).append(file)
        overrides = read_overrides(root)
        unmatched = unmatched_overrides(overrides, files)
        beside = read_corrections(root), read_rulings(root), read_themes(root)
        return cls(root, by_shard, overrides, unmatched, *beside)

    @property
    def tables(self) -> list[str]:
        """The tables beside the files that say something of them."""
        names = ("documents.tsv", "documents.csv", "corrections.tsv", "topics.tsv", *THEMES)
        return [str(path) for name in names if (path := self.root / name).is_file()]

    @property
    def shards(self) -> list[int]:
        return sorted(self.by_shard)

    def fingerprint(self, shard: int) -> str:
        files = self.by_shard[shard]
        said = [(f.path, sorted(self.overrides.get(f.path, {}).items())) for f in files]
        inside = member_overrides(self.overrides, files)
        said += [(path, sorted(about.items())) for a in sorted(inside) for path, about in inside[a].items()]
        return fingerprint(files, extra=repr(said))

    def corrections_of(self, shard: int) -> list[tuple]:
        """The corrections of the shard's documents, as plain rows; those that name no file here are the first shard's."""
        files = {file.path: number for number, files in self.by_shard.items() for file in files}
        return [astuple(c) for c in self.corrections if _shard(c.document, files, self.shards[0]) == shard]

    def rulings_of(self) -> list[tuple]:
        """The rulings on topics, as plain rows."""
        return [astuple(ruling) for ruling in self.rulings]

    def themes_of(self) -> list[tuple[str, str]]:
        """(theme, term) of the user's own themes, in the order of the file."""
        return [(row.theme, row.term) for row in self.themes]


_PART = re.compile(r"[#/]")


def _shard(document: str, files: dict[str, int], otherwise: int) -> int:
    """The shard of a document: its file is a part of its id before # (a record) or / (within an archive)."""
    ends = [match.start() for match in _PART.finditer(document)]
    return next((files[d] for d in (document, *(document[:end] for end in reversed(ends))) if d in files), otherwise)
