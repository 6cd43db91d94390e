"""From clean text to words with their parts of speech, by jieba in Rust or in Python, with terms kept whole."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from baokan.folding import fold
from baokan.words.wordlists import read_words

# A word list entry must beat every way of cutting it, and jieba's commonest word has a frequency of 318 825.
TERM_FREQUENCY = 1_000_000
TERM_TAG = "nz"
# The segmenters cut at any other sign before they look at a word list: terms with one (·) are found ahead of them.
RUN = re.compile("[\u4e00-\u9fd5a-zA-Z0-9+#&._]+")

Tagger = Callable[[str], list[tuple[str, str]]]


def tagger(engine: str, terms: Iterable[str] = ()) -> Tagger:
    """A function from a text to its (word, part of speech) pairs; `terms` are kept whole. One per process: not
    picklable. Tags are jieba's (ICTCLAS): n noun, v verb, i and l idiom, nr person, ns place.

    Raises ValueError for an unknown engine.
    """
    terms = list(terms)
    tag = _tagger(engine, {t for t in terms if RUN.fullmatch(t)})
    broken = sorted({t for t in terms if not RUN.fullmatch(t)}, key=len, reverse=True)
    if not broken:
        return tag
    pattern = re.compile("(" + "|".join(map(re.escape, broken)) + ")")

    def tag_around(text: str) -> list[tuple[str, str]]:
        pairs = []
        for number, piece in enumerate(pattern.split(text)):
            pairs += [(piece, TERM_TAG)] if number % 2 else tag(piece)
        return pairs

    return tag_around


def _tagger(engine: str, terms: set[str]) -> Tagger:
    if engine == "rjieba":
        import rjieba

        cutter = rjieba.Jieba()
        for term in sorted(terms):
            cutter.add_word(term, TERM_FREQUENCY, TERM_TAG)
        # It keeps the tag of a term that its own dictionary has; jieba takes the new one.
        return lambda text: [(word, TERM_TAG if word in terms else tag) for word, tag in cutter.tag(text)]
    if engine == "jieba":
        import logging

        import jieba
        import jieba.posseg

        jieba.setLogLevel(logging.WARNING)
        cutter = jieba.Tokenizer()
        for term in sorted(terms):
            cutter.add_word(term, TERM_FREQUENCY, TERM_TAG)
        speech = jieba.posseg.POSTokenizer(cutter)
        return lambda text: [(p.word, p.flag) for p in speech.cut(text)]
    raise ValueError(f"unknown segmentation engine {engine!r}; known are rjieba and jieba")


def tokens_table(
    articles: pd.DataFrame,
    engine: str,
    simplify: bool,
    term_files: list[str | Path],
    progress: Callable = lambda n: None,
) -> pd.DataFrame:
    """One row per article: article_id, tokens and tags (equally long lists), paragraph_ends (index after the last token
    of each paragraph). The title is a paragraph of its own, before the text: a headline names the theme."""
    simple = fold if simplify else str
    tag = tagger(engine, map(simple, read_words(term_files)))
    rows = []
    for number, article in enumerate(articles.itertuples(index=False)):
        tokens, tags, ends = [], [], []
        for paragraph in [article.title, *article.text.split("\n")]:
            for word, flag in tag(simple(paragraph)) if paragraph.strip() else ():
                if word.strip():
                    tokens.append(word)
                    tags.append(flag)
            ends.append(len(tokens))
        rows.append((article.article_id, tokens, tags, ends))
        progress(number + 1)
    return pd.DataFrame(rows, columns=["article_id", "tokens", "tags", "paragraph_ends"])
