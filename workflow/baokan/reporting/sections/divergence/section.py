"""How far apart the sources are, in words: a sentence for each pair, a table, and what sets them apart most."""

import numpy as np
import pandas as pd

from baokan.catalogue import N_, Translator
from baokan.numbers import p_value
from baokan.reporting.run import Run
from baokan.reporting.sections.divergence.figure import pairs_shown

MOST_PAIRS = 20  # in the table; the file has all
MOST_SENTENCES = 6
LEADING = 4  # topics named for each pair
SAME = 0.0005  # bits: below it nothing would show
LABELS = {"topic": N_("topics"), "word": N_("words")}


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: divergence and shifts (of `baokan.comparing.divergence`), topics and vocabulary; contrasts, where there is one, for
    whether periods overlap.

    n_pairs, n_tested; pairs, those farthest apart first: a, b, n_a, n_b, rows (one for topics and one for words, with their
    numbers, None for none), sentences, and leading, the topics that part them most; more_pairs; n_sentences, for how many
    pairs; ranking, a sentence, "" with fewer than two tested pairs; n_equal, thickness_equal by kind; uneven, whether a tested
    pair has more than twice as many issues on one side; apart, pairs of which the periods do not overlap; shown, the pairs of
    the figure; n_excluded, n_local; weighting, confidence, min_issues.
    """
    settings, every, t = run.config["compare"], run.in_language(tables["divergence"], "reason"), run.t
    table = every[(every["by"] == "word") | (every["weighting"] == settings["weighting"])]
    topics, vocabulary, shifts = tables["topics"], tables["vocabulary"], tables["shifts"]
    labels = {str(t): label for t, label in zip(topics["topic_id"], topics["label"], strict=True)}
    shifts = shifts[(shifts["by"] == "topic") & (shifts["weighting"] == settings["weighting"])]
    pairs = [_pair(a, b, own, shifts, labels, t) for (a, b), own in table.groupby(["source_a", "source_b"])]
    pairs.sort(key=_far)
    tested = [p for p in pairs if any(r["excess"] is not None for r in p["rows"])]
    equal = {r["by"]: r for p in tested for r in p["rows"] if r["n_equal"]}
    kept = vocabulary[vocabulary["index"] >= 0]
    return {
        "n_pairs": len(pairs),
        "n_tested": len(tested),
        "pairs": pairs[:MOST_PAIRS],
        "more_pairs": max(0, len(pairs) - MOST_PAIRS),
        "n_sentences": MOST_SENTENCES,
        "ranking": t.sentences(_ranking(by, tested, t) for by in LABELS),
        "n_equal": max((r["n_equal"] for r in equal.values()), default=0),
        "thickness_equal": {by: r["thickness_equal"] for by, r in equal.items()},
        "uneven": any(max(p["n_a"], p["n_b"]) > 2 * min(p["n_a"], p["n_b"]) for p in tested),
        "apart": _apart(tables.get("contrasts"), t),
        "shown": pairs_shown(every),
        "n_excluded": int(topics["excluded"].sum()),
        "n_local": int((kept["dropped_in"] != "").sum()) if "dropped_in" in kept else 0,
        "weighting": settings["weighting"],
        "confidence": settings["confidence"],
        "min_issues": settings["min_issues"],
    }


def _pair(a: str, b: str, own: pd.DataFrame, shifts: pd.DataFrame, labels: dict[str, str], t: Translator) -> dict:
    rows = [_row(row) for row in own.sort_values("by").to_dict("records")]
    part = shifts[(shifts["source_a"] == a) & (shifts["source_b"] == b)]
    part = part[(part["item"] != "") & (part["excess"].fillna(part["contribution"]) > 0)].head(LEADING)
    return {
        "a": a,
        "b": b,
        "n_a": max(r["n_a"] for r in rows),
        "n_b": max(r["n_b"] for r in rows),
        "rows": rows,
        "sentences": _sentences(rows, t),
        "leading": [
            {"topic_id": r.item, "label": labels[r.item], "a": r.share_a, "b": r.share_b} for r in part.itertuples()
        ],
    }


def _row(row: dict) -> dict:
    in_bits = ("observed", "matched", "null_mean", "null_upper", "excess", "equal_excess")
    known = {
        name: None if pd.isna(row[name]) else float(row[name])
        for name in (*in_bits, "p", "thickness", "thickness_equal")
    }
    about = {
        "by": row["by"],
        "a": row["source_a"],
        "b": row["source_b"],
        "what": LABELS[row["by"]],
        "n_a": int(row["n_issues_a"]),
        "n_b": int(row["n_issues_b"]),
        "n_equal": int(row["n_equal"]),
        "reason": row["reason"],
    }
    shown = {f"{name}_shown": bits(known[name]) for name in in_bits}
    return about | known | shown | {"p_shown": p_value(known["p"])}


def _sentences(rows: list[dict], t: Translator) -> list[str]:
    """What may be said of a pair: one sentence for topics and one for words, or one for both where neither is tested."""
    described = [r for r in rows if r["observed"] is not None and r["excess"] is None]
    if len(described) == 2 and described[0]["reason"] == described[1]["reason"]:
        topics, words = described
        return [
            t.gettext(
                "{a} and {b} differ in topics by {topics} bits and in words by {words} in what was read; "
                "not tested: {reason}.",
                a=topics["a"],
                b=topics["b"],
                topics=bits(topics["observed"]),
                words=bits(words["observed"]),
                reason=topics["reason"],
            )
        ]
    return [_sentence(row, t) for row in rows]


def _sentence(row: dict, t: Translator) -> str:
    about = {"a": row["a"], "b": row["b"], "what": t.gettext(LABELS[row["by"]]), "reason": row["reason"]}
    if row["observed"] is None:
        return t.gettext("{a} and {b} are not compared in {what}: {reason}.", **about)
    about["bits"] = bits(row["observed"])
    if row["excess"] is None:
        return t.gettext("{a} and {b} differ in {what} by {bits} bits in what was read; not tested: {reason}.", **about)
    matched = bits(row["matched"])
    if matched == about["bits"]:
        start = t.gettext("{a} and {b} differ in {what} by {bits} bits", **about)
    else:
        start = t.gettext(
            "{a} and {b} differ in {what} by {bits} bits, by {matched} once their issues are cut to the same size",
            matched=matched,
            **about,
        )
    told = {"start": start, "p": p_value(row["p"], relation=True)}
    if row["p"] > 0.05:
        return t.gettext(
            "{start}; issues dealt out at random lie {chance} apart, so chance alone may give as much (p {p}).",
            chance=bits(row["null_mean"]),
            **told,
        )
    if row["excess"] < SAME:
        return t.gettext("{start}, hardly more than issues dealt out at random would (p {p}).", **told)
    return t.gettext(
        "{start}, {excess} more than issues dealt out at random would (p {p}).", excess=bits(row["excess"]), **told
    )


def bits(value: float | None) -> str:
    """Bits for a reader: two decimals from 0.1, three below; "n/a" where there is none."""
    if value is None:
        return "n/a"
    if abs(value) < SAME:
        return "0"
    return f"{value:.2f}" if abs(value) >= 0.0995 else f"{value:.3f}"


def _far(pair: dict) -> tuple:
    """Tested pairs first, by the excess of words at equal size, then the others by what was observed."""
    row = max(pair["rows"], key=lambda r: r["by"] == "word")
    tested = row["equal_excess"] is not None
    size = row["equal_excess"] if tested else row["observed"]
    return (not tested, -(size if size is not None else -np.inf), pair["a"], pair["b"])


def _ranking(by: str, tested: list[dict], t: Translator) -> str:
    """The pair farthest apart and the nearest one, at equal size."""
    rows = [r for p in tested for r in p["rows"] if r["by"] == by and r["equal_excess"] is not None]
    if len(rows) < 2:
        return ""
    rows.sort(key=lambda r: (-r["equal_excess"], r["a"], r["b"]))
    far, near = (
        t.gettext("{a} and {b} ({bits})", a=r["a"], b=r["b"], bits=bits(r["equal_excess"])) for r in (rows[0], rows[-1])
    )
    return t.gettext(
        "At equal size the pair farthest apart in {what}, above chance, is {far}, the nearest {near}.",
        what=t.gettext(LABELS[by]),
        far=far,
        near=near,
    )


def _apart(contrasts: pd.DataFrame | None, t: Translator) -> list[str]:
    if contrasts is None or "overlap" not in contrasts:
        return []
    rows = contrasts[contrasts["overlap"] == "no"]
    return [
        t.gettext("{a} and {b}", a=a, b=b) for a, b in sorted(set(zip(rows["source_a"], rows["source_b"], strict=True)))
    ]
