"""The call that make starts, and where it says the results are."""

from baokan.running.launch import command, results_folder


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
