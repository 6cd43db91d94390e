"""Sources compared: shares in both weightings, and contrasts with what other fits of the model make of them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.comparing.contrasts import contrasts
from baokan.comparing.dates import overlap
from baokan.comparing.grading import evidence
from baokan.comparing.house_style import house_style
from baokan.comparing.limits import ALPHA, WEIGHTINGS, Limits
from baokan.comparing.measurement_error import noise_shares, seed_spread
from baokan.comparing.shares import issue_shares, source_shares
from baokan.corpus.originals import originals
from baokan.topics.alignment import SAME_TOPIC, align, cosine
from baokan.topics.reported import ReportedModel
from baokan.topics.rulings import partners
from baokan.topics.training import Fits


class Refit(NamedTuple):
    """Another model of the same articles, in the terms of the reported one: how alike its partner of each topic is, and the
    articles' shares of these."""

    score: np.ndarray  # shape (K',), 0 where there is none
    theta: np.ndarray  # shape (A, K' + 1); the last column is what no reported topic has a partner for


Shares = tuple[pd.DataFrame, np.ndarray, pd.DataFrame]  # issues, their shares (n_issues, K), shares of the sources


def shares_tables(
    articles: pd.DataFrame, theta: np.ndarray, topic_ids: np.ndarray, limits: Limits
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Shares]]:
    """(shares of sources, shares of issues, and by weighting what `contrasts` takes).

    articles: article_id, source, publication, issue, issue_date, n_tokens; theta: shape (A, K); topic_ids: shape (K,).
    weighting names what counts once.
    """
    by_source, by_issue, raw = [], [], {}
    for weighting in WEIGHTINGS:
        issues, shares = issue_shares(articles, theta, weighting)
        table = source_shares(issues, shares, limits, articles=articles, theta=theta, weighting=weighting)
        raw[weighting] = (issues, shares, table)
        table = table.assign(topic_id=topic_ids[table["topic"].to_numpy(int)], weighting=weighting).drop(
            columns="topic"
        )
        by_source.append(table[["topic_id", *(c for c in table if c != "topic_id")]])
        long = issues.loc[np.repeat(issues.index, theta.shape[1])].reset_index(drop=True)
        long["topic_id"] = np.tile(topic_ids, len(issues))
        by_issue.append(long.assign(share=shares.ravel(), weighting=weighting))
    return pd.concat(by_source, ignore_index=True), pd.concat(by_issue, ignore_index=True), raw


def refit_by_terms(model: ReportedModel, other: tuple[np.ndarray, np.ndarray]) -> Refit:
    """A fit (phi, theta) of the same vocabulary: topics of like terms are the same."""
    return _refit(*partners(model.fitted, other[0], model.members, model.weights), other[1])


def refit_by_articles(theta: np.ndarray, other: np.ndarray) -> Refit:
    """A fit of other words, known by its mixtures, shape (A, K''): topics of like shares in the articles are the same.
    theta: of the reported topics, shape (A, K')."""
    both = ~(np.isnan(theta).any(axis=1) | np.isnan(other).any(axis=1))
    partner, score = align(theta[both].T, other[both].T, cosine)
    return _refit([[int(t)] if t >= 0 else [] for t in partner], score, other)


def _refit(columns: list[list[int]], score: np.ndarray, theta: np.ndarray) -> Refit:
    aligned = np.stack([theta[:, own].sum(axis=1) for own in columns], axis=1)
    aligned[np.isnan(theta).any(axis=1)] = np.nan
    return Refit(score, np.column_stack([aligned, np.clip(1 - aligned.sum(axis=1), 0, 1)]))


def holds(reference: pd.DataFrame, other: pd.DataFrame, score: np.ndarray) -> pd.Series:
    """For each row of `reference`, whether another model shows the same difference for its partner of the topic: the same
    sign and p of at most 0.05. A topic without a partner does not hold. score: by topic, how alike the partner is."""
    found = other.set_index(["topic", "source_a", "source_b"])[["difference", "p"]]
    result = []
    for row in reference.itertuples():
        key = (row.topic, row.source_a, row.source_b)
        if score[row.topic] < SAME_TOPIC or key not in found.index:
            result.append(False)
            continue
        difference, p = found.loc[key]
        result.append(bool(np.sign(difference) == np.sign(row.difference) and p <= ALPHA))
    return pd.Series(result, index=reference.index, dtype=bool)


def contrasts_table(
    raw: dict[str, Shares],
    articles: pd.DataFrame,
    theta: np.ndarray,
    topics: pd.DataFrame,
    refits: dict[str, list[Refit]],
    limits: Limits,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(contrasts, house style): a row per weighting, topic and pair, with what speaks for it but no grade.

    raw: of `shares_tables`. theta: shape (A, K); topics: its K columns (topic_id, excluded, ruling). refits: "seeds",
    other fits of the same K, and "k", a fit of each neighbouring K. A topic that the
    user excluded is compared with nothing; one that was ruled a theme or a style is what was ruled.
    """
    kept = np.flatnonzero(~topics["excluded"].to_numpy(bool))
    place = {int(topic): i for i, topic in enumerate(kept)}
    topics = topics.iloc[kept].reset_index(drop=True)
    style = _style(articles, theta, topics, place, limits.min_issues)
    tables = []
    for weighting, (issues, all_shares, all_described) in raw.items():
        described = all_described[all_described["topic"].isin(kept)]
        described = described.assign(topic=described["topic"].map(place).astype(int)).reset_index(drop=True)
        table = contrasts(issues, all_shares[:, kept], limits, seed=seed, described=described)
        table["weighting"] = weighting
        for name, others in refits.items():
            table[f"{name}_held"], table[f"{name}_total"] = 0, len(others)
            for refit in others if table["eligible"].any() else ():
                its_issues, its_shares = issue_shares(articles, refit.theta, weighting)
                check = contrasts(its_issues, its_shares[:, kept], limits.of_a_check(), seed=seed)
                held = holds(table, check, refit.score[kept]).to_numpy(int)
                table[f"{name}_held"] += held * table["eligible"].to_numpy(int)
        pairs = sorted(set(zip(table["source_a"], table["source_b"], strict=True)))
        overlaps = {pair: overlap(issues, *pair) for pair in pairs}
        table["overlap"] = [overlaps[pair] for pair in zip(table["source_a"], table["source_b"], strict=True)]
        table["house_style"] = table["topic"].isin(style.loc[style["flag"], "topic"])
        tables.append(table)
    signs = [np.sign(table["difference"].to_numpy(float)) for table in tables]
    for table in tables:
        table["same_sign"] = signs[0] == signs[1]
    out = pd.concat(tables, ignore_index=True)
    return _numbered(out, topics["topic_id"].to_numpy()), _numbered(style, topics["topic_id"].to_numpy())


def _style(
    articles: pd.DataFrame, theta: np.ndarray, topics: pd.DataFrame, place: dict[int, int], min_issues: int
) -> pd.DataFrame:
    """`house_style` of the compared topics, their flags as the user ruled."""
    style = house_style(articles, theta)
    style = style[style["topic"].isin(list(place))]
    style = style.assign(topic=style["topic"].map(place).astype(int)).reset_index(drop=True)
    # In a few issues a theme of the day is as widespread as a style: nothing can be told from them.
    n_issues = articles[articles["issue_id"] != ""].groupby("source")["issue_id"].nunique()
    style["flag"] &= style["source"].map(n_issues).fillna(0) >= min_issues
    ruling = topics["ruling"].to_numpy()[style["topic"].to_numpy(int)]
    style["flag"] = (style["flag"] & (ruling != "theme")) | (ruling == "style")
    return style


def candidates(table: pd.DataFrame) -> pd.DataFrame:
    """Contrasts that would be established if the specification curve and the confounds bore them out: what these are worth
    computing for. table: of `contrasts_table`."""
    names = ["topic_id", "source_a", "source_b", "weighting", "difference"]
    passed = [evidence(row)[0] == "established" for row in table.to_dict("records")]
    return table.loc[np.array(passed, dtype=bool), names].reset_index(drop=True)


def _numbered(table: pd.DataFrame, topic_ids: np.ndarray) -> pd.DataFrame:
    """`table` with topic_id, its first column, in place of `topic`, the place among those compared."""
    out = table.drop(columns="topic")
    out.insert(0, "topic_id", topic_ids[table["topic"].to_numpy(int)])
    return out


def comparison_tables(
    articles: pd.DataFrame,
    model: ReportedModel,
    noise: np.ndarray,
    fits: Fits,
    neighbours: dict[int, Fits],
    limits: Limits,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """The tables shares, issue_shares, tested, style and candidates, from the files of the stages before.

    articles: of `counted_articles`; repeats within a source count once. model: whose theta has a row for each article. noise:
    variances of theta, of `baokan.comparing.measurement_error.mixture_noise`; fits: all of the chosen K, the reported one
    among them; neighbours: by K, the fits of the next smaller and the next larger one of the search, of which the first is
    taken.
    """
    own = originals(articles)
    theta, noise = model.theta[own], noise[own]
    others = [n for n, number in enumerate(fits.numbers) if number != model.number]
    refits = {
        "seeds": [refit_by_terms(model, (fits.phi[n], fits.theta[n][own])) for n in others],
        "k": [refit_by_terms(model, (near.phi[0], near.theta[0][own])) for _, near in sorted(neighbours.items())],
    }
    articles = articles[own].reset_index(drop=True)
    by_source, by_issue, raw = shares_tables(articles, theta, model.topic_ids, limits)
    by_source = _with_noise(by_source, articles, theta, noise, raw, refits["seeds"], model.topic_ids)
    table, style = contrasts_table(raw, articles, theta, model.topics, refits, limits, seed)
    tables = {"shares": by_source, "issue_shares": by_issue, "tested": table, "style": style}
    return tables | {"candidates": candidates(table)}


def _with_noise(
    by_source: pd.DataFrame,
    articles: pd.DataFrame,
    theta: np.ndarray,
    noise: np.ndarray,
    raw: dict[str, Shares],
    seeds: list[Refit],
    topic_ids: np.ndarray,
) -> pd.DataFrame:
    """`by_source` with noise_share, seed_sd and seed_fits (`baokan.comparing.measurement_error`)."""
    thetas = [theta, *(refit.theta for refit in seeds)]
    returns = [np.ones(theta.shape[1], bool), *(refit.score >= SAME_TOPIC for refit in seeds)]
    found = []
    for weighting, (issues, shares, _) in raw.items():
        of_mixtures = noise_shares(articles, noise, issues, shares, weighting)
        both = of_mixtures.merge(seed_spread(articles, thetas, returns, weighting), on=["source", "topic"], how="outer")
        found.append(both.assign(weighting=weighting))
    added = pd.concat(found, ignore_index=True)
    added["topic_id"] = topic_ids[added["topic"].to_numpy(int)]
    out = by_source.merge(added.drop(columns="topic"), on=["topic_id", "source", "weighting"], how="left")
    # A corpus without a single issue has none of these, and a column of nothing has no type.
    out = out.astype({"noise_share": float, "seed_sd": float})
    return out.assign(seed_fits=out["seed_fits"].fillna(0).astype(int))
