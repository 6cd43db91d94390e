"""How well a run on data/sample finds the themes that were planted in it (data/sample/truth.tsv).

    make && make score

An article of the run is given the planted theme in whose span most of its text lies. Purity: the share of articles whose
top topic is mostly of their theme. One-to-one: the same, but each theme claims one topic only (Hungarian method).
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from baokan.tables import read_parquet
from baokan.topics.reported import MODEL, ReportedModel
from baokan.topics.training import load_fits
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import normalized_mutual_info_score

SAMPLE = Path("data/sample")
# Planted: more articles in the first source than in the second, by a factor of three or more.
CLEAR = [
    ("flood", "newspaper", "magazine"),
    ("flood", "newspaper", "gazette"),
    ("mural", "magazine", "newspaper"),
    ("mural", "magazine", "gazette"),
    ("fishery", "gazette", "newspaper"),
    ("fishery", "gazette", "magazine"),
]


def themes_of(articles: pd.DataFrame) -> pd.Series:
    """The planted theme of each article, "" if its text lies in none."""
    truth = pd.read_csv(SAMPLE / "truth.tsv", sep="\t")
    found = []
    for row in articles.itertuples():
        here = truth[truth["file"] == row.document_id]
        shared: dict[str, int] = {}
        for start, end in row.spans:
            for t in here.itertuples():
                shared[t.theme] = shared.get(t.theme, 0) + max(0, min(end, t.end) - max(start, t.start))
        best = max(shared, key=shared.get) if shared else ""
        found.append(best if best and shared[best] else "")
    return pd.Series(found, index=articles.index)


def agreement(theta: np.ndarray, themes: pd.Series) -> dict[str, float]:
    """Purity, one-to-one accuracy and NMI of top topics against themes; theta: shape (A, K)."""
    filled = ~np.isnan(theta).any(axis=1) & (themes != "").to_numpy()
    top = theta[filled].argmax(axis=1)
    table = pd.crosstab(top, themes[filled].to_numpy())
    rows, columns = linear_sum_assignment(-table.to_numpy())
    n = table.to_numpy().sum()
    return {
        "articles": int(n),
        "purity": table.max(axis=1).sum() / n,
        "one-to-one": table.to_numpy()[rows, columns].sum() / n,
        "NMI": normalized_mutual_info_score(top, themes[filled]),
    }


def score(results: Path) -> dict:
    """All figures for the run in `results`, and the table of topics by theme."""
    articles = read_parquet(results / "corpus/articles.parquet")
    chosen = json.loads((results / "topics/chosen.json").read_text())
    theta = ReportedModel.load(results / MODEL).theta
    check = load_fits(results / "topics/models/check.npz").theta
    themes = themes_of(articles)
    filled = ~np.isnan(theta).any(axis=1)
    counts = pd.crosstab(pd.Series(theta[filled].argmax(axis=1) + 1, name="topic"), themes[filled].to_numpy())
    # A topic stands for the theme that more than half of its articles have. One that has none, or that the run itself
    # flags as house style, stands for no theme.
    style = read_parquet(results / "compare/style.parquet")
    majority = (counts.max(axis=1) > counts.sum(axis=1) / 2) & ~counts.index.isin(style.loc[style["flag"], "topic_id"])
    owner = counts.idxmax(axis=1)[majority]
    contrasts = read_parquet(results / "compare/contrasts.parquet")
    shares = read_parquet(results / "compare/issue_shares.parquet").query("weighting == 'article'")
    by_theme = (
        shares.assign(theme=shares["topic_id"].map(owner)).groupby(["source", "issue_id", "theme"])["share"].sum()
    )
    means = by_theme.groupby(["source", "theme"]).mean()
    signs = [(t, a, b, means[a, t] - means[b, t] if (a, t) in means.index else 0.0) for t, a, b in CLEAR]
    established = contrasts[(contrasts["grade"] == "established") & (contrasts["weighting"] == "article")]
    planted = {(t, *sorted((a, b))) for t, a, b in CLEAR}
    eligible = contrasts[contrasts["eligible"] & (contrasts["weighting"] == "article")]
    missed = [
        (owner[r.topic_id], r.source_a, r.source_b, r.grade)
        for r in eligible.itertuples()
        if r.grade != "established" and (owner.get(r.topic_id), *sorted((r.source_a, r.source_b))) in planted
    ]
    unplanted = [
        (owner.get(r.topic_id, "no theme"), r.source_a, r.source_b)
        for r in established.itertuples()
        if (owner.get(r.topic_id, "no theme"), *sorted((r.source_a, r.source_b))) not in planted
    ]
    return {
        "K": chosen["k"],
        "reason": chosen["reason"],
        "chosen": agreement(theta, themes),
        "check": {
            name: float(np.mean([agreement(t, themes)[name] for t in check])) for name in agreement(theta, themes)
        },
        "seeds": [agreement(t, themes)["NMI"] for t in _all_fits(results, chosen["k"])],
        "themes that are the majority of a topic": sorted(set(owner)),
        "themes": sorted(t for t in set(themes) if t),
        "signs": signs,
        "established": len(established),
        "eligible": int(contrasts.query("weighting == 'article'")["eligible"].sum()),
        "established but not planted": unplanted,
        "planted and tested but not established": missed,
        "counts": counts,
    }


def _all_fits(results: Path, k: int) -> np.ndarray:
    """theta of all fits of the chosen K, shape (S, A, K)."""
    models = results / "topics/models"
    return load_fits(models / f"tomotopy_k{k}.npz", *sorted(models.glob("chosen_*.npz"))).theta


def main() -> None:
    figures = score(Path(sys.argv[1] if len(sys.argv) > 1 else "results/sample"))
    print(figures["reason"])
    for name in ("chosen", "check"):
        f = figures[name]
        print(
            f"{name:7s} purity {f['purity']:.3f}  one-to-one {f['one-to-one']:.3f}  NMI {f['NMI']:.3f}  "
            f"({f['articles']:.0f} articles)"
        )
    seeds = figures["seeds"]
    print(
        f"NMI of all {len(seeds)} fits of this K: mean {np.mean(seeds):.3f}, from {min(seeds):.3f} to {max(seeds):.3f}"
    )
    lacking = sorted(set(figures["themes"]) - set(figures["themes that are the majority of a topic"]))
    print(f"themes without a topic in which they are the majority: {', '.join(lacking) or 'none'}")
    for theme, a, b, difference in figures["signs"]:
        print(
            f"planted: {theme} more in {a} than in {b}; found {difference:+.3f} ({'right' if difference > 0 else 'WRONG'})"
        )
    print(f"contrasts eligible {figures['eligible']}, established {figures['established']}, ", end="")
    print(f"established but not planted: {figures['established but not planted'] or 'none'}, ", end="")
    print(f"planted and tested but not established: {figures['planted and tested but not established'] or 'none'}")
    print(figures["counts"].to_string())


if __name__ == "__main__":
    main()
