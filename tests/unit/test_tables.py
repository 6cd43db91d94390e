"""Tables as files."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from baokan.tables import read_parquet, safe_cell, write_csv, write_parquet
from hypothesis import given
from hypothesis import strategies as st

FRAME = pd.DataFrame(
    {"article_id": ["报/1:1", "报/1:2"], "tokens": [["春耕", "水库"], []], "share": [0.25, np.nan], "n": [3, 0]}
)


def test_parquet_comes_back_as_it_was(tmp_path):
    write_parquet(FRAME, tmp_path / "new/folder/t.parquet")
    back = read_parquet(tmp_path / "new/folder/t.parquet")
    assert back["article_id"].tolist() == FRAME["article_id"].tolist()
    assert [list(t) for t in back["tokens"]] == FRAME["tokens"].tolist()
    pd.testing.assert_frame_equal(back[["share", "n"]], FRAME[["share", "n"]])


def test_parquet_is_the_same_bytes_twice_whatever_the_index(tmp_path):
    write_parquet(FRAME, tmp_path / "a.parquet")
    write_parquet(FRAME.copy().set_axis([7, 3], axis=0), tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_several_tables_are_read_in_their_order_and_empty_ones_do_not_change_types(tmp_path):
    paths = [tmp_path / f"{i}.parquet" for i in range(3)]
    for path, frame in zip(paths, (FRAME.iloc[1:], FRAME.iloc[:0], FRAME.iloc[:1]), strict=True):
        write_parquet(frame, path)
    back = read_parquet(*paths)
    assert back["article_id"].tolist() == ["报/1:2", "报/1:1"]
    assert back.dtypes["n"] == "int64"
    assert [list(t) for t in back["tokens"]] == [[], ["春耕", "水库"]]


def test_a_table_without_rows_keeps_its_columns_and_joins_one_with_rows(tmp_path):
    write_parquet(pd.DataFrame(columns=FRAME.columns), tmp_path / "empty.parquet")
    write_parquet(FRAME, tmp_path / "full.parquet")
    assert list(read_parquet(tmp_path / "empty.parquet").columns) == list(FRAME.columns)
    assert len(read_parquet(tmp_path / "empty.parquet")) == 0
    both = read_parquet(tmp_path / "empty.parquet", tmp_path / "full.parquet")
    assert both["article_id"].tolist() == FRAME["article_id"].tolist()
    assert both.dtypes["n"] == "int64"


@pytest.mark.parametrize("mixed", [[1, "a"], [["a"], "a"], [b"a", "a"], [b"a", b"b"]])
def test_a_column_of_mixed_types_or_bytes_is_refused(tmp_path, mixed):
    with pytest.raises((TypeError, ValueError)):
        write_parquet(pd.DataFrame({"x": mixed}), tmp_path / "x.parquet")
    assert not (tmp_path / "x.parquet").exists()


def test_csv_begins_with_a_bom_and_ends_lines_alike(tmp_path):
    write_csv(FRAME, tmp_path / "new/t.csv")
    data = (tmp_path / "new/t.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfarticle_id,")
    assert b"\r" not in data
    assert data.decode("utf-8-sig").split("\n")[1] == "报/1:1,春耕 水库,0.25,3"
    write_csv(FRAME, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == data


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(start):
    assert safe_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("value", [-1, -0.5, None, "", "水库=1", "1-2", "'=1"])
def test_other_cells_stay(value):
    assert safe_cell(value) == value


def test_formulas_are_disarmed_in_every_kind_of_column(tmp_path):
    frame = pd.DataFrame(
        {
            "text": ["=1+1", "a"],
            "list": [["@x", "b"], ["b", "=c"]],
            "array": [np.array(["+x", "b"]), np.array([], dtype=str)],
            "kind": pd.Categorical(["-x", "y"]),
            "mixed": pd.Series([np.float64(-1.5), np.str_("＝中国")], dtype=object),
            "number": [-1.5, 2],
            "=header": [1, 2],
        }
    )
    write_csv(frame, tmp_path / "t.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0][-1] == "'=header"
    assert rows[1] == ["'=1+1", "'@x b", "'+x b", "'-x", "-1.5", "-1.5", "1"]
    assert rows[2] == ["a", "b =c", "", "y", "'＝中国", "2", "2"]
    assert list(frame.columns)[-1] == "=header"


def test_numbers_are_short_but_counts_are_whole(tmp_path):
    write_csv(pd.DataFrame({"x": [1 / 3, 1234567.0, np.nan, 0.00001234567]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").split() == [
        "x", "0.333333", "1234567", '""', "1.23457e-05",
    ]  # fmt: skip


@given(st.lists(st.text(alphabet="=+-@\t\r\n＝'\",春耕a1 ", max_size=6), min_size=1, max_size=5))
def test_no_cell_of_any_text_begins_a_formula(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    write_csv(pd.DataFrame({"x": texts, "n": range(len(texts))}), path)
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert len(rows) == len(texts) + 1
    for (cell, _), text in zip(rows[1:], texts, strict=True):
        assert cell.removeprefix("'") == text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("'")
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
