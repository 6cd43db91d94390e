"""What nothing looks like on this corpus, in words: dealt-out labels, sources against themselves, and ranks."""

import pandas as pd

from baokan.catalogue import Translator
from baokan.numbers import percent, plain, points, points_size
from baokan.reporting.run import Run

MOST_PAIRS = 12
MOST_SOURCES = 12
MOST_DRIFTS = 12
MOST_RANKED = 6  # small sources, with one reference each
RANK_ROWS = 8


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: placebo, placebo_contrasts, placebo_sizes and ranks (of `baokan.comparing.placebo.placebo_tables`), topics, and
    contrasts, for the grades of what may be drift.

    shuffled: a sentence on the tests, "" where no two sources may be compared; pairs: sizes of differences by chance and
    the largest real one; within: each source against itself; drifts: claims between sources of different periods that
    are no larger than a source's own halves; ranks: small sources among the issues of a large one, with sentences.
    """
    weighting, least, t = run.weighting, run.config["compare"]["min_issues"], run.t
    chosen = {
        name: tables[name][tables[name]["weighting"] == weighting]
        for name in ("placebo", "placebo_contrasts", "placebo_sizes", "ranks", "contrasts")
    }
    labels = dict(zip(tables["topics"]["topic_id"], tables["topics"]["label"], strict=True))
    placebo, real = chosen["placebo"], chosen["placebo_contrasts"]
    pairs = _pairs(chosen["placebo_sizes"], real, labels)
    within = _within(placebo[placebo["kind"] != "shuffled"], labels, t)
    drifts = _drifts(real, chosen["contrasts"], labels)
    ranks, more_ranks = _ranks(chosen["ranks"], real, labels, least)
    return {
        "min_issues": int(least),
        "shuffled": _shuffled(placebo[placebo["kind"] == "shuffled"], t),
        "pairs": pairs[:MOST_PAIRS],
        "more_pairs": max(0, len(pairs) - MOST_PAIRS),
        "within": within[:MOST_SOURCES],
        "more_within": max(0, len(within) - MOST_SOURCES),
        "drifts": drifts[:MOST_DRIFTS],
        "more_drifts": max(0, len(drifts) - MOST_DRIFTS),
        "apart": bool((real["overlap"] == "no").any()),
        "ranks": ranks,
        "more_ranks": more_ranks,
    }


def _shuffled(rows: pd.DataFrame, t: Translator) -> str:
    """How often the tests find what is not there."""
    if rows.empty:
        return ""
    n, rounds = int(rows["tested"].sum()), int(rows["draw"].nunique())
    if not n:
        return t.gettext(
            "The labels of the sources were dealt out at random over their issues {rounds} times: no topic had articles "
            "enough to be tested, so that only sizes can be shown.",
            rounds=rounds,
        )
    reached, claimed = int(rows["reached"].sum()), int((rows.groupby("draw")["claimed"].sum() > 0).sum())
    return t.gettext(
        "The labels of the sources were dealt out at random over their issues {rounds} times and everything was compared "
        "again: {share} of {n} comparisons reached p of at most 0.05 (by chance some 5 % do, or fewer), and {claims} a "
        "difference that is significant after correction (by chance 5 % of the rounds do, or fewer). This checks the tests; "
        "it is no further evidence.",
        rounds=rounds,
        share=percent(reached / n, t.language),
        n=plain(n),
        claims=t.ngettext("{n} round had", "{n} rounds had", claimed) if claimed else t.gettext("no round had"),
    )


def _pairs(sizes: pd.DataFrame, real: pd.DataFrame, labels: dict) -> list[dict]:
    """What chance gives for each pair of sources, beside the largest real difference; the largest of these first."""
    found = []
    for size in sizes.to_dict("records"):
        own = real[(real["source_a"] == size["source_a"]) & (real["source_b"] == size["source_b"])]
        largest = _first(own)
        found.append(
            size | {"largest": float(largest["difference"]), "shown": points(float(largest["difference"]))}
            | {"topic_id": int(largest["topic_id"])}
            | {"label": labels.get(int(largest["topic_id"]), "")}
        )  # fmt: skip
    return sorted(found, key=lambda p: (-abs(p["largest"]), p["source_a"], p["source_b"]))


def _first(rows: pd.DataFrame) -> pd.Series:
    """The row with the difference that is largest in size, the lower topic of equals."""
    order = rows.assign(size=rows["difference"].abs()).sort_values(["size", "topic_id"], ascending=[False, True])
    return order.iloc[0]


def _within(rows: pd.DataFrame, labels: dict, t: Translator) -> list[dict]:
    """Each source against itself: the largest difference of its halves and of every other issue, with what was tested."""
    found = []
    for source, own in rows.groupby("source", sort=True):
        entry = {"source": source}
        for kind in ("halves", "alternate"):
            part = own[own["kind"] == kind]
            if part.empty:
                entry[kind] = None
                continue
            largest = _first(part)
            sure = part[part["claimed"] > 0]
            entry[kind] = {
                "n_a": int(largest["n_issues_a"]),
                "n_b": int(largest["n_issues_b"]),
                "n_topics": len(part),
                "largest": float(abs(largest["difference"])),
                "mean": float(part["difference"].abs().mean()),
                "topic_id": int(largest["topic_id"]),
                "label": labels.get(int(largest["topic_id"]), ""),
                "tested": int(part["tested"].sum()),
                "reached": int(part["reached"].sum()),
                "sure": [(int(topic), labels.get(int(topic), "")) for topic in sorted(sure["topic_id"])],
            }
        found.append(entry | {"sentence": _drift(entry, t)})
    return found


def _drift(entry: dict, t: Translator) -> str:
    """What the halves of a source show beside every other issue of it; the topics that change are told after it.

    The test takes what rises and falls over several issues for dependence of consecutive ones and widens the error by it
    (`baokan.statistics.autocorrelation`). So only a lasting and sharp change is found by it, and sizes are told first.
    """
    name, halves, other = entry["source"], entry["halves"], entry["alternate"]
    if halves is None:
        return t.gettext(
            "{name} has no two halves by date. Every other issue of it differs from the rest by {sizes}: that is noise.",
            name=name,
            sizes=_sizes(other, t),
        )
    told = {"name": name, "a": halves["n_a"], "b": halves["n_b"], "sizes": _sizes(halves, t)}
    moved = True
    if other is None:
        start = t.gettext("The halves of {name} ({a} and {b} issues) differ by {sizes}", **told)
    else:
        moved = halves["mean"] > other["mean"]
        told["others"] = _sizes(other, t)
        if moved:
            start = t.gettext(
                "The halves of {name} ({a} and {b} issues) differ by {sizes}, every other issue of it from the rest by "
                "{others}: what lies beyond that may be time",
                **told,
            )
        else:
            start = t.gettext(
                "The halves of {name} ({a} and {b} issues) differ by {sizes}, every other issue of it from the rest by "
                "{others}: time shows no more than noise of issues does",
                **told,
            )
    n = halves["tested"]
    if not n:
        return t.gettext("{start}. No topic had articles enough to be tested.", start=start)
    if halves["sure"]:
        return t.ngettext(
            "{start}. In {sure} of {n} tested topic the halves differ by more than the ups and downs of consecutive issues "
            "explain, after correction for topics: a lasting change.",
            "{start}. In {sure} of {n} tested topics the halves differ by more than the ups and downs of consecutive issues "
            "explain, after correction for topics: a lasting change.",
            n,
            start=start,
            sure=len(halves["sure"]),
        )
    if not moved:
        return t.gettext("{start}.", start=start)
    return t.ngettext(
        "{start}. No lasting change is shown in the one tested topic; it may be a passing wave.",
        "{start}. No lasting change is shown in any of the {n} tested topics; it may be a passing wave.",
        n,
        start=start,
    )


def _sizes(side: dict, t: Translator) -> str:
    if side["n_topics"] == 1:
        return t.gettext("{size} points", size=points_size(side["largest"]))
    return t.gettext(
        "{mean} points on average over topics and {largest} at most",
        mean=points_size(side["mean"]),
        largest=points_size(side["largest"]),
    )


def _drifts(real: pd.DataFrame, contrasts: pd.DataFrame, labels: dict) -> list[dict]:
    """Claims between sources that do not share their periods, of differences no larger than within one of the two."""
    keys = ["topic_id", "source_a", "source_b"]
    claims = contrasts.loc[contrasts["grade"] != "descriptive", [*keys, "grade"]]
    rows = real.merge(claims, on=keys)
    rows = rows[(rows["overlap"] != "yes") & (rows["difference"].abs() <= rows["halves_largest"])]
    rows = rows.sort_values(keys)
    return [r | {"label": labels.get(r["topic_id"], "")} for r in rows.to_dict("records")]


def _ranks(ranks: pd.DataFrame, real: pd.DataFrame, labels: dict, least: int) -> tuple[list[dict], int]:
    """(the sources with too few issues to be tested, each among the issues of a reference, how many such are left out).

    The rows that lie furthest out come first. ends: in how many topics an issue of the reference is itself above or
    below all others of it, on average: each topic has a highest and a lowest issue, which gives 2 K / n.
    """
    found = []
    for (source, reference), own in ranks[ranks["n_issues"] < least].groupby(["source", "reference"], sort=True):
        n = int(own["n_reference"].iloc[0])
        out = own.assign(
            inside=n - own[["above", "below"]].max(axis=1),
            beyond=-own[["lowest_above", "highest_below"]].max(axis=1),
        ).sort_values(["inside", "beyond", "topic_id"], kind="stable")
        pair = real[(real["source_a"].isin([source, reference])) & (real["source_b"].isin([source, reference]))]
        found.append(
            {
                "source": source,
                "n_issues": int(own["n_issues"].iloc[0]),
                "reference": reference,
                "n_reference": n,
                "overlap": pair["overlap"].iloc[0] if len(pair) else "unknown",
                "n_topics": len(own),
                "ends": 2 * len(own) / n,
                "rows": [
                    {
                        "topic_id": int(r.topic_id), "label": labels.get(int(r.topic_id), ""), "share": float(r.share),
                        "words": r.words, "words_zh": r.words_zh,
                    }
                    for r in out.head(RANK_ROWS).itertuples()
                ],
                "more": max(0, len(own) - RANK_ROWS),
            }
        )  # fmt: skip
    # The reference with the most issues says most.
    found.sort(key=lambda f: (f["source"], -f["n_reference"], f["reference"]))
    return found[:MOST_RANKED], max(0, len(found) - MOST_RANKED)
