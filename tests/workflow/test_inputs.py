"""Corpora and configurations as users bring them, good and bad: a right result, or a sentence that says what to do."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest
from made_records import TEXTS, records


def refused(project, *arguments: str) -> str:
    done = project.run(*arguments, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    return done.stdout


def test_a_wrong_key_stops_with_its_path_and_the_allowed_keys(project):
    project.write("my.yaml", "topics: {numbers: [5]}\nwords: {stopword: [a.txt]}\n")
    said = refused(project, "-n", "--configfile", "my.yaml")
    assert "topics: unknown key numbers" in said and "iterations" in said
    assert "stopword (did you mean stopwords?)" in said


def test_a_wrong_value_stops_with_what_was_found_and_what_is_allowed(project):
    project.write("my.yaml", "topics: {engine: mallet, seeds: none}\ncompare: {confidence: 95}\n")
    said = refused(project, "-n", "--configfile", "my.yaml")
    assert "topics.engine: found 'mallet', allowed is one of tomotopy, gensim" in said
    assert "topics.seeds: found 'none'" in said
    assert "compare.confidence: found 95, allowed is a number below 1" in said


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda root: None, "does not exist"),
        (lambda root: (root / "corpus").mkdir(), "no file that can be read"),
        (lambda root: (root / "corpus").write_text("x"), "is a file, not a folder"),
    ],
)
def test_an_empty_or_missing_corpus_says_what_to_do(project, make, sentence):
    make(project.root)
    said = refused(project, "-n", "--config", "corpus=corpus")
    assert sentence in said and "corpus/<source>/" in said


def test_too_little_text_says_what_to_change(project):
    project.write("corpus/daily/2023-01-01.txt", "水位退了。\n")
    said = refused(
        project,
        *project.light(shards=1),
        "--config",
        "corpus=corpus",
        "name=tiny",
        "--",
        "results/tiny/topics/search.parquet",
    )
    assert "too few for a topic model" in said or "TooLittleText" in said
    assert "words.min_articles" in said


def test_one_source_of_two_articles_and_more_topics_makes_a_report_that_says_so(project):
    """An article and another nearly like it, with the filters open and K far above them."""
    text = "".join(TEXTS)
    project.write("few/daily/2023-01-01.txt", text + "\n")
    project.write(
        "few/daily/2023-01-02.txt",
        text[: len(text) // 2] + "牧民和修复的人说起壁画和水位。" + text[len(text) // 2 :] + "\n",
    )
    open_filters = {"min_articles": 1, "min_issues": 1, "max_article_share": 1, "max_issue_share": 1}
    topics = {"k": [2, 30], "seeds": 2, "chosen_seeds": 3, "check_engine": "none", "iterations": 40}
    project.run(
        *project.light(shards=1, words=open_filters | {"audit_characters": 0}, topics=topics),
        "--config",
        "corpus=few",
        "--",
        "results/few/report.html",
    )
    results = project.root / "results/few"
    found = pd.read_parquet(results / "topics/topics.parquet")
    assert len(found) in (2, 30) and found["label"].is_unique
    assert found[["share", "coherence", "exclusivity", "stability"]].notna().all(axis=None)
    report = (results / "report.html").read_text(encoding="utf-8")
    assert "topics of 2 articles." in report
    assert re.search(r">\s*(nan|NaN)\b|\bnan[ \u00a0]%", report) is None
    assert "there is nothing to compare it with" in report
    assert len(pd.read_parquet(results / "compare/contrasts.parquet")) == 0


def test_records_of_jsonl_and_csv_are_the_same_articles(project):
    rows = records(48)
    project.write("a/press.jsonl", "\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n")
    (project.root / "b").mkdir()
    pd.DataFrame(rows).to_csv(project.root / "b/press.csv", index=False, encoding="gb18030")
    for name in "ab":
        project.run(
            *project.light(),
            "--config",
            f"corpus={name}",
            f"name={name}",
            "--",
            f"results/{name}/corpus/articles.parquet",
        )
    a, b = (pd.read_parquet(project.root / f"results/{name}/corpus/articles.parquet") for name in "ab")
    assert set(a["source"]) == {"daily", "weekly"} and len(a) == 48
    # But for the name and the line of the file, all that is known of an article and all of its text.
    kept = ["source", "publication", "issue", "issue_id", "issue_date", "title", "text", "n_chars", "kind", "quality"]
    pd.testing.assert_frame_equal(*(t[kept].sort_values("title", ignore_index=True) for t in (a, b)))


def test_names_are_kept_inside_results(project):
    project.small_corpus()
    said = refused(project, "-n", "--config", "corpus=small", "name=../../outside")
    assert "name: found '../../outside'" in said


def test_make_names_a_missing_config_file(project):
    done = subprocess.run(
        [sys.executable, "-m", "baokan.running.launch", "--configfile", "absent.yaml"],
        cwd=project.root, env=project.environment(), text=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and "absent.yaml" in done.stderr
