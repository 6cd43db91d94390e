"""What the report says of the user's own themes: shares by source, what may be claimed, and terms that were not found."""

import numpy as np
import pandas as pd

from baokan.comparing.grading import GRADES
from baokan.numbers import per_mille
from baokan.reporting.looks import GRADE_COLOURS, source_colour
from baokan.reporting.run import Run
from baokan.words.dictionary import ABSENT, COUNTED, COVERED, NEVER

MOST_FINDINGS = 12  # claims that stand alone; the others follow in a list
MOST_ROWS = 60  # of a list; the tables have all
LITTLE = 0.5  # a term of which fewer places count is named
RELATED = 0.2  # a topic that goes with a theme less than this is not named


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """In the weighting of the report; `rows` is empty where there is no themes.tsv.

    tables: themes, theme_shares, theme_contrasts, theme_topics. Shares are written as words in 1,000.
    """
    compare = run.config["compare"]
    terms, shares, contrasts = tables["themes"], tables["theme_shares"], tables["theme_contrasts"]
    shares = shares[shares["weighting"] == compare["weighting"]]
    contrasts = contrasts[contrasts["weighting"] == compare["weighting"]].copy()
    sources = sorted(shares["source"].unique())
    contrasts["order"] = contrasts["grade"].map(GRADES.index).astype(int)
    contrasts = contrasts.sort_values(["order", "p_holm"], kind="stable", na_position="last")
    n_first = min(MOST_FINDINGS, int((contrasts["grade"] != "descriptive").sum()))
    lost = terms[terms["status"] != COUNTED]
    partly = terms[(terms["status"] == COUNTED) & (terms["n_whole"] < LITTLE * terms["n_places"])]
    partly = partly[[not _is_listed(row, terms) for row in partly.itertuples()]]
    shared = terms[terms["also_in"] != ""].drop_duplicates("term")
    return {
        "rows": [
            _row(theme, own, shares, contrasts, tables["theme_topics"], sources, run.language)
            for theme, own in terms.groupby("theme", sort=False)
        ],
        "sources": [{"source": s, "colour": source_colour(sources, s)} for s in sources],
        "findings": _claims(contrasts.head(n_first)),
        "others": _claims(contrasts[n_first:].head(MOST_ROWS)),
        "n_others": len(contrasts) - n_first,
        "n_terms": len(terms),
        "n_lost": len(lost),
        "absent": _distinct(lost, ABSENT),
        "covered": _distinct(lost, COVERED),
        "never": [_lost(row) for row in lost[lost["status"] == NEVER].head(MOST_ROWS).to_dict("records")],
        "partly": [_lost(row) for row in partly.head(MOST_ROWS).to_dict("records")],
        "shared": [
            {"term": r["term"], "themes": "、".join([r["theme"], r["also_in"]])}
            for r in shared.head(MOST_ROWS).to_dict("records")
        ],
        "weighting": compare["weighting"],
        "confidence": compare["confidence"],
        "n_bounded": int(shares["eligible"].astype(bool).sum()),
        "min_issues": compare["min_issues"],
        "min_articles": f"{compare['min_articles']:g}",
    }


def _row(
    theme: str,
    own: pd.DataFrame,
    shares: pd.DataFrame,
    contrasts: pd.DataFrame,
    topics: pd.DataFrame,
    sources: list[str],
    language: str,
) -> dict:
    """A row of the table: a theme with its terms, its share of each source, its grades and the topics it goes with."""
    mine = shares[shares["theme"] == theme].set_index("source")
    counted = own[own["n_tokens"] > 0].sort_values("n_tokens", ascending=False, kind="stable")
    grades = contrasts.loc[contrasts["theme"] == theme, "grade"].value_counts()
    alike = topics[(topics["theme"] == theme) & (topics["correlation"] >= RELATED)]
    return {
        "theme": theme,
        "n_terms": len(own),
        "n_counted": len(counted),
        "top": [{"term": r["term"], "part": float(r["part"])} for r in counted.head(2).to_dict("records")],
        "sources": [_share(mine.loc[s], language) for s in sources],
        "grades": [(g, int(grades[g])) for g in GRADES if g in grades],
        "topics": alike[["topic_id", "label", "correlation"]].to_dict("records"),
    }


def _share(row: pd.Series, language: str) -> dict:
    bounded = bool(np.isfinite(row["lower"]) and np.isfinite(row["upper"]))
    return {
        "share": per_mille(row["share"], language),
        "bounds": f"[{per_mille(row['lower'], language)}, {per_mille(row['upper'], language)}]" if bounded else "",
        "articles_of": int(row["articles_of"]),
        "n_articles": int(row["n_articles"]),
    }


def _is_listed(row, terms: pd.DataFrame) -> bool:
    """Whether the longer word that takes most places of a term is a term of the same theme."""
    word = row.reason.partition(": ")[2].rpartition(" (")[0]
    return bool((terms["theme"] == row.theme)[terms["term"] == word].any())


def _claims(contrasts: pd.DataFrame) -> list[dict]:
    return [
        {"grade": r["grade"], "colour": GRADE_COLOURS[r["grade"]], "sentence": r["sentence"], "zh": r["sentence_zh"]}
        for r in contrasts.to_dict("records")
    ]


def _distinct(lost: pd.DataFrame, status: str) -> list[str]:
    return list(lost.loc[lost["status"] == status, "term"].drop_duplicates())


def _lost(row: dict) -> dict:
    return {name: row[name] for name in ("theme", "term", "n_places", "n_whole", "reason")}
