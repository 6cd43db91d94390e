"""The concordance: every word that has contexts, with its counts and its contexts by source, as HTML pages."""

import base64
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pandas as pd

from baokan.reporting.rendering import subset_font, template_of
from baokan.words.vocabulary import KEPT

PAGE_WORDS = 150  # of one HTML file
FONT = "font.woff"  # of all pages: to cut a font for each would take longer than all the rest
COUNT = "occurrences_"


def write_concordance(
    contexts: pd.DataFrame,
    vocabulary: pd.DataFrame,
    folders: dict[int, str],
    name: str,
    template: str | Path,
    css: str | Path,
    folder: str | Path,
    places_path: str | Path,
) -> None:
    """Write index.html, 1.html, 2.html, ... and their font into `folder`, and to `places_path` {word: its place there}.

    contexts, vocabulary: the tables words/contexts and words/vocabulary; a word of only one of them is not shown.
    folders: of the pages before and after, by shard; `folder` lies beside their data/.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    documents = _documents(folders)
    sources = [column.removeprefix(COUNT) for column in vocabulary if column.startswith(COUNT)]
    words = _words(vocabulary, contexts["word"], sources)
    pages = [(number, list(rows)) for number, rows in groupby(words, lambda word: word["page"])]
    page, style = template_of(template), Path(css).read_text(encoding="utf-8")
    shared = {"css": style, "font": FONT, "name": name, "sources": sources, "n_pages": len(pages)}
    spans = [(number, rows[0]["term"], rows[-1]["term"]) for number, rows in pages]
    n_contexts = int(contexts["word"].isin([word["term"] for word in words]).sum())
    text = page.render(**shared, number=0, words=words, spans=spans, n_contexts=n_contexts)
    (folder / "index.html").write_text(text, encoding="utf-8")
    seen = set(text)
    by_word = _by_word(contexts, [word["term"] for word in words])
    for number, rows in pages:
        shown = [word | {"sources": _by_source(next(by_word), word["counts"], documents)} for word in rows]
        text = page.render(**shared, number=number, words=shown, span=spans[number - 1])
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
        seen |= set(text)
    (folder / FONT).write_bytes(base64.b64decode(subset_font("".join(sorted(seen)))))
    places = {word["term"]: word["place"] for word in words}
    Path(places_path).parent.mkdir(parents=True, exist_ok=True)
    Path(places_path).write_text(json.dumps(places, ensure_ascii=False, indent=0), encoding="utf-8")


def _documents(folders: dict[int, str]) -> dict[str, str]:
    """Where each document that is shown before and after is found, seen from the concordance."""
    return {
        document: f"../data/{shard}/{place}"
        for shard, pages in folders.items()
        for document, place in json.loads((Path(pages) / "index.json").read_text(encoding="utf-8")).items()
    }


def _words(vocabulary: pd.DataFrame, shown: pd.Series, sources: list[str]) -> list[dict]:
    """The words of both, those that are counted first and of these the most frequent, with the page and place of each."""
    rows = vocabulary[vocabulary["term"].isin(shown.unique())]
    rows = rows.assign(_not=rows["status"] != KEPT, _often=-rows["n_tokens"]).sort_values(["_not", "_often", "term"])
    counts = rows[[COUNT + source for source in sources]].to_numpy(dtype=int).tolist()
    columns = rows[["term", "status", "n_tokens", "n_articles"]].to_dict("records")
    return [
        row
        | {
            "counted": row["status"] == KEPT,
            "counts": dict(zip(sources, found, strict=True)),
            "page": i // PAGE_WORDS + 1,
        }
        | {"anchor": f"w{i % PAGE_WORDS + 1}", "place": f"{i // PAGE_WORDS + 1}.html#w{i % PAGE_WORDS + 1}"}
        for i, (row, found) in enumerate(zip(columns, counts, strict=True))
    ]


def _by_word(contexts: pd.DataFrame, words: list[str]) -> Iterator[Iterable]:
    """The rows of each of `words`, one word after the other, by source and date."""
    place = pd.Series(range(len(words)), index=words, dtype=int)
    rows = contexts.assign(_word=contexts["word"].map(place), _undated=contexts["date"] == "").dropna(subset="_word")
    rows = rows.sort_values(["_word", "source", "_undated", "date", "article_id", "start"], kind="stable")
    for _, group in groupby(rows.drop(columns=["_word", "_undated"]).itertuples(index=False), attrgetter("word")):
        yield group


def _by_source(rows: Iterable, counts: dict[str, int], documents: dict[str, str]) -> list[dict]:
    """What a page shows of a word in each source that has contexts of it."""
    return [
        {"source": source, "n": counts.get(source, 0), "rows": [(r, documents.get(r.document_id, "")) for r in group]}
        for source, group in groupby(rows, attrgetter("source"))
    ]
