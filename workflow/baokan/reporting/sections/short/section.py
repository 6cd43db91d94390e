"""What the report says first: how much was read, what to beware of, and the surest findings."""

import pandas as pd

from baokan.catalogue import N_
from baokan.comparing.grading import GRADES
from baokan.reporting.run import Run
from baokan.reporting.sections.contrasts.section import surest_first

HEADLINES = 8  # findings told at the top; the table of contrasts has all
MEANING = {
    "established": N_(
        "10 issues or more a side, significant after correction, holding over seeds, K, specifications and within "
        "dates, and of the same sign whatever else is held equal"
    ),
    "suggestive": N_("significant, but something is missing for an established claim; the sentence says what"),
    "descriptive": N_(
        "true of the issues that were read; it describes these issues only, and nothing is claimed beyond them"
    ),
}


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: articles, documents, topics, contrasts, shares, overlaps. Counts of what was read; problems: documents that were
    not read as they should be; same_issues: pairs of sources that share issues; grades: how many contrasts have each, and
    what it means; findings: the surest claims; profiles: where sources lie apart without a claim."""
    articles, documents, topics = tables["articles"], tables["documents"], tables["topics"]
    contrasts = surest_first(tables["contrasts"], run.weighting)
    return {
        "n_sources": len(run.sources),
        "n_issues": articles.loc[articles["issue_id"] != "", "issue_id"].nunique(),
        "n_articles": len(articles),
        "n_documents": len(documents),
        "n_characters": int(articles["n_chars"].sum()),
        "n_topics": len(topics),
        "problems": documents[documents["problem"] != ""].to_dict("records"),
        "same_issues": tables["overlaps"].query("same_issues > 0").to_dict("records"),
        "grades": [
            {"grade": g, "n": int((contrasts["grade"] == g).sum()), "meaning": run.t.gettext(MEANING[g])}
            for g in GRADES
        ],
        "n_eligible": int(contrasts["eligible"].sum()) if len(contrasts) else 0,
        "findings": _headlines(contrasts),
        "profiles": _profiles(contrasts, tables["shares"], topics[~topics["excluded"]], run.weighting)
        if len(contrasts)
        else [],
        "apart": bool((contrasts["overlap"] == "no").any()) if len(contrasts) else False,
    }


def _headlines(contrasts: pd.DataFrame) -> list[dict]:
    """What is told first: claims above descriptive, in the order of `contrasts`, each topic at most twice, so that one
    theme does not fill the page."""
    claims = contrasts[contrasts["grade"] != "descriptive"]
    claims = claims[claims.groupby("topic_id").cumcount() < 2].head(HEADLINES)
    return [r._asdict() for r in claims.itertuples(index=False)]


def _profiles(contrasts: pd.DataFrame, shares: pd.DataFrame, topics: pd.DataFrame, weighting: str) -> list[dict]:
    """Topics that sources differ on most in what was read, without a claim: shares of all sources, largest first, and
    how far apart the largest and the smallest are. Topics that look like house style come last."""
    mine = shares[shares["weighting"] == weighting]
    claimed = set(contrasts.loc[contrasts["grade"] != "descriptive", "topic_id"])
    styled = set(contrasts.loc[contrasts["house_style"].astype(bool), "topic_id"])
    found = []
    for topic in topics.itertuples():
        rows = mine[mine["topic_id"] == topic.topic_id].sort_values(["share", "source"], ascending=[False, True])
        found.append(
            {
                "topic_id": topic.topic_id,
                "label": topic.label,
                "style": topic.topic_id in styled,
                "gap": float(rows["share"].iloc[0] - rows["share"].iloc[-1]),
                "sources": rows[["source", "share", "n_issues"]].to_dict("records"),
            }
        )
    # What rounds to nothing is no gap.
    found = [f for f in found if f["topic_id"] not in claimed and f["gap"] >= 0.0005]
    return sorted(found, key=lambda f: (f["style"], -f["gap"]))[:HEADLINES]
