"""One listing of the corpus serves a run: written down, read by jobs, and held against the corpus when the run ends."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from baokan.corpus.inventory import Inventory
from baokan.corpus.listing import CorpusError
from baokan.reading.dependence import ocr_of_shard, write_record
from baokan.reading.shard import read_shard
from baokan.reporting.closing import closing_words
from baokan.tables import write_parquet
from hypothesis import given
from hypothesis import strategies as st

TEXT = "渡口的早市天不亮就开了，卖鱼的人最早到。"


@pytest.fixture
def corpus(tmp_path):
    """A folder of nine papers, a file that cannot be read, and three of the tables that may stand beside."""
    for day in range(1, 10):
        path = tmp_path / f"press/日报/2023-01-0{day}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT * day, encoding="utf-8")
    (tmp_path / "press/日报/scan.djvu").write_bytes(b"AT&T")
    (tmp_path / "press/documents.tsv").write_text("path\tissue\n日报/2023-01-01.txt\t1\n", encoding="utf-8")
    (tmp_path / "press/topics.tsv").write_text("topic\tname\n1\t早市\n", encoding="utf-8")
    (tmp_path / "press/corrections.tsv").write_text("document\taction\n日报/2023-01-02.txt\tdrop\n", encoding="utf-8")
    return tmp_path / "press"


def test_what_is_written_down_is_read_again(corpus, tmp_path):
    before = Inventory.of(corpus, 3)
    before.write(tmp_path / "logs/listing.json")
    after = Inventory.read(tmp_path / "logs/listing.json")
    assert after == before
    assert [after.fingerprint(n) for n in after.shards] == [before.fingerprint(n) for n in before.shards]
    assert [path.name for path in (tmp_path / "logs").iterdir()] == ["listing.json"]
    assert not any(after.changes().values())


@given(st.text(), st.text())
def test_a_listing_keeps_whatever_a_name_or_a_cell_holds(tmp_path_factory, name, cell):
    folder = tmp_path_factory.mktemp("listing")
    (folder / "press/a").mkdir(parents=True)
    (folder / "press/a/1.txt").write_text(TEXT, encoding="utf-8")
    made = Inventory.of(folder / "press", 2)
    made.overrides[name] = {"title": cell}
    made.write(folder / "listing.json")
    assert Inventory.read(folder / "listing.json") == made


def test_files_that_come_while_a_run_works_move_no_other_file_to_another_shard(corpus, tmp_path):
    listing = tmp_path / "listing.json"
    run = Inventory.of(corpus, 8)
    run.write(listing)
    for number in range(60):
        (corpus / f"日报/new{number}.txt").write_text(TEXT * 400, encoding="utf-8")
    assert Inventory.of(corpus, 8).n_shards > run.n_shards  # listed anew, files would be looked for elsewhere
    jobs = [Inventory.of_run(listing, corpus, 8) for _ in run.shards]
    found = [
        file.path
        for shard, job in zip(run.shards, jobs, strict=True)
        for file in job.files_of(shard, run.fingerprint(shard))
    ]
    assert sorted(found) == [file.path for file in run.files]
    assert len(jobs[0].changes()["added"]) == 60


@pytest.mark.parametrize("written", ["", "{", "[]", '{"root": 1}', None])
def test_without_a_listing_a_job_lists_the_corpus_and_refuses_another_one(corpus, tmp_path, written):
    listing = tmp_path / "listing.json"
    if written is not None:
        listing.write_text(written)
    run = Inventory.of(corpus, 3)
    shard = run.shards[0]
    assert Inventory.of_run(listing, corpus, 3) == run
    for number in range(20):
        (corpus / f"日报/new{number}.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(CorpusError, match="has changed since the run began: start the run again"):
        Inventory.of_run(listing, corpus, 3).files_of(shard, run.fingerprint(shard))


def test_what_has_become_of_the_corpus_is_named(corpus):
    before = Inventory.of(corpus, 3)
    (corpus / "日报/2023-01-10.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "日报/2023-01-03.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "日报/2023-01-04.txt").unlink()
    (corpus / "topics.tsv").unlink()
    (corpus / "themes.tsv").write_text("theme\tterm\n市\t早市\n", encoding="utf-8")
    assert before.changes() == {
        "added": [str(corpus / "themes.tsv"), "日报/2023-01-10.txt"],
        "changed": ["日报/2023-01-03.txt"],
        "removed": [str(corpus / "topics.tsv"), "日报/2023-01-04.txt"],
    }
    for path in sorted(corpus.rglob("*.*")):
        path.unlink()
    assert len(before.changes()["removed"]) == 13


def test_a_table_that_is_saved_again_and_says_the_same_is_no_change(corpus):
    before = Inventory.of(corpus, 3)
    (corpus / "topics.tsv").write_text(
        "topic\tname\tnote\n1\t早市\t看过了\n", encoding="utf-8"
    )  # a note is the user's own
    os.utime(corpus / "documents.tsv", ns=(1, 1))
    (corpus / "themes.tsv").write_text("theme\tterm\n", encoding="utf-8")
    assert not any(before.changes().values())
    (corpus / "documents.tsv").write_text("path\tissue\n日报/2023-01-01.txt\t2\n", encoding="utf-8")
    (corpus / "corrections.tsv").write_text("document\n", encoding="utf-8")  # cannot be used
    assert before.changes()["changed"] == [str(corpus / "corrections.tsv"), str(corpus / "documents.tsv")]


def test_a_file_that_changes_between_listing_and_reading_is_read_with_a_note(corpus):
    inventory = Inventory.of(corpus, 1)
    (corpus / "日报/2023-01-05.txt").write_text(TEXT + "后来又添了一句。", encoding="utf-8")
    os.utime(corpus / "日报/2023-01-06.txt", ns=(1, 1))
    table = read_shard(inventory.root, inventory.files, inventory.overrides).set_index("document_id")
    changed = table["problem"].str.contains("changed while the run was at work: run again")
    assert sorted(table.index[changed]) == ["日报/2023-01-05.txt", "日报/2023-01-06.txt"]
    assert table.loc["日报/2023-01-05.txt", "text"].endswith("后来又添了一句。")


# --- which shards depend on OCR

NEW, OLD = {"rapidocr": "3.10.1"}, {"rapidocr": "3.10.0"}


@pytest.mark.parametrize(
    ("for_ocr", "then", "now", "same", "found"),
    [
        (False, {}, NEW, True, {}),  # OCR was installed since, and no page needs it
        (False, OLD, NEW, True, OLD),
        (False, OLD, {}, True, OLD),
        (True, {}, NEW, True, NEW),
        (True, OLD, NEW, True, NEW),
        (True, OLD, {}, True, {}),
        (False, {}, NEW, False, NEW),  # the shard is read anew in any case: who knows what is in it
    ],
)
def test_a_shard_depends_on_ocr_only_if_a_page_of_it_does(tmp_path, for_ocr, then, now, same, found):
    record, reading = tmp_path / "ocr.json", ["f0", {"ocr": "auto"}, "c0"]
    write_record(record, reading, then, for_ocr)
    assert ocr_of_shard(record, reading if same else ["f1", *reading[1:]], now) == found


@pytest.mark.parametrize("written", [None, "", "{}", "[]", json.dumps({"for_ocr": False})])
def test_without_a_record_the_installed_versions_count(tmp_path, written):
    if written is not None:
        (tmp_path / "ocr.json").write_text(written)
    assert ocr_of_shard(tmp_path / "ocr.json", ["f0"], NEW) == NEW


# --- the last words of a run


@pytest.fixture
def results(corpus, tmp_path):
    """The folder of a run on the corpus, as far as its last words look at it."""
    folder = tmp_path / "results/press"
    tables = {
        "corpus/documents": pd.DataFrame({"document_id": ["日报/2023-01-01.txt"], "status": ["ok"], "problem": [""]}),
        "corpus/corrections": pd.DataFrame({"row": [2], "outcome": ["applied"]}),
        "topics/rulings": pd.DataFrame({"row": [2], "topic_id": [1], "outcome": ["applied"]}),
    }
    for name, table in tables.items():
        write_parquet(table, folder / f"{name}.parquet")
    (folder / "report.html").write_text("<p>", encoding="utf-8")
    Inventory.of(corpus, 3).write(folder / "logs/listing.json")
    return str(folder)


def test_a_run_ends_by_naming_what_came_went_and_changed_meanwhile(corpus, results):
    assert "since the run began" not in closing_words(results)
    for day in range(10, 15):
        (corpus / f"日报/2023-01-{day}.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "日报/2023-01-03.txt").unlink()
    words = closing_words(results)
    assert "The document was read." in words
    assert (
        "Added since the run began: 日报/2023-01-10.txt, 日报/2023-01-11.txt, 日报/2023-01-12.txt and 2 more." in words
    )
    assert "Removed since the run began: 日报/2023-01-03.txt." in words
    assert "the same command takes up what has changed" in words


def test_a_run_that_did_not_read_what_it_listed_says_what_to_do(corpus, results):
    logs, inventory = Path(results) / "logs", Inventory.of(corpus, 3)
    for shard in inventory.shards:
        write_record(logs / f"read_{shard}.ocr.json", [inventory.fingerprint(shard), {}, "code"], {}, False)
    assert "The report is of the corpus as it was" not in closing_words(results)
    os.utime(corpus / "日报/2023-01-03.txt", ns=(1, 1))
    Inventory.of(corpus, 3).write(logs / "listing.json")
    assert "Run make, or snakemake --forcerun read." in closing_words(results)


def test_a_run_without_a_listing_ends_all_the_same(results):
    (Path(results) / "logs/listing.json").write_text("{")
    assert "The report:" in closing_words(results) and "since" not in closing_words(results)
