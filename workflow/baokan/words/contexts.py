"""Words in context: where a word stands, some places in each source, with the original text around it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from baokan.articles.offsets import document_offset, unflat
from baokan.corpus.originals import originals
from baokan.words.counting import stands_for
from baokan.words.segmentation import whole_text
from baokan.words.tokens import Tokens, offsets, owners

WIDTH = 20  # characters on either side
BLOCK = 2000  # articles whose texts are held at a time, as many as the table has in a row group
COLUMNS = ["article_id", "document_id", "date", "issue", "title", "text", "start", "offset_map"]
SHOWN = [
    "word", "source", "article_id", "document_id", "start", "document_start", "date", "issue", "title",
    "left", "keyword", "right",
]  # fmt: skip
_LOW = np.uint64(40)  # bits of a hash beside a rank in one sort key

Rows = Callable[[list[str]], pd.DataFrame]


def places(tokens: Tokens, articles: pd.DataFrame, wanted: Sequence[str], per_source: int) -> pd.DataFrame:
    """Up to `per_source` occurrences of each of `wanted` in each source: word, source, article_id, offset in
    `whole_text`; in the order of wanted words, sources and articles.

    One of each issue before a second of any, within an issue one of each article before a second of any. Which issues,
    articles and occurrences come first is drawn by a hash of their names and the word, so that the first of a year or
    the lead of an article is not preferred, and is the same in every run. Articles that stand for nothing of their own
    (duplicate_of) are left out. articles: source, issue_id, document_id and duplicate_of, rows as in `tokens`.
    """
    number, wanted = _numbered(tokens.words, wanted)
    source, sources = pd.factorize(articles["source"], sort=True)
    issue, issues = pd.factorize(pd.Series(stands_for(articles)) + "\n" + articles["source"].to_numpy())
    article_hash, issue_hash, word_hash = (_hashes(names) for names in (tokens.article_ids, issues, wanted))

    counted = np.repeat(originals(articles), np.diff(tokens.starts))
    at = np.flatnonzero((number[tokens.ids] >= 0) & counted)
    at = at[np.argsort(number[tokens.ids[at]], kind="stable")]  # by word, and for each in the order of the articles
    word, article = number[tokens.ids[at]].astype(np.int64), owners(tokens)[at]
    rank = _turned(word * len(tokens.article_ids) + article, _mixed(article_hash[article], word_hash[word]))
    for n_groups, group_of, drawn in ((len(issues), issue, article_hash), (len(sources), source, issue_hash[issue])):
        kept = rank < per_source
        word, article, at, rank = word[kept], article[kept], at[kept], rank[kept]
        group = word * n_groups + group_of[article]
        order = np.lexsort((_key(rank, _mixed(drawn[article], word_hash[word])), group))
        word, article, at = word[order], article[order], at[order]
        rank = _ranks(group[order])
    kept = rank < per_source
    word, article, at = word[kept], article[kept], at[kept]
    order = np.lexsort((at, source[article], word))
    word, article, at = word[order], article[order], at[order]
    return pd.DataFrame(
        {
            "word": np.array(wanted, dtype=object)[word],
            "source": np.asarray(sources, dtype=object)[source[article]],
            "article_id": np.array(tokens.article_ids, dtype=object)[article],
            "offset": offsets(tokens)[at],
        }
    )


def _numbered(words: np.ndarray, wanted: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """(place of each of `words` in `wanted`, -1 if it is not wanted, shape (W,), int32; `wanted`, each once)."""
    wanted = list(dict.fromkeys(wanted))
    place = {word: i for i, word in enumerate(wanted)}
    return np.fromiter((place.get(w, -1) for w in words), np.int32, len(words)), wanted


def _hashes(names: Sequence[str]) -> np.ndarray:
    return pd.util.hash_array(np.array(names, dtype=object), categorize=False)


def _mixed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A hash of two (the finalizer of splitmix64), shape as both, uint64."""
    x = a ^ (b * np.uint64(0x9E3779B97F4A7C15))
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return x ^ (x >> np.uint64(27))


def _key(rank: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """By `rank`, and those of one rank by chance."""
    return (rank.astype(np.uint64) << _LOW) | (drawn >> (np.uint64(64) - _LOW))


def _bounds(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(first place, size) of the group of each element; equal elements stand together."""
    first = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]])) if len(group) else np.array([], np.int64)
    size = np.diff(np.append(first, len(group)))
    return np.repeat(first, size), np.repeat(size, size)


def _ranks(group: np.ndarray) -> np.ndarray:
    return np.arange(len(group)) - _bounds(group)[0]


def _turned(group: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Ranks within a group, from an element on that `drawn` chooses."""
    first, size = _bounds(group)
    return (np.arange(len(group)) - first + (drawn % size.astype(np.uint64)).astype(np.int64)) % size


def article_rows(path: str | Path) -> Rows:
    """A function from article ids to their rows of the articles in `path`, with COLUMNS, read when it is asked."""
    articles = ds.dataset(str(path), format="parquet")

    def rows(ids: list[str]) -> pd.DataFrame:
        wanted = ds.field("article_id").isin(pa.array(ids, pa.string()))
        return articles.to_table(columns=COLUMNS, filter=wanted).to_pandas()

    return rows


def with_text(places: pd.DataFrame, rows: Rows, width: int = WIDTH) -> pd.DataFrame:
    """`places` with SHOWN: up to `width` characters left and right of each, as they stand in the article, not beyond its
    paragraph; start in the article's text (-1 in the title), document_start in the decoded file (of the article, for a
    place in the title)."""
    texts = {row.article_id: row for row in rows(list(pd.unique(places["article_id"]))).itertuples()}
    runs = {name: unflat(row.offset_map) for name, row in texts.items()}
    shown = [_shown(place, texts[place.article_id], runs[place.article_id], width) for place in places.itertuples()]
    found = pd.DataFrame(shown, columns=SHOWN, index=places.index)
    return found.astype({"start": np.int64, "document_start": np.int64})


def _shown(place, row, runs: list[tuple[int, int, int]], width: int) -> tuple:
    """One row of SHOWN for a place."""
    text, start = whole_text(row.title, row.text), place.offset
    end = start + len(place.word)
    left = text[max(0, start - width) : start].rpartition("\n")[2]
    right = text[end : end + width].partition("\n")[0]
    inside = max(-1, start - len(row.title) - 1)
    origin = document_offset(runs, inside) if inside >= 0 else -1
    return (
        place.word, place.source, place.article_id, row.document_id, inside, origin if origin >= 0 else row.start,
        row.date, row.issue, row.title, left, text[start:end], right,
    )  # fmt: skip


def contexts_table(
    tokens: Tokens, articles: pd.DataFrame, wanted: Sequence[str], per_source: int, rows: Rows
) -> pd.DataFrame:
    """The table words/contexts: `places` with their texts, of which a block of articles is held at a time."""
    found = places(tokens, articles, wanted, per_source)
    blocks = [with_text(block, rows) for block in _blocks(found, tokens.article_ids)]
    return pd.concat([with_text(found.head(0), rows), *blocks]).sort_index() if blocks else with_text(found, rows)


def _blocks(found: pd.DataFrame, article_ids: list[str]) -> Iterator[pd.DataFrame]:
    """`found` in parts, each of its own BLOCK of `article_ids`."""
    number = pd.Series(np.arange(len(article_ids)) // BLOCK, index=article_ids)
    for _, block in found.groupby(number[found["article_id"]].to_numpy(), sort=True):
        yield block
