"""Corpora and configurations as users bring them, good and bad: a right result, or a sentence that says what to do."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest

TEXTS = [
    "河水在夜里涨了半米，巡堤的人沿着堤段走到天亮，转移的群众住进了学校的教室，水位到中午才慢慢退下去。",
    "草场的围栏拆了三里，牧民把铁丝卷起来装车，羊群过了沟口，老人说从前的界桩还埋在石头下面。",
    "卫生室的药柜换了新锁，村医每天记下血压和体温，医院的医生下乡巡诊，病人坐在院子里等着叫名字。",
    "壁画的颜料一层层翘起来，修复的人用棉签蘸着胶水，研究所的相机把墙面拍成了照片，颜色慢慢稳住了。",
]


def records(n: int) -> list[dict]:
    sources = ("weekly", "daily")
    return [
        {
            "id": f"r{i}",
            "source": sources[i % 2],
            "publication": "测试报",
            "issue": f"2023-{1 + i // 4 % 9:02d}",
            "date": f"2023-{1 + i // 4 % 9:02d}-05",
            "title": f"第{i}条消息",
            "text": TEXTS[i % 4] * 2 + TEXTS[(i + i // 4) % 4],
        }
        for i in range(n)
    ]


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
    said = refused(project, *project.light(), "--config", "corpus=corpus", "name=tiny")
    assert "too few for a topic model" in said or "TooLittleText" in said
    assert "words.min_articles" in said


def test_one_source_of_two_articles_and_more_topics_makes_a_report_that_says_so(project):
    """One article and its copy in another issue, with the filters open and K far above them."""
    text = "".join(TEXTS)
    project.write("few/daily/2023-01-01.txt", text + "\n")
    project.write(
        "few/daily/2023-01-02.txt",
        text[: len(text) // 2] + "牧民和修复的人说起壁画和水位。" + text[len(text) // 2 :] + "\n",
    )
    open_filters = {"min_articles": 1, "min_issues": 1, "max_article_share": 1, "max_issue_share": 1}
    topics = {"k": [2, 30], "seeds": 2, "chosen_seeds": 3, "check_seeds": 1, "iterations": 40}
    project.run(*project.light(shards=1, words=open_filters, topics=topics), "--config", "corpus=few")
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


def test_hostile_text_without_issue_or_date_is_harmless_described_and_named(project):
    rows = [{k: v for k, v in r.items() if k not in ("issue", "date")} for r in records(40)]
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} </style> [a](javascript:alert(3))"
    for row in rows:
        row["title"] = "=cmd|' /C calc'!A0" + attack
        row["text"] += attack
    rows[0]["source"] = '"><script>alert(4)</script>'
    project.write("hostile/press.jsonl", "\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n")
    project.run(*project.light(shards=1), "--config", "corpus=hostile")
    report = (project.root / "results/hostile/report.html").read_text(encoding="utf-8")
    assert "<script" not in report and "<img src=x" not in report
    assert "&lt;script&gt;" in report
    assert "column" in report and "issue" in report
    contrasts = pd.read_parquet(project.root / "results/hostile/compare/contrasts.parquet")
    assert not contrasts["eligible"].any() and contrasts["mean_a"].notna().all()
    markdown = (project.root / "results/hostile/report.md").read_text(encoding="utf-8")
    assert "<script" not in markdown
    articles = pd.read_csv(project.root / "results/hostile/tables/articles.csv", dtype=str, keep_default_na=False)
    assert not articles.map(lambda v: v.startswith(("=", "+", "@"))).any(axis=None)
    assert articles["title"].str.startswith("'=cmd").any()


def test_names_are_kept_inside_results(project):
    project.small_corpus()
    said = refused(project, "-n", "--config", "corpus=small", "name=../../outside")
    assert "name: found '../../outside'" in said


def test_make_names_a_missing_config_file(project):
    done = subprocess.run(
        [sys.executable, "-m", "baokan.launch", "--configfile", "absent.yaml"],
        cwd=project.root, env=project.environment(), text=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and "absent.yaml" in done.stderr
