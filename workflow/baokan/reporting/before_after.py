"""Documents before and after: the text as it was read beside the articles that were made of it, as HTML pages."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from pathlib import Path

import pandas as pd
from markupsafe import Markup, escape

from baokan.articles.document import COUNTS
from baokan.articles.offsets import Run, unflat
from baokan.reporting.rendering import write_page

PAGE_CHARS, PAGE_DOCUMENTS = 300_000, 60  # of one HTML file
LONGEST = 200_000  # characters of a document that are shown
# What became of a character of the document: not in the text, in it as it was, in it in another form; an undone line
# break, an English word within Chinese.
GONE, SAME, CHANGED, JOINED, SLIP = range(5)


def write_pages(
    decoded: pd.DataFrame, tables: dict[str, pd.DataFrame], most: int, template: str, css: str, folder: str | Path
) -> None:
    """Write pages of no more than `most` documents of a shard, and index.json: {document_id: place of the document}.

    Documents with a problem or a doubt come first when not all can be shown. tables: documents, articles, furniture,
    doubts of the shard.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    index: dict[str, str] = {}
    for number, group in enumerate(_pages(_shown(decoded, tables["documents"], most)), 1):
        documents = list(_documents(group, tables))
        for place, document in enumerate(documents, 1):
            document["anchor"] = f"d{place}"
            index[document["row"]["document_id"]] = f"{number}.html#d{place}"
        write_page(template, folder / f"{number}.html", css, documents=documents)
    (folder / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=0), encoding="utf-8")


def _shown(decoded: pd.DataFrame, documents: pd.DataFrame, most: int) -> pd.DataFrame:
    """Rows of `decoded` that have text, no more than `most`, in the order of their ids."""
    doubted = documents.loc[(documents["problem"] != "") | (documents["n_doubts"] > 0), "document_id"]
    rows = decoded[decoded["text"] != ""]
    first = rows["document_id"].isin(doubted).map({True: 0, False: 1})
    return rows.loc[first.sort_values(kind="stable").index[:most]].sort_values("document_id")


def _pages(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    size = count = page = 0
    pages = []
    for length in rows["n_chars"].clip(upper=LONGEST):
        if count and (size + length > PAGE_CHARS or count == PAGE_DOCUMENTS):
            size, count, page = 0, 0, page + 1
        size, count = size + length, count + 1
        pages.append(page)
    for _, group in rows.groupby(pages, sort=True):
        yield group


def _documents(rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> Iterator[dict]:
    by_document = {
        name: dict(list(tables[name].groupby("document_id"))) for name in ("articles", "furniture", "doubts")
    }
    empty = {name: tables[name].head(0) for name in by_document}
    about = tables["documents"].set_index("document_id", drop=False)
    for row in rows.itertuples():
        mine = {name: found.get(row.document_id, empty[name]) for name, found in by_document.items()}
        described = about.loc[row.document_id].to_dict()
        yield {
            "row": described,
            "repairs": [(name.replace("_", " "), described[name]) for name in COUNTS if described[name]],
            "doubts": mine["doubts"].to_dict("records"),
            "blocks": list(_blocks(row.text, **mine)),
            "left_out": max(0, row.n_chars - LONGEST),
        }


def _blocks(text: str, articles: pd.DataFrame, furniture: pd.DataFrame, doubts: pd.DataFrame) -> Iterator[dict]:
    """Rows of a page: a stretch of the document and, beside it, the article that it begins or carries on."""
    states = bytearray(len(text))
    for article in articles.itertuples():
        _mark(states, text, article.text, unflat(article.offset_map))
    for doubt in doubts.itertuples():
        if doubt.kind.startswith("slip"):
            states[doubt.start : doubt.end] = bytes([SLIP]) * (doubt.end - doubt.start)
    by_id = {article.article_id: article for article in articles.itertuples()}
    pieces = [(s, e, article.article_id, "") for article in by_id.values() for s, e in article.spans]
    pieces += [(f.start, f.end, f.article_id, f.kind) for f in furniture.itertuples()]
    begun: set[str] = set()
    for owner, group in groupby(sorted(p for p in pieces if p[0] < LONGEST), key=lambda piece: piece[2]):
        stretch = list(group)
        own = any(not kind for *_, kind in stretch)  # text of the article, and not only furniture that lies within it
        yield {
            "before": Markup("").join(_before(text, states, stretch)),
            "article": by_id.get(owner) if own else None,
            "after": _after(by_id[owner]) if own and owner in by_id and owner not in begun else None,
        }
        begun.update([owner] if own else [])


def _mark(states: bytearray, text: str, clean: str, runs: list[Run]) -> None:
    for at, origin, length in runs:
        if clean[at : at + length] == text[origin : origin + length]:
            states[origin : origin + length] = bytes([SAME]) * length
        else:
            for i in range(length):
                states[origin + i] = SAME if clean[at + i] == text[origin + i] else CHANGED
    for (at, origin, length), (after, further, _) in pairwise(runs):
        if "\n" not in clean[at + length : after] and (place := text.find("\n", origin + length, further)) >= 0:
            states[place] = JOINED


def _before(text: str, states: bytearray, pieces: list[tuple]) -> Iterator[Markup]:
    last = pieces[0][0]
    for start, end, _, kind in pieces:
        yield Markup("\n" * min(2, text.count("\n", last, start)))
        if kind:
            yield Markup('<span class="f" title="{0}">{1}<i>{0}</i></span>').format(
                kind.replace("_", " "), text[start:end]
            )
        else:
            yield from _stretch(text[start:end], bytes(states[start:end]))
        last = end


_STATES = re.compile(rb"\x00+|\x01+|\x02+|\x03+|\x04+")


def _stretch(text: str, states: bytes) -> Iterable[Markup]:
    for found in _STATES.finditer(states):
        piece, state = text[found.start() : found.end()], found[0][0]
        if state == CHANGED:
            yield Markup("<mark>{}</mark>").format(piece)
        elif state == JOINED:
            yield Markup("<b>⏎</b>\n")
        elif state == SLIP:
            yield Markup("<em>{}</em>").format(piece)
        elif state == GONE and not piece.strip() and "\n" not in piece:
            yield Markup("<del>{}</del>").format("␣" * len(piece))
        else:
            yield escape(piece)


def _after(article) -> list[Markup]:
    """The paragraphs of an article's text; what a repair put in is marked."""
    inside = [False] * len(article.text)
    for at, _, length in unflat(article.offset_map):
        inside[at : at + length] = [True] * length
    shown, at = [], 0
    for paragraph in article.text.split("\n"):
        pieces = []
        for kept, group in groupby(range(at, at + len(paragraph)), key=lambda i: inside[i]):
            places = list(group)
            piece = escape(article.text[places[0] : places[-1] + 1])
            pieces.append(piece if kept else Markup("<ins>{}</ins>").format(piece))
        shown.append(Markup("").join(pieces))
        at += len(paragraph) + 1
    return shown
