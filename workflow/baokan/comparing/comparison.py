"""Sources compared: shares in both weightings, contrasts with their robustness, and the sentences that may be said."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.comparing.contrasts import contrasts, periods_overlap
from baokan.comparing.grading import grade, sentence, sentence_zh
from baokan.comparing.shares import house_style, issue_shares, source_shares
from baokan.topics.alignment import SAME_TOPIC, align, cosine
from baokan.topics.ruled import partners
from baokan.topics.training import Fits

WEIGHTINGS = ("article", "token")
# A check needs no fine p-value: it asks whether a difference returns.
CHECK_PERMUTATIONS = 999
SPECIFICATION = [
    "segmentation", "weighting", "topic_id", "source_a", "source_b", "similarity", "returns", "difference",
    "difference_there", "same_sign", "eligible", "p", "p_there", "holds",
]  # fmt: skip


class Refit(NamedTuple):
    """Another model of the same articles, in the terms of the reported one: how alike its partner of each topic is, and the
    articles' shares of these."""

    score: np.ndarray  # shape (K',), 0 where there is none
    theta: np.ndarray  # shape (A, K' + 1); the last column is what no reported topic has a partner for


Shares = tuple[pd.DataFrame, np.ndarray, pd.DataFrame]  # issues, their shares (n_issues, K), shares of the sources


def shares_tables(
    articles: pd.DataFrame, theta: np.ndarray, topic_ids: np.ndarray, settings: dict
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Shares]]:
    """(shares of sources, shares of issues, and by weighting what `contrasts` takes).

    articles: article_id, source, publication, issue, date, n_tokens; theta: shape (A, K); topic_ids: shape (K,).
    settings: `compare` of the configuration. weighting names what counts once.
    """
    by_source, by_issue, raw = [], [], {}
    for weighting in WEIGHTINGS:
        issues, shares = issue_shares(articles, theta, weighting)
        table = source_shares(
            issues, shares, settings["confidence"], settings["min_issues"], settings["min_articles"],
            articles=articles, theta=theta, weighting=weighting,
        )  # fmt: skip
        raw[weighting] = (issues, shares, table)
        table = table.assign(topic_id=topic_ids[table["topic"].to_numpy(int)], weighting=weighting).drop(
            columns="topic"
        )
        by_source.append(table[["topic_id", *(c for c in table if c != "topic_id")]])
        long = issues.loc[np.repeat(issues.index, theta.shape[1])].reset_index(drop=True)
        long["topic_id"] = np.tile(topic_ids, len(issues))
        by_issue.append(long.assign(share=shares.ravel(), weighting=weighting))
    return pd.concat(by_source, ignore_index=True), pd.concat(by_issue, ignore_index=True), raw


def refit_by_terms(
    phi: np.ndarray, other: tuple[np.ndarray, np.ndarray], members: list[list[int]], weights: np.ndarray
) -> Refit:
    """A fit (phi, theta) of the same vocabulary: topics of like terms are the same. phi: the model before topics were
    merged, shape (K, V); members, weights: as in `baokan.topics.ruled.partners`."""
    return _refit(*partners(phi, other[0], members, weights), other[1])


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
        result.append(bool(np.sign(difference) == np.sign(row.difference) and p <= 0.05))
    return pd.Series(result, index=reference.index, dtype=bool)


def contrasts_table(
    raw: dict[str, Shares],
    articles: pd.DataFrame,
    theta: np.ndarray,
    topics: pd.DataFrame,
    refits: dict[str, list[Refit]],
    settings: dict,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(contrasts, house style, specifications): a row per weighting, topic and pair, with its robustness, grade and
    sentences.

    raw: of `shares_tables`. theta: shape (A, K); topics: its K columns (topic_id, label, excluded, ruling). refits: "seeds",
    other fits of the same K; "k", a fit of each neighbouring K; and by their names fits of the same K to other
    segmentations. specifications: what each of the latter makes of each contrast. settings: `compare` of the configuration.
    A topic that the user excluded is compared with nothing; one that was ruled a theme or a style is what was ruled.
    """
    kept = np.flatnonzero(~topics["excluded"].to_numpy(bool))
    place = {int(topic): i for i, topic in enumerate(kept)}
    topics = topics.iloc[kept].reset_index(drop=True)
    limits = {k: settings[k] for k in ("min_issues", "min_articles", "confidence")}
    refits = {
        "seeds": refits["seeds"],
        "k": refits["k"],
        **{n: r for n, r in refits.items() if n not in ("seeds", "k")},
    }
    tables, elsewhere = {}, []
    for weighting, (issues, all_shares, all_described) in raw.items():
        shares = all_shares[:, kept]
        described = all_described[all_described["topic"].isin(kept)]
        described = described.assign(topic=described["topic"].map(place).astype(int)).reset_index(drop=True)
        table = contrasts(
            issues, shares, permutations=settings["permutations"], seed=seed, described=described, **limits
        )
        table["weighting"] = weighting
        for name in ("seeds", "k", "specs"):
            table[f"{name}_held"] = table[f"{name}_total"] = 0
        for name, others in refits.items():
            column = name if name in ("seeds", "k") else "specs"
            table[f"{column}_total"] += len(others)
            if column != "specs" and not table["eligible"].any():
                continue
            for refit in others:
                its_issues, its_shares = issue_shares(articles, refit.theta, weighting)
                # The eligibility rule is not asked of a check: it looks whether the same difference is there.
                check = contrasts(
                    its_issues, its_shares[:, kept], permutations=CHECK_PERMUTATIONS, seed=seed,
                    min_issues=settings["min_issues"], min_articles=0, confidence=settings["confidence"],
                )  # fmt: skip
                score = refit.score[kept]
                held = holds(table, check, score)
                table[f"{column}_held"] += held.to_numpy(int) * table["eligible"].to_numpy(int)
                if column == "specs":
                    elsewhere.append(_specification(name, table, check, score, held))
        tables[weighting] = (table, issues, described)
    style = house_style(articles, theta)
    style = style[style["topic"].isin(kept)]
    style = style.assign(topic=style["topic"].map(place).astype(int)).reset_index(drop=True)
    # In a few issues a theme of the day is as widespread as a style: nothing can be told from them.
    n_issues = articles[articles["issue_id"] != ""].groupby("source")["issue_id"].nunique()
    style["flag"] &= style["source"].map(n_issues).fillna(0) >= settings["min_issues"]
    ruling = topics["ruling"].to_numpy()[style["topic"].to_numpy(int)]
    style["flag"] = (style["flag"] & (ruling != "theme")) | (ruling == "style")
    signs = {w: np.sign(t["difference"].to_numpy()) for w, (t, _, _) in tables.items()}
    same_sign = signs["article"] == signs["token"]
    graded = [
        _graded(table, issues, described, topics, style, same_sign, weighting)
        for weighting, (table, issues, described) in tables.items()
    ]
    out = pd.concat(graded, ignore_index=True)
    made = pd.concat(elsewhere, ignore_index=True) if elsewhere else pd.DataFrame(columns=["topic", *SPECIFICATION[3:]])
    out, style, made = (_numbered(frame, topics["topic_id"].to_numpy()) for frame in (out, style, made))
    return out, style, made.reindex(columns=SPECIFICATION)


def _numbered(table: pd.DataFrame, topic_ids: np.ndarray) -> pd.DataFrame:
    """`table` with topic_id, its first column, in place of `topic`, the place among those compared."""
    out = table.drop(columns="topic")
    out.insert(0, "topic_id", topic_ids[table["topic"].to_numpy(int)])
    return out


def _specification(
    name: str, table: pd.DataFrame, check: pd.DataFrame, score: np.ndarray, held: pd.Series
) -> pd.DataFrame:
    """What another segmentation makes of each contrast of `table`: a row for each, with the columns SPECIFICATION, but topic
    in place of topic_id."""
    found = check.set_index(["topic", "source_a", "source_b"])[["difference", "p"]]
    there = [
        found.loc[key]
        if (key := (r.topic, r.source_a, r.source_b)) in found.index and score[r.topic] > 0
        else (np.nan,) * 2
        for r in table.itertuples()
    ]
    out = table[["topic", "weighting", "source_a", "source_b", "eligible", "difference", "p"]].copy()
    out["segmentation"] = name
    out["similarity"] = score[table["topic"].to_numpy(int)]
    out["returns"] = out["similarity"] >= SAME_TOPIC
    out[["difference_there", "p_there"]] = np.array(there, float).reshape(len(table), 2)
    out["same_sign"] = out["returns"] & (np.sign(out["difference"]) == np.sign(out["difference_there"]))
    out["holds"] = held
    return out


def _graded(
    table: pd.DataFrame,
    issues: pd.DataFrame,
    described: pd.DataFrame,
    topics: pd.DataFrame,
    style: pd.DataFrame,
    same_sign: np.ndarray,
    weighting: str,
) -> pd.DataFrame:
    flagged = set(style.loc[style["flag"], "topic"])
    own = described.set_index(["topic", "source"])[["lower", "upper"]]
    overlaps = {
        pair: periods_overlap(issues, *pair) for pair in set(zip(table["source_a"], table["source_b"], strict=True))
    }
    rows = []
    for i, row in enumerate(table.to_dict("records")):
        overlap = overlaps[row["source_a"], row["source_b"]]
        bounds = {
            f"interval_{side}": tuple(own.loc[(row["topic"], row[f"source_{side}"])])
            if (row["topic"], row[f"source_{side}"]) in own.index
            else None
            for side in "ab"
        }
        known = {
            "seeds_held": row["seeds_held"], "seeds_total": row["seeds_total"], "k_held": row["k_held"],
            "k_total": row["k_total"], "specs_held": row["specs_held"], "specs_total": row["specs_total"],
            "same_sign_both_weightings": bool(same_sign[i]), "overlap": overlap,
            "house_style": row["topic"] in flagged, "ruled_style": topics["ruling"].iat[row["topic"]] == "style",
        }  # fmt: skip
        level, reasons = grade(row, **known)
        _, reasons_zh = grade(row, **known, language="zh")
        about = dict(weighting=weighting, overlap=overlap, **bounds)
        label = topics["label"].iat[row["topic"]]
        row |= {
            "overlap": "unknown" if overlap is None else "yes" if overlap else "no",
            "house_style": known["house_style"],
            "grade": level,
            "grade_reasons": "; ".join(reasons),
            "sentence": sentence(row, f"“{label}”", level, reasons, **about),
            "sentence_zh": sentence_zh(row, label, level, reasons_zh, **about),
        }
        rows.append(row)
    if not rows:  # one source: no pairs, yet a table with its columns
        extra = ["overlap", "house_style", "grade", "grade_reasons", "sentence", "sentence_zh"]
        return table.reindex(columns=[*table.columns, *extra])
    return pd.DataFrame(rows)


def comparison_tables(
    articles: pd.DataFrame,
    chunks: pd.DataFrame,
    topics: pd.DataFrame,
    chosen: dict,
    theta: np.ndarray,
    fits: Fits,
    neighbours: dict[int, Fits],
    segmentations: dict[str, np.ndarray],
    settings: dict,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """The tables shares, issue_shares, contrasts, style and specifications, from the files of the stages before.

    Repeats within a source count once. chosen: seed, order, members and weights, as chosen.json has them. theta: of the reported
    topics, shape (A, K'); fits: all of the chosen K; neighbours: by K, the fits of the next smaller and the next larger one
    of the search, of which the first is taken; segmentations: by name, theta (A, K) of a fit to the text cut in another way.
    """
    own = (articles["duplicate_of"] == "").to_numpy()
    counted = chunks.groupby("article_id")["n_tokens"].sum()
    # An issue is of its own day, not of the days its datelines name.
    articles = articles.assign(
        n_tokens=articles["article_id"].map(counted).fillna(0).astype(int), date=articles["issue_date"]
    )
    best, made_of = list(fits.numbers).index(chosen["seed"]), (chosen["members"], np.array(chosen["weights"]))
    phi, theta = fits.phi[best][chosen["order"]], theta[own]
    refits = {
        "seeds": [refit_by_terms(phi, (fits.phi[n], fits.theta[n][own]), *made_of) for n in range(len(fits.phi)) if n != best],
        "k": [refit_by_terms(phi, (f.phi[0], f.theta[0][own]), *made_of) for _, f in sorted(neighbours.items())],
        **{name: [refit_by_articles(theta, other[own])] for name, other in segmentations.items()},
    }  # fmt: skip
    articles = articles[own].reset_index(drop=True)
    by_source, by_issue, raw = shares_tables(articles, theta, topics["topic_id"].to_numpy(), settings)
    table, style, elsewhere = contrasts_table(raw, articles, theta, topics, refits, settings, seed)
    tables = {"shares": by_source, "issue_shares": by_issue, "contrasts": table, "style": style}
    return tables | {"specifications": elsewhere}
