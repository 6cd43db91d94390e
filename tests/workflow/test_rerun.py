"""What is run again when something changes, and what is not."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from baokan.running.launch import not_taken_up
from project_copies import Project

READING = {"read", "cut", "repeats", "gather"}
COMPARED = {"compare", "confounds", "time", "placebo", "divergence", "reprinting"}
STATISTICS = COMPARED | {"themes", "specifications", "specification_tables"}
ALL_AFTER_WORDS = {
    "vocabulary", "keyness", "contexts", "fit", "search", "refit", "check", "choose", "exports", "compare", "confounds",
    "time", "placebo", "divergence", "claims", "claims_beside", "themes", "graded_figures", "figures", "tables",
    "validation", "notebook", "report",
}  # fmt: skip


def planned(project: Project, **kwargs) -> dict[str, int]:
    return project.planned(**kwargs)


@contextmanager
def put(path: Path, text: str):
    """A file of that text, gone afterwards."""
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.unlink()


@contextmanager
def changed(path: Path, more: str = "", edit: Callable[[str], str] | None = None):
    """`path` with `more` put after its content, or edited, and as it was, times included, afterwards."""
    kept = path.read_text(encoding="utf-8")
    times = path.stat()
    path.write_text(edit(kept) if edit else kept + more, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(kept, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_second_run_has_nothing_to_do(sample):
    assert planned(sample) == {}


def test_a_changed_stopword_list_reruns_from_the_terms_on_and_not_the_reading(sample):
    with changed(sample.root / "config/stopwords/zh-press.txt", "老师\n"):
        plan = planned(sample)
    assert not READING & set(plan)
    assert set(plan) >= ALL_AFTER_WORDS  # and the tokens: no term begins or ends with a stopword


def test_a_changed_term_list_reruns_from_the_tokens_on(sample):
    with changed(sample.root / "config/terms/press.txt", "生活老师\n"):
        plan = planned(sample)
    assert not READING & set(plan)
    assert plan["tokens"] > 1 and set(plan) >= ALL_AFTER_WORDS


@pytest.fixture(scope="module")
def reruns(sample):
    """A function from a module of baokan to the rules that run again when it is edited: those whose `code` covers it, and, by the
    graph of rules that Snakemake draws, all after them."""
    command = [sys.executable, "tests/rules_of_workflow.py", "--covered"]
    told = subprocess.run(command, cwd=sample.root, capture_output=True, text=True, check=True).stdout
    covered = {rule: set(about["code"].split()) for rule, about in json.loads(told).items()}
    drawn = sample.run("--rulegraph").stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', drawn))
    after: dict[str, set[str]] = {name: set() for name in names.values()}
    for before, behind in re.findall(r"(\d+) -> (\d+)", drawn):
        after[names[before]].add(names[behind])
    assert len(after) > 25

    def planned_for(module: str) -> set[str]:
        found: set[str] = set()
        todo = [rule for rule in after if module in covered.get(rule, ())]
        while todo:
            rule = todo.pop()
            if rule not in found:
                found.add(rule)
                todo.extend(after[rule])
        return found - {"all"}

    return planned_for


@pytest.mark.parametrize(
    "module",
    [
        "words/lexicon.py",
        "reading/formats/docx.py",
        "reporting/before_after.py",
        "comparing/grading.py",
        "claims/reasons.py",
        "locale/zh/LC_MESSAGES/baokan.po",
    ],
)
def test_an_edit_plans_the_rules_that_cover_it_and_those_after_them(sample, reruns, module):
    with changed(sample.root / "workflow/baokan" / module, "\n# an edit\n"):
        plan = planned(sample)
    assert set(plan) == reruns(module)


@pytest.mark.parametrize(
    ("module", "rerun", "not_rerun"),
    [
        (
            "reporting/sections/shares/figure.py",
            {"figures", "report"},
            {"fit", "choose", "compare", "tables", "vocabulary", "read"},
        ),
        ("reporting/report.py", {"report"}, {"figures", "fit", "compare", "tables", "notebook", "read"}),
        ("articles/repairs.py", {"cut", "repeats", "gather", "tokens", "vocabulary", "fit", "report"}, {"read"}),
        ("duplicates/fingerprints.py", {"cut", "repeats", "gather", "report"}, {"read"}),
        ("duplicates/groups.py", {"repeats", "gather", "report"}, {"read", "cut"}),
        ("reporting/before_after.py", {"pages", "data", "concordance"}, {"read", "cut", "gather", "fit", "tokens"}),
        ("reading/formats/docx.py", {"read"}, set()),
        ("words/discovery.py", {"discover", "tokens", "vocabulary", "fit"}, READING),
        ("words/lexicon.py", {"tokens", "audit", "vocabulary"}, READING),
        ("articles/gathering.py", {"repeats", "gather"}, {"read", "cut"}),
        ("statistics/autocorrelation.py", {"compare"}, READING | {"tokens", "fit", "choose"}),
        ("words/parts_of_speech.py", {"vocabulary", "keyness", "fit"}, {"read", "cut"}),
        ("words/tfidf.py", {"keyness", "figures"}, {"tokens", "vocabulary", "fit", "choose"}),
        ("words/segmentation_audit.py", {"audit", "report"}, {"tokens", "vocabulary", "fit", "choose"}),
        ("words/keyness.py", {"keyness", "contexts", "report"}, {"tokens", "vocabulary", "fit", "choose"}),
        ("reporting/concordance.py", {"concordance"}, {"contexts", "fit", "compare", "vocabulary"}),
        ("decoding.py", {"read", "cut", "tokens", "fit", "report"}, set()),
        (
            "comparing/contrasts.py",
            {"compare", "confounds", "placebo", "specification_tables", "themes", "figures", "tables", "report"},
            {"read", "cut", "tokens", "vocabulary", "fit", "choose"},
        ),
        ("comparing/grading.py", {"compare", "claims", "themes", "report"}, {"fit", "choose", "vocabulary"}),
        # Another word runs no statistics again.
        *(
            (words, {"claims", "claims_beside", "tables", "report", "figures"}, STATISTICS)
            for words in ("catalogue.py", "locale/zh/LC_MESSAGES/baokan.po")
        ),
        ("claims/reasons.py", {"claims", "claims_beside", "tables", "report"}, STATISTICS | {"figures"}),
        ("claims/contrasts.py", {"claims", "graded_figures", "report"}, STATISTICS | {"figures"}),
        ("comparing/confounds.py", {"confounds", "claims"}, {"compare", "specification_tables", "placebo", "themes"}),
        (
            "comparing/placebo.py",
            {"placebo", "graded_figures"},
            {"compare", "specification_tables", "confounds", "claims", "time", "divergence", "reprinting"},
        ),
        ("comparing/themes.py", {"themes", "report"}, {"compare", "specification_tables", "placebo", "claims"}),
        (
            "reporting/sections/specifications/figure.py",
            {"graded_figures", "report"},
            {"figures", "specification_tables", "claims"},
        ),
        ("reporting/sections/timeline/section.py", {"report"}, {"figures", "time", "claims"}),
        ("topics/engines/gensim_lda.py", {"fit", "refit", "check"}, {"read", "cut", "tokens", "vocabulary"}),
        ("topics/model_selection.py", {"search", "choose", "compare", "report"}, {"fit", "vocabulary"}),
        ("topics/labels.py", {"choose", "compare", "report"}, {"fit", "search", "refit", "check"}),
        ("topics/exports.py", {"exports"}, {"fit", "choose", "compare", "report"}),
        ("topics/scoring.py", {"notebook"}, {"fit", "choose", "exports", "compare", "report"}),
        ("comparing/reprinting.py", {"reprinting", "report"}, {"time", "placebo", "divergence", "compare", "figures"}),
        (
            "topics/reported.py",
            {"choose", "compare", "exports", "validation", "placebo"},
            {"fit", "search", "reprinting"},
        ),
        ("intrusion/items.py", {"validation"}, {"fit", "choose", "compare", "report"}),
        ("reporting/notebook.py", {"notebook"}, {"report", "fit", "tables"}),
    ],
)
def test_an_edited_module_reruns_the_stages_that_import_it(reruns, module, rerun, not_rerun):
    assert rerun <= reruns(module)
    assert not not_rerun & reruns(module)


def test_an_added_document_reruns_one_shard_and_what_follows(sample):
    text = (sample.root / "data/sample/newspaper/2023-10-31.txt").read_text(encoding="utf-8")
    with put(sample.root / "data/sample/newspaper/2023-12-01.txt", text):
        plan = planned(sample)
    # Terms are found in the whole corpus, and may change in every shard.
    assert (plan["read"], plan["cut"], plan["discover"]) == (1, 1, 1)
    assert set(plan) >= ALL_AFTER_WORDS


def test_a_row_of_documents_tsv_reruns_the_shard_of_its_document(sample):
    table = sample.root / "data/sample/documents.tsv"
    with changed(table, edit=lambda text: text.replace("2023-01-12\t2023-01-12\n", "2023-01-12\t2023-01-13\n")):
        plan = planned(sample)
    assert plan["read"] == 1


def test_a_correction_cuts_its_shard_again_and_reads_nothing(sample):
    row = "document\tarticle\taction\tvalue\nnewspaper/2023-01-12.txt\t无\tdrop\t\n"
    with put(sample.root / "data/sample/corrections.tsv", row):
        plan = planned(sample)
    assert plan["cut"] == 1 and "read" not in plan


def test_a_ruling_on_a_topic_describes_the_model_again_and_fits_nothing(sample):
    with put(sample.root / "data/sample/topics.tsv", "topic\tname\n1\t学校\n"):
        plan = planned(sample)
    assert set(plan) >= {"choose", "compare", "exports", "report", "notebook"}
    assert not {"fit", "search", "refit", "check", "vocabulary", "read", "cut"} & set(plan)


def test_a_theme_of_the_users_own_counts_it_and_compares_nothing_else_again(sample):
    with changed(sample.root / "data/sample/themes.tsv", "校园\t老师\n"):
        plan = planned(sample)
    assert set(plan) >= {"themes", "figures", "report"}
    assert not COMPARED & set(plan)
    assert not {"specification_tables", "claims", "choose", "read", "cut"} & set(plan)


def test_which_specifications_are_wanted_concerns_nothing_else(sample):
    sample.write("all.yaml", "compare: {specifications: all}\n")
    plan = sample.planned("--configfile", "all.yaml")
    assert set(plan) >= {"specifications", "specification_tables", "claims", "report"}
    assert not (COMPARED | {"themes", "choose"}) & set(plan)


def test_a_setting_of_the_comparison_leaves_the_models_alone(sample):
    sample.write("fewer.yaml", "compare: {permutations: 299}\n")
    plan = sample.planned("--configfile", "fewer.yaml")
    assert "compare" in plan and not {"fit", "choose", "read", "cut", "tokens", "vocabulary"} & set(plan)


def test_after_all_this_there_is_still_nothing_to_do(sample):
    """Each change above was taken back: that what is asked for is as it was, no time of a file may hide."""
    assert planned(sample) == {}


def test_an_installed_ocr_concerns_no_corpus_without_pages(sample):
    assert planned(sample, env=sample.other_ocr()) == {}


def test_files_that_come_while_a_run_works_are_read_by_the_next_and_no_other_is_lost(sample):
    """As each job of reading starts, files come that make the corpus one of more shards."""
    sample.small_corpus("growing")
    grow = """
from pathlib import Path
text = Path("growing/newspaper/2023-01-12.txt").read_text(encoding="utf-8") * 8
for day in range(1, 13):
    Path(f"growing/newspaper/2024-06-{day:02d}.txt").write_text(text, encoding="utf-8")
"""
    target = "results/growing/corpus/documents.parquet"
    command = [*sample.light(shards=12), "--config", "corpus=growing", "--", target]
    with changed(sample.root / "workflow/scripts/read.py", edit=lambda text: grow + text):
        sample.run(*command)
        first = pd.read_parquet(sample.root / target)
    assert len(first) == 9 and (first["status"] == "ok").all()
    sample.run(*command)
    assert len(pd.read_parquet(sample.root / target)) == 21


def test_without_snakemakes_records_a_changed_corpus_is_taken_up_all_the_same(sample, monkeypatch):
    monkeypatch.chdir(sample.root)
    records, away = Path(".snakemake/metadata"), Path(".snakemake/away")
    file = sorted(Path("data/sample/gazette").glob("*.txt"))[0]
    times = file.stat()
    records.rename(away)
    os.utime(file)
    try:
        assert planned(sample) == {}  # it does not know what the results were made of
        anew = not_taken_up("results/sample", time.time_ns())
        assert set(sample.planned("--forcerun", *anew)) >= READING | {"tokens", "fit", "compare", "report"}
    finally:
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        shutil.rmtree(records, ignore_errors=True)
        away.rename(records)
    assert planned(sample) == {} and not_taken_up("results/sample", time.time_ns()) == []


def test_another_name_is_another_folder(sample):
    plan = sample.planned("--config", "name=other")
    assert plan["read"] >= 1 and (sample.root / "results/sample/report.html").exists()
