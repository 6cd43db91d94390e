"""The call that make starts, where it says the results are, and what it takes up where Snakemake's records are gone."""

import os
import time

import pytest
from baokan.corpus.inventory import Inventory
from baokan.reading.dependence import write_record
from baokan.running.launch import command, not_taken_up, results_folder


def test_what_is_not_given_is_left_to_the_configuration():
    assert command("", "", "", "")[1:] == ["-m", "snakemake", "--cores", "all"]


def test_corpus_name_cores_and_file_are_passed_on():
    call = command("press", "mine", "3", "my.yaml")[3:]
    assert call == ["--cores", "3", "--configfile", "my.yaml", "--config", "corpus=press", "name=mine"]


def test_the_folder_follows_corpus_name_and_file(tmp_path, monkeypatch):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_text("corpus: data/sample\nname: ''\ntopics: {k: [8]}\n")
    (tmp_path / "my.yaml").write_text("corpus: elsewhere/press\n")
    monkeypatch.chdir(tmp_path)
    assert results_folder("", "", "") == "results/sample"
    assert results_folder("../a/daily", "", "") == "results/daily"
    assert results_folder("../a/daily", "mine", "my.yaml") == "results/mine"
    assert results_folder("", "", "my.yaml") == "results/press"


# --- what Snakemake, without its records, does not see

DAY = "日报/2023-01-03.txt"


@pytest.fixture
def results(tmp_path):
    """The folder of a run on a corpus of nine files, as it stands after its end."""
    for day in range(1, 10):
        path = tmp_path / f"press/日报/2023-01-0{day}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("渡口的早市天不亮就开了。" * day, encoding="utf-8")
    listed(tmp_path)
    for shard in (corpus := Inventory.of(tmp_path / "press", 2)).shards:
        write_record(tmp_path / f"logs/read_{shard}.ocr.json", [corpus.fingerprint(shard), {}, "code"], {}, False)
    return tmp_path


def listed(results):
    """Write down what a run that begins now lists."""
    Inventory.of(results / "press", 2).write(results / "logs/listing.json")


def test_a_run_with_nothing_to_do_on_a_corpus_that_has_changed_is_repeated_from_the_reading_on(results):
    assert not_taken_up(str(results), time.time_ns()) == []
    os.utime(results / "press" / DAY)
    assert not_taken_up(str(results), time.time_ns()) == ["read"]


def test_so_are_the_shards_that_another_run_listed_and_did_not_read(results):
    began = time.time_ns() - 10**9
    os.utime(results / "press" / DAY)
    assert not_taken_up(str(results), began) == []  # changed since it began: for the next run
    listed(results)
    shards = Inventory.of(results / "press", 2).by_shard
    (changed,) = [shard for shard, files in shards.items() if DAY in [file.path for file in files]]
    assert not_taken_up(str(results), began) == [f"{results}/corpus/shards/{changed}/decoded.parquet"]


def test_without_a_listing_or_a_record_nothing_is_repeated(results):
    listed(results)
    for record in (results / "logs").glob("read_*"):
        record.write_text("{")
    assert not_taken_up(str(results), 0) == []
    (results / "logs/listing.json").unlink()
    assert not_taken_up(str(results), 0) == []
