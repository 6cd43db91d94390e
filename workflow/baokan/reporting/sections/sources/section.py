"""What each source is made of and dwells on."""

import pandas as pd

from baokan.reporting.run import Run

TOPICS, TERMS = 5, 15


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: articles, documents, topics, shares, style, tfidf. sources: each with its size, its leading topics and words."""
    kept = tables["topics"].loc[~tables["topics"]["excluded"], "topic_id"]
    shares = tables["shares"]
    shares = shares[shares["topic_id"].isin(kept) & (shares["weighting"] == run.weighting)]
    return {"sources": [_source(name, tables, shares, run) for name in run.sources]}


def _source(name: str, tables: dict[str, pd.DataFrame], shares: pd.DataFrame, run: Run) -> dict:
    articles = tables["articles"][tables["articles"]["source"] == name]
    mine = shares[shares["source"] == name].sort_values("share", ascending=False)
    styled = set(tables["style"].loc[tables["style"]["flag"], "topic_id"])
    n_characters = int(articles["n_chars"].sum())
    return {
        "name": name,
        "colour": run.colour(name),
        "n_articles": len(articles),
        "n_issues": articles.loc[articles["issue_id"] != "", "issue_id"].nunique(),
        "n_characters": n_characters,
        "length": float(articles["n_chars"].median()),
        "in_words": float((articles["in_words"] * articles["n_chars"]).sum() / max(1, n_characters)),
        "publications": ", ".join(sorted(p for p in articles["publication"].unique() if p)),
        "period": run.period(articles["issue_date"]),
        "top": [
            {"topic_id": r.topic_id, "label": run.labels[r.topic_id], "style": r.topic_id in styled}
            | {"share": r.share, "lower": r.lower, "upper": r.upper}
            for r in mine.head(TOPICS).itertuples()
        ],
        "words": tables["tfidf"].loc[tables["tfidf"]["source"] == name, "term"].head(TERMS).tolist(),
    }
