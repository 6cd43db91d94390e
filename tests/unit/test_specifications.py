"""The specification curve: which specifications there are, and what is said of a difference that survives or breaks."""

import warnings

import numpy as np
import pandas as pd
import pytest
from baokan.claims.tables import TOLD
from baokan.comparing.contrasts import contrasts
from baokan.comparing.limits import Limits
from baokan.comparing.reasons import read, reason, stored
from baokan.reporting.figures import style
from baokan.reporting.sections.specifications.figure import figure
from baokan.robustness.choices import OWN, Specification, changed, specifications, word_choices
from baokan.robustness.counting import Text, counted, counts_of, cut_again, words_of
from baokan.robustness.parts import all_issues, no_part, read_part, write_part
from baokan.robustness.refits import Run, part, parts_of, saved_fits
from baokan.robustness.specifications import (
    FITTED,
    UNCHANGED,
    by_choice,
    compared,
    gathered,
    headlines,
    joint_tests,
    survival,
)
from baokan.topics.training import fit_all, training_rows
from baokan.words.counting import article_counts
from baokan.words.lexicon import WordLists
from baokan.words.segmentation import tokens_of
from baokan.words.vocabulary import chunk_counts, kept_terms, vocabulary_table
from planted import chunks_of, reported
from scipy import sparse, stats
from shown_sections import shown

WORDS = {
    "engine": "rjieba", "simplify": True, "terms": ["terms.txt"], "discover": "use", "stopwords": ["a.txt", "b.txt"],
    "source_stopwords": {}, "keep": [], "parts_of_speech": "content", "min_length": 2, "min_articles": 2, "min_issues": 1,
    "max_article_share": 1.0, "max_issue_share": 1.0,
}  # fmt: skip
TOPICS = {"engine": "tomotopy", "k": [2, 3, 4], "chunk_tokens": 300, "issue_cap": 20000, "iterations": 60}
SETTINGS = {"permutations": 999, "confidence": 0.95, "min_issues": 6, "min_articles": 10}
LIMITS = Limits(**SETTINGS)
SEED = 7
N_TOPICS, OWN_TERMS = 3, 8


# Which specifications there are


def test_the_list_is_the_same_each_time_and_has_each_specification_once():
    first, again = (specifications(WORDS, TOPICS, SEED, 3, 5) for _ in range(2))
    assert first == again and len(set(first)) == len(first)
    assert first[0] == Specification(OWN, 300, "tomotopy", 3, 5)
    assert first != specifications(WORDS, TOPICS, SEED + 1, 3, 5)  # other pairs are drawn


def changes(spec, own):
    return {field for field in spec._fields if field != "seed" and getattr(spec, field) != getattr(own, field)}


def test_each_choice_is_changed_alone_and_together_with_each_neighbouring_k():
    planned = specifications(WORDS, TOPICS, SEED, 3, 5)
    own = planned[0]
    alone = [spec for spec in planned if len(changes(spec, own)) == 1]
    made = {(kind, getattr(spec, kind)) for spec in alone for kind in changes(spec, own)}
    words = [name for name in word_choices(WORDS) if name != OWN]
    expected = {("words", name) for name in words} | {("chunk_tokens", n) for n in (150, 600)}
    expected |= {("engine", e) for e in ("gensim", "sklearn")} | {("k", k) for k in (2, 4)}
    assert made == expected
    assert len(alone) == len(expected) + 2  # the fits of a neighbouring K are there already: two of each
    both = {spec for spec in planned if len(changes(spec, own)) == 2 and "k" in changes(spec, own)}
    # Engines, which take longest, only in pairs drawn of all.
    assert len(both) == 2 * (len(expected) - 2 - 2)
    assert any(len(changes(spec, own)) == 2 and "k" not in changes(spec, own) for spec in planned)
    assert any(not changes(spec, own) and spec.seed != 5 for spec in planned)  # another seed and nothing else
    assert "nmf" not in {spec.engine for spec in planned}


def test_a_grid_of_one_k_and_a_k_at_the_edge_have_fewer_neighbours():
    assert {s.k for s in specifications(WORDS, TOPICS | {"k": [3]}, SEED, 3, 0)} == {3}
    assert {s.k for s in specifications(WORDS, TOPICS, SEED, 2, 0)} == {2, 3}
    assert {s.k for s in specifications(WORDS, TOPICS | {"k": [8, 2, 4, 6]}, SEED, 4, 0)} == {2, 4, 6}


@pytest.mark.parametrize(
    ("settings", "there", "gone"),
    [
        (
            {},
            {"no_stopwords", "first_stopwords", "all_words", "nouns", "no_found_terms", "no_terms"},
            {"content_words"},
        ),
        ({"stopwords": []}, set(), {"no_stopwords", "first_stopwords"}),
        ({"stopwords": ["a.txt"]}, {"no_stopwords"}, {"first_stopwords"}),
        ({"stopwords": [], "source_stopwords": {"报": ["本报"]}}, {"no_stopwords"}, {"first_stopwords"}),
        ({"parts_of_speech": "all"}, {"content_words", "nouns"}, {"all_words"}),
        ({"parts_of_speech": ["proper", "noun", "term", "abbreviation"]}, {"all_words", "content_words"}, {"nouns"}),
        ({"discover": "list"}, {"no_terms"}, {"no_found_terms"}),
        ({"terms": []}, {"no_found_terms"}, {"no_terms"}),
        ({"terms": [], "discover": "none"}, set(), {"no_found_terms", "no_terms"}),
    ],
)
def test_a_choice_that_the_run_makes_already_is_none(settings, there, gone):
    found = word_choices(WORDS | settings)
    assert next(iter(found)) == OWN and there <= set(found) and not gone & set(found)


def test_the_other_segmenter_is_named():
    assert word_choices(WORDS)["other_segmenter"] == "cut by jieba"
    assert word_choices(WORDS | {"engine": "jieba"})["other_segmenter"] == "cut by rjieba"


def test_a_specification_is_known_by_what_it_changes():
    own = {"words": "the run's own", "chunk_tokens": 300, "engine": "tomotopy", "k": 8, "seed": 5}
    assert changed(own | {"k": 12, "engine": "gensim", "seed": 0}, own) == {"k": 12, "engine": "gensim"}
    both = {"words": "with nouns only", "chunk_tokens": 150}
    assert changed(own | both, own) == both
    assert changed(own | {"seed": 0}, own) == {"seed": 0}
    assert changed(own, own) == {}


# What each choice of words does to the text

WATER = ["水库", "河流", "桥梁", "渔船", "堤坝", "修建"]
SCHOOL = ["学校", "老师", "学生", "课本", "教室", "学习"]


def chinese(n=24):
    rng = np.random.default_rng(0)
    themes = [WATER, SCHOOL]
    rows = [(f"a{i}", "", "，".join([*rng.choice(themes[i % 2], 40), "水库河流"])) for i in range(n)]
    issue = [f"{'ab'[i >= n // 2]}//{i // 4}" for i in range(n)]
    articles = pd.DataFrame({"article_id": [r[0] for r in rows], "source": ["ab"[i >= n // 2] for i in range(n)]})
    return rows, articles.assign(issue_id=issue, document_id="d", duplicate_of="")


@pytest.fixture
def lists(tmp_path):
    for name, words in (("a.txt", "堤坝\n"), ("b.txt", "渔船\n"), ("terms.txt", "水库河流\n")):
        (tmp_path / name).write_text(words, encoding="utf-8")
    settings = WORDS | {
        "stopwords": [str(tmp_path / n) for n in ("a.txt", "b.txt")],
        "terms": [str(tmp_path / "terms.txt")],
    }
    found = pd.DataFrame({"term": ["学校老师"], "status": ["kept"]})
    own = WordLists(["水库河流", "学校老师"], {"堤坝": "a.txt", "渔船": "b.txt"}, {"a": ["桥梁"]}, [])
    return settings, own, found


def terms_counted(name, lists):
    settings, own, found = lists
    rows, articles = chinese()
    words = words_of(name, own, settings, found)
    tokens = cut_again(lambda: rows, words, lambda: tokens_of(rows, "rjieba", own.terms, True))
    return set(kept_terms(vocabulary_table(tokens, articles, words.lists, words.settings)[0]))


def test_each_choice_of_words_counts_what_its_name_says(lists):
    own = terms_counted(OWN, lists)
    assert "水库河流" in own and not {"堤坝", "渔船"} & own and "修建" in own
    assert {"堤坝", "渔船"} <= terms_counted("no_stopwords", lists)
    first = terms_counted("first_stopwords", lists)
    assert "渔船" in first and "堤坝" not in first
    nouns = terms_counted("nouns", lists)
    assert "修建" not in nouns and "河流" in nouns
    assert own <= terms_counted("all_words", lists)
    assert "水库河流" in terms_counted("no_found_terms", lists)
    assert "水库河流" not in terms_counted("no_terms", lists)
    assert "水库河流" in terms_counted("other_segmenter", lists)


def test_without_stopword_lists_a_source_has_none_of_its_own_either(lists):
    settings, own, found = lists
    assert words_of("no_stopwords", own, settings, found).lists.source_stopwords == {}


def test_an_unknown_choice_is_refused(lists):
    settings, own, found = lists
    with pytest.raises(ValueError, match="weather"):
        words_of("weather", own, settings, found)


def test_text_is_read_once_and_only_where_it_must_be_cut_anew(lists):
    settings, own, found = lists
    rows, _ = chinese()
    reads = []

    def texts():
        reads.append(1)
        return iter(rows)

    for name in ("nouns", "no_stopwords", OWN):
        cut_again(texts, words_of(name, own, settings, found), lambda: "tokens of the run")
    assert not reads
    cut_again(texts, words_of("no_terms", own, settings, found), lambda: "tokens of the run")
    assert len(reads) == 1


def test_too_few_terms_are_said(lists):
    settings, own, found = lists
    rows, articles = chinese()
    strict = settings | {"min_length": 4}
    tokens = tokens_of(rows, "rjieba", own.terms, True)
    way = counts_of(articles, tokens, words_of(OWN, own, strict, found), [300])
    assert "1 terms are left" in way(300) or "0 terms are left" in way(300)


# A corpus whose truth is known


def press(shift=0.5, issues=10, each=6, seed=0, sources="ab"):
    """Articles of one theme each: source a writes of theme 1 with a chance that is `shift` larger than b's, and of theme 2
    with one that is smaller; both write alike of theme 3. (articles, counts of articles, shares, phi)."""
    rng = np.random.default_rng(seed)
    n_terms = N_TOPICS * OWN_TERMS
    phi = np.zeros((N_TOPICS, n_terms))
    for topic in range(N_TOPICS):
        phi[topic, topic * OWN_TERMS : (topic + 1) * OWN_TERMS] = rng.dirichlet(np.full(OWN_TERMS, 5.0))
    rows, theta = [], []
    for source in sources:
        more = shift / 2 if source == "a" else -shift / 2
        for issue in range(issues):
            for number in range(each):
                about = rng.choice(N_TOPICS, p=[1 / 3 + more, 1 / 3 - more, 1 / 3])
                theta.append(rng.dirichlet(np.where(np.arange(N_TOPICS) == about, 30.0, 0.5)))
                day = f"1950-{issue + 1:02d}-01"
                rows.append((f"{source}{issue}-{number}", source, "", day, f"{source}//{day}", day, ""))
    columns = ["article_id", "source", "publication", "issue", "issue_id", "issue_date", "duplicate_of"]
    counts = sparse.csr_matrix(np.array([rng.multinomial(50, mixture @ phi) for mixture in theta], np.int32))
    return pd.DataFrame(rows, columns=columns), counts, np.array(theta), phi


def counting(articles, counts):
    chunks = chunks_of(counts).assign(article_id=articles["article_id"])
    return counted(chunks, counts, [str(i) for i in range(counts.shape[1])])


PLAN = [
    Specification(OWN, 300, "tomotopy", 3, 9),
    Specification(OWN, 300, "tomotopy", 3, 0),
    Specification("nouns", 300, "tomotopy", 3, 0),
    Specification("nouns", 300, "sklearn", 3, 0),
    Specification(OWN, 300, "tomotopy", 4, 0),
    Specification(OWN, 150, "tomotopy", 3, 0),
]
NAMES = {OWN: "the run's own", "nouns": "with nouns only"}


def curve(corpus, plan=PLAN, ways=None, saved=None, limits=LIMITS, order=1, **changed):
    """The tables of `gathered` for a corpus of `press`. ways: by (words, windows), counts or the words for why there are none;
    without, nouns leave out the last two terms of each theme and windows leave all as it is."""
    articles, counts, theta, phi = corpus
    own, model = counting(articles, counts), reported(phi, theta, **changed)
    fewer = counting(articles, counts[:, [i for i in range(counts.shape[1]) if i % OWN_TERMS < OWN_TERMS - 2]])
    ways = {(OWN, 150): own, ("nouns", 300): fewer, ("nouns", 150): fewer} | (ways or {})
    run = Run(articles, model, own, lambda: saved or {}, TOPICS, limits, SEED)
    parts = [
        part(name, NAMES[name], plan, run, lambda lengths, name=name: lambda n: ways[name, n])
        for name in dict.fromkeys(spec.words for spec in plan)
    ]
    return gathered(parts[::order], all_issues(articles), SEED)


@pytest.fixture(scope="module")
def strong():
    return press()


@pytest.fixture(scope="module")
def tables(strong):
    return curve(strong)


def row_of(tables, topic, weighting="article"):
    found = tables["survival"].query("topic_id == @topic and weighting == @weighting")
    assert len(found) == 1
    return found.iloc[0]


def test_a_strong_difference_survives_all_and_a_planted_likeness_none(tables):
    for weighting in ("article", "token"):
        for topic in (1, 2):
            row = row_of(tables, topic, weighting)
            assert (row["held"], row["same_sign"], row["returning"], row["total"]) == (5, 5, 5, 5)
            assert read(row["breaks"])[0].values == {"tested": True, "n": 5, "total": 5, "not_in": []}
            assert row["p_curve"] <= 0.01 and row["p_held"] <= 0.05
        alike = row_of(tables, 3, weighting)
        assert alike["held"] == 0 and alike["returning"] == 5
        assert alike["p_curve"] > 0.05 and alike["p_held"] > 0.05
    assert row_of(tables, 1)["difference"] == pytest.approx(0.5, abs=0.15)
    assert row_of(tables, 1)["median_difference"] == pytest.approx(row_of(tables, 1)["difference"], abs=0.1)
    assert row_of(tables, 2)["median_difference"] < -0.2


def test_a_choice_that_leaves_the_counts_as_they_are_is_counted_once_and_said(tables):
    tried = tables["tried"].set_index("specification")
    assert tried.loc[6, "outcome"] == "the same counts as the run's own words in windows of 300 tokens, counted once"
    assert (tried.loc[:5, "outcome"] == FITTED).all()
    assert set(tables["specifications"]["specification"]) == {1, 2, 3, 4, 5}


def test_two_choices_that_count_alike_are_one_specification_though_jobs_differ(strong):
    plan = [*PLAN, Specification("no_terms", 300, "tomotopy", 3, 0)]
    NAMES["no_terms"] = "without any terms"
    articles, counts, *_ = strong
    fewer = counting(articles, counts[:, [i for i in range(counts.shape[1]) if i % OWN_TERMS < OWN_TERMS - 2]])
    found = curve(strong, plan, {("no_terms", 300): fewer})
    outcome = found["tried"].set_index("specification").loc[7, "outcome"]
    assert outcome == "the same counts as words with nouns only in windows of 300 tokens, counted once"
    assert row_of(found, 1)["total"] == 5


def test_the_reported_specification_is_the_contrast_of_the_report(strong, tables):
    from baokan.comparing.shares import issue_shares

    articles, counts, theta, _ = strong
    known = articles.assign(n_tokens=np.asarray(counts.sum(axis=1)).ravel())
    issues, shares = issue_shares(known, theta, "article")
    expected = contrasts(issues, shares, Limits(permutations=999, min_issues=6, min_articles=10), seed=SEED)
    mine = tables["specifications"].query("specification == 1 and weighting == 'article'")
    for column in ("difference", "lower", "upper", "p"):
        np.testing.assert_allclose(mine[column], expected[column])


def test_saved_fits_are_taken_and_give_what_new_ones_give(strong, tables):
    articles, counts, *_ = strong
    own = counting(articles, counts)
    training = training_rows(own.chunks, articles, 20000, SEED)
    by_article = article_counts(own.chunks, own.counts, list(articles["article_id"]))
    fits = fit_all("tomotopy", own.counts, training, by_article, 3, range(2), SEED, 60)
    found = curve(strong, saved={("tomotopy", 3): fits})
    pd.testing.assert_frame_equal(found["specifications"], tables["specifications"])
    blank = fits._replace(theta=np.full_like(fits.theta, 1 / 3))  # and that they are taken shows where they are wrong
    wrong = curve(strong, saved={("tomotopy", 3): blank})["specifications"].query("specification == 2")
    np.testing.assert_allclose(wrong["difference"], 0, atol=1e-6)


def test_the_fits_at_hand_are_those_of_the_chosen_k_its_neighbours_and_the_second_engine():
    topics = TOPICS | {"check_engine": "gensim"}
    assert saved_fits(topics, 3, "own", {2: "less", 4: "more"}, "check") == {
        ("tomotopy", 3): "own", ("tomotopy", 2): "less", ("tomotopy", 4): "more", ("gensim", 3): "check",
    }  # fmt: skip
    assert set(saved_fits(topics, 3, "own", {}, None)) == {("tomotopy", 3)}
    same = saved_fits(TOPICS | {"check_engine": "tomotopy"}, 3, "own", {}, "check")
    assert same == {("tomotopy", 3): "own"}  # its seeds are the same fits again


def test_the_order_of_jobs_and_the_time_of_day_change_nothing(strong, tables):
    again = curve(strong, order=-1)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(again[name], table)


def test_repeats_within_a_source_count_once(strong, tables):
    articles, counts, theta, phi = strong
    copies = (
        articles[articles["source"] == "a"]
        .head(30)
        .assign(duplicate_of="a0-0", article_id=lambda t: t["article_id"] + "x")
    )
    doubled = pd.concat([articles, copies], ignore_index=True)
    again = curve(
        (doubled, sparse.vstack([counts, counts[:30]]).tocsr(), np.vstack([theta, theta[:30]]), phi), PLAN[:1]
    )
    first = tables["specifications"].query("specification == 1").reset_index(drop=True)
    pd.testing.assert_frame_equal(again["specifications"], first)


# Odd input


def test_a_choice_that_leaves_too_little_is_a_row_with_words(strong):
    few = "only 7 terms are left, too few for a topic model"
    found = curve(strong, ways={("nouns", 300): few})
    tried = found["tried"].set_index("specification")
    assert tried.loc[[3, 4], "outcome"].tolist() == [few, few]
    assert row_of(found, 1)["total"] == 3


def test_no_text_to_train_on_is_a_row_with_words(strong):
    articles, counts, *_ = strong
    empty = counting(articles, sparse.csr_matrix(counts.shape, dtype=np.int32))
    found = curve(strong, ways={("nouns", 300): empty})
    assert "no text is left" in found["tried"].set_index("specification").loc[3, "outcome"]


def test_fewer_topics_leave_one_without_partner_that_does_not_hold(strong):
    found = curve(strong, [*PLAN[:1], Specification(OWN, 300, "tomotopy", 2, 0)])
    rows = found["specifications"].query("specification == 2 and weighting == 'article'")
    assert (rows["similarity"] == 0).sum() == 1
    lost = rows[rows["similarity"] == 0].iloc[0]
    assert not lost["returns"] and not lost["holds"] and np.isnan(lost["difference"])
    assert row_of(found, lost["topic_id"])["total"] == 2


@pytest.mark.parametrize("sources", ["a", ""])
def test_one_source_has_nothing_to_compare_and_no_crash(sources):
    articles, counts, theta, phi = press(sources=sources or "a")
    if not sources:  # and none of its articles is in an issue
        articles = articles.assign(issue="", issue_id="", issue_date="")
    found = curve((articles, counts, theta, phi), PLAN[:2])
    assert not len(found["specifications"]) and not len(found["survival"])
    assert (found["tried"]["outcome"] == FITTED).all()


def test_few_issues_are_described_by_their_sign_and_have_no_p():
    found = curve(press(issues=4), PLAN[:3])
    assert found["specifications"][["p", "lower", "upper"]].isna().all().all()
    row = row_of(found, 1)
    assert not row["tested"] and row["held"] == 0 and np.isnan(row["p_curve"])
    assert read(row["breaks"])[0].values == {"tested": False, "n": 3, "total": 3, "not_in": []}


def test_a_contrast_that_the_report_may_not_test_is_tested_nowhere():
    found = curve(press(), PLAN[:2], limits=Limits(**SETTINGS | {"min_articles": 1000}))
    assert found["specifications"]["p"].isna().all() and not found["survival"]["tested"].any()


def test_excluded_topics_have_no_rows_and_merged_ones_are_compared_as_a_whole(strong):
    articles, counts, theta, phi = strong
    without = curve(strong, PLAN[:2], excluded=np.array([False, True, False]))
    assert set(without["survival"]["topic_id"]) == {1, 3}
    assert row_of(without, 1)["held"] == 2
    merged = np.column_stack([theta[:, 0] + theta[:, 2], theta[:, 1]])
    both = curve((articles, counts, merged, phi), PLAN[:2], parts=[0, 1, 0])
    row = row_of(both, 1)
    assert row["returning"] == 2 and row["held"] == 2
    np.testing.assert_allclose(row["median_difference"], -row_of(both, 2)["median_difference"], atol=0.02)


def test_a_curve_that_is_not_computed_has_tables_with_their_types(tmp_path):
    paths = tmp_path / "a.parquet", tmp_path / "t.parquet", tmp_path / "s.npz"
    write_part(no_part(), *paths)
    found = gathered([read_part(*paths)] * 2, pd.DataFrame({"issue_id": [], "source": []}), SEED)
    assert [len(table) for table in found.values()] == [0, 0, 0]
    assert found["survival"]["topic_id"].dtype == np.int64 and found["survival"]["tested"].dtype == bool
    assert not len(gathered([], pd.DataFrame({"issue_id": [], "source": []}), SEED)["survival"])


def test_what_counts_alike_is_not_fitted_twice(strong):
    articles, counts, theta, phi = strong
    own, done = counting(articles, counts), []
    run = Run(articles, reported(phi, theta), own, dict, TOPICS, LIMITS, SEED)
    made = part(OWN, "the run's own", PLAN, run, lambda lengths: lambda n: own, done.append)
    assert made.numbers.tolist() == [1, 2, 5] and set(made.specifications["specification"]) == {1, 2, 5}
    assert done == [1, 2, 3, 4]  # each is reported, fitted or not


def test_a_part_is_read_as_it_was_written(strong, tmp_path):
    articles, counts, theta, phi = strong
    own = counting(articles, counts)
    run = Run(articles, reported(phi, theta), own, dict, TOPICS, LIMITS, SEED)
    made = part(OWN, "the run's own", PLAN[:2], run, None)
    paths = tmp_path / "a.parquet", tmp_path / "t.parquet", tmp_path / "s.npz"
    write_part(made, *paths)
    back = read_part(*paths)
    pd.testing.assert_frame_equal(back.specifications, made.specifications)
    pd.testing.assert_frame_equal(back.tried, made.tried)
    assert back.shares.tobytes() == made.shares.tobytes() and list(back.numbers) == [1, 2]


def test_the_choices_of_a_job_are_counted_fitted_and_told_of_one_after_the_other(lists):
    settings, own_lists, found = lists
    rows, articles = chinese()
    articles = articles.assign(publication="", issue=articles["issue_id"], issue_date="")
    tokens = tokens_of(rows, "rjieba", own_lists.terms, True)
    vocabulary, within = vocabulary_table(tokens, articles, own_lists, settings)
    sources = pd.Categorical(articles["source"]).codes
    own = counted(*chunk_counts(tokens, sources, within, vocabulary, 300), kept_terms(vocabulary))
    topics = TOPICS | {"k": [2], "iterations": 20}
    counts = article_counts(own.chunks, own.counts, list(articles["article_id"]))
    fits = fit_all("tomotopy", own.counts, np.arange(own.counts.shape[0]), counts, 2, range(2), SEED, 20)
    model = reported(fits.phi[0].astype(float), fits.theta[0].astype(float))
    cuts, told = [], []

    def texts():
        cuts.append(1)
        return iter(rows)

    def progress(unit, total):
        told.append(f"{total} {unit}")
        return told.append

    run = Run(articles, model, own, lambda: {("tomotopy", 2): fits}, topics, LIMITS, SEED)
    made = parts_of(["nouns", "no_terms"], run, Text(own_lists, found, lambda: tokens, texts), settings, progress)
    planned = specifications(settings, topics, SEED, 2, 0)
    mine = [n for n, spec in enumerate(planned, 1) if spec.words in ("nouns", "no_terms")]
    assert sorted(made.tried["specification"]) == mine and len(made.shares) == len(made.numbers) > 0
    assert set(made.tried["words"]) == {"with nouns only", "without any terms"}
    assert told == [f"{len(mine)} specifications", *range(1, len(mine) + 1)]
    assert len(cuts) == 1  # without terms the text is cut anew, with nouns it is not


# Counted by hand


def rows_by_hand(changes):
    """A table of specifications of one contrast: (what it changes, difference, p, returns) each."""
    own = {"words": "the run's own", "chunk_tokens": 300, "engine": "tomotopy", "k": 8, "seed": 5}
    key = {"topic_id": 4, "source_a": "a", "source_b": "b", "weighting": "article"}
    rows = [
        {"specification": n} | own | changed | key | {"similarity": 0.9 if returns else 0.3, "returns": returns}
        | {"difference": difference, "lower": difference - 0.1, "upper": difference + 0.1, "t": 0.0, "p": p}
        for n, (changed, difference, p, returns) in enumerate(changes, 1)
    ]  # fmt: skip
    return compared(pd.DataFrame(rows))


BY_HAND = [
    ({}, 0.20, 0.001, True),
    ({"seed": 0}, 0.22, 0.05, True),  # 0.05 is enough
    ({"words": "with nouns only"}, 0.18, 0.051, True),  # not this
    ({"k": 12, "engine": "gensim"}, -0.10, 0.001, True),  # nor the other way round
    ({"k": 12}, 0.30, 0.001, True),
    ({"engine": "gensim"}, 0.99, 0.001, False),  # another topic
]


def test_what_holds_is_counted_and_what_breaks_is_named():
    table = rows_by_hand(BY_HAND)
    assert table["holds"].tolist() == [True, True, False, False, True, False]
    assert table["same_sign"].tolist() == [True, True, True, False, True, False]
    row = survival(table).iloc[0]
    assert (row["held"], row["total"], row["returning"], row["same_sign"]) == (3, 6, 5, 4)
    assert row["median_difference"] == pytest.approx(0.20)  # of 0.20, 0.22, 0.18, -0.10, 0.30
    not_in = [{"words": "with nouns only"}, {"k": 12, "engine": "gensim"}, {"engine": "gensim"}]
    assert read(row["breaks"]) == [("robustness", {"tested": True, "n": 3, "total": 6, "not_in": not_in})]
    assert np.isnan(row["p_curve"])


def test_of_many_breaks_the_choices_that_break_most_are_named():
    more = [({"engine": "gensim", "seed": n}, 0.01, 0.9, True) for n in range(3)]
    row = survival(rows_by_hand(BY_HAND + more)).iloc[0]
    # gensim: 0 of 5; nouns: 0 of 1; 12 topics: 1 of 2, which is no worse than 3 of 9
    least = [[{"words": "with nouns only"}, 0, 1], [{"engine": "gensim"}, 0, 5]]
    assert read(row["breaks"]) == [("robustness", {"tested": True, "n": 3, "total": 9, "least": least})]


def test_choices_are_counted_each_by_itself():
    table = by_choice(rows_by_hand(BY_HAND)).set_index(["kind", "choice"])
    gensim, twelve = stored(reason("choice", engine="gensim")), stored(reason("choice", k=12))
    assert table.loc[("engine", gensim), ["held", "same_sign", "total"]].tolist() == [0, 0, 2]
    assert table.loc[("k", twelve), ["held", "same_sign", "total"]].tolist() == [1, 1, 2]
    assert table.loc[("words", UNCHANGED), ["held", "total"]].tolist() == [3, 5]
    assert (table.groupby("kind")["total"].sum() == 6).all()


# The curve as a whole


def shares_of(rng, n=12, specs=8, shift=0.0, noise=0.05):
    """(issues, shares (S, 2, I, 1)) of two sources; specifications see the same issues through some noise of their own."""
    truth = rng.normal(0.3, 0.1, 2 * n) + np.repeat([shift, 0.0], n)
    cube = truth + rng.normal(0, noise, (specs, 2, 2 * n))
    return pd.DataFrame({"issue_id": [f"i{i:02d}" for i in range(2 * n)], "source": np.repeat(["a", "b"], n)}), cube[
        ..., None
    ]


def joint(issues, cube, seed=SEED):
    specs = rows_by_hand([({"seed": n}, 0.1, 0.5, True) for n in range(len(cube))])
    a = (issues["source"] == "a").to_numpy()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant shares
        specs["t"] = [stats.ttest_ind(x[a], x[~a], equal_var=False, nan_policy="omit")[0] for x in cube[:, 0, :, 0]]
    return joint_tests(specs, issues, cube, np.arange(1, len(cube) + 1), seed).iloc[0]


def test_with_no_difference_the_curve_is_significant_as_often_as_it_says():
    rng = np.random.default_rng(1)
    found = pd.DataFrame([joint(*shares_of(rng), seed=n) for n in range(120)])
    # 120 runs at 5 %: within four standard errors. Of counts there are many ties, which can only make it rarer.
    assert 0 < (found["p_curve"] <= 0.05).mean() <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 120)
    assert (found["p_held"] <= 0.05).mean() <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 120)
    assert 0.4 < found["p_curve"].mean() < 0.6


def test_a_difference_that_all_specifications_see_is_found():
    row = joint(*shares_of(np.random.default_rng(2), shift=0.25))
    assert row["p_curve"] == pytest.approx(1 / 501) and row["p_held"] <= 0.02


def test_the_same_specification_many_times_is_no_more_certain_than_once():
    rng = np.random.default_rng(3)
    issues, cube = shares_of(rng, specs=1, shift=0.08, noise=0.0)
    once, often = joint(issues, cube), joint(issues, np.repeat(cube, 30, axis=0))
    assert once["p_curve"] == often["p_curve"] and once["p_held"] == often["p_held"]
    x = cube[0, 0, :, 0]
    alone = stats.permutation_test(
        (x[:12], x[12:]), lambda a, b, axis: stats.ttest_ind(a, b, axis=axis, equal_var=False)[0],
        vectorized=True, n_resamples=9999, rng=0,
    ).pvalue  # fmt: skip
    assert 0.05 < alone < 0.5
    assert once["p_curve"] == pytest.approx(alone, abs=4 * np.sqrt(alone * (1 - alone) / 500))


def test_a_t_that_allows_for_dependent_issues_makes_the_curve_less_certain():
    issues, cube = shares_of(np.random.default_rng(3), shift=0.12)
    specs = rows_by_hand([({"seed": n}, 0.1, 0.5, True) for n in range(len(cube))])
    numbers = np.arange(1, len(cube) + 1)
    wide, narrow = (joint_tests(specs.assign(t=t), issues, cube, numbers, SEED).iloc[0] for t in (1.5, 3.0))
    assert wide["p_curve"] > 2 * narrow["p_curve"] and wide["p_held"] >= narrow["p_held"]


def test_an_issue_that_a_specification_lacks_and_shares_that_are_constant_are_no_crash():
    issues, cube = shares_of(np.random.default_rng(4), shift=0.25)
    cube[3, :, 5] = np.nan
    cube[4] = 0.2
    assert joint(issues, cube)["p_curve"] <= 0.01
    constant = joint(issues, np.full_like(cube, 0.2))
    assert constant["p_curve"] == 1.0 and constant["p_held"] == 1.0


# What people read


def reported_tables(found, label="洪水", grade="suggestive"):
    keys = found["survival"][["topic_id", "source_a", "source_b", "weighting"]]
    return found | {
        "survival": TOLD["survival"](found),
        "contrasts": keys.assign(grade=grade, house_style=False),
        "topics": pd.DataFrame({"topic_id": [1, 2, 3], "label": [label, "壁画", "青稞"], "excluded": False}),
    }


CONFIG = {"compare": {"weighting": "article", "specifications": "auto"}}


def rendered(tables, kind="html", config=CONFIG):
    return shown("specifications", tables, config)[1 if kind == "html" else 2]


def test_the_report_says_in_how_many_specifications_a_claim_holds(tables):
    for kind in ("html", "md"):
        text = rendered(reported_tables(tables), kind)
        assert "5 specifications" in text and "holds in 5 of 5 specifications" in text and "洪水" in text
    page = rendered(reported_tables(tables))
    assert "counted once with the run itself: in windows of 150 tokens" in page
    assert "with 4 topics" in page and "nan" not in page.lower().replace("finance", "")


def test_a_difference_is_told_from_the_side_of_the_larger_source(tables):
    rows = {r["topic_id"]: r for r in shown("specifications", reported_tables(tables), CONFIG)[0]["rows"]}
    assert (rows[1]["larger"], rows[2]["larger"]) == ("a", "b")
    assert all(rows[t]["difference"] > 0.2 and rows[t]["median"] > 0.2 for t in (1, 2))


def test_a_hostile_label_is_escaped(tables):
    assert "<script>" not in rendered(reported_tables(tables, "<script>alert(1)</script>"))
    assert "<script>" not in rendered(reported_tables(tables, "<script>|x"), "md")


def test_what_was_not_computed_or_not_tested_is_said(tables):
    nothing = gathered([], pd.DataFrame({"issue_id": [], "source": []}), SEED)
    assert "specification_curve" in rendered(reported_tables(nothing))
    off = {"compare": CONFIG["compare"] | {"specifications": "none"}}
    assert "is <code>none</code>" in rendered(reported_tables(nothing), config=off)
    few = reported_tables(curve(press(issues=4), PLAN[:3]), grade="descriptive")
    text = rendered(few)
    assert "has the same sign in 3 of 3" in text and "nan" not in text.lower()


def test_headlines_are_the_surest_then_the_largest_and_a_style_comes_last(tables):
    keys = reported_tables(tables)["contrasts"]
    keys["grade"] = keys["topic_id"].map({1: "descriptive", 2: "suggestive", 3: "established"})
    assert headlines(tables["survival"], keys, "article", 4)["topic_id"].tolist() == [3, 2]
    keys["grade"] = "descriptive"
    keys["house_style"] = keys["topic_id"] == 1
    assert headlines(tables["survival"], keys, "article", 4)["topic_id"].tolist() == [2, 3, 1]
    assert len(headlines(tables["survival"], keys, "article", 2)) == 2


def test_the_figure_shows_each_estimate_and_is_drawn_of_nothing_too(tables):
    about = reported_tables(tables)
    with style():
        fig = figure(**about, weighting="article", top_terms=10)
        few = figure(
            **reported_tables(gathered([], pd.DataFrame({"issue_id": [], "source": []}), SEED)), weighting="article"
        )
    tops = [ax for ax in fig.axes if ax.get_title(loc="left")]
    assert len(tops) == 3
    shown = {round(float(y), 6) for y in tops[0].collections[1].get_offsets()[:, 1]}
    rows = tables["specifications"].query("topic_id == 1 and weighting == 'article'")
    other = tables["specifications"].query("topic_id == 2 and weighting == 'article'")
    assert shown in [{round(float(100 * d), 6) for d in part["difference"]} for part in (rows, other)]
    assert "not computed" in few.texts[0].get_text()
