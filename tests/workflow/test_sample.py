"""The sample, run as a user runs it: what stands in the results, and whether the planted themes are found."""

import contextlib
import json
import re
import sys

import nbformat
import pandas as pd
import pytest
from baokan.articles.offsets import unflat
from baokan.registry import TABLES, path_of
from project_copies import ROOT

COLUMNS = {
    "corpus/documents": "document_id path sha256 format encoding method source publication issue date n_chars status problem",
    "corpus/articles": "article_id document_id source publication issue date position page title byline dateline kind text "
    "start end spans offset_map in_words quality duplicate_of reprint_group",
    "corpus/furniture": "document_id start end kind article_id",
    "words/chunks": "chunk_id article_id tokens",
    "words/terms": "term status kind pieces n_tokens n_articles n_issues occurrences_gazette association_lower entropy_lower",
    "words/vocabulary": "term status kind lists dropped_in n_articles n_tokens n_issues occurrences_gazette issues_magazine",
    "words/keyness": "source against rank term unit n_a n_b log_odds bound z log_ratio log_ratio_lower g2 dp dp_norm",
    "words/dropped": "source term status lists finding bound",
    "words/tfidf": "source rank term tfidf",
    "words/tfidf_articles": "article_id rank term tfidf",
    "words/term_test": "term origin occurrences whole status reason",
    "words/engines": "here there places n_articles",
    "words/contexts": "word source article_id document_id start document_start left keyword right",
    "topics/topics": "topic_id label auto_label colour share top_terms frex_terms lift_terms mark_terms coherence c_v u_mass "
    "exclusivity stability stability_k check excluded ruling merged",
    "topics/search": "k seed npmi c_v u_mass exclusivity diversity stability score held_out held_out_error nearness chosen",
    "topics/article_topics": "article_id topic_id share",
    "compare/shares": "topic_id source share lower upper weighting autocorrelation inflation noise_share seed_sd seed_fits",
    "compare/contrasts": "topic_id source_a source_b difference ratio lower upper autocorrelation_larger inflation p p_maxt p_holm "
    "p_bh p_omnibus n_issues_a n_articles_b eligible seeds_held k_held specs_held specs_total specs_break dates_held turned "
    "weakened grade grade_reasons weighting sentence sentence_zh",
    "compare/balance": "source_a source_b confound value_a value_b smd alike",
    "compare/matched": "topic_id source_a source_b weighting confound difference difference_matched p_matched holds reason",
    "compare/specifications": "specification words chunk_tokens engine k seed topic_id source_a source_b difference p holds",
    "compare/survival": "topic_id source_a source_b weighting held total median_difference p_curve breaks",
    "compare/tried": "specification words engine k n_terms outcome",
    "compare/calendar": "source issue date first last n_articles",
    "compare/coverage": "source n_issues n_dated rhythm n_gaps sentence",
    "compare/overlaps": "source_a source_b first last share_a months_both overlap sentence",
    "compare/timeline": "source topic_id weighting period share lower upper n_issues reason",
    "compare/changes": "source topic_id weighting trend p_trend split before after p_corrected sentence reason",
    "compare/placebo": "kind source_a source_b topic_id difference p p_maxt tested reached",
    "compare/placebo_contrasts": "topic_id source_a source_b weighting difference shuffled_95 halves_largest reason",
    "compare/placebo_sizes": "source_a source_b weighting q05 q50 q95 largest_95",
    "compare/divergence": "by weighting source_a source_b observed matched null_mean excess p equal_excess reason",
    "compare/shifts": "by source_a source_b item share_a share_b contribution excess",
    "compare/reprinting": "first later texts before lag_median articles_first p reason",
    "compare/themes": "theme term status n_occurrences n_articles reason",
    "compare/theme_shares": "theme source weighting share lower upper",
    "compare/theme_contrasts": "theme source_a source_b weighting difference p terms_held grade sentence",
    "compare/theme_topics": "theme topic_id correlation",
}


@pytest.fixture(scope="module")
def results(sample):
    return sample.root / "results/sample"


@pytest.fixture(scope="module")
def score(sample):
    """benchmarks/sample.py's figures for this run."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("sample_benchmark", ROOT / "benchmarks/sample.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with contextlib.chdir(sample.root):
        return module.score(sample.root / "results/sample")


@pytest.mark.parametrize("table", COLUMNS)
def test_tables_have_their_columns_and_rows(results, table):
    frame = pd.read_parquet(results / f"{table}.parquet")
    assert len(frame)
    assert set(COLUMNS[table].split()) <= set(frame.columns)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_lies_where_the_registry_says_and_its_key_tells_its_rows_apart(results, table):
    frame = pd.read_parquet(results / path_of(table))
    assert not frame.duplicated(list(TABLES[table].key)).any()


def test_ids_lead_back_to_the_document(results):
    articles = pd.read_parquet(results / "corpus/articles.parquet")
    documents = set(pd.read_parquet(results / "corpus/documents.parquet")["document_id"])
    chunks = pd.read_parquet(results / "words/chunks.parquet")
    assert articles["article_id"].is_unique and chunks["chunk_id"].is_unique
    assert set(articles["document_id"]) <= documents
    assert set(chunks["article_id"]) <= set(articles["article_id"])


def test_every_file_is_read_in_its_encoding(results):
    documents = pd.read_parquet(results / "corpus/documents.parquet").set_index("document_id")
    assert len(documents) == 36
    assert (documents["status"] == "ok").all() and (documents["problem"] == "").all()
    assert documents.loc["newspaper/2023-02-09.txt", "encoding"] == "gb18030"
    assert (documents.drop("newspaper/2023-02-09.txt")["encoding"] == "utf-8").all()


def test_traditional_is_kept_for_reading_and_folded_for_counting(results):
    articles = pd.read_parquet(results / "corpus/articles.parquet")
    traditional = articles[articles["document_id"] == "magazine/2023-09.txt"]
    assert traditional["text"].str.contains("學").any()
    terms = set(pd.read_parquet(results / "words/vocabulary.parquet")["term"])
    assert not any("學" in t or "畫" in t for t in terms)


def test_the_story_that_jumps_is_one_article_of_two_spans(results):
    articles = pd.read_parquet(results / "corpus/articles.parquet").set_index("title")
    story = articles.loc["南堤四小时"]
    assert len(story["spans"]) >= 2
    assert "下转" not in story["text"] and "上接" not in story["text"]


def test_every_character_of_every_document_is_in_one_place(results):
    """In an article, in page furniture with its kind, or blank; and the text leads back to where it stands."""
    articles = pd.read_parquet(results / "corpus/articles.parquet")
    furniture = pd.read_parquet(results / "corpus/furniture.parquet")
    assert furniture["kind"].ne("").all()
    decoded = pd.concat(pd.read_parquet(p) for p in sorted(results.glob("corpus/shards/*/decoded.parquet")))
    assert len(decoded) == 36
    added = 0
    for document in decoded.itertuples():
        covered = [0] * len(document.text)
        own = articles[articles["document_id"] == document.document_id]
        taken = furniture[furniture["document_id"] == document.document_id]
        spans = [span for found in own["spans"] for span in found] + list(
            zip(taken["start"], taken["end"], strict=True)
        )
        for start, end in spans:
            for place in range(start, end):
                covered[place] += 1
        assert max(covered) == 1
        assert "".join(c for c, n in zip(document.text, covered, strict=True) if not n).strip("\ufeff \n\u3000") == ""
        for article in own.itertuples():
            runs = unflat(article.offset_map)
            for at, origin, length in runs:
                added += sum(
                    document.text[origin + i] not in ",:;?!()" for i in range(length)
                    if document.text[origin + i] != article.text[at + i]
                )  # fmt: skip
            inside = sum(length for _, _, length in runs)
            assert len(article.text) - article.text.count("\n") == inside
    assert added == 0  # nothing but half-width marks has changed its form


def test_the_data_page_lists_every_document_and_shows_it_before_and_after(results):
    index = (results / "data/index.html").read_text(encoding="utf-8")
    places = re.findall(r'<td class="wrap" lang="zh"><a href="(\d+/\d+\.html)#(d\d+)">([^<]+)</a>', index)
    documents = pd.read_parquet(results / "corpus/documents.parquet")
    assert set(documents["document_id"]) <= {name for *_, name in places}
    for page, anchor, name in places:
        html = (results / "data" / page).read_text(encoding="utf-8")
        section = html[html.index(f'id="{anchor}"') :].split("</section>")[0]
        assert f">{name}</h2>" in section
    assert "<script" not in index and "url(data:font" in index


def test_the_wire_story_is_found_in_both_sources(results):
    articles = pd.read_parquet(results / "corpus/articles.parquet")
    groups = articles[articles["reprint_group"] != ""].groupby("reprint_group")["source"].agg(set)
    assert list(groups) == [{"magazine", "newspaper"}]


def test_planted_themes_are_found(score, capsys):
    chosen, check = score["chosen"], score["check"]
    with capsys.disabled():
        print(
            f"\n[sample] K = {score['K']}; purity {chosen['purity']:.3f}, one-to-one {chosen['one-to-one']:.3f}, NMI "
            f"{chosen['NMI']:.3f}; gensim: purity {check['purity']:.3f}, one-to-one {check['one-to-one']:.3f}"
        )
    assert set(score["themes"]) == set(score["themes that are the majority of a topic"])
    assert chosen["purity"] >= 0.80


def test_clear_differences_have_the_planted_sign(score):
    assert all(difference > 0 for *_, difference in score["signs"]), score["signs"]


def test_nothing_is_called_established_that_was_not_planted(score):
    assert score["established but not planted"] == []


def test_the_planted_differences_that_can_be_tested_are_established(score):
    assert score["planted and tested but not established"] == []
    assert score["established"] >= 1


def test_a_refused_contrast_has_no_interval_and_says_so(results):
    contrasts = pd.read_parquet(results / "compare/contrasts.parquet")
    refused = contrasts[~contrasts["eligible"]]
    assert refused[["lower", "upper", "p", "p_maxt", "p_bh"]].isna().all(axis=None)
    assert refused["sentence"].str.contains("describes these issues only").all()
    assert refused["sentence_zh"].str.contains("仅描述这些期次").all()


def test_topics_keep_their_numbers_in_every_table_and_page(results):
    topics = pd.read_parquet(results / "topics/topics.parquet")
    ids = set(topics["topic_id"])
    for table in (
        "topics/article_topics",
        "topics/passages",
        "compare/shares",
        "compare/issue_shares",
        "compare/contrasts",
    ):
        assert set(pd.read_parquet(results / f"{table}.parquet")["topic_id"]) == ids, table
    html = (results / "report.html").read_text(encoding="utf-8")
    for row in topics.itertuples():
        assert f'id="topic-{row.topic_id}"' in html and f'--c: {row.colour}"></span>{row.topic_id} ' in html
    exported = pd.read_parquet(results / "exports/theta.parquet")
    assert [c for c in exported.columns if c != "article_id"] == [f"topic_{i}" for i in sorted(ids)]
    key = pd.read_csv(results / "validation/key.csv")
    assert set(key["topic_id"]) <= ids


def test_each_topic_says_in_how_many_of_twenty_fits_it_returns(results):
    search, topics = (pd.read_parquet(results / f"topics/{name}.parquet") for name in ("search", "topics"))
    chosen = json.loads((results / "topics/chosen.json").read_text(encoding="utf-8"))
    assert (search["k"] == chosen["k"]).sum() == chosen["n_fits"] == 20
    returned = topics["stability"] * 19
    assert (abs(returned - returned.round()) < 1e-9).all()
    # Themes were planted: most topics return, and the search says how much of it is luck.
    assert topics["stability"].median() >= 0.9


def test_an_article_scored_with_the_saved_model_has_the_shares_of_the_run(results, sample):
    from baokan.topics.scoring import score

    articles = pd.read_parquet(results / "corpus/articles.parquet")
    some = articles.iloc[::23]
    with contextlib.chdir(sample.root):
        scored = score(results, list(zip(some["title"], some["text"], strict=True)), ids=list(some["article_id"]))
    shares = pd.read_parquet(results / "topics/article_topics.parquet").set_index(["article_id", "topic_id"])["share"]
    there = shares.loc[list(zip(scored["document"], scored["topic_id"], strict=True))]
    assert len(scored) == len(some) * shares.index.get_level_values("topic_id").nunique()
    assert abs(scored["share"].to_numpy() - there.to_numpy()).max() < 1e-6


def test_csv_shows_chinese_in_excel_and_equals_the_parquet_table(results):
    path = results / "tables/topics.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(path)
    assert list(table["label"]) == list(pd.read_parquet(results / "topics/topics.parquet")["label"])


def test_the_report_is_one_file_that_loads_nothing(results):
    html = (results / "report.html").read_text(encoding="utf-8")
    links = re.findall(r"""(?:src|href)=["']([^"']+)""", html)
    outside = {link.split("#")[0] for link in links if not link.startswith(("#", "data:"))}
    assert {"data/index.html", "contexts/index.html"} <= outside  # links; nothing is loaded from them
    assert all(link.startswith(("data/", "contexts/", "validation/")) and (results / link).exists() for link in outside)
    assert "<script" not in html
    assert re.search(r"url\((?!data:)", html) is None
    assert "@font-face" in html and 'http-equiv="Content-Security-Policy"' in html


def test_both_reports_hold_the_same_findings(results):
    html = (results / "report.html").read_text(encoding="utf-8")
    markdown = (results / "report.md").read_text(encoding="utf-8")
    for label in pd.read_parquet(results / "topics/topics.parquet")["label"]:
        assert label in html and label in markdown
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", markdown):
        assert (results / name).exists()


def test_provenance_names_configuration_versions_and_inputs(results):
    said = json.loads((results / "provenance.json").read_text(encoding="utf-8"))
    assert said["config"]["topics"]["seeds"] == 6
    assert said["versions"]["python"] == sys.version.split()[0]
    assert len(said["corpus"]) == 36 and all(len(v) == 64 for v in said["corpus"].values())
    assert any("zh-iso" in p for p in said["word_lists"])


def test_the_notebook_was_executed_without_errors_and_holds_no_times(results):
    notebook = nbformat.read(results / "notebooks/explore.ipynb", as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(c.execution_count for c in code)
    assert all(o.output_type != "error" for c in code for o in c.outputs)
    assert any("image/png" in o.get("data", {}) for c in code for o in c.outputs)
    assert not any("execution" in c.metadata for c in code)


def test_the_run_says_where_the_report_is(sample):
    assert "The report: results/sample/report.html" in sample.said
    assert sample.planned() == {}
