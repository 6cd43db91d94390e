"""Two sides compared within strata of their issues: by hand, by every labelling, and beside scipy where there is one."""

from itertools import combinations, product

import numpy as np
import pytest
from baokan.statistics.stratified import shared_strata, stratified_interval, stratified_test
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats


def slow_t(x, side, stratum):
    """Difference and t of one column, straight from the docstring of `stratified_test`."""
    strata = [g for g in sorted(set(stratum)) if 0 < side[stratum == g].sum() < (stratum == g).sum()]
    values = {(g, s): x[(stratum == g) & (side == s)] for g in strata for s in (True, False)}
    r = {g: 1 / (1 / len(values[g, True]) + 1 / len(values[g, False])) for g in strata}
    r = {g: weight / sum(r.values()) for g, weight in r.items()}
    difference = sum(r[g] * (values[g, True].mean() - values[g, False].mean()) for g in strata)
    squares = {s: sum(((values[g, s] - values[g, s].mean()) ** 2).sum() for g in strata) for s in (True, False)}
    freedom = {s: sum(len(values[g, s]) - 1 for g in strata) for s in (True, False)}
    error = 0.0
    for g, s in product(strata, (True, False)):
        if len(values[g, s]) > 1:
            variance = values[g, s].var(ddof=1)
        elif freedom[s]:
            variance = squares[s] / freedom[s]
        else:
            variance = sum(squares.values()) / sum(freedom.values())
        error += r[g] ** 2 * variance / len(values[g, s])
    return difference, np.sqrt(error)


def slow_p(x, side, stratum):
    """p of one column, by dealing the labels out within strata in every way."""
    difference, error = slow_t(x, side, stratum)
    rows = [np.flatnonzero(stratum == g) for g in sorted(set(stratum))]
    found = []
    for picks in product(*(combinations(own, int(side[own].sum())) for own in rows)):
        dealt = np.zeros(len(x), dtype=bool)
        dealt[[i for pick in picks for i in pick]] = True
        d, e = slow_t(x, dealt, stratum)
        found.append(abs(d / e) >= abs(difference / error) * (1 - 1e-6))
    return np.mean(found)


def test_by_hand():
    x = np.array([4.0, 6, 1, 3, 9, 5, 7])[:, None]
    side = np.array([1, 1, 0, 0, 1, 0, 0])
    stratum = np.array(["一月", "一月", "一月", "一月", "二月", "二月", "二月"])
    difference, error, t, p, p_maxt = stratified_test(x, side, stratum, 999, np.random.default_rng(1))
    # r is 2 x 2 / 4 = 1 and 1 x 2 / 3 = 2/3, hence 0.6 and 0.4: 0.6 x (5 - 2) + 0.4 x (9 - 6).
    assert difference[0] == pytest.approx(3.0)
    # All variances are 2, that of the lone 9 by what its side has in January: 0.36 x (2/2 + 2/2) + 0.16 x (2/1 + 2/2).
    assert error[0] == pytest.approx(np.sqrt(0.72 + 0.48))
    assert t[0] == pytest.approx(3 / np.sqrt(1.2))
    assert p[0] == pytest.approx(slow_p(x[:, 0], side == 1, np.array([0, 0, 0, 0, 1, 1, 1])))
    assert (p_maxt == p).all()
    # Degrees of freedom by Satterthwaite; each of the four variances has one: 0.36, 0.36, 0.32 and 0.16 of 1.2.
    freedom = 1.2**2 / (0.36**2 + 0.36**2 + 0.32**2 + 0.16**2)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(1.2)
    assert np.concatenate(stratified_interval(x, side, stratum, 0.95)) == pytest.approx([3 - half, 3 + half])


def test_a_random_p_counts_the_data_as_one_of_the_permutations():
    x = np.concatenate([np.arange(20) + 100.0, np.arange(20)])[:, None]
    p = stratified_test(x, np.arange(40) < 20, np.arange(40) % 2, 99, np.random.default_rng(1))[3]
    assert p[0] == pytest.approx(1 / 100)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3),
    st.integers(0, 2**32 - 1),
)
def test_agrees_with_the_definition(sizes, seed):
    """Enumerated p, difference and error against a slow reading of the formulas, with lone issues and one-sided strata."""
    rng = np.random.default_rng(seed)
    side = np.concatenate([np.repeat([True, False], size) for size in sizes])
    stratum = np.repeat(np.arange(len(sizes)), [a + b for a, b in sizes])
    shared = [(a, b) for a, b in sizes if a and b]
    x = rng.normal(size=(len(side), 2)) + stratum[:, None]
    difference, error, t, p, _ = stratified_test(x, side, stratum, 10**4, rng)
    if not shared:
        assert np.isnan([difference, error, t, p]).all()
    elif any(a + b > 2 for a, b in shared):
        for k in range(2):
            d, e = slow_t(x[:, k], side, stratum)
            assert difference[k] == pytest.approx(d)
            assert error[k] == pytest.approx(e)
            keep = shared_strata(side, stratum)[0]
            assert p[k] == pytest.approx(slow_p(x[keep, k], side[keep], stratum[keep]))


def test_one_stratum_is_welch():
    rng = np.random.default_rng(3)
    x = rng.dirichlet(np.ones(4), 13)
    side = np.arange(13) < 6
    difference, _, t, _, _ = stratified_test(x, side, np.zeros(13), 99, rng)
    welch = stats.ttest_ind(x[:6], x[6:], equal_var=False)
    np.testing.assert_allclose(difference, x[:6].mean(axis=0) - x[6:].mean(axis=0))
    np.testing.assert_allclose(t, welch.statistic)
    np.testing.assert_allclose(
        stratified_interval(x, side, np.zeros(13), 0.9), np.array(welch.confidence_interval(0.9))
    )


def test_pairs_of_single_issues_are_the_paired_t():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(16, 3))
    side, stratum = np.arange(16) < 8, np.tile(np.arange(8), 2)
    _, _, t, p, _ = stratified_test(x, side, stratum, 256, rng)
    paired = stats.ttest_rel(x[:8], x[8:])
    np.testing.assert_allclose(t, paired.statistic)
    np.testing.assert_allclose(stratified_interval(x, side, stratum, 0.95), np.array(paired.confidence_interval(0.95)))
    # Within pairs a permutation turns signs, and there are 2^8 ways.
    turned = np.array(list(product((1, -1), repeat=8)))
    changes = x[:8] - x[8:]
    by_sign = np.stack([stats.ttest_1samp(changes * s[:, None], 0).statistic for s in turned])
    np.testing.assert_allclose(p, (np.abs(by_sign) >= np.abs(t) * (1 - 1e-6)).mean(axis=0))


def test_what_all_issues_of_a_stratum_share_does_not_matter():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(24, 4))
    side, stratum = rng.random(24) < 0.5, np.arange(24) // 6
    first = stratified_test(x, side, stratum, 300, np.random.default_rng(1))
    shifted = stratified_test(x + 100 * stratum[:, None] ** 2, side, stratum, 300, np.random.default_rng(1))
    for one, other in zip(first, shifted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_shift_over_time_fools_the_free_test_only():
    """The two sources share each month's topics; the first has its issues in the early months."""
    rng = np.random.default_rng(6)
    side = np.concatenate([np.repeat([True, False], (8, 2)), np.repeat([True, False], (2, 8))])
    stratum = np.repeat([0, 1], 10)
    x = rng.normal(size=(20, 1500)) + 3 * stratum[:, None]
    within = stratified_test(x, side, stratum, 199, rng)[3]
    free = stratified_test(x, side, np.zeros(20), 199, rng)[3]
    assert (free <= 0.05).mean() > 0.5
    assert 0.035 < (within <= 0.05).mean() < 0.065


def test_a_true_difference_is_found_within_strata():
    rng = np.random.default_rng(7)
    side, stratum = np.arange(60) % 3 == 0, np.arange(60) // 6
    x = rng.normal(size=(60, 50)) + 3 * rng.normal(size=10)[stratum][:, None]
    x[:, :5] += 1.5 * side[:, None]
    difference, error, _, p, p_maxt = stratified_test(x, side, stratum, 999, rng)
    assert (p_maxt[:5] <= 0.05).all()
    assert (np.abs(difference[:5] - 1.5) < 3 * error[:5]).all()
    assert (p_maxt >= p).all()
    assert (p_maxt[5:] > 0.05).all()


def test_strata_of_one_source_are_left_out_and_counted():
    side, stratum = np.array([1, 1, 0, 0, 1, 1, 0]), np.array([1, 1, 1, 1, 2, 2, 3])
    mask, n = shared_strata(side, stratum)
    assert mask.tolist() == [True] * 4 + [False] * 3
    assert n == 2
    x = np.array([0.1, 0.2, 0.4, 0.3, 9, 99, 999])[:, None]
    all_rows = stratified_test(x, side, stratum, 99, np.random.default_rng(1))
    np.testing.assert_allclose(all_rows, stratified_test(x[:4], side[:4], stratum[:4], 99, np.random.default_rng(1)))


def test_constant_values_are_no_difference():
    side, stratum = np.arange(12) % 2 == 0, np.arange(12) // 6
    x = np.column_stack([np.full(12, 0.3), stratum * 0.5, np.where(side, 0.2, 0.1)])
    difference, error, t, p, _ = stratified_test(x, side, stratum, 999, np.random.default_rng(1))
    assert t[:2].tolist() == [0, 0]
    assert p[:2].tolist() == [1, 1]
    assert error[:2].tolist() == [0, 0]
    # Constant and unlike: only the labels as they are, and all turned in both strata, come out so far apart.
    assert difference[2] == pytest.approx(0.1)
    assert p[2] == pytest.approx(2 / 400)
