"""Documents cut into the tables of articles, furniture and doubts."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

import pandas as pd

from baokan.articles.document import COUNTS, cut
from baokan.articles.legibility import legibility
from baokan.corpus.corrections import APPLIED, Correction
from baokan.corpus.ids import issue_id

DOCUMENT_COLUMNS = [
    "document_id", "path", "sha256", "format", "encoding", "method", "source", "publication", "issue", "date", "n_chars",
    "n_pages", "status", "problem", "n_articles", "furniture_chars", "n_doubts", "in_words", "single", "odd", "quality",
    *COUNTS,
]  # fmt: skip
ARTICLE_TYPES = {
    "article_id": "str", "document_id": "str", "source": "str", "publication": "str", "issue": "str", "issue_id": "str",
    "issue_date": "str", "date": "str", "position": "int64", "page": "int64", "title": "str", "byline": "str",
    "dateline": "str", "kind": "str", "text": "str", "n_chars": "int64", "start": "int64", "end": "int64",
    "spans": "object", "offset_map": "object", "in_words": "float64", "single": "float64", "odd": "float64",
    "quality": "float64",
}  # fmt: skip
FURNITURE_TYPES = {
    "document_id": "str", "start": "int64", "end": "int64", "kind": "str", "text": "str", "article_id": "str",
}  # fmt: skip
DOUBT_TYPES = {
    "document_id": "str", "start": "int64", "end": "int64", "kind": "str", "words": "str", "article_id": "str",
}  # fmt: skip
CORRECTION_TYPES = {
    "row": "int64", "document_id": "str", "article": "str", "action": "str", "value": "str", "outcome": "str",
}  # fmt: skip
_BLANK = re.compile(r"\s+")
MEASURES = ("in_words", "single", "odd", "quality")


def cut_documents(
    documents: pd.DataFrame,
    settings: dict,
    corrections: Sequence[Correction] = (),
    progress: Callable = lambda n: None,
) -> dict[str, pd.DataFrame]:
    """The tables documents, articles, furniture, doubts and corrections of rows of `reading.read_shard`.

    A document that cannot be cut is kept with its problem. settings: the `cleaning` part of the configuration.
    corrections: those of these documents; one whose document is not among them does not apply.
    """
    rows: dict[str, list[dict]] = {name: [] for name in ("documents", "articles", "furniture", "doubts", "corrections")}
    mine: dict[str, list[Correction]] = {}
    for correction in corrections:
        mine.setdefault(correction.document, []).append(correction)
    for number, document in enumerate(documents.to_dict("records")):
        for name, found in _cut_document(document, settings, mine.pop(document["document_id"], [])).items():
            rows[name] += found
        progress(number + 1)
    for correction in (c for left in mine.values() for c in left):
        rows["corrections"].append(_outcome(correction, "does not apply: there is no such document"))
    rows["corrections"].sort(key=lambda row: row["row"])
    types = {
        "articles": ARTICLE_TYPES, "furniture": FURNITURE_TYPES, "doubts": DOUBT_TYPES, "corrections": CORRECTION_TYPES,
    }  # fmt: skip
    tables = {name: pd.DataFrame(rows[name], columns=list(kinds)).astype(kinds) for name, kinds in types.items()}
    return {"documents": pd.DataFrame(rows["documents"], columns=DOCUMENT_COLUMNS)} | tables


def _cut_document(document: dict, settings: dict, corrections: list[Correction]) -> dict[str, list[dict]]:
    """The rows of one document, by table."""
    identity = document["document_id"]
    articles, pages = [], list(document["page_starts"])
    result = cut(
        document["text"], document["date"], document["title"], settings, document["marks"], corrections, bool(pages)
    )
    for position, article in enumerate(result.articles, 1):
        how = legibility(article["text"])
        articles.append(
            {
                "article_id": f"{identity}:{position}",
                "position": position,
                "page": bisect_right(pages, article["start"]),
                "issue_id": issue_id(document["source"], document["publication"], document["issue"]),
                "n_chars": len(_BLANK.sub("", article["text"])),
                "issue_date": document["date"],
                **{k: document[k] for k in ("document_id", "source", "publication", "issue")},
                **how._asdict(),
                "quality": how.quality,
                **article,
            }
        )
    if document["text"] and not articles:
        document["problem"] = _add(document["problem"], "no article text was found, only page furniture")
    ids = [article["article_id"] for article in articles]
    starts = [article["start"] for article in articles]
    furniture = [
        {
            "document_id": identity,
            "text": document["text"][piece["start"] : piece["end"]],
            "article_id": ids[piece["article"]] if piece["article"] >= 0 else "",
            **{k: piece[k] for k in ("start", "end", "kind")},
        }
        for piece in result.furniture
    ]
    doubts = [
        {"document_id": identity, "article_id": ids[max(0, bisect_right(starts, doubt["start"]) - 1)], **doubt}
        for doubt in result.doubts
    ]
    weight = sum(article["n_chars"] for article in articles)
    row = document | result.repairs
    row |= {name: sum(a[name] * a["n_chars"] for a in articles) / weight if weight else 0.0 for name in MEASURES}
    row |= {
        "n_pages": len(pages),
        "n_articles": len(articles),
        "furniture_chars": sum(p["end"] - p["start"] for p in result.furniture),
        "n_doubts": len(doubts),
    }
    outcomes = [_outcome(c, said) for c, said in zip(corrections, result.outcomes, strict=True)]
    return {
        "documents": [row], "articles": articles, "furniture": furniture, "doubts": doubts, "corrections": outcomes,
    }  # fmt: skip


def _outcome(correction: Correction, outcome: str) -> dict:
    return {
        "row": correction.row, "document_id": correction.document, "article": correction.article,
        "action": correction.action, "value": correction.value, "outcome": outcome,
    }  # fmt: skip


def _add(problem: str, more: str) -> str:
    return f"{problem}; {more}" if problem else more


def failed_corrections(corrections: pd.DataFrame) -> pd.DataFrame:
    """The corrections that were not applied, with the reason in `outcome`."""
    return corrections[corrections["outcome"] != APPLIED]


def with_missing(documents: pd.DataFrame, paths: list[str]) -> pd.DataFrame:
    """`documents` with a row for each path that documents.tsv names and the corpus has not."""
    rows = [
        {
            "document_id": path,
            "path": path,
            "status": "missing",
            "problem": "documents.tsv names it; there is no such file",
        }
        for path in paths
    ]
    if not rows:
        return documents
    added = pd.DataFrame(rows).reindex(columns=DOCUMENT_COLUMNS)
    for column, dtype in documents.dtypes.items():
        added[column] = added[column].astype(object).fillna(0 if dtype.kind in "iuf" else "").astype(dtype)
    return pd.concat([documents, added], ignore_index=True)
