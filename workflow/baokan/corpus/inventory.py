"""The corpus as it stands when the workflow is read: its files by shard, and a fingerprint of each shard.

One listing serves a whole run: it is written down when the run begins, and all jobs take it from there. What is added, changed or
removed while the run works is named at its end, and read by the next one.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

from baokan.corpus import corrections, overrides, rulings, themes
from baokan.corpus.corrections import Correction, read_corrections
from baokan.corpus.listing import CorpusError, CorpusFile, fingerprint, list_files, shard_of
from baokan.corpus.overrides import member_overrides, read_overrides, unmatched_overrides
from baokan.corpus.rulings import Ruling, read_rulings
from baokan.corpus.themes import ThemeTerm, read_themes

LEAST_SHARDS = 2
SHARD_BYTES = 200_000  # a shard of less is read faster than its job starts


@dataclass(frozen=True)
class Inventory:
    """Files of a corpus by shard, and what documents.tsv says of them. Only names, sizes and times are looked at: this
    runs whenever the workflow is read, on a cluster in every job."""

    root: Path
    n_shards: int
    by_shard: dict[int, list[CorpusFile]]
    tables: list[CorpusFile]  # those beside the files that say something of them, their paths from here
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
        n_shards = min(shards, max(LEAST_SHARDS, 1 + sum(file.size for file in files) // SHARD_BYTES))
        for file in files:
            by_shard.setdefault(shard_of(file.path, n_shards), []).append(file)
        overrides = read_overrides(root)
        unmatched = unmatched_overrides(overrides, files)
        beside = read_corrections(root), read_rulings(root), read_themes(root)
        return cls(root, n_shards, by_shard, _tables(root), overrides, unmatched, *beside)

    def write(self, path: str | Path) -> None:
        """Write the inventory down, whole or not at all."""
        told = {
            "root": str(self.root),
            "n_shards": self.n_shards,
            "by_shard": {str(n): [astuple(file) for file in files] for n, files in self.by_shard.items()},
            "overrides": self.overrides,
            "unmatched": self.unmatched,
            **{name: [astuple(row) for row in getattr(self, name)] for name in _ROWS},
        }
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(told), encoding="utf-8")
        unfinished.replace(target)

    @classmethod
    def read(cls, path: str | Path) -> "Inventory":
        """The inventory that was written to `path`. Raises OSError or ValueError where there is none that can be read."""
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        shards = {int(n): [CorpusFile(*file) for file in files] for n, files in told["by_shard"].items()}
        rows = {name: [kind(*row) for row in told[name]] for name, kind in _ROWS.items()}
        return cls(
            root=Path(told["root"]), n_shards=told["n_shards"], by_shard=shards, overrides=told["overrides"],
            unmatched=told["unmatched"], **rows,
        )  # fmt: skip

    @classmethod
    def of_run(cls, listing: str | Path, root: str | Path, shards: int) -> "Inventory":
        """The one that the run at work wrote to `listing`, for its jobs; where there is none, the corpus as it stands now."""
        try:
            return cls.read(listing)
        except (OSError, ValueError, KeyError, TypeError):
            return cls.of(root, shards)

    @property
    def n_bytes(self) -> int:
        """The size of all files together."""
        return sum(file.size for files in self.by_shard.values() for file in files)

    @property
    def files(self) -> list[CorpusFile]:
        """All files, sorted by path."""
        return sorted((file for files in self.by_shard.values() for file in files), key=lambda file: file.path)

    def changes(self) -> dict[str, list[str]]:
        """Paths, sorted, of what was "added", "changed" and "removed" since: files of the corpus, and tables beside them. A table
        that was saved again and says the same is no change: nothing of a run depends on it."""
        try:
            files = list_files(self.root)
        except CorpusError:  # all of them are gone
            files = []
        tables = _tables(self.root)
        same = {
            table.path for table in [*self.tables, *tables] if self._says(table.path) == _said(table.path, self.root)
        }
        before = {file.path: file for file in [*self.files, *self.tables] if file.path not in same}
        now = {file.path: file for file in [*files, *tables] if file.path not in same}
        return {
            "added": sorted(now.keys() - before.keys()),
            "changed": sorted(path for path in now.keys() & before.keys() if now[path] != before[path]),
            "removed": sorted(before.keys() - now.keys()),
        }

    def _says(self, table: str) -> object:
        """What a table beside the files says, as far as a run depends on it."""
        return getattr(self, _READ[Path(table).name][0])

    @property
    def shards(self) -> list[int]:
        """The numbers of the shards, rising."""
        return sorted(self.by_shard)

    def fingerprint(self, shard: int) -> str:
        """A text that changes with the files of a shard and with what documents.tsv says of them."""
        files = self.by_shard[shard]
        said = [(f.path, sorted(self.overrides.get(f.path, {}).items())) for f in files]
        inside = member_overrides(self.overrides, files)
        said += [(path, sorted(about.items())) for a in sorted(inside) for path, about in inside[a].items()]
        return fingerprint(files, extra=repr(said))

    def files_of(self, shard: int, expected: str) -> list[CorpusFile]:
        """The files of a shard. Raises CorpusError if they are others than those of which the run knows the fingerprint `expected`:
        without a listing (--no-hooks), a corpus that changes meanwhile can't be told apart."""
        if shard not in self.by_shard or self.fingerprint(shard) != expected:
            raise CorpusError(f"The corpus {self.root} has changed since the run began: start the run again.")
        return self.by_shard[shard]

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
_ROWS = {"tables": CorpusFile, "corrections": Correction, "rulings": Ruling, "themes": ThemeTerm}


# The tables that may stand beside the files: where the inventory keeps what they say, and what reads them.
_READ: dict[str, tuple[str, Callable[[Path], object]]] = {
    **dict.fromkeys(overrides.FILES, ("overrides", read_overrides)),
    **dict.fromkeys(corrections.FILES, ("corrections", read_corrections)),
    **dict.fromkeys(rulings.FILES, ("rulings", read_rulings)),
    **dict.fromkeys(themes.FILES, ("themes", read_themes)),
}


def _tables(root: Path) -> list[CorpusFile]:
    found = [(path, path.stat()) for name in _READ if (path := root / name).is_file()]
    return [CorpusFile(str(path), about.st_size, about.st_mtime_ns) for path, about in found]


def _said(table: str, root: Path) -> object:
    """What a table beside the files says now; None if it cannot be used."""
    try:
        return _READ[Path(table).name][1](root)
    except CorpusError:
        return None


def _shard(document: str, files: dict[str, int], otherwise: int) -> int:
    """The shard of a document: its file is a part of its id before # (a record) or / (within an archive)."""
    ends = [match.start() for match in _PART.finditer(document)]
    return next((files[d] for d in (document, *(document[:end] for end in reversed(ends))) if d in files), otherwise)
