"""Grades and the sentences that follow from them."""

import numpy as np
import pytest
from baokan.comparing.grading import grade, sentence, sentence_zh

ROW = {
    "source_a": "magazine",
    "source_b": "newspaper",
    "mean_a": 0.09,
    "mean_b": 0.306,
    "n_issues_a": 12,
    "n_issues_b": 14,
    "eligible": True,
    "reason": "",
    "reason_zh": "",
    "p_holm": 0.002,
    "p_bh": 0.001,
}
REFUSED = {
    **ROW,
    "eligible": False,
    "reason": "4 issues on the side of magazine; 6 are needed",
    "reason_zh": "magazine 一方只有 4 期，至少需要 6 期",
    "n_issues_a": 4,
    "p_holm": np.nan,
    "p_bh": np.nan,
}
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
    ("row", "checks", "word"),
    [
        ({"n_issues_a": 9}, {}, "9 issues on the side of magazine, 10 are needed"),
        ({"n_issues_b": 7}, {}, "7 issues on the side of newspaper, 10 are needed"),
        ({"p_holm": 0.06}, {}, "does not reach 0.05 after correction for topics and pairs (p = 0.060)"),
        ({}, {"seeds_held": 3}, "holds in 3 of 5 seeds"),
        ({}, {"seeds_held": 0, "seeds_total": 0}, "not repeated with other seeds"),
        ({}, {"k_held": 3}, "holds in 3 of 5 neighbouring numbers of topics"),
        ({}, {"k_held": 0, "k_total": 0}, "not repeated with neighbouring numbers"),
        (
            {},
            {"specs_held": 1, "specs_total": 2},
            "it holds in 1 of 2 specifications, 80 % are needed",
        ),
        ({}, {"specs_held": 31, "specs_total": 40}, "it holds in 31 of 40 specifications"),
        ({}, {"specs_held": 0, "specs_total": 0}, "specification curve was not computed"),
        ({}, {"dates_held": False}, "does not hold with dates held equal"),
        ({}, {"dates_held": None}, "could not be compared within the same dates"),
        ({}, {"turned": ["length"]}, "its sign changes with article length held equal"),
        ({}, {"same_sign_both_weightings": False}, "changes its sign"),
        ({}, {"same_sign_both_weightings": None}, "not both counted"),
        ({}, {"overlap": False}, "different periods"),
        ({}, {"overlap": np.False_}, "different periods"),
        ({}, {"overlap": None}, "dates are missing"),
        ({}, {"house_style": True}, "house style"),
    ],
)
def test_each_missing_condition_caps_at_suggestive_and_says_why(row, checks, word):
    verdict, reasons = grade({**ROW, **row}, **{**SOUND, **checks})
    assert verdict == "suggestive"
    assert len(reasons) == 1
    assert word in reasons[0]
    verdict_zh, reasons_zh = grade({**ROW, **row}, **{**SOUND, **checks}, language="zh")
    assert verdict_zh == "suggestive"
    assert len(reasons_zh) == 1
    assert any("一" <= letter <= "鿿" for letter in reasons_zh[0])


def test_all_that_is_missing_is_listed():
    checks = {**SOUND, "seeds_held": 1, "k_held": 1, "house_style": True, "overlap": False}
    verdict, reasons = grade({**ROW, "n_issues_a": 6, "n_issues_b": 6}, **checks)
    assert verdict == "suggestive"
    assert len(reasons) == 6


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
    assert len(reasons) == 1 and "different periods" in reasons[0]


def test_not_significant_is_descriptive():
    verdict, reasons = grade({**ROW, "p_holm": 0.21, "p_bh": 0.06}, **SOUND)
    assert verdict == "descriptive"
    assert reasons == ["the difference is not significant at 0.05 (p = 0.21 after correction)"]


def test_refused_is_descriptive_with_its_own_reason_however_well_it_holds():
    assert grade(REFUSED, **SOUND) == ("descriptive", [REFUSED["reason"]])
    assert grade({**REFUSED, "p_holm": 0.0001}, **SOUND, language="zh") == ("descriptive", [REFUSED["reason_zh"]])


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="6 of 5"):
        grade(ROW, **{**SOUND, "seeds_held": 6})
    with pytest.raises(ValueError, match="2 of 1"):
        grade(ROW, **SOUND, specs_held=2, specs_total=1)
    with pytest.raises(ValueError, match="language"):
        grade(ROW, **SOUND, language="fr")
    with pytest.raises(ValueError, match="grade"):
        sentence(ROW, "x", "certain", [], weighting="token")
    with pytest.raises(ValueError, match="weighting"):
        sentence(ROW, "x", "established", [], weighting="chunk")
    with pytest.raises(ValueError, match="not eligible"):
        sentence(REFUSED, "x", "established", [], weighting="token")


def test_established_sentence():
    text = sentence(
        ROW,
        "铁路",
        "established",
        [],
        weighting="token",
        interval_a=(0.06, 0.12),
        interval_b=(0.27, 0.35),
        overlap=True,
    )
    assert text == (
        "newspaper gives 31 % [27, 35] of its text to 铁路, 3.4 times the share in magazine (9.0 % [6.0, 12]) "
        "(share of an issue's words, averaged over issues); "
        "established over 14 and 12 issues, p = 0.002 after correction."
    )
    zh = sentence_zh(
        ROW,
        "铁路",
        "established",
        [],
        weighting="token",
        interval_a=(0.06, 0.12),
        interval_b=(0.27, 0.35),
        overlap=True,
    )
    assert zh == (
        "“铁路”在 newspaper 中占 31 % [27, 35]，是 magazine（9.0 % [6.0, 12]）的 3.4 倍（各期字词占比的平均）；"
        "依据 14 期与 12 期，结论成立，校正后 p = 0.002。"
    )


def test_unknown_periods_are_named():
    verdict, reasons = grade(ROW, **{**SOUND, "overlap": None})
    assert verdict == "suggestive"
    assert "dates are missing" in sentence(ROW, "x", verdict, reasons, weighting="token")
    _, reasons = grade(ROW, **{**SOUND, "overlap": None}, language="zh")
    assert "缺少日期" in sentence_zh(ROW, "x", verdict, reasons, weighting="token")


def test_the_weighting_is_named():
    assert "mean share of an article, averaged over issues" in sentence(
        ROW, "x", "suggestive", ["y"], weighting="article"
    )
    assert "of its text" not in sentence(ROW, "x", "suggestive", ["y"], weighting="article")
    assert "文章占比先在期内平均" in sentence_zh(ROW, "x", "suggestive", ["y"], weighting="article")


def test_suggestive_sentence_gives_its_reasons():
    text = sentence(ROW, "x", "suggestive", ["one thing", "another"], weighting="token")
    assert text.endswith("; suggestive only: one thing; another.")
    assert "established" not in text
    assert sentence_zh(ROW, "x", "suggestive", ["其一", "其二"], weighting="token").endswith("仅具提示性：其一；其二。")


@pytest.mark.parametrize("weighting", ["article", "token"])
@pytest.mark.parametrize("overlap", [True, False, None])
def test_refusal_describes_these_issues_only(weighting, overlap):
    verdict, reasons = grade(REFUSED, **{**SOUND, "overlap": overlap})
    text = sentence(REFUSED, "铁路", verdict, reasons, weighting=weighting, overlap=overlap)
    assert text.startswith("In these issues newspaper gives 31 % ")
    assert "describes these issues only (4 issues on the side of magazine; 6 are needed)" in text
    for word in ("times", "established", "p =", "p <"):
        assert word not in text
    _, reasons = grade(REFUSED, **SOUND, language="zh")
    zh = sentence_zh(REFUSED, "铁路", verdict, reasons, weighting=weighting, overlap=overlap)
    assert "仅描述这些期次（magazine 一方只有 4 期，至少需要 6 期）" in zh
    assert "倍" not in zh


def test_a_large_difference_that_is_not_significant_is_neither_claimed_nor_called_equal():
    row = {**ROW, "p_holm": 0.4, "p_bh": 0.3}
    verdict, reasons = grade(row, **SOUND)
    text = sentence(row, "x", verdict, reasons, weighting="token")
    assert "no difference beyond these issues is shown" in text
    assert "equal" not in text
    assert "times" not in text
    assert "大致相当" not in sentence_zh(row, "x", verdict, reasons, weighting="token")


@pytest.mark.parametrize("verdict", ["established", "suggestive", "descriptive"])
def test_near_shares_are_about_equal(verdict):
    row = {**ROW, "mean_a": 0.28}
    text = sentence(row, "x", verdict, [], weighting="token")
    assert "about equal shares" in text
    assert "times" not in text
    assert "大致相当" in sentence_zh(row, "x", verdict, [], weighting="token")


def test_no_ratio_to_a_tiny_share():
    text = sentence({**ROW, "mean_a": 0.004}, "x", "established", [], weighting="token", overlap=True)
    assert "31 % of its text to x, against 0.40 % in magazine" in text
    assert "times" not in text
    assert "倍" not in sentence_zh({**ROW, "mean_a": 0.004}, "x", "established", [], weighting="token", overlap=True)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.0002, "0.02 %"),
        (0.00002, "less than 0.01 %"),
        (0.0123, "1.2 %"),
        (0.0996, "10 %"),
        (0.0994, "9.9 %"),
        (0.105, "10 %"),
    ],
)
def test_rounding(share, words):
    text = sentence({**ROW, "mean_a": share}, "x", "descriptive", [], weighting="token")
    assert f"and magazine {words} (" in text


@pytest.mark.parametrize("verdict", ["suggestive", "descriptive"])
@pytest.mark.parametrize("overlap", [False, np.False_])
def test_different_periods_are_named(verdict, overlap):
    assert "differs in source and period" in sentence(ROW, "x", verdict, [], weighting="token", overlap=overlap)
    assert "来源与时段都不同" in sentence_zh(ROW, "x", verdict, [], weighting="token", overlap=overlap)


def test_missing_intervals_leave_no_brackets():
    text = sentence(ROW, "x", "suggestive", [], weighting="token", interval_a=(np.nan, np.nan))
    assert "[" not in text
    assert "nan" not in text


def test_p_below_a_thousandth():
    text = sentence({**ROW, "p_holm": 0.0004}, "x", "established", [], weighting="token", overlap=True)
    assert "p < 0.001 after correction" in text
