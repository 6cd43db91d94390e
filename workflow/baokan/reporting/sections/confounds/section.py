"""What the report says of what else differs between the sources, and of the contrasts with each of that held equal."""

from math import isfinite

import numpy as np
import pandas as pd

from baokan.numbers import counted, p_value, percent, points, signed

NAMES = {
    "quality": "text quality",
    "length": "length",
    "repeats": "repeats and reprints",
    "genre": "kind of article",
    "date": "date",
}
SHORT = {"quality": "quality", "length": "length", "repeats": "repeats", "genre": "kind", "date": "date"}
MOST_PAIRS, MOST_ROWS = 6, 8
GRADES = ("established", "suggestive", "descriptive")
REMAINS, MOST_OF_IT = 0.1, 0.5
FEW_ARTICLES = 5  # of fewer a median and a deviation are those of single articles


def confounds_of(tables: dict[str, pd.DataFrame], config: dict) -> dict:
    """What parts/confounds.*.j2 show. tables: balance, matched, contrasts (topic_id, source_a, source_b, weighting, grade,
    difference, p) and, if there, topics (topic_id, label). config: compare.weighting and compare.min_issues are read.

    n_pairs, pairs (at most 6, those with most claims first): a, b, words (sentences), rows of the balance table; n_claims
    (contrasts above descriptive); rows (at most 8 contrasts): topic_id, label, a, b, grade, difference, cells (by confound:
    text, state, why, remains, see `_cell`, and part: whether it rests on less than half of a source's articles); names: of
    the confounds, in the order of the cells; reasons: why claims were not tested.
    """
    weighting, min_issues = config["compare"]["weighting"], config["compare"]["min_issues"]
    balance, matched, contrasts = (tables[name] for name in ("balance", "matched", "contrasts"))
    matched = matched[matched["weighting"] == weighting]
    labels = (
        dict(zip(tables["topics"]["topic_id"], tables["topics"]["label"], strict=True)) if "topics" in tables else {}
    )
    known = set(zip(matched["topic_id"], matched["source_a"], matched["source_b"], strict=True))
    chosen = contrasts[contrasts["weighting"] == weighting]
    keys = zip(chosen["topic_id"], chosen["source_a"], chosen["source_b"], strict=True)
    chosen = chosen[np.array([key in known for key in keys], dtype=bool)]
    claims = chosen[chosen["grade"] != "descriptive"]
    n_claims = claims.groupby(["source_a", "source_b"]).size().to_dict()
    checks = {(r.topic_id, r.source_a, r.source_b, r.confound): r for r in matched.itertuples(index=False)}

    overlaps = {
        (r.source_a, r.source_b, r.confound): min(r.overlap_a, r.overlap_b) for r in balance.itertuples(index=False)
    }
    pairs = list(dict.fromkeys(zip(balance["source_a"], balance["source_b"], strict=True)))
    shown = sorted(pairs, key=lambda pair: -n_claims.get(pair, 0))[:MOST_PAIRS]
    by_pair = dict(list(balance.groupby(["source_a", "source_b"])))
    told = []
    for a, b in shown:
        own = claims[(claims["source_a"] == a) & (claims["source_b"] == b)]
        rows, words = [], []
        for r in by_pair[a, b].itertuples(index=False):
            counts = _counts([checks[t, a, b, r.confound] for t in own["topic_id"]])
            rows.append(
                {
                    "what": _what(r.confound, r.measure),
                    "a": r.shown_a,
                    "b": r.shown_b,
                    "smd": _smd(r.smd, directed=r.confound != "genre"),
                    "overlap": (r.overlap_a, r.overlap_b),
                    "alike": r.alike,
                    "unlike": r.alike == "unlike",
                    "note": r.note,
                    "stay": _stay(counts),
                }
            )
            if r.alike == "unlike":
                words.append(_difference(r) + _thin(r) + _held(r.confound, counts))
        few = _few(by_pair[a, b]) if words else ""
        words += [few] if few else []
        told.append({"a": a, "b": b, "rows": rows, "words": words, "n_claims": n_claims.get((a, b), 0)})

    size = chosen["difference"].astype(float).abs()
    order = chosen.assign(_grade=[GRADES.index(grade) for grade in chosen["grade"]], _size=-size)[np.isfinite(size)]
    order = order.sort_values(["_grade", "_size", "topic_id", "source_a", "source_b"], kind="stable").head(MOST_ROWS)
    rows = []
    for c in order.itertuples(index=False):
        cells = []
        for confound in NAMES:
            check = checks[c.topic_id, c.source_a, c.source_b, confound]
            part = overlaps[c.source_a, c.source_b, confound] < MOST_OF_IT
            cells.append(_cell(check, c.grade != "descriptive") | {"part": bool(part)})
        rows.append(
            {
                "topic_id": c.topic_id,
                "label": labels.get(c.topic_id, ""),
                "a": c.source_a,
                "b": c.source_b,
                "grade": c.grade,
                "difference": float(c.difference),
                "shown": points(c.difference),
                "cells": cells,
            }
        )
    return {
        "n_pairs": len(pairs),
        "pairs": told,
        "n_claims": len(claims),
        "names": list(SHORT.values()),
        "rows": rows,
        "reasons": _reasons(claims, matched),
        "min_issues": min_issues,
        "any_remains": any(cell["remains"] for row in rows for cell in row["cells"]),
        "any_part": any(cell["part"] and cell["state"] != "none" for row in rows for cell in row["cells"]),
        "any_unsure": any(cell["state"] in ("unsure", "turned") for row in rows for cell in row["cells"]),
    }


def _reasons(claims: pd.DataFrame, matched: pd.DataFrame) -> list[str]:
    """Why claims could not be tested with something held equal: a line for each pair of sources and reason."""
    found: dict[tuple[str, str, str], list[str]] = {}
    pairs = set(zip(claims["source_a"], claims["source_b"], strict=True))
    rows = matched[["source_a", "source_b", "confound", "reason"]].drop_duplicates()
    for r in rows[rows["reason"] != ""].itertuples(index=False):
        if (r.source_a, r.source_b) in pairs:
            found.setdefault((r.source_a, r.source_b, r.reason), []).append(NAMES[r.confound])
    return [f"{a} and {b}, {', '.join(names)}: {reason}" for (a, b, reason), names in found.items()]


def _counts(checks: list) -> dict[str, int]:
    """How the claims of a pair fare with a confound held equal."""
    tested = [c for c in checks if c.tested]
    lost = [c for c in tested if not c.holds]
    return {
        "all": len(checks),
        "stay": sum(bool(c.holds) for c in tested),
        "unsure": sum(bool(c.same_sign) for c in lost),
        "turned": sum(not c.same_sign for c in lost),
        "shrunk": sum(bool(c.same_sign) and 2 * abs(c.difference_matched) < abs(c.difference) for c in lost),
        "untested": len(checks) - len(tested),
        "remains": max((abs(c.smd_after) for c in tested if isfinite(c.smd_after)), default=0.0),
    }


def _held(confound: str, n: dict) -> str:
    """ " With length held equal, 5 of 6 claims keep their sign and stay significant; ..."; "" without claims."""
    if not n["all"]:
        return ""
    one = n["all"] == 1
    if n["untested"] == n["all"]:
        return f" With {NAMES[confound]} held equal too little is left to test the {'claim' if one else 'claims'}."
    if n["stay"] == n["all"]:
        out = (
            "the one claim keeps its sign and stays significant"
            if one
            else f"{'both' if n['all'] == 2 else 'all ' + str(n['all'])} claims keep their sign and stay significant"
        )
    elif one:
        out = (
            "the one claim turns its sign"
            if n["turned"]
            else "the one claim keeps its sign and is no longer significant"
        )
        out += ", its difference less than half of what it was" if n["shrunk"] else ""
    else:
        keeps = "keeps its sign and stays" if n["stay"] == 1 else "keep their sign and stay"
        out = f"{n['stay']} of {n['all']} claims {keeps} significant"
        if n["unsure"]:
            out += f"; {n['unsure']} {_keep(n['unsure'])} no longer significant"
            if n["shrunk"]:
                out += f" ({n['shrunk']} with less than half of the difference)"
        if n["turned"]:
            out += f"; {n['turned']} {'turns its' if n['turned'] == 1 else 'turn their'} sign"
        if n["untested"]:
            out += f"; {n['untested']} could not be tested"
    nearly = (
        f" (nearly equal: a standardised difference of {n['remains']:.2f} remains)" if n["remains"] >= REMAINS else ""
    )
    return f" With {NAMES[confound]} held equal{nearly}, {out}."


def _thin(r) -> str:
    """ " Only 19 % of the articles of gazette have a match."; "" where half of either source have one."""
    if r.overlap_a == 0:  # and so is the other
        return " No articles have a match."
    few = [
        f"{percent(part)} of the articles of {source}"
        for source, part in ((r.source_a, r.overlap_a), (r.source_b, r.overlap_b))
        if part < MOST_OF_IT
    ]
    return f" Only {' and '.join(few)} have a match." if few else ""


def _few(own: pd.DataFrame) -> str:
    """A sentence on sources of which hardly an article is compared; "" where there is none."""
    row = own[own["confound"] == "genre"].iloc[0]  # all articles have a kind
    sides = [(row[f"source_{side}"], int(row[f"n_articles_{side}"])) for side in "ab"]
    told = [f"{counted(n, 'article')} of {source}" for source, n in sides if n < FEW_ARTICLES]
    return f"This rests on {' and '.join(told)}." if told else ""


def _stay(n: dict) -> str:
    if not n["all"]:
        return ""
    return "not tested" if n["untested"] == n["all"] else f"{n['stay']} of {n['all']}"


def _keep(n: int) -> str:
    return "keeps its sign and is" if n == 1 else "keep their sign and are"


def _difference(r) -> str:
    """A sentence on one confound of a pair that is unlike in it, by the values that the table shows."""
    a, b, low, high = r.source_a, r.source_b, r.shown_a, r.shown_b
    if low == high:
        return (
            f"{NAMES[r.confound].capitalize()} is not spread alike in {a} and {b}, though the table has {low} for both."
        )
    if r.value_a < r.value_b:
        a, b, low, high = b, a, high, low
    if r.confound == "length":
        return f"Articles of {a} are longer (median {low} against {high.removesuffix(' tokens')} in {b})."
    if r.confound == "quality":
        return f"Text quality is higher in {a} (median {low} against {high} in {b})."
    if r.confound == "repeats":
        return f"More articles of {a} repeat another or are reprinted ({low} against {high} in {b})."
    if r.confound == "genre":
        kind = r.measure.removeprefix("share of the kind ")
        return f"More articles of {a} are of the kind “{kind}” ({low} against {high} in {b})."
    return f"The texts of {a} are of later dates (median {low} against {high} in {b})."


def _what(confound: str, measure: str) -> str:
    kind = measure.removeprefix("share of the kind ")
    return {
        "quality": "text quality",
        "length": "length",
        "repeats": "repeats",
        "genre": f"kind: {kind}",
        "date": "date",
    }[confound]


def _smd(value: float, directed: bool) -> str:
    if not isfinite(value):
        return "n/a" if np.isnan(value) else "complete"
    return "over 10" if abs(value) > 10 else signed(value, 2) if directed else f"{value:.2f}"


def _cell(check, claim: bool) -> dict:
    """What is left of a contrast: text (percentage points), state (described, stays, unsure, turned, untested, none), why (p, or
    "not tested"), remains (whether the confound is held equal only nearly)."""
    if not isfinite(check.difference_matched):
        return {"text": "n/a", "state": "none", "why": "", "remains": False}
    text = points(check.difference_matched)
    remains = bool(np.isnan(check.smd_after) or abs(check.smd_after) >= REMAINS)
    cell = {"text": text, "state": "described", "why": "", "remains": remains}
    if not claim:
        return cell
    if not check.tested:
        return cell | {"state": "untested", "why": "not tested"}
    if check.holds:
        return cell | {"state": "stays"}
    p = f"p {p_value(check.p_matched)}"
    return cell | {"state": "unsure" if check.same_sign else "turned", "why": p}
