"""Sources compared: shares in both weightings, contrasts with their robustness, and the sentences that may be said."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.comparing.contrasts import contrasts, periods_overlap
from baokan.comparing.grading import grade, sentence, sentence_zh
from baokan.comparing.shares import house_style, issue_shares, source_shares
from baokan.topics.alignment import SAME_TOPIC, align
from baokan.topics.chosen import by_article

WEIGHTINGS = ("article", "token")
# A check needs no fine p-value: it asks whether a difference returns.
CHECK_PERMUTATIONS = 999
SPECIFICATION = [
    "segmentation", "weighting", "topic_id", "source_a", "source_b", "similarity", "returns", "difference",
    "difference_there", "same_sign", "eligible", "p", "p_there", "holds",
]  # fmt: skip


class Refit(NamedTuple):
    """Another model of the same articles: which of its topics is which of the chosen one, and its mixtures."""

    partner: np.ndarray  # shape (K,), -1 where there is none
    score: np.ndarray  # similarity of the partners, shape (K,)
    theta: np.ndarray  # shape (A, K')


Shares = tuple[pd.DataFrame, np.ndarray, pd.DataFrame]  # issues, their shares (n_issues, K), shares of the sources


def shares_tables(
    articles: pd.DataFrame, theta: np.ndarray, settings: dict
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Shares]]:
    """(shares of sources, shares of issues, and by weighting what `contrasts` takes).

    articles: article_id, source, publication, issue, date, n_tokens; theta: shape (A, K). settings: `compare` of the
    configuration. topic_id counts from 1; weighting names what counts once.
    """
    by_source, by_issue, raw = [], [], {}
    for weighting in WEIGHTINGS:
        issues, shares = issue_shares(articles, theta, weighting)
        table = source_shares(
            issues, shares, settings["confidence"], settings["min_issues"], settings["min_articles"],
            articles=articles, theta=theta, weighting=weighting,
        )  # fmt: skip
        raw[weighting] = (issues, shares, table)
        table = table.assign(topic_id=table["topic"] + 1, weighting=weighting).drop(columns="topic")
        by_source.append(table[["topic_id", *(c for c in table if c != "topic_id")]])
        long = issues.loc[np.repeat(issues.index, theta.shape[1])].reset_index(drop=True)
        long["topic_id"] = np.tile(np.arange(1, theta.shape[1] + 1), len(issues))
        by_issue.append(long.assign(share=shares.ravel(), weighting=weighting))
    return pd.concat(by_source, ignore_index=True), pd.concat(by_issue, ignore_index=True), raw


def refit_by_terms(phi: np.ndarray, other: tuple[np.ndarray, np.ndarray]) -> Refit:
    """A fit (phi, theta) of the same vocabulary: topics of like terms are the same."""
    return Refit(*align(phi, other[0]), other[1])


def refit_by_articles(theta: np.ndarray, other: np.ndarray) -> Refit:
    """A fit of other words, known by its mixtures, shape (A, K'): topics of like shares in the articles are the same."""
    both = ~(np.isnan(theta).any(axis=1) | np.isnan(other).any(axis=1))
    return Refit(*align(theta[both].T, other[both].T), other)


def holds(reference: pd.DataFrame, other: pd.DataFrame, partner: np.ndarray, score: np.ndarray) -> pd.Series:
    """For each row of `reference`, whether the partner topic of another model shows the same difference: the same sign
    and p of at most 0.05. A topic without a partner does not hold. partner, score: as of `align`, shape (K,)."""
    found = other.set_index(["topic", "source_a", "source_b"])[["difference", "p"]]
    result = []
    for row in reference.itertuples():
        key = (int(partner[row.topic]), row.source_a, row.source_b)
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
    labels: list[str],
    refits: dict[str, list[Refit]],
    settings: dict,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(contrasts, house style, specifications): a row per weighting, topic and pair, with its robustness, grade and
    sentences.

    raw: of `shares_tables`. theta: shape (A, K); labels: K names. refits: "seeds", other fits of the same K; "k", a fit of
    each neighbouring K; and by their names fits of the same K to other segmentations. specifications: what each of the
    latter makes of each contrast. settings: `compare` of the configuration.
    """
    limits = {k: settings[k] for k in ("min_issues", "min_articles", "confidence")}
    refits = {
        "seeds": refits["seeds"],
        "k": refits["k"],
        **{n: r for n, r in refits.items() if n not in ("seeds", "k")},
    }
    tables, elsewhere = {}, []
    for weighting, (issues, shares, described) in raw.items():
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
                    its_issues, its_shares, permutations=CHECK_PERMUTATIONS, seed=seed,
                    min_issues=settings["min_issues"], min_articles=0, confidence=settings["confidence"],
                )  # fmt: skip
                held = holds(table, check, refit.partner, refit.score)
                table[f"{column}_held"] += held.to_numpy(int) * table["eligible"].to_numpy(int)
                if column == "specs":
                    elsewhere.append(_specification(name, table, check, refit, held))
        tables[weighting] = (table, issues, described)
    style = house_style(articles, theta)
    # In a few issues a theme of the day is as widespread as a style: nothing can be told from them.
    n_issues = articles[articles["issue_id"] != ""].groupby("source")["issue_id"].nunique()
    style["flag"] &= style["source"].map(n_issues).fillna(0) >= settings["min_issues"]
    signs = {w: np.sign(t["difference"].to_numpy()) for w, (t, _, _) in tables.items()}
    same_sign = signs["article"] == signs["token"]
    graded = [
        _graded(table, issues, described, labels, style, same_sign, weighting)
        for weighting, (table, issues, described) in tables.items()
    ]
    out = pd.concat(graded, ignore_index=True)
    out.insert(0, "topic_id", out.pop("topic") + 1)
    style = style.assign(topic_id=style["topic"] + 1).drop(columns="topic")
    return out, style, pd.concat(elsewhere, ignore_index=True) if elsewhere else pd.DataFrame(columns=SPECIFICATION)


def _specification(name: str, table: pd.DataFrame, check: pd.DataFrame, refit: Refit, held: pd.Series) -> pd.DataFrame:
    """What another segmentation makes of each contrast of `table`: a row for each, with the columns SPECIFICATION."""
    found = check.set_index(["topic", "source_a", "source_b"])[["difference", "p"]]
    there = [
        found.loc[key]
        if (key := (int(refit.partner[r.topic]), r.source_a, r.source_b)) in found.index
        else (np.nan,) * 2
        for r in table.itertuples()
    ]
    out = table[["weighting", "source_a", "source_b", "eligible", "difference", "p"]].copy()
    out["topic_id"] = table["topic"] + 1
    out["segmentation"] = name
    out["similarity"] = refit.score[table["topic"].to_numpy(int)]
    out["returns"] = out["similarity"] >= SAME_TOPIC
    out[["difference_there", "p_there"]] = np.array(there, float).reshape(len(table), 2)
    out["same_sign"] = out["returns"] & (np.sign(out["difference"]) == np.sign(out["difference_there"]))
    out["holds"] = held
    return out[SPECIFICATION]


def _graded(
    table: pd.DataFrame,
    issues: pd.DataFrame,
    described: pd.DataFrame,
    labels: list[str],
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
            "house_style": row["topic"] in flagged,
        }  # fmt: skip
        level, reasons = grade(row, **known)
        _, reasons_zh = grade(row, **known, language="zh")
        about = dict(weighting=weighting, overlap=overlap, **bounds)
        label = labels[row["topic"]]
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
    model: tuple[np.ndarray, np.ndarray],
    models: dict[int, tuple[np.ndarray, np.ndarray]],
    segmentations: dict[str, np.ndarray],
    settings: dict,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """The tables shares, issue_shares, contrasts, style and specifications, from the files of the stages before.

    Repeats within a source count once. model: phi (K, V) and theta (A, K) of the chosen fit; models: by K all fits, theta
    by chunk; segmentations: by name, theta (A, K) of a fit to the text cut in another way.
    The neighbours of a K are the next smaller and the next larger one of the search, each by its first fit.
    """
    own = (articles["duplicate_of"] == "").to_numpy()
    ids = list(articles["article_id"])
    counted = chunks.groupby("article_id")["n_tokens"].sum()
    # An issue is of its own day, not of the days its datelines name.
    articles = articles.assign(
        n_tokens=articles["article_id"].map(counted).fillna(0).astype(int), date=articles["issue_date"]
    )
    phi, theta = model
    k = chosen["k"]

    def fit(of: int, number: int) -> tuple[np.ndarray, np.ndarray]:
        phis, thetas = models[of]
        return phis[number], by_article(thetas[number], chunks, ids)[own]

    theta = theta[own]
    tried = sorted(models)
    place = tried.index(k)
    neighbours = [other for other in tried[max(0, place - 1) : place + 2] if other != k]
    refits = {
        "seeds": [refit_by_terms(phi, fit(k, n)) for n in range(len(models[k][0])) if n != chosen["seed"]],
        "k": [refit_by_terms(phi, fit(other, 0)) for other in neighbours],
        **{name: [refit_by_articles(theta, other[own])] for name, other in segmentations.items()},
    }
    articles = articles[own].reset_index(drop=True)
    by_source, by_issue, raw = shares_tables(articles, theta, settings)
    table, style, elsewhere = contrasts_table(raw, articles, theta, list(topics["label"]), refits, settings, seed)
    tables = {"shares": by_source, "issue_shares": by_issue, "contrasts": table, "style": style}
    return tables | {"specifications": elsewhere}
