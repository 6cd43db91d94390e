"""Tokens as numbers: kept in files, read back, and where they stand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from baokan.words import tokens as module
from baokan.words.tokens import lengths, offsets, owners, read_tokens, tokenized, write_tokens
from hypothesis import given, settings
from hypothesis import strategies as st

# "/" parts the words of an article.
WORDS = st.text(st.sampled_from("水渠地a \n\x01𠮷é"), min_size=1, max_size=3)
ARTICLES = st.lists(st.lists(WORDS, max_size=6), max_size=6)


def made(*articles, names=None):
    """Tokens of articles given as words with "/" between them."""
    return tokenized(names or [f"a{i}" for i in range(len(articles))], articles, lambda text: text.split("/"))


def spelled(tokens):
    return {
        name: list(tokens.words[tokens.ids[start:end]])
        for name, start, end in zip(tokens.article_ids, tokens.starts, tokens.starts[1:], strict=False)
    }


def written(folder, shards):
    paths = []
    for number, tokens in enumerate(shards):
        pair = folder / f"{number}/tokens.parquet", folder / f"{number}/words.parquet"
        write_tokens(tokens, *pair)
        paths.append(pair)
    return [list(map(str, side)) for side in zip(*paths, strict=True)]


def test_numbers_by_hand():
    tokens = made("水/渠/水", "", "地/水")
    assert list(tokens.words) == ["地", "水", "渠"]
    assert tokens.ids.tolist() == [1, 2, 1, 0, 1]
    assert tokens.starts.tolist() == [0, 3, 3, 5]
    assert (tokens.ids.dtype, tokens.starts.dtype) == (np.int32, np.int64)


@given(ARTICLES)
def test_every_word_comes_back_and_each_is_listed_once_in_order(articles):
    tokens = tokenized(
        [f"a{i}" for i in range(len(articles))], map(str, range(len(articles))), lambda n: articles[int(n)]
    )
    assert list(spelled(tokens).values()) == articles
    assert list(tokens.words) == sorted({w for words in articles for w in words})


@given(ARTICLES, st.sampled_from([0, 1, 2, 3, 7]))
def test_how_many_tokens_are_numbered_at_a_time_changes_nothing(articles, block):
    def numbered():
        numbers = range(len(articles))
        return tokenized([f"a{i}" for i in numbers], map(str, numbers), lambda n: articles[int(n)])

    at_once = numbered()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)
        in_blocks = numbered()
    for one, other in zip(at_once, in_blocks, strict=True):
        assert list(one) == list(other)


@pytest.mark.parametrize("block", [0, 20_000])
def test_a_sign_that_ends_words_inside_may_stand_in_a_text(monkeypatch, block):
    monkeypatch.setattr(module, "BLOCK", block)
    tokens = made("水/\x01/渠\x01/\x01\x01", "水/渠")
    assert spelled(tokens) == {"a0": ["水", "\x01", "渠\x01", "\x01\x01"], "a1": ["水", "渠"]}


@pytest.mark.parametrize("near", ["", "/\x01"])
def test_half_of_a_surrogate_pair_becomes_a_sign_of_its_length(near):
    tokens = made(f"水/\ud800/渠\udc00{near}")
    assert list(tokens.words[tokens.ids[:3]]) == ["水", "?", "渠?"]
    assert offsets(tokens)[:3].tolist() == [0, 1, 2]


def test_progress_tells_articles_and_ends_with_all():
    told = []
    tokenized("ab", ["水/渠", ""], lambda text: text.split("/"), told.append)
    assert told[-1] == 2


def test_offsets_and_owners_by_hand():
    tokens = made("水库/。/修", "", "a b/𠮷/\r\n/完")
    assert offsets(tokens).tolist() == [0, 2, 3, 0, 3, 4, 6]
    assert owners(tokens).tolist() == [0, 0, 0, 2, 2, 2, 2]
    assert dict(zip(tokens.words, lengths(tokens.words).tolist(), strict=True)) == {
        "水库": 2, "。": 1, "修": 1, "a b": 3, "𠮷": 1, "\r\n": 2, "完": 1,
    }  # fmt: skip


@given(ARTICLES)
def test_a_token_stands_at_its_offset_in_its_article(articles):
    tokens = tokenized(
        [f"a{i}" for i in range(len(articles))], map(str, range(len(articles))), lambda n: articles[int(n)]
    )
    texts = ["".join(words) for words in articles]
    for number, offset, owner in zip(tokens.ids, offsets(tokens), owners(tokens), strict=True):
        assert texts[owner].startswith(tokens.words[number], offset)
    assert np.bincount(owners(tokens), minlength=len(articles)).tolist() == list(map(len, articles))


def test_shards_are_read_as_one_in_the_order_that_is_asked_for(tmp_path):
    first = made("水/渠", "", "地/水", names=["a", "b", "c"])
    second = made("渠/山/渠", "水", names=["d", "e"])
    paths = written(tmp_path, [first, second])
    tokens = read_tokens(*paths, ["e", "b", "d", "a"])
    assert tokens.article_ids == ["e", "b", "d", "a"]
    assert spelled(tokens) == {"e": ["水"], "b": [], "d": ["渠", "山", "渠"], "a": ["水", "渠"]}
    assert list(tokens.words) == ["地", "山", "水", "渠"]
    assert tokens.starts.tolist() == [0, 1, 1, 4, 6]


@settings(max_examples=40)
@given(ARTICLES, st.integers(1, 3), st.randoms())
def test_nothing_changes_by_being_written_and_read(tmp_path_factory, articles, n_shards, rng):
    names = [f"a{i}" for i in range(len(articles))]
    words = dict(zip(names, articles, strict=True))
    shards = [tokenized(names[n::n_shards], names[n::n_shards], words.get) for n in range(n_shards)]
    paths = written(tmp_path_factory.mktemp("tokens"), shards)
    order = rng.sample(names, len(names))
    tokens = read_tokens(*paths, order)
    assert spelled(tokens) == {name: words[name] for name in order}
    assert list(tokens.words) == sorted({w for a in articles for w in a})
    assert (tokens.ids.dtype, tokens.starts.dtype) == (np.int32, np.int64)


def test_an_article_without_tokens_on_file_is_named(tmp_path):
    with pytest.raises(KeyError, match="zz"):
        read_tokens(*written(tmp_path, [made("水")]), ["a0", "zz"])


def test_the_same_tokens_are_the_same_bytes(tmp_path):
    tokens = made("水/渠/水", "", "地/水")
    first, second = written(tmp_path / "1", [tokens]), written(tmp_path / "2", [made("水/渠/水", "", "地/水")])
    for (one,), (other,) in zip(first, second, strict=True):
        assert Path(one).read_bytes() == Path(other).read_bytes()


def test_the_files_hold_the_columns_that_are_told(tmp_path):
    (tokens_path,), (words_path,) = written(tmp_path, [made("水/渠/水", "")])
    table = pq.read_table(tokens_path)
    assert table.column_names == ["article_id", "tokens"]
    assert table.to_pydict() == {"article_id": ["a0", "a1"], "tokens": [[0, 1, 0], []]}
    assert pd.read_parquet(words_path)["word"].tolist() == ["水", "渠"]


@pytest.mark.filterwarnings("error")
def test_the_empty_corpus(tmp_path):
    nothing, blank = made(), made("", "")
    assert (nothing.article_ids, nothing.starts.tolist(), len(nothing.words)) == ([], [0], 0)
    for tokens in (
        nothing,
        blank,
        read_tokens(*written(tmp_path, [nothing, blank]), ["a1", "a0"]),
        read_tokens([], [], []),
    ):
        assert len(tokens.ids) == len(tokens.words) == len(offsets(tokens)) == len(owners(tokens)) == 0
        assert tokens.starts.tolist() == [0] * (len(tokens.article_ids) + 1)
        assert tokens.ids.dtype == np.int32
