"""Shares by issue and by source."""

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.house_style import house_style
from baokan.comparing.limits import Limits
from baokan.comparing.shares import (
    issue_shares,
    source_shares,
)
from baokan.corpus.ids import issue_id
from hypothesis import given, settings
from hypothesis import strategies as st
from made_articles import make_articles
from scipy import stats


def test_issue_id_keeps_different_issues_apart():
    assert issue_id("newspaper", "日报", "12") == "newspaper/日报/12"
    assert issue_id("newspaper", "日报", "") == ""
    assert issue_id("a/b", "c", "1") != issue_id("a", "b/c", "1")
    assert issue_id("a%2F", "c", "1") != issue_id("a/", "c", "1")


def test_issue_shares_by_hand():
    articles = make_articles([("n", "2", 30, "1950-01-02"), ("n", "1", 10, "1950-01-03"), ("n", "2", 10, "1950-01-01")])
    theta = np.array([[0.8, 0.2], [0.5, 0.5], [0.4, 0.6]])
    issues, by_article = issue_shares(articles, theta, "article")
    assert issues["issue"].tolist() == ["2", "1"]
    assert issues["date"].tolist() == ["1950-01-01", "1950-01-03"]
    assert issues["n_articles"].tolist() == [2, 1]
    assert issues["n_tokens"].tolist() == [40, 10]
    np.testing.assert_allclose(by_article, [[0.6, 0.4], [0.5, 0.5]], rtol=1e-14)
    _, by_token = issue_shares(articles, theta, "token")
    np.testing.assert_allclose(by_token, [[0.7, 0.3], [0.5, 0.5]], rtol=1e-14)


def test_articles_without_tokens_are_left_out():
    articles = make_articles([("n", "1", 10), ("n", "1", 0), ("n", "2", 5), ("n", "3", 0), ("m", "", 5)])
    theta = np.array([[1, 0], [np.nan, np.nan], [np.nan, np.nan], [0, 1], [0, 1]])
    issues, shares = issue_shares(articles, theta, "article")
    assert issues["issue_id"].tolist() == ["n/报/1"]
    assert issues["n_articles"].tolist() == [1]
    assert shares.tolist() == [[1.0, 0.0]]


def test_missing_issue_and_date_values_count_as_empty():
    articles = make_articles([("n", None, 10), ("n", np.nan, 10), ("n", "1", 10)])
    articles["issue_date"] = pd.to_datetime([None, None, "1950-02-03"])
    issues, _ = issue_shares(articles, np.full((3, 2), 0.5), "token")
    assert issues[["issue", "date", "n_articles"]].to_numpy().tolist() == [["1", "1950-02-03", 1]]


def test_no_issue_at_all():
    issues, shares = issue_shares(make_articles([("n", "", 10)]), np.array([[0.5, 0.5]]), "article")
    assert len(issues) == 0
    assert shares.shape == (0, 2)


@pytest.mark.parametrize(
    ("theta", "message"),
    [
        ([[0.5, 0.5]], "shape"),
        ([[0.5, np.nan], [0.5, 0.5]], "NaN in part"),
        ([[0.9, 1.5], [0.5, 0.5]], "at most 1"),
        ([[-0.5, 1.0], [0.5, 0.5]], "not negative"),
    ],
)
def test_tables_that_do_not_fit_are_refused(theta, message):
    for function in (issue_shares, house_style):
        with pytest.raises(ValueError, match=message):
            function(
                make_articles([("n", "1", 1), ("n", "1", 1)]),
                np.array(theta),
                *(["article"] * (function is issue_shares)),
            )


def test_topics_must_be_mixtures_where_it_matters_and_other_shares_need_not_add_up():
    articles, shares = make_articles([("n", "1", 30), ("n", "1", 10)]), np.array([[0.9, 0.5], [0.5, 0.1]])
    with pytest.raises(ValueError, match="sum of 1"):
        house_style(articles, shares)
    np.testing.assert_allclose(issue_shares(articles, shares, "article")[1], [[0.7, 0.3]])
    np.testing.assert_allclose(issue_shares(articles, shares, "token")[1], [[0.8, 0.4]])


def test_an_issue_is_of_its_own_day_and_not_of_those_its_datelines_name():
    articles = make_articles([("n", "1", 10, "1950-01-04"), ("n", "1", 10, "1950-01-04")])
    issues, _ = issue_shares(articles.assign(date=["1950-01-02", "1949-12-31"]), np.full((2, 2), 0.5), "article")
    assert issues["date"].tolist() == ["1950-01-04"]


def test_unknown_weighting_and_limits_are_refused():
    articles, theta = make_articles([("n", "1", 1)]), np.array([[1.0]])
    with pytest.raises(ValueError, match="weighting"):
        issue_shares(articles, theta, "chunk")
    issues, shares = issue_shares(articles, theta, "article")
    for limits in ({"confidence": 1.0}, {"min_issues": 1}, {"min_articles": -1}):
        with pytest.raises(ValueError, match="must"):
            source_shares(issues, shares, Limits(**limits))
    with pytest.raises(ValueError, match="together"):
        source_shares(issues, shares, articles=articles)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), weighting=st.sampled_from(["article", "token"]))
def test_shares_are_mixtures_and_ignore_the_order_of_articles(seed, weighting):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 40))
    articles = make_articles(
        [(f"s{rng.integers(3)}", str(rng.integers(1, 5)), int(rng.integers(1, 99))) for _ in range(n)]
    )
    theta = rng.dirichlet(np.full(4, 0.3), n)
    issues, shares = issue_shares(articles, theta, weighting)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-12)
    assert issues["n_articles"].sum() == n
    order = rng.permutation(n)
    again, shuffled = issue_shares(articles.iloc[order], theta[order], weighting)
    pd.testing.assert_frame_equal(issues, again)
    np.testing.assert_allclose(shares, shuffled, rtol=1e-12)


def eight_issues():
    rng = np.random.default_rng(5)
    articles = make_articles([("n", str(i % 8), 20) for i in range(160)])
    return articles, rng.dirichlet([5.0, 3.0, 0.05], 160)


def test_source_interval_is_the_t_interval_over_issues():
    articles, theta = eight_issues()
    issues, shares = issue_shares(articles, theta, "article")
    table = source_shares(issues, shares, Limits(confidence=0.9), articles=articles, theta=theta)
    # The half width is that of t over issues, times the error's widening by the likeness of consecutive issues.
    mean, half = shares[:, 0].mean(), stats.t.ppf(0.95, 7) * stats.sem(shares[:, 0]) * np.sqrt(table["inflation"][0])
    assert table["inflation"][0] >= 1
    expected = mean - half, mean + half
    np.testing.assert_allclose(table.loc[0, ["lower", "upper"]].astype(float), expected, rtol=1e-10)
    assert table["share"].sum() == pytest.approx(1, rel=1e-12)
    assert table["n_issues"].tolist() == [8] * 3
    assert table["n_articles"].tolist() == [160] * 3
    frame = pd.DataFrame(theta).groupby(articles["issue"]).transform("mean").to_numpy()
    np.testing.assert_allclose(table["within_issue_sd"], np.sqrt(((theta - frame) ** 2).sum(axis=0) / 152), rtol=1e-12)


def test_a_rare_topic_and_a_short_source_have_no_interval():
    articles, theta = eight_issues()
    issues, shares = issue_shares(articles, theta, "article")
    table = source_shares(issues, shares)
    assert table["eligible"].tolist() == [True, True, False]
    assert table["lower"].isna().tolist() == [False, False, True]
    short = source_shares(issues.iloc[:5], shares[:5])
    assert not short["eligible"].any()
    assert short[["lower", "upper"]].isna().all(axis=None)
    assert short["between_issue_sd"].notna().all()
    one = source_shares(issues.iloc[:1], shares[:1])
    assert one["between_issue_sd"].isna().all()
    assert one["share"].tolist() == shares[0].tolist()


def test_interval_is_clipped():
    articles = make_articles([("n", str(i), 20) for i in range(6) for _ in range(20)])
    theta = np.repeat([[1, 0]] * 5 + [[0.1, 0.9]], 20, axis=0)
    table = source_shares(*issue_shares(articles, theta, "article"))
    assert table["upper"].tolist() == [1.0, pytest.approx(table.loc[1, "upper"])]
    assert table["lower"].tolist()[1] == 0.0


def test_a_source_without_issues_is_described_by_its_articles():
    articles = make_articles([("m", "", 10), ("m", "", 30), ("n", "1", 10), ("n", "", 10)])
    theta = np.array([[1, 0], [0, 1], [0.5, 0.5], [0, 1]])
    for weighting, share in (("article", 0.5), ("token", 0.25)):
        issues, shares = issue_shares(articles, theta, weighting)
        table = source_shares(issues, shares, articles=articles, theta=theta, weighting=weighting)
        loose = table[table["source"] == "m"]
        assert loose["share"].tolist() == [share, 1 - share]
        assert (loose["n_issues"] == 0).all()
        assert (loose["n_articles"] == 2).all()
        assert loose[["lower", "upper"]].isna().all(axis=None)
        mixed = table[table["source"] == "n"]
        assert mixed["share"].tolist() == [0.5, 0.5]
        assert mixed["n_without_issue"].tolist() == [1, 1]


def test_no_usable_article():
    articles, theta = make_articles([("n", "1", 0)]), np.full((1, 2), np.nan)
    issues, shares = issue_shares(articles, theta, "article")
    assert len(source_shares(issues, shares, articles=articles, theta=theta)) == 0
