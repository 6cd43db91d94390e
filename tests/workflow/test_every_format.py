"""A corpus in every format that is read, run as a user runs it: PDFs, scans, Word files, archives and records together."""

import json
import re

import pandas as pd
import pytest
from made_corpus import OCR


@pytest.fixture(scope="module")
def tables(mixed):
    names = ("documents", "articles", "furniture", "doubts")
    return {name: pd.read_parquet(mixed.results / f"corpus/{name}.parquet") for name in names}


def test_every_document_is_there_with_its_format_and_state(tables):
    documents = tables["documents"].set_index("document_id")
    formats = {
        "magazine/2023-01.docx": "docx",
        "magazine/2023-02.md": "md",
        "gazette/2023-01.html": "html",
        "gazette/archive.zip/2023-02.txt": "txt",
        "newspaper/2023-04-01.pdf": "pdf",
        "newspaper/more.jsonl#r1": "jsonl",
    }
    for name, kind in formats.items():
        assert (documents.loc[name, "format"], documents.loc[name, "status"]) == (kind, "ok"), name
    assert documents.loc["gazette/2023-01.html", "encoding"] == "gb18030"
    assert documents.loc["newspaper/2023-04-01.pdf", "method"] == "text layer"
    assert documents.loc["newspaper/2023-04-01.pdf", "n_pages"] == 1
    assert documents.loc["gazette/archive.zip/2023-02.txt", ["source", "issue"]].tolist() == ["gazette", "2023-02"]
    refused = documents[documents.index.str.contains("bomb|cut")]
    assert (refused["status"] != "ok").all() and refused["problem"].ne("").all()
    assert refused["problem"].str.contains(r"bytes, more than").any()


@pytest.mark.parametrize(
    ("document", "original"),
    [
        ("magazine/2023-01.docx", "magazine/2023-01.txt"),
        ("magazine/2023-02.md", "magazine/2023-02.txt"),
        ("gazette/2023-01.html", "gazette/2023-01.txt"),
        ("gazette/archive.zip/2023-02.txt", "gazette/2023-02.txt"),
    ],
)
def test_the_articles_of_a_file_are_the_same_in_another_format(mixed, tables, document, original):
    truth = pd.read_csv(mixed.project.root / "data/sample/truth.tsv", sep="\t")
    expected = list(truth.loc[truth["file"] == original, "title"].drop_duplicates())
    found = tables["articles"].loc[tables["articles"]["document_id"] == document, "title"]
    assert list(found) == expected


def test_a_pdf_is_read_column_by_column_and_cut_at_its_headlines(tables):
    articles = tables["articles"]
    own = articles[articles["document_id"] == "newspaper/2023-04-01.pdf"]
    assert list(own["title"]) == ["山前修渠三十里 各村出工出料，水到田头", "夜校开课", "渡口小店卖什么"]
    assert (own["page"] == 1).all()
    captions = tables["furniture"][tables["furniture"]["document_id"] == "newspaper/2023-04-01.pdf"]
    assert list(captions["text"]) == ["图为渠首新开的闸门。"]
    lines = [len(p) for text in own["text"] for p in text.split("\n")]
    assert max(lines) > 60  # the lines of a column are joined to paragraphs


@pytest.mark.skipif(not OCR, reason="OCR is not installed: make ocr")
def test_a_scan_is_read(tables):
    documents = tables["documents"].set_index("document_id")
    assert documents.loc["newspaper/2023-04-02.png", "status"] == "ok"
    assert documents.loc["newspaper/2023-04-02.png", "method"].startswith("OCR (rapidocr")
    (article,) = tables["articles"][tables["articles"]["document_id"] == "newspaper/2023-04-02.png"].itertuples()
    assert article.title == "渡口小店卖什么"
    assert article.in_words > 0.4


def test_an_installed_ocr_concerns_the_shard_with_the_scan_alone(mixed):
    project = mixed.project
    listing = json.loads((mixed.results / "logs/listing.json").read_text(encoding="utf-8"))
    assert len(listing["by_shard"]) == 2
    plan = project.planned(*project.light(), "--config", "corpus=mixed", env=project.other_ocr())
    assert plan["read"] == plan["cut"] == 1


def test_the_text_of_a_pdf_is_kept_beside_it_and_offsets_count_in_it(mixed, tables):
    (path,) = (mixed.results / "corpus/extracted").glob("*/newspaper_2023-04-01.pdf.*.txt")
    text = path.read_text(encoding="utf-8")
    for article in tables["articles"][tables["articles"]["document_id"] == "newspaper/2023-04-01.pdf"].itertuples():
        raw = "".join(text[start:end] for start, end in article.spans)
        assert re.sub(r"\s", "", raw).startswith(re.sub(r"\s", "", article.title))


BAD = [
    "newspaper/bomb.zip", "newspaper/cut.docx", "newspaper/broken.txt", "newspaper/scan.pdf", "gazette/empty.txt",
    "magazine/way-out.txt", "newspaper/lost.txt",
]  # fmt: skip


def test_bad_files_do_not_stop_the_run_and_do_not_vanish(mixed, tables):
    documents = tables["documents"].set_index("document_id")
    for name in BAD:
        found = documents[documents["path"].str.startswith(name)]
        assert len(found) and (found["status"] != "ok").all() and found["problem"].ne("").all(), name
    assert not documents["sha256"].isna().any()
    report = (mixed.results / "report.html").read_text(encoding="utf-8")
    assert all(name in report for name in BAD)
    assert "root:" not in report
    n_bad = int((documents["status"] != "ok").sum())
    assert f"{n_bad} of {len(documents)} documents were not read as they should be" in mixed.project.said


def test_all_of_it_stands_on_the_data_page(mixed):
    page = (mixed.results / "data/index.html").read_text(encoding="utf-8")
    for name in ("2023-04-01.pdf", "2023-04-02.png", "archive.zip/2023-02.txt", "bomb.zip", "cut.docx"):
        assert name in page
