"""Contrasts of topics as they may be claimed: with the specification curve and confounds held equal, a grade, and the sentences.

An estimate is always the mean over issues. With the weighting "token" it is a share of an issue's words; with
"article", the mean share of an article.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from baokan.catalogue import Translator
from baokan.claims.columns import Row, in_words
from baokan.claims.reasons import CONFOUNDS, all_told, in_column
from baokan.comparing.grading import EQUAL_RATIO, GRADES, evidence, known
from baokan.comparing.limits import ALPHA, CONTRAST, check_weighting
from baokan.comparing.reasons import stored
from baokan.numbers import p_value, percent, percent_bounds, times

SURVIVAL = ["held", "total", "median_difference", "breaks"]
MIN_SHARE_FOR_RATIO = 0.01
# Of a contrast's sources, for its sentence only.
_OWN = ["lower_a", "upper_a", "lower_b", "upper_b", "label"]


def contrasts_told(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """`graded` in words: reason, grade_reasons, specs_break and sentence by language.

    tables, of numbers: contrasts, survival and matched; topics (topic_id, label, ruling); shares, with the sources' intervals.
    """
    topics = tables["topics"]
    table = graded(tables["contrasts"], topics, tables["survival"], tables["matched"])
    own = tables["shares"][["topic_id", "source", "weighting", "lower", "upper"]]
    for side in "ab":
        names = {"source": f"source_{side}", "lower": f"lower_{side}", "upper": f"upper_{side}"}
        table = table.merge(own.rename(columns=names), on=["topic_id", f"source_{side}", "weighting"], how="left")
    table["label"] = table["topic_id"].map(topics.set_index("topic_id")["label"])
    return in_words(
        table,
        {
            "reason": in_column("reason"), "specs_break": in_column("specs_break"), "grade_reasons": in_column("grade_reasons"),
            "sentence": sentence,
        },
        without=_OWN,
    )  # fmt: skip


def graded(tested: pd.DataFrame, topics: pd.DataFrame, survival: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """`tested` (of `baokan.comparing.pipeline`) with specs_held, specs_total, specs_median, specs_break, dates_held, turned,
    weakened, grade and grade_reasons (`baokan.comparing.reasons`).

    topics: topic_id, ruling; survival: of `baokan.robustness.specifications`, without rows where the curve was not computed;
    matched: of `baokan.comparing.confounds`.
    """
    named = ["specs_held", "specs_total", "specs_median", "specs_break"]
    curve = survival[CONTRAST + SURVIVAL].rename(columns=dict(zip(SURVIVAL, named, strict=True)))
    table = tested.merge(curve, on=CONTRAST, how="left")
    table[named[:2]] = table[named[:2]].fillna(0).astype(int)
    table["specs_break"] = table["specs_break"].fillna("")
    by_dates, turned, weakened = _held_equal(matched)
    keys = list(zip(*(table[name] for name in CONTRAST), strict=True))
    table["dates_held"] = [by_dates.get(key, "not tried") for key in keys]
    # What was not significant to begin with has nothing to lose.
    significant = (table["p_holm"] <= ALPHA) | (table["p_bh"] <= ALPHA)
    table["turned"] = [turned.get(key, []) if s else [] for key, s in zip(keys, significant, strict=True)]
    table["weakened"] = [weakened.get(key, []) if s else [] for key, s in zip(keys, significant, strict=True)]
    ruling = topics.set_index("topic_id")["ruling"]
    found = [
        evidence(
            row, specs_held=row["specs_held"], specs_total=row["specs_total"],
            dates_held={"yes": True, "no": False}.get(row["dates_held"]), turned=row["turned"],
            ruled_style=ruling[row["topic_id"]] == "style",
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    return table.assign(grade=[level for level, _ in found], grade_reasons=[stored(*missing) for _, missing in found])


def _held_equal(matched: pd.DataFrame) -> tuple[dict[tuple, str], dict[tuple, list[str]], dict[tuple, list[str]]]:
    """By contrast: whether it holds with dates held equal (yes, no; absent where that could not be tried), the other confounds
    with which its sign changes, and those with which it keeps its sign and is no longer significant."""
    by_dates: dict[tuple, str] = {}
    turned: dict[tuple, list[str]] = {}
    weakened: dict[tuple, list[str]] = {}
    for row in matched.to_dict("records"):
        key = tuple(row[name] for name in CONTRAST)
        if row["confound"] == "date" and np.isfinite(row["p_matched"]):
            by_dates[key] = "yes" if row["holds"] else "no"
        elif row["confound"] == "date" or not np.isfinite(row["difference_matched"]):
            continue
        elif not row["same_sign"]:
            turned.setdefault(key, []).append(row["confound"])
        elif np.isfinite(row["p_matched"]) and not row["holds"]:
            weakened.setdefault(key, []).append(row["confound"])
    return by_dates, turned, weakened


def sentence(t: Translator, row: Row) -> str:
    """One contrast, worded by its grade; the source with the larger share comes first.

    ``row``: of `graded`, with its label, and lower_a, upper_a, lower_b and upper_b, the intervals of the sources' own shares,
    fractions, NaN where there is none. A ratio is given only when the smaller share is at least 1 % and the difference is
    significant; shares whose ratio lies within 0.8 and 1.25 are called about equal. A difference that is large but not
    significant is not called equal: nothing was shown either way.

    Raises ValueError for an unknown grade or weighting, or a grade above descriptive for a row that is not eligible.
    """
    first, second = _ordered(row)
    why, tokens = all_told(t, row["grade_reasons"]), row["weighting"] == "token"
    near = first.share == second.share or (
        second.share > 0 and EQUAL_RATIO[0] <= first.share / second.share <= EQUAL_RATIO[1]
    )
    how = (
        t.gettext("share of an issue's words, averaged over issues")
        if tokens
        else t.gettext("mean share of an article, averaged over issues")
    )
    if row["grade"] == "descriptive":
        told = _described(t, row, first, second, near, how, why)
    else:
        told = _claimed(t, row, first, second, near, how, why)
    return t.sentences([told, period(t, row["overlap"])])


def period(t: Translator, overlap: str) -> str:
    """What is said where the periods do not overlap; "" elsewhere."""
    if overlap != "no":
        return ""
    return t.gettext("What is compared differs in source and period, and the two cannot be told apart.")


def _described(t: Translator, row: Row, first: Side, second: Side, near: bool, how: str, why: str) -> str:
    big, small = (percent(side.share, t.language) for side in (first, second))
    shown = {"a": first.name, "b": second.name, "big": big, "small": small, "label": row["label"]}
    if row["weighting"] == "token":
        start = t.gettext("In these issues {a} gives {big} of its text to “{label}” and {b} {small}", **shown)
    else:
        start = t.gettext(
            "In these issues {a} gives {big} of its average article to “{label}” and {b} {small}", **shown
        )
    if near:
        start = t.gettext("{start}, about equal shares", start=start)
    if not row["eligible"]:
        return t.gettext("{start} ({how}); this describes these issues only ({why}).", start=start, how=how, why=why)
    return t.gettext(
        "{start} ({how}); no difference beyond these issues is shown ({why}).", start=start, how=how, why=why
    )


def _claimed(t: Translator, row: Row, first: Side, second: Side, near: bool, how: str, why: str) -> str:
    big, small = (side.told(t) for side in (first, second))
    shown = {"a": first.name, "big": big, "label": row["label"]}
    if row["weighting"] == "token":
        start = t.gettext("{a} gives {big} of its text to “{label}”", **shown)
    else:
        start = t.gettext("{a} gives {big} of its average article to “{label}”", **shown)
    other = {"start": start, "b": second.name, "small": small}
    if near:
        compared = t.gettext("{start} and {b} {small}, about equal shares", **other)
    elif second.share >= MIN_SHARE_FOR_RATIO:
        compared = t.gettext(
            "{start}, {times} times the share in {b} ({small})", times=times(first.share / second.share), **other
        )
    else:
        compared = t.gettext("{start}, against {small} in {b}", **other)
    if row["grade"] == "established":
        end = t.gettext(
            "established over {first} and {second} issues, p {p} after correction",
            first=first.issues, second=second.issues, p=p_value(row["p_holm"], relation=True),
        )  # fmt: skip
        if row.get("specs_total"):
            end = t.gettext(
                "{end}, holds in {held} of {total} specifications",
                end=end, held=row["specs_held"], total=row["specs_total"],
            )  # fmt: skip
    else:
        end = t.gettext("suggestive only: {why}", why=why)
    if len(row.get("weakened", ())):
        what = t.either(t.gettext(CONFOUNDS[name]) for name in row["weakened"])
        end = t.gettext("{end}; no longer significant with {what} held equal", end=end, what=what)
    return t.gettext("{compared} ({how}); {end}.", compared=compared, how=how, end=end)


class Side(NamedTuple):
    """One source of a contrast: its name, share, number of issues and the interval of its own share."""

    name: str
    share: float
    issues: int
    lower: float
    upper: float

    def told(self, t: Translator) -> str:
        """The share in per cent, with its interval where there is one: "31 % [21, 36]"."""
        bounds = percent_bounds(self.lower, self.upper)
        return f"{percent(self.share, t.language)}{f' {bounds}' if bounds else ''}"


def _ordered(row: Mapping[str, Any]) -> tuple[Side, Side]:
    """The two sides, the larger share first."""
    if row["grade"] not in GRADES:
        raise ValueError(f"grade must be one of {', '.join(GRADES)}; got {row['grade']!r}")
    check_weighting(row["weighting"])
    if not known(row["eligible"]) and row["grade"] != "descriptive":
        raise ValueError(f"a contrast that is not eligible cannot be {row['grade']}")
    a, b = (
        Side(str(row[f"source_{s}"]), float(row[f"mean_{s}"]), int(row[f"n_issues_{s}"]), row[f"lower_{s}"], row[f"upper_{s}"])
        for s in "ab"
    )  # fmt: skip
    return (a, b) if a.share >= b.share else (b, a)
