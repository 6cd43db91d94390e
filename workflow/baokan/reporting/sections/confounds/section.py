"""What the report says of what else differs between the sources, and of the contrasts with each of that held equal."""

from math import isfinite

import numpy as np
import pandas as pd

from baokan.catalogue import N_, Translator
from baokan.numbers import p_value, percent, plain, points, signed
from baokan.reporting.run import Run
from baokan.reporting.table_words import said

NAMES = {
    "quality": N_("text quality"),
    "length": N_("length"),
    "repeats": N_("repeats and reprints"),
    "genre": N_("kind of article"),
    "date": N_("date"),
}
SHORT = {
    "quality": N_("quality"),
    "length": N_("length"),
    "repeats": N_("repeats"),
    "genre": N_("kind"),
    "date": N_("date"),
}
MOST_PAIRS, MOST_ROWS = 6, 8
GRADES = ("established", "suggestive", "descriptive")
REMAINS, MOST_OF_IT = 0.1, 0.5
FEW_ARTICLES = 5  # of fewer a median and a deviation are those of single articles


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: balance, matched, contrasts (topic_id, source_a, source_b, weighting, grade,
    difference, p) and, if there, topics (topic_id, label).

    n_pairs, pairs (at most 6, those with most claims first): a, b, words (sentences), rows of the balance table; n_claims
    (contrasts above descriptive); rows (at most 8 contrasts): topic_id, label, a, b, grade, difference, cells (by confound:
    text, state, why, remains, see `_cell`, and part: whether it rests on less than half of a source's articles); names: of
    the confounds, in the order of the cells; reasons: why claims were not tested.
    """
    weighting, t = run.weighting, run.t
    balance, contrasts = run.in_language(tables["balance"], "note"), tables["contrasts"]
    matched = run.in_language(tables["matched"], "reason")
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
            counts = _counts([checks[topic, a, b, r.confound] for topic in own["topic_id"]])
            rows.append(
                {
                    "what": _what(r.confound, r.measure, t),
                    "a": said(r.shown_a, t),
                    "b": said(r.shown_b, t),
                    "smd": _smd(r.smd, t, directed=r.confound != "genre"),
                    "overlap": (r.overlap_a, r.overlap_b),
                    "alike": r.alike,
                    "unlike": r.alike == "unlike",
                    "note": r.note,
                    "stay": _stay(counts, t),
                }
            )
            if r.alike == "unlike":
                words.append(t.sentences([_difference(r, t), _thin(r, t), _held(r.confound, counts, t)]))
        few = _few(by_pair[a, b], t) if words else ""
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
            cells.append(_cell(check, c.grade != "descriptive", t) | {"part": bool(part)})
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
        "names": [t.gettext(name) for name in SHORT.values()],
        "rows": rows,
        "reasons": _reasons(claims, matched, t),
        "min_issues": run.config["compare"]["min_issues"],
        "any_remains": any(cell["remains"] for row in rows for cell in row["cells"]),
        "any_part": any(cell["part"] and cell["state"] != "none" for row in rows for cell in row["cells"]),
        "any_unsure": any(cell["state"] in ("unsure", "turned") for row in rows for cell in row["cells"]),
    }


def _reasons(claims: pd.DataFrame, matched: pd.DataFrame, t: Translator) -> list[str]:
    """Why claims could not be tested with something held equal: a line for each pair of sources and reason."""
    found: dict[tuple[str, str, str], list[str]] = {}
    pairs = set(zip(claims["source_a"], claims["source_b"], strict=True))
    rows = matched[["source_a", "source_b", "confound", "reason"]].drop_duplicates()
    for r in rows[rows["reason"] != ""].itertuples(index=False):
        if (r.source_a, r.source_b) in pairs:
            found.setdefault((r.source_a, r.source_b, r.reason), []).append(t.gettext(NAMES[r.confound]))
    return [
        t.gettext(
            "{a} and {b}, {names}: {reason}",
            a=a,
            b=b,
            names=t.series(names),
            reason=reason,
        )
        for (a, b, reason), names in found.items()
    ]


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


def _held(confound: str, n: dict, t: Translator) -> str:
    """ "With length held equal, 5 of 6 claims keep their sign and stay significant; ..."; "" without claims."""
    if not n["all"]:
        return ""
    name = t.gettext(NAMES[confound])
    if n["untested"] == n["all"]:
        return t.ngettext(
            "With {name} held equal too little is left to test the claim.",
            "With {name} held equal too little is left to test the claims.",
            n["all"],
            name=name,
        )
    told = {"name": name, "outcome": _outcome(n, t)}
    if n["remains"] < REMAINS:
        return t.gettext("With {name} held equal, {outcome}.", **told)
    return t.gettext(
        "With {name} held equal (nearly equal: a standardised difference of {size} remains), {outcome}.",
        size=plain(n["remains"], ".2f"),
        **told,
    )


def _outcome(n: dict, t: Translator) -> str:
    """What becomes of the claims of a pair of which some are tested."""
    if n["all"] == 1:
        if n["stay"]:
            return t.gettext("the one claim keeps its sign and stays significant")
        out = (
            t.gettext("the one claim turns its sign")
            if n["turned"]
            else t.gettext("the one claim keeps its sign and is no longer significant")
        )
        return t.gettext("{out}, its difference less than half of what it was", out=out) if n["shrunk"] else out
    if n["stay"] == n["all"] == 2:
        return t.gettext("both claims keep their sign and stay significant")
    if n["stay"] == n["all"]:
        return t.gettext("all {n} claims keep their sign and stay significant", n=n["all"])
    parts = [
        t.ngettext(
            "{n} of {all} claims keeps its sign and stays significant",
            "{n} of {all} claims keep their sign and stay significant",
            n["stay"],
            all=n["all"],
        )
    ]
    if n["unsure"]:
        unsure = t.ngettext(
            "{n} keeps its sign and is no longer significant",
            "{n} keep their sign and are no longer significant",
            n["unsure"],
        )
        if n["shrunk"]:
            unsure = t.gettext("{unsure} ({n} with less than half of the difference)", unsure=unsure, n=n["shrunk"])
        parts.append(unsure)
    if n["turned"]:
        parts.append(t.ngettext("{n} turns its sign", "{n} turn their sign", n["turned"]))
    if n["untested"]:
        parts.append(t.gettext("{n} could not be tested", n=n["untested"]))
    return t.clauses(parts)


def _thin(r, t: Translator) -> str:
    """ "Only 19 % of the articles of gazette have a match."; "" where half of either source have one."""
    if r.overlap_a == 0:  # and so is the other
        return t.gettext("No articles have a match.")
    few = [
        t.gettext("{share} of the articles of {source}", share=percent(part, t.language), source=source)
        for source, part in ((r.source_a, r.overlap_a), (r.source_b, r.overlap_b))
        if part < MOST_OF_IT
    ]
    return t.gettext("Only {few} have a match.", few=t.listed(few)) if few else ""


def _few(own: pd.DataFrame, t: Translator) -> str:
    """A sentence on sources of which hardly an article is compared; "" where there is none."""
    row = own[own["confound"] == "genre"].iloc[0]  # all articles have a kind
    sides = [(row[f"source_{side}"], int(row[f"n_articles_{side}"])) for side in "ab"]
    told = [
        t.ngettext("{n} article of {source}", "{n} articles of {source}", n, source=source)
        for source, n in sides
        if n < FEW_ARTICLES
    ]
    return t.gettext("This rests on {few}.", few=t.listed(told)) if told else ""


def _stay(n: dict, t: Translator) -> str:
    if not n["all"]:
        return ""
    if n["untested"] == n["all"]:
        return t.gettext("not tested")
    return t.gettext("{n} of {all}", n=n["stay"], all=n["all"])


def _difference(r, t: Translator) -> str:
    """A sentence on one confound of a pair that is unlike in it, by the values that the table shows."""
    a, b, low, high = r.source_a, r.source_b, r.shown_a, r.shown_b
    if low == high:
        name = t.gettext(NAMES[r.confound])
        return t.gettext(
            "{name} is not spread alike in {a} and {b}, though the table has {value} for both.",
            name=name[:1].upper() + name[1:],
            a=a,
            b=b,
            value=low,
        )
    if r.value_a < r.value_b:
        a, b, low, high = b, a, high, low
    about = {"a": a, "b": b, "low": said(low, t), "high": high.removesuffix(" tokens")}
    if r.confound == "length":
        return t.gettext("Articles of {a} are longer (median {low} against {high} in {b}).", **about)
    if r.confound == "quality":
        return t.gettext("Text quality is higher in {a} (median {low} against {high} in {b}).", **about)
    if r.confound == "repeats":
        return t.gettext("More articles of {a} repeat another or are reprinted ({low} against {high} in {b}).", **about)
    if r.confound == "genre":
        kind = said(_kind(r.measure), t)
        return t.gettext(
            "More articles of {a} are of the kind “{kind}” ({low} against {high} in {b}).", kind=kind, **about
        )
    return t.gettext("The texts of {a} are of later dates (median {low} against {high} in {b}).", **about)


def _kind(measure: str) -> str:
    return measure.removeprefix("share of the kind ")


def _what(confound: str, measure: str, t: Translator) -> str:
    if confound == "genre":
        return t.gettext("kind: {kind}", kind=said(_kind(measure), t))
    return t.gettext(SHORT[confound] if confound == "repeats" else NAMES[confound])


def _smd(value: float, t: Translator, directed: bool) -> str:
    if not isfinite(value):
        return t.gettext("n/a") if np.isnan(value) else t.gettext("complete")
    if abs(value) > 10:
        return t.gettext("over 10")
    return signed(value, 2) if directed else f"{value:.2f}"


def _cell(check, claim: bool, t: Translator) -> dict:
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
        return cell | {"state": "untested", "why": t.gettext("not tested")}
    if check.holds:
        return cell | {"state": "stays"}
    p = f"p {p_value(check.p_matched)}"
    return cell | {"state": "unsure" if check.same_sign else "turned", "why": p}
