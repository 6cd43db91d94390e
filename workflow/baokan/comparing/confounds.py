"""What else differs between two sources (text quality, length, repeats, kind, date), and each contrast with that held equal.

The unit is the issue throughout, as in `baokan.comparing.contrasts`. Articles are weighted so that both sources have the same
distribution over strata of the confound (`baokan.statistics.standardisation`, with the estimand and its target). The issues'
jackknife pseudo-values then go through `contrasts` as shares do: the same permutation of issues with a studentised
statistic, the same widening for issues that follow each other.

**Dates** belong to issues: issues are compared within months (or quarters, or years) and permuted within them, see
`baokan.statistics.stratified`; likeness of issues within a month is not allowed for.

A confound is held equal alone, the others are not. It is held equal in strata, so a little difference stays within them
(five strata take away about nine tenths of it: Cochran 1968; up to twenty are made where there are articles enough);
`smd_after` says how much. That a difference goes when a confound is held equal does not show that the confound is its cause,
nor does its staying show that nothing else is.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations
from math import isfinite, nan

import numpy as np
import pandas as pd

from baokan.comparing.contrasts import contrasts
from baokan.comparing.dates import UNITS, days, period_of
from baokan.comparing.limits import ALPHA, CHECK_PERMUTATIONS, WEIGHTINGS, Limits
from baokan.comparing.reasons import reason, stored
from baokan.statistics.balance import in_deviations, kinds_difference, standardised_difference, strata_of
from baokan.statistics.groups import group_sums
from baokan.statistics.permutation import generator
from baokan.statistics.standardisation import held_equal
from baokan.statistics.stratified import (
    issue_weights,
    shared_strata,
    stratified_difference,
    stratified_interval,
    stratified_test,
)

CONFOUNDS = ("quality", "length", "repeats", "genre", "date")
BALANCE = [
    "source_a", "source_b", "confound", "measure", "value_a", "value_b", "shown_a", "shown_b", "smd", "overlap_a", "overlap_b",
    "alike", "n_articles_a", "n_articles_b", "note",
]  # fmt: skip
MATCHED = [
    "topic_id", "source_a", "source_b", "weighting", "confound", "difference", "difference_matched", "lower", "upper",
    "p_matched", "n_articles_kept_a", "n_articles_kept_b", "n_issues_kept_a", "n_issues_kept_b", "ess_a", "ess_b", "strata",
    "n_strata", "n_strata_left_out", "smd_after", "same_sign", "tested", "holds", "reason",
]  # fmt: skip
ALIKE, SOMEWHAT = 0.1, 0.25  # Austin (2009) for 0.1; Stuart (2010, section 4.1) for 0.25
STRATA, MOST_STRATA, ARTICLES_PER_STRATUM = 5, 20, 20


def confound_tables(
    articles: pd.DataFrame, theta: np.ndarray, topics: pd.DataFrame, limits: Limits, seed: int
) -> dict[str, pd.DataFrame]:
    """{"balance": ..., "matched": ...}: what differs between each pair of sources, and each contrast with that held equal.

    articles: a row per article with article_id, source, publication (if known), issue_id, issue_date, n_tokens, quality, kind,
    duplicate_of and reprint_group; repeats within a source (duplicate_of) are among them, and counted in the row "repeats" of
    balance only.
    theta: shape (A, K), rows as in articles, NaN for an article without tokens. topics: its K columns (topic_id, excluded).
    limits: min_issues, confidence and permutations of them are asked; at most CHECK_PERMUTATIONS are made.

    Text in both is as `baokan.comparing.reasons` stores it.

    balance, a row per pair and confound: measure (what the values are), value_a, value_b (medians over articles, shares of
    articles, or for dates a decimal year), shown_a, shown_b (the same for reading), smd (standardised difference, a - b; of kinds
    it has no sign; infinite where both are constant and unlike), overlap_a, overlap_b (share of the articles in strata that both
    have), alike ("alike" below 0.1, "somewhat unlike" below 0.25, "unlike", "n/a"), n_articles_a, n_articles_b, note.

    matched, a row per weighting, pair, confound and topic: difference and difference_matched (a - b, before and after), lower
    and upper of the latter, p_matched, what is left (n_articles_kept, n_issues_kept, ess: effective number of issues after
    Kish), strata (which), n_strata, n_strata_left_out, smd_after (standardised difference of the confound that remains),
    same_sign, tested, holds (tested, the same sign and p_matched of at most 0.05), reason (why there is no test, or no value).

    The result depends on the data and `seed` alone, not on the order of rows. Raises ValueError if the shapes do not agree.
    """
    theta = np.asarray(theta, dtype=float)
    if theta.shape != (len(articles), len(topics)):
        raise ValueError(f"theta has the shape {theta.shape}, not ({len(articles)} articles, {len(topics)} topics)")
    kept = np.flatnonzero(~topics["excluded"].to_numpy(bool))
    theta, topic_ids = theta[:, kept], topics["topic_id"].to_numpy()[kept]
    table = _prepared(articles)
    order = np.lexsort([table[name].to_numpy(str) for name in ("article_id", "issue_id", "source")])
    table, theta = table.iloc[order].reset_index(drop=True), theta[order]
    counted = ~table["repeat"].to_numpy() & (table["tokens"] > 0).to_numpy() & ~np.isnan(theta).any(axis=1)
    everything, table, theta = table, table[counted].reset_index(drop=True), theta[counted]
    sources = sorted(set(table["source"]))
    rows = {source: np.flatnonzero((table["source"] == source).to_numpy()) for source in sources}
    repeated = {source: (own["repeat"] | own["reprint"]).mean() for source, own in everything.groupby("source")}
    n_all = everything["source"].value_counts()
    balance, matched = [], []
    for a, b in combinations(sources, 2):
        pair = _Pair(table, theta, rows[a], rows[b], a, b, limits.min_issues)
        means = {weighting: pair.means(weighting) for weighting in WEIGHTINGS}
        for confound in CONFOUNDS:
            shares = ((repeated[a], int(n_all[a])), (repeated[b], int(n_all[b]))) if confound == "repeats" else None
            balance.append(_balance(pair, confound, shares))
            for weighting in WEIGHTINGS if len(kept) else ():
                matched.append({"topic_id": topic_ids, **_matched(pair, means, confound, weighting, limits, seed)})
    # A table for each of thousands of pairs and confounds would take longer than what stands in it.
    columns = {c: [np.broadcast_to(row[c], len(kept)) for row in matched] for c in MATCHED if matched}
    out = pd.DataFrame({c: np.concatenate(parts) for c, parts in columns.items()}, columns=MATCHED)
    out["_place"] = out["confound"].map(CONFOUNDS.index)
    out = out.sort_values(["weighting", "source_a", "source_b", "_place", "topic_id"], kind="stable", ignore_index=True)
    return {"balance": pd.DataFrame(balance, columns=BALANCE), "matched": out[MATCHED]}


def date_strata(dates: np.ndarray, side: np.ndarray, min_issues: int) -> tuple[np.ndarray, str]:
    """(first day of the month, quarter or year of each issue, as a number, -1 for none; which of the three it is).

    dates: shape (n,), ISO days, months or years. The shortest unit is taken in which each source keeps, in the units that both
    have, at least `min_issues` issues, half of those it keeps by years, and `min_issues` - 1 degrees of freedom within units
    (a monthly has none within months); if there is none, the one that keeps most.
    """
    found = {value: days(value) for value in set(dates)}
    options = []
    for unit in UNITS:
        periods = {value: None if span is None else period_of(span, unit) for value, span in found.items()}
        first = {value: -1 if period is None else period[0] for value, period in periods.items()}
        numbers = np.array([first[value] for value in dates], dtype=int)
        keep = shared_strata(side, numbers)[0] & (numbers >= 0) if len(numbers) else np.zeros(0, dtype=bool)
        counts = [int((keep & own).sum()) for own in (side, ~side)]
        left = [n - len(set(numbers[keep & own])) for n, own in zip(counts, (side, ~side), strict=True)]
        options.append((unit, numbers, counts, min(left)))
    by_year = options[-1][2]
    for unit, numbers, counts, spare in options:
        enough = all(n >= min_issues and 2 * n >= most for n, most in zip(counts, by_year, strict=True))
        if enough and spare >= min_issues - 1:
            return numbers, unit
    unit, numbers, *_ = max(options, key=lambda option: min(option[2]))
    return numbers, unit


class _Pair:
    """Two sources: their articles (those of the first before those of the second), issues and strata of each confound."""

    def __init__(
        self,
        table: pd.DataFrame,
        theta: np.ndarray,
        rows_a: np.ndarray,
        rows_b: np.ndarray,
        a: str,
        b: str,
        min_issues: int,
    ) -> None:
        self.a, self.b, self.min_issues = a, b, min_issues
        rows = np.concatenate([rows_a, rows_b])
        table, theta = table.iloc[rows], theta[rows]
        own = np.arange(len(rows)) < len(rows_a)
        inside = (table["issue_id"] != "").to_numpy()
        # A source without any issue is described by its articles.
        self.loose = tuple(not (inside & part).any() for part in (own, ~own))
        use = inside | (own & self.loose[0]) | (~own & self.loose[1])
        self.table, self.x, self.own = table[use].reset_index(drop=True), theta[use], own[use]
        keys = self.table["source"] + "\0" + self.table["issue_id"]
        _, first, self.issue = np.unique(keys.to_numpy(str), return_index=True, return_inverse=True)
        self.side = self.own[first]
        self.n_issues = tuple(
            0 if loose else int(part.sum()) for loose, part in zip(self.loose, (self.side, ~self.side), strict=True)
        )
        known = self.table["issue_date"].to_numpy(str)
        self.dates = pd.Series(np.where(known == "", "9", known)).groupby(self.issue).min().to_numpy(str)
        self.issues = self.table.iloc[first][["source", "publication", "issue_id"]].assign(
            date=np.where(self.dates == "9", "", self.dates)
        )
        self.period, self.unit = np.zeros(0, dtype=int), ""
        self.strata = {name: self._strata(name) for name in CONFOUNDS}

    def weight(self, weighting: str) -> np.ndarray:
        """What each article counts in its issue, shape (A,)."""
        return np.ones(len(self.x)) if weighting == "article" else self.table["tokens"].to_numpy(float)

    def means(self, weighting: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(issues' shares (n, K), share of the first source (K,), of the second)."""
        weight = self.weight(weighting)
        total = np.bincount(self.issue, weight, minlength=len(self.side))
        shares = group_sums(weight / total[self.issue], self.issue, len(self.side)) @ self.x
        return shares, shares[self.side].mean(axis=0), shares[~self.side].mean(axis=0)

    def shared(self, confound: str) -> np.ndarray:
        """Mask (A,) of the articles in strata that both sources have (in two issues each, where that is ever so)."""
        stratum = self.strata[confound]
        mask = shared_strata(self.own, stratum)[0] & (stratum >= 0)
        if confound == "date" or not mask.any():
            return mask
        places = np.unique(np.column_stack([stratum, self.issue])[stratum >= 0], axis=0)
        first = self.side[places[:, 1]]
        twice = np.logical_and(
            *[np.bincount(places[part, 0], minlength=stratum.max() + 1) >= 2 for part in (first, ~first)]
        )
        mask_twice = mask & twice[np.maximum(stratum, 0)]
        return mask_twice if mask_twice.any() and min(self.n_issues) >= self.min_issues else mask

    def _strata(self, confound: str) -> np.ndarray:
        table = self.table
        if confound == "date":
            self.period, self.unit = date_strata(self.dates, self.side, self.min_issues)
            return self.period[self.issue]
        if confound == "repeats":
            return np.where(table["printed_again"] | table["reprint"], -1, 0)
        if confound == "genre":
            return np.unique(table["kind"].to_numpy(str), return_inverse=True)[1]
        known = np.isfinite(table[confound].to_numpy(float))
        counts = np.bincount(self.issue[known], minlength=len(self.side))
        # Each issue counts once, and each source as much as the other.
        weight = 1 / np.maximum(counts, 1)[self.issue]
        for part in (self.own, ~self.own):
            weight[part] /= max(weight[part & known].sum(), 1e-12)
        thinner = min(int((known & self.own).sum()), int((known & ~self.own).sum()))
        n = min(max(STRATA, thinner // ARTICLES_PER_STRATUM), MOST_STRATA)
        return strata_of(table[confound].to_numpy(float), weight, n)


def _balance(pair: _Pair, confound: str, repeated: tuple[tuple[float, int], tuple[float, int]] | None) -> dict:
    """A row of the table balance. repeated: for "repeats", of each source the share and of how many articles."""
    table, own = pair.table, pair.own
    shared = pair.shared(confound)
    row: dict[str, str | float] = {"source_a": pair.a, "source_b": pair.b, "confound": confound, "note": ""}
    row |= {"overlap_a": float(shared[own].mean()), "overlap_b": float(shared[~own].mean())}
    sizes = [int(own.sum()), int((~own).sum())]
    if confound == "repeats":
        assert repeated is not None
        (value_a, size_a), (value_b, size_b) = repeated
        row["measure"], sizes = stored(reason("share of repeats")), [size_a, size_b]
        variance = (value_a * (1 - value_a) + value_b * (1 - value_b)) / 2
        smd = in_deviations(value_a - value_b, np.sqrt(variance), 1.0)
        values = value_a, value_b
        told = [value_a, value_b]
    elif confound == "genre":
        kinds, codes = np.unique(table["kind"].to_numpy(str), return_inverse=True)
        counts = [np.bincount(codes[part], minlength=len(kinds)) for part in (own, ~own)]
        shares = [count / count.sum() for count in counts]
        smd = kinds_difference(*counts)
        # The kind that differs most; of equals the most common.
        apart, common = np.round(np.abs(shares[0] - shares[1]), 9), shares[0] + shares[1]
        most = max(range(len(kinds)), key=lambda k: (float(apart[k]), float(common[k])))
        row["measure"] = stored(reason("share of a kind", kind=str(kinds[most])))
        values = float(shares[0][most]), float(shares[1][most])
        told = list(values)
    else:
        column = {"length": "length", "quality": "quality", "date": "day"}[confound]
        both = [known[np.isfinite(known)] for known in (table[column].to_numpy(float)[part] for part in (own, ~own))]
        smd = standardised_difference(*both)
        told = [float(np.median(known)) if len(known) else nan for known in both]
        values = _value(confound, told[0]), _value(confound, told[1])
        row["measure"] = stored(reason("median", confound=confound))
        unknown = [name for name, known in zip((pair.a, pair.b), both, strict=True) if not len(known)]
        if unknown:
            row["note"] = stored(reason("confound unknown", confound=confound, sources=unknown))
        sizes = [len(known) for known in both]
    shown_a, shown_b = (stored(reason("value", confound=confound, value=value)) for value in told)
    return row | {
        "value_a": values[0], "value_b": values[1], "shown_a": shown_a, "shown_b": shown_b, "smd": smd, "alike": _alike(smd),
        "n_articles_a": sizes[0], "n_articles_b": sizes[1],
    }  # fmt: skip


def _alike(smd: float) -> str:
    if np.isnan(smd):
        return "n/a"
    return "alike" if abs(smd) < ALIKE else "somewhat unlike" if abs(smd) < SOMEWHAT else "unlike"


def _matched(pair: _Pair, means: dict, confound: str, weighting: str, limits: Limits, seed: int) -> dict:
    """Rows of the table matched, a value or an array of K values by column, but for topic_id. means: of the pair, by weighting."""
    shares, mean_a, mean_b = means[weighting]
    n_topics, difference = shares.shape[1], mean_a - mean_b
    row = {
        "source_a": pair.a, "source_b": pair.b, "weighting": weighting, "confound": confound, "difference": difference,
        **dict.fromkeys(("difference_matched", "lower", "upper", "p_matched"), np.full(n_topics, nan)),
        **dict.fromkeys(("n_articles_kept_a", "n_articles_kept_b", "n_issues_kept_a", "n_issues_kept_b"), 0),
        **dict.fromkeys(("n_strata", "n_strata_left_out"), 0), "ess_a": 0.0, "ess_b": 0.0, "smd_after": nan, "strata": "",
        "same_sign": False, "tested": False, "holds": False,
    }  # fmt: skip
    if any(pair.loose):
        without = [name for name, loose in zip((pair.a, pair.b), pair.loose, strict=True) if loose]
        return row | {"reason": stored(reason("no issue known", sources=without))}
    stratum, weight, testable = pair.strata[confound], pair.weight(weighting), True
    if confound == "date":
        dated = pair.period >= 0
        mask, left_out = shared_strata(pair.side[dated], pair.period[dated])
        kept = np.flatnonzero(dated)[mask]
        if not len(kept):
            return row | {"reason": _nothing(pair, confound)}
        values, groups = shares[kept], pair.period[kept]
        mass = issue_weights(pair.side[kept], groups)
        ess = tuple(float(1 / (mass[part] ** 2).sum()) for part in (pair.side[kept], ~pair.side[kept]))
        full = np.zeros(len(pair.side))
        full[kept] = mass
        counts = np.bincount(pair.issue, weight, minlength=len(pair.side))
        weights = weight / counts[pair.issue] * full[pair.issue]
        n_strata = len(set(groups))
    else:
        # What will not be tested is still described, by strata that stand in one issue only.
        few = min(pair.n_issues) < limits.min_issues
        held = None if few else held_equal(pair.x, weight, pair.issue, pair.side, stratum)
        if held is None:
            testable = False
            held = held_equal(pair.x, weight, pair.issue, pair.side, stratum, least=1)
        if held is None:
            return row | {"reason": _nothing(pair, confound)}
        values, kept, weights, ess, n_strata, left_out = held
        groups = np.zeros(len(kept), dtype=int)
    side = pair.side[kept]
    n_a, n_b = int(side.sum()), int((~side).sum())
    matched = stratified_difference(values, side, groups)
    row |= {
        "difference_matched": matched, "same_sign": np.sign(matched) == np.sign(difference),
        "n_articles_kept_a": int((weights[pair.own] > 0).sum()), "n_articles_kept_b": int((weights[~pair.own] > 0).sum()),
        "n_issues_kept_a": n_a, "n_issues_kept_b": n_b, "ess_a": ess[0], "ess_b": ess[1],
        "strata": stored(reason("strata", of=pair.unit if confound == "date" else confound, n=n_strata)),
        "n_strata": n_strata, "n_strata_left_out": left_out,
        "smd_after": _smd_after(pair, confound, weights),
    }  # fmt: skip
    least = limits.min_issues
    if short := [(name, n) for name, n in ((pair.a, n_a), (pair.b, n_b)) if n < least]:
        return row | {"reason": stored(reason("issues left", sides=short, needed=least))}
    if not testable:
        return row | {"reason": stored(reason("no stratum in two issues", confound=confound))}
    check = limits.of_a_check(min(limits.permutations, CHECK_PERMUTATIONS))
    if confound == "date":
        lower, upper = stratified_interval(values, side, groups, check.confidence)
        rng = generator(seed, "date", weighting, pair.a, pair.b)
        p = stratified_test(values, side, groups, check.permutations, rng)[3]
    else:
        # A constant keeps pseudo-values from being negative, which `contrasts` would take for less than no article.
        found = contrasts(pair.issues.iloc[kept].assign(n_articles=1), values - values.min() + 1, check, seed=seed)
        lower, upper, p = (found[name].to_numpy(float) for name in ("lower", "upper", "p"))
    # Shares differ by no more than 1, whatever an interval of few issues says.
    lower, upper = np.maximum(lower, -1.0), np.minimum(upper, 1.0)
    return row | {
        "lower": lower, "upper": upper, "p_matched": p, "tested": True, "holds": row["same_sign"] & (p <= ALPHA), "reason": "",
    }  # fmt: skip


def _smd_after(pair: _Pair, confound: str, weights: np.ndarray) -> float:
    """Standardised difference of the confound that remains once articles have these weights."""
    if confound == "repeats":
        return 0.0
    if confound == "genre":
        kinds = np.unique(pair.table["kind"].to_numpy(str), return_inverse=True)[1]
        return kinds_difference(
            *(np.bincount(kinds[part], weights[part], minlength=kinds.max() + 1) for part in (pair.own, ~pair.own))
        )
    values = pair.table[{"length": "length", "quality": "quality", "date": "day"}[confound]].to_numpy(float)
    a, b = (part & np.isfinite(values) for part in (pair.own, ~pair.own))
    return standardised_difference(values[a], values[b], (weights[a], weights[b]))


def _nothing(pair: _Pair, confound: str) -> str:
    """Why no article or issue is left to compare."""
    if confound == "repeats":
        return stored(reason("no text printed once"))
    if confound == "date":
        known = [pair.table["day"].notna().to_numpy()[part].any() for part in (pair.own, ~pair.own)]
    else:
        known = [(pair.strata[confound][part] >= 0).any() for part in (pair.own, ~pair.own)]
    if unknown := [name for name, some in zip((pair.a, pair.b), known, strict=True) if not some]:
        return stored(reason("confound unknown", confound=confound, sources=unknown))
    return stored(reason("no stratum in common", confound=confound))


def _value(confound: str, median: float) -> float:
    """The median of a confound, as it is computed with, for a table: tokens, quality, or a decimal year; NaN for none."""
    if confound != "date" or not isfinite(median):
        return float(np.exp(median)) if confound == "length" else median
    day = date.fromordinal(int(median))
    start, end = date(day.year, 1, 1).toordinal(), date(day.year, 12, 31).toordinal() + 1
    return day.year + (median - start) / (end - start)


def _prepared(articles: pd.DataFrame) -> pd.DataFrame:
    """What is needed of the articles, gaps filled: text "", numbers NaN."""

    def text(name: str) -> pd.Series:
        column = articles[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            column = column.dt.strftime("%Y-%m-%d")
        return column.fillna("").astype(str).reset_index(drop=True)

    out = pd.DataFrame({name: text(name) for name in ("article_id", "source", "issue_id", "issue_date", "kind")})
    out["publication"] = text("publication") if "publication" in articles else ""
    out["tokens"] = articles["n_tokens"].fillna(0).to_numpy(float)
    # Lengths are skewed: their logarithms are compared.
    out["length"] = np.log(np.maximum(out["tokens"], 1))
    out["quality"] = pd.to_numeric(articles["quality"], errors="coerce").to_numpy(float)
    duplicate = text("duplicate_of")
    out["repeat"], out["reprint"] = duplicate != "", text("reprint_group") != ""
    out["printed_again"] = out["article_id"].isin(set(duplicate) - {""})
    found = {value: days(value) for value in set(out["issue_date"])}
    middle = {value: nan if span is None else sum(span) / 2 for value, span in found.items()}
    out["day"] = [middle[value] for value in out["issue_date"]]
    return out
