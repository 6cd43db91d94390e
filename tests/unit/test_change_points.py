"""Trend and change of level in a series of issues, by permuting their order."""

from itertools import permutations

import numpy as np
import pytest
from baokan.statistics.autocorrelation import inflation
from baokan.statistics.change_points import admissible, mean_ranks, order_tests
from hypothesis import given
from hypothesis import strategies as st
from made_series import mixtures, shares_alike
from scipy import stats


def test_p_values_agree_with_all_orders():
    """Every order of 7 issues; the correlation of ranks and the two-sample t with pooled variance, from their textbook formulas."""
    n, b = 7, 9999
    x = np.random.default_rng(4).dirichlet(np.ones(3), n)[:, 0]
    x[4:] += 0.2
    middle = np.array([1.0, 2, 2, 4, 5, 6, 9])
    every = np.array(list(permutations(range(n))))
    y, ranks, times = x[every], stats.rankdata(x)[every], stats.rankdata(middle)
    rho = np.abs([np.corrcoef(times, row)[0, 1] for row in ranks])

    def pooled_t(j):
        a, c = y[:, :j], y[:, j:]
        error = (a.var(axis=1) * j + c.var(axis=1) * (n - j)) / (n - 2) * (1 / j + 1 / (n - j))
        return np.abs(a.mean(axis=1) - c.mean(axis=1)) / np.sqrt(error)

    level = np.maximum(pooled_t(3), pooled_t(4))
    found, at = order_tests(np.column_stack([x, -x]), middle, b, np.random.default_rng(0))
    assert level[0] == pytest.approx(pooled_t(at[0])[0])  # the first of all orders is that of the issues
    assert found["trend"][0] == pytest.approx(stats.spearmanr(middle, x).statistic)
    for name, null in (("trend", rho), ("change", level)):
        exact = (null >= null[0] * (1 - 1e-9)).mean()
        assert 0.01 < exact < 0.9
        assert found[f"p_{name}"] == pytest.approx([exact] * 2, abs=4 * np.sqrt(exact * (1 - exact) / b) + 1 / b)


def test_the_family_is_that_of_the_largest_statistic():
    x = mixtures(30, 5, seed=3)
    alone = [order_tests(x[:, [k]], np.arange(30.0), 499, np.random.default_rng(1))[0] for k in range(5)]
    found, _ = order_tests(x, np.arange(30.0), 499, np.random.default_rng(1))
    for name in ("p_trend", "p_change"):
        # The same permutations for each topic and for the family; a family of one is its topic.
        np.testing.assert_allclose(found[name], [a[name][0] for a in alone])
        np.testing.assert_allclose([a[f"{name}_maxt"][0] for a in alone], [a[name][0] for a in alone])
        assert (found[f"{name}_maxt"] >= found[name]).all() and (found[f"{name}_maxt"] > found[name]).any()


def test_splits_need_three_issues_a_side_and_part_dates():
    assert admissible(np.arange(8.0)).tolist() == [3, 4, 5]
    assert admissible(np.array([1.0, 1, 1, 1, 2, 2, 2, 2])).tolist() == [4]
    assert admissible(np.array([1.0, 1, 1, 1, 1, 1, 2, 2])).tolist() == []
    x = np.column_stack([[0.9] + [0.1, 0.12] * 5 + [0.1], np.arange(12)])
    assert (
        order_tests(x, np.arange(12.0), 19, np.random.default_rng(0))[1][0] == 3
    )  # not after the first issue, where it is
    with pytest.raises(ValueError, match="no split"):
        order_tests(x, np.zeros(12), 19, np.random.default_rng(0))


def test_what_lies_between_the_sides_is_explained():
    x = np.array([0.1] * 6 + [0.3] * 6)
    found, at = order_tests(np.column_stack([x, 1 - x]), np.arange(12.0), 99, np.random.default_rng(0))
    assert found["explained"] == pytest.approx([1, 1]) and at.tolist() == [6, 6]
    half = np.array([0.3, 0.1] * 3 + [0.5, 0.3] * 3)  # variance 0.01 within, 0.01 between
    found, _ = order_tests(np.column_stack([half, 1 - half]), np.arange(12.0), 99, np.random.default_rng(0))
    assert found["explained"] == pytest.approx([0.5, 0.5])


def test_the_tests_hold_their_level_on_exchangeable_issues():
    rng, counts = np.random.default_rng(21), np.zeros(5)
    for _ in range(500):
        p, _ = order_tests(shares_alike(14, 5, 0.0, rng), np.arange(14.0), 99, rng)
        family = [p["p_trend_maxt"].min(), p["p_change_maxt"].min()]
        counts += np.array([p["p_trend"][0], p["p_change"][0], *family, 2 * min(family)]) <= 0.05
    # 0.05 within 2.6 standard errors of 500 repetitions; either test at half the level is bolder than that in no case.
    assert (np.abs(counts[:4] / 500 - 0.05) < 0.0254).all()
    assert counts[4] / 500 < 0.0754


def test_an_allowance_for_issues_alike_only_raises_p():
    x = mixtures(30, 4, steps=[(0, 15, 30, 2)])
    plain, _ = order_tests(x, np.arange(30.0), 499, np.random.default_rng(1))
    same, _ = order_tests(x, np.arange(30.0), 499, np.random.default_rng(1), np.ones(4))
    wide, _ = order_tests(x, np.arange(30.0), 499, np.random.default_rng(1), inflation(np.full(4, 0.3), 30))
    smaller = np.minimum(plain["p_trend_maxt"], plain["p_change_maxt"])
    np.testing.assert_array_equal(plain["p_alike"], smaller)
    np.testing.assert_array_equal(same["p_alike"], smaller)
    assert (wide["p_alike"] >= smaller).all() and (wide["p_alike"] > smaller).any()
    np.testing.assert_array_equal(wide["p_change_maxt"], plain["p_change_maxt"])


@given(st.lists(st.integers(0, 6), min_size=1, max_size=30))
def test_ranks_are_those_of_scipy(values):
    np.testing.assert_array_equal(mean_ranks(np.array(values) / 7), stats.rankdata(values))
