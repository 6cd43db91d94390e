"""Documents before and after, and the data page: what a reader sees of what was done to each document."""

import json
import re

import pandas as pd
import pytest
from baokan.articles.cut import cut_documents
from baokan.reporting.before_after import write_pages
from baokan.reporting.data import reading_by_source, reprints_of, write_data_page
from project_copies import ROOT
from test_articles import FERRY, PAGE, STEPS, documents

CSS, PAGES, DATA = (ROOT / "workflow/report" / n for n in ("report.css", "pages.html.j2", "data.html.j2"))


def shown(folder, *rows, most=100, settings=None):
    """(the pages of documents, the index, the tables)."""
    decoded = documents(*rows)
    tables = cut_documents(decoded, settings or {})
    write_pages(decoded, tables, most, PAGES, CSS, folder)
    pages = [p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.html"))]
    return pages, json.loads((folder / "index.json").read_text(encoding="utf-8")), tables


def test_what_was_taken_out_joined_and_changed_is_seen_beside_the_article(tmp_path):
    text = f"第一版 要闻\n\n石 阶 修 好\n本报记者 方小满\n{STEPS[:40]}\n\n{STEPS[40:]}修桥 and 修路\n".replace(
        "，", ","
    )
    (page,), index, _ = shown(tmp_path, {"text": text})
    assert index == {"newspaper/0.txt": "1.html#d1"}
    before = "".join(re.findall(r'<pre class="before" lang="zh">(.*?)</pre>', page, re.S))
    after = re.search(r'<div class="after" lang="zh"><h3>(.*?)</div></div>', page, re.S)[1]
    assert '<span class="f" title="page mark">第一版 要闻<i>page mark</i></span>' in before
    assert "<mark>,</mark>" in before and "<b>⏎</b>" in before and "<em> and </em>" in before
    assert "石阶修好</h3>" in after and "<ins>和</ins>" in after and "一级一级撬起来重新垫平，" in after
    plain = re.sub(r"<i>[^<]*</i>|<b>⏎</b>|<[^>]+>", "", before)
    assert "".join(plain.split()) == "".join(text.split())  # nothing of the document is missing on the left


def test_hostile_text_is_escaped(tmp_path):
    attack = "<script>alert(1)</script>"
    (page,), *_ = shown(
        tmp_path, {"text": f"石阶{attack}\n本报记者 方小满\n{STEPS}{attack}\n图为{attack}。\n", "problem": attack}
    )
    assert "<script" not in page and "&lt;script&gt;" in page


def test_documents_with_doubts_come_first_when_not_all_can_be_shown(tmp_path):
    rows = [
        {"text": PAGE},
        {"text": STEPS + FERRY},
        {"text": PAGE},
        {"text": "", "status": "failed"},
    ]  # 1 has no headline
    _, index, _ = shown(tmp_path, *rows, most=2)
    assert set(index) == {"newspaper/0.txt", "newspaper/1.txt"}
    _, index, _ = shown(tmp_path / "none", *rows, most=0)
    assert index == {}


def test_many_documents_are_spread_over_pages(tmp_path):
    pages, index, _ = shown(tmp_path, *[{"text": PAGE}] * 61)
    assert len(pages) == 2 and index["newspaper/9.txt"].startswith("2.html") and len(index) == 61


def test_a_very_long_document_is_shown_in_part_and_says_so(tmp_path):
    (page,), *_ = shown(tmp_path, {"text": PAGE + (STEPS + "\n") * 3000})
    assert re.search(r"[\d,]+ more characters are not shown", page)


def articles(*rows):
    columns = ["source", "date", "title", "n_chars", "in_words", "duplicate_of", "reprint_group"]
    frame = pd.DataFrame(rows, columns=columns).assign(single=0.3, odd=0.0, quality=0.8, issue="1")
    return frame.assign(article_id=[f"a{i}" for i in range(len(frame))])


def test_sources_are_compared_by_how_they_were_read():
    table = articles(
        ("b", "", "", 100, 0.9, "", ""), ("a", "", "", 100, 0.5, "", ""), ("a", "", "", 300, 0.9, "a1", "g")
    )
    files = pd.DataFrame({"source": ["a", "b"], "n_chars": [500, 100], "furniture_chars": [100, 0], "n_doubts": [2, 0]})
    first, second = reading_by_source(files, table)
    assert (first["source"], first["n_articles"], first["n_doubts"]) == ("a", 2, 2)
    assert first["in_words"] == pytest.approx(0.8)  # by length: (100 * 0.5 + 300 * 0.9) / 400
    assert (first["furniture"], first["duplicates"], first["reprints"]) == (0.2, 1, 1)
    assert second["in_words"] == 0.9


def test_reprints_are_told_in_the_order_of_dates_and_undated_last():
    table = articles(
        ("b", "2021-02-01", "", 9, 0.9, "", "g"),
        ("a", "", "甲", 9, 0.9, "", "g"),
        ("c", "2021-01-01", "丙", 9, 0.9, "", "g"),
    )
    (group,) = reprints_of(table)
    assert [w["source"] for w in group["where"]] == ["c", "b", "a"]
    assert group["title"] == "丙"


def test_the_data_page_holds_what_a_reader_looks_for(tmp_path):
    rows = [
        {"text": PAGE, "source": "<b>odd</b>"},
        {"text": "", "status": "failed", "problem": "it is locked with a password"},
    ]
    _, _, tables = shown(tmp_path / "data/0", *rows)
    tables["articles"]["duplicate_of"], tables["articles"]["reprint_group"] = ["", "newspaper/0.txt:1"], ["", ""]
    tables["reprints"] = pd.DataFrame(columns=["article_a", "article_b", "share", "identity"])
    write_data_page(tables, {0: tmp_path / "data/0"}, "press", DATA, CSS, tmp_path / "data/index.html")
    page = (tmp_path / "data/index.html").read_text(encoding="utf-8")
    assert '<a href="0/1.html#d1">newspaper/0.txt</a>' in page
    assert "it is locked with a password" in page and "failed" in page
    assert "<b>odd</b>" not in page and "&lt;b&gt;odd" in page
    assert "newspaper/0.txt:2" in page  # the repeat, with the one that stands for it
