"""Odd corpora through the whole of the comparison, as the workflow makes it: tables, figures, and the report in HTML and Markdown.

A corpus is drawn from planted topics with words of its own. What fits of other seeds and other K would be is made up by
blurring the planted ones, so that no model is fitted and a corpus takes a second or two.
"""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.confounds import confound_tables
from baokan.comparing.divergence import divergence_tables
from baokan.comparing.limits import Limits
from baokan.comparing.measurement_error import mixture_noise
from baokan.comparing.pipeline import comparison_tables
from baokan.comparing.placebo import placebo_tables
from baokan.comparing.reprinting import reprinting_table
from baokan.comparing.shares import counted_articles
from baokan.comparing.themes import theme_tables
from baokan.comparing.timeline import time_tables
from baokan.config import validated
from baokan.corpus.ids import issue_id
from baokan.reporting.figures import style
from baokan.reporting.looks import source_colour
from baokan.reporting.markdown import markdown_of
from baokan.reporting.rendering import template_of
from baokan.reporting.report import page_of, values_of, write_report
from baokan.reporting.run import Run as ReportedRun
from baokan.reporting.sections import figures
from baokan.reporting.sections.coverage import figure as coverage_figure
from baokan.reporting.sections.placebo import figure as placebo_figure
from baokan.reporting.sections.timeline import figure as timeline_figure
from baokan.reporting.time_axis import TimeAxis
from baokan.robustness.choices import OWN, specifications
from baokan.robustness.counting import counted
from baokan.robustness.parts import all_issues, no_part
from baokan.robustness.refits import Run, part
from baokan.robustness.specifications import gathered
from baokan.statistics.standardisation import held_equal
from baokan.tables import read_parquet, write_csv, write_parquet
from baokan.topics.chosen import article_topics_table, colour
from baokan.topics.folding_in import infer
from baokan.topics.training import Fits
from baokan.words.distinctive import distinctive_tables
from baokan.words.tokens import tokenized
from baokan.words.vocabulary import KEPT
from matplotlib.colors import to_hex
from planted import reported
from scipy import sparse
from shown_sections import shown
from shown_sections import values_of as section_values
from worded import in_words

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "workflow/report"
WORDS = [
    ["水库", "堤坝", "灌溉", "水渠", "闸门", "河道"],
    ["小麦", "稻谷", "播种", "秧苗", "化肥", "粮仓"],
    ["教师", "课堂", "学生", "校舍", "课本", "黑板"],
]
TERMS = [word for own in WORDS for word in own]
K, LENGTH, SEED = len(WORDS), 30, 5
PHI = np.full((K, len(TERMS)), 0.1 / len(TERMS))
for _topic in range(K):
    PHI[_topic, 6 * _topic : 6 * _topic + 6] += 0.15
MIXED = (0.2, 0.5, 0.3)
NOWHERE = [("航天", "火箭发射"), ("航天", "卫星轨道")]


class Issue(NamedTuple):
    """Articles of one issue of a source; without a name and a date they belong to no issue. lean: mean of their mixtures,
    which vary by `spread` (0: all are alike). length: counted words of an article."""

    source: str
    name: str
    date: str = ""
    n: int = 4
    lean: tuple[float, ...] = MIXED
    spread: float = 0.3
    length: int = LENGTH
    publication: str = ""


class Corpus(NamedTuple):
    """What a run starts from. same: issues under two sources are the same texts; themes: of themes.tsv; excluded: topics;
    curve: whether the specification curve is computed."""

    issues: list[Issue]
    same: bool = False
    themes: tuple[tuple[str, str], ...] = ()
    excluded: tuple[int, ...] = ()
    curve: bool = False


def series(source, count, start=date(1998, 1, 3), step=30, **more):
    """`count` issues, each `step` days after the one before."""
    days = [(start + timedelta(step * i)).isoformat() for i in range(count)]
    return [Issue(source, day, day, **more) for day in days]


WATER, GRAIN, SCHOOL = (0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)
CORPORA = {
    "one source": Corpus(series("日报", 12)),
    "one issue": Corpus(series("日报", 1, n=12)),
    "an issue without date": Corpus(
        [*series("日报", 12, lean=WATER), Issue("日报", "增刊", lean=WATER), *series("月刊", 12, lean=GRAIN)]
    ),
    "no dates": Corpus(
        [Issue(s, f"第{i}期", lean=m) for s, m in (("日报", WATER), ("月刊", GRAIN)) for i in range(1, 13)]
    ),
    "the same issues": Corpus(
        [
            i._replace(publication="同一报", name=f"第{n}期")
            for s in ("文摘", "日报")
            for n, i in enumerate(series(s, 12), 1)
        ],
        same=True,
    ),
    "30 against 3": Corpus(series("日报", 30, step=7, lean=WATER) + series("月刊", 3, step=70, lean=GRAIN)),
    "twenty sources": Corpus(
        [
            i
            for s in range(20)
            for i in series(f"报纸{s:02}", 12 if s < 3 else 2, n=2, lean=(WATER, GRAIN, SCHOOL)[s % 3])
        ]
    ),
    "one per cent": Corpus(series("日报", 13, n=8, lean=WATER) + series("小报", 1, n=1, length=6, lean=SCHOOL)),
    "all alike": Corpus(series("日报", 12, spread=0.0) + series("月刊", 12, spread=0.0)),
    "disjoint years": Corpus(
        series("新报", 12, date(1990, 1, 5), lean=WATER) + series("旧报", 12, date(1950, 1, 5), lean=GRAIN), curve=True
    ),
    "no issue": Corpus([*series("日报", 12, lean=WATER), *(Issue("散页", "", lean=GRAIN) for _ in range(3))]),
    "the source without a date first": Corpus(
        [Issue("a", "", lean=GRAIN), *series("b", 12, lean=WATER), *series("c", 12, lean=SCHOOL)]
    ),
    "themes that occur nowhere": Corpus(
        series("日报", 12, lean=WATER) + series("月刊", 12, lean=GRAIN), themes=(*NOWHERE, ("水利", "水库"))
    ),
    "only themes that occur nowhere": Corpus(series("日报", 8) + series("月刊", 8), themes=tuple(NOWHERE)),
    "one topic kept": Corpus(
        series("日报", 14, lean=WATER) + series("月刊", 14, lean=GRAIN), excluded=(2, 3), curve=True
    ),
}


class Made(NamedTuple):
    """What the workflow makes of a corpus: its tables, what the figures take, and the report."""

    tables: dict[str, pd.DataFrame]
    drawn: dict
    html: str
    markdown: str
    about: dict
    config: dict
    run: ReportedRun


@cache
def made(name: str) -> Made:
    return run(CORPORA[name])


def run(corpus: Corpus) -> Made:
    config = validated({"corpus": "data/sample", "name": "odd"})
    config["seed"], config["topics"] = SEED, config["topics"] | {"k": [K, K + 1], "seeds": 2, "chosen_seeds": 2}
    settings = config["compare"] | {"permutations": 99, "specifications": "all" if corpus.curve else "none"}
    config["compare"] = settings
    limits = Limits.of(settings)
    articles, counts, texts = articles_of(corpus)
    ids = list(articles["article_id"])
    chunks = pd.DataFrame({"chunk_id": [f"{i}/0" for i in ids], "article_id": ids, "n_tokens": articles["n_words"]})
    tokens = tokenized(ids, texts, lambda text: text.split("|"))
    vocabulary = vocabulary_of(articles, counts)
    topics, chosen = topics_of(corpus), chosen_of()
    theta = infer(PHI, 0.1, counts)
    fits, around = blurred(theta, K), {K + 1: blurred(theta, K + 1)}
    excluded = topics["excluded"].to_numpy(bool)
    model = reported(PHI, theta, terms=TERMS, labels=topics["label"].tolist(), excluded=excluded)
    noise = mixture_noise(model.fitted, model.alpha, counts, model.members, SEED)

    own = counted_articles(articles, chunks)
    tables = comparison_tables(own, model, noise, fits, around, limits, SEED)
    tables |= confound_tables(own, theta, topics, limits, SEED)
    tables |= time_tables(own, theta, topics, limits, SEED)
    tables |= placebo_tables(own, theta, topics, limits, SEED, draws=3)
    tables |= divergence_tables(
        own, theta, topics, chunks, counts, vocabulary, limits, SEED, word_permutations=19
    )  # fmt: skip
    reprints = reprints_of(articles)
    tables["reprinting"] = reprinting_table(own, reprints)
    about_topics = article_topics_table(ids, theta, topics["topic_id"].to_numpy())
    tables |= theme_tables(corpus.themes, articles, tokens, [], topics, about_topics, config)
    tables |= curve_of(corpus, articles, chunks, counts, model, fits, around, config)
    numbers, tables = tables, in_words(tables | {"contrasts": tables["tested"]}, topics=topics)

    tables |= distinctive_tables(tokens, articles, vocabulary, "lsc", settings["min_issues"], settings["confidence"])
    tables |= {"articles": articles, "topics": topics, "vocabulary": vocabulary, "article_topics": about_topics}
    tables |= {"reprints": reprints} | others_of(articles, ids)
    # Parquet stands between the stages, and tells the types of what has no rows.
    drawn = tables | numbers | {"topics": topics[~topics["excluded"]].reset_index(drop=True)}
    drawn |= {"weighting": settings["weighting"], "top_terms": config["report"]["top_terms"]}
    provenance = {"config": config, "baokan": "0", "versions": {"tomotopy": "0"}, "corpus": {}, "word_lists": {}}
    run = replace(ReportedRun.of(tables, chosen, provenance, places={}), figures=dict.fromkeys(figures(), "figure.png"))
    page = report_template().render(page_of(tables, run), css="", font="")
    return Made(tables, drawn, page, markdown_of(page), values_of(tables, run), config, run)


@cache
def report_template():
    return template_of(REPORT / "report.html.j2")


def articles_of(corpus: Corpus) -> tuple[pd.DataFrame, sparse.csr_matrix, list[str]]:
    """(articles, counts of their words, texts with | between words). Repeats are not looked for: `same` says what they are."""
    rows, counts, texts = [], [], []
    for place, issue in enumerate(corpus.issues):
        # Under `same` the n-th issue of each source has the same articles.
        seen = [i for i in corpus.issues[:place] if i.source == issue.source]
        rng = np.random.default_rng([SEED, len(seen) if corpus.same else place])
        for number in range(issue.n):
            wobble = rng.dirichlet(np.ones(K)) if issue.spread else np.ones(K) / K
            mixture = (1 - issue.spread) * np.array(issue.lean) + issue.spread * wobble
            exact = np.rint(issue.length * mixture @ PHI).astype(int)
            words = rng.multinomial(issue.length, mixture @ PHI) if issue.spread else exact
            text = [term for term, n in zip(TERMS, words, strict=True) for _ in range(n)]
            rng.shuffle(text)
            n = len(seen) * issue.n + number
            folder = f"{issue.source}/{issue.name or place}.txt"
            rows.append(
                {
                    "article_id": f"{folder}:{number}", "document_id": folder, "source": issue.source,
                    "publication": issue.publication, "issue": issue.name,
                    "issue_id": issue_id(issue.source, issue.publication, issue.name), "issue_date": issue.date,
                    "date": issue.date, "position": number, "page": 0, "title": f"报道之{n}", "byline": "", "dateline": "",
                    "kind": "article", "n_chars": 2 * int(words.sum()), "start": 0, "end": 9, "in_words": 0.9, "single": 0.4,
                    "odd": 0.0, "quality": 0.85 + 0.01 * (n % 5), "duplicate_of": "",
                    "reprint_group": f"g{n}" if corpus.same else "", "n_words": int(words.sum()),
                }
            )  # fmt: skip
            counts.append(words)
            texts.append("|".join(text))
    return pd.DataFrame(rows), sparse.csr_matrix(np.array(counts)), texts


def reprints_of(articles: pd.DataFrame) -> pd.DataFrame:
    columns = ["article_a", "article_b", "kind", "share_a", "share_b"]
    found = [
        (*group.sort_values("source")["article_id"], "repeat", 1.0, 1.0)
        for name, group in articles.groupby("reprint_group")
        if name
    ]
    return pd.DataFrame(found, columns=columns).astype({"share_a": float, "share_b": float})


def vocabulary_of(articles: pd.DataFrame, counts: sparse.csr_matrix) -> pd.DataFrame:
    present = np.asarray((counts > 0).sum(axis=0)).ravel()
    table = pd.DataFrame({"term": TERMS, "index": np.arange(len(TERMS)), "status": KEPT, "kind": "noun", "lists": ""})
    table = table.assign(dropped_in="", n_tokens=np.asarray(counts.sum(axis=0)).ravel(), n_articles=present)
    return table[present > 0].reset_index(drop=True).assign(n_issues=1)


def topics_of(corpus: Corpus) -> pd.DataFrame:
    rows = [
        {
            "topic_id": k + 1, "label": "、".join(own[:3]), "auto_label": "、".join(own[:3]), "colour": colour(k + 1),
            "share": 1 / K, "top_terms": own, "frex_terms": own, "lift_terms": own, "mark_terms": own, "coherence": 0.3,
            "c_v": 0.5, "u_mass": -1.0, "exclusivity": 0.8, "excluded": k + 1 in corpus.excluded, "ruling": "", "merged": [],
            "stability": 1.0, "stability_k": 1.0, "check": np.nan,
        }
        for k, own in enumerate(WORDS)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def chosen_of() -> dict:
    return {
        "k": K, "seed": 0, "n_fits": 2, "neighbours": [K + 1],
        "reason": "Of K = 3, 4, K = 3 has the best score.",
    }  # fmt: skip


def blurred(theta: np.ndarray, k: int) -> Fits:
    """Two fits near the planted one; with k > K a last topic takes a little of all others."""
    phis, thetas = [], []
    for seed in range(2):
        rng = np.random.default_rng([SEED, seed])
        phi = PHI * rng.uniform(0.9, 1.1, PHI.shape)
        more = np.clip(theta + (seed > 0) * rng.normal(0, 0.01, theta.shape), 1e-3, None)
        if k > K:
            phi, more = np.vstack([phi, np.ones(len(TERMS))]), np.column_stack([more, np.full(len(more), 0.05)])
        phis.append(phi / phi.sum(axis=1, keepdims=True))
        thetas.append(more / more.sum(axis=1, keepdims=True))
    phis[0][:K] = PHI
    return Fits(np.array(phis, np.float32), np.array(thetas, np.float32), np.arange(2), 0.1)


def curve_of(corpus, articles, chunks, counts, model, fits, around, config):
    parts = [no_part()]
    if corpus.curve:
        # Of all specifications those whose fits are there.
        planned = specifications(config["words"], config["topics"], SEED, K, 0)
        planned = [s for s in planned if s[:3] == planned[0][:3]]
        saved = {("tomotopy", K): fits, **{("tomotopy", k): other for k, other in around.items()}}
        own = counted(chunks, counts, TERMS)
        run = Run(articles, model, own, lambda: saved, config["topics"], Limits.of(config["compare"]), SEED)
        parts = [part(OWN, "the run's own words", planned, run, None)]
    return gathered(parts, all_issues(articles), SEED)


def others_of(articles: pd.DataFrame, ids: list[str]) -> dict[str, pd.DataFrame]:
    """Tables of the stages before, of which the comparison makes nothing."""
    by = articles.groupby("document_id", sort=True)
    documents = (
        by[["source", "publication", "issue"]].first().assign(date=by["issue_date"].first(), n_articles=by.size())
    )
    nothing = dict.fromkeys(
        ("lines_joined", "invisible_removed", "forms_folded", "slips_repaired", "blanks_removed"), 0
    )
    documents = documents.reset_index().assign(
        path="", encoding="utf-8", method="", n_chars=100, status="ok", problem="", furniture_chars=0, marks_widened=0,
        n_doubts=0, **nothing,
    )  # fmt: skip
    passage = pd.DataFrame({"article_id": [ids[0]], "share": [0.9], "passage": ["水库与堤坝。"], "topic_id": [1]})
    measures = ("npmi", "c_v", "u_mass", "exclusivity", "diversity", "stability", "score", "held_out", "held_out_error")
    search = pd.DataFrame([{"k": k, "seed": s} | dict.fromkeys(measures, 0.5) for k in (K, K + 1) for s in (0, 1)])
    search = search.assign(nearness=0.9, chosen=(search["k"] == K) & (search["seed"] == 0))
    empty = {
        "furniture": ["document_id", "kind", "start", "end", "text"], "doubts": ["document_id", "kind", "words"],
        "corrections": ["row", "document_id", "article", "action", "value", "outcome"], "terms": ["term", "status", "n_tokens"],
        "term_test": ["term", "status", "occurrences", "whole", "reason"], "rulings": ["row", "topic", "topic_id", "outcome"],
        "engines": ["here", "there", "places"], "term_effect": ["here", "there", "places"],
        "changed": ["by", "source", "tokens", "changed", "share", "whole"],
    }  # fmt: skip
    tables = {name: pd.DataFrame({c: pd.Series(dtype=object) for c in columns}) for name, columns in empty.items()}
    return tables | {"documents": documents, "passages": passage, "search": search}


# What a reader may never see

BROKEN = [
    r"\b(?:NaN|nan|None|inf|NaT|<NA>|undefined)\b(?!\. To have)",
    r"\(\s*\)",  # empty brackets
    r"\[\s*\]",
    r"[:;,] *\.(?!\d)",  # a sentence that ends before it has said something
    r"(?<!\.)\.\.(?!\.)",
    r" [.,;](?=\s|$)",
    r"“”",
    r"\b0 of 0\b",
    r"[-+]0\.0+ ?(?:\b(?!\d)|%)(?![,\]])",
    r"\b1 (?:comparisons|pairs|gaps|terms|topics|texts|dates|days|months|claims)\b",
]


def plain(page: str) -> str:
    """The text of a page as it is read."""
    page = re.sub(r"<style.*?</style>|<pre>.*?</pre>", "", page, flags=re.S)
    page = re.sub(r"<(?:td|th|li|p|div|tr|h\d|summary|figcaption|br|blockquote|span class=\"bar)[^>]*>", "\n", page)
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def own_parts(page: str) -> str:
    """The text of the parts of the comparison from the specification curve to the end of what is said of time."""
    page = page[re.search(r"^(?:## )?Differences between sources$", page, re.M).end() :]
    page = page[: re.search(r"^(?:## )?Words$", page, re.M).start()]
    return page[re.search(r"^(?:#+ )?(?:Would another analyst|Themes of your own)", page, re.M).start() :]


@pytest.mark.parametrize("name", CORPORA)
def test_a_reader_sees_words_and_possible_numbers(name):
    found = made(name)
    for page in (plain(found.html), found.markdown):
        for sign in BROKEN[:2]:
            assert not re.findall(rf".{{0,60}}{sign}.{{0,30}}", page), sign
        for sign in BROKEN[2:]:
            assert not re.findall(rf".{{0,60}}{sign}.{{0,30}}", own_parts(page)), sign
        shares = [float(n.replace(",", "")) for n in re.findall(r"(?<![\d.,+-])([\d,]+(?:\.\d+)?) %", page)]
        assert shares and max(shares) <= 100


@pytest.mark.parametrize("name", CORPORA)
def test_all_tables_are_written_and_hold_what_is_possible(name, tmp_path):
    tables = made(name).tables
    for title, table in tables.items():
        write_parquet(table, tmp_path / f"{title}.parquet")
        again = read_parquet(tmp_path / f"{title}.parquet")
        write_csv(again, tmp_path / f"{title}.csv")
        text = (tmp_path / f"{title}.csv").read_text(encoding="utf-8-sig")
        # A standardised difference is infinite where both sides are constant; the column `alike` says it in words.
        cells = text.replace(",inf,", ",,").replace(",-inf,", ",,") if title in ("balance", "matched") else text
        assert not re.search(r"(?:^|,)(?:NaN|nan|None|inf|-inf|NaT)(?:,|$)", cells, re.M), title
        assert len(again) == len(table)
    shares = ["share", "share_a", "share_b", "mean_a", "mean_b", "p", "p_maxt", "p_holm", "p_bh", "before", "after"]
    for title, column in [(t, c) for t, table in tables.items() for c in shares if c in table]:
        known = tables[title][column].dropna().astype(float)
        assert known.between(-1e-12, 1 + 1e-9).all(), (title, column)
    for title in ("tested", "matched", "placebo_contrasts", "theme_contrasts"):
        assert tables[title]["difference"].dropna().astype(float).between(-1 - 1e-9, 1 + 1e-9).all(), title
    assert (tables["matched"]["lower"].dropna() >= -1).all() and (tables["matched"]["upper"].dropna() <= 1).all()
    for title in ("shares", "timeline", "theme_shares"):
        bounded = tables[title].dropna(subset=["lower", "upper"])
        assert (bounded["lower"] <= bounded["share"] + 1e-9).all() and (
            bounded["share"] <= bounded["upper"] + 1e-9
        ).all()
    # What is refused says why.
    for title, number, reason in (
        ("tested", "p", "reason"),
        ("divergence", "p", "reason"),
        ("changes", "p_trend", "reason"),
    ):
        refused = tables[title][tables[title][number].isna()]
        assert (refused[reason] != "").all(), title
    assert (tables["matched"]["tested"].astype(bool) | (tables["matched"]["reason"] != "")).all()


@pytest.mark.parametrize("name", CORPORA)
def test_no_sentence_claims_more_than_its_grade(name):
    tables = made(name).tables
    for title in ("contrasts", "theme_contrasts"):
        for row in tables[title].to_dict("records"):
            text, level = row["sentence"], row["grade"]
            assert text.startswith("In these issues ") == (level == "descriptive")
            assert ("suggestive only: " in text) == (level == "suggestive")
            assert ("; established over " in text) == (level == "established")
            assert row["eligible"] or level == "descriptive"
            assert ("differs in source and period" in text) == (row["overlap"] == "no")
            # Without dates that are known to be shared nothing is established.
            assert level != "established" or row["overlap"] == "yes"
            assert "NaN" not in text and "nan" not in text and "None" not in text
    told = {f["sentence"] for f in made(name).about["short"]["findings"]}
    claims = tables["contrasts"].query("grade != 'descriptive'")
    assert told <= set(claims["sentence"]) and bool(told) == bool((claims["weighting"] == "article").any())


# The others are of words and of the search over K, of which only the text is odd here.
COMPARED = [title for title in figures() if title not in ("search", "words", "keyness")]


@pytest.mark.parametrize("name", CORPORA)
def test_all_figures_are_drawn(name):
    drawn = made(name).drawn
    with style():
        for title in figures() if name in ("one issue", "one per cent", "no issue") else COMPARED:
            fig = import_module(f"baokan.reporting.sections.{title}.figure").figure(**drawn)
            fig.draw_without_rendering()
            said = [t.get_text() for ax in fig.axes for t in (*ax.texts, ax.title, *ax.get_xticklabels())]
            assert not re.search(r"\b(?:nan|None|inf)\b", " ".join([*said, *(t.get_text() for t in fig.texts)])), title
            assert 0 < fig.get_figwidth() <= 20 and (fig.get_figheight() <= 20 or title in ("words", "keyness")), title
            for ax in fig.axes:
                assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all() and ax.get_xlim()[0] != ax.get_xlim()[1], (
                    title
                )


def test_the_report_is_one_file_and_one_text(tmp_path):
    found = made("30 against 3")
    figure = tmp_path / "figure.svg"
    figure.write_text("<svg/>")
    page, text = tmp_path / "report.html", tmp_path / "report.md"
    drawn = dict.fromkeys(figures(), figure)
    write_report(found.tables, found.run, drawn, REPORT / "report.html.j2", REPORT / "report.css", page, text)
    told = page.read_text(encoding="utf-8")
    assert "src: url(data:font" in told
    plain_text = text.read_text(encoding="utf-8")
    assert "data:" not in plain_text and "font-face" not in plain_text and "--ink" not in plain_text
    linked = re.findall(r"!\[[^]]*\]\(([^)]*)\)", plain_text)
    assert (
        {"figures/shares.png", "figures/timeline.png"} <= set(linked) <= {f"figures/{name}.png" for name in figures()}
    )
    # Base64 of "<svg/>"
    assert told.count('src="data:image/svg+xml;base64,PHN2Zy8+"') == told.count("<img") == len(linked)


# What a reader is told of each


def both(name):
    found = made(name)
    return plain(found.html), found.markdown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("one source", "there is nothing to compare it with"),
        ("one issue", "No source has two issues with a date, so nothing can be said of change"),
        ("an issue without date", "1 issue has no date and has no part in anything over time"),
        ("no dates", "No issue has a date, so nothing can be said of change"),
        ("no dates", "dates are missing, so the periods could not be compared"),
        ("the same issues", "12 issues seem to stand under both"),
        ("the same issues", "48 texts stand in more than one source"),
        ("30 against 3", "each of its 3 issues higher than any of the 30 issues of 日报"),
        ("twenty sources", "and 14 more (2 dated issues; 10 are needed)"),
        ("one per cent", "This rests on 1 article of 小报"),
        ("one per cent", "1 issue on the side of 小报; 6 are needed"),
        ("disjoint years", "share no day: what differs between them differs in period too"),
        ("no issue", "12 articles of no issue: nothing says when they were printed"),
        ("only themes that occur nowhere", "2 of 2 terms add nothing"),
        ("themes that occur nowhere", "Not in the text: 火箭发射、卫星轨道"),
        ("one topic kept", "2 excluded topics left out"),
    ],
)
def test_the_report_says_what_is_odd(name, words):
    for page in both(name):
        assert words in " ".join(page.split())


@pytest.mark.parametrize("name", CORPORA)
def test_a_report_in_chinese_has_no_english_but_the_sentences_beneath(name):
    found = made(name)
    run = replace(found.run, config=found.config | {"report": found.config["report"] | {"language": "zh"}})
    page = template_of(REPORT / "report.html.j2", "zh").render(page_of(found.tables, run), css="", font="")
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh">')
    own = re.sub(r"<(\w+)[^>]* lang=\"en\">.*?</\1>|<(code|pre)\b.*?</\2>", "", page, flags=re.S)
    assert not re.findall(r".{0,40}[A-Za-z]{2,}(?:[ -][a-z]{2,})+.{0,40}", plain(own))
    both = [run.figures[title] for title in figures() if run.figures[title] in found.html]
    assert all(title in page for title in both)


def test_sources_that_differ_are_told_apart_and_sources_that_do_not_are_not():
    """What is odd must not hide a difference that is there, nor make one."""
    for name in ("an issue without date", "no dates", "disjoint years", "one topic kept", "themes that occur nowhere"):
        assert made(name).about["short"]["findings"], name
    for name in ("all alike", "the same issues", "one per cent", "30 against 3", "no issue"):
        assert not made(name).about["short"]["findings"], name
        assert (made(name).tables["contrasts"]["grade"] == "descriptive").all()
    alike = made("all alike").tables["contrasts"]
    assert (alike["p"].dropna() == 1).all() and (alike["difference"].abs() < 1e-9).all()


def test_what_differs_in_period_is_at_most_suggestive():
    for name in ("disjoint years", "no dates"):
        table = made(name).tables["contrasts"]
        assert "established" not in set(table["grade"]) and "suggestive" in set(table["grade"])


def test_one_topic_that_is_kept_is_compared_and_no_other():
    tables = made("one topic kept").tables
    for title in ("contrasts", "matched", "changes", "survival", "specifications"):
        assert set(tables[title]["topic_id"]) == {1}, title
    assert {r["topic_id"] for r in made("one topic kept").about["timeline"]["claims"]} <= {1}


def test_twenty_sources_do_not_make_walls_of_rows():
    found = made("twenty sources")
    assert len(found.tables["overlaps"]) == 190
    page = own_parts(plain(found.html))
    assert sum(bool(line.strip()) for line in page.splitlines()) < 1_000 and len(page) < 60_000
    assert max(len(line) for line in page.splitlines()) < 2_500


# The faults that were found so


def test_a_confound_of_which_no_article_has_a_stratum_holds_nothing_equal():
    x, one = np.ones((4, 2)) / 2, np.ones(4)
    assert held_equal(x, one, np.arange(4), np.array([True, True, False, False]), np.full(4, -1)) is None
    matched = made("the same issues").tables["matched"]
    reasons = matched.loc[matched["confound"] == "repeats", "reason"]
    assert set(reasons) == {"a source has no text that is printed only once"}


def test_an_interval_of_few_issues_that_follow_each_other_stays_within_what_shares_can_differ():
    leans = [(1.0, 0.0, 0.0)] * 3 + [(0.0, 1.0, 0.0)] * 3
    changing = [i._replace(lean=lean) for i, lean in zip(series("日报", 6, spread=0.05), leans, strict=True)]
    corpus = Corpus([*changing, *series("月刊", 6, lean=(0.0, 1.0, 0.0), spread=0.05)])
    articles, counts, _ = articles_of(corpus)
    limits = Limits(permutations=99)
    articles = articles.assign(n_tokens=articles["n_words"])
    matched = confound_tables(articles, infer(PHI, 0.1, counts), topics_of(corpus), limits, SEED)["matched"]
    bounds = matched.loc[matched["tested"].astype(bool), ["lower", "upper"]]
    assert bounds["lower"].min() == -1 and bounds["upper"].max() == 1


def test_a_day_on_which_many_sources_have_an_issue_does_not_cut_the_calendar():
    days = [date(1998, month, 3).toordinal() for month in range(1, 7)]
    assert len(TimeAxis([(day, day) for day in days for _ in range(40)]).pieces) == 1


def colours_of(fig):
    """{source: the colour of its marks}, by the legend or by the strip."""
    if fig.legends:
        return {
            t.get_text(): to_hex(h.get_color())
            for t, h in zip(fig.legends[0].get_texts(), fig.legends[0].get_lines(), strict=True)
        }
    ax = fig.axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    return {
        names[round(np.mean(segment[:, 1]))]: to_hex(lines.get_color()[0])
        for lines in ax.collections
        for segment in lines.get_segments()
    }


@pytest.mark.parametrize("figure", [coverage_figure, timeline_figure])
def test_a_source_has_one_colour_in_the_whole_report(figure):
    """Also where another source has no issue, and so no place in a figure over time."""
    name = "the source without a date first"
    sources = ["a", "b", "c"]
    with style():
        found = colours_of(figure.figure(**made(name).drawn))
    assert found == {s: source_colour(sources, s).lower() for s in ("b", "c")}
    assert {s["name"]: s["colour"].lower() for s in made(name).about["sources"]["sources"]}["b"] == found["b"]


def test_the_band_of_chance_is_seen_where_the_sources_do_not_differ():
    drawn = made("the same issues").drawn
    sizes = drawn["placebo_sizes"].query("weighting == 'article'").iloc[0]
    with style():
        assert placebo_figure.figure(**drawn).axes[0].get_xlim()[1] > sizes["q95"] > 0.01


def test_no_mark_is_explained_that_is_not_shown():
    for name in ("disjoint years", "the same issues", "30 against 3"):
        for page in both(name):
            shown = re.search(r"\d†", page.replace("\\", ""))
            assert bool(shown) == ("rests on less than half" in page), name


def test_sources_that_all_share_their_time_are_told_so_without_pairs():
    found = made("twenty sources")
    tables = found.tables | {"overlaps": found.tables["overlaps"].assign(overlap="yes")}
    for text in shown("coverage", tables, found.config)[1:]:
        assert "All 190 pairs of sources share at least half of the longer time" in text
        assert "those above" not in text


def test_halves_without_a_lasting_change_are_told_in_words():
    found = made("one source")
    about = section_values("placebo", found.tables, found.config)
    assert about["within"] and not any("In 0 of" in w["sentence"] for w in about["within"])
    moved = found.tables["placebo"].copy()
    at = moved["kind"] == "halves"
    moved.loc[at, ["difference", "claimed", "tested"]] = [0.4, 0, 1]
    told = section_values("placebo", found.tables | {"placebo": moved}, found.config)["within"][0]["sentence"]
    assert "No lasting change is shown in any of the 3 tested topics; it may be a passing wave." in told


def test_of_one_topic_there_is_no_average():
    for page in both("one topic kept"):
        assert "points on average over topics" not in page and "issues) differ by" in page


def test_rounding_errors_have_no_sign():
    rows = section_values("confounds", made("the same issues").tables, made("the same issues").config)["rows"]
    assert rows and {row["shown"] for row in rows} == {"0.0"}
    assert {cell["text"] for row in rows for cell in row["cells"]} <= {"0.0", "n/a"}


def test_both_claims_are_not_all_two():
    found = made("no dates")
    claims = found.tables["contrasts"].query("grade != 'descriptive' and weighting == 'article'")
    assert len(claims) == 2
    uneven = found.tables["balance"].assign(alike="unlike", shown_a="1", shown_b="2", value_a=1.0, value_b=2.0)
    words = " ".join(section_values("confounds", found.tables | {"balance": uneven}, found.config)["pairs"][0]["words"])
    assert "both claims keep their sign" in words and "all 2" not in words
