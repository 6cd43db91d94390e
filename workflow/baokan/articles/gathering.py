"""The tables of all shards as one, a block of rows at a time, so that memory holds a block and not the corpus."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from baokan.tables import plain_schema, read_parquet

KEYS = ["article_id", "document_id", "source", "date", "position"]
BLOCK = 2000  # rows
MOST_OPEN = 16  # files read at the same time: each takes some memory of its own, however little of it is held


def gather(
    paths: Sequence[str],
    keys: list[str],
    target: str | Path,
    change: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> None:
    """Write the rows of all `paths` to `target`, sorted by `keys`; each of `paths` is sorted by them. `change` is applied
    to each block of rows."""
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    if len(paths) > MOST_OPEN:
        with tempfile.TemporaryDirectory(dir=Path(target).parent) as folder:
            merged = [f"{folder}/{first}.parquet" for first in range(0, len(paths), MOST_OPEN)]
            for number, part in enumerate(merged):
                gather(paths[number * MOST_OPEN : (number + 1) * MOST_OPEN], keys, part)
            return gather(merged, keys, target, change)
    order = pd.concat([read_parquet(p, columns=keys).assign(_shard=n) for n, p in enumerate(paths)])
    order = order.sort_values(keys, kind="stable")["_shard"].to_numpy()
    schema = pa.unify_schemas([plain_schema(pq.read_schema(p)) for p in paths], promote_options="permissive")
    at_once = max(16, BLOCK // max(1, len(paths)))  # rows held of each file: all files are open at the same time
    readers = [_Rows(p, schema, at_once) for p in paths]
    writer = None
    for first in range(0, max(1, len(order)), BLOCK):
        shards = order[first : first + BLOCK]
        taken = pa.concat_tables([readers[n].take(int((shards == n).sum())) for n in range(len(readers))])
        # Row by row in the order of the shards: each row's place among those of its own shard, then of all.
        block = taken.take(pa.array(pd.Series(shards).rank(method="first").astype(int).to_numpy() - 1))
        if change:
            block = pa.Table.from_pandas(change(block.to_pandas()), preserve_index=False).replace_schema_metadata(None)
            block = block.cast(_widened(block.schema, schema))
        writer = writer or pq.ParquetWriter(target, block.schema, compression="zstd")
        writer.write_table(block)
    if writer is not None:
        writer.close()


def _widened(schema: pa.Schema, known: pa.Schema) -> pa.Schema:
    """`schema` with the types of `known` where it has them: a block of empty lists does not know what they are of."""
    return pa.schema([known.field(f.name) if f.name in known.names else f for f in schema])


class _Rows:
    """The rows of a Parquet file, taken from first to last."""

    def __init__(self, path: str, schema: pa.Schema, at_once: int):
        self.schema = schema
        file = pq.ParquetFile(path, buffer_size=1 << 16, pre_buffer=False)  # a little at a time, not a whole column
        self.batches: Iterator[pa.RecordBatch] = file.iter_batches(batch_size=at_once)
        self.held = schema.empty_table()

    def take(self, n: int) -> pa.Table:
        while self.held.num_rows < n:
            more = pa.Table.from_batches([next(self.batches)]).replace_schema_metadata(None).cast(self.schema)
            self.held = pa.concat_tables([self.held, more])
        taken, self.held = self.held.slice(0, n), self.held.slice(n)
        return taken


def with_repeats(repeats: pd.DataFrame) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A function that adds duplicate_of and reprint_group of the table `repeats` to rows of articles."""
    known = repeats.set_index("article_id")
    return lambda articles: articles.join(known, on="article_id")


def texts_in(paths: Sequence[str]) -> Callable[[list[str]], dict[str, str]]:
    """A function from article ids to their texts, read from the articles in `paths` when it is asked."""
    articles = ds.dataset([str(p) for p in paths], format="parquet")

    def texts(ids: list[str]) -> dict[str, str]:
        wanted = ds.field("article_id").isin(pa.array(ids, pa.string()))
        found = articles.to_table(columns=["article_id", "text"], filter=wanted).to_pydict()
        return dict(zip(found["article_id"], found["text"], strict=True))

    return texts
