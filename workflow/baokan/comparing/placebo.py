"""The same comparison where nothing is to be found, on the user's own corpus: what nothing looks like there.

Three placebos, of which each shows another kind of nothing:

- *shuffled*: the labels of the sources are dealt out at random over their issues, and the whole comparison is made again.
  The permutation test does the same, so this does not add evidence: it checks that the tests keep their level here, and
  shows how large the differences are that chance gives.
- *halves*: a source is cut into its earlier and its later half by date. Both are one source: what differs is drift in time
  (and whatever changed with it). A difference between sources of different periods that is no larger may be drift. Its p
  allows for dependence between consecutive issues and finds only what lasts; read the size beside that of alternate.
- *alternate*: a source is dealt in two, every other issue in the order of dates, publication by publication. The two have
  the same source and the same period: what differs is noise of issues. (Unless what is printed alternates as well.)

And the placebo *rank*: where a source has too few issues to be compared, its share is set among those of the issues of a
source with RANK_ISSUES or more. It is told as a count, never as a probability: the issues of a source are no random draw of
anything.

The unit is the issue; shares and differences are fractions (see `baokan.comparing.shares`).
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from baokan.comparing.contrasts import contrasts
from baokan.comparing.dates import days, overlap
from baokan.comparing.limits import ALPHA, CHECK_PERMUTATIONS, WEIGHTINGS, Limits
from baokan.comparing.reasons import Reason, few_issues, reason, stored
from baokan.comparing.shares import issue_shares, source_shares
from baokan.corpus.originals import originals
from baokan.statistics.permutation import generator, random_labels

RANK_ISSUES = 10  # issues that a source needs to serve as reference
# Rounds in which the tests are made again; differences alone are cheap and are taken from LABELLINGS deals.
MOST_ROUNDS = 100
LEAST_ROUNDS = 10
ROUND_PAIRS = 300  # pairs of sources tested in all rounds together, about
MOST_SHUFFLED = 12  # sources that are dealt out, those with the most issues
# p <= ALPHA / pairs, which Holm's first step asks, can be reached with so many permutations for each pair.
ROUND_PERMUTATIONS = 199
LABELLINGS = 499
# Among fewer ways to deal the issues out there is no 95 % point.
LEAST_WAYS = 20
EQUAL = 1e-12  # shares that differ by less are equal: rounding decides no rank

PLACEBO = {
    "kind": "str", "draw": "int64", "source": "str", "topic_id": "int64", "weighting": "str", "source_a": "str", "source_b": "str",
    "n_issues_a": "int64", "n_issues_b": "int64", "difference": "float64", "p": "float64", "p_maxt": "float64",
    "eligible": "bool", "tested": "int64", "reached": "int64", "claimed": "int64",
}  # fmt: skip
CONTRASTS = {
    "topic_id": "int64", "source_a": "str", "source_b": "str", "weighting": "str", "n_issues_a": "int64", "n_issues_b": "int64",
    "difference": "float64", "shuffled_95": "float64", "halves_largest": "float64", "halves_of": "str",
    "alternate_largest": "float64", "overlap": "str", "reason": "str",
}  # fmt: skip
SIZES = {
    "weighting": "str", "source_a": "str", "source_b": "str", "n_issues_a": "int64", "n_issues_b": "int64", "q05": "float64",
    "q50": "float64", "q95": "float64", "largest_95": "float64",
}  # fmt: skip
RANKS = {
    "topic_id": "int64", "weighting": "str", "source": "str", "n_issues": "int64", "share": "float64", "lowest": "float64",
    "highest": "float64", "reference": "str", "n_reference": "int64", "above": "int64", "below": "int64",
    "lowest_above": "int64", "highest_below": "int64",
}  # fmt: skip
KINDS = {"placebo": PLACEBO, "placebo_contrasts": CONTRASTS, "placebo_sizes": SIZES, "ranks": RANKS}


def placebo_tables(
    articles: pd.DataFrame, theta: np.ndarray, topics: pd.DataFrame, limits: Limits, seed: int, draws: int = 200
) -> dict[str, pd.DataFrame]:
    """The tables placebo, placebo_contrasts, placebo_sizes and ranks.

    articles: article_id, source, publication, issue, issue_date, n_tokens, duplicate_of; theta: shape (A, K), in the same
    order; topics: its K columns (topic_id, excluded; those excluded are left out).
    draws: the most rounds of "shuffled"; fewer are made where each takes long (MOST_ROUNDS, ROUND_PAIRS).

    placebo, kinds "halves" and "alternate": a row per weighting, source and topic, source_a and source_b named as in
    "newspaper, earlier half"; difference (a - b), p, p_maxt (NaN unless eligible) and eligible as in
    `baokan.comparing.contrasts.contrasts`; tested, reached and claimed are 1 or 0, of it (p at most 0.05; p_maxt at most 0.05).
    Kind "shuffled", of the weighting that is told: a row per draw (from 1) and pair of sources, topic_id 0: all its topics
    together. tested: eligible topics; reached: those with p of at most 0.05; claimed: with p_holm of at most 0.05;
    difference: the largest in size; p and p_maxt: the smallest; eligible: whether any topic was.

    placebo_contrasts: a row per weighting, topic and pair of sources. difference: the real one; shuffled_95: the 95 % point of
    |difference| when the labels of the two are dealt out among their issues; halves_largest: the largest |difference|
    between the halves of either source, halves_of: which of them have halves; alternate_largest: the same of every other issue;
    overlap of the periods (yes, no, unknown); reason: why there is no shuffled_95 or no halves_largest, "" where both are.

    placebo_sizes: a row per weighting and pair: quantiles of |difference| in such deals, over all topics (q05, q50, q95), and
    largest_95, the 95 % point of the largest |difference| of any topic.

    ranks: a row per weighting, topic, source of 1 to 9 issues, and reference of 10 or more. share: the mean over the source's
    issues; lowest, highest: of its issues; above, below: issues of the reference with a smaller share, a larger one;
    lowest_above: those below even its lowest issue; highest_below: those above even its highest.
    """
    own = originals(articles)
    kept = np.flatnonzero(~topics["excluded"].to_numpy(bool))
    ids = topics["topic_id"].to_numpy()[kept].astype(int)
    theta = np.asarray(theta, dtype=float)[own]
    articles = articles[own].reset_index(drop=True)
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in KINDS}
    for weighting in WEIGHTINGS:
        issues, shares = issue_shares(articles, theta, weighting)
        described = source_shares(issues, shares, limits, articles=articles, theta=theta, weighting=weighting)
        means = {s: part.sort_values("topic")["share"].to_numpy(float)[kept] for s, part in described.groupby("source")}
        shares = shares[:, kept]
        within = _within(issues, shares, limits, seed)
        dealt = [_shuffled(issues, shares, limits, seed, draws)] if weighting == limits.weighting else []
        real, sizes = _real(issues, shares, means, within, limits, seed)
        ranks = _ranks(issues, shares)
        found = {"placebo": [*dealt, within], "placebo_contrasts": real, "placebo_sizes": sizes, "ranks": ranks}
        for name, parts in found.items():
            tables[name].append(_joined(parts, KINDS[name], weighting=weighting))
    out = {name: _joined(parts, KINDS[name]) for name, parts in tables.items()}
    numbers = np.append(ids, 0)  # the last, which is place -1, stands for all topics together
    for table in out.values():
        if "topic_id" in table:
            table["topic_id"] = numbers[table["topic_id"].to_numpy(int)]
    return out


def halves(issues: pd.DataFrame, min_issues: int) -> np.ndarray | None:
    """For each issue of one source 0 in its earlier half, 1 in its later, -1 without a date; None where a half would have
    fewer than ``min_issues``. issues: issue_id, date.

    The cut lies nearest the middle where it parts no issues of the same date.
    """
    key, place = _in_time(issues)
    n = len(place)
    dates = key[place]
    cuts = [c for c in range(min_issues, n - min_issues + 1) if dates[c] != dates[c - 1]]
    if not cuts:
        return None
    cut = min(cuts, key=lambda c: (abs(2 * c - n), c))
    out = np.full(len(issues), -1)
    out[place[:cut]], out[place[cut:]] = 0, 1
    return out


def alternate(issues: pd.DataFrame, min_issues: int) -> np.ndarray | None:
    """For each issue of one source 1 if it is odd and 0 if it is even in the order of dates, -1 without a date; None where
    a side would have fewer than ``min_issues``. issues: issue_id, publication, date.

    The count runs on from publication to publication: two papers of the same days do not become the two sides.
    """
    _, place = _in_time(issues)
    publication = issues["publication"].to_numpy(dtype=str)
    place = place[np.argsort(publication[place], kind="stable")]
    if len(place) // 2 < min_issues:
        return None
    out = np.full(len(issues), -1)
    out[place[0::2]], out[place[1::2]] = 1, 0
    return out


def _in_time(issues: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(the middle of the days of each issue's date, NaN without one; the dated issues in that order, then by issue_id)."""
    spans = [days(d) for d in issues["date"]]
    key = np.array([np.nan if s is None else (s[0] + s[1]) / 2 for s in spans], dtype=float)
    order = np.lexsort((issues["issue_id"].to_numpy(dtype=str), key))
    return key, order[~np.isnan(key[order])]


def _within(issues: pd.DataFrame, shares: np.ndarray, limits: Limits, seed: int) -> pd.DataFrame:
    """Rows of kinds "halves" and "alternate", topic_id being the place of the topic."""
    parts = []
    for kind, split, names in (
        ("halves", halves, ("earlier half", "later half")),
        ("alternate", alternate, ("even issues", "odd issues")),
    ):
        for source, rows in sorted(issues.groupby("source").indices.items()):
            side = split(issues.iloc[rows], limits.min_issues)
            if side is None:
                continue
            used = rows[side >= 0]
            named = np.array([f"{source}, {name}" for name in names], dtype=object)[side[side >= 0]]
            table = contrasts(
                issues.iloc[used].assign(source=named),
                shares[used],
                limits.with_permutations(CHECK_PERMUTATIONS),
                seed=seed,
            )
            parts.append(table.assign(kind=kind, source=source))
    if not parts:
        return _none(PLACEBO)
    out = pd.concat(parts, ignore_index=True).rename(columns={"topic": "topic_id"})
    out["draw"] = 0
    out["tested"] = out["eligible"].astype(int)
    out["reached"], out["claimed"] = (out["p"] <= ALPHA).astype(int), (out["p_maxt"] <= ALPHA).astype(int)
    return out


def _shuffled(issues: pd.DataFrame, shares: np.ndarray, limits: Limits, seed: int, draws: int) -> pd.DataFrame:
    """Rows of kind "shuffled", topic_id being the last place, which stands for all topics."""
    sizes = issues["source"].value_counts()
    sizes = sizes[sizes >= limits.min_issues]
    chosen = sorted(sorted(sizes.index, key=lambda s: (-sizes[s], s))[:MOST_SHUFFLED])
    n_pairs = comb(len(chosen), 2)
    if not n_pairs or not shares.shape[1]:
        return _none(PLACEBO)
    mine = issues["source"].isin(chosen).to_numpy()
    order = np.argsort(issues["issue_id"].to_numpy(dtype=str)[mine], kind="stable")
    issues, shares = issues[mine].iloc[order].reset_index(drop=True), shares[mine][order]
    n_articles = issues["n_articles"].to_numpy()
    rounds = min(draws, MOST_ROUNDS, max(LEAST_ROUNDS, ROUND_PAIRS // n_pairs))
    of_a_round = limits.with_permutations(max(ROUND_PERMUTATIONS, int(np.ceil(n_pairs / ALPHA)) - 1))
    parts = []
    for draw in range(1, rounds + 1):
        rng = generator(seed, "placebo", str(draw))
        # Source, publication and date stay together and are dealt out to what issues hold. With the source alone, each
        # would have issues of several publications, and these would pass for dependence in time.
        dealt = rng.permutation(len(issues))
        table = contrasts(
            issues.assign(n_articles=n_articles[dealt]), shares[dealt], of_a_round, seed=int(rng.integers(1 << 31))
        )
        parts.append(table.assign(draw=draw))
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(
        difference=table["difference"].abs(), tested=table["eligible"].astype(int),
        reached=(table["p"] <= ALPHA).astype(int), claimed=(table["p_holm"] <= ALPHA).astype(int),
    )  # fmt: skip
    by = table.groupby(["draw", "source_a", "source_b"], sort=True)
    out = by.agg(
        n_issues_a=("n_issues_a", "first"), n_issues_b=("n_issues_b", "first"), difference=("difference", "max"),
        p=("p", "min"), p_maxt=("p_maxt", "min"), eligible=("eligible", "any"), tested=("tested", "sum"),
        reached=("reached", "sum"), claimed=("claimed", "sum"),
    )  # fmt: skip
    return out.reset_index().assign(kind="shuffled", source="", topic_id=-1)


def _real(
    issues: pd.DataFrame,
    shares: np.ndarray,
    means: dict[str, np.ndarray],
    within: pd.DataFrame,
    limits: Limits,
    seed: int,
) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    """(rows of placebo_contrasts, rows of placebo_sizes); topic_id is the place of the topic. means: by source, also those
    without issues, shape (n_topics,)."""
    n_topics = shares.shape[1]
    order = np.argsort(issues["issue_id"].to_numpy(dtype=str), kind="stable")
    labels, shares = issues["source"].to_numpy(dtype=str)[order], shares[order]
    split = {
        key: part.sort_values("topic_id")["difference"].abs().to_numpy(float)
        for key, part in within.groupby(["kind", "source"])
    }
    pairs, differences, sizes = [], [], []
    for a, b in combinations(sorted(means), 2):
        rows = [np.flatnonzero(labels == source) for source in (a, b)]
        n_a, n_b = map(len, rows)
        pair = {"source_a": a, "source_b": b, "n_issues_a": n_a, "n_issues_b": n_b}
        missing, chance = _few(pair, limits.min_issues), np.full(n_topics, np.nan)
        if not missing and n_topics:
            dealt = _dealt(shares[np.concatenate(rows)], n_a, generator(seed, "deal", a, b))
            chance = np.quantile(dealt, 0.95, axis=0)
            quantiles = dict(zip(("q05", "q50", "q95"), np.quantile(dealt, [0.05, 0.5, 0.95]), strict=True))
            sizes.append(pair | quantiles | {"largest_95": np.quantile(dealt.max(axis=1), 0.95)})
        of = {kind: [split[kind, s] for s in (a, b) if (kind, s) in split] for kind in ("halves", "alternate")}
        reasons = missing if of["halves"] else [*missing, reason("no halves")]
        pairs.append(
            pair
            | {"halves_of": ", ".join(s for s in (a, b) if ("halves", s) in split)}
            | {"overlap": overlap(issues, a, b)}
            | {"reason": stored(*reasons)}
        )
        differences.append([means[a] - means[b], chance, *(_largest(of[k], n_topics) for k in ("halves", "alternate"))])
    if not pairs:
        return [], []
    real = pd.DataFrame(pairs).loc[np.repeat(np.arange(len(pairs)), n_topics)].reset_index(drop=True)
    real["topic_id"] = np.tile(np.arange(n_topics), len(pairs))
    names = ["difference", "shuffled_95", "halves_largest", "alternate_largest"]
    real[names] = np.array(differences).transpose(0, 2, 1).reshape(-1, len(names))
    return [real], [pd.DataFrame(sizes)]


def _few(pair: dict, min_issues: int) -> list[Reason]:
    """Why nothing is said of dealing out the issues of two sources; nothing where there is."""
    n_a, n_b = pair["n_issues_a"], pair["n_issues_b"]
    if short := few_issues([(pair["source_a"], n_a), (pair["source_b"], n_b)], min_issues):
        return short
    return [reason("few ways")] if comb(n_a + n_b, n_a) < LEAST_WAYS else []


def _largest(sizes: list[np.ndarray], n_topics: int) -> np.ndarray:
    """The largest of each topic, NaN where there is none."""
    return np.max(sizes, axis=0) if sizes else np.full(n_topics, np.nan)


def _dealt(x: np.ndarray, n_a: int, rng: np.random.Generator) -> np.ndarray:
    """|difference of means| in LABELLINGS deals of the rows of ``x`` (n, n_topics), ``n_a`` to one side; shape
    (LABELLINGS, n_topics)."""
    n = len(x)
    of_a = np.concatenate([labels @ x for labels in random_labels([(n, n_a)], LABELLINGS, rng)])
    return np.abs(of_a / n_a - (x.sum(axis=0) - of_a) / (n - n_a))


def _ranks(issues: pd.DataFrame, shares: np.ndarray) -> list[pd.DataFrame]:
    """Rows of `ranks`; topic_id is the place of the topic."""
    rows = issues.groupby("source").indices
    small = sorted(s for s, own in rows.items() if len(own) < RANK_ISSUES)
    large = sorted(s for s, own in rows.items() if len(own) >= RANK_ISSUES)
    out = []
    for source in small:
        own = shares[rows[source]]
        # The order of rows must not show, not even in the last digit of a mean.
        mean, lowest, highest = np.sort(own, axis=0).mean(axis=0), own.min(axis=0), own.max(axis=0)
        for reference in large:
            theirs = shares[rows[reference]]
            counts = {
                "above": _count(theirs < mean - EQUAL), "below": _count(theirs > mean + EQUAL),
                "lowest_above": _count(theirs < lowest - EQUAL), "highest_below": _count(theirs > highest + EQUAL),
            }  # fmt: skip
            part = pd.DataFrame(
                {
                    "topic_id": np.arange(shares.shape[1]), "source": source, "n_issues": len(own), "share": mean,
                    "lowest": lowest, "highest": highest, "reference": reference, "n_reference": len(theirs), **counts,
                }
            )  # fmt: skip
            out.append(part)
    return [pd.concat(out).sort_values(["topic_id", "source", "reference"], kind="stable")] if out else []


def _count(marks: np.ndarray) -> np.ndarray:
    return marks.sum(axis=0)


def _none(columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def _joined(parts: list[pd.DataFrame], columns: dict[str, str], **same: str) -> pd.DataFrame:
    """The rows of all parts, with these columns in these types, whether there are rows or not. same: columns of one value."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return _none(columns)
    return pd.concat(filled, ignore_index=True).assign(**same).reindex(columns=list(columns)).astype(columns)
