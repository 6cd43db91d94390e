"""The report: one HTML file that opens offline, and the same findings in Markdown."""

import base64
from pathlib import Path

import numpy as np
import pandas as pd

from baokan.articles.cut import failed_corrections
from baokan.comparing.grading import GRADES
from baokan.reading.formats import BY_OCR
from baokan.reporting.data import furniture_of, repairs_of
from baokan.reporting.looks import GRADE_COLOURS, source_colour
from baokan.reporting.parts.confounds import confounds_of
from baokan.reporting.parts.divergence import divergence_of
from baokan.reporting.parts.placebo import placebo_of
from baokan.reporting.parts.reprinting import reprinting_of
from baokan.reporting.parts.specifications import specifications_of
from baokan.reporting.parts.themes import themes_of
from baokan.reporting.parts.timeline import timeline_of
from baokan.reporting.rendering import template_of, write_page
from baokan.reporting.wording import words_of

HEADLINES = 8  # findings told at the top; the table of contrasts has all
DOCUMENT_ROWS = 400  # of the data page; the rest is in tables/documents.csv
TERMS = 15
SHAKY = 0.5  # a topic that returns in less than this share of the other fits is marked
# What the templates in parts/ show, by the name under which they find it.
PARTS = {
    "confounds": confounds_of,
    "divergence": divergence_of,
    "placebo": placebo_of,
    "reprinting": reprinting_of,
    "specifications": specifications_of,
    "themes": themes_of,
    "timeline": timeline_of,
}
GRADE_MEANING = {
    "established": "10 issues or more a side, significant after correction, holding over seeds, K, specifications and within "
    "dates, and of the same sign whatever else is held equal",
    "suggestive": "significant, but something is missing for an established claim; the sentence says what",
    "descriptive": "true of the issues that were read; it describes these issues only, and nothing is claimed beyond them",
}


def context(
    tables: dict[str, pd.DataFrame],
    chosen: dict,
    provenance: dict,
    figures: dict[str, Path],
    places: dict[str, str],
    up: str = "",
) -> dict:
    """All that the templates show, as plain values. tables: by the names of the rule's inputs; places: of words below
    contexts/; up: the way from the report to the folder of the results."""
    config = provenance["config"]
    weighting = config["compare"]["weighting"]
    articles, documents, topics = tables["articles"], tables["documents"], tables["topics"]
    sources = sorted(articles["source"].unique())
    contrasts = tables["contrasts"]
    contrasts = contrasts[contrasts["weighting"] == weighting].copy()
    contrasts["rank"] = contrasts["grade"].map(GRADES.index) if len(contrasts) else []
    contrasts["size"] = contrasts["difference"].abs()
    # What is told first: the surest, then the largest; a topic that looks like house style comes after the themes.
    contrasts = contrasts.sort_values(
        ["house_style", "rank", "size", "topic_id"], ascending=[True, True, False, True], kind="stable"
    )
    styled = set(tables["style"].loc[tables["style"]["flag"], "topic_id"])
    shares, kept = tables["shares"], topics[~topics["excluded"]]
    compared = shares[shares["topic_id"].isin(kept["topic_id"])]
    return {
        "up": up,
        "name": config["name"] or Path(config["corpus"]).name,
        "config": config,
        "weighting": weighting,
        "sources": [_source(s, sources, tables, compared, weighting, topics, styled) for s in sources],
        "period": _period(articles["issue_date"]),
        "n_articles": len(articles),
        "n_issues": articles.loc[articles["issue_id"] != "", "issue_id"].nunique(),
        "n_documents": len(documents),
        "n_characters": int(articles["n_chars"].sum()),
        "grades": [(g, int((contrasts["grade"] == g).sum()), GRADE_MEANING[g], GRADE_COLOURS[g]) for g in GRADES],
        "colours": GRADE_COLOURS,
        "n_eligible": int(contrasts["eligible"].sum()) if len(contrasts) else 0,
        "findings": _headlines(contrasts),
        "profiles": _profiles(contrasts, shares, kept, weighting) if len(contrasts) else [],
        "apart": bool((contrasts["overlap"] == "no").any()) if len(contrasts) else False,
        "contrasts": [r._asdict() for r in contrasts.itertuples(index=False)],
        "same_issues": tables["overlaps"].query("same_issues > 0").to_dict("records"),
        "numbers": _numbers(compared, kept),
        "pairs": sorted(set(zip(contrasts["source_a"], contrasts["source_b"], strict=True))),
        "topics": [
            _topic(t, sources, tables, shares, weighting) | {"returning": _returning(t, chosen, config["topics"])}
            for t in topics.itertuples()
        ],
        "label_of": dict(zip(topics["topic_id"], topics["label"], strict=True)),
        "chosen": chosen,
        "search": _search(tables["search"], topics, chosen),
        "rulings": tables["rulings"].to_dict("records"),
        "issues": _issues(tables, weighting, kept),
        "documents": documents.head(DOCUMENT_ROWS).to_dict("records"),
        "documents_left": max(0, len(documents) - DOCUMENT_ROWS),
        "problems": documents[documents["problem"] != ""].to_dict("records"),
        "furniture": furniture_of(tables["furniture"]),
        "repairs": repairs_of(documents),
        "n_doubts": len(tables["doubts"]),
        "n_ocr": int(documents["method"].str.contains(BY_OCR, regex=False).sum()),
        "corrections_failed": failed_corrections(tables["corrections"]).to_dict("records"),
        "n_corrections": len(tables["corrections"]),
        "duplicates": int((articles["duplicate_of"] != "").sum()),
        "words": words_of(tables, sources, places, config["words"]),
        "dropped": [(s, int(n)) for s, n in tables["vocabulary"]["status"].value_counts().items()],
        "provenance": provenance,
        "figures": figures,
        **{name: part(tables, config) for name, part in PARTS.items()},
    }


def _source(
    name: str,
    sources: list[str],
    tables: dict,
    shares: pd.DataFrame,
    weighting: str,
    topics: pd.DataFrame,
    styled: set[int],
) -> dict:
    articles = tables["articles"][tables["articles"]["source"] == name]
    mine = shares[(shares["source"] == name) & (shares["weighting"] == weighting)].sort_values("share", ascending=False)
    labels = topics.set_index("topic_id")["label"]
    words = tables["tfidf"][tables["tfidf"]["source"] == name].head(TERMS)
    documents = tables["documents"][tables["documents"]["source"] == name]
    return {
        "name": name,
        "colour": source_colour(sources, name),
        "n_articles": len(articles),
        "n_issues": articles.loc[articles["issue_id"] != "", "issue_id"].nunique(),
        "n_documents": len(documents),
        "n_characters": int(articles["n_chars"].sum()),
        "length": float(articles["n_chars"].median()),
        "in_words": float((articles["in_words"] * articles["n_chars"]).sum() / max(1, articles["n_chars"].sum())),
        "publications": ", ".join(sorted(p for p in articles["publication"].unique() if p)),
        "period": _period(articles["issue_date"]),
        "top": [
            {
                "topic_id": r.topic_id,
                "label": labels[r.topic_id],
                "style": r.topic_id in styled,
                "share": r.share,
                "lower": r.lower,
                "upper": r.upper,
            }
            for r in mine.head(5).itertuples()
        ],
        "words": words.to_dict("records"),
    }


def _period(dates: pd.Series) -> str:
    known = sorted(d for d in dates if d)
    if not known:
        return "no dates"
    return known[0] if known[0] == known[-1] else f"{known[0]} to {known[-1]}"


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


def _numbers(shares: pd.DataFrame, topics: pd.DataFrame) -> list[dict]:
    """Shares of all topics and sources in both weightings, with what speaks for them: a row each."""
    named = {w: rows.set_index(["topic_id", "source"]) for w, rows in shares.groupby("weighting")}
    found = []
    for topic in topics.itertuples():
        for source in sorted(shares["source"].unique()):
            each = {w: rows.loc[(topic.topic_id, source)] for w, rows in named.items()}
            found.append(
                {"topic_id": topic.topic_id, "label": topic.label, "source": source}
                | {
                    w: {n: float(row[n]) for n in ("share", "lower", "upper", "seed_sd", "noise_share")}
                    for w, row in each.items()
                }
            )
    return found


def _topic(topic, sources: list[str], tables: dict, shares: pd.DataFrame, weighting: str) -> dict:
    mine = shares[(shares["topic_id"] == topic.topic_id) & (shares["weighting"] == weighting)].set_index("source")
    articles = tables["articles"].set_index("article_id")
    quoted = tables["passages"][tables["passages"]["topic_id"] == topic.topic_id]
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
        "stability": _known(topic.stability),
        "check": _known(topic.check),
        "shaky": topic.stability < SHAKY,
        "excluded": topic.excluded,
        "ruling": topic.ruling,
        "merged": list(topic.merged),
        "house": _house(tables["style"], topic),
        "bars": [
            {
                "source": s,
                "colour": source_colour(sources, s),
                "share": float(mine.loc[s, "share"]),
                "width": 100 * float(mine.loc[s, "share"]) / largest,
            }
            for s in sources
            if s in mine.index
        ],
        "passages": [
            {"share": q.share, "text": q.passage, **_where(articles.loc[q.article_id])} for q in quoted.itertuples()
        ],
    }


def _returning(topic, chosen: dict, settings: dict) -> list[tuple[int, int, str]]:
    """(fits in which a topic returns, fits, which ones) of each kind of other fits that were made."""
    kinds = [
        (topic.stability, chosen["n_fits"] - 1, "other fits"),
        (topic.stability_k, settings["seeds"] * len(chosen["neighbours"]), "fits of neighbouring K"),
        (topic.check, settings["check_seeds"], f"fits by {settings['check_engine']}"),
    ]
    return [(round(share * n), n, which) for share, n, which in kinds if np.isfinite(share)]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _house(style: pd.DataFrame, topic) -> dict | None:
    """What speaks for a topic being the house style of a source; None for one that is compared with nothing."""
    rows = style[style["topic_id"] == topic.topic_id]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return {
        "flag": bool(row["flag"]) and topic.ruling != "style",
        "source": row["source"],
        "median": float(row["median"]),
        "elsewhere": _known(row["median_elsewhere"]),
        "bits": float(row["information_per_token"]),
    }


def _search(search: pd.DataFrame, topics: pd.DataFrame, chosen: dict) -> dict:
    """The search over K as a table of means, and how many fits there were."""
    by_k = search[search["score"].notna()].groupby("k")
    columns = ["npmi", "c_v", "u_mass", "exclusivity", "diversity", "stability", "score", "held_out", "held_out_error"]
    means = by_k[columns].mean()
    return {
        "rows": [
            {"k": int(k), "n": int(n), "chosen": k == chosen["k"], **means.loc[k].to_dict()}
            for k, n in by_k.size().items()
        ],
        "n_fits": len(search),
        "median": float(topics["stability"].median()),
    }


def _where(article: pd.Series) -> dict:
    page = f", page {article['page']}" if article["page"] else ""
    return {
        "title": article["title"] or "(no headline)",
        "source": article["source"],
        "issue": article["issue"],
        "date": article["date"],
        "path": f"{article['document_id']}{page}, characters {article['start']:,} to {article['end']:,}",
    }


def _issues(tables: dict, weighting: str, topics: pd.DataFrame) -> list[dict]:
    rows = tables["issue_shares"]
    rows = rows[(rows["weighting"] == weighting) & rows["topic_id"].isin(topics["topic_id"])]
    labels = topics.set_index("topic_id")["label"]
    articles, mixtures = tables["articles"], tables["article_topics"]
    known = mixtures.merge(articles[["article_id", "issue_id"]], on="article_id")
    spread = known.groupby(["issue_id", "topic_id"])["share"].agg(["min", "max"])
    found = []
    for (source, date, issue), group in rows.sort_values("share", ascending=False).groupby(
        ["source", "date", "issue_id"]
    ):
        top = [
            {
                "topic_id": r.topic_id,
                "label": labels[r.topic_id],
                "share": r.share,
                "low": spread.loc[(issue, r.topic_id), "min"],
                "high": spread.loc[(issue, r.topic_id), "max"],
            }
            for r in group.head(3).itertuples()
        ]
        found.append(
            {"source": source, "date": date, "issue": issue, "n_articles": int(group["n_articles"].iloc[0]), "top": top}
        )
    return found


def write_html(about: dict, template: str | Path, css: str | Path, target: str | Path) -> None:
    """The report as one file: styles, figures and a font with the characters it shows are inside; no script, no link to
    anything outside. All text of documents is escaped."""
    images = {
        name: "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
        for name, path in about["figures"].items()
    }
    write_page(template, target, css, **about | {"figures": images})


def write_markdown(about: dict, template: str | Path, target: str | Path) -> None:
    """The same findings and tables as Markdown, with the figures as files beside it."""
    page = template_of(template, html=False)
    Path(target).write_text(page.render(**about), encoding="utf-8")
