"""Tables of shards put together without holding them."""

import pandas as pd
import pyarrow.parquet as pq
import pytest
from baokan.articles import gathering
from baokan.articles.gathering import gather, texts_in, with_repeats
from baokan.tables import read_parquet, write_parquet


def shards(tmp_path, *ids: list[str], **more) -> list[str]:
    paths = []
    for number, found in enumerate(ids):
        rows = [{"document_id": i, "position": 1, "text": f"text of {i}", "spans": [[0, 3], [5, 9]]} for i in found]
        frame = pd.DataFrame(rows, columns=["document_id", "position", "text", "spans"])
        frame = frame.astype({"document_id": "str", "position": "int64", "text": "str", "spans": "object"})
        frame.insert(0, "article_id", frame["document_id"] + ":1")
        paths.append(str(tmp_path / f"{number}.parquet"))
        write_parquet(frame, paths[-1])
    return paths


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_rows_of_sorted_shards_are_in_one_order(tmp_path, monkeypatch, block):
    monkeypatch.setattr(gathering, "BLOCK", block)
    paths = shards(tmp_path, ["a", "d", "e"], [], ["b", "c", "f", "g"])
    gather(paths, ["document_id", "position"], tmp_path / "all.parquet")
    table = read_parquet(tmp_path / "all.parquet")
    assert list(table["document_id"]) == list("abcdefg")
    assert list(table["text"]) == [f"text of {i}" for i in "abcdefg"]
    assert [list(s) for s in table["spans"][6]] == [[0, 3], [5, 9]]
    assert pq.ParquetFile(tmp_path / "all.parquet").num_row_groups == -(-7 // block)


def test_more_shards_than_may_be_open_are_merged_in_steps(tmp_path, monkeypatch):
    monkeypatch.setattr(gathering, "MOST_OPEN", 2)
    paths = shards(tmp_path, ["a", "f"], ["b"], ["c", "g"], [], ["d", "e"])
    (tmp_path / "out").mkdir()
    gather(paths, ["document_id"], tmp_path / "out/all.parquet")
    assert list(read_parquet(tmp_path / "out/all.parquet")["document_id"]) == list("abcdefg")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["all.parquet"]


def test_a_column_may_be_added_on_the_way(tmp_path):
    paths = shards(tmp_path, ["a", "c"], ["b"])
    repeats = pd.DataFrame(
        {"article_id": ["a:1", "b:1", "c:1"], "duplicate_of": ["", "", "a:1"], "reprint_group": ["x", "x", ""]}
    )
    gather(paths, ["document_id"], tmp_path / "all.parquet", with_repeats(repeats))
    table = read_parquet(tmp_path / "all.parquet")
    assert list(table["duplicate_of"]) == ["", "", "a:1"]
    assert list(table["reprint_group"]) == ["x", "x", ""]


def test_no_rows_at_all_keep_their_columns(tmp_path):
    paths = shards(tmp_path, [], [])
    gather(paths, ["document_id"], tmp_path / "all.parquet")
    assert list(read_parquet(tmp_path / "all.parquet").columns) == [
        "article_id",
        "document_id",
        "position",
        "text",
        "spans",
    ]


def test_texts_are_fetched_by_id_from_any_shard(tmp_path):
    fetch = texts_in(shards(tmp_path, ["a", "c"], [], ["b"]))
    assert fetch(["b:1", "a:1"]) == {"a:1": "text of a", "b:1": "text of b"}
    assert fetch([]) == {}
