"""Which of many fits is reported: the search over K and seeds, and the rule that ends it.

Rule. Each fit has three merits: coherence (mean NPMI of its topics), diversity of their top terms, and stability (mean
similarity of its topics to their partners in the other fits of the same K). Its score is their product: coherence times
diversity is the topic quality of Dieng, Ruiz & Blei (2020), and topics that do not return are worth less. The K chosen
is the smallest whose mean score lies within one standard error of the best K's mean (the one-standard-error rule of
Breiman et al. 1984); with one K there is nothing to choose. Of its fits, the one nearest to all others of that K is
reported.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.topics.alignment import align
from baokan.topics.quality import diversity, npmi, top_terms

COHERENCE_TERMS = 10
DIVERSITY_TERMS = 25


def search_table(phis: dict[int, np.ndarray], counts: sparse.csr_matrix) -> pd.DataFrame:
    """A row per fit: k, seed (its number), npmi, diversity, stability, score.

    phis: for each K the fits, shape (S, K, V). counts: shape (D, V), the documents that coherence is measured on.
    stability is NaN where a K has one fit, and is then left out of the score.
    """
    rows = []
    for k in sorted(phis):
        near = pairwise_stability(phis[k])
        for seed, phi in enumerate(phis[k]):
            coherence = npmi(top_terms(phi, COHERENCE_TERMS), counts).mean()
            rows.append((k, seed, coherence, diversity(top_terms(phi, DIVERSITY_TERMS)), near[seed]))
    table = pd.DataFrame(rows, columns=["k", "seed", "npmi", "diversity", "stability"])
    worth = table["diversity"] * table["stability"].fillna(1.0)
    # Below 0 a product would reward what is worth little: there, divide.
    table["score"] = np.where(table["npmi"] >= 0, table["npmi"] * worth, table["npmi"] / worth.clip(lower=1e-9))
    return table


def pairwise_stability(fits: np.ndarray) -> np.ndarray:
    """Mean similarity of each fit's topics to their partners in every other fit; shape (S,), NaN if S is 1."""
    n = len(fits)
    values = np.full((n, n), np.nan)
    for a in range(n):
        for b in range(a + 1, n):
            values[a, b] = values[b, a] = align(fits[a], fits[b])[1].mean()
    return _safe_mean(values.T)


def choose(table: pd.DataFrame) -> tuple[int, int, str]:
    """(K, seed number, the sentence that says why) by the rule of this module."""
    by_k = table.groupby("k")["score"].agg(["mean", "std", "count"])
    best = int(by_k["mean"].idxmax())
    error = by_k.loc[best, "std"] / np.sqrt(by_k.loc[best, "count"]) if by_k.loc[best, "count"] > 1 else 0.0
    k = int(by_k.index[by_k["mean"] >= by_k.loc[best, "mean"] - error].min())
    fits = table[table["k"] == k]
    by = "stability" if fits["stability"].notna().any() else "score"
    seed = int(fits.sort_values([by, "seed"], ascending=[False, True])["seed"].iloc[0])
    which = f"of its {len(fits)} fits the one nearest to the others" if len(fits) > 1 else "it was fitted once"
    if len(by_k) == 1:
        return k, seed, f"K = {k} was set in the configuration; {which}."
    tried = ", ".join(map(str, by_k.index))
    why = "has the best score" if k == best else f"is the smallest within one standard error of the best (K = {best})"
    return k, seed, f"Of K = {tried}, K = {k} {why}; {which}."


def _safe_mean(values: np.ndarray) -> np.ndarray:
    finite = np.isfinite(values)
    n = finite.sum(axis=0)
    return np.where(n > 0, np.where(finite, values, 0).sum(axis=0) / np.maximum(n, 1), np.nan)
