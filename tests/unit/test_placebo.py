"""What nothing looks like: dealt-out labels, a source against itself, and ranks among the issues of another."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.limits import Limits
from baokan.comparing.placebo import alternate, halves, placebo_tables
from baokan.comparing.reasons import few_issues, read, stored
from baokan.numbers import percent
from baokan.reporting.figures import style
from baokan.reporting.looks import GRADE_COLOURS
from baokan.reporting.sections.placebo.figure import figure
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from shown_sections import shown
from worded import in_words

SETTINGS = {"weighting": "article", "permutations": 999, "confidence": 0.95, "min_issues": 6, "min_articles": 10}
LIMITS = Limits(**SETTINGS)
KINDS = ("placebo", "placebo_contrasts", "placebo_sizes", "ranks")


def corpus(counts, shares, articles=10, start="2023-01-01", step=1):
    """(articles, theta, topics): `articles` equal articles in each issue, issue i of a source on day i x step, of the mixture
    shares(source, i); counts: {source: issues}."""
    rows, theta = [], []
    for source, n in counts.items():
        for i in range(n):
            mixture = shares(source, i)
            day = str((pd.Timestamp(start) + pd.Timedelta(days=i * step)).date())
            for j in range(articles):
                rows.append((f"{source}/{i:03}:{j}", source, source, f"{i:03}", day, "1999-01-01", 100, ""))
                theta.append(mixture)
    columns = ["article_id", "source", "publication", "issue", "issue_date", "date", "n_tokens", "duplicate_of"]
    theta = np.array(theta, dtype=float).reshape(len(rows), -1) if rows else np.zeros((0, 2))
    topics = pd.DataFrame({"topic_id": np.arange(1, theta.shape[1] + 1), "excluded": False})
    topics["label"] = [f"主题{i}" for i in topics["topic_id"]]
    return pd.DataFrame(rows, columns=columns), theta, topics


def noise(n_topics=4, seed=0, concentration=4.0):
    """Mixtures that have nothing to do with the source or the issue."""
    rng = np.random.default_rng(seed)
    return lambda source, i: rng.dirichlet(np.full(n_topics, concentration))


def issues_of(*rows):
    """Issues of one source from (issue_id, date[, publication])."""
    return pd.DataFrame([(*r, "P")[:3] for r in rows], columns=["issue_id", "date", "publication"])


# --- cutting a source in two -----------------------------------------------------------------------------------------


def test_halves_are_earlier_and_later_whatever_the_order_of_rows():
    made = issues_of(("c", "2023-03-01"), ("a", "2023-01-01"), ("d", "2023-04-01"), ("x", ""), ("b", "2023-02"))
    assert halves(made, 2).tolist() == [1, 0, 1, -1, 0]
    assert halves(made, 3) is None


def test_halves_never_part_issues_of_the_same_day():
    made = issues_of(*((f"i{i}", d) for i, d in enumerate(["2023-01-01", "2023-01-02", *["2023-01-03"] * 4])))
    assert halves(made, 2).tolist() == [0, 0, 1, 1, 1, 1]
    assert halves(issues_of(*((f"i{i}", "2023-01-01") for i in range(30))), 2) is None


def test_every_other_issue_takes_half_of_each_publication():
    """Two papers of the same days: dealt in the order of dates alone, one would be the odd side and one the even."""
    made = issues_of(*((f"{p}{i}", f"2023-01-0{i}", p) for i in range(1, 7) for p in "PQ"))
    side = alternate(made, 6)
    assert [int(side[made["publication"] == p].sum()) for p in "PQ"] == [3, 3]
    assert side[made["publication"] == "P"].tolist() == [1, 0, 1, 0, 1, 0]
    assert alternate(made, 7) is None


# --- where nothing is ------------------------------------------------------------------------------------------------


def test_dealt_out_labels_reach_a_p_of_005_in_some_5_percent_even_where_the_sources_differ():
    """A planted difference of 20 points is gone once the labels are dealt out."""
    draw = noise(5, concentration=20)

    def shares(source, i):
        return 0.8 * draw(source, i) + 0.2 * np.eye(5)[0 if source == "newspaper" else 1]

    made = corpus({"magazine": 14, "newspaper": 14, "gazette": 14}, shares)
    tables = placebo_tables(*made, LIMITS, seed=1, draws=60)
    dealt = tables["placebo"].query("kind == 'shuffled'")
    assert (dealt["topic_id"] == 0).all()
    assert dealt["draw"].nunique() == 60
    assert dealt["tested"].sum() == 60 * 3 * 5
    assert 0.01 < dealt["reached"].sum() / dealt["tested"].sum() < 0.08
    assert (dealt.groupby("draw")["claimed"].sum() > 0).mean() < 0.12
    real = tables["placebo_contrasts"].query("topic_id == 1 and source_b == 'newspaper' and weighting == 'article'")
    assert (real["difference"].abs() > 0.15).all()
    assert (real["difference"].abs() > real["shuffled_95"]).all()
    assert dealt["difference"].median() < 0.12


def test_the_size_that_chance_gives_is_that_of_all_ways_to_deal_the_issues_out():
    articles, theta, topics = corpus({"a": 6, "b": 6}, noise(3, seed=4))
    tables = placebo_tables(articles, theta, topics, LIMITS, seed=1, draws=2)
    x = theta[::10]  # an issue's articles are equal
    ways = np.array([list(w) for w in combinations(range(12), 6)])
    every = np.abs(x[ways].mean(axis=1) - (x.sum(axis=0) - x[ways].sum(axis=1)) / 6)
    found = tables["placebo_contrasts"].query("weighting == 'article'")["shuffled_95"].to_numpy()
    assert (np.quantile(every, 0.92, axis=0) < found).all()
    assert (found < np.quantile(every, 0.98, axis=0)).all()
    sizes = tables["placebo_sizes"].iloc[0]
    assert np.quantile(every, 0.45) < sizes["q50"] < np.quantile(every, 0.55)
    largest = every.max(axis=1)
    assert np.quantile(largest, 0.92) < sizes["largest_95"] < np.quantile(largest, 0.98)


def drifting():
    """Mixtures that change once, in the newspaper, by 20 points."""
    draw = noise(4, seed=2, concentration=40)
    return lambda source, i: 0.8 * draw(source, i) + 0.2 * np.eye(4)[0 if source == "newspaper" and i >= 15 else 3]


def test_drift_is_found_between_halves_and_not_between_every_other_issue():
    tables = placebo_tables(*corpus({"magazine": 30, "newspaper": 30}, drifting()), LIMITS, seed=1, draws=1)
    rows = tables["placebo"].query("weighting == 'article' and topic_id == 1").set_index(["kind", "source"])
    drift = rows.loc[("halves", "newspaper")]
    assert (drift["source_a"], drift["source_b"]) == ("newspaper, earlier half", "newspaper, later half")
    assert (drift["n_issues_a"], drift["n_issues_b"]) == (15, 15)
    assert drift["difference"] < -0.15
    assert drift["p_maxt"] <= 0.05
    for other in (("halves", "magazine"), ("alternate", "newspaper"), ("alternate", "magazine")):
        assert abs(rows.loc[other, "difference"]) < 0.06
        assert rows.loc[other, "p_maxt"] > 0.05
    real = tables["placebo_contrasts"].query("weighting == 'article' and topic_id == 1").iloc[0]
    assert real["halves_largest"] == pytest.approx(abs(drift["difference"]))
    assert real["halves_of"] == "magazine, newspaper"
    assert real["alternate_largest"] < 0.06


def test_the_largest_difference_between_halves_by_hand():
    """a: 6 issues at 0.2, then 6 at 0.3; b: 6 at 0.5, then 6 at 0.1. Real: 0.25 - 0.30."""
    level = {"a": (0.2, 0.3), "b": (0.5, 0.1)}
    made = corpus({"a": 12, "b": 12}, lambda s, i: [level[s][i >= 6], 1 - level[s][i >= 6]])
    real = placebo_tables(*made, LIMITS, seed=1, draws=2)["placebo_contrasts"].iloc[0]
    assert real["difference"] == pytest.approx(-0.05)
    assert real["halves_largest"] == pytest.approx(0.4)
    assert real["alternate_largest"] == pytest.approx(0)
    assert (real["overlap"], real["reason"]) == ("yes", "")


def test_sources_with_too_few_issues_are_given_no_chance_level_but_the_reason():
    tables = placebo_tables(*corpus({"a": 5, "b": 20}, noise()), LIMITS, seed=1, draws=2)
    real = tables["placebo_contrasts"]
    assert real["shuffled_95"].isna().all()
    assert (real["reason"] == stored(*few_issues([("a", 5), ("b", 20)], 6))).all()
    assert (real["halves_of"] == "b").all()
    assert tables["placebo_sizes"].empty
    assert tables["placebo"].query("kind == 'shuffled'").empty


# --- ranks -----------------------------------------------------------------------------------------------------------


def ranked(small, large, **settings):
    """Ranks of one topic: shares of the issues of a small source among those of a large one."""
    made = corpus(
        {"large": len(large), "small": len(small)}, lambda s, i: [v := (large if s == "large" else small)[i], 1 - v]
    )
    table = placebo_tables(*made, Limits(**SETTINGS | settings), seed=1, draws=2)["ranks"]
    return table.query("topic_id == 1 and weighting == 'article'")


LADDER = [0.1 + 0.02 * i for i in range(31)]  # 0.10 to 0.70


@pytest.mark.parametrize(
    ("small", "above", "below", "lowest_above", "highest_below"),
    [
        ([0.9], 31, 0, 31, 0),
        ([0.05], 0, 31, 0, 31),
        ([0.65], 28, 3, 28, 3),
        ([0.15], 3, 28, 3, 28),
        ([0.8, 0.9], 31, 0, 31, 0),
        ([0.0, 0.05], 0, 31, 0, 31),
        ([0.6, 0.9], 31, 0, 25, 0),
        ([0.6, 0.7], 28, 3, 25, 0),
    ],
)
def test_a_rank_counts_issues(small, above, below, lowest_above, highest_below):
    row = ranked(small, LADDER).iloc[0]
    assert (row["above"], row["below"]) == (above, below)
    assert (row["lowest_above"], row["highest_below"]) == (lowest_above, highest_below)
    assert (row["n_issues"], row["n_reference"]) == (len(small), 31)
    assert row["share"] == pytest.approx(np.mean(small))


def test_equal_shares_are_neither_higher_nor_lower():
    row = ranked([0.3], [0.3] * 12).iloc[0]
    assert (row["above"], row["below"], row["n_reference"]) == (0, 0, 12)


def test_only_a_source_of_ten_issues_serves_as_reference_and_is_not_ranked_itself():
    assert ranked([0.9], LADDER[:9]).empty
    assert ranked([0.9], LADDER[:10])["reference"].tolist() == ["large"]
    assert ranked(LADDER[:10], LADDER).empty
    made = corpus({"a": 3, "b": 10, "c": 12}, noise())
    table = placebo_tables(*made, LIMITS, seed=1, draws=2)["ranks"]
    assert set(zip(table["source"], table["reference"], strict=True)) == {("a", "b"), ("a", "c")}
    assert not any(c.startswith("p") for c in table.columns)


# --- what goes in ----------------------------------------------------------------------------------------------------


def test_duplicates_excluded_topics_and_datelines_have_no_part():
    articles, theta, topics = corpus({"a": 12, "b": 3}, noise(3, seed=5))
    topics["excluded"] = [False, True, False]
    wanted = placebo_tables(articles, theta, topics, LIMITS, seed=1, draws=2)
    assert set(wanted["ranks"]["topic_id"]) == set(wanted["placebo_contrasts"]["topic_id"]) == {1, 3}
    assert set(wanted["placebo"]["topic_id"]) == {1, 3}  # halves by issue_date: by the dateline there would be none
    extra = articles.tail(5).assign(
        article_id=lambda t: t["article_id"] + "x", duplicate_of=articles["article_id"].iloc[0]
    )
    more = placebo_tables(
        pd.concat([articles, extra], ignore_index=True),
        np.vstack([theta, np.eye(3)[[0] * 5]]),
        topics,
        LIMITS,
        seed=1,
    )
    for name in KINDS:
        pd.testing.assert_frame_equal(wanted[name], more[name])


def test_the_order_of_rows_changes_nothing():
    articles, theta, topics = corpus({"a": 13, "b": 12, "c": 2}, noise(3, seed=6), articles=3)
    wanted = placebo_tables(articles, theta, topics, Limits(**SETTINGS | {"min_articles": 1}), seed=1, draws=5)
    order = np.random.default_rng(0).permutation(len(articles))
    shuffled = articles.iloc[order].reset_index(drop=True)
    found = placebo_tables(shuffled, theta[order], topics, Limits(**SETTINGS | {"min_articles": 1}), seed=1, draws=5)
    for name in KINDS:
        pd.testing.assert_frame_equal(wanted[name], found[name], rtol=0, atol=1e-12)


def every_page(tables, topics, grades=None):
    """The part and its figure, from the tables alone."""
    real = tables["placebo_contrasts"]
    contrasts = real[["topic_id", "source_a", "source_b", "weighting", "difference"]].assign(
        grade="descriptive", eligible=True
    )
    if grades is not None:
        contrasts["grade"] = grades
    told = in_words(tables) | {"topics": topics, "contrasts": contrasts}
    about, html, markdown = shown("placebo", told, {"compare": SETTINGS})
    with style():
        drawn = figure(**told, weighting="article")
        drawn.draw_without_rendering()
    assert not any(word in page for page in (html, markdown) for word in ("nan", "None", "n/a"))
    return about, html, markdown, drawn


ODD = {
    "nothing": corpus({}, noise()),
    "one issue": corpus({"a": 1}, noise()),
    "one source": corpus({"a": 30}, noise()),
    "two of one issue": corpus({"a": 1, "b": 1}, noise()),
    "one topic": corpus({"a": 14, "b": 13}, lambda s, i: [1.0]),
    "constant shares": corpus({"a": 14, "b": 13}, lambda s, i: [0.5, 0.5]),
    "a topic only one source has": corpus({"a": 14, "b": 13}, lambda s, i: [1.0, 0.0] if s == "a" else [0.0, 1.0]),
    "forty sources": corpus({f"s{i:02}": 1 + i % 3 for i in range(39)} | {"z": 12}, noise(), articles=1),
    "little text": corpus({"a": 12, "b": 12}, noise(), articles=1),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_corpora_give_tables_a_part_and_a_figure(name):
    articles, theta, topics = ODD[name]
    about, html, *_ = every_page(placebo_tables(articles, theta, topics, LIMITS, seed=1, draws=3), topics)
    assert "The same comparison where there is nothing to be found" in html
    if name in ("nothing", "one issue", "two of one issue"):
        assert "two sources of 6 issues are needed, or one of 12 with dates" in html
    if name == "little text":
        assert "no topic had articles enough to be tested" in about["shuffled"]


def test_issues_without_date_or_name_and_articles_without_words():
    articles, theta, topics = corpus({"a": 12, "b": 12, "c": 4}, noise())
    undated = articles.assign(issue_date="")
    tables = placebo_tables(undated, theta, topics, LIMITS, seed=1, draws=3)
    assert set(tables["placebo"]["kind"]) == {"shuffled"}
    assert (tables["placebo_contrasts"]["overlap"] == "unknown").all()
    every_page(tables, topics)
    nameless = articles.assign(issue=articles["issue"].where(articles["source"] != "c", ""))
    theta = theta.copy()
    theta[0] = np.nan
    tables = placebo_tables(nameless, theta, topics, LIMITS, seed=1, draws=3)
    rows = tables["placebo_contrasts"].query("source_b == 'c'")
    assert (rows["n_issues_b"] == 0).all()
    assert rows["difference"].notna().all()
    assert read(rows["reason"].iloc[0])[0] == ("issues", {"sides": [["c", 0]], "needed": 6})
    every_page(tables, topics)


def test_all_topics_excluded():
    articles, theta, topics = corpus({"a": 12, "b": 12}, noise())
    topics["excluded"] = True
    tables = placebo_tables(articles, theta, topics, LIMITS, seed=1, draws=2)
    assert all(tables[name].empty for name in KINDS)
    every_page(tables, topics[~topics["excluded"]])


@settings(max_examples=8, deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 14), max_size=4), st.integers(0, 99))
def test_ranks_count_each_issue_of_the_reference_once(counts, seed):
    tables = placebo_tables(*corpus(counts, noise(3, seed), articles=1), LIMITS, seed=1, draws=1)
    ranks = tables["ranks"]
    assert (ranks["above"] + ranks["below"] <= ranks["n_reference"]).all()
    assert (ranks["lowest_above"] <= ranks["above"]).all()
    assert (ranks["highest_below"] <= ranks["below"]).all()
    small, large = (sum(1 for n in counts.values() if ok(n)) for ok in (lambda n: n < 10, lambda n: n >= 10))
    assert len(ranks) == small * large * 3 * 2


# --- the report ------------------------------------------------------------------------------------------------------


def test_the_report_tells_what_chance_and_time_give():
    made = corpus({"magazine": 30, "newspaper": 30, "gazette": 2}, drifting())
    tables = placebo_tables(*made, LIMITS, seed=1, draws=5)
    about, html, markdown, _ = every_page(tables, made[2])
    dealt = tables["placebo"].query("kind == 'shuffled'")
    reached = percent(dealt["reached"].sum() / dealt["tested"].sum())
    mean = (
        tables["placebo"]
        .query("weighting == 'article' and kind == 'halves' and source == 'newspaper'")["difference"]
        .abs()
    )
    for page in (html, markdown):
        assert f"{reached} of {dealt['tested'].sum()} comparisons" in page
        assert "The halves of newspaper (15 and 15 issues) differ by" in page
        assert f"{100 * mean.mean():.1f} points on average over topics and {100 * mean.max():.1f} at most" in page
        assert "Fewer than 6 issues bear no test" in page
    sentence = {w["source"]: w["sentence"] for w in about["within"]}
    assert "may be time. In 2 of 4 tested topics the halves differ by more" in sentence["newspaper"]
    assert "the halves differ by more" not in sentence["magazine"]
    assert [(r["source"], r["reference"]) for r in about["ranks"]] == [
        ("gazette", "magazine"),
        ("gazette", "newspaper"),
    ]
    # Each of four topics has a highest and a lowest of 30 issues.
    assert about["ranks"][0]["ends"] == pytest.approx(8 / 30)


@pytest.mark.parametrize(("overlap", "told"), [("yes", False), ("no", True), ("unknown", True)])
def test_a_claim_no_larger_than_drift_is_doubted_where_periods_are_not_shared(overlap, told):
    level = {"a": (0.2, 0.3), "b": (0.5, 0.1)}
    made = corpus({"a": 12, "b": 12}, lambda s, i: [level[s][i >= 6], 1 - level[s][i >= 6]])
    tables = placebo_tables(*made, LIMITS, seed=1, draws=2)
    tables["placebo_contrasts"]["overlap"] = overlap
    about, html, *_ = every_page(tables, made[2], grades="suggestive")
    assert bool(about["drifts"]) == ("no larger than what a source differs from itself" in html) == told
    larger = tables["placebo_contrasts"].assign(difference=0.45)
    assert every_page(tables | {"placebo_contrasts": larger}, made[2], grades="suggestive")[0]["drifts"] == []
    assert every_page(tables, made[2])[0]["drifts"] == []  # nothing is claimed


def test_the_figure_shows_each_comparison_in_a_row_of_its_own():
    made = corpus({"a": 14, "b": 14, "c": 3}, noise(3))
    *_, drawn = every_page(placebo_tables(*made, LIMITS, seed=1, draws=3), made[2], grades="established")
    ax = drawn.axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a − b", "a − c", "b − c", "a", "b", "a", "b"]
    assert len(ax.patches) == 1  # of a and b alone: c has too few issues to be dealt out
    drawn_in = {to_hex(c) for points in ax.collections if len(points.get_offsets()) for c in points.get_edgecolors()}
    assert drawn_in == {GRADE_COLOURS["established"]}


def test_hostile_names_and_labels_stay_text():
    bad = "<script>alert(1)</script>$x^$"
    made = corpus({bad: 14, "b": 14, "c": 2}, noise(3))
    made[2]["label"] = bad
    _, html, markdown, _ = every_page(placebo_tables(*made, LIMITS, seed=1, draws=3), made[2])
    assert "<script" not in html and "<script" not in markdown
