"""Every issue, and the topics that lead in it."""

import pandas as pd

from baokan.reporting.run import Run

LEADING = 3


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: issue_shares, topics, articles, article_topics. issues: by source and date, each with its leading topics, their
    share in the issue and the lowest and highest share of one of its articles."""
    rows = tables["issue_shares"]
    kept = tables["topics"].loc[~tables["topics"]["excluded"], "topic_id"]
    rows = rows[(rows["weighting"] == run.weighting) & rows["topic_id"].isin(kept)]
    known = tables["article_topics"].merge(tables["articles"][["article_id", "issue_id"]], on="article_id")
    spread = known.groupby(["issue_id", "topic_id"])["share"].agg(["min", "max"])
    ordered = rows.sort_values("share", ascending=False).groupby(["source", "date", "issue_id"])
    return {
        "issues": [
            {
                "source": source,
                "date": date,
                "issue": issue,
                "n_articles": int(own["n_articles"].iloc[0]),
                "top": [
                    {
                        "topic_id": r.topic_id,
                        "label": run.labels[r.topic_id],
                        "share": r.share,
                        "low": spread.loc[(issue, r.topic_id), "min"],
                        "high": spread.loc[(issue, r.topic_id), "max"],
                    }
                    for r in own.head(LEADING).itertuples()
                ],
            }
            for (source, date, issue), own in ordered
        ]
    }
