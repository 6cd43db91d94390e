"""How much of each source each topic takes, as a figure and in numbers."""

import pandas as pd

from baokan.reporting.run import Run

MEASURES = ("share", "lower", "upper", "seed_sd", "noise_share")


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: shares, topics. rows: one for each topic that was not excluded and each source, with its share in both weightings
    and what speaks for it."""
    topics = tables["topics"][~tables["topics"]["excluded"]]
    shares = tables["shares"][tables["shares"]["topic_id"].isin(topics["topic_id"])]
    named = {w: rows.set_index(["topic_id", "source"]) for w, rows in shares.groupby("weighting")}
    return {
        "rows": [
            {"topic_id": topic.topic_id, "label": topic.label, "source": source}
            | {w: {m: float(rows.loc[(topic.topic_id, source), m]) for m in MEASURES} for w, rows in named.items()}
            for topic in topics.itertuples()
            for source in sorted(shares["source"].unique())
        ]
    }
