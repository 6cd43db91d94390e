"""The corpus counted once more, under another choice of words."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.robustness.choices import NOUNS, OTHER_SEGMENTER, OWN
from baokan.words.lexicon import WordLists, terms_in_force
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import Tokens
from baokan.words.vocabulary import SMALLEST_VOCABULARY, chunk_counts, kept_terms, vocabulary_table
from baokan.words.wordlists import read_stopwords


class Words(NamedTuple):
    """One choice of words: the lists in force, the settings `words`, and the segmenter if text must be cut anew, else ""."""

    lists: WordLists
    settings: dict
    cut: str


class Counted(NamedTuple):
    """A corpus counted in one way: chunks (article_id, n_tokens), their counts, shape (N, V), and a name for these counts
    that is the same for the same counts."""

    chunks: pd.DataFrame
    counts: sparse.csr_matrix
    name: str


class Text(NamedTuple):
    """The text of a run: the lists in force, the terms found in the corpus (of `discovery.discover`), and functions that give
    the run's tokens and, once more from the beginning, (article_id, title, text) of each article."""

    lists: WordLists
    discovered: pd.DataFrame
    tokens: Callable[[], Tokens]
    texts: Callable[[], Iterable[tuple[str, str, str]]]


def words_of(name: str, lists: WordLists, settings: Mapping, found: pd.DataFrame) -> Words:
    """The lists and settings of a choice of `word_choices`. lists, settings: of the run; found: of `discovery.discover`."""
    settings = dict(settings)
    if name == "no_stopwords":
        return Words(lists._replace(stopwords={}, source_stopwords={}), settings, "")
    if name == "first_stopwords":
        first = read_stopwords(settings["stopwords"][:1])
        return Words(lists._replace(stopwords=dict(zip(first["word"], first["lists"], strict=True))), settings, "")
    if name in (parts := {"all_words": "all", "content_words": "content", "nouns": list(NOUNS)}):
        return Words(lists, settings | {"parts_of_speech": parts[name]}, "")
    if name in ("no_found_terms", "no_terms"):
        paths = settings["terms"] if name == "no_found_terms" else []
        terms = list(terms_in_force(paths, found, "none")["term"])
        return Words(lists._replace(terms=terms), settings, settings["engine"])
    if name == "other_segmenter":
        return Words(lists, settings, OTHER_SEGMENTER[settings["engine"]])
    if name != OWN:
        raise ValueError(f"unknown choice of words {name!r}")
    return Words(lists, settings, "")


def counted(chunks: pd.DataFrame, counts: sparse.csr_matrix, terms: Sequence[str]) -> Counted:
    """chunks with their counts, shape (N, V), and the name of these: a hash over the terms, the articles and the numbers."""
    sha = hashlib.sha256("\0".join([*terms, "", *chunks["article_id"]]).encode("utf-8", "replace"))
    rows = counts.sorted_indices()
    for array in (rows.indptr, rows.indices, rows.data):
        sha.update(np.asarray(array, np.int64).tobytes())
    return Counted(chunks[["article_id", "n_tokens"]], counts, sha.hexdigest()[:16])


def counts_of(
    articles: pd.DataFrame, tokens: Tokens, words: Words, lengths: Iterable[int]
) -> Callable[[int], Counted | str]:
    """A function from a length of windows to the counts, or to the words for why there are none; the vocabulary, which is
    the same for all lengths, is made once."""
    vocabulary, counts = vocabulary_table(tokens, articles, words.lists, words.settings)
    terms = kept_terms(vocabulary)
    sources = pd.Categorical(articles["source"], categories=sorted(articles["source"].unique())).codes
    if len(terms) < SMALLEST_VOCABULARY:
        return lambda length: f"only {len(terms)} terms are left, too few for a topic model"
    found = {n: counted(*chunk_counts(tokens, sources, counts, vocabulary, n), terms) for n in sorted(set(lengths))}
    return found.__getitem__


def cut_again(
    texts: Callable[[], Iterable[tuple[str, str, str]]], words: Words, tokens: Callable[[], Tokens]
) -> Tokens:
    """The tokens of a choice of words: those of the run, or the text cut anew, which reads it once."""
    if not words.cut:
        return tokens()
    return tokens_of(texts(), words.cut, words.lists.terms, words.settings["simplify"])
