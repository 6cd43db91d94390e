"""Grades, and what a contrast lacks for the next one."""

import numpy as np
import pytest
from baokan.comparing.grading import grade
from baokan.comparing.reasons import reason, stored

ROW = {
    "source_a": "magazine",
    "source_b": "newspaper",
    "n_issues_a": 12,
    "n_issues_b": 14,
    "eligible": True,
    "reason": "",
    "p_holm": 0.002,
    "p_bh": 0.001,
}
TOO_FEW = reason("issues", sides=[["magazine", 4]], needed=6)
REFUSED = {**ROW, "eligible": False, "reason": stored(TOO_FEW), "n_issues_a": 4, "p_holm": np.nan, "p_bh": np.nan}
SOUND = {
    "seeds_held": 5,
    "seeds_total": 5,
    "k_held": 4,
    "k_total": 5,
    "same_sign_both_weightings": True,
    "overlap": True,
    "house_style": False,
}


def test_everything_in_order_is_established():
    assert grade(ROW, **SOUND) == ("established", [])


@pytest.mark.parametrize(
    ("row", "checks", "code", "values"),
    [
        ({"n_issues_a": 9}, {}, "established issues", {"n": 9, "source": "magazine", "needed": 10}),
        ({"n_issues_b": 7}, {}, "established issues", {"n": 7, "source": "newspaper", "needed": 10}),
        ({"p_holm": 0.06}, {}, "p", {"alpha": 0.05, "p": 0.06}),
        ({}, {"seeds_held": 3}, "seeds", {"held": 3, "total": 5}),
        ({}, {"seeds_held": 0, "seeds_total": 0}, "no seeds", {}),
        ({}, {"k_held": 3}, "k", {"held": 3, "total": 5}),
        ({}, {"k_held": 0, "k_total": 0}, "no k", {}),
        ({}, {"specs_held": 1, "specs_total": 2}, "specifications", {"held": 1, "total": 2}),
        ({}, {"specs_held": 31, "specs_total": 40}, "specifications", {"held": 31, "total": 40}),
        ({}, {"specs_held": 0, "specs_total": 0}, "no specifications", {}),
        ({}, {"dates_held": False}, "dates", {}),
        ({}, {"dates_held": None}, "no common dates", {}),
        ({}, {"turned": ["length"]}, "turned", {"confound": "length"}),
        ({}, {"same_sign_both_weightings": False}, "sign", {}),
        ({}, {"same_sign_both_weightings": None}, "no sign", {}),
        ({}, {"overlap": False}, "periods", {}),
        ({}, {"overlap": np.False_}, "periods", {}),
        ({}, {"overlap": None}, "no periods", {}),
        ({}, {"house_style": True}, "style", {}),
        ({}, {"house_style": True, "ruled_style": True}, "ruled style", {}),
    ],
)
def test_each_missing_condition_caps_at_suggestive_and_says_why(row, checks, code, values):
    assert grade({**ROW, **row}, **{**SOUND, **checks}) == ("suggestive", [(code, values)])


def test_all_that_is_missing_is_listed():
    checks = {**SOUND, "seeds_held": 1, "k_held": 1, "house_style": True, "overlap": False}
    verdict, reasons = grade({**ROW, "n_issues_a": 6, "n_issues_b": 6}, **checks)
    assert verdict == "suggestive"
    assert [r.code for r in reasons] == ["established issues", "established issues", "seeds", "k", "periods", "style"]


def test_four_of_five_is_enough_and_the_limit_is_included():
    assert grade({**ROW, "p_holm": 0.05}, **{**SOUND, "seeds_held": 4})[0] == "established"
    assert grade({**ROW, "n_issues_a": 10}, **{**SOUND, "seeds_held": 8, "seeds_total": 10})[0] == "established"
    assert grade({**ROW, "p_holm": 0.02}, **SOUND, alpha=0.01)[0] == "suggestive"


def test_what_a_claim_cannot_have_does_not_count_against_it():
    assert grade(ROW, **SOUND, specs_held=0, specs_total=None) == ("established", [])
    assert grade(ROW, **SOUND, specs_held=32, specs_total=40) == ("established", [])


def test_dates_are_not_asked_for_twice():
    """Sources of different periods cannot be compared within dates: one reason is enough."""
    _, reasons = grade(ROW, **{**SOUND, "overlap": False}, dates_held=None)
    assert [r.code for r in reasons] == ["periods"]


def test_not_significant_is_descriptive():
    found = grade({**ROW, "p_holm": 0.21, "p_bh": 0.06}, **SOUND)
    assert found == ("descriptive", [("significance", {"alpha": 0.05, "p": 0.21})])


def test_refused_is_descriptive_with_its_own_reason_however_well_it_holds():
    assert grade(REFUSED, **SOUND) == ("descriptive", [TOO_FEW])
    assert grade({**REFUSED, "p_holm": 0.0001}, **SOUND) == ("descriptive", [TOO_FEW])


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="6 of 5"):
        grade(ROW, **{**SOUND, "seeds_held": 6})
    with pytest.raises(ValueError, match="2 of 1"):
        grade(ROW, **SOUND, specs_held=2, specs_total=1)
