"""Documents cut into the tables of articles and furniture, and repeats among the articles found."""

import hashlib
import re
from collections.abc import Callable

import pandas as pd

from baokan.cutting import cut
from baokan.furniture import HAN
from baokan.shares import issue_id

DOCUMENT_COLUMNS = [
    "document_id", "path", "sha256", "format", "encoding", "source", "publication", "issue", "date", "n_chars",
    "status", "problem", "n_articles", "furniture_chars", "lines_joined", "blanks_removed", "marks_widened",
]  # fmt: skip
ARTICLE_TYPES = {
    "article_id": "str", "document_id": "str", "source": "str", "publication": "str", "issue": "str", "issue_id": "str",
    "issue_date": "str", "date": "str", "position": "int64", "title": "str", "byline": "str", "dateline": "str", "kind": "str",
    "text": "str", "n_chars": "int64", "start": "int64", "end": "int64", "spans": "object", "quality": "float64",
}  # fmt: skip
FURNITURE_TYPES = {
    "document_id": "str", "start": "int64", "end": "int64", "kind": "str", "text": "str", "article_id": "str",
}  # fmt: skip
# Below this many Chinese characters two equal texts may be a stock phrase rather than a repeat.
SHORTEST_REPEAT = 40
_PRINT = re.compile(
    rf"[{HAN}0-9A-Za-z０-９Ａ-Ｚａ-ｚ\u3000-\u303f\uff01-\uff5e\u2010-\u2027\u2030-\u203b"
    r"·℃%.,:;!?()/+\-~～°′″＂'\"×①-⑳■●◆○◇□▲△▼★→]"
)


def cut_documents(
    documents: pd.DataFrame, settings: dict, progress: Callable = lambda n: None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(documents, articles, furniture) of rows of `reading.read_shard`.

    A document that cannot be cut is kept with its problem. settings: the `cleaning` part of the configuration.
    """
    document_rows, article_rows, furniture_rows = [], [], []
    for number, document in enumerate(documents.to_dict("records")):
        found, pieces, repairs = [], [], {"lines_joined": 0, "blanks_removed": 0, "marks_widened": 0}
        if document["text"]:
            found, pieces, repairs = cut(document["text"], document["date"], document["title"], settings)
            if not found:
                document["problem"] = _add(document["problem"], "no article text was found, only page furniture")
        ids = []
        for position, article in enumerate(found, 1):
            ids.append(f"{document['document_id']}:{position}")
            article_rows.append(
                {
                    "article_id": ids[-1],
                    "position": position,
                    "issue_id": issue_id(document["source"], document["publication"], document["issue"]),
                    "n_chars": len(re.sub(r"\s", "", article["text"])),
                    "quality": quality(article["text"]),
                    "issue_date": document["date"],
                    **{k: document[k] for k in ("document_id", "source", "publication", "issue")},
                    **article,
                }
            )
        for piece in pieces:
            owner = ids[piece["article"]] if piece["article"] >= 0 else ""
            text = document["text"][piece["start"] : piece["end"]]
            furniture_rows.append(
                {"document_id": document["document_id"], "text": text, "article_id": owner}
                | {k: piece[k] for k in ("start", "end", "kind")}
            )
        taken = sum(p["end"] - p["start"] for p in pieces)
        document_rows.append(document | {"n_articles": len(found), "furniture_chars": taken} | repairs)
        progress(number + 1)
    return (
        pd.DataFrame(document_rows, columns=DOCUMENT_COLUMNS),
        pd.DataFrame(article_rows, columns=list(ARTICLE_TYPES)).astype(ARTICLE_TYPES),
        pd.DataFrame(furniture_rows, columns=list(FURNITURE_TYPES)).astype(FURNITURE_TYPES),
    )


def _add(problem: str, more: str) -> str:
    return f"{problem}; {more}" if problem else more


def quality(text: str) -> float:
    """Share of the characters that belong in Chinese print (Chinese, digits, Latin, common marks), in [0, 1]; 0 for an
    empty text. Damaged OCR and wrong encodings lower it."""
    dense = re.sub(r"\s", "", text)
    if not dense:
        return 0.0
    return len(_PRINT.findall(dense)) / len(dense)


def mark_repeats(articles: pd.DataFrame) -> pd.DataFrame:
    """`articles` with duplicate_of (the article of the same source that a text repeats, else "") and reprint_group (one
    name for the same text in several sources, else ""). Only exact repeats of the Chinese characters of the body, at
    least SHORTEST_REPEAT of them; the first by date (no date comes last), then by document and position, is the
    original."""
    out = articles.copy()
    bodies = [re.sub(rf"[^{HAN}]", "", t) for t in out["text"]]
    out["_key"] = [hashlib.sha256(b.encode()).hexdigest()[:16] if len(b) >= SHORTEST_REPEAT else "" for b in bodies]
    out["duplicate_of"], out["reprint_group"] = "", ""
    for key, group in out[out["_key"] != ""].groupby("_key"):
        if len(group) == 1:
            continue
        group = group.assign(_undated=group["date"] == "")
        group = group.sort_values(["_undated", "date", "document_id", "position"])
        for _, same in group.groupby("source"):
            out.loc[same.index[1:], "duplicate_of"] = same["article_id"].iloc[0]
        if group["source"].nunique() > 1:
            out.loc[group.index, "reprint_group"] = f"reprint-{key[:8]}"
    return out.drop(columns="_key")


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
