"""Contrasts with all that speaks for and against them: the specification curve, confounds held equal, a grade, the sentences."""

import numpy as np
import pandas as pd

from baokan.comparing.dates import overlap_known
from baokan.comparing.grading import sentence, sentence_zh
from baokan.comparing.limits import ALPHA, CONTRAST
from baokan.comparing.pipeline import evidence

SURVIVAL = ["held", "total", "median_difference", "breaks"]


def graded(
    tested: pd.DataFrame, shares: pd.DataFrame, topics: pd.DataFrame, survival: pd.DataFrame, matched: pd.DataFrame
) -> pd.DataFrame:
    """`tested` (of `baokan.comparing.pipeline`) with specs_held, specs_total, specs_median, specs_break, dates_held, turned,
    weakened, grade, grade_reasons, sentence and sentence_zh.

    shares: of the sources, with their intervals; topics: topic_id, label, ruling; survival: of
    `baokan.robustness.specifications`, without rows where the curve was not computed; matched: of `baokan.comparing.confounds`.
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
    label, ruling = (topics.set_index("topic_id")[name] for name in ("label", "ruling"))
    own = shares.set_index(["topic_id", "source", "weighting"])[["lower", "upper"]]
    said = [_said(row, label, ruling, own) for row in table.to_dict("records")]
    names = ["grade", "grade_reasons", "sentence", "sentence_zh"]
    return table.assign(**{name: [row[i] for row in said] for i, name in enumerate(names)})


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


def _said(row: dict, label: pd.Series, ruling: pd.Series, own: pd.DataFrame) -> tuple[str, str, str, str]:
    """(grade, its reasons, the sentence in English, in Chinese)."""
    more = {
        "specs_held": row["specs_held"],
        "specs_total": row["specs_total"],
        "dates_held": {"yes": True, "no": False}.get(row["dates_held"]),
        "turned": row["turned"],
        "ruled_style": ruling[row["topic_id"]] == "style",
    }
    level, reasons = evidence(row, **more)
    _, reasons_zh = evidence(row, "zh", **more)
    bounds = {
        f"interval_{side}": tuple(own.loc[key])
        if (key := (row["topic_id"], row[f"source_{side}"], row["weighting"])) in own.index
        else None
        for side in "ab"
    }
    about = dict(weighting=row["weighting"], overlap=overlap_known(row["overlap"]), **bounds)
    name = label[row["topic_id"]]
    return (
        level,
        "; ".join(reasons),
        sentence(row, f"“{name}”", level, reasons, **about),
        sentence_zh(row, name, level, reasons_zh, **about),
    )
