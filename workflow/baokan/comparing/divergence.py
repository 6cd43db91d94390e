"""How far apart sources are, by topic and by word: the Jensen-Shannon divergence, beside what chance alone would show.

Each source is the mean over its issues of a distribution: of topics (the shares of `baokan.comparing.shares`, the topics
that the user excluded left out and the others brought to a sum of 1, issue by issue) or of words (the relative frequencies
of the counted words). Two such means p and q lie apart by the Jensen-Shannon divergence (Lin 1991, eq. 4.1, equal weights),
in bits, from 0 (the same) to 1 (nothing in common), which is a sum over items of terms of 0 or more
(`baokan.statistics.jensen_shannon`). Together with the side that has more of an item the terms make a shift graph (Pechenick,
Danforth & Dodds 2015; Gallagher et al. 2021, Generalized word shift graphs, EPJ Data Science 10:4).

**Bias.** Two samples of one distribution lie apart too: the fewer the issues and the thinner each of them, the farther. So
the divergence is shown less its null, the mean over random deals of the two sources' issues between them.

**Equal thickness.** Dealing out issues is fair only among issues that are alike in size. In a simulation of bursty text
with no difference at all, 6 issues of 300 words against 48 of 9,000 lay apart by 0.12 bits more than issues dealt at
random, 12 against 12 by 0.02, and every test was significant. So the tested value is `matched`: the issues of both
sides are first cut to the same distribution of thickness (see `targets`). Thickness is counted words; for topics,
articles. An issue is cut by drawing its passages (chunks of some 300 words; for topics its articles) at random until
the target is reached, the last one by drawing its words. Passages and not words: a draw of single words from a thick
number is smoother than a thin paper, which is made of few articles; with 6 thin issues against 48 thick ones false
positives at a nominal 5 % were 40 % where words were drawn and 2 % with passages. All values are means over `DRAWS`
draws, and so is p: each draw is tested by itself. (A divergence averaged over draws first and then tested gave 20 % in
the simulation of the unit tests, p averaged 5 % or less: averaging smooths the issues that were cut and leaves the thin
ones as they are.)

**Equal size.** The excess depends on size as well, if less: thin issues hide what differs in rare words. So values of
different pairs can be compared only at the same number of issues and the same thickness: `equal_excess` draws from each
source as many issues as the smallest source that takes part has, cut rank by rank to the thinnest of all sources, deals
them out at random, and averages the difference.

**What the test means.** p = (1 + #{JSD* >= JSD}) / (1 + B) (Phipson & Smyth 2010), averaged over draws. It asks whether
the issues of the two sources could have changed places. A divergence is not studentised as a difference of means is, so
a small p says that the sources differ in something: in their means, or in how much their issues vary, the more so with
very unequal numbers of issues. Issues are dealt freely over time: sources of different periods differ for that alone. p
is not corrected for the number of pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.comparing.limits import WEIGHTINGS, Limits
from baokan.comparing.reasons import few_issues, reason, stored
from baokan.corpus.ids import issue_id
from baokan.corpus.originals import originals
from baokan.statistics.jensen_shannon import contributions, dealt_divergences, upper_point
from baokan.statistics.permutation import generator, least_reaching, orders, p_value

TABLE = [
    "by", "weighting", "source_a", "source_b", "n_issues_a", "n_issues_b", "observed", "matched", "thickness",
    "null_mean", "excess", "null_upper", "p", "equal_size", "equal_null", "equal_excess", "n_equal", "thickness_equal",
    "reason",
]  # fmt: skip
SHIFTS = [
    "by", "weighting", "source_a", "source_b", "item", "share_a", "share_b", "more_in", "contribution", "matched",
    "null_contribution", "excess",
]  # fmt: skip
WORD_PERMUTATIONS = 299  # 300 with the data's own: p goes down to 1/300, and 5 % is a whole number of them
DRAWS = 10  # thinnings over which the tested value is averaged
EQUAL_DRAWS, EQUAL_DEALS = 20, 10  # draws at equal size, and random deals of each
SHIFT_ROWS = 100_000  # rows of the shifts, shared over the pairs; what is left of a pair stands in one row
REST = ""  # its item
_CELLS = 2_000_000  # of one batch of permutations: 16 MB an array
_UNITS = 100_000  # articles or chunks that are drawn at once


class Units(NamedTuple):
    """The pieces that issues are made of, sorted by issue, and which issue is of which source."""

    source: np.ndarray  # of each issue, shape (I,)
    start: np.ndarray  # of each issue's units, shape (I + 1,)
    size: np.ndarray  # whole number of each unit, what thickness is counted in, shape (U,)
    values: sparse.csr_array  # mass of each item in each unit, shape (U, V); each row has some
    loose: dict[str, np.ndarray]  # by source that has no issue: the distribution of all it has, shape (V,)

    @property
    def thickness(self) -> np.ndarray:
        """Size of each issue, shape (I,)."""
        return np.add.reduceat(self.size, self.start[:-1]) if len(self.source) else np.zeros(0, int)


def divergence_tables(
    articles: pd.DataFrame,
    theta: np.ndarray,
    topics: pd.DataFrame,
    chunks: pd.DataFrame,
    counts: sparse.csr_matrix,
    vocabulary: pd.DataFrame,
    limits: Limits,
    seed: int,
    word_permutations: int = WORD_PERMUTATIONS,
) -> dict[str, pd.DataFrame]:
    """The tables divergence and shifts, by topic (both weightings) and by word, of every pair of sources.

    articles: article_id, source, publication, issue, duplicate_of (repeats are not counted). theta: shape (A, K), a row for
    each article, all NaN where it has none. topics: its K columns in order (topic_id, excluded). chunks, counts,
    vocabulary: of the words stage. word_permutations: at most so many for words.

    divergence, a row per by ("topic", "word"), weighting (for words "token": each word of an issue counts once) and pair
    (source_a < source_b), all in bits:

    - observed: of all that there is. The rest is NaN where a side has fewer than min_issues issues; reason says so;
    - matched: the mean over draws at the same thickness; thickness: the mean size of an issue there (words; articles);
    - null_mean, null_upper: mean and `confidence` point of `matched` when issues are dealt at random; excess, matched less
      null_mean; p;
    - equal_size, equal_null, equal_excess (their difference): at n_equal issues a side of thickness_equal on average, the
      same for all pairs; n_equal is 0 where it was not done.

    n_issues_a, n_issues_b: issues with a counted article. A source without any is taken as one text. observed is NaN for a
    source with nothing counted.

    shifts, a row per by, weighting, pair and item (topic_id or term), sorted by excess, where there is none by
    contribution: share_a, share_b, more_in (the source with more of it, "" if equal), contribution (sums to observed),
    matched (sums to matched), null_contribution (sums to null_mean), excess (sums to excess). With many pairs the last
    items of a pair stand together in the row REST.

    A word that one source does not count by the user's wish (vocabulary, dropped_in) is left out of all.

    Raises ValueError for tables that don't fit together.
    """
    if len(theta) != len(articles) or np.shape(theta)[1] != len(topics):
        raise ValueError(f"theta has the shape {np.shape(theta)}; {len(articles)} articles, {len(topics)} topics")
    if counts.shape[0] != len(chunks):
        raise ValueError(f"counts has {counts.shape[0]} rows, chunks has {len(chunks)}")
    counted = chunks.groupby("article_id")["n_tokens"].sum()
    table = pd.DataFrame(
        {name: articles[name].to_numpy() for name in ("article_id", "source", "duplicate_of")}
        | {
            "issue_id": [
                issue_id(*("" if pd.isna(part) else str(part) for part in row))
                for row in zip(articles["source"], articles["publication"], articles["issue"], strict=True)
            ],
            "n_tokens": articles["article_id"].map(counted).fillna(0).to_numpy(),
            "row": np.arange(len(articles)),
        }
    )
    table = table[originals(table)].sort_values("article_id", kind="stable", ignore_index=True)
    sources = sorted(table["source"].unique())
    made = []
    kept = topics[~topics["excluded"].to_numpy(bool)]
    # One topic brought to a sum of 1 is the whole of every source: it has nothing to be set against.
    kept = kept if len(kept) > 1 else kept[:0]
    for weighting in WEIGHTINGS:
        units = topic_units(
            table, np.asarray(theta, float)[table["row"]], topics.index.get_indexer(kept.index), weighting
        )
        items = [str(t) for t in kept["topic_id"]]
        made.append(("topic", weighting, units, items, limits.permutations))
    units, terms = word_units(table, chunks, counts, vocabulary)
    made.append(("word", "token", units, terms, min(word_permutations, limits.permutations)))
    found = [_compared(*one, sources, limits, seed) for one in made]
    divergence = pd.concat([d for d, _ in found], ignore_index=True)
    return {"divergence": divergence, "shifts": pd.concat([s for _, s in found], ignore_index=True)}


def topic_units(table: pd.DataFrame, theta: np.ndarray, kept: np.ndarray, weighting: str) -> Units:
    """Articles as the units of issues. table: source, issue_id, n_tokens; theta: shape (A, K); kept: columns that are compared.
    An article without tokens, or with nothing of the kept topics, is left out. With weighting "token" it counts by its tokens."""
    mass = theta[:, np.asarray(kept, int)]
    mass = mass * (table["n_tokens"].to_numpy(float)[:, None] if weighting == "token" else 1.0)
    usable = (table["n_tokens"].to_numpy() > 0) & (np.nan_to_num(mass).sum(axis=1) > 0)
    return _units(table[usable], np.ones(int(usable.sum()), int), sparse.csr_array(np.nan_to_num(mass[usable])))


def word_units(
    table: pd.DataFrame, chunks: pd.DataFrame, counts: sparse.csr_matrix, vocabulary: pd.DataFrame
) -> tuple[Units, list[str]]:
    """Chunks as the units of issues, and the terms that are compared: those that every source counts. table: article_id,
    source, issue_id; the rest as of `divergence_tables`."""
    known = vocabulary[vocabulary["index"] >= 0].sort_values("index")
    known = known[known["dropped_in"] == ""] if "dropped_in" in known else known
    order = np.argsort(chunks["chunk_id"].to_numpy(str), kind="stable")
    place = pd.Series(np.arange(len(table)), index=table["article_id"])
    row = chunks["article_id"].map(place).to_numpy(float)[order]
    masses = sparse.csr_array(counts)[order][:, known["index"].to_numpy(int)]
    size = np.asarray(masses.sum(axis=1)).ravel().astype(int)
    usable = ~np.isnan(row) & (size > 0)
    row, masses, size = row[usable].astype(int), masses[usable], size[usable]
    return _units(table.iloc[row], size, masses), list(known["term"])


def _units(table: pd.DataFrame, size: np.ndarray, values: sparse.csr_array) -> Units:
    """Units in the order of their issues; those of sources without any issue pooled. table: source and issue_id of each."""
    source, issue = table["source"].to_numpy(str), table["issue_id"].to_numpy(str)
    loose = {}
    for name in sorted(set(source) - set(source[issue != ""])):
        mass = np.asarray(values[source == name].sum(axis=0)).ravel().astype(float)
        loose[name] = mass / mass.sum()
    inside = np.flatnonzero(issue != "")
    order = inside[np.argsort(issue[inside], kind="stable")]
    _, start = np.unique(issue[order], return_index=True)
    values = sparse.csr_array(values[order]).astype(float)
    values.sort_indices()
    return Units(source[order][start], np.append(start, len(order)), size[order], values, loose)


def _compared(
    by: str,
    weighting: str,
    units: Units,
    items: list[str],
    permutations: int,
    sources: list[str],
    limits: Limits,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables for one kind of items; arguments as of `divergence_tables`."""
    least = limits.min_issues
    rows = {s: np.flatnonzero(units.source == s) for s in sources}
    whole = _drawn(units, np.arange(len(units.source)), units.thickness, None)
    means = {s: np.asarray(whole[own].mean(axis=0)).ravel() for s, own in rows.items() if len(own)} | units.loose
    partners = {s: own for s, own in rows.items() if len(own) >= least} if items else {}
    n_equal = min(map(len, partners.values())) if len(partners) > 1 else 0
    pairs = list(combinations(sources, 2))
    most = max(20, SHIFT_ROWS // max(1, len(pairs)))
    equal = units.thickness.copy()
    if n_equal:
        own = np.concatenate(list(partners.values()))
        equal[own] = targets(units.thickness, list(partners.values()), list(partners.values()))
    table, shifts, rank = [], [], np.argsort(np.argsort(items, kind="stable"), kind="stable")
    for a, b in pairs:
        row = dict.fromkeys(TABLE, np.nan) | {
            "by": by, "weighting": weighting, "source_a": a, "source_b": b, "n_issues_a": len(rows[a]),
            "n_issues_b": len(rows[b]), "n_equal": 0, "reason": _reason(by, a, b, rows, means, least, bool(items)),
        }  # fmt: skip
        table.append(row)
        if a not in means or b not in means or not items:
            continue
        terms = contributions(means[a], means[b])
        row["observed"] = float(min(1.0, terms.sum()))
        matched = null = np.full(len(items), np.nan)
        if a in partners and b in partners:
            own, n_a = np.concatenate([rows[a], rows[b]]), len(rows[a])
            target = targets(units.thickness, [rows[a], rows[b]], [rows[a], rows[b]])
            rng = generator(seed, "divergence", by, weighting, a, b)
            thin = bool((target < units.thickness[own]).any())
            copies = list(_draws(units, own, target, DRAWS if thin else 1, rng))
            values, deals, matched, null = dealt_divergences(copies, n_a, permutations, rng)
            reached = (deals >= least_reaching(values)[:, None]).sum(axis=1)
            uppers = [upper_point(of_draw, limits.confidence) for of_draw in deals]
            value = float(values.mean())
            row |= {
                "matched": value, "thickness": float(target.mean()), "null_mean": float(deals.mean()),
                "excess": value - float(deals.mean()), "null_upper": float(np.mean(uppers)),
                "p": float(np.mean(p_value(reached, permutations))),
            }  # fmt: skip
            rng = generator(seed, "equal", by, weighting, a, b)
            row |= _equal(units, rows[a], rows[b], equal, n_equal, rng)
        shifts.append(_shift_rows(row, items, rank, means[a], means[b], terms, matched, null, most))
    divergence = pd.DataFrame(table, columns=TABLE)
    if not shifts:
        return divergence, pd.DataFrame({name: [] for name in SHIFTS})
    return divergence, pd.DataFrame({name: np.concatenate([part[name] for part in shifts]) for name in SHIFTS})


def targets(thickness: np.ndarray, drawn: list[np.ndarray], matched: list[np.ndarray]) -> np.ndarray:
    """The size to which each issue is cut, whole numbers of 1 or more, issue after issue of the sources `drawn`.

    thickness: of all issues, shape (I,); drawn, matched: the rows of each source's issues. An issue at rank r of the n of
    its source, thinnest first, stands at u = (r + 1/2) / n; its target is the smallest over the sources `matched` of their
    quantile at u (Hazen's: midpoints of ranks, joined by lines), which for its own source is its own size.
    """
    result = []
    for own in drawn:
        u = np.empty(len(own))
        u[np.argsort(thickness[own], kind="stable")] = (np.arange(len(own)) + 0.5) / len(own)
        quantiles = [np.quantile(thickness[other], u, method="hazen") for other in matched]
        # Rounding of the quantile must not take a word from the source that it comes from.
        result.append(np.minimum(np.floor(np.min(quantiles, axis=0) + 1e-6), thickness[own]))
    return np.maximum(np.concatenate(result), 1).astype(int)


def _drawn(units: Units, issues: np.ndarray, target: np.ndarray, rng: np.random.Generator | None) -> sparse.csr_array:
    """Distributions of issues, shape (len(issues), V), each cut to `target`: its units at random until it is reached, the
    last one by drawing from its tokens without replacement. With no generator units stand in their order (for whole issues)."""
    n = units.start[issues + 1] - units.start[issues]
    owner = np.repeat(np.arange(len(issues)), n)
    first = np.cumsum(n) - n
    rows = np.arange(len(owner)) - np.repeat(first - units.start[issues], n)
    if rng is not None:
        rows = rows[np.lexsort((rng.random(len(rows)), owner))]
    size = units.size[rows]
    before = np.cumsum(size) - size
    before = before - np.repeat(before[first] if len(before) else before, n)
    left = target[owner] - before
    full, part = left >= size, (left > 0) & (left < size)
    pick = sparse.csr_array(
        (np.ones(int(full.sum())), (owner[full], rows[full])), shape=(len(issues), units.values.shape[0])
    )
    mass = pick @ units.values
    if rng is not None and part.any():
        mass = mass + _some_tokens(units.values[rows[part]], owner[part], left[part], len(issues), rng)
    total = np.asarray(mass.sum(axis=1)).ravel()
    return sparse.csr_array(sparse.diags_array(1.0 / total) @ mass) if len(total) else mass


def _some_tokens(
    values: sparse.csr_array, owner: np.ndarray, wanted: np.ndarray, n: int, rng: np.random.Generator
) -> sparse.csr_array:
    """`wanted` of the tokens of each row of counts, without replacement, added up by owner, shape (n, V)."""
    times = np.rint(values.data).astype(int)
    item = np.repeat(values.indices, times)
    row = np.repeat(np.repeat(np.arange(values.shape[0]), np.diff(values.indptr)), times)
    order = np.lexsort((rng.random(len(row)), row))
    length = np.bincount(row, minlength=values.shape[0])
    rank = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    chosen = order[rank < wanted[row]]  # `row` is in order, so sorting by it leaves it as it is
    return sparse.csr_array((np.ones(len(chosen)), (owner[row[chosen]], item[chosen])), shape=(n, values.shape[1]))


def _draws(
    units: Units, issues: np.ndarray, target: np.ndarray, times: int, rng: np.random.Generator
) -> Iterator[sparse.csr_array]:
    """`_drawn` so many times; several at once, as many as `_UNITS` allows."""
    n = len(issues)
    each = max(1, _UNITS // max(1, int((units.start[issues + 1] - units.start[issues]).sum())))
    for begin in range(0, times, each):
        number = min(each, times - begin)
        stack = _drawn(units, np.tile(issues, number), np.tile(target, number), rng)
        yield from (stack[i * n : (i + 1) * n] for i in range(number))


def _equal(
    units: Units, side_a: np.ndarray, side_b: np.ndarray, target: np.ndarray, n: int, rng: np.random.Generator
) -> dict[str, float]:
    """The divergence of two sources (rows of their issues) at `n` issues a side, each cut to its `target` (of all issues), and
    of the same issues dealt at random: means over EQUAL_DRAWS draws, each dealt EQUAL_DEALS times."""
    own = np.concatenate([side_a, side_b])
    picked = np.stack(
        [np.concatenate([np.sort(rng.permutation(side)[:n]) for side in (side_a, side_b)]) for _ in range(EQUAL_DRAWS)]
    )
    n_units = int((units.start[picked + 1] - units.start[picked]).sum(axis=1).max())
    each = max(1, min(_UNITS // n_units, _CELLS // ((1 + EQUAL_DEALS) * units.values.shape[1])))
    found = []
    for begin in range(0, EQUAL_DRAWS, each):
        part = picked[begin : begin + each]
        issues = _drawn(units, part.ravel(), target[part.ravel()], rng)
        # For each draw the side as it is, then deals of its 2n issues: n columns each of that draw's block.
        dealt = np.concatenate(list(orders(2 * n, len(part) * EQUAL_DEALS, rng)))
        dealt = dealt.reshape(len(part), EQUAL_DEALS, 2 * n)[:, :, :n]
        sides = np.concatenate([np.broadcast_to(np.arange(n), (len(part), 1, n)), dealt], axis=1)
        columns = (sides + 2 * n * np.arange(len(part))[:, None, None]).ravel()
        labels = sparse.csr_array(
            (np.ones(len(columns)), columns, np.arange(0, len(columns) + 1, n)),
            shape=(len(columns) // n, 2 * n * len(part)),
        )
        of_a = (labels @ issues).toarray().reshape(len(part), 1 + EQUAL_DEALS, -1)
        total = sparse.kron(sparse.eye_array(len(part)), np.ones((1, 2 * n)), format="csr") @ issues
        of_b = np.maximum(total.toarray()[:, None, :] - of_a, 0.0)
        found.append(contributions(of_a / n, of_b / n).sum(axis=2))
    drawn = np.concatenate(found)
    value, null = float(drawn[:, 0].mean()), float(drawn[:, 1:].mean())
    return {
        "equal_size": value, "equal_null": null, "equal_excess": value - null, "n_equal": n,
        "thickness_equal": float(target[own].mean()),
    }  # fmt: skip


def _shift_rows(
    row: dict,
    items: list[str],
    rank: np.ndarray,
    p: np.ndarray,
    q: np.ndarray,
    terms: np.ndarray,
    matched: np.ndarray,
    null: np.ndarray,
    most: int,
) -> dict[str, np.ndarray]:
    """The rows of one pair in `shifts` by column, the first in order and the others together; an item that neither has is left out.
    rank: of the items in their alphabet, which orders equals."""
    values = np.stack([p, q, terms, matched, null, matched - null])
    # Rounded, so that the last bits of a sum on another machine do not decide the order.
    order = np.lexsort((rank, -np.where(np.isnan(matched), terms, values[-1]).round(12)))
    order = order[(p + q)[order] > 0]
    names = np.array(items, dtype=object)[order]
    values = values[:, order]
    more = np.where(p > q, row["source_a"], np.where(q > p, row["source_b"], "")).astype(object)[order]
    if len(order) > most:
        rest = values[:, most - 1 :].sum(axis=1, keepdims=True)
        values = np.hstack([values[:, : most - 1], rest])
        names, more = np.append(names[: most - 1], REST), np.append(more[: most - 1], "")
    table = {name: np.full(len(names), row[name], dtype=object) for name in ("by", "weighting", "source_a", "source_b")}
    table |= {"item": names, "share_a": values[0], "share_b": values[1], "more_in": more}
    return table | dict(zip(SHIFTS[8:], values[2:], strict=True))


def _reason(
    by: str, a: str, b: str, rows: dict[str, np.ndarray], means: dict[str, np.ndarray], least: int, some: bool
) -> str:
    """Why a pair is not compared, or described only; "" where it is tested."""
    if not some:
        return stored(reason("nothing left", by=by))
    if empty := [s for s in (a, b) if s not in means]:
        return stored(reason("nothing counted", by=by, sources=empty))
    return stored(*few_issues([(s, len(rows[s])) for s in (a, b)], least))
