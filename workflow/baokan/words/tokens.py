"""The tokens of articles as numbers into a list of distinct words: small on disk, and fast to count."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BLOCK = 100_000  # tokens that are numbered at a time
_END = "\x01"  # ends a word while words are handed over; a word that holds it is handed over singly


class Tokens(NamedTuple):
    """Tokens of A articles, N in all, of W distinct words. Joined, those of an article are its text: blanks and marks
    are tokens too, so that the lengths of the words before a token are its offset."""

    article_ids: list[str]
    starts: np.ndarray  # shape (A + 1,), int64: the tokens of article a are ids[starts[a]:starts[a + 1]]
    ids: np.ndarray  # shape (N,), int32: places in words
    words: np.ndarray  # shape (W,), str: sorted, each once


def tokenized(
    article_ids: Sequence[str],
    texts: Iterable[str],
    cut: Callable[[str], list[str]],
    progress: Callable[[int], None] = lambda n: None,
) -> Tokens:
    """The tokens that `cut` makes of `texts`, one text for each of `article_ids`."""
    blocks: list[pa.DictionaryArray] = []
    block: list[str] = []
    counts: list[int] = []
    for number, text in enumerate(texts, 1):
        cut_text = cut(text) if text else []
        counts.append(len(cut_text))
        block += cut_text
        if len(block) > BLOCK:
            blocks.append(_numbered(block))
            block = []
            progress(number)
    blocks.append(_numbered(block))
    progress(len(counts))
    chunks = pa.chunked_array(blocks).unify_dictionaries()
    ids = np.concatenate([chunk.indices.to_numpy() for chunk in chunks.chunks]).astype(np.int32)
    words = pc.utf8_slice_codeunits(chunks.chunk(0).dictionary, 0, -1)
    order = pc.array_sort_indices(words)  # by UTF-8 bytes, which is the order of code points, as Python sorts
    place = np.empty(len(words), np.int32)
    place[order.to_numpy()] = np.arange(len(words), dtype=np.int32)
    words = np.array(words.take(order).to_pylist(), dtype=object)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Tokens(list(article_ids), starts, place[ids], words)


def _numbered(words: list[str]) -> pa.DictionaryArray:
    """`words`, each with _END after it, with each distinct one kept once. One string with the ends of the words in it is
    handed over, which is nearly twice as fast as a list of strings."""
    data = (_END.join(words) + _END).encode("utf-8", "replace") if words else b""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(_END)) + 1
    if len(ends) != len(words):  # a text that holds the sign itself
        encoded = [(w + _END).encode("utf-8", "replace").decode() for w in words]
        return pa.array(encoded, pa.string()).dictionary_encode()
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    return pa.StringArray.from_buffers(len(words), pa.py_buffer(offsets), pa.py_buffer(data)).dictionary_encode()


def write_tokens(tokens: Tokens, tokens_path: str | Path, words_path: str | Path) -> None:
    """Two Parquet files: article_id and tokens (a list of numbers) by article; word, in the order of the numbers."""
    lists = pa.ListArray.from_arrays(pa.array(tokens.starts.astype(np.int32)), pa.array(tokens.ids))
    Path(tokens_path).parent.mkdir(parents=True, exist_ok=True)
    table = pa.table({"article_id": pa.array(tokens.article_ids, pa.string()), "tokens": lists})
    pq.write_table(table, tokens_path, compression="zstd", use_dictionary=False)
    pq.write_table(pa.table({"word": pa.array(tokens.words, pa.string())}), words_path, compression="zstd")


def read_tokens(tokens_paths: Sequence[str], words_paths: Sequence[str], article_ids: Sequence[str]) -> Tokens:
    """The tokens of all shards as one, in the order of `article_ids`. Raises KeyError for an article that has none."""
    shards = [pq.read_table(p) for p in tokens_paths]
    words = [pq.read_table(p)["word"].combine_chunks() for p in words_paths]
    known = pc.unique(pa.concat_arrays(words)) if words else pa.array([], pa.string())
    known = known.take(pc.array_sort_indices(known))
    where: dict[str, tuple[int, int, int]] = {}
    held = []
    for number, (table, mine) in enumerate(zip(shards, words, strict=True)):
        lists = table["tokens"].combine_chunks()
        to = pc.index_in(mine, known).to_numpy()
        ids = lists.flatten().to_numpy()
        held.append(to[ids] if len(ids) else ids.astype(np.int32))
        starts = lists.offsets.to_numpy() - (lists.offsets[0].as_py() if len(lists.offsets) else 0)
        for name, start, end in zip(table["article_id"].to_pylist(), starts[:-1], starts[1:], strict=True):
            where[name] = (number, int(start), int(end))
    pieces = [held[n][start:end] for n, start, end in (where[a] for a in article_ids)]
    starts = np.concatenate([[0], np.cumsum([len(p) for p in pieces])]).astype(np.int64)
    ids = np.concatenate(pieces) if pieces else np.array([], np.int32)
    return Tokens(list(article_ids), starts, ids.astype(np.int32), np.array(known.to_pylist(), dtype=object))


def lengths(words: np.ndarray) -> np.ndarray:
    """Characters of each word, shape (W,), int64."""
    return np.fromiter(map(len, words), np.int64, len(words))


def offsets(tokens: Tokens) -> np.ndarray:
    """Where each token begins in its article's text, shape (N,), int64."""
    size = lengths(tokens.words)[tokens.ids] if len(tokens.ids) else np.array([], np.int64)
    before = np.concatenate([[0], np.cumsum(size)])
    first = before[tokens.starts[:-1]]
    return before[:-1] - np.repeat(first, np.diff(tokens.starts))


def owners(tokens: Tokens) -> np.ndarray:
    """The article of each token, shape (N,), int32."""
    return np.repeat(np.arange(len(tokens.article_ids), dtype=np.int32), np.diff(tokens.starts))


def subset(tokens: Tokens, taken: np.ndarray) -> Tokens:
    """The tokens of some articles, in their order. taken: boolean, shape (A,)."""
    sizes = np.diff(tokens.starts)
    starts = np.concatenate([[0], np.cumsum(sizes[taken])]).astype(np.int64)
    ids = [name for name, take in zip(tokens.article_ids, taken, strict=True) if take]
    return Tokens(ids, starts, tokens.ids[np.repeat(taken, sizes)], tokens.words)
