"""What documents.tsv says of files."""

from pathlib import Path

import pytest
from baokan.corpus.listing import CorpusError, CorpusFile
from baokan.corpus.overrides import read_overrides, unmatched_overrides


def write(root: Path, text: str, name: str = "documents.tsv", encoding: str = "utf-8") -> Path:
    (root / name).write_bytes(text.encode(encoding))
    return root


def test_overrides_are_read(tmp_path):
    table = "path\tissue\tdate\r\na/1.txt\t总第1期\t2021-12\r\n\r\n./a\\2.txt\t\t\r\n"
    assert read_overrides(write(tmp_path, table, encoding="utf-8-sig")) == {
        "a/1.txt": {"issue": "总第1期", "date": "2021-12"},
        "a/2.txt": {"issue": "", "date": ""},
    }


def test_no_table_no_overrides(tmp_path):
    assert read_overrides(tmp_path) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_saved_by_a_spreadsheet_is_read(tmp_path, encoding):
    table = 'Path,Title\na/1.txt,"春耕，夏种，秋收，冬藏"\n'
    assert read_overrides(write(tmp_path, table, "documents.csv", encoding)) == {
        "a/1.txt": {"title": "春耕，夏种，秋收，冬藏"}
    }


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("path\tdata\n", r"unknown column data.*Allowed columns: path, source, publication, issue, date, title"),
        ("path,date\n", r"unknown column path,date; columns are separated by tabs"),
        ("source\tdate\n", r"the column path is missing"),
        ("", r"the column path is missing"),
        ("path\tdate\tdate\n", r"a column stands there twice"),
        ("path\tdate\na.txt\t2023-13-01\n", r"row 2: the date '2023-13-01' of a\.txt.*YYYY-MM-DD, YYYY-MM or YYYY"),
        ("path\tdate\na.txt\t\nb.txt\t4 July 2023\n", r"row 3: the date '4 July 2023' of b\.txt"),
        ("path\tdate\na.txt\t\na.txt\t2023\n", r"row 3: a\.txt stands there twice"),
        ("path\tdate\n\t2023\n", r"row 2: the path is empty"),
        ("path\tdate\na.txt\t2023\textra\n", r"row 2: 3 cells, but the header has 2"),
        ("%PDF-1.4", r"cannot be read: it looks binary"),
    ],
)
def test_a_table_that_could_be_misread_is_refused(tmp_path, table, message):
    with pytest.raises(CorpusError, match=message):
        read_overrides(write(tmp_path, table))


def test_two_tables_are_refused(tmp_path):
    write(write(tmp_path, "path\n"), "path\n", "documents.csv")
    with pytest.raises(CorpusError, match=r"both documents\.tsv and documents\.csv"):
        read_overrides(tmp_path)


def test_rows_about_no_file_are_reported():
    files = [CorpusFile("a/1.txt", 1, 1)]
    assert unmatched_overrides({"a/1.txt": {}, "b/2.txt": {}, "../secret": {}}, files) == ["../secret", "b/2.txt"]
