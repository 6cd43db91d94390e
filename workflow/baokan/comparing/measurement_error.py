"""How much of what shares say is noise of the model: of mixtures estimated from few words, and of the seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.comparing.shares import issue_shares
from baokan.statistics.groups import group_sums
from baokan.topics.folding_in import infer


def mixture_noise(
    phi: np.ndarray, alpha: float, counts: sparse.csr_matrix, members: list[list[int]], seed: int
) -> np.ndarray:
    """Variance of each article's estimated shares, (n_articles, n_topics); NaN for an article without a counted word.

    phi: the model before topics were merged, shape (K, V); members: its rows in each reported topic; counts: of articles,
    shape (n_articles, V). Each article's words are split at random into two halves that know nothing of each other; of two
    independent estimates at half the length the squared difference, halved, is the variance of one, and a quarter of it
    that at full length (split halves: Spearman 1910; the variance goes with 1 / length). An article of one word says
    nothing of its noise; it gets the mean of the others.
    """
    counts = sparse.csr_matrix(counts, dtype=float)
    first = counts.copy()
    first.data = np.random.default_rng(seed).binomial(counts.data.astype(int), 0.5).astype(float)
    halves = [infer(phi, alpha, half) for half in (first, counts - first)]
    here, there = (np.stack([half[:, own].sum(axis=1) for own in members], axis=1) for half in halves)
    noise = (here - there) ** 2 / 4
    unknown = np.isnan(noise).any(axis=1)
    if unknown.any():
        noise[unknown] = noise[~unknown].mean(axis=0) if (~unknown).any() else 0.0
    noise[np.asarray(counts.sum(axis=1)).ravel() == 0] = np.nan
    return noise


def noise_shares(
    articles: pd.DataFrame, noise: np.ndarray, issues: pd.DataFrame, shares: np.ndarray, weighting: str
) -> pd.DataFrame:
    """source, topic, noise_share: the part of the variance between a source's issues that is noise of the articles' mixtures.

    It is in that variance already, and so in every interval: it is shown and never added. noise: of `mixture_noise`; issues and
    shares: of `issue_shares` with the same weighting. NaN below two issues and for constant shares; at most 1.
    """
    in_issue = articles["issue_id"].isin(issues["issue_id"]).to_numpy() & ~np.isnan(noise).any(axis=1)
    codes = pd.Index(issues["issue_id"]).get_indexer(articles["issue_id"][in_issue])
    weights = np.ones(in_issue.sum()) if weighting == "article" else articles["n_tokens"].to_numpy(float)[in_issue]
    total = np.maximum(np.bincount(codes, weights, minlength=len(issues)), 1e-300)
    # The variance of a weighted mean: squared weights times variances, over the squared sum of weights.
    of_issues = (group_sums(weights**2, codes, len(issues)) @ noise[in_issue]) / total[:, None] ** 2
    rows = []
    for source, own in issues.groupby("source", sort=True).indices.items():
        between = shares[own].var(axis=0, ddof=1) if len(own) > 1 else np.zeros(shares.shape[1])
        part = np.divide(of_issues[own].mean(axis=0), between, out=np.full(len(between), np.nan), where=between > 0)
        rows.append(pd.DataFrame({"source": source, "topic": np.arange(len(part)), "noise_share": np.minimum(part, 1)}))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["source", "topic", "noise_share"])


def seed_spread(
    articles: pd.DataFrame, thetas: list[np.ndarray], returns: list[np.ndarray], weighting: str
) -> pd.DataFrame:
    """source, topic, seed_sd, seed_fits: the standard deviation of a source's share of a topic over fits with other seeds, and
    of how many fits.

    thetas: the articles' shares of the reported topics by each fit, the reported one first, shape (n_articles, K or more); returns:
    by fit, whether it has the topic at all, shape (K,); one that does not is left out. NaN below two fits.
    """
    found: list[np.ndarray] = []
    k = len(returns[0])
    for theta in thetas:
        issues, shares = issue_shares(articles, theta, weighting)
        groups = issues.groupby("source", sort=True).indices
        if groups:
            found.append(np.stack([shares[own].mean(axis=0)[:k] for own in groups.values()]))
    if not found:
        return pd.DataFrame(columns=["source", "topic", "seed_sd", "seed_fits"])
    means, has = np.stack(found), np.stack(returns)
    rows = []
    for s, source in enumerate(groups):
        for topic in range(has.shape[1]):
            values = means[has[:, topic], s, topic]
            spread = values.std(ddof=1) if len(values) > 1 else np.nan
            rows.append((source, topic, spread, int(has[:, topic].sum())))
    return pd.DataFrame(rows, columns=["source", "topic", "seed_sd", "seed_fits"])
