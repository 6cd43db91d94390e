"""Who prints what others print, in words: a sentence for each two sources, and texts with where they stand."""

from itertools import pairwise

import numpy as np
import pandas as pd

from baokan.catalogue import Translator
from baokan.comparing.reprinting import leads, order_of, printings
from baokan.numbers import p_value, plain
from baokan.reporting.run import Run

MOST_PAIRS = 20  # told in words; the table has all
MOST_EXAMPLES = 12
MOST_LEADERS = 6


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: reprinting (of `baokan.comparing.reprinting.reprinting_table`) and articles.

    n_sources; n_texts, in more than one source; pairs, those with most texts first, with their numbers and sentences;
    more_pairs, how many are left out; leaders, for texts of three sources and more; alike, the variants and excerpts;
    examples and more_examples. Shares may be NaN for none.
    """
    table, articles = run.in_language(tables["reprinting"], "reason"), tables["articles"]
    texts = printings(articles)
    n_sources = texts.groupby("group").size()
    texts = texts[texts["group"].isin(n_sources.index[n_sources > 1])]
    shared = table[table["texts"] > 0]
    pairs = [_pair(row, shared, run.t) for row in shared.itertuples() if _told_first(row, shared)]
    pairs.sort(key=lambda p: (-p["texts"], p["first"], p["later"]))
    one_way = table[table["first"] < table["later"]]
    examples = _examples(texts, articles, run.t)
    return {
        "n_sources": int(articles["source"].nunique()),
        "n_texts": len(examples),
        "pairs": pairs[:MOST_PAIRS],
        "more_pairs": max(0, len(pairs) - MOST_PAIRS),
        "tested": any(p["p"] is not None for p in pairs),
        "leaders": _leaders(texts, n_sources, run.t),
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


def _pair(row, shared: pd.DataFrame, t: Translator) -> dict:
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
    lags = {row.later: _lag(row, t), row.first: _lag(back, t)}
    return about | {"sentence": _sentence(about, lags, t), "test": _test(row, p, t)}


def _sentence(pair: dict, lags: dict[str, str], t: Translator) -> str:
    """What both print and who had it first."""
    first, later, n = pair["first"], pair["later"], pair["texts"]
    known = [
        t.gettext("{name} had {texts} first ({lag})", name=name, texts=_all(count, n, t), lag=lag)
        if lag
        else t.gettext("{name} had {texts} first", name=name, texts=_all(count, n, t))
        for name, count, lag in ((first, pair["before"], lags[later]), (later, pair["after"], lags[first]))
        if count
    ]
    if pair["same_day"]:
        known.append(t.gettext("{texts} came out in both on the same day", texts=_all(pair["same_day"], n, t)))
    if pair["unknown"]:
        known.append(
            t.gettext("the dates do not tell which came first")
            if n == 1
            else t.gettext("of {texts} the dates do not tell which came first", texts=_all(pair["unknown"], n, t))
        )
    return t.ngettext(
        "{first} and {later} both print {n} text: {known}.",
        "{first} and {later} both print {n} texts: {known}.",
        n,
        first=first,
        later=later,
        known=t.clauses(known),
    )


def _all(count: int, total: int, t: Translator) -> str:
    """ "it" for the one text there is, "all 3", or a number."""
    if total == 1:
        return t.gettext("it")
    return t.gettext("all {n}", n=plain(count)) if count == total else t.pgettext("of texts", "{n}", n=plain(count))


def _lag(row, t: Translator) -> str:
    """How many days lay between, over texts of which both dates are whole days."""
    if np.isnan(row.lag_median):
        return ""
    if row.lag_min == row.lag_max:
        return t.ngettext("by {n} day", "by {n} days", row.lag_median)
    return t.ngettext(
        "by {least} to {n} day, half of them by {median} or less",
        "by {least} to {n} days, half of them by {median} or less",
        row.lag_max,
        least=plain(row.lag_min, ".0f"),
        median=plain(row.lag_median, "g"),
    )


def _test(row, p: float | None, t: Translator) -> str:
    if p is None:
        return t.gettext("Not tested: {reason}.", reason=row.reason)
    wins, n = int(row.issue_pairs_before), int(row.issue_pairs)
    name, count = (row.first, wins) if 2 * wins >= n else (row.later, n - wins)
    told = {"count": count, "n": n, "name": name, "p": p_value(p, relation=True)}
    if p <= 0.05:
        return t.gettext(
            "In {count} of {n} pairs of issues that share no issue {name} came out first: more often than by a toss of a coin "
            "(sign test, p {p}).",
            **told,
        )
    return t.gettext(
        "In {count} of {n} pairs of issues that share no issue {name} came out first: which a toss of a coin gives as well "
        "(sign test, p {p}).",
        **told,
    )


def _leaders(texts: pd.DataFrame, n_sources: pd.Series, t: Translator) -> str:
    """Who was first with the texts that three sources or more print; "" where there is none."""
    many = texts[texts["group"].isin(n_sources.index[n_sources > 2])]
    if many.empty:
        return ""
    low = many.pivot(index="group", columns="source", values="low")
    high = many.pivot(index="group", columns="source", values="high").reindex(columns=low.columns)
    led = leads(low.to_numpy(float), high.to_numpy(float)).sum(axis=0)
    counts = sorted(zip(low.columns, led.tolist(), strict=True), key=lambda c: (-c[1], c[0]))
    told = [
        t.gettext("{source} was first with {texts}", source=source, texts=_all(n, len(low), t))
        for source, n in counts[:MOST_LEADERS]
        if n
    ]
    others = sum(n for _, n in counts[MOST_LEADERS:])
    if others:
        told.append(t.gettext("others were with {n}", n=plain(others)))
    unknown = len(low) - int(led.sum())
    if unknown:
        told.append(t.gettext("no source was surely the first with {texts}", texts=_all(unknown, len(low), t)))
    return t.ngettext(
        "One text stands in three sources or more: {told}.",
        "{n} texts stand in three sources or more: {told}.",
        len(low),
        told=t.clauses(told),
    )


def _examples(texts: pd.DataFrame, articles: pd.DataFrame, t: Translator) -> list[dict]:
    """Texts of more than one source, those of most sources first, then the earliest: title, and where in the order of dates.

    sign: what stands between a place and the one before it: "then", "same day" or "order unknown".
    """
    about = articles.set_index("article_id")[["title", "issue"]]
    titles = articles[articles["reprint_group"] != ""].sort_values("article_id").groupby("reprint_group")["title"]
    title = {group: next((one for one in own if one), t.gettext("(no headline)")) for group, own in titles}
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
