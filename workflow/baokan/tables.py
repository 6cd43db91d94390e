"""What stages leave as files: tables in Parquet for each other and in CSV for people, arrays as .npz, other facts in JSON; the same
bytes for the same content."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

# A cell that begins so is run as a formula by spreadsheets (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_parquet(frame: pd.DataFrame, path: str | Path) -> None:
    """Write `frame` without its index. Raises if a column mixes types, rather than writing it as bytes."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    if raw := [f.name for f in table.schema if pa.types.is_binary(f.type) or pa.types.is_large_binary(f.type)]:
        raise TypeError(f"columns of bytes, not of text: {', '.join(raw)}")
    # Small pages: who reads a table bit by bit holds one page of each column.
    pq.write_table(table, path, compression="zstd", data_page_size=1 << 16)


def write_tables(tables: Mapping[str, pd.DataFrame], paths: Mapping[str, str]) -> None:
    """Write each table as Parquet to the path of its name."""
    for name, table in tables.items():
        write_parquet(table, paths[name])


def read_parquet(*paths: str | Path, columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of all `paths`, in their order, with all columns or those named. A table with no rows keeps its columns."""
    return pa.concat_tables(
        [pq.read_table(p, columns=columns) for p in paths], promote_options="permissive"
    ).to_pandas()


def read_articles(path: str | Path) -> pd.DataFrame:
    """The articles of a corpus without their texts, spans and offset maps, which most stages can do without and which are
    nearly all of the table."""
    columns = [name for name in pq.read_schema(path).names if name not in ("text", "spans", "offset_map")]
    return read_parquet(path, columns=columns)


def article_texts(path: str | Path) -> Iterator[tuple[str, str, str]]:
    """(article_id, title, text) of one article after the other: memory holds a few, not the corpus."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=1000, columns=["article_id", "title", "text"]):
        yield from zip(*(batch.column(i).to_pylist() for i in range(3)), strict=True)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """`schema` without metadata, with one type for text and one for lists, however they were written."""
    return pa.schema([(f.name, _plain(f.type)) for f in schema])


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    return kind


def safe_cell(value):
    """`value`, with an apostrophe before a text that a spreadsheet would run as a formula. Numbers stay numbers."""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """Write `frame` as UTF-8 with BOM, so that Excel shows Chinese; formulas are disarmed, lists joined by a blank."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    out = frame.copy()
    for column in out.columns:
        if not pd.api.types.is_numeric_dtype(out[column]):
            out[column] = [safe_cell(_cell(v)) for v in out[column]]
    out.columns = [safe_cell(c) for c in out.columns]
    out.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n", float_format=_number)


def _cell(value):
    value = " ".join(map(str, value)) if isinstance(value, list | tuple | np.ndarray) else value
    # A bare carriage return is not quoted, and would begin a row.
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _number(value: float) -> str:
    """Six digits, or all before the point: a count beside empty cells is a float, and 1234567 no 1.23457e+06."""
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def write_arrays(path: str | Path, **arrays: np.ndarray) -> None:
    """Write arrays as one .npz, whose bytes depend on the numbers only (numpy gives every member the same date)."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def write_json(value: dict, path: str | Path) -> None:
    """Write `value` with its keys sorted, as UTF-8."""
    Path(path).write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
