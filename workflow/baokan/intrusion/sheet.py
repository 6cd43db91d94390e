"""The sheet that readers fill in, which does not hold the answers, and its key, which does."""

import base64
import hashlib
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from baokan.intrusion.items import ARTICLE_COLUMNS, EXCERPT, WORD_COLUMNS, article_items, word_items
from baokan.tables import article_texts, read_articles
from baokan.topics.reported import ReportedModel


class Sheet(NamedTuple):
    """shown: what the page of the sheet is made of. key: of `sheet_key`."""

    shown: dict
    key: pd.DataFrame


def sheet_of(model: ReportedModel, articles: pd.DataFrame, seed: int) -> Sheet:
    """The sheet of a model. articles: in the order of its theta, as in `items.article_items`."""
    topic_ids = model.topic_ids.tolist()
    words = word_items(model.phi, model.terms, topic_ids, seed)
    texts = article_items(model.theta, articles, topic_ids, seed)
    shown = {"words": _groups(words, ["word"]), "articles": _groups(texts, ["title", "excerpt"])}
    return Sheet(shown | {"fingerprint": fingerprint(words, texts), "digest": _digest}, sheet_key(words, texts))


def _groups(items: pd.DataFrame, columns: list[str]) -> list[dict]:
    """Each item with what is shown of it, in the order of the sheet. Nothing else may come to the page."""
    return [
        {"item": item, "options": rows[["position", *columns]].to_dict("records")}
        for item, rows in items.groupby("item", sort=False)
    ]


def _digest(script: str) -> str:
    """What a Content-Security-Policy calls a script by: its SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(str(script).encode("utf-8")).digest()).decode("ascii")


def read_openings(path: str | Path) -> pd.DataFrame:
    """The articles of a corpus with as much of their texts as a sheet may show: memory need not hold the rest."""
    texts = [text[: 4 * EXCERPT] for _, _, text in article_texts(path)]
    return read_articles(path).assign(text=texts)


def fingerprint(words: pd.DataFrame, articles: pd.DataFrame) -> str:
    """Twelve hex digits of a SHA-256 over all that the sheet shows and its answers: another model has another.

    The first is a letter: spreadsheets take 123e45678901 for a number, and would write another one back.
    """
    digest = hashlib.sha256()
    for frame, columns in ((words, WORD_COLUMNS), (articles, ARTICLE_COLUMNS)):
        for row in frame[columns].itertuples(index=False):
            digest.update(("\0".join(map(str, row)) + "\n").encode("utf-8", errors="surrogatepass"))
    hexes = digest.hexdigest()
    return "abcdef"[int(hexes[0], 16) % 6] + hexes[1:12]


def sheet_key(words: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """A row per item of word_items and article_items: item, kind (word, article), topic_id, answer (position of the
    intruder), fingerprint (of the sheet)."""
    answers = [
        frame[frame["intruder"].astype(bool)].assign(kind=kind).rename(columns={"position": "answer"})
        for kind, frame in (("word", words), ("article", articles))
    ]
    key = pd.concat(answers)[["item", "kind", "topic_id", "answer"]].astype({"topic_id": int, "answer": int})
    return key.assign(fingerprint=fingerprint(words, articles)).reset_index(drop=True)
