"""What nothing looks like on this corpus, in words: dealt-out labels, sources against themselves, and ranks."""

import pandas as pd

from baokan.numbers import counted, percent, points, points_size

MOST_PAIRS = 12
MOST_SOURCES = 12
MOST_DRIFTS = 12
MOST_RANKED = 6  # small sources, with one reference each
RANK_ROWS = 8


def placebo_of(tables: dict[str, pd.DataFrame], config: dict) -> dict:
    """tables: placebo, placebo_contrasts, placebo_sizes and ranks (of `baokan.comparing.placebo.placebo_tables`), topics, and
    contrasts, for the grades of what may be drift. config: compare.weighting, compare.min_issues.

    shuffled: a sentence on the tests, "" where no two sources may be compared; pairs: sizes of differences by chance and
    the largest real one; within: each source against itself; drifts: claims between sources of different periods that
    are no larger than a source's own halves; ranks: small sources among the issues of a large one, with sentences.
    """
    weighting, least = config["compare"]["weighting"], config["compare"]["min_issues"]
    chosen = {
        name: tables[name][tables[name]["weighting"] == weighting]
        for name in ("placebo", "placebo_contrasts", "placebo_sizes", "ranks", "contrasts")
    }
    labels = dict(zip(tables["topics"]["topic_id"], tables["topics"]["label"], strict=True))
    placebo, real = chosen["placebo"], chosen["placebo_contrasts"]
    pairs = _pairs(chosen["placebo_sizes"], real, labels)
    within = _within(placebo[placebo["kind"] != "shuffled"], labels)
    drifts = _drifts(real, chosen["contrasts"], labels)
    ranks, more_ranks = _ranks(chosen["ranks"], real, labels, least)
    return {
        "min_issues": int(least),
        "shuffled": _shuffled(placebo[placebo["kind"] == "shuffled"]),
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


def _shuffled(rows: pd.DataFrame) -> str:
    """How often the tests find what is not there."""
    if rows.empty:
        return ""
    n, rounds = int(rows["tested"].sum()), int(rows["draw"].nunique())
    dealt = f"The labels of the sources were dealt out at random over their issues {rounds} times"
    if not n:
        return f"{dealt}: no topic had articles enough to be tested, so that only sizes can be shown."
    reached, claimed = int(rows["reached"].sum()), int((rows.groupby("draw")["claimed"].sum() > 0).sum())
    claims = "no round had" if not claimed else "1 round had" if claimed == 1 else f"{claimed} rounds had"
    return (
        f"{dealt} and everything was compared again: {percent(reached / n)} of {n:,} comparisons reached p of at most 0.05 "
        f"(by chance some 5 % do, or fewer), and {claims} a difference that is significant after correction (by chance "
        f"5 % of the rounds do, or fewer). This checks the tests; it is no further evidence."
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


def _within(rows: pd.DataFrame, labels: dict) -> list[dict]:
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
                "sure": [(int(t), labels.get(int(t), "")) for t in sorted(sure["topic_id"])],
            }
        found.append(entry | {"sentence": _drift(entry)})
    return found


def _drift(entry: dict) -> str:
    """What the halves of a source show beside every other issue of it; the topics that change are told after it.

    The test takes what rises and falls over several issues for dependence of consecutive ones and widens the error by it
    (`baokan.comparing.dependence`). So only a lasting and sharp change is found by it, and sizes are told first.
    """
    name, halves, other = entry["source"], entry["halves"], entry["alternate"]
    if halves is None:
        return f"{name} has no two halves by date. Every other issue of it differs from the rest by {_sizes(other)}: that is noise."
    start = f"The halves of {name} ({halves['n_a']} and {halves['n_b']} issues) differ by {_sizes(halves)}"
    moved = True
    if other is not None:
        moved = halves["mean"] > other["mean"]
        beyond = "what lies beyond that may be time" if moved else "time shows no more than noise of issues does"
        start += f", every other issue of it from the rest by {_sizes(other)}: {beyond}"
    n = halves["tested"]
    if not n:
        return f"{start}. No topic had articles enough to be tested."
    topics = counted(n, "tested topic")
    if halves["sure"]:
        return (
            f"{start}. In {len(halves['sure'])} of {topics} the halves differ by more than the ups and downs of consecutive "
            "issues explain, after correction for topics: a lasting change."
        )
    none = f"any of the {topics}" if n > 1 else "the one tested topic"
    return f"{start}. No lasting change is shown in {none}; it may be a passing wave." if moved else f"{start}."


def _sizes(side: dict) -> str:
    if side["n_topics"] == 1:
        return f"{points_size(side['largest'])} points"
    return f"{points_size(side['mean'])} points on average over topics and {points_size(side['largest'])} at most"


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
