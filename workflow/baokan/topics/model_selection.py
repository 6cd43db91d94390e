"""Which of many fits is reported: the search over K and seeds, and the rule that ends it.

Rule. The score of a fit is its coherence (mean c_npmi of its topics) times its stability (mean similarity of its topics to
their partners in the other fits of the same K): topics that belong together and that return. The K chosen is the smallest
whose mean score lies within one standard error of the best K's mean (the one-standard-error rule of Breiman et al. 1984).
Of that K more fits are made, and the one nearest to all others is reported.

Diversity is shown and is no part of the score: it falls with K wherever topics share words, and on planted corpora a score
with it preferred too few topics. Nor is the likelihood of held-out text: it rises beyond the planted K (Chang et al. 2009 found
that it does not follow what people find coherent). `make calibrate` prints how often the rule finds a planted K.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.topics.alignment import pairs
from baokan.topics.coherence import c_v, npmi, u_mass
from baokan.topics.term_ranking import diversity, exclusivity, top_terms

COHERENCE_TERMS = 10
DIVERSITY_TERMS = 25
MERITS = ["npmi", "c_v", "u_mass", "exclusivity", "diversity"]


def merits(phi: np.ndarray, counts: sparse.csr_matrix) -> dict[str, float]:
    """The merits of one fit by itself, means over its topics: the columns MERITS.

    phi: shape (K, V). counts: shape (D, V), the documents that coherence is measured on.
    """
    top = top_terms(phi, COHERENCE_TERMS)
    values = (f(top, counts).mean() for f in (npmi, c_v, u_mass))
    return dict(
        zip(MERITS, (*values, exclusivity(phi, top).mean(), diversity(top_terms(phi, DIVERSITY_TERMS))), strict=True)
    )


def search_table(
    phis: dict[int, np.ndarray], counts: sparse.csr_matrix, held_out: dict[int, tuple[float, float]]
) -> pd.DataFrame:
    """A row per fit: k, seed (its number), MERITS, stability, score, and of its K the log-likelihood of held-out text, nats
    per word, with its standard error over issues.

    phis: for each K the fits, shape (S, K, V). counts: as in `merits`. stability is NaN where a K has one fit, and is
    then left out of the score.
    """
    rows = []
    for k in sorted(phis):
        near = pairwise_stability(phis[k])
        for seed, phi in enumerate(phis[k]):
            rows.append({"k": k, "seed": seed, **merits(phi, counts), "stability": near[seed]})
    table = pd.DataFrame(rows)
    worth = table["stability"].fillna(1.0)
    # Below 0 a product would reward what is worth little: there, divide.
    table["score"] = np.where(table["npmi"] >= 0, table["npmi"] * worth, table["npmi"] / worth.clip(lower=1e-9))
    table["held_out"] = table["k"].map({k: value for k, (value, _) in held_out.items()})
    table["held_out_error"] = table["k"].map({k: error for k, (_, error) in held_out.items()})
    return table


def pairwise_stability(fits: np.ndarray) -> np.ndarray:
    """Mean similarity of each fit's topics to their partners in every other fit; shape (S,), NaN if S is 1."""
    n = len(fits)
    return (pairs(fits).sum(axis=1) - 1) / (n - 1) if n > 1 else np.full(n, np.nan)


def choose(table: pd.DataFrame) -> tuple[int, str]:
    """(K, the sentence that says why) by the rule of this module. table: of `search_table`."""
    by_k = table.groupby("k")["score"].agg(["mean", "std", "count"])
    tried = ", ".join(map(str, by_k.index))
    if len(by_k) == 1:
        return int(by_k.index[0]), f"K = {tried} was set in the configuration."
    best = int(by_k["mean"].idxmax())
    error = by_k.loc[best, "std"] / np.sqrt(by_k.loc[best, "count"]) if by_k.loc[best, "count"] > 1 else 0.0
    k = int(by_k.index[by_k["mean"] >= by_k.loc[best, "mean"] - error].min())
    why = "has the best score" if k == best else f"is the smallest within one standard error of the best (K = {best})"
    return k, f"Of K = {tried}, K = {k} {why}.{_edge(k, by_k.index)}{_finer(k, table)}"


def _edge(k: int, tried: pd.Index) -> str:
    which = "smallest" if k == tried.min() else "largest" if k == tried.max() else ""
    return f" It is the {which} that was tried: try others in topics.k before you settle on it." if which else ""


def _finer(k: int, table: pd.DataFrame) -> str:
    """Whether more topics foretell unseen text better, surely enough to say so: coarse topics are the steadier ones."""
    if "held_out" not in table:
        return ""
    held = table.groupby("k")[["held_out", "held_out_error"]].first().dropna()
    if k not in held.index or held["held_out"].idxmax() <= k:
        return ""
    best = int(held["held_out"].idxmax())
    if held.loc[best, "held_out"] - held.loc[k, "held_out"] <= 2 * held.loc[best, "held_out_error"]:
        return ""
    return f" More topics foretell unseen text better (K = {best}): if these are too coarse for you, try larger K."


def nearest(fits: np.ndarray) -> tuple[int, np.ndarray]:
    """(the fit nearest to all others, the stability of each). fits: shape (S, K, V); a tie goes to the first."""
    near = pairwise_stability(fits)
    return (int(np.argmax(near)) if len(fits) > 1 else 0), near
