"""How much a contrast may claim, and the sentences that say so.

The wording of a sentence follows from its grade, and the grade from this table. A row of `baokan.comparing.contrasts.contrasts`
gets the first grade all of whose conditions hold.

| grade       | conditions                                                                                           |
| ----------- | ---------------------------------------------------------------------------------------------------- |
| established | eligible; p_holm <= alpha (max-T over topics, then Holm over pairs); 10 issues or more on each side; |
|             | holds in at least 80 % of the seeds, and in at least 80 % of the neighbouring numbers of topics, at  |
|             | least one of each having been run; holds in at least 80 % of the specifications of the curve, which  |
|             | was computed; the same sign when articles count once and when tokens do; the periods of the two      |
|             | sources overlap, and are known to; holds with dates held equal; keeps its sign with each other       |
|             | confound held equal that could be; the topic is not flagged as house style                           |
| suggestive  | eligible; p_bh <= alpha or p_holm <= alpha                                                           |
| descriptive | everything else: what was read is described, and nothing is claimed beyond it                        |

"Holds" is for the caller to decide and count (the aligned topic contrasts with the same sign and is significant). What a
claim cannot have, as a list of words has no seed, does not count against it.

An estimate is always the mean over issues. With the weighting "token" it is a share of an issue's words; with
"article", the mean share of an article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from baokan.comparing.limits import ALPHA, is_robust
from baokan.numbers import counted, p_value, percent, percent_bounds, times

GRADES = ("established", "suggestive", "descriptive")
ESTABLISHED_ISSUES = 10
EQUAL_RATIO = (0.8, 1.25)
MIN_SHARE_FOR_RATIO = 0.01

# What else may differ between sources (`baokan.comparing.confounds`), in words.
CONFOUNDS = {
    "quality": ("text quality", "文本质量"),
    "length": ("article length", "文章长度"),
    "repeats": ("repeats", "重复文章"),
    "genre": ("genre", "体裁"),
    "date": ("dates", "日期"),
}
_PHRASES = {
    "p": (
        "the difference does not reach {alpha:g} after correction for topics and pairs (p {p})",
        "经主题与来源对校正后未达到 {alpha:g} 的水平（p {p}）",
    ),
    "issues": ("{n} on the side of {source}, {needed} are needed", "{source} 一方只有 {n} 期，需要 {needed} 期"),
    "seeds": (
        "it holds in {held} of {total} seeds, 80 % are needed",
        "在 {total} 个随机种子中有 {held} 个成立，需要 80 %",
    ),
    "no seeds": ("it was not repeated with other seeds", "尚未用其他随机种子重复"),
    "k": (
        "it holds in {held} of {total} neighbouring numbers of topics, 80 % are needed",
        "在 {total} 个相邻的主题数中有 {held} 个成立，需要 80 %",
    ),
    "no k": ("it was not repeated with neighbouring numbers of topics", "尚未用相邻的主题数重复"),
    "specs": (
        "it holds in {held} of {total} specifications, 80 % are needed",
        "在 {total} 种分析设定中有 {held} 种成立，需要 80 %",
    ),
    "no specs": (
        "the specification curve was not computed (compare.specifications: auto or all)",
        "尚未计算设定曲线（compare.specifications: auto 或 all）",
    ),
    "dates": (
        "it does not hold with dates held equal",
        "在日期相同的条件下不成立",
    ),
    "no common dates": (
        "the sources could not be compared within the same dates",
        "无法在相同日期内比较两个来源",
    ),
    "turned": (
        "its sign changes with {what} held equal",
        "在{what}相同的条件下方向相反",
    ),
    "sign": (
        "the difference changes its sign between counting articles and counting words",
        "按篇计与按字词计时差异的方向相反",
    ),
    "no sign": ("articles and words were not both counted", "尚未同时按篇与按字词计算"),
    "overlap": ("the sources cover different periods", "两个来源的时段不同"),
    "no dates": ("dates are missing, so the periods could not be compared", "缺少日期，无法比较时段"),
    "style": (
        "the topic looks like the house style of one source and awaits a ruling",
        "该主题疑似某一来源的行文风格，尚待裁定",
    ),
    "ruled style": ("the topic was ruled the house style of a source", "该主题已裁定为某一来源的行文风格"),
    "significance": (
        "the difference is not significant at {alpha:g} (p {p} after correction)",
        "差异在 {alpha:g} 水平上不显著（校正后 p {p}）",
    ),
}


def grade(
    row: Mapping[str, Any],
    *,
    alpha: float = ALPHA,
    seeds_held: int,
    seeds_total: int,
    k_held: int,
    k_total: int,
    same_sign_both_weightings: bool | None,
    overlap: bool | None,
    house_style: bool,
    specs_held: int = 0,
    specs_total: int | None = None,
    dates_held: bool | None = True,
    turned: Sequence[str] = (),
    ruled_style: bool = False,
    language: str = "en",
) -> tuple[str, list[str]]:
    """The grade of one contrast, and in plain words what it lacks for the next grade up.

    ``row`` is a row of `baokan.comparing.contrasts.contrasts` (eligible, reason, reason_zh, p_holm, p_bh, n_issues_a, n_issues_b,
    source_a, source_b). ``seeds_held`` of ``seeds_total`` and ``k_held`` of ``k_total`` count the runs in which the
    contrast holds, ``specs_held`` of ``specs_total`` the specifications of the curve: a total of 0 says that it was not
    computed, None that it does not concern this contrast. ``dates_held``: whether it holds with dates held equal, None where
    that could not be tried; ``turned``: the other confounds (names of CONFOUNDS) with which its sign changes.
    ``same_sign_both_weightings`` is None when only one weighting was run; ``overlap`` is None when dates are missing
    (`baokan.comparing.dates.periods_overlap`). ``ruled_style``: it is the user who says that the topic
    is house style. ``language`` is that of the phrases, "en" or "zh". An established
    contrast has no reasons. The rule stands in the module's docstring.

    Raises ValueError for an unknown language or counts that are impossible.
    """
    for held, total in ((seeds_held, seeds_total), (k_held, k_total), (specs_held, specs_total or 0)):
        if not 0 <= held <= total:
            raise ValueError(f"{held} of {total} is not a possible count")
    tongue = _tongue(language)
    same_sign_both_weightings, overlap = _known(same_sign_both_weightings), _known(overlap)
    dates_held = _known(dates_held)

    def phrase(key: str, **values: Any) -> str:
        return _PHRASES[key][tongue].format(**values)

    if not row["eligible"]:
        return "descriptive", [str(row["reason" if tongue == 0 else "reason_zh"])]
    after = p_value(row["p_holm"], relation=True)
    corrected = row["p_holm"] <= alpha
    if not (corrected or row["p_bh"] <= alpha):
        return "descriptive", [phrase("significance", alpha=alpha, p=after)]
    missing = []
    if not corrected:
        missing.append(phrase("p", alpha=alpha, p=after))
    for side in ("a", "b"):
        n = int(row[f"n_issues_{side}"])
        if n < ESTABLISHED_ISSUES:
            number = n if tongue else counted(n, "issue")
            missing.append(phrase("issues", n=number, source=row[f"source_{side}"], needed=ESTABLISHED_ISSUES))
    for key, held, total in (("seeds", seeds_held, seeds_total), ("k", k_held, k_total)):
        if total == 0:
            missing.append(phrase(f"no {key}"))
        elif not is_robust(held, total):
            missing.append(phrase(key, held=held, total=total))
    if specs_total and not is_robust(specs_held, specs_total):
        missing.append(phrase("specs", held=specs_held, total=specs_total))
    if same_sign_both_weightings is None:
        missing.append(phrase("no sign"))
    elif same_sign_both_weightings is False:
        missing.append(phrase("sign"))
    if overlap is not True:
        missing.append(phrase("overlap" if overlap is False else "no dates"))
    elif dates_held is not True:
        missing.append(phrase("dates" if dates_held is False else "no common dates"))
    missing += [phrase("turned", what=CONFOUNDS[name][tongue]) for name in turned]
    if house_style:
        missing.append(phrase("ruled style" if ruled_style else "style"))
    # The curve is computed where nothing else is missing: only there its absence is a reason.
    if specs_total == 0 and not missing:
        missing.append(phrase("no specs"))
    return ("suggestive", missing) if missing else ("established", [])


def sentence(
    row: Mapping[str, Any],
    label: str,
    grade: str,
    reasons: Sequence[str],
    *,
    weighting: str,
    interval_a: tuple[float, float] | None = None,
    interval_b: tuple[float, float] | None = None,
    overlap: bool | None = None,
) -> str:
    """One contrast in English, worded by its grade; the source with the larger share comes first.

    ``row`` as in `grade`, with mean_a and mean_b as well; ``label`` names the topic; ``grade`` and ``reasons`` come
    from `grade`; the intervals (lower, upper), fractions, are those of the sources' own shares, None or NaN where there
    is none. A ratio is given only when the smaller share is at least 1 % and the difference is significant; shares
    whose ratio lies within 0.8 and 1.25 are called about equal. A difference that is large but not significant is not
    called equal: nothing was shown either way.

    Raises ValueError for an unknown grade or weighting, or a grade above descriptive for a row that is not eligible.
    """
    first, second = _ordered(row, grade, weighting, interval_a, interval_b)
    overlap = _known(overlap)
    apart = overlap is False
    big, small = percent(first.share), percent(second.share)
    period = " What is compared differs in source and period, and the two cannot be told apart." if apart else ""
    why = "; ".join(reasons)
    near = _near(first.share, second.share)
    if weighting == "token":
        unit, how = "of its text", "share of an issue's words, averaged over issues"
    else:
        unit, how = "of its average article", "mean share of an article, averaged over issues"
    if grade == "descriptive":
        equal = ", about equal shares" if near else ""
        start = f"In these issues {first.name} gives {big} {unit} to {label} and {second.name} {small}{equal} ({how})"
        if not row["eligible"]:
            return f"{start}; this describes these issues only ({why}).{period}"
        return f"{start}; no difference beyond these issues is shown ({why}).{period}"
    start = f"{first.name} gives {big}{first.bounds()} {unit} to {label}"
    other = f"{small}{second.bounds()}"
    if near:
        compared = f"and {second.name} {other}, about equal shares"
    elif second.share >= MIN_SHARE_FOR_RATIO:
        compared = f"{times(first.share / second.share)} times the share in {second.name} ({other})"
    else:
        compared = f"against {other} in {second.name}"
    compared = f" {compared}" if near else f", {compared}"
    if grade == "established":
        after = f"p {p_value(row['p_holm'], relation=True)} after correction"
        end = f"established over {first.issues} and {second.issues} issues, {after}"
        if row.get("specs_total"):
            end += f", holds in {row['specs_held']} of {row['specs_total']} specifications"
    else:
        end = f"suggestive only: {why}"
    if row.get("weakened"):
        end += f"; no longer significant with {' or '.join(CONFOUNDS[name][0] for name in row['weakened'])} held equal"
    return f"{start}{compared} ({how}); {end}.{period}"


def sentence_zh(
    row: Mapping[str, Any],
    label: str,
    grade: str,
    reasons: Sequence[str],
    *,
    weighting: str,
    interval_a: tuple[float, float] | None = None,
    interval_b: tuple[float, float] | None = None,
    overlap: bool | None = None,
) -> str:
    """The same contrast in Chinese; arguments, rules and errors as in `sentence`, with reasons in Chinese."""
    first, second = _ordered(row, grade, weighting, interval_a, interval_b)
    overlap = _known(overlap)
    apart = overlap is False
    big, small = percent(first.share, "zh"), percent(second.share, "zh")
    period = "两者的来源与时段都不同，无法区分是哪一个造成了差异。" if apart else ""
    why = "；".join(reasons)
    near = _near(first.share, second.share)
    how = "各期字词占比的平均" if weighting == "token" else "文章占比先在期内平均，再对各期平均"
    if grade == "descriptive":
        equal = "，大致相当" if near else ""
        start = f"在这些期次中，“{label}”在 {first.name} 中占 {big}，在 {second.name} 中占 {small}{equal}（{how}）"
        if not row["eligible"]:
            return f"{start}；仅描述这些期次（{why}）。{period}"
        return f"{start}；未显示出这些期次以外的差异（{why}）。{period}"
    start = f"“{label}”在 {first.name} 中占 {big}{first.bounds()}"
    other = f"{small}{second.bounds()}"
    if near:
        compared = f"在 {second.name} 中占 {other}，大致相当"
    elif second.share >= MIN_SHARE_FOR_RATIO:
        compared = f"是 {second.name}（{other}）的 {times(first.share / second.share)} 倍"
    else:
        compared = f"在 {second.name} 中占 {other}"
    if grade == "established":
        end = f"依据 {first.issues} 期与 {second.issues} 期，结论成立，校正后 p {p_value(row['p_holm'], relation=True)}"
        if row.get("specs_total"):
            end += f"，在 {row['specs_total']} 种分析设定中有 {row['specs_held']} 种成立"
    else:
        end = f"仅具提示性：{why}"
    if row.get("weakened"):
        end += f"；在{'或'.join(CONFOUNDS[name][1] for name in row['weakened'])}相同的条件下不再显著"
    return f"{start}，{compared}（{how}）；{end}。{period}"


class _Side:
    """One source of a contrast: its name, share, number of issues and the interval of its own share."""

    def __init__(self, row: Mapping[str, Any], side: str, interval: tuple[float, float] | None) -> None:
        self.name = str(row[f"source_{side}"])
        self.share = float(row[f"mean_{side}"])
        self.issues = int(row[f"n_issues_{side}"])
        self.interval = interval

    def bounds(self) -> str:
        """The interval in per cent, in brackets after a space; empty where there is none."""
        bounds = percent_bounds(*self.interval) if self.interval is not None else ""
        return f" {bounds}" if bounds else ""


def _ordered(
    row: Mapping[str, Any],
    grade: str,
    weighting: str,
    interval_a: tuple[float, float] | None,
    interval_b: tuple[float, float] | None,
) -> tuple[_Side, _Side]:
    """The two sides, the larger share first."""
    if grade not in GRADES:
        raise ValueError(f"grade must be one of {', '.join(GRADES)}; got {grade!r}")
    if weighting not in ("article", "token"):
        raise ValueError(f"weighting must be article or token, got {weighting!r}")
    if not row["eligible"] and grade != "descriptive":
        raise ValueError(f"a contrast that is not eligible cannot be {grade}")
    a, b = _Side(row, "a", interval_a), _Side(row, "b", interval_b)
    return (a, b) if a.share >= b.share else (b, a)


def _tongue(language: str) -> int:
    """The place of a language in a pair of phrases."""
    if language not in ("en", "zh"):
        raise ValueError(f"language must be en or zh, got {language!r}")
    return ("en", "zh").index(language)


def _known(value: Any) -> bool | None:
    """A plain bool, or None for anything that a table may hold in place of a missing one."""
    return None if value is None or value != value else bool(value)


def _near(large: float, small: float) -> bool:
    """Whether two shares are about equal: both 0, or with a ratio within 0.8 and 1.25."""
    return large == small or (small > 0 and EQUAL_RATIO[0] <= large / small <= EQUAL_RATIO[1])
