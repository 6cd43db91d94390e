"""What the choice of segmenter and the list of terms change in the tokens."""

import hashlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.folding import fold
from baokan.words.segmentation import tokens_of
from baokan.words.termtest import tested
from baokan.words.tokens import Tokens, lengths, subset

OTHER_ENGINE = {"rjieba": "jieba", "jieba": "rjieba"}
REFUSED = "not used"
MOST_ROWS = 20_000  # of a table of differences: the most frequent
COLUMNS = ["here", "there", "places", "n_articles"]


class Differences(NamedTuple):
    """Where two ways of cutting the same articles differ."""

    table: pd.DataFrame  # here, there (the words of each, "|" between them), places, n_articles; most places first
    changed: np.ndarray  # tokens of `here` that are not tokens of `there`, by article, shape (A,)


def differences(here: Tokens, there: Tokens) -> Differences:
    """Stretches between common boundaries that are cut in different ways. Both are tokens of the same texts in the same
    order. Raises ValueError if they are of different articles or lengths."""
    cuts, words = [], []
    for tokens in (here, there):
        size = lengths(tokens.words)
        cuts.append(np.concatenate([[0], np.cumsum(size[tokens.ids])]) if len(tokens.ids) else np.array([0]))
        words.append(tokens.words)
    starts = [cut[tokens.starts] for cut, tokens in zip(cuts, (here, there), strict=True)]
    if here.article_ids != there.article_ids or not np.array_equal(*starts):
        raise ValueError("the tokens are of different texts")
    common = np.intersect1d(cuts[0], cuts[1], assume_unique=True)
    places = [np.searchsorted(cut, common) for cut in cuts]
    number = [np.diff(place) for place in places]
    where = np.flatnonzero((number[0] > 1) | (number[1] > 1))
    article = np.searchsorted(starts[0], common[where], side="right") - 1
    changed = np.bincount(article, weights=number[0][where], minlength=len(here.article_ids)).astype(int)
    rows = [
        tuple(
            "|".join(word[tokens.ids[place[i] : place[i + 1]]])
            for word, tokens, place in zip(words, (here, there), places, strict=True)
        )
        for i in where
    ]
    table = pd.DataFrame(rows, columns=["here", "there"]).assign(article=article[: len(rows)])
    grouped = table.groupby(["here", "there"], as_index=False).agg(
        places=("article", "size"), n_articles=("article", "nunique")
    )
    grouped = grouped.sort_values(["places", "here", "there"], ascending=[False, True, True], ignore_index=True)
    return Differences(grouped[COLUMNS], changed)


def drawn(article_ids: list[str], sizes: np.ndarray, most: int) -> np.ndarray:
    """Which articles are compared when all would take too long: drawn by a hash of their ids up to `most` characters, in
    the order of the corpus. Boolean, shape (A,)."""
    order = sorted(range(len(article_ids)), key=lambda i: hashlib.sha256(article_ids[i].encode()).digest())
    taken = np.zeros(len(article_ids), bool)
    room = most
    for i in order:
        if sizes[i] <= room:
            taken[i] = True
            room -= int(sizes[i])
    return taken


def changed_by_source(changed: np.ndarray, n_words: np.ndarray, sources: np.ndarray) -> pd.DataFrame:
    """source, tokens, changed, share. changed, n_words: by article, shape (A,); sources: names, shape (A,)."""
    table = pd.DataFrame({"source": sources, "tokens": n_words, "changed": changed}).groupby("source").sum()
    return table.assign(share=table["changed"] / table["tokens"].clip(lower=1)).reset_index()


def audit_tables(
    tokens: Tokens,
    articles: pd.DataFrame,
    texts: Callable[[], Iterable[tuple[str, str, str]]],
    terms: pd.DataFrame,
    listed: pd.DataFrame,
    settings: dict,
) -> dict[str, pd.DataFrame]:
    """The tables term_test, term_effect, engines and changed.

    tokens: of the run, an article for each row of `articles` (article_id, source, n_chars); texts: gives (article_id,
    title, text) of each, in the same order. terms: of `inforce.terms_in_force`; listed: of `wordlists.read_terms`, with
    what was mended or refused. term_test: whether each term is kept whole where it stands. term_effect: how stretches are
    cut with the terms (here) and without (there). engines: how the two segmenters (here: that of the run) cut
    differently. changed: by each of the two and by source, the words and how many of them are changed; `whole`: whether
    the whole corpus was looked at.
    """
    engine, simplify = settings["engine"], settings["simplify"]
    simple = fold if simplify else str
    test = tested([simple(t) for t in terms["term"]], tokens)
    origin = {simple(t): o for t, o in zip(terms["term"], terms["origin"], strict=True)}
    test.insert(1, "origin", test["term"].map(origin))
    test = _with_notes(test, listed, simple)
    plain = tokens_of(texts(), engine, [], simplify)
    by_terms = differences(tokens, plain)
    some = drawn(tokens.article_ids, articles["n_chars"].to_numpy(), settings["audit_characters"])
    part = subset(tokens, some)
    taken = (row for row, take in zip(texts(), some, strict=True) if take)
    other = tokens_of(taken, OTHER_ENGINE[engine], terms["term"], simplify) if some.any() else part
    by_engine = differences(part, other)
    changed = []
    for name, found, looked in (("terms", by_terms, np.ones(len(some), bool)), ("engine", by_engine, some)):
        n_words = np.diff(tokens.starts)[looked]
        by_source = changed_by_source(found.changed, n_words, articles["source"].to_numpy()[looked])
        changed.append(by_source.assign(by=name, whole=bool(looked.all())))
    return {
        "term_test": test,
        "term_effect": by_terms.table.head(MOST_ROWS),
        "engines": by_engine.table.head(MOST_ROWS),
        "changed": pd.concat(changed, ignore_index=True)[["by", "source", "tokens", "changed", "share", "whole"]],
    }


def _with_notes(test: pd.DataFrame, listed: pd.DataFrame, simple: Callable[[str], str]) -> pd.DataFrame:
    """`test` with what was mended in the user's lists, and the terms that were refused at its end."""
    notes = {simple(r.term): r.note for r in listed.itertuples() if r.used and r.note}
    test = test.assign(note=[notes.get(term, "") for term in test["term"]])
    refused = listed.loc[~listed["used"], ["term", "file", "note"]].rename(columns={"file": "origin"})
    refused = refused.assign(occurrences=0, whole=0, status=REFUSED, reason=refused["note"], example="")
    return pd.concat([test, refused[list(test.columns)]], ignore_index=True) if len(refused) else test
