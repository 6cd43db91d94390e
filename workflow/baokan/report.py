"""The report: one HTML file that opens offline, and the same findings in Markdown."""

import base64
import io
from pathlib import Path
from urllib.parse import quote

import jinja2
import numpy as np
import pandas as pd
from fontTools import subset
from fontTools.ttLib import TTFont

from baokan.figures import GRADE_COLOURS, font_path, source_colour
from baokan.grading import GRADES

HEADLINES = 8  # findings told at the top; the table of contrasts has all
DOCUMENT_ROWS = 400  # of the data page; the rest is in tables/documents.csv
TERMS = 15
FURNITURE_NAMES = {
    "masthead": "mastheads", "page_mark": "page marks", "credits": "editors' credits", "caption": "captions",
    "colophon": "colophon", "contents": "contents entries", "notice": "notices", "section": "section names",
    "jump_to": "jump lines", "jump_from": "continuation lines", "teaser": "teasers",
    "ornament": "ornaments", "loose": "loose lines",
}  # fmt: skip
GRADE_MEANING = {
    "established": "10 issues or more on each side, significant after correction, and returning over seeds and K",
    "suggestive": "significant, but something is missing for an established claim; the sentence says what",
    "descriptive": "true of the issues that were read; it describes these issues only, and nothing is claimed beyond them",
}


def context(tables: dict[str, pd.DataFrame], chosen: dict, provenance: dict, figures: dict[str, Path]) -> dict:
    """All that the templates show, as plain values. tables: by the names of the rule's inputs."""
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
    shares = tables["shares"]
    return {
        "name": config["name"] or Path(config["corpus"]).name,
        "config": config,
        "weighting": weighting,
        "sources": [_source(s, sources, tables, shares, weighting, topics, styled) for s in sources],
        "period": _period(articles["issue_date"]),
        "n_articles": len(articles),
        "n_issues": articles.loc[articles["issue_id"] != "", "issue_id"].nunique(),
        "n_documents": len(documents),
        "n_characters": int(articles["n_chars"].sum()),
        "grades": [(g, int((contrasts["grade"] == g).sum()), GRADE_MEANING[g], GRADE_COLOURS[g]) for g in GRADES],
        "colours": GRADE_COLOURS,
        "n_eligible": int(contrasts["eligible"].sum()) if len(contrasts) else 0,
        "findings": _headlines(contrasts),
        "profiles": _profiles(contrasts, shares, topics, weighting) if len(contrasts) else [],
        "apart": bool((contrasts["overlap"] == "no").any()) if len(contrasts) else False,
        "contrasts": [r._asdict() for r in contrasts.itertuples(index=False)],
        "pairs": sorted(set(zip(contrasts["source_a"], contrasts["source_b"], strict=True))),
        "topics": [_topic(t, sources, tables, shares, weighting) for t in topics.itertuples()],
        "chosen": chosen,
        "issues": _issues(tables, weighting, topics),
        "documents": documents.head(DOCUMENT_ROWS).to_dict("records"),
        "documents_left": max(0, len(documents) - DOCUMENT_ROWS),
        "problems": documents[documents["problem"] != ""].to_dict("records"),
        "furniture": [
            (FURNITURE_NAMES.get(kind, kind), int(n)) for kind, n in tables["furniture"]["kind"].value_counts().items()
        ],
        "repairs": {c: int(documents[c].sum()) for c in ("lines_joined", "blanks_removed", "marks_widened")},
        "reprints": _reprints(articles),
        "duplicates": int((articles["duplicate_of"] != "").sum()),
        "dropped": [(s, int(n)) for s, n in tables["vocabulary"]["status"].value_counts().items()],
        "provenance": provenance,
        "figures": figures,
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
        "quality": float(articles["quality"].mean()),
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
    found = [f for f in found if f["topic_id"] not in claimed]
    return sorted(found, key=lambda f: (f["style"], -f["gap"]))[:HEADLINES]


def _topic(topic, sources: list[str], tables: dict, shares: pd.DataFrame, weighting: str) -> dict:
    mine = shares[(shares["topic_id"] == topic.topic_id) & (shares["weighting"] == weighting)].set_index("source")
    style = tables["style"].set_index("topic_id").loc[topic.topic_id]
    check = tables.get("check")
    articles = tables["articles"].set_index("article_id")
    quoted = tables["passages"][tables["passages"]["topic_id"] == topic.topic_id]
    largest = float(shares["share"].max() or 1.0)
    return {
        "id": topic.topic_id,
        "label": topic.label,
        "share": topic.share,
        "top_terms": list(topic.top_terms),
        "frex_terms": list(topic.frex_terms),
        "coherence": topic.coherence,
        "stability": None if np.isnan(topic.stability) else topic.stability,
        "returns": None if check is None else bool(check.set_index("topic_id").loc[topic.topic_id, "returns"]),
        "style": bool(style["flag"]),
        "style_source": style["source"],
        "style_median": float(style["median"]),
        "information": float(style["information"]),
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


def _where(article: pd.Series) -> dict:
    return {
        "title": article["title"] or "(no headline)",
        "source": article["source"],
        "issue": article["issue"],
        "date": article["date"],
        "path": f"{article['document_id']}, characters {article['start']:,} to {article['end']:,}",
    }


def _issues(tables: dict, weighting: str, topics: pd.DataFrame) -> list[dict]:
    rows = tables["issue_shares"]
    rows = rows[rows["weighting"] == weighting]
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


def _reprints(articles: pd.DataFrame) -> list[dict]:
    rows = articles[articles["reprint_group"] != ""].sort_values(["reprint_group", "date", "source"])
    return [
        {"title": g["title"].iloc[0], "where": [f"{r.source} {r.issue}" for r in g.itertuples()]}
        for _, g in rows.groupby("reprint_group")
    ]


def subset_font(text: str) -> str:
    """Noto Sans SC with no more than the characters of `text`, as WOFF2 in base64. The same bytes for the same text: the
    font keeps its own dates."""
    font = TTFont(font_path(), recalcTimestamp=False)
    options = subset.Options()
    options.flavor, options.layout_features, options.hinting, options.notdef_outline = "woff2", ["*"], False, True
    options.ignore_missing_unicodes = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted({ord(c) for c in text}))
    cutter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def percent(value: float) -> str:
    """A share for a reader: "31 %", "4.2 %", "0.03 %"; "n/a" where there is none."""
    if value is None or not np.isfinite(value):
        return "n/a"
    return (
        f"{100 * value:.0f} %"
        if value >= 0.0995
        else f"{100 * value:.1f} %"
        if value >= 0.001
        else f"{100 * value:.2f} %"
    )


def _environment(folder: Path, html: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=html,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "number": lambda v, form=",.0f": format(v, form) if v is not None and np.isfinite(v) else "n/a",
        "md": _markdown_safe,
        "urlquote": quote,
    }
    return environment


def _markdown_safe(text: object) -> str:
    """Text of documents for Markdown: on one line, with nothing in it that Markdown or HTML would take as a sign."""
    plain = " ".join(str(text).split())
    for sign in "\\`*_{}[]<>#|~":
        plain = plain.replace(sign, "&lt;" if sign == "<" else "&gt;" if sign == ">" else f"\\{sign}")
    return plain


def write_html(about: dict, template: str | Path, css: str | Path, target: str | Path) -> None:
    """The report as one file: styles, figures and a font with the characters it shows are inside; no script, no link to
    anything outside. All text of documents is escaped."""
    images = {
        name: "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
        for name, path in about["figures"].items()
    }
    page = _environment(Path(template).parent, html=True).get_template(Path(template).name)
    shown = page.render(**about | {"figures": images, "css": Path(css).read_text(encoding="utf-8"), "font": ""})
    font = subset_font("".join(sorted(set(shown))) + "…—“”·")
    html = page.render(**about | {"figures": images, "css": Path(css).read_text(encoding="utf-8"), "font": font})
    Path(target).write_text(html, encoding="utf-8")


def write_markdown(about: dict, template: str | Path, target: str | Path) -> None:
    """The same findings and tables as Markdown, with the figures as files beside it."""
    page = _environment(Path(template).parent, html=False).get_template(Path(template).name)
    Path(target).write_text(page.render(**about), encoding="utf-8")
