"""Who prints what others print: for each two sources, the texts that both have, and which of them had it first.

A text is a reprint_group of the articles (`baokan.duplicates.groups.mark_repeats`). The order is that of the days on which
issues came out (issue_date), never that of the datelines: a reprint carries the dateline of what it reprints.

A date is a range of days (`baokan.comparing.dates.days`): 2023-03 stands for all of March. A source printed a text first
on a day between ``low`` and ``high``: the earliest of the first days, and the earliest of the last days, over all its
printings; one without a date may have come at any time, so it leaves ``low`` open. One source was before another if its
``high`` lies before the other's ``low``; both came on one day if both are that day; otherwise the order is unknown.

Being first is no origin: both may print a third's text, and a monthly comes out later than a daily. So the counts are the
finding. A sign test (exact binomial, two-sided; Conover 1999, "Practical Nonparametric Statistics", section 3.4) is
added only where something bears it. Its unit is the pair of issues, since texts of one issue come together, and no
issue is used twice; both issues lie in the period that both sources cover, where either could have been the first.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from baokan.comparing.dates import days, periods_overlap
from baokan.comparing.reasons import reason, stored
from baokan.corpus.originals import originals
from baokan.statistics.permutation import holm

# With five pairs of issues, all in one direction, the two-sided p is 2 / 2 ** 5 = 0.06: nothing could be found.
LEAST_PAIRS = 6

COLUMNS = [
    "first", "later", "texts", "before", "same_day", "unknown", "led", "lag_median", "lag_min", "lag_max",
    "articles_first", "articles_later", "characters_first", "characters_later", "aligned_first", "aligned_later",
    "variants", "excerpts", "variants_any", "excerpts_any", "issue_pairs", "issue_pairs_before", "p", "p_holm", "reason",
]  # fmt: skip


def reprinting_table(articles: pd.DataFrame, reprints: pd.DataFrame) -> pd.DataFrame:
    """One row per ordered pair of sources, sorted by first and later; none where there is one source.

    ``articles``: article_id, source, issue_id, issue_date, n_chars, duplicate_of, reprint_group; ``reprints``: the pairs
    of articles alike (article_a, article_b, kind, share_a, share_b). The order of rows does not matter. Columns:

    - texts: groups that both print; before: those that `first` printed before `later`; same_day; unknown (order). The row
      of the pair the other way round has what `later` printed before;
    - led: of `before`, those that `first` printed before every other source that has them;
    - lag_median, lag_min, lag_max: days from one to the other over `before`, where both dates are whole days; else NaN;
    - articles_first, articles_later: share of the source's articles (repeats within it counted once) that the other
      prints as well; characters_*: their share of the source's characters; aligned_*: the share that is the same text,
      character by character, for a reprint may be cut or wrapped in other text;
    - variants, excerpts: pairs of articles of these kinds (see `mark_repeats`), no texts, that stand in `first` before
      `later`; variants_any, excerpts_any: in whatever order;
    - issue_pairs: pairs of issues that have a text in common, its order known, and no issue in common with another such
      pair; issue_pairs_before: those in which `first` was first; p: sign test over them, the same both ways; p_holm: Holm
      (1979) over the tested pairs of sources; reason: why there is no p, "" where there is one.
    """
    sources = sorted(set(articles["source"]))
    texts = printings(articles)
    counts = _Counted(articles, texts, reprints)
    low = texts.pivot(index="group", columns="source", values="low").reindex(columns=sources)
    high = texts.pivot(index="group", columns="source", values="high").reindex(columns=sources)
    issue = texts.pivot(index="group", columns="source", values="issue_id").reindex(columns=sources)
    leader = leads(low.to_numpy(float), high.to_numpy(float))
    dated = articles[["source", "issue_date"]].drop_duplicates().rename(columns={"issue_date": "date"})
    periods = {source: _period(dates) for source, dates in dated.groupby("source")["date"]}
    ends = _ends(dated)
    rows = []
    for i, j in combinations(range(len(sources)), 2):
        a, b = sources[i], sources[j]
        both = low[a].notna().to_numpy() & low[b].notna().to_numpy()
        spans = tuple(t.loc[both, s].to_numpy(float) for s in (a, b) for t in (low, high))
        before, after, same = order_of(*spans)
        units = _issue_pairs(
            pd.DataFrame(
                {
                    "a": issue.loc[both, a], "b": issue.loc[both, b], "before": before, "after": after,
                    "low": np.minimum(spans[0], spans[2]), "high": np.maximum(spans[1], spans[3]),
                }
            ),
            max(periods[a][0], periods[b][0]),
            min(periods[a][1], periods[b][1]),
        )  # fmt: skip
        overlap = periods_overlap(ends, a, b) if both.any() else None
        refusal = _refusal(int(both.sum()), int((before | after).sum()), len(units), overlap)
        p = np.nan if refusal else _sign_test(int(sum(units)), len(units))
        for first, later, ahead, lag, led, won in (
            (a, b, before, spans[2] - spans[1], leader[both, i], sum(units)),
            (b, a, after, spans[0] - spans[3], leader[both, j], len(units) - sum(units)),
        ):
            whole = ahead & (spans[0] == spans[1]) & (spans[2] == spans[3])
            lags = lag[whole]
            rows.append(
                {"first": first, "later": later, "texts": int(both.sum()), "before": int(ahead.sum())}
                | {"same_day": int(same.sum()), "unknown": int((~(before | after | same)).sum())}
                | {"led": int((ahead & led).sum())}
                | {f"lag_{n}": float(f(lags)) if len(lags) else np.nan for n, f in _LAGS.items()}
                | counts.shares(first, later)
                | counts.kinds(first, later)
                | {"issue_pairs": len(units), "issue_pairs_before": int(won), "p": p, "p_holm": np.nan}
                | {"reason": refusal}
            )
    table = pd.DataFrame(rows, columns=COLUMNS)
    # The first source of a pair comes first in the alphabet in one of its two rows, which stands for both.
    tested = table[(table["first"] < table["later"]) & table["p"].notna()]
    corrected = dict(
        zip(zip(tested["first"], tested["later"], strict=True), holm(tested["p"].to_numpy(float)), strict=True)
    )
    table["p_holm"] = [corrected.get(tuple(sorted(pair)), np.nan) for pair in table[["first", "later"]].to_numpy()]
    table["p_holm"] = table["p_holm"].astype(float)
    return table.sort_values(["first", "later"], kind="stable", ignore_index=True)


_LAGS: dict[str, Callable[[np.ndarray], float]] = {"median": np.median, "min": np.min, "max": np.max}


def printings(articles: pd.DataFrame) -> pd.DataFrame:
    """A row per text and source that prints it, sorted by both: group, source, low and high (the day of its first printing
    lies between, as numbers; -inf and inf where nothing is known), n_printed (articles), and article_id, issue_id and
    issue_date of the first of them (without a date last, then by article_id)."""
    rows = articles[articles["reprint_group"] != ""]
    rows = rows[["reprint_group", "source", "article_id", "issue_id", "issue_date"]].rename(
        columns={"reprint_group": "group"}
    )
    rows[["low", "high"]] = _spans(rows["issue_date"])
    # What may have come at any time comes last among the printings, and yet leaves open when the first was.
    rows["place"] = rows["low"].where(rows["low"] > -np.inf, np.inf)
    rows = rows.sort_values(["group", "source", "place", "high", "article_id"], kind="stable")
    by = rows.groupby(["group", "source"], sort=True)
    found = by[["article_id", "issue_id", "issue_date"]].first()
    return found.assign(low=by["low"].min(), high=by["high"].min(), n_printed=by.size()).reset_index()


def order_of(low_a, high_a, low_b, high_b) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(a was before b, b was before a, both on the same day), arrays of bool; where none holds the order is unknown."""
    same = (low_a == high_a) & (low_b == high_b) & (low_a == low_b)
    return high_a < low_b, high_b < low_a, same


def leads(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Whether a source was surely the first to print a text, shape (texts, sources). low, high: the same shape, NaN where
    a source does not print it."""
    out = np.zeros(low.shape, dtype=bool)
    printed = ~np.isnan(low)
    for s in range(low.shape[1]):
        others = np.where(printed, low, np.inf)
        others[:, s] = np.inf
        out[:, s] = printed[:, s] & (np.nan_to_num(high[:, s], nan=np.inf) < others.min(axis=1, initial=np.inf))
    return out


def _spans(dates: pd.Series) -> np.ndarray:
    """First and last day of each date, shape (n, 2); -inf and inf where there is none."""
    known = {d: days(d) or (-np.inf, np.inf) for d in set(dates)}
    return np.array([known[d] for d in dates], dtype=float).reshape(len(dates), 2)


def _period(dates: pd.Series) -> tuple[float, float]:
    """First and last day of a source, as numbers; (inf, -inf) where it has no dates."""
    spans = _spans(dates)
    spans = spans[np.isfinite(spans[:, 0])]
    return spans[:, 0].min(initial=np.inf), spans[:, 1].max(initial=-np.inf)


def _ends(dated: pd.DataFrame) -> pd.DataFrame:
    """The rows of `dated` (source, date) that bound the period of their source, which is all that periods are made of."""
    rows = dated.reset_index(drop=True)
    rows[["start", "end"]] = _spans(rows["date"])
    by = rows[np.isfinite(rows["start"])].groupby("source")
    return rows.loc[sorted({*by["start"].idxmin(), *by["end"].idxmax()}), ["source", "date"]]


def _sign_test(k: int, n: int) -> float:
    """Two-sided p of k of n where either is as likely: the binomial distribution is symmetric then, and so is the test."""
    from scipy import special  # here, not above: it loads as long as all else of this job takes

    return float(min(1.0, 2 * special.bdtr(min(k, n - k), n, 0.5)))


def _issue_pairs(texts: pd.DataFrame, start: float, end: float) -> list[bool]:
    """For each pair of issues that counts in the test, whether the one of `a` was first.

    texts: a and b (issues), before, after, low, high (of both); start, end: of the period. Pairs are taken in the order of
    their dates, each issue once, so that what one issue prints is not counted over and over.
    """
    known = texts[(texts["before"] | texts["after"]) & (texts["a"] != "") & (texts["b"] != "")]
    known = known[(known["low"] >= start) & (known["high"] <= end)]
    known = known.sort_values(["low", "high", "a", "b"], kind="stable")
    used: set[tuple[str, str]] = set()
    out: list[bool] = []
    for row in known.itertuples():
        if not used & {("a", row.a), ("b", row.b)}:
            used |= {("a", row.a), ("b", row.b)}
            out.append(bool(row.before))
    return out


def _refusal(texts: int, ordered: int, units: int, overlap: bool | None) -> str:
    """Why the order is not tested; "" where it is."""
    if not texts:
        return stored(reason("no text in both"))
    if not ordered:
        return stored(reason("order unknown"))
    if overlap is not True:
        return stored(reason("periods decide"))
    return stored(reason("pairs of issues", n=units, needed=LEAST_PAIRS)) if units < LEAST_PAIRS else ""


class _Counted:
    """Articles and characters of each source, and those that another source prints as well."""

    def __init__(self, articles: pd.DataFrame, texts: pd.DataFrame, reprints: pd.DataFrame):
        ids = articles["article_id"].to_numpy()
        kept = np.where(articles["duplicate_of"].to_numpy() != "", articles["duplicate_of"].to_numpy(), ids)
        chars: dict[str, float] = dict(zip(ids, articles["n_chars"].astype(float), strict=True))
        source = dict(zip(ids, articles["source"], strict=True))
        self._kept = dict(zip(ids, kept, strict=True))
        self._chars = chars
        own = articles[originals(articles)].groupby("source")
        self._articles, self._characters = own.size().to_dict(), own["n_chars"].sum().astype(float).to_dict()
        # {(source, other source): {kept article: (its characters, those that align)}}
        self._shared: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
        aligned = self._aligned(reprints[reprints["kind"] == "repeat"], source)
        printed = texts.groupby("group")["source"].agg(list).to_dict()
        grouped = articles[articles["reprint_group"] != ""]
        for article, group in zip(grouped["article_id"], grouped["reprint_group"], strict=True):
            mine, whole = source[article], self._kept[article]
            n = chars.get(whole, chars[article])
            for other in printed[group]:
                if other == mine:
                    continue
                found = self._shared.setdefault((mine, other), {})
                found[whole] = (n, max(found.get(whole, (n, 0.0))[1], min(aligned.get((article, other), 0.0), n)))
        self._kinds = self._pairs(reprints[reprints["kind"].isin(["variant", "excerpt"])], articles, source)

    def _aligned(self, pairs: pd.DataFrame, source: dict) -> dict[tuple[str, str], float]:
        """{(article, other source): characters of the article that align with one of that source}.

        Not all pairs of a group are in the table: equal texts are paired with the first of them only. So what aligns is
        followed from pair to pair, over three more at most (to the first of equals, the original, and back); the least
        along the way counts, which is right where the steps are equal texts and else the most that it can be.
        """
        near: dict[str, list[tuple[str, float]]] = {}
        out: dict[tuple[str, str], float] = {}
        for row in pairs.itertuples():
            if row.article_a not in source or row.article_b not in source:
                continue
            for one, two, share in (
                (row.article_a, row.article_b, row.share_a),
                (row.article_b, row.article_a, row.share_b),
            ):
                n = min(float(share), 1.0) * self._chars[one]
                near.setdefault(one, []).append((two, n))
                out[one, source[two]] = max(out.get((one, source[two]), 0.0), n)
        for _ in range(3):
            reached = dict(out)
            others: dict[str, list[str]] = {}
            for article, other in out:
                others.setdefault(article, []).append(other)
            for one, links in near.items():
                for two, n in links:
                    for other in others.get(two, ()):
                        if (one, other) not in out:
                            reached[one, other] = max(reached.get((one, other), 0.0), min(n, out[two, other]))
            out = reached
        return out

    def _pairs(self, pairs: pd.DataFrame, articles: pd.DataFrame, source: dict) -> dict:
        """{(kind, first source, later source): (pairs in that order, pairs in any)}; a repeat within a source is one."""
        spans = _spans(articles["issue_date"])
        span = dict(zip(articles["article_id"], map(tuple, spans), strict=True))
        seen: dict[tuple[str, str, str], bool | None] = {}
        for row in pairs.itertuples():
            if row.article_a not in source or row.article_b not in source:
                continue
            one, two = (self._kept[i] for i in (row.article_a, row.article_b))
            if one not in source or two not in source or source[one] == source[two]:
                continue
            one, two = sorted((one, two), key=lambda i: (source[i], i))
            (low_a, high_a), (low_b, high_b) = span[one], span[two]
            seen[row.kind, one, two] = True if high_a < low_b else False if high_b < low_a else None
        out: dict[tuple[str, str, str], tuple[int, int]] = {}
        for (kind, one, two), ahead in seen.items():
            for a, b, wins in ((source[one], source[two], ahead is True), (source[two], source[one], ahead is False)):
                ordered, total = out.get((kind, a, b), (0, 0))
                out[kind, a, b] = ordered + wins, total + 1
        return out

    def shares(self, first: str, later: str) -> dict[str, float]:
        out = {}
        for what, place in (("articles", None), ("characters", 0), ("aligned", 1)):
            for side, mine, other in (("first", first, later), ("later", later, first)):
                found = self._shared.get((mine, other), {})
                of = self._articles if place is None else self._characters
                part = float(len(found)) if place is None else sum(sorted(v[place] for v in found.values()))
                out[f"{what}_{side}"] = min(part / total, 1.0) if (total := of.get(mine, 0)) else 0.0
        return out

    def kinds(self, first: str, later: str) -> dict[str, int]:
        found = {kind: self._kinds.get((kind, first, later), (0, 0)) for kind in ("variant", "excerpt")}
        return {f"{k}s": v[0] for k, v in found.items()} | {f"{k}s_any": v[1] for k, v in found.items()}
