"""Articles re-weighted until two sources have the same distribution over strata."""

import numpy as np
import pytest
from baokan.statistics.standardisation import held_equal
from baokan.statistics.stratified import stratified_test
from hypothesis import given, settings
from hypothesis import strategies as st


def test_held_equal_by_hand():
    """A quarter of the first source's two issues is in the long class, half of the second's."""
    stratum = np.array([0, 1, 0, 0, 1, 0, 1, 0])
    issue = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    x = np.array([0.1, 0.5, 0.2, 0.4, 0.8, 0.3, 0.6, 0.6])[:, None]
    held = held_equal(x, np.ones(8), issue, np.array([True, True, False, False]), stratum, least=1)
    # F is (1.5, 0.5) and (1, 1), so r is in proportion to 1.5 / 2.5 and 0.5 / 1.5: 9/14 and 5/14. The shares are
    # a: short (0.1/2 + 0.2/2 + 0.4/2) / 1.5 = 7/30, long 0.5; b: short 0.3/2 + 0.6/2 = 0.45, long 0.8/2 + 0.6/2 = 0.7.
    assert held.values[:2].mean() == pytest.approx((9 * 7 / 30 + 5 * 0.5) / 14)
    assert held.values[2:].mean() == pytest.approx((9 * 0.45 + 5 * 0.7) / 14)
    # Masses of the issues of a: a third of the short and all of the long class, 3/14 + 5/14; and 6/14. Of b: the same.
    assert held.ess == pytest.approx((1 / ((8 / 14) ** 2 + (6 / 14) ** 2), 2))
    assert held.n_strata == 2


def random_pair(seed, n=(7, 9), n_strata=3):
    rng = np.random.default_rng(seed)
    issue = np.concatenate([np.arange(sum(n)), rng.integers(0, sum(n), 60)])
    stratum = rng.integers(-1, n_strata, len(issue))
    return (
        rng.random((len(issue), 2)),
        rng.integers(1, 9, len(issue)).astype(float),
        issue,
        np.arange(sum(n)) < n[0],
        stratum,
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_weights_make_the_strata_alike(seed):
    x, weight, issue, side, stratum = random_pair(seed)
    held = held_equal(x, weight, issue, side, stratum)
    parts = [
        np.bincount(stratum[own], held.weights[own], minlength=3)
        for own in (w & (held.weights > 0) for w in (side[issue], ~side[issue]))
    ]
    np.testing.assert_allclose(parts[0], parts[1])
    assert parts[0].sum() == pytest.approx(1)
    kept = side[held.issues]
    np.testing.assert_allclose(held.values[kept].mean(axis=0), held.weights[side[issue]] @ x[side[issue]])
    np.testing.assert_allclose(held.values[~kept].mean(axis=0), held.weights[~side[issue]] @ x[~side[issue]])


def test_pseudo_values_are_those_of_the_jackknife():
    """Each issue left out in turn, the target of the whole kept."""
    x, weight, issue, side, stratum = random_pair(11)
    held = held_equal(x, weight, issue, side, stratum)
    ok = stratum >= 0
    part = np.where(ok, weight, 0) / np.bincount(issue, np.where(ok, weight, 0))[issue]
    target = np.array([held.weights[side[issue] & (stratum == g)].sum() for g in range(3)])

    def share(own):
        return sum(r * (part[c] @ x[c]) / part[c].sum() for g, r in enumerate(target) for c in [own & (stratum == g)])

    for first in (True, False):
        mine = held.issues[side[held.issues] == first]
        whole = share(np.isin(issue, mine))
        pseudo = np.array(
            [len(mine) * whole - (len(mine) - 1) * share(np.isin(issue, mine) & (issue != i)) for i in mine]
        )
        expected = whole + pseudo - pseudo.mean(axis=0)
        np.testing.assert_allclose(held.values[side[held.issues] == first], expected)


def test_one_stratum_leaves_the_shares_of_issues():
    x, weight, issue, side, _ = random_pair(12)
    held = held_equal(x, weight, issue, side, np.zeros(len(issue), dtype=int))
    shares = np.array([np.average(x[issue == i], axis=0, weights=weight[issue == i]) for i in range(len(side))])
    np.testing.assert_allclose(held.values, shares)
    assert held.ess == pytest.approx((7, 9))


def test_a_stratum_that_stands_in_one_issue_is_not_for_testing():
    side, issue = np.array([True, True, False, False]), np.array([0, 1, 2, 3])
    stratum = np.array([0, 1, 0, 1])
    assert held_equal(np.ones((4, 1)), np.ones(4), issue, side, stratum) is None
    assert held_equal(np.ones((4, 1)), np.ones(4), issue, side, stratum, least=1).n_strata == 2


def test_false_positives_stay_near_five_per_cent():
    """Shares rise with length, the first source has the longer articles, and given length there is no difference."""
    rng = np.random.default_rng(13)
    raw, held_p = [], []
    for _ in range(60):
        side = np.arange(24) < 12
        issue = np.repeat(np.arange(24), 8)
        long = rng.random(192) < np.where(side, 0.7, 0.3)[issue]
        x = long[:, None] + 0.5 * rng.normal(size=(24, 25))[issue] + rng.normal(size=(192, 25))
        for stratum, found in ((np.zeros(192, dtype=int), raw), (long.astype(int), held_p)):
            held = held_equal(x, np.ones(192), issue, side, stratum)
            found.append(stratified_test(held.values, side[held.issues], np.zeros(len(held.issues)), 99, rng)[3])
    assert (np.concatenate(raw) <= 0.05).mean() > 0.2
    assert 0.03 < (np.concatenate(held_p) <= 0.05).mean() < 0.07
