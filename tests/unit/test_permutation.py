"""Labels dealt out within strata, p-values with ties and families, corrections for many tests."""

from itertools import combinations, product

import numpy as np
import pytest
from baokan.statistics.permutation import (
    Tally,
    all_labels,
    benjamini_hochberg,
    generator,
    group_labels,
    holm,
    orders,
    p_values,
    random_labels,
)
from scipy import stats


def every(strata):
    """All labellings within strata, by itertools alone."""
    parts = [[[int(i in own) for i in range(n)] for own in combinations(range(n), n_a)] for n, n_a in strata]
    return {tuple(label for part in row for label in part) for row in product(*parts)}


@pytest.mark.parametrize("strata", [[(6, 2)], [(3, 1), (4, 2)], [(2, 1), (3, 3), (1, 0), (4, 3)]])
def test_all_labels_are_all_ways_once_each(strata):
    rows = [tuple(row.astype(int)) for batch in all_labels(strata) for row in batch]
    assert len(rows) == len(set(rows)) and set(rows) == every(strata)


@pytest.mark.parametrize("strata", [[(5, 2)], [(3, 1), (4, 2)]])
def test_random_labels_are_each_as_likely(strata):
    rows = np.concatenate(list(random_labels(strata, 9000, np.random.default_rng(1))))
    ways, times = np.unique(rows, axis=0, return_counts=True)
    assert {tuple(way.astype(int)) for way in ways} == every(strata)
    assert stats.chisquare(times).pvalue > 0.001


def test_few_ways_are_enumerated_and_many_are_drawn():
    rng = np.random.default_rng(1)
    few, many = group_labels([(4, 2), (3, 1)], 18, rng), group_labels([(4, 2), (3, 1)], 17, rng)
    assert (few.exact, few.total, sum(map(len, few.batches))) == (True, 18, 18)
    assert (many.exact, many.total, sum(map(len, many.batches))) == (False, 17, 17)


def test_batches_do_not_change_what_is_drawn(monkeypatch):
    def drawn():
        rng = np.random.default_rng(3)
        return [
            np.concatenate(list(part)) for part in (random_labels([(7, 3), (4, 1)], 50, rng), orders(9, 50, rng))
        ] + [np.concatenate(list(all_labels([(5, 2), (3, 1)])))]

    whole = drawn()
    monkeypatch.setattr("baokan.statistics.permutation.BATCH_CELLS", 40)
    for one, other in zip(whole, drawn(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_p_counts_ties_by_rounding_and_the_datas_own_labelling():
    tally = Tally(np.array([1.0, 2.0, 0.0]))
    tally.add(np.array([[1 - 1e-9, 0.5, 0.0], [0.5, 2.5, 0.0], [0.1, 0.1, 0.0]]))
    p, p_maxt = tally.p()
    assert p.tolist() == [2 / 4, 2 / 4, 4 / 4]
    assert p_maxt.tolist() == [3 / 4, 2 / 4, 4 / 4]
    assert tally.p(exact=True)[0].tolist() == [1 / 3, 1 / 3, 3 / 3]


def test_a_difference_of_means_has_the_p_of_scipy():
    x = np.random.default_rng(2).normal(size=(9, 2))

    def difference(labels):
        return labels @ x / 4 - (1 - labels) @ x / 5

    observed = difference((np.arange(9) < 4)[None].astype(float))[0]
    p, p_maxt = p_values(observed, group_labels([(9, 4)], 126, np.random.default_rng(0)), difference)
    peer = stats.permutation_test(
        (x[:4], x[4:]), lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis), vectorized=True, n_resamples=126
    )
    largest = np.abs(peer.null_distribution).max(axis=1)[:, None]
    # scipy doubles the smaller tail, this counts both: with as many issues a side they are the same, here nearly.
    both = (np.abs(peer.null_distribution) >= np.abs(observed) * (1 - 1e-9)).mean(axis=0)
    np.testing.assert_allclose(p, both, rtol=1e-12)
    np.testing.assert_allclose(p_maxt, (largest >= np.abs(observed) * (1 - 1e-9)).mean(axis=0), rtol=1e-12)


def test_a_generator_has_its_names():
    first, same, other = (
        generator(1, *names).random() for names in (("pair", "a", "b"), ("pair", "a", "b"), ("pair", "ab"))
    )
    assert first == same != other != generator(2, "pair", "a", "b").random()


def test_holm_and_benjamini_hochberg_by_hand():
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02], rtol=1e-14)
    assert holm(np.array([0.6, 0.9])).tolist() == [1.0, 1.0]
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.9])
    np.testing.assert_allclose(benjamini_hochberg(p), [0.025, 0.05, 0.05, 0.025, 0.9], rtol=1e-14)
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p), rtol=1e-14)
    assert len(holm(np.array([]))) == len(benjamini_hochberg(np.array([]))) == 0
