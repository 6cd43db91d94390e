"""Each topic: its words, its share of each source, how sure it is itself, and passages."""

import numpy as np
import pandas as pd

from baokan.catalogue import Translator
from baokan.reporting.run import Run

SHAKY = 0.5  # a topic that returns in less than this share of the other fits is marked


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: topics, shares, style, articles, passages, rulings. topics: one by one, by number; rulings: the rows of the user's
    topics.tsv with what became of them; rulings_failed: whether one found no topic."""
    rulings = tables["rulings"].to_dict("records")
    return {
        "topics": [_topic(topic, tables, run) for topic in tables["topics"].itertuples()],
        "rulings": rulings,
        "rulings_failed": any(r["topic_id"] == 0 for r in rulings),
    }


def is_shaky(topics: pd.DataFrame) -> pd.Series:
    """Whether each topic returns too seldom in other fits to be relied on; one whose stability is not known is not."""
    return topics["stability"] < SHAKY


def _topic(topic, tables: dict[str, pd.DataFrame], run: Run) -> dict:
    shares, quoted = tables["shares"], tables["passages"]
    mine = shares[(shares["topic_id"] == topic.topic_id) & (shares["weighting"] == run.weighting)].set_index("source")
    articles = tables["articles"].set_index("article_id")
    largest = float(shares["share"].max() or 1.0)
    return {
        "id": topic.topic_id,
        "label": topic.label,
        "named": topic.label != topic.auto_label,
        "auto_label": topic.auto_label,
        "colour": topic.colour,
        "share": topic.share,
        "words": {name: list(getattr(topic, f"{name}_terms")) for name in ("top", "frex", "lift")},
        "coherence": topic.coherence,
        "exclusivity": topic.exclusivity,
        "returning": _returning(topic, run),
        "shaky": topic.stability < SHAKY,
        "excluded": topic.excluded,
        "ruling": topic.ruling,
        "merged": list(topic.merged),
        "house": _house(tables["style"], topic),
        "bars": [
            {"source": s, "colour": run.colour(s), "share": float(mine.loc[s, "share"])}
            | {"width": 100 * float(mine.loc[s, "share"]) / largest}
            for s in run.sources
            if s in mine.index
        ],
        "passages": [
            {"share": q.share, "text": q.passage, **_where(articles.loc[q.article_id], run.t)}
            for q in quoted[quoted["topic_id"] == topic.topic_id].itertuples()
        ],
    }


def _returning(topic, run: Run) -> list[str]:
    """In how many of the fits a topic returns, for each kind of other fits that were made."""
    settings, t = run.config["topics"], run.t
    kinds = [
        (topic.stability, run.chosen["n_fits"] - 1, t.gettext("other fits")),
        (topic.stability_k, settings["seeds"] * len(run.chosen["neighbours"]), t.gettext("fits of neighbouring K")),
        (topic.check, settings["check_seeds"], t.gettext("fits by {engine}", engine=settings["check_engine"])),
    ]
    return [
        t.gettext("{held} of {n} {which}", held=round(share * n), n=n, which=which)
        for share, n, which in kinds
        if np.isfinite(share)
    ]


def _house(style: pd.DataFrame, topic) -> dict | None:
    """What speaks for a topic being the house style of a source; None for one that is compared with nothing."""
    rows = style[style["topic_id"] == topic.topic_id]
    if rows.empty:
        return None
    row = rows.iloc[0]
    elsewhere = float(row["median_elsewhere"])
    return {
        "flag": bool(row["flag"]) and topic.ruling != "style",
        "source": row["source"],
        "median": float(row["median"]),
        "elsewhere": None if np.isnan(elsewhere) else elsewhere,
        "bits": float(row["information_per_token"]),
    }


def _where(article: pd.Series, t: Translator) -> dict:
    place = {"document": article["document_id"], "start": f"{article['start']:,}", "end": f"{article['end']:,}"}
    if article["page"]:
        path = t.gettext("{document}, page {page}, characters {start} to {end}", page=article["page"], **place)
    else:
        path = t.gettext("{document}, characters {start} to {end}", **place)
    return {
        "title": article["title"] or t.gettext("(no headline)"),
        "source": article["source"],
        "issue": article["issue"],
        "path": path,
    }
