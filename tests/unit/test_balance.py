"""How unlike two groups are, and strata between quantiles."""

import numpy as np
import pytest
from baokan.statistics.balance import kinds_difference, standardised_difference, strata_of


def test_standardised_differences_by_hand():
    # Means 3 and 1, variances 2/3 and 8/3, of which the mean is 5/3.
    assert standardised_difference(np.array([2.0, 3, 4]), np.array([1.0, -1, 3])) == pytest.approx(2 / np.sqrt(5 / 3))
    a, b = np.repeat([1.0, 0], (30, 70)), np.repeat([1.0, 0], (20, 80))
    by_hand = (0.3 - 0.2) / np.sqrt((0.3 * 0.7 + 0.2 * 0.8) / 2)
    assert standardised_difference(a, b) == pytest.approx(by_hand)
    assert kinds_difference(np.array([30, 70]), np.array([200, 800])) == pytest.approx(by_hand)
    assert standardised_difference(np.ones(3), np.ones(2)) == 0
    assert standardised_difference(np.ones(3), np.zeros(2)) == np.inf
    assert np.isnan(standardised_difference(np.ones(3), np.zeros(0)))


def test_kinds_as_yang_and_dalton_write_them():
    """d' S^-1 d with the last kind left out, which they do; ours keeps all kinds."""
    a, b = np.array([50, 30, 20]), np.array([20, 20, 60])
    t, c = a[:2] / 100, b[:2] / 100
    s = np.array(
        [
            [(t[0] * (1 - t[0]) + c[0] * (1 - c[0])) / 2, -(t[0] * t[1] + c[0] * c[1]) / 2],
            [-(t[0] * t[1] + c[0] * c[1]) / 2, (t[1] * (1 - t[1]) + c[1] * (1 - c[1])) / 2],
        ]
    )
    assert kinds_difference(a, b) == pytest.approx(np.sqrt((t - c) @ np.linalg.inv(s) @ (t - c)))
    assert kinds_difference(a, 3 * a) == pytest.approx(0, abs=1e-9)
    assert kinds_difference(np.array([5, 5, 0, 0]), np.array([0, 0, 5, 5])) == np.inf
    assert kinds_difference(np.array([5, 0]), np.array([7, 0])) == 0


def test_strata_are_quantiles_and_equal_values_stay_together():
    values = np.arange(100.0)
    assert np.bincount(strata_of(values, np.ones(100), 5)).tolist() == [20] * 5
    tied = strata_of(np.repeat([1.0, 2.0], (90, 10)), np.ones(100), 5)
    assert tied.tolist() == [0] * 90 + [1] * 10
    assert strata_of(np.array([np.nan, 1.0]), np.ones(2), 5).tolist() == [-1, 0]
