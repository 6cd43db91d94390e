"""The data page: what was read, repaired, removed and doubted, document by document and source by source."""

import json
from pathlib import Path

import pandas as pd

from baokan.articles.cut import MEASURES, failed_corrections
from baokan.articles.document import COUNTS
from baokan.articles.repairs import REPAIRS
from baokan.reporting.rendering import write_page

ROWS = 5_000  # of the table of documents; the rest is in tables/documents.csv
DOUBTS = 500  # told one by one
FURNITURE_NAMES = {
    "masthead": "mastheads", "page_mark": "page marks", "credits": "editors' credits", "caption": "captions",
    "colophon": "colophon", "contents": "contents entries", "notice": "notices", "section": "section names",
    "jump_to": "jump lines", "jump_from": "continuation lines", "teaser": "teasers", "ornament": "ornaments",
    "loose": "loose lines", "pull_quote": "pull quotes", "margin": "page margins and navigation",
    "excluded": "taken out by a correction",
}  # fmt: skip
REPAIR_NAMES = {"lines_joined": "line breaks undone"} | {kind.column: kind.words for kind in REPAIRS}


def repairs_of(documents: pd.DataFrame) -> list[tuple[str, int]]:
    """(what was repaired, how often) over `documents`, none that was never made."""
    return [(REPAIR_NAMES[c], int(documents[c].sum())) for c in COUNTS if documents[c].sum()]


def furniture_of(furniture: pd.DataFrame) -> list[tuple[str, int]]:
    """(what was taken out, how many pieces), the most first."""
    counts = furniture["kind"].value_counts()
    return [(_numbered(FURNITURE_NAMES.get(kind, kind), n), int(n)) for kind, n in counts.items()]


def _numbered(name: str, n: int) -> str:
    """`name`, a plural, in the singular for one."""
    if n != 1:
        return name
    return name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")


def reading_by_source(documents: pd.DataFrame, articles: pd.DataFrame) -> list[dict]:
    """How each source was read: means over its articles, weighted by length, of the measures of legibility; shares of
    characters that were furniture."""
    rows = []
    for source, own in articles.groupby("source"):
        files = documents[documents["source"] == source]
        weight = own["n_chars"].clip(lower=1)
        rows.append(
            {
                "source": source,
                "n_documents": len(files),
                "n_articles": len(own),
                "n_characters": int(own["n_chars"].sum()),
            }
            | {name: float((own[name] * weight).sum() / weight.sum()) for name in MEASURES}
            | {
                "furniture": float(files["furniture_chars"].sum() / max(1, files["n_chars"].sum())),
                "n_doubts": int(files["n_doubts"].sum()),
                "length": float(own["n_chars"].median()),
                "duplicates": int((own["duplicate_of"] != "").sum()),
                "reprints": int((own["reprint_group"] != "").sum()),
            }
        )
    return rows


def reprints_of(articles: pd.DataFrame) -> list[dict]:
    """What several sources print: each text with where it stands, in the order of dates (those without come last)."""
    rows = articles[articles["reprint_group"] != ""].assign(_undated=articles["date"] == "")
    rows = rows.sort_values(["_undated", "date", "source", "article_id"])
    groups = [
        {
            "title": next((t for t in group["title"] if t), "(no headline)"),
            "first": group["date"].iloc[0],
            "where": [
                {"source": r.source, "issue": r.issue, "date": r.date, "n_chars": r.n_chars, "title": r.title}
                for r in group.itertuples()
            ],
        }
        for _, group in rows.groupby("reprint_group")
    ]
    return sorted(groups, key=lambda g: (g["first"] == "", g["first"], g["title"]))


def write_data_page(
    tables: dict[str, pd.DataFrame], folders: dict[int, str], name: str, template: str, css: str, target: str | Path
) -> None:
    """Write data/index.html.

    tables: documents, articles (without texts), furniture, doubts, corrections, reprints. folders: of the pages, by shard.
    """
    documents, articles = tables["documents"], tables["articles"]
    places = {
        document: f"{shard}/{place}"
        for shard, folder in folders.items()
        for document, place in json.loads((Path(folder) / "index.json").read_text(encoding="utf-8")).items()
    }
    rows = [
        row | {"place": places.get(row["document_id"], ""), "repairs": sum(row[c] for c in COUNTS)}
        for row in documents.head(ROWS).to_dict("records")
    ]
    doubts = tables["doubts"]
    pairs = tables["reprints"]
    write_page(
        template,
        target,
        css,
        name=name,
        documents=rows,
        documents_left=max(0, len(documents) - ROWS),
        n_documents=len(documents),
        n_articles=len(articles),
        n_characters=int(articles["n_chars"].sum()),
        shown=len(places),
        sources=reading_by_source(documents, articles),
        problems=documents[documents["problem"] != ""].head(ROWS).to_dict("records"),
        furniture=furniture_of(tables["furniture"]),
        repairs=repairs_of(documents),
        doubt_kinds=[(kind, int(n)) for kind, n in doubts["kind"].value_counts().items()],
        doubts=[d | {"place": places.get(d["document_id"], "")} for d in doubts.head(DOUBTS).to_dict("records")],
        doubts_left=max(0, len(doubts) - DOUBTS),
        corrections=tables["corrections"].to_dict("records"),
        corrections_failed=len(failed_corrections(tables["corrections"])),
        reprints=reprints_of(articles),
        duplicates=_duplicates(articles, pairs),
    )


def _duplicates(articles: pd.DataFrame, pairs: pd.DataFrame) -> list[dict]:
    """Articles that stand for nothing of their own in a source, with the one that stands for them and how alike they are."""
    alike = {(r.article_a, r.article_b): r for r in pairs.itertuples()}
    titles = articles.set_index("article_id")["title"]
    rows = []
    for row in articles[articles["duplicate_of"] != ""].head(DOUBTS).itertuples():
        pair = alike.get((row.duplicate_of, row.article_id)) or alike.get((row.article_id, row.duplicate_of))
        rows.append(
            {
                "article_id": row.article_id,
                "title": row.title,
                "of": row.duplicate_of,
                "of_title": titles.get(row.duplicate_of, ""),
                "share": pair.share if pair else None,
                "identity": pair.identity if pair else None,
            }
        )
    return rows
