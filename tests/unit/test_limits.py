"""What may be claimed: limits out of the configuration, and rules at their edges."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from baokan.comparing.limits import Limits, is_robust
from baokan.config import validated


def test_limits_are_those_of_the_configuration_and_its_defaults():
    compare = validated({"corpus": "data/sample", "name": "x", "compare": {"min_issues": 9}})["compare"]
    assert Limits.of(compare) == Limits(min_issues=9)
    with pytest.raises(KeyError):
        Limits.of({"min_issues": 9})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"confidence": 1.0}, "between 0 and 1"),
        ({"min_issues": 1}, "no variance"),
        ({"min_articles": -1}, "negative"),
        ({"permutations": 0}, "at least 1"),
        ({"weighting": "chunk"}, "weighting"),
    ],
)
def test_what_limits_nothing_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Limits(**wrong)


def test_a_check_asks_no_articles_and_changes_nothing_else():
    limits = Limits(min_issues=7, min_articles=12, confidence=0.9, permutations=50_000)
    assert limits.of_a_check() == Limits(min_issues=7, min_articles=0, confidence=0.9, permutations=999)
    assert limits.min_articles == 12
    with pytest.raises(FrozenInstanceError):
        limits.min_articles = 0


def test_rounding_does_not_decide_how_many_articles_there_are():
    assert Limits(min_articles=0.3 * 10).enough_articles(np.array([0.1 * 3 * 10, 3 - 1e-12, 2.99])).tolist() == [
        True,
        True,
        False,
    ]


def test_four_fifths_are_enough():
    assert [is_robust(held, 10) for held in (7, 8, 10)] == [False, True, True]
    assert is_robust(4, 5) and not is_robust(23, 29) and is_robust(24, 29)
