"""Who prints what others print, in words: a sentence for each two sources, and texts with where they stand."""

from itertools import pairwise

import numpy as np
import pandas as pd

from baokan.comparing.reprinting import leads, order_of, printings
from baokan.numbers import counted, p_value

MOST_PAIRS = 20  # told in words; the table has all
MOST_EXAMPLES = 12
MOST_LEADERS = 6


def reprinting_of(tables: dict[str, pd.DataFrame], config: dict) -> dict:
    """tables: reprinting (of `baokan.comparing.reprinting.reprinting_table`) and articles. Nothing of `config` is used.

    n_sources; n_texts, in more than one source; pairs, those with most texts first, with their numbers and sentences;
    more_pairs, how many are left out; leaders, for texts of three sources and more; alike, the variants and excerpts;
    examples and more_examples. Shares may be NaN for none.
    """
    table, articles = tables["reprinting"], tables["articles"]
    texts = printings(articles)
    n_sources = texts.groupby("group").size()
    texts = texts[texts["group"].isin(n_sources.index[n_sources > 1])]
    shared = table[table["texts"] > 0]
    pairs = [_pair(row, shared) for row in shared.itertuples() if _told_first(row, shared)]
    pairs.sort(key=lambda p: (-p["texts"], p["first"], p["later"]))
    one_way = table[table["first"] < table["later"]]
    examples = _examples(texts, articles)
    return {
        "n_sources": int(articles["source"].nunique()),
        "n_texts": len(examples),
        "pairs": pairs[:MOST_PAIRS],
        "more_pairs": max(0, len(pairs) - MOST_PAIRS),
        "tested": any(p["p"] is not None for p in pairs),
        "leaders": _leaders(texts, n_sources),
        "alike": {kind: int(one_way[f"{kind}_any"].sum()) for kind in ("variants", "excerpts")},
        "examples": examples[:MOST_EXAMPLES],
        "more_examples": max(0, len(examples) - MOST_EXAMPLES),
    }


def _told_first(row, shared: pd.DataFrame) -> bool:
    """Whether a pair is told in this direction: from the source that was first more often."""
    after = _back(row, shared)["before"]
    return row.before > after or (row.before == after and row.first < row.later)


def _back(row, shared: pd.DataFrame) -> pd.Series:
    """The row of the same pair the other way round."""
    return shared[(shared["first"] == row.later) & (shared["later"] == row.first)].iloc[0]


def _pair(row, shared: pd.DataFrame) -> dict:
    back = _back(row, shared)
    p = None if np.isnan(row.p_holm) else float(row.p_holm)
    about = {
        "first": row.first,
        "later": row.later,
        "texts": int(row.texts),
        "before": int(row.before),
        "after": int(back["before"]),
        "same_day": int(row.same_day),
        "unknown": int(row.unknown),
        "lag": None if np.isnan(row.lag_median) else float(row.lag_median),
        "articles": (float(row.articles_first), float(row.articles_later)),
        "characters": (float(row.characters_first), float(row.characters_later)),
        "aligned": (float(row.aligned_first), float(row.aligned_later)),
        "variants": int(row.variants_any),
        "excerpts": int(row.excerpts_any),
        "p": p,
    }
    lags = {row.later: _lag(row), row.first: _lag(back)}
    return about | {"sentence": _sentence(about, lags), "test": _test(row, p)}


def _sentence(pair: dict, lags: dict[str, str]) -> str:
    """What both print and who had it first."""
    first, later, n = pair["first"], pair["later"], pair["texts"]
    start = f"{first} and {later} both print {counted(n, 'text')}"
    known = [
        f"{name} had {_all(count, n)} first{f' ({lag})' if lag else ''}"
        for name, count, lag in ((first, pair["before"], lags[later]), (later, pair["after"], lags[first]))
        if count
    ]
    if pair["same_day"]:
        known.append(f"{_all(pair['same_day'], n)} came out in both on the same day")
    if pair["unknown"]:
        of = "" if n == 1 else f"of {_all(pair['unknown'], n)} "
        known.append(f"{of}the dates do not tell which came first")
    return f"{start}: {'; '.join(known)}."


def _all(count: int, total: int) -> str:
    """ "it" for the one text there is, "all 3", or a number."""
    if total == 1:
        return "it"
    return f"all {count:,}" if count == total else f"{count:,}"


def _lag(row) -> str:
    """How many days lay between, over texts of which both dates are whole days."""
    if np.isnan(row.lag_median):
        return ""
    if row.lag_min == row.lag_max:
        return f"by {_days(row.lag_median)}"
    return f"by {row.lag_min:.0f} to {_days(row.lag_max)}, half of them by {row.lag_median:g} or less"


def _days(n: float) -> str:
    return counted(n, "day")


def _test(row, p: float | None) -> str:
    if p is None:
        return f"Not tested: {row.reason}."
    wins, n = int(row.issue_pairs_before), int(row.issue_pairs)
    name, count = (row.first, wins) if 2 * wins >= n else (row.later, n - wins)
    finding = "more often than by a toss of a coin" if p <= 0.05 else "which a toss of a coin gives as well"
    said = p_value(p, relation=True)
    return (
        f"In {count} of {n} pairs of issues that share no issue {name} came out first: {finding} (sign test, p {said})."
    )


def _leaders(texts: pd.DataFrame, n_sources: pd.Series) -> str:
    """Who was first with the texts that three sources or more print; "" where there is none."""
    many = texts[texts["group"].isin(n_sources.index[n_sources > 2])]
    if many.empty:
        return ""
    low = many.pivot(index="group", columns="source", values="low")
    high = many.pivot(index="group", columns="source", values="high").reindex(columns=low.columns)
    led = leads(low.to_numpy(float), high.to_numpy(float)).sum(axis=0)
    counts = sorted(zip(low.columns, led.tolist(), strict=True), key=lambda c: (-c[1], c[0]))
    told = [f"{source} was first with {_all(n, len(low))}" for source, n in counts[:MOST_LEADERS] if n]
    others = sum(n for _, n in counts[MOST_LEADERS:])
    if others:
        told.append(f"others were with {others:,}")
    unknown = len(low) - int(led.sum())
    if unknown:
        told.append(f"no source was surely the first with {_all(unknown, len(low))}")
    start = "One text stands" if len(low) == 1 else f"{len(low):,} texts stand"
    return f"{start} in three sources or more: {'; '.join(told)}."


def _examples(texts: pd.DataFrame, articles: pd.DataFrame) -> list[dict]:
    """Texts of more than one source, those of most sources first, then the earliest: title, and where in the order of dates.

    sign: what stands between a place and the one before it: "then", "same day" or "order unknown".
    """
    about = articles.set_index("article_id")[["title", "issue"]]
    titles = articles[articles["reprint_group"] != ""].sort_values("article_id").groupby("reprint_group")["title"]
    title = {group: next((t for t in own if t), "(no headline)") for group, own in titles}
    found = []
    for group, own in texts.sort_values(["high", "low", "source"], kind="stable").groupby("group", sort=True):
        rows = list(own.itertuples())
        where = [
            {
                "source": r.source,
                "issue": about.at[r.article_id, "issue"],
                "date": r.issue_date,
                "times": int(r.n_printed),
                "sign": "",
            }
            for r in rows
        ]
        for place, (one, two) in enumerate(pairwise(rows), start=1):
            before, _, same = order_of(one.low, one.high, two.low, two.high)
            where[place]["sign"] = "then" if before else "same day" if same else "order unknown"
        headline = about.at[rows[0].article_id, "title"] or title[group]
        found.append({"title": headline, "where": where, "group": group, "day": rows[0].high})
    found.sort(key=lambda f: (-len(f["where"]), f["day"], f["title"], f["group"]))
    return [{"title": f["title"], "where": f["where"]} for f in found]
