"""What a corpus holds, and which source, issue and date each file has."""

import datetime
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from baokan.corpus import listing as corpus
from baokan.corpus.listing import (
    CorpusError,
    CorpusFile,
    date_in_name,
    describe,
    fingerprint,
    is_date,
    issue_in_name,
    list_files,
    read_overrides,
    shard_of,
    unmatched_overrides,
)
from hypothesis import given
from hypothesis import strategies as st


def fill(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("今日无事", encoding="utf-8")
    return root


def listed(root: Path) -> dict[str, str]:
    return {f.path: f.problem for f in list_files(root)}


# --- listing


def test_files_are_listed_by_path_and_those_beside_them_are_not(tmp_path):
    fill(tmp_path, "b/2.txt", "a/deep/1.TXT", "c.jsonl", "a/README.md", "b/no ending", "b/日报2023.7.4")
    fill(tmp_path, "documents.tsv", "truth.tsv", "themes.tsv", "README.md", "LICENSE", ".git/x.txt", "a/.DS_Store")
    assert list(listed(tmp_path)) == [
        "a/README.md",
        "a/deep/1.TXT",
        "b/2.txt",
        "b/no ending",
        "b/日报2023.7.4",
        "c.jsonl",
    ]
    assert set(listed(tmp_path).values()) == {""}


def test_a_file_has_its_size_and_time(tmp_path):
    file = list_files(fill(tmp_path, "a/1.txt"))[0]
    status = (tmp_path / "a/1.txt").stat()
    assert file == CorpusFile("a/1.txt", status.st_size, status.st_mtime_ns)


def test_a_format_that_is_not_read_is_listed_with_what_to_do(tmp_path):
    assert listed(fill(tmp_path, "a/1.txt", "a/2.DOC"))["a/2.DOC"] == (
        "format .doc is not read; convert it to .txt, .docx or .pdf"
    )


def test_links_that_leave_the_corpus_are_named_and_not_followed(tmp_path):
    outside = fill(tmp_path, "outside/secret.txt") / "outside"
    root = fill(tmp_path / "corpus", "a/1.txt")
    (root / "a/file.txt").symlink_to(outside / "secret.txt")
    (root / "a/folder").symlink_to(outside)
    (root / "a/up").symlink_to(tmp_path)
    files = {f.path: f for f in list_files(root)}
    assert set(files) == {"a/1.txt", "a/file.txt", "a/folder", "a/up"}
    for path in ("a/file.txt", "a/folder", "a/up"):
        assert files[path] == CorpusFile(path, 0, 0, "a link that leads outside the corpus; not followed")


def test_a_sibling_whose_name_begins_as_the_corpus_does_is_outside(tmp_path):
    root = fill(tmp_path / "corpus", "a/1.txt")
    (root / "a/2.txt").symlink_to(fill(tmp_path / "corpus2", "x.txt") / "x.txt")
    assert "outside" in listed(root)["a/2.txt"]


def test_links_inside_the_corpus(tmp_path):
    fill(tmp_path, "a/1.txt")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "a/same.txt").symlink_to("1.txt")
    (tmp_path / "a/gone.txt").symlink_to("0.txt")
    (tmp_path / "a/self.txt").symlink_to("self.txt")
    nowhere = "a link that leads nowhere"
    assert listed(tmp_path) == {"a/1.txt": "", "a/same.txt": "", "a/gone.txt": nowhere, "a/self.txt": nowhere}


def test_a_corpus_may_itself_be_a_link(tmp_path):
    fill(tmp_path, "there/a/1.txt")
    (tmp_path / "here").symlink_to("there")
    assert listed(tmp_path / "here") == {"a/1.txt": ""}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_a_document(tmp_path):
    os.mkfifo(fill(tmp_path, "a/1.txt") / "a/2.txt")
    assert "pipe" in listed(tmp_path)["a/2.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
def test_a_name_that_is_not_utf8_is_listed_safely(tmp_path):
    fill(tmp_path, "a/1.txt")
    Path(os.fsdecode(os.fsencode(tmp_path / "a") + b"/\xc8\xd5\xb1\xa8.txt")).touch()
    problems = listed(tmp_path)
    assert [path for path, problem in problems.items() if "not UTF-8" in problem]
    "".join(problems).encode("utf-8")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may open every folder")
def test_a_folder_that_cannot_be_opened_is_named(tmp_path):
    fill(tmp_path, "a/1.txt", "b/1.txt")
    (tmp_path / "b").chmod(0)
    try:
        assert "cannot be opened" in listed(tmp_path)["b"]
    finally:
        (tmp_path / "b").chmod(0o755)


def test_a_corpus_that_cannot_be_used_says_what_to_do(tmp_path):
    fill(tmp_path, "file.txt", "pictures/1.gif")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match=r"does not exist.*corpus/<source>/"):
        list_files(tmp_path / "nowhere")
    with pytest.raises(CorpusError, match="is a file, not a folder"):
        list_files(tmp_path / "file.txt")
    with pytest.raises(CorpusError, match=r"no file that can be read\. .*fields source, date, title and text"):
        list_files(tmp_path / "empty")
    with pytest.raises(CorpusError, match=r"of 1 found, the first is 1\.gif: format \.gif"):
        list_files(tmp_path / "pictures")


def test_importing_it_is_cheap():
    code = "import sys, baokan.corpus.listing; print([m for m in ('pandas', 'numpy', 'pyarrow') if m in sys.modules])"
    path = str(Path(corpus.__file__).parents[2])
    env = os.environ | {"PYTHONPATH": path}
    assert subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True).stdout == "[]\n"


# --- shards and fingerprints


def test_shards_are_stable_and_even():
    # Fixed numbers: another hash would send every document to another shard and re-run them all.
    assert [shard_of(p, 8) for p in ("newspaper/a.txt", "gazette/公报.txt")] == [1, 4]
    counts = Counter(shard_of(f"source/{i}.txt", 4) for i in range(4000))
    assert set(counts) == {0, 1, 2, 3}
    assert min(counts.values()) > 900


def test_a_fingerprint_changes_with_anything_that_matters():
    file = CorpusFile("a/1.txt", 10, 5)
    variants = [[file], [], [CorpusFile("a/2.txt", 10, 5)], [CorpusFile("a/1.txt", 11, 5)], [file, file]]
    variants += [[CorpusFile("a/1.txt", 10, 6)], [CorpusFile("a/1.txt", 10, 5, "a link")]]
    prints = [fingerprint(v) for v in variants] + [fingerprint([file], "extra")]
    assert len(set(prints)) == len(prints)
    assert all(len(p) == 16 for p in prints)
    assert fingerprint([CorpusFile("a/1.txt", 10, 5)]) == prints[0]


# --- names


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2023-07-04", "2023-07-04"),
        ("2023-07-04.txt", "2023-07-04"),
        ("rmrb_20230704_01", "2023-07-04"),
        ("2023_07_04", "2023-07-04"),
        ("人民日报2023.7.4", "2023-07-04"),
        ("人民日报2023年7月4日第3版", "2023-07-04"),
        ("20230704", "2023-07-04"),
        ("2023-07-04-05", "2023-07-04"),
        ("2024-02-29", "2024-02-29"),
        ("20239999 再版 2023-07-04", "2023-07-04"),
        ("2023-07-04 至 20230711", "2023-07-04"),
    ],
)
def test_a_whole_valid_date_in_a_name_is_its_date(name, date):
    assert date_in_name(name) == date


@pytest.mark.parametrize(
    "name",
    [
        "9a64b28de39adadf",
        "002_bb188c7ad212362b",
        "a20230704b",
        "x20230704",
        "20230704f",
        "20231399",
        "12020230704998",
        "2023-02-29",
        "2023-07_04",
        "17990101",
        "21010101",
        "2023-07",
        "2023",
        "",
    ],
)
def test_digits_that_are_no_date_are_not_read_as_one(name):
    assert date_in_name(name) is None


@given(st.text("0123456789abcdef", min_size=9, max_size=40))
def test_no_hash_holds_a_date_or_an_issue(name):
    assert date_in_name(name) is None
    assert issue_in_name(name) is None


@given(st.dates(min_value=datetime.date(1800, 1, 1), max_value=datetime.date(2100, 12, 31)))
def test_every_date_is_found_in_each_way_of_writing_it(date):
    ways = ("%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d", "%Y年%m月%d日")
    assert {date_in_name(f"某报 {date.strftime(way)} 一版.txt") for way in ways} == {date.isoformat()}


@pytest.mark.parametrize(
    ("name", "issue"),
    [
        ("2023-07", "2023-07"),
        ("杂志_2023_07", "2023-07"),
        ("2023年7月", "2023-07"),
        ("新刊2023年第7期", "2023年第7期"),
        ("2023-07期", "2023-07期"),
        ("2023年第7-8期 合刊", "2023年第7-8期"),
        ("2023年第十二期", "2023年第十二期"),
        ("某刊总第151期", "总第151期"),
        ("2023-07-04 总第151期", "总第151期"),
        ("第7期", None),
        ("2023-07-04", None),
        ("2023-07-99", None),
        ("2023-13", None),
        ("9a64b28de39adadf", None),
    ],
)
def test_issues_in_names(name, issue):
    assert issue_in_name(name) == issue


def test_a_month_is_an_issue_and_no_date():
    assert describe("magazine/2023-07.txt", {}) == {
        "source": "magazine",
        "publication": "",
        "issue": "2023-07",
        "date": "",
    }


@pytest.mark.parametrize(
    ("path", "override", "expected"),
    [
        ("paper/2023-07-04.txt", {}, ("paper", "", "2023-07-04", "2023-07-04")),
        ("paper/2023-07/2023-07-04/01.txt", {}, ("paper", "", "2023-07-04", "2023-07-04")),
        ("paper/2023-07/2023-07-04.txt", {}, ("paper", "", "2023-07-04", "2023-07-04")),
        ("magazine/总第151期/01.txt", {}, ("magazine", "", "总第151期", "")),
        ("magazine/9a64b28de39adadf.txt", {}, ("magazine", "", "", "")),
        ("2023-07-04.txt", {}, ("", "", "2023-07-04", "2023-07-04")),
        ("paper/2023-07-04.txt", {"date": "2023-07-05"}, ("paper", "", "2023-07-05", "2023-07-05")),
        ("paper/2023-07-04.txt", {"issue": "晚报"}, ("paper", "", "晚报", "2023-07-04")),
        (
            "paper/x.txt",
            {"source": "gazette", "publication": "公报", "date": "2021", "issue": ""},
            ("gazette", "公报", "2021", "2021"),
        ),
    ],
)
def test_what_is_known_of_a_file(path, override, expected):
    assert tuple(describe(path, override).values()) == expected


# --- documents.tsv


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


def test_rows_about_no_file_are_reported(tmp_path):
    files = list_files(fill(tmp_path, "a/1.txt"))
    assert unmatched_overrides({"a/1.txt": {}, "b/2.txt": {}, "../secret": {}}, files) == ["../secret", "b/2.txt"]


@pytest.mark.parametrize(
    ("value", "valid"),
    [("2023", 1), ("2023-07", 1), ("2024-02-29", 1), ("2023-02-29", 0), ("2023-7", 0), ("202307", 0), ("1799", 0)],
)
def test_dates_of_three_precisions(value, valid):
    assert is_date(value) == bool(valid)
