"""The divergence of two distributions by item, and of issues dealt out at random."""

from itertools import combinations

import numpy as np
import pytest
from baokan.statistics.jensen_shannon import contributions, dealt_divergences, upper_point
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

shares = st.integers(0, 1000).map(lambda n: n / 1000)
distributions = st.lists(shares, min_size=3, max_size=8)


def test_by_hand():
    assert contributions(np.array([1, 0]), np.array([0, 1])).sum() == 1.0
    assert contributions(np.array([0.3, 0.7]), np.array([0.3, 0.7])).sum() == 0.0
    # m = (3/4, 1/4): 1/2 log2 (4/3) + 1/2 [1/2 log2 (2/3) + 1/2 log2 2].
    expected = 0.5 * np.log2(4 / 3) + 0.25 * (np.log2(2 / 3) + 1)
    terms = contributions(np.array([1, 0]), np.array([0.5, 0.5]))
    assert terms.sum() == pytest.approx(expected, rel=1e-12)
    assert terms == pytest.approx([0.5 * np.log2(4 / 3) + 0.25 * np.log2(2 / 3), 0.25], rel=1e-12)


@given(distributions, st.data())
def test_lins_properties(p, data):
    q = data.draw(st.lists(shares, min_size=len(p), max_size=len(p)))
    assume(sum(p) > 0 and sum(q) > 0)
    p, q = np.array(p) / sum(p), np.array(q) / sum(q)
    value = contributions(p, q).sum()
    assert 0 <= value <= 1 + 1e-12
    assert value == pytest.approx(contributions(q, p).sum(), abs=1e-12)
    assert value == pytest.approx(
        entropy((p + q) / 2, base=2) - (entropy(p, base=2) + entropy(q, base=2)) / 2, abs=1e-9
    )
    # scipy gives the root of the divergence, and NaN where rounding makes it less than none.
    assert np.sqrt(value) == pytest.approx(np.nan_to_num(jensenshannon(p, q, base=2)), abs=1e-6)
    assert (contributions(p, q) >= 0).all()


def every_deal(profiles, n_a):
    n = len(profiles)
    found = []
    for own in combinations(range(n), n_a):
        others = [i for i in range(n) if i not in own]
        found.append(contributions(profiles[list(own)].mean(axis=0), profiles[others].mean(axis=0)))
    return np.array(found)


def test_deals_are_those_of_a_brute_force():
    profiles = np.random.default_rng(2).dirichlet(np.full(5, 0.7), 7)
    exact = every_deal(profiles, 3)
    (value,), (deals,), terms, mean = dealt_divergences(
        [sparse.csr_array(profiles)], 3, 20_000, np.random.default_rng(0)
    )
    assert value == pytest.approx(exact[0].sum(), rel=1e-12)
    assert terms == pytest.approx(exact[0], rel=1e-9)
    # Each of the 35 deals comes up, as often as the others (chi-square with 34 degrees of freedom: 65 is at 0.001).
    times = np.array([np.isclose(deals, total, rtol=1e-9).sum() for total in exact.sum(axis=1)])
    assert times.sum() == 20_000
    assert ((times - 20_000 / 35) ** 2 / (20_000 / 35)).sum() < 65
    assert mean == pytest.approx(exact.mean(axis=0), rel=0.02)
    assert deals.mean() == pytest.approx(mean.sum(), rel=1e-9)


def test_draws_are_dealt_alike_and_averaged():
    rng = np.random.default_rng(4)
    first, second = rng.dirichlet(np.ones(4), 6), rng.dirichlet(np.ones(4), 6)
    apart = [dealt_divergences([sparse.csr_array(x)], 2, 50, np.random.default_rng(9)) for x in (first, second)]
    both = dealt_divergences([sparse.csr_array(first), sparse.csr_array(second)], 2, 50, np.random.default_rng(9))
    for i in (0, 1):
        np.testing.assert_allclose(both[i], np.concatenate([apart[0][i], apart[1][i]]), rtol=1e-12)
        np.testing.assert_allclose(both[2 + i], (apart[0][2 + i] + apart[1][2 + i]) / 2, rtol=1e-12)


def test_batches_do_not_matter(monkeypatch):
    profiles = sparse.csr_array(np.random.default_rng(4).dirichlet(np.ones(9), 8))
    whole = dealt_divergences([profiles], 4, 60, np.random.default_rng(1))
    monkeypatch.setattr("baokan.statistics.permutation.BATCH_CELLS", 140)
    for a, b in zip(whole, dealt_divergences([profiles], 4, 60, np.random.default_rng(1)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("n", [99, 100, 199, 299, 350])
def test_above_the_upper_point_p_is_small_and_only_there(n, confidence):
    deals = np.random.default_rng(0).permutation(n).astype(float)
    upper = upper_point(deals, confidence)
    for value in np.arange(n + 1) - 0.5:
        p = (1 + (deals >= value).sum()) / (1 + n)
        assert (value > upper) == (p <= 1 - confidence + 1e-12)


def test_with_too_few_deals_the_upper_point_is_the_largest():
    assert upper_point(np.array([3.0, 7, 5]), 0.95) == 7
