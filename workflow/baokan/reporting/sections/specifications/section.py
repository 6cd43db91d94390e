"""What the report says of the specification curve: which claims survive the choices of another analyst."""

import pandas as pd

from baokan.catalogue import Translator
from baokan.claims.curve import choice
from baokan.comparing.limits import CONTRAST
from baokan.comparing.reasons import read
from baokan.numbers import p_value
from baokan.reporting.run import Run
from baokan.robustness.choices import changed
from baokan.robustness.specifications import FITTED, UNCHANGED, by_choice, headlines

MOST = 8


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: specifications, survival, tried, contrasts and topics.

    state: "off" (not wanted), "nothing" (no contrast could become established by it), "untested" (too few issues or articles for
    any p-value) or "computed".
    """
    specifications, tried = tables["specifications"], tables["tried"]
    survived = run.in_language(tables["survival"], "breaks")
    weighting = run.weighting
    contrasts = tables["contrasts"]
    kept = tables["topics"].loc[~tables["topics"]["excluded"].astype(bool), "topic_id"]
    mine = survived[(survived["weighting"] == weighting) & survived["topic_id"].isin(kept)]
    shown = headlines(mine, contrasts, weighting, MOST)
    tested = bool(mine["tested"].any())
    claims = bool((shown["grade"] != "descriptive").any())
    fitted = tried["outcome"] == FITTED
    if len(mine):
        state = "computed" if tested else "untested"
    else:
        state = "off" if run.config["compare"]["specifications"] == "none" else "nothing"
    return {
        "state": state,
        "n": int(fitted.sum()),
        "n_words": int(tried.loc[fitted, "words"].nunique()),
        "claims": claims,
        "rows": [_row(r, tables["topics"]) for r in shown.to_dict("records")],
        "choices": _choices(specifications, shown, tested, run.t),
        "left_out": _left_out(tried, run.t),
    }


def _row(row: dict, topics: pd.DataFrame) -> dict:
    labels = topics.set_index("topic_id")["label"]
    larger, smaller = ("a", "b") if row["difference"] >= 0 else ("b", "a")
    return {
        "topic_id": int(row["topic_id"]),
        "label": str(labels[row["topic_id"]]),
        "larger": row[f"source_{larger}"],
        "smaller": row[f"source_{smaller}"],
        "grade": row["grade"],
        "difference": abs(row["difference"]),
        # As the difference is told: larger minus smaller.
        "median": row["median_difference"] * (1 if larger == "a" else -1),
        "held": int(row["held"]),
        "same_sign": int(row["same_sign"]),
        "returning": int(row["returning"]),
        "total": int(row["total"]),
        "tested": bool(row["tested"]),
        "p_curve": p_value(row["p_curve"]),
        "p_held": p_value(row["p_held"]),
        "breaks": row["breaks"],
    }


def _choices(specifications: pd.DataFrame, shown: pd.DataFrame, tested: bool, t: Translator) -> list[dict]:
    """Of the contrasts that are shown, all together: in what share of the specifications that make a choice they hold. The
    choice that breaks most first; the run's own choices and seeds are left out."""
    mine = specifications.merge(shown[CONTRAST], on=CONTRAST)
    if not len(mine):
        return []
    table = by_choice(mine)
    table = table[(table["choice"] != UNCHANGED) & (table["kind"] != "seed")]
    table = table.assign(choice=[choice(t, read(text)[0].values) for text in table["choice"]])
    column = "held" if tested else "same_sign"
    sums = table.groupby(["kind", "choice"], sort=False)[[column, "total"]].sum().reset_index()
    sums["share"] = sums[column] / sums["total"]
    each = mine.groupby(CONTRAST).ngroups
    sums = sums.sort_values(["share", "choice"], kind="stable")
    return [
        {"choice": r["choice"], "n": int(r["total"]) // each, "held": int(r[column]), "total": int(r["total"])}
        | {"share": float(r["share"])}
        for r in sums.to_dict("records")
    ]  # fmt: skip


def _left_out(tried: pd.DataFrame, t: Translator) -> dict:
    """Changes made alone that are no specification of their own: same, those that leave the counts as they are; problems, those
    that leave nothing to fit, with the reason."""
    if not len(tried):
        return {"same": [], "problems": []}
    own = tried.sort_values("specification").iloc[0].to_dict()
    rows = tried[(tried["outcome"] != FITTED) & (tried["k"] == own["k"]) & (tried["engine"] == own["engine"])]
    alone = rows[(rows["words"] == own["words"]) | (rows["chunk_tokens"] == own["chunk_tokens"])]
    same = alone["counts"] != ""
    phrases = [choice(t, changed(row, own)) for row in alone.to_dict("records")]
    return {
        "same": list(dict.fromkeys(p for p, is_same in zip(phrases, same, strict=True) if is_same)),
        "problems": list(
            dict.fromkeys((p, o) for p, o, is_same in zip(phrases, alone["outcome"], same, strict=True) if not is_same)
        ),
    }
