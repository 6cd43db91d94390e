"""From clean text to words, by jieba in Rust or in Python, with terms kept whole."""

import re
from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from baokan.folding import fold
from baokan.words.tokens import Tokens, tokenized

# A word list entry must beat every way of cutting it, and jieba's commonest word has a frequency of 318 825.
TERM_FREQUENCY = 1_000_000
# The segmenters cut at any other sign before they look at a word list: terms with one (·) are found ahead of them.
RUN = re.compile("[\u4e00-\u9fd5a-zA-Z0-9+#&._]+")
# jieba's time grows with the square of a run of characters without a mark; no sentence is as long as this.
LONGEST_RUN = 5000
_TOO_LONG = re.compile(f"[\u4e00-\u9fd5]{{{LONGEST_RUN}}}")

Cutter = Callable[[str], list[str]]


def cutter(engine: str, terms: Iterable[str] = (), new_words: bool = True) -> Cutter:
    """A function from a text to its words, blanks and marks among them, so that joined they are the text. `terms` are kept
    whole. One per process: not picklable.

    new_words: whether words that the dictionary lacks are guessed from their characters (hidden Markov model).
    Raises ValueError for an unknown engine.
    """
    terms = set(terms)
    plain = _engine(engine, sorted(t for t in terms if RUN.fullmatch(t)), new_words)
    signed = sorted(t for t in terms if not RUN.fullmatch(t))

    def cut(text: str) -> list[str]:
        long = len(text) >= LONGEST_RUN and any(len(line) >= LONGEST_RUN for line in text.split("\n"))
        if long and (runs := [m.end() for m in _TOO_LONG.finditer(text)]):
            pieces = [text[a:b] for a, b in zip([0, *runs], [*runs, len(text)], strict=True)]
            return [word for piece in pieces for word in (plain(piece) if piece else ())]
        return plain(text)

    return _around(signed, cut) if signed else cut


def _engine(engine: str, terms: list[str], new_words: bool) -> Cutter:
    if engine == "rjieba":
        import rjieba

        rust = rjieba.Jieba()
        for term in terms:
            rust.add_word(term, TERM_FREQUENCY, "nz")
        return rust.cut if new_words else lambda text: rust.cut(text, hmm=False)
    if engine == "jieba":
        import logging

        import jieba

        jieba.setLogLevel(logging.WARNING)
        python = jieba.Tokenizer()
        for term in terms:
            python.add_word(term, TERM_FREQUENCY)
        return lambda text: python.lcut(text, HMM=new_words)
    raise ValueError(f"unknown segmentation engine {engine!r}; known are rjieba and jieba")


def _around(terms: list[str], cut: Cutter) -> Cutter:
    """`cut`, with `terms` taken out first; where two begin at one place, the longer."""
    import ahocorasick_rs

    finder = ahocorasick_rs.AhoCorasick(terms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def cut_around(text: str) -> list[str]:
        words, at = [], 0
        for _, start, end in finder.find_matches_as_indexes(text):
            words += cut(text[at:start]) if at < start else []
            words.append(text[start:end])
            at = end
        return words + cut(text[at:]) if at < len(text) else words

    return cut_around


def whole_text(title: str, text: str) -> str:
    """What is segmented of an article: its title, a paragraph of its own since a headline names the theme, and its text.
    The text begins at offset len(title) + 1."""
    return f"{title}\n{text}"


def tokens_of(
    articles: pd.DataFrame | Iterable[tuple[str, str, str]],
    engine: str,
    terms: Iterable[str],
    simplify: bool,
    new_words: bool = True,
    progress: Callable[[int], None] = lambda n: None,
) -> Tokens:
    """The tokens of articles: a table with article_id, title and text, or these three of one article after the other.

    simplify: Traditional is folded to Simplified, in the terms too; a text keeps its length, so that offsets are those of
    the article.
    """
    simple = fold if simplify else str
    cut = cutter(engine, map(simple, terms), new_words)
    if isinstance(articles, pd.DataFrame):
        articles = zip(articles["article_id"], articles["title"], articles["text"], strict=True)
    ids: list[str] = []

    def texts() -> Iterator[str]:
        for article_id, title, text in articles:
            ids.append(article_id)
            yield simple(whole_text(title, text))

    return tokenized(ids, texts(), cut, progress)
