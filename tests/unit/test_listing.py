"""What a corpus holds: its files, their shards and fingerprints."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from baokan.corpus import listing as corpus
from baokan.corpus.listing import CorpusError, CorpusFile, fingerprint, list_files, shard_of


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
    code = "import sys, baokan.corpus.inventory; print([m for m in ('pandas', 'numpy', 'pyarrow') if m in sys.modules])"
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
