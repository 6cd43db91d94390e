"""What else differs between two sources (text quality, length, repeats, kind, date), and each contrast with that held equal.

The unit is the issue throughout, as in `baokan.comparing.contrasts`.

**The estimand.** A source's share of a topic is the mean over its issues of the issue's share, so an article j of issue i
has the weight b_j = w_j / W_i / n in it (w_j: 1, or its tokens; W_i: their sum in the issue; n: the source's issues). A
stratum g of a confound then has the part q(g), the sum of its b_j, of the source. Holding the confound equal keeps these
weights and multiplies them by r(g) / q(g), with one target r for both sources, so that

    share = sum over g of r(g) m(g),    m(g) = sum of b_j theta_j / sum of b_j over the articles of g.

This is direct standardisation of the very mean over issues that the contrasts compare: with r = q it is that mean, and with
one stratum as well. It is at once a weighted mean over issues, an issue weighing in proportion to the mass that its
articles get; an issue whose articles are all in strata that hardly count hardly counts. The mean over issues of re-weighted
shares, each issue counting the same, would look closer and is not taken: where issues have some strata empty it does not
make the sources alike (where each issue lies in one stratum it changes nothing at all).

**The target** is that of the overlap weights of Li, Morgan & Zaslavsky (2018, JASA 113, section 3.1), r(g) in proportion to
F_a(g) F_b(g) / (F_a(g) + F_b(g)), where F(g) = n q(g) counts a source's issues' worth of the stratum. Of all targets it has
the least variance where articles vary alike, an article's weight is bounded, and strata that one source does not have get
none (common support). It leans to the source with fewer issues. A stratum is shared if both sources have it in two issues.

**Interval and test.** Each issue gets its jackknife pseudo-value (Tukey 1958), the target held fixed. Without issue i the
share changes by sum over g of r(g) (s_ig - m(g) f_ig) / (F(g) - f_ig), with f_ig the part of the issue in g and s_ig its
part times the share there; (n - 1) times that, centred, is added to the estimate. So the mean of the pseudo-values is the
estimate, and their Welch statistic that of the re-weighted contrast, the noise of the weights included. The jackknife's
variance errs to the large side (Efron & Stein 1981). The pseudo-values then go through `contrasts` as shares do: the same
permutation of issues with a studentised statistic, the same widening for issues that follow each other.

**Dates** belong to issues: issues are compared within months (or quarters, or years) and permuted within them, see
`stratified_test`; likeness of issues within a month is not allowed for.

A confound is held equal alone, the others are not. It is held equal in strata, so a little difference stays within them
(five strata take away about nine tenths of it: Cochran 1968; up to twenty are made where there are articles enough);
`smd_after` says how much. That a difference goes when a confound is held equal does not show that the confound is its cause,
nor does its staying show that nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from math import comb, inf, isfinite, nan, prod
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse, special

from baokan.comparing.contrasts import contrasts
from baokan.comparing.dates import days
from baokan.comparing.permutation import generator
from baokan.comparing.reasons import reason, stored
from baokan.comparing.shares import WEIGHTINGS
from baokan.numbers import percent

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
# A check needs no fine p-value: it asks whether a difference stays.
PERMUTATIONS = 999
ALPHA = 0.05
STRATA, MOST_STRATA, ARTICLES_PER_STRATUM = 5, 20, 20
CLASSES = {"length": "class of length", "quality": "class of quality", "genre": "kind", "repeats": "text"}
MEDIANS = {
    "length": "median counted tokens of an article",
    "quality": "median quality of an article",
    "date": "median date of an article",
}
DATE_UNITS = ("month", "quarter", "year")
_CONSTANT = 1e-12
_FLOOR = 1e-8
_TIE = 1e-6
_BATCH_CELLS = 1_000_000


class Held(NamedTuple):
    """A pair of sources with one confound held equal; n issues are left, in the order in which they came."""

    values: np.ndarray  # shape (n, K): a pseudo-value for each issue, whose mean over a side is its share
    issues: np.ndarray  # shape (n,): which issues these are
    weights: np.ndarray  # shape (A,): of the articles, with the sum 1 on each side; 0 for those left out
    ess: tuple[float, float]  # effective numbers of issues (Kish 1965), of the first side and of the second
    n_strata: int  # shared by both
    n_left_out: int  # strata that are not


def confound_tables(
    articles: pd.DataFrame, theta: np.ndarray, topics: pd.DataFrame, settings: dict, seed: int
) -> dict[str, pd.DataFrame]:
    """{"balance": ..., "matched": ...}: what differs between each pair of sources, and each contrast with that held equal.

    articles: a row per article with article_id, source, publication (if known), issue_id, issue_date, n_tokens, quality, kind,
    duplicate_of and reprint_group; repeats within a source (duplicate_of) are among them, and counted in the row "repeats" of
    balance only.
    theta: shape (A, K), rows as in articles, NaN for an article without tokens. topics: its K columns (topic_id, excluded).
    settings: min_issues, confidence and permutations of the configuration's `compare`; at most PERMUTATIONS are made.

    balance, a row per pair and confound: measure (what the values are), value_a, value_b (medians over articles, shares of
    articles, or for dates a decimal year), shown_a, shown_b (the same for reading), smd (standardised difference, a - b; of kinds
    it has no sign; infinite where both are constant and unlike), overlap_a, overlap_b (share of the articles in strata that both
    have), alike ("alike" below 0.1, "somewhat unlike" below 0.25, "unlike", "n/a"), n_articles_a, n_articles_b, note.

    matched, a row per weighting, pair, confound and topic: difference and difference_matched (a - b, before and after), lower
    and upper of the latter, p_matched, what is left (n_articles_kept, n_issues_kept, ess: effective number of issues after
    Kish), strata (in words), n_strata, n_strata_left_out, smd_after (standardised difference of the confound that remains),
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
        pair = _Pair(table, theta, rows[a], rows[b], a, b, settings["min_issues"])
        means = {weighting: pair.means(weighting) for weighting in WEIGHTINGS}
        for confound in CONFOUNDS:
            shares = ((repeated[a], int(n_all[a])), (repeated[b], int(n_all[b]))) if confound == "repeats" else None
            balance.append(_balance(pair, confound, shares))
            for weighting in WEIGHTINGS if len(kept) else ():
                matched.append({"topic_id": topic_ids, **_matched(pair, means, confound, weighting, settings, seed)})
    # A table for each of thousands of pairs and confounds would take longer than what stands in it.
    columns = {c: [np.broadcast_to(row[c], len(kept)) for row in matched] for c in MATCHED if matched}
    out = pd.DataFrame({c: np.concatenate(parts) for c, parts in columns.items()}, columns=MATCHED)
    out["_place"] = out["confound"].map(CONFOUNDS.index)
    out = out.sort_values(["weighting", "source_a", "source_b", "_place", "topic_id"], kind="stable", ignore_index=True)
    return {"balance": pd.DataFrame(balance, columns=BALANCE), "matched": out[MATCHED]}


def held_equal(
    x: np.ndarray, weight: np.ndarray, issue: np.ndarray, side: np.ndarray, stratum: np.ndarray, least: int = 2
) -> Held | None:
    """Issues of two sources, re-weighted so that both have the same distribution over strata; None if no stratum is shared.

    x: shape (A, K), the articles' shares. weight: shape (A,), what each counts in its issue. issue: shape (A,), numbers of
    issues from 0 to n - 1. side: shape (n,), true for the issues of the first source. stratum: shape (A,), numbers from 0, or
    -1 for an article that is left out. least: in how many issues of each source a stratum must stand to be shared; with 1 the
    shares are sound, and the pseudo-values are not for testing. The estimand and the formulas are in the module's docstring.
    """
    n, n_strata = len(side), int(stratum.max(initial=-1)) + 1
    if not n_strata:
        return None
    chosen = (stratum >= 0) & (weight > 0)
    part = np.where(chosen, weight, 0.0)
    whole = np.bincount(issue, part, minlength=n)
    part = np.divide(part, whole[issue], out=np.zeros_like(part), where=chosen)
    place = np.where(chosen, stratum, 0)
    fraction = np.bincount(issue * n_strata + place, part, minlength=n * n_strata).reshape(n, n_strata)
    sides = [np.flatnonzero(side), np.flatnonzero(~side)]
    totals = [fraction[own].sum(axis=0) for own in sides]
    shared = np.logical_and(*[(fraction[own] > 0).sum(axis=0) >= least for own in sides])
    used = (fraction.sum(axis=0) > 0).sum()
    if not shared.any():
        return None
    target = np.divide(totals[0] * totals[1], totals[0] + totals[1], out=np.zeros(n_strata), where=shared)
    target /= target.sum()
    members = np.any(fraction[:, shared] > 0, axis=1)
    values, weights, ess = np.zeros((n, x.shape[1])), np.zeros(len(x)), []
    for own, total in zip(sides, totals, strict=True):
        own = own[members[own]]
        rows = np.flatnonzero(np.isin(issue, own) & chosen & shared[place])
        g, i = stratum[rows], issue[rows]
        density = np.divide(target, total, out=np.zeros(n_strata), where=shared)
        weights[rows] = part[rows] * density[g]
        means = _sums(part[rows], g, n_strata) @ x[rows]
        means = np.divide(means, total[:, None], out=np.zeros_like(means), where=shared[:, None])
        estimate = target @ means
        # What the share loses without the issue; nothing is left of a stratum that no other issue has.
        rest = total[g] - fraction[i, g]
        change = np.divide(part[rows] * target[g], rest, out=np.zeros(len(rows)), where=rest > 1e-9 * total[g])
        deviation = (len(own) - 1) * (_sums(change, i, n) @ (x[rows] - means[g]))[own]
        values[own] = estimate + deviation - deviation.mean(axis=0)
        mass = np.bincount(i, weights[rows], minlength=n)
        ess.append(float(mass.sum() ** 2 / (mass**2).sum()))
    kept = np.flatnonzero(members)
    return Held(values[kept], kept, weights, (ess[0], ess[1]), int(shared.sum()), int(used - shared.sum()))


def stratified_test(
    x: np.ndarray, side: np.ndarray, stratum: np.ndarray, permutations: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Two sources compared within strata of their issues: (difference, standard_error, t, p, p_maxt), each of shape (K,).

    x: shape (n, K), a value for each issue. side: shape (n,), true (1) for the issues of the first source. stratum: shape (n,),
    any labels. Strata with issues of one source only are left out (`shared_strata` says which). The order of rows matters to
    random permutations: sort the issues.

    difference = sum over g of r(g) (mean_a(g) - mean_b(g)), with r(g) in proportion to n_a n_b / (n_a + n_b) of the stratum, the
    least variance where issues vary alike (overlap weights, Li, Morgan & Zaslavsky 2018). Both sources have the same weight
    within a stratum. Its squared standard error is the sum of r^2 (s_a^2 / n_a + s_b^2 / n_b), the estimate of Neyman (1923) for
    a stratified experiment. Where a source has one issue in a stratum, s^2 is what it has on average within its other
    strata; if it has no stratum with two, what both have; and if there are only pairs of one issue each, the standard
    error is that of the weighted mean of their differences. With one stratum t is Welch's.

    p: two-sided permutation of issues within strata, with that studentised t. It is exact if issues are exchangeable within
    strata, and near it as numbers grow if only the means are equal (Chung & Romano 2013). p = (1 + #{|T*| >= |T|}) / (1 + B)
    (Phipson & Smyth 2010); when there are no more than B = `permutations` ways all are enumerated and p = #{|T*| >= |T|} /
    ways. p_maxt: single-step max-|T| over the K columns (Westfall & Young 1993). Values that differ by less than 1e-12 within
    all strata are constant: t = 0, p = 1. Floor of the standard error and ties are as in `baokan.comparing.contrasts`.
    Without a shared stratum all five are NaN. Memory is bounded: labels are dealt in batches.
    """
    x, side, stratum = np.asarray(x, dtype=float), np.asarray(side).astype(bool), np.asarray(stratum)
    n_columns = x.shape[1]
    keep = shared_strata(side, stratum)[0]
    if not keep.any() or n_columns == 0:
        blank = np.full(n_columns, nan)
        return blank, blank.copy(), blank.copy(), blank.copy(), blank.copy()
    design, z, scale = _design(x[keep], side[keep], stratum[keep])
    statistic = _Statistic(design, z)
    difference, squared = (value[0] for value in statistic(design.side[None, :].astype(float)))
    t = difference / np.sqrt(squared)
    limit = np.abs(t) * (1 - _TIE)
    ways = prod(comb(end - start, n_a) for start, end, n_a in design.blocks)
    exact = ways <= permutations
    single, family = np.zeros(n_columns, dtype=np.int64), np.zeros(n_columns, dtype=np.int64)
    step = max(1, _BATCH_CELLS // max(len(z), 4 * n_columns))
    for labels in _all_labels(design, ways, step) if exact else _random_labels(design, permutations, step, rng):
        change, variance = statistic(labels)
        permuted = np.abs(change) / np.sqrt(variance)
        single += (permuted >= limit).sum(axis=0)
        family += (permuted.max(axis=1)[:, None] >= limit).sum(axis=0)
    if exact:
        p, p_maxt = np.maximum(single, 1) / ways, np.maximum(family, 1) / ways
    else:
        p, p_maxt = (1 + single) / (1 + permutations), (1 + family) / (1 + permutations)
    constant = scale == 0
    error = np.where(constant, 0.0, np.sqrt(squared) * scale)
    return difference * scale, error, t, p, p_maxt


def stratified_interval(
    x: np.ndarray, side: np.ndarray, stratum: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (K,) of the difference of `stratified_test`, with the same arguments.

    difference -+ t(f) x standard error, f by Satterthwaite (1946), (sum v)^2 / sum (v^2 / d): v are the parts of the squared
    standard error and d the degrees of freedom of the variance in each. With one stratum it is Welch's interval. NaN
    without a shared stratum.
    """
    x, side, stratum = np.asarray(x, dtype=float), np.asarray(side).astype(bool), np.asarray(stratum)
    keep = shared_strata(side, stratum)[0]
    if not keep.any() or x.shape[1] == 0:
        return np.full(x.shape[1], nan), np.full(x.shape[1], nan)
    design, z, scale = _design(x[keep], side[keep], stratum[keep])
    statistic = _Statistic(design, z)
    difference, squared = (value[0] for value in statistic(design.side[None, :].astype(float)))
    half = special.stdtrit(statistic.freedom(squared), 0.5 + confidence / 2) * np.sqrt(squared)
    return (difference - half) * scale, (difference + half) * scale


def shared_strata(side: np.ndarray, stratum: np.ndarray) -> tuple[np.ndarray, int]:
    """(mask of the rows in strata that have both sides, number of strata left out because they have one side only)."""
    side = np.asarray(side).astype(bool)
    if not len(side):
        return np.zeros(0, dtype=bool), 0
    names, codes = np.unique(np.asarray(stratum), return_inverse=True)
    both = (np.bincount(codes[side], minlength=len(names)) > 0) & (np.bincount(codes[~side], minlength=len(names)) > 0)
    return both[codes], int((~both).sum())


def standardised_difference(
    a: np.ndarray, b: np.ndarray, weights: tuple[np.ndarray, np.ndarray] | None = None
) -> float:
    """(mean_a - mean_b) / sqrt((s_a^2 + s_b^2) / 2) (Austin 2009, Statistics in Medicine 28, section 2.1).

    weights: of a and of b, for the means; the deviations stay those of the plain values, so that before and after weighting
    are on one scale (Stuart 2010). A share (0/1 values) has the variance p (1 - p). 0 where both are constant and equal,
    infinite where they are constant and unlike, NaN where a side is empty.
    """
    if not len(a) or not len(b):
        return nan
    means = (
        (a.mean(), b.mean())
        if weights is None
        else (np.average(a, weights=weights[0]), np.average(b, weights=weights[1]))
    )
    return _over(means[0] - means[1], np.sqrt((a.var() + b.var()) / 2), max(abs(means[0]), abs(means[1])))


def kinds_difference(a: np.ndarray, b: np.ndarray) -> float:
    """Standardised difference of two distributions over kinds: sqrt(d' S^-1 d) (Yang & Dalton 2012, SAS Global Forum 335).

    a, b: how many articles of each kind. d: the difference of the shares; S: the mean of the two multinomial covariance
    matrices. All kinds stay in, so S has no inverse and its generalised one is taken, which gives the same as to leave out
    any one kind. With two kinds it is the absolute `standardised_difference` of a share. Infinite where some set of kinds
    is all of one source and nothing of the other; NaN where a side is empty.
    """
    if not a.sum() or not b.sum():
        return nan
    shares = [side / side.sum() for side in (np.asarray(a, float), np.asarray(b, float))]
    difference = shares[0] - shares[1]
    covariance = sum(np.diag(p) - np.outer(p, p) for p in shares) / 2
    values, vectors = np.linalg.eigh(covariance)
    parts = vectors.T @ difference
    flat = values <= 1e-12
    if (np.abs(parts[flat]) > 1e-9).any():
        return inf
    return float(np.sqrt((parts[~flat] ** 2 / values[~flat]).sum()))


def strata_of(values: np.ndarray, weight: np.ndarray, n: int) -> np.ndarray:
    """Numbers (A,) of the `n` strata between the weighted quantiles of `values`; -1 where a value is not finite.

    Equal values share a stratum, so there may be fewer than n.
    """
    known = np.isfinite(values)
    out = np.full(len(values), -1)
    if not known.any():
        return out
    order = np.argsort(values[known], kind="stable")
    ordered, reached = values[known][order], np.cumsum(weight[known][order])
    cuts = np.arange(1, n) / n * reached[-1]
    edges = np.unique(ordered[np.searchsorted(reached, cuts * (1 - 1e-9))])
    found = np.searchsorted(edges, values[known])
    out[known] = np.unique(found, return_inverse=True)[1]
    return out


def date_strata(dates: np.ndarray, side: np.ndarray, min_issues: int) -> tuple[np.ndarray, str]:
    """(number of the month, quarter or year of each issue, -1 for none; which of the three it is).

    dates: shape (n,), ISO days, months or years. The shortest unit is taken in which each source keeps, in the units that both
    have, at least `min_issues` issues, half of those it keeps by years, and `min_issues` - 1 degrees of freedom within units
    (a monthly has none within months); if there is none, the one that keeps most.
    """
    found = {value: days(value) for value in set(dates)}
    options = []
    for unit in DATE_UNITS:
        numbers = np.array([_unit_number(found[value], unit) for value in dates], dtype=int)
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
        shares = _sums(weight / total[self.issue], self.issue, len(self.side)) @ self.x
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
        row["measure"], sizes = "share of articles that repeat another or are reprinted", [size_a, size_b]
        variance = (value_a * (1 - value_a) + value_b * (1 - value_b)) / 2
        smd = _over(value_a - value_b, np.sqrt(variance), 1.0)
        values, shown = (value_a, value_b), [percent(value_a), percent(value_b)]
    elif confound == "genre":
        kinds, codes = np.unique(table["kind"].to_numpy(str), return_inverse=True)
        counts = [np.bincount(codes[part], minlength=len(kinds)) for part in (own, ~own)]
        shares = [count / count.sum() for count in counts]
        smd = kinds_difference(*counts)
        # The kind that differs most; of equals the most common.
        apart, common = np.round(np.abs(shares[0] - shares[1]), 9), shares[0] + shares[1]
        most = max(range(len(kinds)), key=lambda k: (float(apart[k]), float(common[k])))
        row["measure"] = f"share of the kind {kinds[most] or '(none)'}"
        values = float(shares[0][most]), float(shares[1][most])
        shown = [percent(value) for value in values]
    else:
        column = {"length": "length", "quality": "quality", "date": "day"}[confound]
        both = [known[np.isfinite(known)] for known in (table[column].to_numpy(float)[part] for part in (own, ~own))]
        smd = standardised_difference(*both)
        medians = [float(np.median(known)) if len(known) else nan for known in both]
        (value_a, shown_a), (value_b, shown_b) = (_shown(confound, value) for value in medians)
        values, shown = (value_a, value_b), [shown_a, shown_b]
        row["measure"] = MEDIANS[confound]
        unknown = [name for name, known in zip((pair.a, pair.b), both, strict=True) if not len(known)]
        if unknown:
            row["note"] = stored(reason("confound unknown", confound=confound, sources=unknown))
        sizes = [len(known) for known in both]
    alike = (
        "n/a"
        if np.isnan(smd)
        else "alike"
        if abs(smd) < ALIKE
        else "somewhat unlike"
        if abs(smd) < SOMEWHAT
        else "unlike"
    )
    row |= {
        "value_a": values[0],
        "value_b": values[1],
        "shown_a": shown[0],
        "shown_b": shown[1],
        "smd": smd,
        "alike": alike,
    }
    return row | {"n_articles_a": sizes[0], "n_articles_b": sizes[1]}


def _matched(pair: _Pair, means: dict, confound: str, weighting: str, settings: dict, seed: int) -> dict:
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
        mass = _issue_weights(pair.side[kept], groups)
        ess = tuple(float(1 / (mass[part] ** 2).sum()) for part in (pair.side[kept], ~pair.side[kept]))
        full = np.zeros(len(pair.side))
        full[kept] = mass
        counts = np.bincount(pair.issue, weight, minlength=len(pair.side))
        weights = weight / counts[pair.issue] * full[pair.issue]
        n_strata = len(set(groups))
    else:
        # What will not be tested is still described, by strata that stand in one issue only.
        few = min(pair.n_issues) < settings["min_issues"]
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
    matched = _difference(values, side, groups)
    row |= {
        "difference_matched": matched, "same_sign": np.sign(matched) == np.sign(difference),
        "n_articles_kept_a": int((weights[pair.own] > 0).sum()), "n_articles_kept_b": int((weights[~pair.own] > 0).sum()),
        "n_issues_kept_a": n_a, "n_issues_kept_b": n_b, "ess_a": ess[0], "ess_b": ess[1],
        "strata": _strata_words(pair, confound, n_strata), "n_strata": n_strata, "n_strata_left_out": left_out,
        "smd_after": _smd_after(pair, confound, weights),
    }  # fmt: skip
    least = settings["min_issues"]
    if short := [(name, n) for name, n in ((pair.a, n_a), (pair.b, n_b)) if n < least]:
        return row | {"reason": stored(reason("issues left", sides=short, needed=least))}
    if not testable:
        return row | {"reason": stored(reason("no stratum in two issues", confound=confound))}
    permutations, confidence = min(settings["permutations"], PERMUTATIONS), settings["confidence"]
    if confound == "date":
        lower, upper = stratified_interval(values, side, groups, confidence)
        rng = generator(seed, "date", weighting, pair.a, pair.b)
        p = stratified_test(values, side, groups, permutations, rng)[3]
    else:
        # A constant keeps pseudo-values from being negative, which `contrasts` would take for less than no article.
        found = contrasts(
            pair.issues.iloc[kept].assign(n_articles=1), values - values.min() + 1, permutations=permutations, seed=seed,
            min_issues=settings["min_issues"], min_articles=0, confidence=confidence,
        )  # fmt: skip
        lower, upper, p = (found[name].to_numpy(float) for name in ("lower", "upper", "p"))
    # Shares differ by no more than 1, whatever an interval of few issues says.
    lower, upper = np.maximum(lower, -1.0), np.minimum(upper, 1.0)
    return row | {
        "lower": lower, "upper": upper, "p_matched": p, "tested": True, "holds": row["same_sign"] & (p <= ALPHA), "reason": "",
    }  # fmt: skip


def _difference(values: np.ndarray, side: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    mass = _issue_weights(side, stratum)
    return (np.where(side, mass, -mass)) @ values


def _issue_weights(side: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Weights (n,) of issues with the sum 1 on each side: r(g) / n(g) of `stratified_test`. All strata are shared."""
    codes = np.unique(stratum, return_inverse=True)[1]
    n_a, n_b = np.bincount(codes[side]), np.bincount(codes[~side])
    target = n_a * n_b / (n_a + n_b)
    target /= target.sum()
    return target[codes] / np.where(side, n_a[codes], n_b[codes])


def _smd_after(pair: _Pair, confound: str, weights: np.ndarray) -> float:
    """Standardised difference of the confound that remains once articles have these weights."""
    if confound == "repeats":
        return 0.0
    rows = weights > 0
    a, b = rows & pair.own, rows & ~pair.own
    if confound == "genre":
        kinds = np.unique(pair.table["kind"].to_numpy(str), return_inverse=True)[1]
        return kinds_difference(
            *(np.bincount(kinds[part], weights[part], minlength=kinds.max() + 1) for part in (a, b))
        )
    column = {"length": "length", "quality": "quality", "date": "day"}[confound]
    values = pair.table[column].to_numpy(float)
    known = [values[part & np.isfinite(values)] for part in (pair.own, ~pair.own)]
    means = [float(np.average(values[part], weights=weights[part])) for part in (a, b)]
    return _over(means[0] - means[1], np.sqrt((known[0].var() + known[1].var()) / 2), max(map(abs, means)))


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


def _strata_words(pair: _Pair, confound: str, n: int) -> str:
    if confound == "repeats":
        return "texts printed once"
    what = CLASSES.get(confound, pair.unit)
    return f"{n} {what if n == 1 else what.replace('class', 'classes') if 'class' in what else what + 's'}"


def _shown(confound: str, value: float) -> tuple[float, str]:
    """The median of a confound as a number and in words."""
    if not isfinite(value):
        return nan, "n/a"
    if confound == "length":
        return float(np.exp(value)), f"{np.exp(value):,.0f} tokens"
    if confound == "quality":
        return value, f"{value:.2f}"
    day = date.fromordinal(int(value))
    start, end = date(day.year, 1, 1).toordinal(), date(day.year, 12, 31).toordinal() + 1
    return day.year + (value - start) / (end - start), day.isoformat()


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


def _unit_number(period: tuple[int, int] | None, unit: str) -> int:
    """The number of the month, quarter or year in which the whole period lies; -1 where there is none."""
    if period is None:
        return -1
    numbers = []
    for day in map(date.fromordinal, period):
        numbers.append(
            {"month": 12 * day.year + day.month, "quarter": 4 * day.year + (day.month - 1) // 3}.get(unit, day.year)
        )
    return numbers[0] if numbers[0] == numbers[1] else -1


class _Design(NamedTuple):
    """Issues sorted by stratum: which are of the first side, and of each stratum (first row, end, issues of the first side)."""

    side: np.ndarray
    blocks: list[tuple[int, int, int]]
    target: np.ndarray  # r(g) of each stratum


def _design(x: np.ndarray, side: np.ndarray, stratum: np.ndarray) -> tuple[_Design, np.ndarray, np.ndarray]:
    """(the design, x around its stratum means in units of `scale`, scale (K,), 0 where x is constant within strata)."""
    codes = np.unique(stratum, return_inverse=True)[1]
    order = np.argsort(codes, kind="stable")
    x, side, codes = x[order], side[order], codes[order]
    sizes = np.bincount(codes)
    n_a = np.bincount(codes, side, minlength=len(sizes)).astype(int)
    ends = np.cumsum(sizes)
    blocks = [(int(end - size), int(end), int(n)) for end, size, n in zip(ends, sizes, n_a, strict=True)]
    target = n_a * (sizes - n_a) / sizes
    starts = ends - sizes
    centred = x - (np.add.reduceat(x, starts, axis=0) / sizes[:, None])[codes]
    ranges = np.maximum.reduceat(x, starts, axis=0) - np.minimum.reduceat(x, starts, axis=0)
    constant = ranges.max(axis=0) <= _CONSTANT
    scale = np.where(constant, 0.0, np.sqrt((centred**2).sum(axis=0) / (len(x) - len(sizes))))
    z = np.where(constant, 0.0, centred / np.where(constant, 1.0, scale))
    return _Design(side, blocks, target / target.sum()), z, scale


class _Statistic:
    """The difference of `stratified_test` and its squared standard error, for many labellings at once.

    With S and Q the sums of z and z^2 over the first side of a stratum, z being centred in it, the sums of squares around the
    means are Q - S^2 / n_a and (sum of z^2) - Q - S^2 / n_b. All estimates of the error are sums of these with coefficients
    that labels don't change, so what is linear is one product of matrices, and only S^2 is summed by stratum.
    """

    def __init__(self, design: _Design, z: np.ndarray) -> None:
        self.design, self.z = design, z
        start, end, n_a = (np.array(column) for column in zip(*design.blocks, strict=True))
        counts = np.stack([n_a, end - start - n_a]).astype(float)  # shape (2, G)
        r, self.row = design.target, np.repeat(np.arange(len(start)), end - start)
        self.counts, self.inverse = counts, (1 / counts).sum(axis=0)
        self.floor = _FLOOR * (r**2 * self.inverse).sum()
        self.linear = (r * self.inverse)[self.row, None] * z
        self.spare = (counts - 1).sum(axis=1)
        self.paired = self.spare.sum() == 0
        if self.paired:
            self.quadratic = (r * self.inverse) ** 2
            self.cross = (r**2 * self.inverse)[self.row, None] * z
            return
        # What a sum of squares counts: in its own stratum, and for the issues that are alone on their side of theirs.
        alone = np.where(counts == 1, r**2, 0.0).sum(axis=1)
        own = np.divide(r**2, counts * (counts - 1), out=np.zeros_like(counts), where=counts > 1)
        self.own, self.lent = own, np.zeros((2, 2))  # lent[s, u]: to side s of side u
        for s in (0, 1):
            if self.spare[s]:
                self.lent[s, s] = alone[s] / self.spare[s]
            else:
                self.lent[s] = alone[s] / self.spare.sum()
        total = own + self.lent.sum(axis=0)[:, None]
        self.quadratic = -(total / counts).sum(axis=0)
        self.squares = (total[0] - total[1])[self.row, None] * z**2
        self.constant = total[1][self.row] @ z**2

    def __call__(self, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(difference, squared standard error), shape (B, K). labels: 0/1, shape (B, n), as many ones in each stratum as the
        first side has issues there."""
        difference = labels @ self.linear
        squared = np.zeros_like(difference)
        for (start, end, _), factor in zip(self.design.blocks, self.quadratic, strict=True):
            sums = labels[:, start:end] @ self.z[start:end]
            sums *= sums
            sums *= factor
            squared += sums
        if self.paired:
            pairs, ones = len(self.design.blocks), (self.design.target**2).sum()
            squared += difference * (difference * ones - 2 * (labels @ self.cross))
            squared *= pairs / max(pairs - 1, 1) * (pairs > 1)
        else:
            squared += labels @ self.squares + self.constant
        return difference, np.maximum(squared, self.floor)

    def freedom(self, squared: np.ndarray) -> np.ndarray:
        """Degrees of freedom (K,) of the error of the data, by Satterthwaite; 1 where it is 0. squared: of the data."""
        if self.paired:
            return np.full(self.z.shape[1], max(len(self.design.blocks) - 1, 1))
        fourth, pooled = np.zeros(self.z.shape[1]), np.zeros((2, self.z.shape[1]))
        sides = (self.design.side, ~self.design.side)
        for g, (start, end, _) in enumerate(self.design.blocks):
            for s in (0, 1):
                values = self.z[start:end][sides[s][start:end]]
                if len(values) > 1:
                    within = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
                    pooled[s] += within
                    fourth += (self.own[s, g] * within) ** 2 / (len(values) - 1)
        for s in (0, 1):
            known = self.spare[s] or self.spare.sum()
            fourth += (self.lent[s] @ pooled) ** 2 / known
        return np.divide(squared**2, fourth, out=np.ones_like(squared), where=fourth > 1e-200)


def _random_labels(design: _Design, permutations: int, step: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Batches of random labellings within strata; the draws don't depend on the size of a batch."""
    n = len(design.side)
    for done in range(0, permutations, step):
        size = min(step, permutations - done)
        keys, labels = rng.random((size, n)), np.zeros((size, n))
        rows = np.arange(size)[:, None]
        for start, end, n_a in design.blocks:
            labels[rows, start + np.argpartition(keys[:, start:end], n_a - 1, axis=1)[:, :n_a]] = 1.0
        yield labels


def _all_labels(design: _Design, ways: int, step: int) -> Iterator[np.ndarray]:
    """Batches of all labellings within strata."""
    parts = []
    for start, end, n_a in design.blocks:
        picked = np.array(list(combinations(range(end - start), n_a)), dtype=int)
        part = np.zeros((len(picked), end - start))
        np.put_along_axis(part, picked, 1.0, axis=1)
        parts.append(part)
    for done in range(0, ways, step):
        numbers = np.unravel_index(np.arange(done, min(done + step, ways)), [len(part) for part in parts])
        yield np.hstack([part[index] for part, index in zip(parts, numbers, strict=True)])


def _sums(weights: np.ndarray, codes: np.ndarray, n_groups: int) -> sparse.csr_array:
    """Sparse (n_groups, A) whose product with an array sums its weighted rows by group."""
    return sparse.csr_array((weights, (codes, np.arange(len(codes)))), shape=(n_groups, len(codes)))


def _over(difference: float, deviation: float, size: float) -> float:
    """A difference in deviations; 0 or infinite where there is no deviation. size: of the values, for rounding."""
    if deviation > 1e-12 * max(size, 1e-300):
        return float(difference / deviation)
    return 0.0 if abs(difference) <= 1e-9 * size else float(np.copysign(inf, difference))
