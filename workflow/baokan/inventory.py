"""The corpus as it stands when the workflow is read: its files by shard, and a fingerprint of each shard."""

from dataclasses import dataclass
from pathlib import Path

from baokan.corpus import CorpusFile, fingerprint, list_files, read_overrides, shard_of, unmatched_overrides


@dataclass(frozen=True)
class Inventory:
    """Files of a corpus by shard, and what documents.tsv says of them. Only names, sizes and times are looked at: this
    runs whenever the workflow is read, on a cluster in every job."""

    root: Path
    by_shard: dict[int, list[CorpusFile]]
    overrides: dict[str, dict[str, str]]
    unmatched: list[str]

    @classmethod
    def of(cls, root: str | Path, shards: int) -> "Inventory":
        """Raises CorpusError where the corpus is missing, empty or its documents.tsv cannot be used."""
        root = Path(root)
        by_shard: dict[int, list[CorpusFile]] = {}
        files = list_files(root)
        for file in files:
            by_shard.setdefault(shard_of(file.path, shards), []).append(file)
        overrides = read_overrides(root)
        return cls(root, by_shard, overrides, unmatched_overrides(overrides, files))

    @property
    def shards(self) -> list[int]:
        return sorted(self.by_shard)

    def fingerprint(self, shard: int) -> str:
        files = self.by_shard[shard]
        said = [(f.path, sorted(self.overrides.get(f.path, {}).items())) for f in files]
        return fingerprint(files, extra=repr(said))
