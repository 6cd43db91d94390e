"""How alike consecutive issues are, and what that does to an error."""

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.contrasts import contrasts
from baokan.comparing.limits import Limits
from baokan.comparing.series import series_order
from baokan.statistics.autocorrelation import LARGEST, autocorrelation, inflation
from hypothesis import given
from hypothesis import strategies as st
from made_series import series


def one_series(x):
    return [(x, np.arange(len(x)) == 0)]


def test_inflation_by_hand():
    # Two issues, rho 1/2: the mean of both has the variance (1 + 1/2) / 2 of one, s^2 has the expectation 1/2, and s^2 / 2
    # is a quarter where three quarters were needed.
    assert inflation(np.array([0.5]), 2)[0] == pytest.approx(3)
    assert inflation(np.array([0.0, 0.0]), 9).tolist() == [1, 1]
    # Of many issues it is (1 + rho) / (1 - rho).
    assert inflation(np.array(0.4), 100_000) == pytest.approx(1.4 / 0.6, rel=1e-3)


@pytest.mark.parametrize(("rho", "n"), [(0.4, 8), (0.6, 30), (0.2, 6)])
def test_inflation_is_what_the_error_of_a_mean_lacks(rho, n):
    x = series(np.random.default_rng(3), n, rho, 200_000)
    lacking = x.mean(axis=0).var() / (x.var(axis=0, ddof=1).mean() / n)
    assert inflation(np.array(rho), n) == pytest.approx(lacking, rel=0.03)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_rho_is_found_again_and_not_below_the_truth(rho):
    rng = np.random.default_rng(5)
    found = np.array([autocorrelation(one_series(series(rng, 60, rho, 20)))[0].mean() for _ in range(60)])
    assert rho - 0.02 <= found.mean() <= rho + 0.1


def test_a_topic_that_comes_in_campaigns_stands_out_of_those_that_do_not():
    rng = np.random.default_rng(6)
    x = np.hstack([series(rng, 80, 0.7, 2), series(rng, 80, 0.0, 8)])
    (rho,) = autocorrelation(one_series(x))
    assert rho[:2].min() > 0.5
    assert rho[2:].max() < 0.4


def test_a_source_that_is_slow_beside_one_that_is_not_takes_its_own():
    rng = np.random.default_rng(10)
    quick, slow = series(rng, 300, 0.0, 10), series(rng, 40, 0.7, 10)
    of_quick, of_slow = autocorrelation([*one_series(quick), *one_series(slow)])
    assert of_quick.max() < 0.3
    assert of_slow.min() > 0.4


def test_publications_are_series_of_their_own():
    rng = np.random.default_rng(7)
    # Two papers of one source on the same days; each is a slow series. Mixed in order of dates they would look unlike.
    rows = [("news", p, f"2001-01-{d:02}", f"{p}/{d}") for d in range(1, 29) for p in ("甲报", "乙报")]
    issues = pd.DataFrame(rows, columns=["source", "publication", "date", "issue_id"])
    a, b = series(rng, 28, 0.8, 6), series(rng, 28, 0.8, 6)
    x = np.empty((56, 6))
    x[issues["publication"] == "甲报"], x[issues["publication"] == "乙报"] = a, b
    order, starts = series_order(issues)
    assert starts.sum() == 2
    assert autocorrelation([(x[order], starts)])[0].mean() > 0.5


def test_the_order_of_rows_is_no_matter_and_that_of_dates_is():
    rng = np.random.default_rng(8)
    dates = [f"2001-{m:02}" for m in range(1, 13)] * 2
    issues = pd.DataFrame({"source": ["a"] * 12 + ["b"] * 12, "publication": "", "date": dates, "n_articles": 200})
    issues["issue_id"] = [f"{i:02}" for i in rng.permutation(24)]
    shares = rng.dirichlet(np.full(4, 5), 24)
    shares[:12, 0] = np.linspace(0.1, 0.5, 12)
    shares /= shares.sum(axis=1, keepdims=True)
    table = contrasts(issues, shares, Limits(permutations=99), seed=1)
    again = rng.permutation(24)
    pd.testing.assert_frame_equal(
        table, contrasts(issues.iloc[again].reset_index(drop=True), shares[again], Limits(permutations=99), seed=1)
    )
    undated = contrasts(issues.assign(date=rng.permutation(dates)), shares, Limits(permutations=99), seed=1)
    assert table["inflation"][0] > 1.5 * undated["inflation"][0]


def test_issues_that_follow_each_other_count_for_less():
    """With a true difference of nothing, slow series are not called different; the same issues in any order are as before."""
    rng = np.random.default_rng(9)
    rows = [(s, "", f"2001-{m // 28 + 1:02}-{m % 28 + 1:02}", f"{s}{m:02}") for s in "ab" for m in range(20)]
    issues = pd.DataFrame(rows, columns=["source", "publication", "date", "issue_id"]).assign(n_articles=1000)
    called = np.zeros(2)
    for _ in range(60):
        x = np.vstack([series(rng, 20, 0.5, 5), series(rng, 20, 0.5, 5)]) * 0.01 + 0.2
        slow = contrasts(issues, x, Limits(permutations=199), seed=1)
        free = contrasts(
            issues.assign(date=""),
            x[np.r_[rng.permutation(20), 20 + rng.permutation(20)]],
            Limits(permutations=199),
            seed=1,
        )
        called += (slow["p"] <= 0.05).mean() / 60, (free["p"] <= 0.05).mean() / 60
    assert called[0] < 0.08
    assert called[1] > 0.15


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 6), st.booleans())
def test_rho_is_a_number_between_nought_and_its_limit(seed, n, topics, constant):
    rng = np.random.default_rng(seed)
    x = np.full((n, topics), 0.3) if constant else rng.random((n, topics))
    rho = autocorrelation([(x, np.arange(n) == 0), (x[:1], np.array([True]))])[0]
    assert ((rho >= 0) & (rho <= LARGEST)).all()
    factor = inflation(rho, n)
    assert (factor >= 1).all() and np.isfinite(factor).all()
