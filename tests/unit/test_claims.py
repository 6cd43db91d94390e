"""Rows of numbers and reasons in words, in English and Chinese: the one place where sentences are spelt out."""

import numpy as np
import pandas as pd
import pytest
from baokan.catalogue import languages, translator
from baokan.claims import coverage, curve, themes, time
from baokan.claims.columns import in_words
from baokan.claims.contrasts import contrasts_told
from baokan.claims.contrasts import sentence as contrast
from baokan.claims.placebo import rank
from baokan.claims.reasons import all_told, told
from baokan.claims.tables import TOLD
from baokan.comparing.coverage import coverage_tables, rhythm_of
from baokan.comparing.reasons import reason, stored
from baokan.registry import NUMBERS
from baokan.robustness.choices import changed, word_choices

EN, ZH = translator("en"), translator("zh")


def both(tell, *args, **more):
    return tell(EN, *args, **more), tell(ZH, *args, **more)


# --- columns


def test_each_text_has_a_column_for_each_language_in_the_place_of_what_it_tells():
    table = pd.DataFrame({"n": [1, 2], "reason": ["a", "b"], "step": [True, False], "m": [3, 4]}, index=[5, 6])
    told = in_words(
        table,
        {"reason": lambda t, row: f"{t.language}{row['n']}", "sentence": lambda t, row: str(row["step"])},
        without=["step"],
    )
    assert list(told) == ["n", "reason", "reason_zh", "m", "sentence", "sentence_zh"]
    assert told["reason"].tolist() == ["en1", "en2"] and told["reason_zh"].tolist() == ["zh1", "zh2"]
    assert told["sentence"].tolist() == ["True", "False"] and told.index.tolist() == [5, 6]
    assert languages() == ["en", "zh"]


def test_a_table_without_rows_keeps_columns_of_text():
    told = in_words(pd.DataFrame({"reason": pd.Series(dtype=str)}), {"reason": lambda t, row: ""})
    assert told.empty and (told.dtypes == "str").all()


def test_every_table_of_numbers_is_told():
    assert set(TOLD) == set(NUMBERS)


# --- reasons

FEW = [["gazette", 1], ["报", 4]]


@pytest.mark.parametrize(
    ("code", "values", "english", "chinese"),
    [
        (
            "issues",
            {"sides": FEW, "needed": 6},
            "1 issue on the side of gazette and 4 issues on the side of 报; 6 are needed",
            "gazette 一方只有 1 期、报 一方只有 4 期，至少需要 6 期",
        ),
        (
            "established issues",
            {"n": 9, "source": "magazine", "needed": 10},
            "9 issues on the side of magazine, 10 are needed",
            "magazine 一方只有 9 期，需要 10 期",
        ),
        (
            "articles",
            {"expected": 3.2, "needed": 10.0, "source": "magazine"},
            "about 3 articles of this topic are expected in magazine; 10 are needed",
            "预计 magazine 中该主题的文章约 3 篇，至少需要 10 篇",
        ),
        (
            "articles",
            {"expected": 1.2, "needed": 2.5, "source": ""},
            "about 1 article of this topic is expected in either source; 2.5 are needed",
            "预计每个来源中该主题的文章约 1 篇，至少需要 2.5 篇",
        ),
        (
            "articles",
            {"expected": 0.6, "needed": 5.0, "source": ""},
            "less than one article of this topic is expected in either source; 5 are needed",
            "预计每个来源中该主题的文章不足 1 篇，至少需要 5 篇",
        ),
        (
            "p",
            {"alpha": 0.05, "p": 0.06},
            "the difference does not reach 0.05 after correction for topics and pairs (p = 0.060)",
            "经主题与来源对校正后未达到 0.05 的水平（p = 0.060）",
        ),
        (
            "significance",
            {"alpha": 0.05, "p": 0.21},
            "the difference is not significant at 0.05 (p = 0.21 after correction)",
            "差异在 0.05 水平上不显著（校正后 p = 0.21）",
        ),
        (
            "seeds",
            {"held": 3, "total": 5},
            "it holds in 3 of 5 seeds, 80 % are needed",
            "在 5 个随机种子中有 3 个成立，需要 80 %",
        ),
        ("turned", {"confound": "length"}, "its sign changes with article length held equal", "在文章长度相同的条件下方向相反"),
        (
            "rare",
            {"expected": 1.74, "needed": 5.0},
            "about 1.7 articles of it are expected; 5 are needed",
            "预计该主题的文章约 1.7 篇，至少需要 5 篇",
        ),
        ("dated issues", {"n": 1, "needed": 10}, "1 dated issue; 10 are needed", "有日期的只有 1 期，至少需要 10 期"),
        (
            "interval",
            {"n": 2, "needed": 3},
            "2 issues in the period; 3 are needed for an interval",
            "该时段只有 2 期，至少需要 3 期才有区间",
        ),
        (
            "pairs of issues",
            {"n": 1, "needed": 6},
            "1 pair of issues counts, and 6 are needed",
            "可计入的期次配对只有 1 对，至少需要 6 对",
        ),
        ("nothing counted", {"by": "word", "sources": ["a", "b"]}, "a and b: no counted word", "a、b：没有计入的词"),
        (
            "issues left",
            {"sides": FEW, "needed": 6},
            "1 issue of gazette and 4 issues of 报 left; 6 are needed",
            "只剩 gazette 1 期、报 4 期，至少需要 6 期",
        ),
        (
            "confound unknown",
            {"confound": "date", "sources": ["报"]},
            "no date is known in 报",
            "报 的日期不明",
        ),
        (
            "no stratum in common",
            {"confound": "length"},
            "the sources have no articles of like length",
            "两个来源没有长度相近的文章",
        ),
    ],
)  # fmt: skip
def test_a_reason_is_told_in_both_languages(code, values, english, chinese):
    assert both(told, reason(code, **values)) == (english, chinese)


@pytest.mark.parametrize(
    ("code", "values", "english", "chinese"),
    [
        ("share of a kind", {"kind": "dispatch"}, "share of the kind dispatch", "体裁 dispatch 所占比例"),
        ("share of a kind", {"kind": ""}, "share of the kind (none)", "体裁 （无） 所占比例"),
        ("median", {"confound": "quality"}, "median quality of an article", "文章文本质量的中位数"),
        ("value", {"confound": "length", "value": np.log(1234.4)}, "1,234 tokens", "1,234 词"),
        ("value", {"confound": "quality", "value": 0.824}, "0.82", "0.82"),
        ("value", {"confound": "genre", "value": 0.00002}, "less than 0.01 %", "不到 0.01 %"),
        ("value", {"confound": "date", "value": 711858.0}, "1950-01-01", "1950-01-01"),
        ("value", {"confound": "date", "value": np.nan}, "n/a", "n/a"),
        ("strata", {"of": "length", "n": 5}, "5 classes of length", "5 个长度等级"),
        ("strata", {"of": "month", "n": 1}, "1 month", "1 个月份"),
        ("strata", {"of": "repeats", "n": 1}, "texts printed once", "只刊登过一次的文章"),
    ],
)
def test_what_confounds_are_measured_by(code, values, english, chinese):
    assert both(told, reason(code, **values)) == (english, chinese)


def test_what_is_not_enough_does_not_read_as_if_it_were():
    for expected, shown in ((9.96, "9.9"), (9.4, "9"), (4.96, "5")):
        assert f"about {shown} articles" in told(EN, reason("articles", expected=expected, needed=10.0, source=""))
    assert "about 4.9 articles" in told(EN, reason("articles", expected=4.96, needed=5.0, source=""))


def test_a_theme_is_called_a_theme():
    found = [reason("articles", expected=3.0, needed=5.0, source=""), reason("p", alpha=0.05, p=0.2)]
    for one in found:
        assert "topic" in told(EN, one) and "topic" not in told(EN, one, theme=True)


def test_reasons_stand_one_after_the_other():
    text = stored(reason("no seeds"), reason("dates"))
    assert both(all_told, text) == (
        "it was not repeated with other seeds; it does not hold with dates held equal",
        "尚未用其他随机种子重复；在日期相同的条件下不成立",
    )
    assert both(all_told, "") == ("", "")


def test_a_code_without_words_is_an_error():
    with pytest.raises(KeyError, match="weather"):
        told(EN, reason("weather"))


# --- contrasts of topics

ROW = {
    "source_a": "magazine", "source_b": "newspaper", "mean_a": 0.09, "mean_b": 0.306, "n_issues_a": 12, "n_issues_b": 14,
    "eligible": True, "p_holm": 0.002, "weighting": "token", "overlap": "yes", "label": "铁路", "grade": "established",
    "grade_reasons": "", "lower_a": 0.06, "upper_a": 0.12, "lower_b": 0.27, "upper_b": 0.35, "weakened": [],
}  # fmt: skip
SUGGESTIVE = {"grade": "suggestive", "grade_reasons": stored(reason("no seeds"), reason("no k"))}
TOO_FEW = stored(reason("issues", sides=[["magazine", 4]], needed=6))
REFUSED = {
    **ROW,
    "eligible": False,
    "grade": "descriptive",
    "grade_reasons": TOO_FEW,
    "n_issues_a": 4,
    "p_holm": np.nan,
}


def test_an_established_contrast():
    assert both(contrast, ROW) == (
        "newspaper gives 31 % [27, 35] of its text to “铁路”, 3.4 times the share in magazine (9.0 % [6.0, 12]) "
        "(share of an issue's words, averaged over issues); "
        "established over 14 and 12 issues, p = 0.002 after correction.",
        "“铁路”在 newspaper 中占 31 % [27, 35]，是 magazine（9.0 % [6.0, 12]）的 3.4 倍（各期字词占比的平均）；"
        "依据 14 期与 12 期，结论成立，校正后 p = 0.002。",
    )


def test_the_specifications_and_what_weakens_a_claim_are_told():
    row = ROW | {"specs_held": 19, "specs_total": 20, "weakened": ["genre", "length"]}
    english, chinese = both(contrast, row)
    assert english.endswith(
        "holds in 19 of 20 specifications; no longer significant with genre or article length held equal."
    )
    assert chinese.endswith("，在 20 种分析设定中有 19 种成立；在体裁或文章长度相同的条件下不再显著。")


def test_the_weighting_is_named():
    english, chinese = both(contrast, ROW | SUGGESTIVE | {"weighting": "article"})
    assert "of its average article to" in english and "mean share of an article, averaged over issues" in english
    assert "of its text" not in english and "文章占比先在期内平均" in chinese


def test_a_suggestive_contrast_gives_its_reasons():
    english, chinese = both(contrast, ROW | SUGGESTIVE)
    assert english.endswith(
        "; suggestive only: it was not repeated with other seeds; it was not repeated with neighbouring numbers of topics."
    )
    assert "established" not in english
    assert chinese.endswith("仅具提示性：尚未用其他随机种子重复；尚未用相邻的主题数重复。")


@pytest.mark.parametrize("weighting", ["article", "token"])
@pytest.mark.parametrize("overlap", ["yes", "no", "unknown"])
def test_refusal_describes_these_issues_only(weighting, overlap):
    english, chinese = both(contrast, REFUSED | {"weighting": weighting, "overlap": overlap})
    assert english.startswith("In these issues newspaper gives 31 % ")
    assert "describes these issues only (4 issues on the side of magazine; 6 are needed)" in english
    assert not any(word in english for word in ("times", "established", "p =", "p <"))
    assert "仅描述这些期次（magazine 一方只有 4 期，至少需要 6 期）" in chinese and "倍" not in chinese


def test_a_large_difference_that_is_not_significant_is_neither_claimed_nor_called_equal():
    why = {"grade": "descriptive", "grade_reasons": stored(reason("significance", alpha=0.05, p=0.4))}
    english, chinese = both(contrast, ROW | why)
    assert "no difference beyond these issues is shown" in english and "未显示出这些期次以外的差异" in chinese
    assert not any(word in english for word in ("equal", "times")) and "大致相当" not in chinese


@pytest.mark.parametrize("grade", ["established", "suggestive", "descriptive"])
def test_near_shares_are_about_equal(grade):
    english, chinese = both(contrast, ROW | {"mean_a": 0.28, "grade": grade})
    assert "about equal shares" in english and "times" not in english and "大致相当" in chinese


def test_no_ratio_to_a_tiny_share():
    row = ROW | {"mean_a": 0.004, "lower_a": np.nan, "upper_a": np.nan, "lower_b": np.nan, "upper_b": np.nan}
    english, chinese = both(contrast, row)
    assert "31 % of its text to “铁路”, against 0.40 % in magazine" in english
    assert not any(word in english for word in ("times", "[", "nan")) and "倍" not in chinese


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.0002, "0.02 %"), (0.00002, "less than 0.01 %"), (0.0996, "10 %"), (0.0994, "9.9 %")],
)
def test_a_share_is_rounded_as_everywhere(share, words):
    assert f"and magazine {words} (" in contrast(EN, ROW | {"mean_a": share, "grade": "descriptive"})


def test_different_periods_are_named():
    for grade in ("suggestive", "descriptive"):
        english, chinese = both(contrast, ROW | {"overlap": "no", "grade": grade})
        assert english.endswith(". What is compared differs in source and period, and the two cannot be told apart.")
        assert chinese.endswith("。两者的来源与时段都不同，无法区分是哪一个造成了差异。")


def test_impossible_rows_are_refused():
    for row, match in (
        (ROW | {"grade": "certain"}, "grade"),
        (ROW | {"weighting": "chunk"}, "weighting"),
        (REFUSED | {"grade": "established"}, "not eligible"),
    ):
        with pytest.raises(ValueError, match=match):
            contrast(EN, row)


def test_names_and_labels_are_never_read_as_templates():
    odd = "{0} {label} %s %(x)s"
    for sentence in both(contrast, ROW | {"label": odd, "source_b": odd}):
        assert sentence.count(odd) == 2


def test_the_table_has_the_intervals_of_both_sources_in_its_sentences():
    key = {"topic_id": 3, "source_a": "a", "source_b": "b", "weighting": "token"}
    numbers = {k: v for k, v in ROW.items() if k not in ("label", "grade", "grade_reasons", "weakened")}
    numbers = {k: v for k, v in numbers.items() if not k.startswith(("lower", "upper"))} | key
    checks = {"seeds_held": 5, "seeds_total": 5, "k_held": 2, "k_total": 2, "same_sign": True, "house_style": False}
    row = numbers | checks | {"p_bh": 0.001, "reason": "", "difference": -0.2, "lower": -0.3, "upper": -0.1}
    breaks = stored(reason("robustness", tested=True, n=9, total=10, not_in=[{"k": 8}]))
    survival = key | {"held": 9, "total": 10, "median_difference": -0.2, "breaks": breaks}
    matched = key | {
        "confound": "date",
        "p_matched": 0.01,
        "difference_matched": -0.2,
        "same_sign": True,
        "holds": True,
    }
    about = {"topic_id": 3, "weighting": "token"}
    shares = [about | {"source": s, "lower": low, "upper": low + 0.1} for s, low in (("a", 0.05), ("b", 0.25))]
    tables = {
        "contrasts": pd.DataFrame([row]),
        "survival": pd.DataFrame([survival]),
        "matched": pd.DataFrame([matched]),
        "shares": pd.DataFrame(shares),
        "topics": pd.DataFrame({"topic_id": [3], "label": ["铁路"], "ruling": [""]}),
    }
    (told,) = contrasts_told(tables).to_dict("records")
    assert (told["grade"], told["grade_reasons"], told["lower"]) == ("established", "", -0.3)
    assert told["sentence"].startswith(
        "b gives 31 % [25, 35] of its text to “铁路”, 3.4 times the share in a (9.0 % [5.0, 15])"
    )
    assert told["sentence"].endswith("holds in 9 of 10 specifications.")
    assert told["specs_break"] == "holds in 9 of 10 specifications; not with 8 topics"
    assert told["specs_break_zh"] == "在 10 种分析设定中有 9 种成立；例外：8 个主题"
    assert not {"label", "lower_a", "upper_b"} & set(told)


# --- themes

THEME = {
    "theme": "三农", "source_a": "刊", "source_b": "报", "mean_a": 0.02, "mean_b": 0.08, "n_issues_a": 12, "n_issues_b": 12,
    "lower_own_a": 0.015, "upper_own_a": 0.025, "lower_own_b": np.nan, "upper_own_b": np.nan, "eligible": True,
    "p_holm": 0.0004, "weighting": "article", "overlap": "yes", "grade": "established", "grade_reasons": "", "times": 4.0,
    "terms_held": 4.0, "terms_total": 4, "needed_terms": [],
}  # fmt: skip


def test_an_established_theme():
    assert both(themes.sentence, THEME) == (
        "In 报 80.0 of 1,000 words are terms of “三农”, 4.0 times as many as in 刊 (20.0 [15.0, 25.0]) (mean of articles, averaged "
        "over issues); established over 12 and 12 issues, p < 0.001 after correction. It holds without any single one of its 4 "
        "terms.",
        "每千词里“三农”的词在 报 中有 80.0 个，是 刊（20.0 [15.0, 25.0]）的 4.0 倍"
        "（每千词词数，先在期内对各篇平均，再对各期平均）；依据 12 期与 12 期，结论成立，校正后 p < 0.001。"
        "4 个词中去掉任何一个，仍然成立。",
    )


@pytest.mark.parametrize(
    ("lost", "english", "chinese"),
    [
        (["农村"], "It holds without any single term but 农村.", "除“农村”外，去掉任何一个词仍然成立。"),
        (
            ["a", "b", "c"],
            "It holds without any single term but a, b and c.",
            "除“a”“b”“c”外，去掉任何一个词仍然成立。",
        ),
        (
            ["a", "b", "c", "d"],
            "Without any one of its 4 terms it does not hold.",
            "4 个词中去掉任何一个，都不再成立。",
        ),
    ],
)
def test_the_terms_that_a_theme_needs_are_named(lost, english, chinese):
    row = THEME | {"needed_terms": lost, "terms_held": 4.0 - len(lost)}
    assert themes.sentence(EN, row).endswith(english) and themes.sentence(ZH, row).endswith(chinese)


def test_a_theme_of_one_term_or_not_asked_says_nothing_of_its_terms():
    for row in (THEME | {"terms_total": 1, "terms_held": 0.0, "needed_terms": ["a"]}, THEME | {"terms_held": np.nan}):
        assert themes.sentence(EN, row).endswith("after correction.")


def test_a_theme_without_a_ratio_near_shares_or_a_claim():
    assert ", against 20.0 [15.0, 25.0] in 刊 (" in themes.sentence(EN, THEME | {"times": np.nan})
    assert "about as many as in 刊" in themes.sentence(EN, THEME | {"mean_a": 0.07})
    row = THEME | {"grade": "descriptive", "grade_reasons": TOO_FEW, "eligible": False, "terms_held": np.nan}
    english, chinese = both(themes.sentence, row)
    assert english.startswith("In these issues 80.0 of 1,000 words in 报 are terms of “三农” and 20.0 in 刊 (")
    assert "仅描述这些期次" in chinese


# --- time

CHANGE = {
    "source": "paper", "label": "主题3", "n_issues": 40, "n_before": 24, "first": "2023-01-01", "last": "2023-02-09",
    "split": "2023-01-25", "before": 0.17, "after": 0.37, "trend": 0.6, "p_corrected": 0.02, "changed": True,
    "beyond_neighbours": True, "autocorrelation_around_split": 0.41, "n_sources": 2, "step": True, "reason": "",
    "weighting": "article",
}  # fmt: skip


def test_a_step_is_dated():
    assert both(time.sentence, CHANGE) == (
        "In paper the share of “主题3” rises from 17 % to 37 % around 2023-01-25 "
        "(mean share of an article; p = 0.020 over topics, both tests and sources, 40 issues, 16 of them from then on).",
        "在 paper 中，“主题3”的占比在 2023-01-25 前后由 17 % 升至 37 %"
        "（文章占比的期内平均；经主题、两种检验与来源校正后 p = 0.020，40 期，其中此后 16 期）。",
    )
    falls = CHANGE | {"before": 0.37, "after": 0.17}
    assert "falls from 37 % to 17 %" in time.sentence(EN, falls) and "由 37 % 降至 17 %" in time.sentence(ZH, falls)


def test_a_drift_has_a_direction_and_means_only_where_they_agree():
    drift = CHANGE | {"step": False, "n_sources": 1, "trend": -0.7, "before": 0.37, "after": 0.17, "weighting": "token"}
    assert both(time.sentence, drift) == (
        "In paper the share of “主题3” drifts downward over 2023-01-01 to 2023-02-09, with 37 % before 2023-01-25 and 17 % from "
        "then on (share of an issue's words; Spearman's rho -0.70, p = 0.020 over topics and both tests, 40 issues).",
        "在 paper 中，“主题3”的占比在 2023-01-01 至 2023-02-09 间呈下降趋势，2023-01-25 之前为 37 %，其后为 17 %"
        "（占期内字词的比例；Spearman 相关系数 -0.70，经主题与两种检验校正后 p = 0.020，40 期）。",
    )
    assert "before 2023-01-25" not in time.sentence(EN, drift | {"trend": 0.7})


def test_likeness_of_neighbours_is_a_doubt():
    english, chinese = both(time.sentence, CHANGE | {"beyond_neighbours": False})
    assert english.endswith(". Issues that resemble their neighbours (r = 0.41) may be all of it.")
    assert chinese.endswith("。相邻各期彼此相似（r = 0.41）也可能造成这种变化。")


def test_no_change_and_no_test_are_told():
    assert time.sentence(EN, CHANGE | {"changed": False}).startswith(
        "In paper no change of the share of “主题3” over time is shown (p = "
    )
    why = CHANGE | {"reason": stored(reason("constant")), "changed": False}
    assert both(time.sentence, why) == (
        "In paper it is not tested whether the share of “主题3” changes over time: the share is the same in every issue.",
        "未检验 paper 中“主题3”的占比是否随时间变化：各期占比相同。",
    )


# --- what is held


@pytest.mark.parametrize(
    ("step", "english", "chinese"),
    [
        (1, "daily", "每日"),
        (2, "every second day", "每两日"),
        (7, "weekly", "每周"),
        (10, "every ten days", "每十日"),
        (14, "every two weeks", "每两周"),
        (28, "every four weeks", "每四周"),
        (61, "every two months", "每两个月"),
        (91, "quarterly", "每季"),
        (365, "yearly", "每年"),
        (45, "about every 45 days", "约每 45 日"),
        (121, "about every 4 months", "约每 4 个月"),
    ],
)
def test_rhythms(step, english, chinese):
    found = rhythm_of([(730000 + step * i,) * 2 for i in range(12)])
    values = {"days": found.days, "weekdays": len(found.weekdays), "regular": True, "per_date": 1.0}
    assert both(coverage.rhythm, values) == (english, chinese)


def test_rhythms_of_some_days_several_issues_or_none():
    values = {"days": 1.0, "weekdays": 5, "regular": True, "per_date": 1.0}
    assert both(coverage.rhythm, values) == ("5 days a week", "每周 5 日")
    assert coverage.rhythm(EN, values | {"weekdays": 7, "regular": False}) == "irregular, about daily"
    assert coverage.rhythm(EN, values | {"days": 40.0, "regular": False}) == "irregular, about every 40 days"
    assert coverage.rhythm(EN, values | {"days": 30.5, "per_date": 4.0}) == "monthly, about 4 issues with one date"


def rhythm_row(publications, **days):
    found = [
        reason("rhythm", publication=name, days=n, weekdays=0, regular=True, per_date=1.0) for name, n in days.items()
    ]
    return {"rhythm": stored(*found), "n_publications": publications}


def test_rhythms_of_several_publications():
    assert coverage.rhythms(EN, rhythm_row(2, 甲=30.5, 乙=31.0)) == "monthly, each of its publications"
    assert both(coverage.rhythms, rhythm_row(2, 乙=1.0, 甲=30.5)) == ("乙: daily; 甲: monthly", "乙：每日；甲：每月")
    assert coverage.rhythms(EN, rhythm_row(3, 甲=30.5)) == "甲: monthly"
    many = rhythm_row(6, 甲=1.0, 乙=7.0, 丙=14.0, 丁=30.5, 戊=91.0)
    assert coverage.rhythms(EN, many) == "6 publications, each with a rhythm of its own"
    assert coverage.rhythms(EN, rhythm_row(1)) == ""


HELD = {
    "n_issues": 23, "n_dated": 23, "n_undated": 0, "n_articles_without_issue": 0, "n_gaps": 1, "missing": 1, "n_shared_dates": 0,
    "first_date": "2022-01", "last_date": "2023-12", **rhythm_row(1, 月刊=30.5),
}  # fmt: skip


def test_what_is_held_of_a_source():
    assert both(coverage.sentence, HELD) == (
        "23 issues; 2022-01 to 2023-12; monthly; 1 gap. The rhythm would expect 1 issue more in this time.",
        "23 期；2022-01 至 2023-12；每月；有 1 处缺期。按出版节奏，这段时间还应有 1 期。",
    )
    more = {
        "n_gaps": 0,
        "missing": 0,
        "n_undated": 2,
        "n_shared_dates": 1,
        "n_articles_without_issue": 1,
        "n_dated": 21,
    }
    assert coverage.sentence(EN, HELD | more) == (
        "23 issues; 2022-01 to 2023-12; monthly; no gap. 2 issues have no date and have no part in anything over time. 1 date is "
        "borne by several issues of one publication, whose order is then unknown. 1 article belongs to no issue."
    )


def test_a_source_without_dates_or_issues():
    bare = HELD | {"rhythm": "", "missing": 0, "n_gaps": 0}
    assert coverage.sentence(EN, bare | {"n_issues": 2, "n_dated": 0, "n_undated": 2}) == "2 issues; none with a date."
    assert coverage.sentence(EN, bare | {"n_issues": 3}).endswith("; too few dates to see a rhythm.")
    none = bare | {"n_issues": 0, "n_articles_without_issue": 2}
    assert both(coverage.sentence, none) == (
        "2 articles of no issue: nothing says when they were printed.",
        "2 篇文章不属于任何一期：无从知道刊登的时间。",
    )


SHARED = {
    "source_a": "a", "source_b": "b", "first": "2023-01-28", "last": "2023-12-15", "share_a": 0.92, "share_b": 1.0,
    "months_a": 12, "months_b": 12, "months_both": 12, "overlap": "yes", "same_issues": 0,
}  # fmt: skip


def test_what_time_two_sources_share():
    assert both(coverage.overlap_sentence, SHARED) == (
        "a and b share 2023-01-28 to 2023-12-15, with 92 % of a's dated issues and all of b's; in 12 months both have an issue.",
        "a 与 b 共有的时段为 2023-01-28 至 2023-12-15，a 有日期的期次中有 92 % 在此时段内，b 有 100 %；"
        "两者在 12 个月份中都有期次。",
    )
    little = coverage.overlap_sentence(
        EN, SHARED | {"overlap": "no", "share_a": 0.004, "share_b": 0.0, "same_issues": 1}
    )
    assert "with less than 1 % of a's dated issues and none of b's" in little
    assert little.endswith("source and period cannot be told apart. 1 issue seems to stand under both.")
    assert "share no day" in coverage.overlap_sentence(EN, SHARED | {"first": "", "overlap": "no"})
    assert "dates are missing" in coverage.overlap_sentence(EN, SHARED | {"overlap": "unknown"})


def test_the_tables_of_a_corpus_are_told_to_the_end():
    days = [f"2023-{month:02}-05" for month in range(1, 13)]
    rows = [("a", "月刊", d, d, "") for d in days] + [("b", "", "", "", "")]
    articles = pd.DataFrame(rows, columns=["source", "publication", "issue", "issue_date", "duplicate_of"])
    tables = coverage_tables(articles)
    held = TOLD["coverage"](tables).set_index("source")
    assert held.loc["a", "sentence"] == "12 issues; 2023-01-05 to 2023-12-05; monthly; no gap."
    assert held.loc["b", "reason"] == "4 different dates are needed to see a rhythm"
    assert not {"first_date", "last_date"} & set(held)
    assert TOLD["gaps"](tables).empty


# --- ranks

LARGE = {"n_issues": 1, "n_reference": 31, "reference": "large", "lowest_above": 0, "highest_below": 0}


@pytest.mark.parametrize(
    ("counts", "english", "chinese"),
    [
        ({"above": 31, "below": 0}, "higher than any of the 31 issues of large", "高于 large 的全部 31 期"),
        ({"above": 0, "below": 31}, "lower than any of the 31 issues of large", "低于 large 的全部 31 期"),
        ({"above": 28, "below": 3}, "higher than 28 of the 31 issues of large", "高于 large 31 期中的 28 期"),
        ({"above": 3, "below": 28}, "lower than 28 of the 31 issues of large", "低于 large 31 期中的 28 期"),
        ({"above": 3, "below": 3}, "higher than 3 of the 31 issues of large", "高于 large 31 期中的 3 期"),
        ({"above": 0, "below": 0}, "equal to all 31 issues of large", "与 large 的全部 31 期相等"),
        (
            {"above": 31, "below": 0, "n_issues": 2, "lowest_above": 31},
            "each of its 2 issues higher than any of the 31 issues of large",
            "2 期中每一期都高于 large 的全部 31 期",
        ),
        (
            {"above": 0, "below": 31, "n_issues": 2, "highest_below": 31},
            "each of its 2 issues lower than any of the 31 issues of large",
            "2 期中每一期都低于 large 的全部 31 期",
        ),
        (
            {"above": 31, "below": 0, "n_issues": 2},
            "the mean of its 2 issues higher than any of the 31 issues of large",
            "2 期的平均高于 large 的全部 31 期",
        ),
        (
            {"above": 28, "below": 3, "n_issues": 2},
            "the mean of its 2 issues higher than 28 of the 31 issues of large",
            "2 期的平均高于 large 31 期中的 28 期",
        ),
    ],
)
def test_a_rank_is_told_as_a_count_of_issues(counts, english, chinese):
    assert both(rank, LARGE | counts) == (english, chinese)


# --- the specification curve

OWN = {"words": "the run's own", "chunk_tokens": 300, "engine": "tomotopy", "k": 8, "seed": 5}


@pytest.mark.parametrize(
    ("change", "english", "chinese"),
    [
        ({"k": 12, "engine": "gensim", "seed": 0}, "with 12 topics by gensim", "12 个主题、用 gensim"),
        (
            {"words": "with nouns only", "chunk_tokens": 150},
            "with nouns only in windows of 150 tokens",
            "只用名词、每窗 150 词",
        ),
        ({"seed": 0}, "with another seed", "换一个随机种子"),
        ({}, "as the run does it", "与本次运行相同"),
    ],
)
def test_a_specification_is_said_by_what_it_changes(change, english, chinese):
    assert both(curve.choice, changed(OWN | change, OWN)) == (english, chinese)


def test_every_choice_of_words_has_its_words():
    settings = {
        "engine": "rjieba", "discover": "use", "terms": ["t"], "stopwords": ["a", "b"], "source_stopwords": {},
        "parts_of_speech": ["noun"],
    }  # fmt: skip
    for engine in ("rjieba", "jieba"):
        assert set(word_choices(settings | {"engine": engine}).values()) <= set(curve.WORD_CHOICES)


def test_where_a_contrast_holds_and_where_not():
    broken = {"not_in": [{"words": "with nouns only"}, {"k": 12, "engine": "gensim"}, {"engine": "gensim"}]}
    assert both(curve.robustness, {"tested": True, "n": 3, "total": 6} | broken) == (
        "holds in 3 of 6 specifications; not with nouns only, nor with 12 topics by gensim, nor by gensim",
        "在 6 种分析设定中有 3 种成立；例外：只用名词，12 个主题、用 gensim，用 gensim",
    )
    least = {"least": [[{"words": "with nouns only"}, 0, 1], [{"engine": "gensim"}, 0, 5]]}
    assert both(curve.robustness, {"tested": True, "n": 3, "total": 9} | least) == (
        "holds in 3 of 9 specifications; least with nouns only (0 of 1), by gensim (0 of 5)",
        "在 9 种分析设定中有 3 种成立；最少见于：只用名词（1 种中 0 种）、用 gensim（5 种中 0 种）",
    )
    alone = {"tested": False, "n": 1, "total": 1, "not_in": []}
    assert curve.robustness(EN, alone) == "has the same sign in 1 of 1 specification"
