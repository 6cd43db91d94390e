"""Welch's t and F by permutation and Welch's interval: by hand, by every labelling, and beside scipy."""

import numpy as np
import pytest
from baokan.statistics.permutation import random_labels
from baokan.statistics.welch import WelchT, _welch_f, omnibus_test, permutation_test, welch_interval
from by_hand import brute_force
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats


def test_welch_by_hand():
    # Means 3 and 6; squared errors 2/4 and 8/4... : (1, 3, 5) has variance 4, (4, 6, 6, 8) has variance 8/3.
    lower, upper = welch_interval(np.array([[1.0], [3], [5]]), np.array([[4.0], [6], [6], [8]]), 0.95)
    u, v = 4 / 3, 2 / 3
    half = stats.t.ppf(0.975, (u + v) ** 2 / (u**2 / 2 + v**2 / 3)) * np.sqrt(2)
    assert (lower[0], upper[0]) == pytest.approx((-3 - half, -3 + half), rel=1e-12)


@pytest.mark.parametrize(("n_a", "n_b"), [(4, 4), (3, 5)])
def test_exact_enumeration_agrees_with_brute_force(n_a, n_b):
    x = np.random.default_rng(3).dirichlet(np.full(4, 3.0), n_a + n_b)
    p, p_maxt = brute_force(x, n_a)
    _, exact, of_family = permutation_test(x, n_a, 70, np.random.default_rng(1))
    np.testing.assert_allclose(exact, p, rtol=1e-12)
    np.testing.assert_allclose(of_family, p_maxt, rtol=1e-12)


def test_p_is_that_of_scipy():
    x = np.random.default_rng(8).normal(size=(14, 3)) + np.outer(np.arange(14) < 7, [0, 0.7, 1.5])
    t, p, _ = permutation_test(x, 7, 3432, np.random.default_rng(1))
    peer = stats.permutation_test(
        (x[:7], x[7:]), lambda a, b, axis: stats.ttest_ind(a, b, axis=axis, equal_var=False)[0],
        vectorized=True, n_resamples=3432, axis=0,
    )  # fmt: skip
    np.testing.assert_allclose(t, peer.statistic, rtol=1e-12)
    np.testing.assert_allclose(p, peer.pvalue, rtol=1e-12)


def test_missing_values_are_left_out_of_their_column():
    x = np.random.default_rng(5).normal(size=(12, 3))
    x[[2, 7], 1], x[:, 2] = np.nan, np.nan
    x[[1, 9], 2] = 1.0, 2.0
    for labels in np.concatenate(list(random_labels([(12, 5)], 20, np.random.default_rng(2)))):
        t = WelchT(x)(labels[None])[0]
        sides = [[column[(labels == side) & ~np.isnan(column)] for column in x.T] for side in (1, 0)]
        for k in (0, 1):
            assert t[k] == pytest.approx(stats.ttest_ind(sides[0][k], sides[1][k], equal_var=False).statistic, rel=1e-9)
        # One value a side has no variance.
        assert t[2] == 0


def welch_f(groups):
    """Welch's (1951) F, written out for one topic."""
    k = len(groups)
    weights = np.array([len(g) / g.var(ddof=1) for g in groups])
    means = np.array([g.mean() for g in groups])
    freedom = np.array([len(g) - 1 for g in groups])
    total = weights.sum()
    centre = (weights * means).sum() / total
    over = (weights * (means - centre) ** 2).sum() / (k - 1)
    return over / (1 + 2 * (k - 2) / (k**2 - 1) * ((1 - weights / total) ** 2 / freedom).sum())


def test_welch_f_agrees_with_the_formula():
    groups = np.split(np.random.default_rng(4).normal(size=(15, 3)), [4, 9])
    sums = np.stack([np.concatenate([g.sum(axis=0), (g**2).sum(axis=0)]) for g in groups])[None]
    expected = [welch_f([g[:, topic] for g in groups]) for topic in range(3)]
    np.testing.assert_allclose(_welch_f(sums, np.array([4, 5, 6]))[0], expected, rtol=1e-10)


def test_omnibus_agrees_with_the_formula_on_the_same_permutations():
    rng = np.random.default_rng(2)
    x, sizes = rng.normal(size=(15, 2)), [4, 5, 6]
    p = omnibus_test(x, sizes, 199, np.random.default_rng(9))
    orders = np.random.default_rng(9).random((199, 15)).argsort(axis=1)
    for topic in range(2):
        observed = welch_f(np.split(x[:, topic], [4, 9]))
        permuted = np.array([welch_f(np.split(x[order, topic], [4, 9])) for order in orders])
        assert p[topic] == (1 + (permuted >= observed * (1 - 1e-9)).sum()) / 200


def test_no_true_difference_is_called_at_the_nominal_rate():
    """Unequal numbers of issues, one topic drawn with unequal variances; 200 data sets of 5 topics."""
    rng = np.random.default_rng(11)
    repetitions, n_a, n_b, level = 200, 8, 16, 0.05
    spread = np.where(np.arange(n_a + n_b) < n_a, 2.0, 1.0)
    equal, unequal, family = [], [], []
    for _ in range(repetitions):
        x = rng.normal(size=(n_a + n_b, 5))
        x[:, 4] *= spread
        _, p, p_maxt = permutation_test(x, n_a, 199, rng)
        equal.append(p[0] <= level)
        unequal.append(p[4] <= level)
        family.append(p_maxt.min() <= level)
    bound = level + 3 * np.sqrt(level * (1 - level) / repetitions)
    assert np.mean(equal) <= bound
    assert np.mean(unequal) <= bound
    assert np.mean(family) <= bound


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, n_a=st.integers(2, 9), n_b=st.integers(2, 9), topics=st.integers(1, 4), digits=st.integers(0, 6))
def test_p_lies_in_the_unit_interval(seed, n_a, n_b, topics, digits):
    x = np.random.default_rng(seed).dirichlet(np.ones(topics + 1), n_a + n_b)[:, :topics].round(digits)
    for permutations in (50, 500):
        t, p, p_maxt = permutation_test(x, n_a, permutations, np.random.default_rng(seed))
        assert np.isfinite(t).all()
        assert ((p > 0) & (p <= p_maxt) & (p_maxt <= 1)).all()


@settings(max_examples=40, deadline=None)
@given(seed=seeds, constant=st.floats(-1, 1), factor=st.floats(0.01, 100))
def test_a_constant_and_a_factor_leave_t_and_p(seed, constant, factor):
    x = np.random.default_rng(seed).dirichlet(np.ones(4), 9)
    before = permutation_test(x, 4, 200, np.random.default_rng(0))
    after = permutation_test(x * factor + constant, 4, 200, np.random.default_rng(0))
    np.testing.assert_allclose(after[0], before[0], rtol=1e-8)
    np.testing.assert_array_equal(after[1], before[1])
    np.testing.assert_array_equal(after[2], before[2])
