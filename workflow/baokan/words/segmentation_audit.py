"""What is cut otherwise than one would think: terms that are not kept whole, and what segmenter and terms change in the tokens."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.folding import fold
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import Tokens, lengths, subset

TESTED = ["term", "occurrences", "whole", "status", "reason", "example"]
WHOLE, PARTLY, NEVER, ABSENT = "kept whole", "partly cut", "never whole", "does not occur"
# Why a term is not one word, the one named first where two are as frequent.
LONGER, ACROSS, CUT = range(3)
REASONS = ("a longer word takes it", "a word reaches across its edge", "it is cut")

BLOCK = 30_000  # characters searched at a time: fifty nested terms of one character have 1.5 million places in them
WAYS = 2_000_000  # ways of cutting that are held before equal ones are added up
NEAR, LONGEST = 3, 40  # words of an example on either side; characters of a word that are shown
_BASE = np.uint64(0x9E3779B97F4A7C15)

OTHER_ENGINE = {"rjieba": "jieba", "jieba": "rjieba"}
REFUSED = "not used"
MOST_ROWS = 20_000  # of a table of differences: the most frequent
DIFFERENCES = ["here", "there", "places", "n_articles"]


# --- whether each term is kept whole


def tested(terms: list[str], tokens: Tokens) -> pd.DataFrame:
    """A row for each distinct term, in their order, with the columns TESTED.

    occurrences: places where its characters stand in the text of `tokens`, overlapping ones too; whole: those where it is
    one word. reason: what took it most often, and how often: a longer word that holds it, or a word that reaches across its
    edge. example: the first place of that kind, "|" between the words.
    """
    import ahocorasick_rs

    terms = list(dict.fromkeys(terms))
    table = pd.DataFrame({"term": np.array(terms, dtype=object), "occurrences": 0, "whole": 0, "status": ABSENT})
    table = table.assign(reason="", example="").astype({"occurrences": np.int64, "whole": np.int64})
    if not terms or not len(tokens.ids):
        return table
    finder = ahocorasick_rs.AhoCorasick(terms)
    found, whole = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
    ways, held = [], 0
    for number, first, last, before, after in _places(finder, tokens, max(map(len, terms))):
        found += np.bincount(number, minlength=len(terms))
        is_whole = (first == last) & ~before & ~after
        whole += np.bincount(number[is_whole], minlength=len(terms))
        number, first, last, before, after = (part[~is_whole] for part in (number, first, last, before, after))
        kind = np.where(first == last, LONGER, np.where(before | after, ACROSS, CUT)).astype(np.int8)
        key = _keys(number, tokens.ids, first, last)
        way = {"key": key, "number": number, "first": first, "last": last, "kind": kind, "places": 1}
        ways.append(_added(pd.DataFrame(way)))
        held += len(ways[-1])
        if held > WAYS:
            ways = [_added(pd.concat(ways))]
            held = 0
    table["occurrences"], table["whole"] = found, whole
    table["status"] = np.select([found == 0, whole == found, whole > 0], [ABSENT, WHOLE, PARTLY], NEVER)
    reasons, examples = [""] * len(terms), [""] * len(terms)
    for way in _commonest(_added(pd.concat(ways)), tokens.ids).itertuples():
        taken = "|".join(map(_shown, tokens.words[tokens.ids[way.first : way.last + 1]]))
        cut = found[way.number] - whole[way.number]
        reasons[way.number] = f"{REASONS[way.kind]}: {taken} ({way.places:,} of {cut:,})"
        examples[way.number] = _example(tokens, way.first, way.last)
    table["reason"], table["example"] = reasons, examples
    return table


def _places(finder, tokens: Tokens, longest: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Where terms stand, a block of the text after the other: (number of the term, the first and the last token that
    have some of it, whether that begins before the term, whether that ends after it), each of shape (places,)."""
    ends = np.cumsum(lengths(tokens.words)[tokens.ids])
    begins = np.concatenate([[0], ends[:-1]])
    # Where the article of each token ends: a term does not reach into the next one.
    last_of = np.repeat(np.maximum(tokens.starts[1:] - 1, 0), np.diff(tokens.starts))
    for at in range(0, int(ends[-1]), BLOCK):
        low, high = np.searchsorted(ends, [at, min(at + BLOCK + longest - 1, ends[-1]) - 1], side="right")
        text = "".join(tokens.words[tokens.ids[low : high + 1]])[
            at - begins[low] : at - begins[low] + BLOCK + longest - 1
        ]
        matches = finder.find_matches_as_indexes(text, overlapping=True)
        number, start, end = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3).T
        own = start < BLOCK
        number, start, end = number[own], start[own] + at, end[own] + at
        first = np.searchsorted(ends, start, side="right")
        last = np.searchsorted(ends, end - 1, side="right")
        own = last <= last_of[first]
        number, start, end, first, last = (part[own] for part in (number, start, end, first, last))
        yield number, first, last, begins[first] < start, ends[last] > end


def _keys(number: np.ndarray, ids: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The same number for the same term in the same words, uint64."""
    key = number.astype(np.uint64)
    rest = np.arange(len(number))
    while len(rest):
        key[rest] = (
            (key[rest] ^ (key[rest] >> np.uint64(32))) * _BASE + ids[first[rest]].astype(np.uint64) + np.uint64(1)
        )
        rest, first = rest[first[rest] < last[rest]], first + 1
    return key


def _added(ways: pd.DataFrame) -> pd.DataFrame:
    """`ways` with equal ones as one: the first place, and the sum of places."""
    group, _ = pd.factorize(ways["key"].to_numpy())
    places = np.bincount(group, ways["places"].to_numpy()).astype(np.int64)
    return ways[~ways["key"].duplicated().to_numpy()].assign(places=places)


def _commonest(ways: pd.DataFrame, ids: np.ndarray) -> pd.DataFrame:
    """The most frequent way of each term; of equals that of the first reason, then of the first words, which does not
    depend on the order of the articles."""
    ways = ways.assign(from_=ids[ways["first"]], to=ids[ways["last"]])
    order = ["number", "places", "kind", "from_", "to", "key"]
    return ways.sort_values(order, ascending=[True, False, True, True, True, True]).drop_duplicates("number")


def _example(tokens: Tokens, first: int, last: int) -> str:
    article = np.searchsorted(tokens.starts, first, side="right") - 1
    low, high = max(first - NEAR, tokens.starts[article]), min(last + NEAR + 1, tokens.starts[article + 1])
    near = list(map(_shown, tokens.words[tokens.ids[low:high]]))
    return "|".join([w.strip() for w in near if w.strip()] or near)


def _shown(word: str) -> str:
    return word if len(word) <= LONGEST else f"{word[:LONGEST]}…"


# --- two ways of cutting


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
    return Differences(grouped[DIFFERENCES], changed)


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


# --- the tables


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
