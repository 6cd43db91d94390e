"""Texts of strangers that would do harm, and that no issue or date is known of: harmless in all that a run writes."""

import pandas as pd
import pytest


@pytest.fixture
def results(mixed):
    return mixed.results


def test_hostile_text_is_harmless_in_report_and_tables(results):
    report = (results / "report.html").read_text(encoding="utf-8")
    assert "<script" not in report and "<img src=x" not in report
    assert "&lt;script&gt;" in report
    markdown = (results / "report.md").read_text(encoding="utf-8")
    assert "<script" not in markdown
    articles = pd.read_csv(results / "tables/articles.csv", dtype=str, keep_default_na=False)
    assert not articles.map(lambda v: v.startswith(("=", "+", "@"))).any(axis=None)
    assert articles["title"].str.startswith("'=cmd").any()


def test_documents_without_issue_or_date_are_described_and_named(results):
    report = (results / "report.html").read_text(encoding="utf-8")
    assert "column" in report and "issue" in report
    contrasts = pd.read_parquet(results / "compare/contrasts.parquet")
    assert not contrasts["eligible"].any() and contrasts["mean_a"].notna().all()
