"""Contrasts between sources: estimates, permutation tests, corrections and what is refused."""

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.contrasts import (
    COLUMNS,
    contrasts,
)
from baokan.comparing.limits import Limits
from baokan.comparing.reasons import read, reason, stored
from baokan.comparing.shares import issue_shares, source_shares
from baokan.statistics.permutation import benjamini_hochberg, holm
from baokan.statistics.welch import permutation_test, welch_interval
from by_hand import brute_force
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

TESTS = ["lower", "upper", "t", "p", "p_maxt", "p_holm", "p_bh", "p_omnibus"]


def make_issues(counts, articles=100):
    """Issues for {source: number of issues}, in order."""
    rows = [(f"{source}/{i:03}", source, articles, "") for source, n in counts.items() for i in range(n)]
    return pd.DataFrame(rows, columns=["issue_id", "source", "n_articles", "date"])


def simulate(counts, n_topics=4, seed=0, concentration=3.0):
    issues = make_issues(counts)
    return issues, np.random.default_rng(seed).dirichlet(np.full(n_topics, concentration), len(issues))


def test_a_planted_difference_is_found_and_the_rest_is_not():
    issues, shares = simulate({"magazine": 12, "newspaper": 12}, n_topics=10, concentration=20)
    shares[12:, 0] += 0.1
    table = contrasts(issues, shares, Limits(permutations=999), seed=1)
    row = table.iloc[0]
    assert table.columns.tolist() == COLUMNS
    assert (row["source_a"], row["source_b"]) == ("magazine", "newspaper")
    assert row["difference"] < 0 < row["ratio"] < 1
    assert row["upper"] < 0
    assert row["p_holm"] == 0.001
    assert (table["p_holm"][1:] > 0.05).all()
    assert table["eligible"].all()
    assert (table["reason"] == "").all()


def test_estimates_agree_with_scipy():
    issues, shares = simulate({"a": 7, "b": 11})
    table = contrasts(issues, shares, Limits(permutations=99, confidence=0.9), seed=1)
    a, b = shares[:7], shares[7:]
    expected = stats.ttest_ind(a, b, equal_var=False)
    # t and the interval are Welch's, with the error widened by the likeness of consecutive issues.
    np.testing.assert_allclose(table["t"] * np.sqrt(table["inflation"]), expected.statistic, rtol=1e-10)
    t = permutation_test(shares, 7, 99, np.random.default_rng(1))[0]
    np.testing.assert_allclose(t, expected.statistic, rtol=1e-10)
    np.testing.assert_allclose(welch_interval(a, b, 0.9), expected.confidence_interval(0.9), rtol=1e-10)
    assert (table["inflation"] >= 1).all()
    assert (table["upper"] - table["lower"] >= np.ptp(expected.confidence_interval(0.9), axis=0) - 1e-12).all()
    np.testing.assert_allclose(table["mean_a"] - table["mean_b"], table["difference"], rtol=1e-15)
    np.testing.assert_allclose(table["ratio"], a.mean(axis=0) / b.mean(axis=0), rtol=1e-14)
    assert table["n_articles_b"].tolist() == [1100] * 4
    np.testing.assert_allclose(table["expected_articles"], 700 * shares.mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize(("n_a", "n_b"), [(4, 4), (3, 5)])
def test_p_is_never_below_that_of_every_labelling_for_issues_alike_can_only_raise_it(n_a, n_b):
    issues, shares = simulate({"a": n_a, "b": n_b}, seed=3)
    p, p_maxt = brute_force(shares, n_a)
    table = contrasts(issues, shares, Limits(permutations=70, min_issues=3), seed=1)
    assert (table["p"] >= p - 1e-12).all()
    assert (table["p_maxt"] >= p_maxt - 1e-12).all()


def test_random_permutations_approach_the_exact_p():
    issues, shares = simulate({"a": 7, "b": 7}, seed=3)
    exact = contrasts(issues, shares, Limits(permutations=3432), seed=1)
    random = contrasts(issues, shares, Limits(permutations=3431), seed=1)
    assert (exact["p"] * 3432 % 1 < 1e-9).all()
    error = np.sqrt(exact["p"] * (1 - exact["p"]) / 3431)
    assert (np.abs(exact["p"] - random["p"]) < 4 * error + 1 / 3432).all()


def test_the_result_depends_on_the_seed_and_not_on_the_order_of_rows():
    issues, shares = simulate({"a": 12, "b": 13, "c": 9})
    table = contrasts(issues, shares, Limits(permutations=199), seed=4)
    order = np.random.default_rng(0).permutation(len(issues))
    pd.testing.assert_frame_equal(table, contrasts(issues.iloc[order], shares[order], Limits(permutations=199), seed=4))
    assert not table["p"].equals(contrasts(issues, shares, Limits(permutations=199), seed=5)["p"])
    keep = (issues["source"] != "c").to_numpy()
    alone = contrasts(issues[keep], shares[keep], Limits(permutations=199), seed=4)
    same = table[(table["source_a"] == "a") & (table["source_b"] == "b")].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone[["p", "p_maxt"]], same[["p", "p_maxt"]])


def test_each_pair_draws_its_own_permutations():
    issues, shares = simulate({"a": 12, "b": 12, "c": 12})
    shares[24:] = shares[12:24]
    table = contrasts(issues, shares, Limits(permutations=199), seed=4)
    first, second = (table[(table["source_a"] == "a") & (table["source_b"] == other)] for other in "bc")
    assert first["t"].tolist() == second["t"].tolist()
    assert first["p"].tolist() != second["p"].tolist()


def test_batches_do_not_change_the_result(monkeypatch):
    issues, shares = simulate({"a": 12, "b": 13, "c": 9})
    table = contrasts(issues, shares, Limits(permutations=199), seed=4)
    monkeypatch.setattr("baokan.statistics.permutation.BATCH_CELLS", 500)
    pd.testing.assert_frame_equal(table, contrasts(issues, shares, Limits(permutations=199), seed=4))


def test_corrections_are_ordered():
    issues, shares = simulate({"a": 8, "b": 9, "c": 10}, n_topics=6, seed=8)
    table = contrasts(issues, shares, Limits(permutations=499), seed=1)
    assert (table["p_maxt"] >= table["p"]).all()
    assert (table["p_holm"] >= table["p_maxt"]).all()
    assert (table["p_bh"] >= table["p"]).all()
    for _, part in table.groupby("topic"):
        np.testing.assert_array_equal(part["p_holm"], holm(part["p_maxt"].to_numpy()))
        assert part["p_omnibus"].nunique() == 1
    np.testing.assert_array_equal(table["p_bh"], benjamini_hochberg(table["p"].to_numpy()))


def test_omnibus_of_two_sources_is_their_own_test():
    issues, shares = simulate({"a": 8, "b": 9, "c": 3})
    table = contrasts(issues, shares, Limits(permutations=199), seed=1)
    eligible = table[table["eligible"]]
    assert set(eligible["source_b"]) == {"b"}
    assert eligible["p_omnibus"].tolist() == eligible["p"].tolist()


def test_omnibus_finds_a_planted_source():
    issues, shares = simulate({"a": 10, "b": 10, "c": 10}, concentration=30)
    shares[20:, 1] += 0.2
    table = contrasts(issues, shares, Limits(permutations=999), seed=1)
    assert (table.loc[table["topic"] == 1, "p_omnibus"] == 0.001).all()


def test_too_few_issues_are_refused_with_the_reason():
    issues, shares = simulate({"gazette": 3, "newspaper": 30})
    table = contrasts(issues, shares, Limits(permutations=99), seed=1)
    assert not table["eligible"].any()
    assert (table["reason"] == stored(reason("issues", sides=[("gazette", 3)], needed=6))).all()
    assert table[TESTS].isna().all(axis=None)
    assert table[["mean_a", "mean_b", "difference", "ratio"]].notna().all(axis=None)
    both = contrasts(*simulate({"a": 1, "b": 4}), Limits(permutations=99), seed=1)
    assert read(both.loc[0, "reason"]) == [("issues", {"sides": [["a", 1], ["b", 4]], "needed": 6})]


def test_a_rare_topic_is_refused_with_the_reason_and_leaves_the_family():
    issues, shares = simulate({"magazine": 8, "newspaper": 8}, n_topics=3, seed=2)
    issues.loc[:7, "n_articles"] = 10
    rare = np.column_stack([shares, np.full(16, 0.04)])
    rare[:8, 3] = 0.05
    table = contrasts(issues, rare, Limits(permutations=199, min_articles=10), seed=1)
    assert table["eligible"].tolist() == [True, True, True, False]
    (why,) = read(table.loc[3, "reason"])
    assert (why.code, why.values["source"], why.values["needed"]) == ("articles", "magazine", 10)
    assert why.values["expected"] == table.loc[3, "expected_articles"] < 5
    assert table.loc[3, TESTS].isna().all()
    without = contrasts(issues, shares, Limits(permutations=199, min_articles=10), seed=1)
    pd.testing.assert_frame_equal(table.iloc[:3], without)
    rare[:, 3] = 0.001
    (why,) = read(contrasts(issues, rare, Limits(permutations=199, min_articles=10), seed=1).loc[3, "reason"])
    assert why.values["expected"] < 1
    rare[:, 3] = 0.0
    none = contrasts(issues, rare, Limits(permutations=199, min_articles=10), seed=1).loc[3]
    assert np.isnan(none["ratio"])
    assert none["difference"] == 0


def test_just_below_the_limit_is_not_eligible():
    issues = make_issues({"a": 6, "b": 6}, articles=10)
    table = contrasts(issues, np.full((12, 1), 0.1659), Limits(min_articles=10), seed=1)
    (why,) = read(table.loc[0, "reason"])
    assert why.values == {"expected": pytest.approx(9.954), "needed": 10, "source": ""}  # "" is either
    assert contrasts(issues, np.full((12, 1), 1 / 6), Limits(min_articles=10), seed=1).loc[0, "eligible"]


def test_no_bound_lies_beyond_a_whole_share():
    issues = make_issues({"a": 6, "b": 6})
    x = np.array([0.97, 0.95, 0.96, 0.03, 0.04, 0.02, 0.05, 0.03, 0.04, 0.04, 0.05, 0.03])
    table = contrasts(issues, np.column_stack([x, 1 - x]), Limits(permutations=99), seed=1)
    assert table["eligible"].all()
    assert table[["lower", "upper"]].abs().to_numpy().max() <= 1


def test_issues_without_an_article_are_refused_with_the_reason():
    issues, shares = simulate({"a": 7, "b": 7}, n_topics=2)
    table = contrasts(issues.assign(n_articles=0), shares, Limits(permutations=99), seed=1)
    assert not table["eligible"].any()
    assert (table["reason"] == stored(reason("articles", expected=0.0, needed=5.0, source=""))).all()


def test_a_source_without_issues_is_refused_not_missing():
    rows = [("n", str(i), 10) for i in range(8) for _ in range(20)] + [("m", "", 10)] * 5
    articles = pd.DataFrame(rows, columns=["source", "issue", "n_tokens"]).assign(publication="", article_id="")
    theta = np.random.default_rng(0).dirichlet([1, 1], len(articles))
    issues, shares = issue_shares(articles, theta, "article")
    described = source_shares(issues, shares, articles=articles, theta=theta)
    assert len(contrasts(issues, shares, seed=1)) == 0
    table = contrasts(issues, shares, seed=1, described=described)
    assert (table["reason"] == stored(reason("issues", sides=[("m", 0)], needed=6))).all()
    np.testing.assert_allclose(table["mean_a"], theta[-5:].mean(axis=0), rtol=1e-14)
    assert table[TESTS].isna().all(axis=None)


@pytest.mark.filterwarnings("error")
def test_constant_shares():
    issues = make_issues({"a": 6, "b": 6, "c": 6})
    shares = np.full((18, 3), 1 / 3)
    shares[:, 1] = 0.1 + 0.2
    shares[6:12, 1] = 0.3
    shares[:6, 2] = 0.5
    table = contrasts(issues, shares, Limits(permutations=999), seed=1)
    assert table[TESTS].notna().all(axis=None)
    same = table[table["topic"] < 2]
    assert (same[["p", "p_maxt", "p_holm", "p_omnibus"]] == 1).all(axis=None)
    assert (same["t"] == 0).all()
    apart = table[(table["topic"] == 2) & (table["source_a"] == "a")]
    # Of the 924 ways to deal out the issues only this one and its mirror image part them completely.
    np.testing.assert_allclose(apart["p"], 2 / 924, rtol=1e-12)
    np.testing.assert_allclose(apart["lower"], 0.5 - 1 / 3, rtol=1e-12)
    np.testing.assert_allclose(apart["upper"], 0.5 - 1 / 3, rtol=1e-12)
    assert np.isfinite(apart["t"]).all()
    assert (apart["t"] > 1000).all()


@pytest.mark.filterwarnings("error")
def test_one_source_one_issue_no_issue():
    for counts in ({"a": 9}, {"a": 1}, {}):
        table = contrasts(*simulate(counts), seed=1)
        assert len(table) == 0
        assert table.columns.tolist() == COLUMNS


def test_forty_sources():
    issues, shares = simulate({f"s{i:02}": 6 for i in range(40)}, n_topics=2)
    table = contrasts(issues, shares, Limits(permutations=49), seed=1)
    assert len(table) == 2 * 780
    assert (table["source_a"] < table["source_b"]).all()
    assert table[TESTS].notna().all(axis=None)
    assert not table.duplicated(["topic", "source_a", "source_b"]).any()


def test_input_that_does_not_fit_is_refused():
    issues, shares = simulate({"a": 6, "b": 6})
    for change in ({"permutations": 0}, {"min_issues": 1}, {"confidence": 95}, {"min_articles": -1}):
        with pytest.raises(ValueError, match="must"):
            contrasts(issues, shares, Limits(**change), seed=1)
    with pytest.raises(ValueError, match="rows"):
        contrasts(issues, shares[:-1], seed=1)
    with pytest.raises(ValueError, match="finite"):
        contrasts(issues, np.where(shares > 0.5, np.nan, shares * np.nan), seed=1)
    with pytest.raises(ValueError, match="twice"):
        contrasts(issues.assign(issue_id="x"), shares, seed=1)


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, n_a=st.integers(3, 5), n_b=st.integers(3, 5))
def test_swapping_the_sources_flips_the_sign(seed, n_a, n_b):
    issues, shares = simulate({"a": n_a, "b": n_b}, seed=seed)
    swapped = issues.assign(source=issues["source"].map({"a": "b", "b": "a"}))
    table, mirror = (contrasts(each, shares, Limits(min_issues=3), seed=1) for each in (issues, swapped))
    np.testing.assert_allclose(table["difference"], -mirror["difference"], rtol=1e-12)
    np.testing.assert_allclose(table["t"], -mirror["t"], rtol=1e-9)
    np.testing.assert_allclose(table["lower"], -mirror["upper"], rtol=1e-9)
    np.testing.assert_array_equal(table[["p", "p_maxt", "p_holm", "p_bh"]], mirror[["p", "p_maxt", "p_holm", "p_bh"]])


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_a_refused_row_never_has_a_p(seed):
    rng = np.random.default_rng(seed)
    counts = {name: int(rng.integers(1, 10)) for name in "abc"}
    issues, shares = simulate(counts, n_topics=5, seed=seed, concentration=0.3)
    issues["n_articles"] = rng.integers(1, 20, len(issues))
    table = contrasts(issues, shares, Limits(permutations=19), seed=1)
    assert (table["reason"] == "").equals(table["eligible"])
    assert table.loc[~table["eligible"], TESTS].isna().all(axis=None)
    assert table.loc[table["eligible"], TESTS].notna().all(axis=None)
    short = (table["n_issues_a"] < 6) | (table["n_issues_b"] < 6)
    assert not table.loc[short, "eligible"].any()
