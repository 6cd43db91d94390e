"""The sections of the report: one list, a folder each, figures that say themselves what they need, and both languages."""

import ast
import html
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from baokan.catalogue import languages, translator
from baokan.config import validated
from baokan.registry import TABLES
from baokan.reporting import sections
from baokan.reporting.markdown import markdown_of
from baokan.reporting.rendering import environment_of
from baokan.reporting.run import Run
from baokan.reporting.sections import FOLDER, GRADED, SECTIONS, every
from baokan.reporting.table_words import FORMS, WORDS, said
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]


# --- the list


def test_each_folder_is_in_the_list_and_each_section_has_its_files():
    named = [section.name for section in every()]
    assert sorted(named) == sorted(path.parent.name for path in FOLDER.glob("*/section.py"))
    assert len(set(named)) == len(named)
    for name in named:
        assert (FOLDER / name / "section.html.j2").exists() and (FOLDER / name / "__init__.py").exists(), name


def test_anchors_are_unique_and_what_has_sections_below_it_is_a_heading():
    everything = [*SECTIONS, *(inner for section in SECTIONS for inner in section.inner)]
    anchors = [section.anchor for section in everything]
    assert len(set(anchors)) == len(anchors) and all(re.fullmatch("[a-z-]+", anchor) for anchor in anchors)
    assert all(section.name or section.inner for section in everything)
    assert all(section.menu for section in SECTIONS)


def test_a_figure_names_its_tables_in_its_parameters_and_those_of_the_curve_come_last():
    early, late = sections.figures(graded=False), sections.figures(graded=True)
    assert sorted(early + late) == sorted(sections.figures()) and early and late
    assert sections.figure_tables("coverage") == ["calendar", "coverage", "gaps"]
    assert not GRADED.intersection(sections.figure_tables(*early))
    for name in sections.figures():
        tables = sections.figure_tables(name)
        assert tables == sections.figure_tables(name) and set(tables) <= set(TABLES), name
        assert bool(GRADED.intersection(tables)) == (name in late)
        # What is not a table is a setting, that the rule gives to all figures.
        tree = ast.parse((FOLDER / name / "figure.py").read_text(encoding="utf-8"))
        drawn = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "figure")
        assert {a.arg for a in drawn.args.args} - set(tables) <= {"weighting", "top_terms", "language"}, name


def test_the_list_is_read_without_drawing_or_counting_anything():
    """The Snakefile reads it, in every job."""
    code = (
        "import sys; from baokan.reporting import sections; sections.figure_tables(*sections.figures()); "
        "sections.modules('section'); sections.templates(); "
        "print(*sorted({'numpy', 'pandas', 'matplotlib', 'jinja2', 'babel'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "workflow", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_the_templates_are_named_from_the_root_of_the_project():
    found = sections.templates()
    assert f"workflow/baokan/reporting/sections/{SECTIONS[0].name}/section.html.j2" in found
    assert all((ROOT / path).exists() for path in found) and len(found) > len(list(every()))


# --- Markdown


def rendered(markdown):
    return MarkdownIt("commonmark").enable("table").render(markdown)


HOSTILE = [
    "<script>alert(1)</script>", "[a](javascript:x)", "![x](y)", "| a | b |", "# heading", "- item", "1. item", "***", "___",
    "`code`", "~~~", "&lt;b&gt;", "\\*", "*a*", "<!-- -->", "===", "\n\n# x", "a\n| - |\n| b |", "+ x", "> quoted", "&#60;b>",
    "p < 0.001", "a < b> c", "< script>", "&lt; b",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "frame", ["<p>{}</p>", "<ul><li>{}</li></ul>", "<p><b>x</b> {}</p>", "<blockquote>{}</blockquote>"]
)
def test_text_is_the_same_text_in_markdown_whatever_signs_it_has(text, frame):
    """Rendered again, the Markdown shows the very text, and no element that was not there."""
    page = rendered(markdown_of(frame.format(html.escape(text))))
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    assert shown == " ".join(html.unescape(re.sub("<[^>]+>", "", frame)).format(text).split())
    assert set(re.findall(r"<(\w+)", page)) <= {"p", "ul", "li", "b", "strong", "blockquote"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_stays_one_cell(text):
    cell = html.escape(text)
    table = (
        f"<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>{cell}</td><td>c</td></tr></tbody></table>"
    )
    page = rendered(markdown_of(table))
    cells = re.findall(r"<td>(.*?)</td>", page, re.S)
    assert [" ".join(html.unescape(c).split()) for c in cells] == [" ".join(text.split()), "c"]


def test_what_is_folded_boxed_or_coloured_is_plain_text():
    page = (
        '<head><style>p { color: red }</style></head><body><nav><a href="#a">menu</a></nav>'
        '<h2 id="a">标题</h2><div class="tiles"><div class="tile"><b>3</b><span>sources</span></div>'
        '<div class="tile"><b>36</b><span>issues</span></div></div>'
        '<div class="finding"><span class="grade">established</span> A is more. <a href="#topic-1">passages</a>'
        '<div class="zh" lang="zh">甲更多。</div></div>'
        "<details><summary>The same in numbers</summary><table><thead><tr><th>x</th></tr></thead><tbody><tr><td>1<br>2</td></tr>"
        '</tbody></table></details><figure><img alt="Shares" src="figures/shares.png"><figcaption>Caption.</figcaption></figure>'
        '<div class="bars"><span>a</span><span class="bar"></span><span>12 %</span><span>b</span><span class="bar"></span>'
        '<span>3 %</span></div><p>See <a href="#topic-2">2</a>, <a href="data/index.html">the data page</a>.</p></body>'
    )
    assert markdown_of(page).split("\n\n") == [
        "## 标题",
        "3 sources, 36 issues",
        "- *established* A is more.\\\n  甲更多。",
        "**The same in numbers**",
        "| x |\n| --- |\n| 1 2 |",
        "![Shares](figures/shares.png)",
        "Caption.",
        "a 12 %, b 3 %",
        "See 2, [the data page](data/index.html).\n",
    ]


# --- languages


def test_each_language_that_may_be_set_has_a_catalogue():
    for language in languages():
        assert validated({"corpus": "c", "report": {"language": language}})["report"]["language"] == language


def test_every_sentence_of_a_template_is_marked_for_translation():
    """What a reader would see of the template itself, outside of `trans` and `_`, has no English words."""
    for path in FOLDER.glob("**/*.j2"):
        text = re.sub(
            r"{#.*?#}|{% trans.*?{% endtrans %}|{{.*?}}|{%.*?%}", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        text = re.sub(r"<[^>]*>", " ", text)
        left = set(re.findall(r"[A-Za-z]{2,}", text)) - {"rho", "DP", "UMass", "C_v"}
        assert not left, (path.parent.name, left)


@pytest.mark.parametrize("language", languages()[1:])
def test_words_of_tables_are_told_with_what_is_in_them(language):
    t = translator(language)
    assert said("in fewer than 3 articles", t) == t.gettext("in fewer than {n} articles", n=3)
    assert said("part of speech: number", t).endswith(t.gettext("number"))
    for form in FORMS:
        names = re.findall(r"{(\w+)}", form)
        filled = dict(zip(names, ["甲", "乙", "丙"], strict=False))
        assert said(form.format(**filled), t) == t.gettext(form, **filled)
    reason = "Of K = 6, 8, 12, K = 12 has the best score. Of its 20 fits the one nearest to the others is reported."
    assert said(reason, t) == t.gettext(FORMS[11], tried="6, 8, 12", k=12) + t.gettext(FORMS[15], n=20)
    assert all(said(word, t) == t.gettext(word) for word in WORDS)
    for unknown in (
        "",
        "a name of a stranger",
        "in fewer than",
        "part of speech",
        "{n} {0.__class__} %(n)s",
        "x" * 500,
    ):
        assert said(unknown, t) == unknown


def test_in_english_all_words_of_tables_stay_as_they_are():
    for text in (*WORDS, "in fewer than 3 articles", "{n}"):
        assert said(text, translator("en")) == text


def test_a_claim_stands_in_the_language_of_the_report_first():
    macro = '{% from "macros.html.j2" import claim with context %}{{ claim("#000", "A & B", "甲乙") }}'
    for language, first, second, other in (("en", "A &amp; B", "甲乙", "zh"), ("zh", "甲乙", "A &amp; B", "en")):
        run = Run({"report": {"language": language}})
        page = environment_of(FOLDER, language).from_string(macro).render(run=run)
        assert page.index(first) < page.index(f'lang="{other}">{second}')


def test_a_period_is_told_in_the_language_of_the_report():
    dates = pd.Series(["2023-02-01", "", "2023-01-01"])
    assert Run({}).period(dates) == "2023-01-01 to 2023-02-01"
    assert Run({"report": {"language": "zh"}}).period(dates) == "2023-01-01 至 2023-02-01"
    assert Run({}).period(dates.head(1)) == "2023-02-01" and Run({}).period(dates[1:2]) == "no dates"


def test_a_p_value_can_be_quoted_as_it_is():
    assert markdown_of("<p>p &lt; 0.001 after correction, &lt;b&gt;</p>") == "p < 0.001 after correction, &lt;b&gt;\n"
