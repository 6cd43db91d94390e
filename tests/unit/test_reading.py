"""The files of one shard to rows of the documents table."""

import hashlib
import json
import os

import pandas as pd
import pyarrow as pa
import pytest
from baokan.corpus.listing import CorpusFile, list_files
from baokan.corpus.overrides import read_overrides
from baokan.reading.formats import Settings
from baokan.reading.rows import COLUMNS
from baokan.reading.shard import read_shard
from hypothesis import given, settings
from hypothesis import strategies as st

STORY = "村口的桥修好了，送货的车不用再绕山路。老人说，这是他等了三十年的一天。"


def read(root, files: dict[str, bytes | str], **options) -> pd.DataFrame:
    """The documents of a corpus that holds `files`, by document_id."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)
    frame = read_shard(root, list_files(root), read_overrides(root), **options)
    assert list(frame.columns) == list(COLUMNS)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMNS
    assert frame["document_id"].is_unique
    assert frame["document_id"].is_monotonic_increasing
    assert (frame["text"].str.len() == frame["n_chars"]).all()
    pa.Table.from_pandas(frame).validate(full=True)
    return frame.set_index("document_id")


def jsonl(*records: dict) -> str:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)


def test_no_files_no_rows_but_all_columns(tmp_path):
    frame = read_shard(tmp_path, [], {})
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMNS
    assert len(frame) == 0


def test_a_text_file_is_a_document(tmp_path):
    data = STORY.encode("gb18030")
    row = read(tmp_path, {"paper/2023-07-04.txt": data}).loc["paper/2023-07-04.txt"]
    assert row.drop(["text", "marks", "page_starts"]).to_dict() == {
        "path": "paper/2023-07-04.txt",
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": "txt",
        "encoding": "gb18030",
        "method": "",
        "source": "paper",
        "publication": "",
        "issue": "2023-07-04",
        "date": "2023-07-04",
        "title": "",
        "n_chars": len(STORY),
        "for_ocr": False,
        "status": "ok",
        "problem": "",
    }
    assert row["text"] == STORY


def test_documents_tsv_says_more_and_wins(tmp_path):
    table = "path\tsource\tpublication\tissue\tdate\ttitle\npaper/1.txt\tgazette\t公报\t总第9期\t2021\t通告\n"
    row = read(tmp_path, {"paper/1.txt": STORY, "documents.tsv": table}).loc["paper/1.txt"]
    assert row[["source", "publication", "issue", "date", "title"]].tolist() == [
        "gazette",
        "公报",
        "总第9期",
        "2021",
        "通告",
    ]


def test_a_document_without_source_or_issue_names_the_column_to_fill(tmp_path):
    row = read(tmp_path, {"9a64b28de39adadf.txt": STORY}).loc["9a64b28de39adadf.txt"]
    assert (row["source"], row["issue"], row["status"]) == ("unlabelled", "", "ok")
    assert "no source: put the file in a folder named after its source or fill the column source" in row["problem"]
    assert "belongs to no issue" in row["problem"]
    assert "column issue or date of documents.tsv" in row["problem"]


def test_records_of_jsonl(tmp_path):
    records = jsonl(
        {
            "id": "a1",
            "source": "gazette",
            "publication": "公报",
            "issue": 7,
            "date": "2021-05",
            "title": "令",
            "text": "甲",
        },
        {"Text": "乙", "DATE": "2021-06-01"},
        {"id": "c", "content": "丙", "date": "2021/7/4"},
        {"id": "d", "date": "2021-07-05", "text": " "},
    )
    frame = read(tmp_path, {"newspaper.jsonl": records})
    assert list(frame.index) == [f"newspaper.jsonl#{i}" for i in ("2", "a1", "c", "d")]
    about = frame[["source", "publication", "issue", "date", "title", "text"]]
    assert about.loc["newspaper.jsonl#a1"].tolist() == ["gazette", "公报", "7", "2021-05", "令", "甲"]
    assert about.loc["newspaper.jsonl#2"].tolist() == ["newspaper", "", "2021-06-01", "2021-06-01", "", "乙"]
    assert about.loc["newspaper.jsonl#c"].tolist() == ["newspaper", "", "2021-07-04", "2021-07-04", "", "丙"]
    assert frame.loc["newspaper.jsonl#d", ["status", "problem"]].tolist() == ["skipped", "it has no text"]
    assert (frame["sha256"] == hashlib.sha256(records.encode()).hexdigest()).all()


def test_a_folder_is_the_source_of_records_that_name_none(tmp_path):
    frame = read(tmp_path, {"gazette/2021-03-02.jsonl": jsonl({"text": "甲"}, {"text": "乙", "source": "paper"})})
    assert frame["source"].tolist() == ["gazette", "paper"]
    assert frame["issue"].tolist() == ["2021-03-02", "2021-03-02"]


def test_documents_tsv_wins_over_records(tmp_path):
    files = {"p.jsonl": jsonl({"text": "甲", "source": "a", "date": "2021-01-01"})}
    files["documents.tsv"] = "path\tsource\tdate\np.jsonl\tb\t2022-02-02\n"
    row = read(tmp_path, files).iloc[0]
    assert row[["source", "issue", "date"]].tolist() == ["b", "2022-02-02", "2022-02-02"]


def test_one_bad_line_costs_one_line(tmp_path):
    lines = '{"id": "a", "text": "甲"}\n{"id": "b", "text": \n[1, 2]\n\n{"id": "c", "text": "丙"}\n' + "[" * 100_000
    frame = read(tmp_path, {"p.jsonl": lines})
    assert frame["status"].to_dict() == {
        "p.jsonl#a": "ok",
        "p.jsonl#c": "ok",
        "p.jsonl#line 2": "failed",
        "p.jsonl#line 3": "failed",
        "p.jsonl#line 6": "failed",
    }
    assert "line 2 is not valid JSON" in frame.loc["p.jsonl#line 2", "problem"]
    assert "no object" in frame.loc["p.jsonl#line 3", "problem"]


def test_a_repeated_id_is_kept_and_noted(tmp_path):
    ids = ["x", "x", "x~2", "x", "y"]
    frame = read(tmp_path, {"p.jsonl": jsonl(*({"id": i, "text": "甲"} for i in ids))})
    assert len(frame) == 5
    assert frame.loc["p.jsonl#x", "problem"].count("more than once") == 0
    assert "the id x stands in the file more than once" in frame.loc["p.jsonl#x~2", "problem"]


def test_values_of_wrong_types_are_written_out(tmp_path):
    record = {"id": 5, "text": ["甲", None], "title": {"a": 1}, "source": None, "date": 2021, "issue": True}
    row = read(tmp_path, {"p.jsonl": jsonl(record)}).loc["p.jsonl#5"]
    assert row[["text", "title", "source", "date", "issue"]].tolist() == [
        "['甲', None]",
        "{'a': 1}",
        "p",
        "2021",
        "True",
    ]
    assert "its text is no string but a list" in row["problem"]


def test_a_date_that_is_not_understood_is_noted_and_not_used(tmp_path):
    row = read(tmp_path, {"p.jsonl": jsonl({"text": "甲", "date": "2021-13-45"})}).iloc[0]
    assert (row["date"], row["issue"], row["status"]) == ("", "", "ok")
    assert "the date '2021-13-45' is not understood" in row["problem"]
    assert "fill the field issue or date of the record" in row["problem"]


@pytest.mark.parametrize(
    ("written", "date"),
    [("2021-03-04T08:30:00Z", "2021-03-04"), ("2021-03-04 08:30", "2021-03-04"), ("2021年3月4日", "2021-03-04")],
)
def test_other_ways_to_write_a_date_in_a_record(tmp_path, written, date):
    assert read(tmp_path, {"p.jsonl": jsonl({"text": "甲", "date": written})}).iloc[0]["date"] == date


def test_lone_surrogates_and_control_characters_keep_offsets(tmp_path):
    line = r'{"id": "a\ud800b", "text": "甲\ud800乙\u0000丙\u0007丁\t\n\ud83d\ude00"}'
    row = read(tmp_path, {"p.jsonl": line}).loc["p.jsonl#a\ufffdb"]
    assert row["text"] == "甲\ufffd乙 丙 丁\t\n😀"
    assert row["status"] == "damaged"
    assert "2 control characters were replaced by blanks" in row["problem"]
    assert "1 broken characters" in row["problem"]


def test_a_separator_of_unicode_does_not_end_a_json_line(tmp_path):
    assert read(tmp_path, {"p.jsonl": '{"text": "甲\u2028乙"}'}).iloc[0]["text"] == "甲\u2028乙"


@pytest.mark.parametrize(("name", "separator"), [("paper.csv", ","), ("paper.tsv", "\t")])
def test_records_of_tables(tmp_path, name, separator):
    long = STORY * 6000
    rows = [["ID", "date", "text"], ["a", "2021-01-02", f'"{long}\n第二段，"'], ["", "", ""], ["", "2021-01-03", "乙"]]
    frame = read(tmp_path, {name: "\r\n".join(separator.join(row) for row in rows)})
    assert list(frame.index) == [f"{name}#2", f"{name}#a"]
    assert frame["source"].tolist() == ["paper", "paper"]
    assert frame.loc[f"{name}#a", "text"] == long + "\n第二段，"


def test_a_table_without_a_text_column_says_which_columns_it_has(tmp_path):
    row = read(tmp_path, {"p.csv": "标题,正文\n甲,乙\n"}).iloc[0]
    assert (row["status"], row["text"]) == ("failed", "")
    assert "no column is called text or content; the columns are 标题, 正文" in row["problem"]


def test_a_text_cut_at_an_unquoted_comma_is_called_damaged(tmp_path):
    row = read(tmp_path, {"p.csv": "date,text\n2021-01-02,one, two\n"}).iloc[0]
    assert row["status"] == "damaged"
    assert "3 cells, the header 2" in row["problem"]


@pytest.mark.parametrize(
    ("name", "content", "status", "problem"),
    [
        ("a/1.txt", b"", "skipped", "the file is empty"),
        ("a/1.txt", b" \n\n", "skipped", "it has no text"),
        ("a/1.txt", bytes(500), "failed", "looks binary"),
        ("a/1.doc", b"x", "skipped", "format .doc is not read"),
        ("a/1.txt", b"x" * 2001, "skipped", "2,001 bytes, more than 2,000"),
        ("a/1.jsonl", b"\n\n", "skipped", "holds no record"),
        ("a/1.csv", b"text\n", "skipped", "holds no record"),
    ],
)
def test_what_cannot_be_read_is_a_row_with_its_reason(tmp_path, name, content, status, problem):
    row = read(tmp_path, {"a/0.txt": STORY, name: content}, settings=Settings(max_bytes=2000)).loc[name]
    assert (row["status"], row["text"], row["source"]) == (status, "", "a")
    assert problem in row["problem"]


def test_a_file_that_is_gone_is_a_row(tmp_path):
    row = read_shard(tmp_path, [CorpusFile("a/1.txt", 5, 5)], {}).iloc[0]
    assert row["status"] == "failed"
    assert "No such file" in row["problem"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_a_row(tmp_path):
    (tmp_path / "1.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "1.txt").chmod(0)
    row = read(tmp_path, {}).loc["1.txt"]
    assert row["status"] == "failed"
    assert "cannot be read" in row["problem"]


def test_damage_is_reported_where_it_is(tmp_path):
    broken = STORY.encode() + b"\xff" + STORY.encode()
    records = jsonl({"id": "a", "text": STORY}).encode() + b'{"id": "b", "text": "' + broken + b'"}\n'
    frame = read(tmp_path, {"a/2021-01-02.txt": broken, "a/2021-01-03.jsonl": records})
    assert frame["status"].tolist() == ["damaged", "ok", "damaged"]
    assert f"the first is at byte {len(STORY.encode()):,}" in frame["problem"].iloc[0]
    assert frame["text"].iloc[0] == STORY + "\ufffd" + STORY


def test_documents_tsv_cannot_name_a_file_into_the_corpus(tmp_path):
    (tmp_path / "secret.txt").write_text("机密", encoding="utf-8")
    table = "path\tsource\n../secret.txt\ta\n/etc/hostname\ta\n"
    frame = read(tmp_path / "corpus", {"a/1.txt": STORY, "documents.tsv": table})
    assert list(frame.index) == ["a/1.txt"]


def test_a_link_that_leaves_the_corpus_is_not_read(tmp_path):
    (tmp_path / "secret.txt").write_text("机密", encoding="utf-8")
    (tmp_path / "corpus/a").mkdir(parents=True)
    (tmp_path / "corpus/a/2.txt").symlink_to(tmp_path / "secret.txt")
    row = read(tmp_path / "corpus", {"a/1.txt": STORY}).loc["a/2.txt"]
    assert (row["status"], row["text"]) == ("skipped", "")
    assert "outside the corpus" in row["problem"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["id", "text", "date", "source", "Issue"]), JSON), max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    suffix=st.sampled_from([".txt", ".jsonl", ".csv", ".tsv"]),
    data=st.binary(max_size=200)
    | st.text(st.sampled_from('甲，,"\t\n\r\0text{}[]:\\ud800'), max_size=60).map(lambda t: ("text,id\n" + t).encode())
    | RECORDS.map(lambda rs: "\n".join(map(json.dumps, rs)).encode()),
)
def test_whatever_a_file_holds_there_is_a_table(tmp_path_factory, suffix, data):
    root = tmp_path_factory.mktemp("corpus")
    frame = read(root, {f"a/1{suffix}": data})
    assert len(frame) >= 1
    assert set(frame["status"]) <= {"ok", "damaged", "skipped", "failed"}
    assert ((frame["status"] == "ok") <= (frame["n_chars"] > 0)).all()
    assert (frame["problem"].ne("") | frame["status"].eq("ok")).all()
