"""The corpus's own terms: new words and fixed formulations that the dictionary cuts in pieces, found by how firmly the
pieces hold together and how freely the whole stands.

The text is cut into words of the dictionary and single characters. A candidate is a run of 2 to MOST_PIECES pieces of
Chinese characters; the same characters cut differently are one candidate.

- Association: of the weakest way to cut it in two, log2 of its occurrences over those expected of independent parts
  (pointwise mutual information, Church & Hanks 1990). Its lower bound takes each article for one witness, since a text
  repeats itself, and is exact for a Poisson count (Garwood 1936) at LEVEL for all candidates together (Bonferroni).
- Freedom: entropy of the piece before and of the piece after it (branching entropy, Jin & Tanaka-Ishii 2006), marks and
  the ends of paragraphs counting as different each time. Its lower bound subtracts Z standard errors (Basharin 1959); the
  plug-in estimate is biased downward, which is on the safe side.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from baokan.folding import fold
from baokan.words.edges import NAME, PLACE, Edges, kind_of
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import Tokens, lengths, owners
from baokan.words.wordlists import read_terms, read_words

MOST_PIECES, MOST_CHARACTERS = 6, 12
LEAST_OCCURRENCES = 5
LEVEL, Z = 0.05, 1.645
# Bits. 2: four times as often as chance, at the lower bound. 1: as free as with two neighbours of equal weight.
LEAST_ASSOCIATION, LEAST_FREEDOM = 2.0, 1.0
# A term most of whose places lie in a longer one is that one; a longer one that holds few of the places of a shorter one is
# only a use of it, and as one word would hide it from the counts.
MOSTLY, HARDLY = 0.8, 0.5
MOST_REJECTED = 2000  # rows of what failed a single test
KEPT = "kept"

_BASE = np.uint64(0x9E3779B97F4A7C15)


class _Runs(NamedTuple):
    """The frequent runs of one number of pieces."""

    places: np.ndarray  # where each begins among the tokens, rising
    keys: np.ndarray  # the hash of its characters, uint64


def discover(
    tokens: Tokens, articles: pd.DataFrame, stopwords: Iterable[str], min_articles: int, listed: Iterable[str] = ()
) -> pd.DataFrame:
    """The table of terms, kept ones first, then those that failed one test.

    tokens: of `tokens_of(..., new_words=False)`, an article for each row of `articles` (source, issue_id, duplicate_of).
    Repeats within a source are left out. min_articles: articles a term must stand in. listed: terms of the user's lists,
    which `tokens` have whole: no longer term may take them.

    Columns: term, status ("kept", or why not), kind (word, formulation, name, place), pieces, n_tokens, n_articles,
    n_issues, occurrences_<source>, association, association_lower, entropy_left, entropy_right, entropy_lower, within (the
    longer term that it mostly stands in, or the shorter one that it is a use of).
    """
    sources = sorted(articles["source"].unique())
    own = (articles["duplicate_of"] == "").to_numpy()
    tokens = _only(tokens, own)
    articles = articles[own].reset_index(drop=True)
    runs, totals = _frequent_runs(tokens)
    found = _candidates(tokens, runs, articles, sources, min_articles)
    table = found.table
    table["association"] = _association(tokens, table, totals)
    table["association_lower"] = table["association"] + np.log2(
        _witnesses_lower(table["n_articles"].to_numpy(), LEVEL / max(1, len(table)))
    )
    freedom = [_freedom(tokens, found, side) for side in ("left", "right")]
    table["entropy_left"], table["entropy_right"] = freedom[0][0], freedom[1][0]
    table["entropy_lower"] = np.minimum(freedom[0][1], freedom[1][1])
    return _judged(table, Edges(stopwords), frozenset(listed))


def _only(tokens: Tokens, taken: np.ndarray) -> Tokens:
    sizes = np.diff(tokens.starts)
    ids = tokens.ids[np.repeat(taken, sizes)]
    starts = np.concatenate([[0], np.cumsum(sizes[taken])]).astype(np.int64)
    return Tokens([a for a, t in zip(tokens.article_ids, taken, strict=True) if t], starts, ids, tokens.words)


def _hashes(words: np.ndarray) -> np.ndarray:
    """A polynomial hash of each word, so that that of two words in a row is h(a) B^len(b) + h(b), modulo 2^64."""
    values = []
    for word in words:
        value = 0
        for char in word:
            value = (value * int(_BASE) + ord(char) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        values.append(value)
    return np.array(values, np.uint64)


def _powers(most: int) -> np.ndarray:
    return np.array([pow(int(_BASE), n, 1 << 64) for n in range(most + 1)], np.uint64)


def _is_han(words: np.ndarray) -> np.ndarray:
    return np.array([bool(w) and all("\u3400" <= c <= "\u9fff" for c in w) for w in words], bool)


def _frequent_runs(tokens: Tokens) -> tuple[dict[int, _Runs], dict[int, tuple[np.ndarray, np.ndarray]]]:
    """(frequent runs by number of pieces, (keys, counts) by number of pieces). A run is frequent only if both runs of one
    piece less are (apriori)."""
    size = lengths(tokens.words)
    han = _is_han(tokens.words)
    word_hash, power = _hashes(tokens.words), _powers(int(size.max(initial=1)))
    article = owners(tokens)
    length = size[tokens.ids].astype(np.int32)
    places = np.flatnonzero(han[tokens.ids]).astype(np.int32)
    keys = word_hash[tokens.ids[places]]
    runs, totals = {}, {}
    chars = length[places]
    for pieces in range(1, MOST_PIECES + 1):
        if pieces > 1:
            # A run of one more piece: this one and the one that begins at the next token are both frequent.
            position = np.searchsorted(places, places + 1)
            follows = (position < len(places)) & (places[np.minimum(position, len(places) - 1)] == places + 1)
            last = places + pieces - 1
            follows &= last < len(tokens.ids)
            last = np.minimum(last, max(0, len(tokens.ids) - 1))
            follows &= article[places] == article[last]
            follows &= chars + length[last] <= MOST_CHARACTERS
            places, keys, last, chars = places[follows], keys[follows], last[follows], chars[follows]
            keys = keys * power[length[last]] + word_hash[tokens.ids[last]]
            chars = chars + length[last]
        number, distinct = pd.factorize(keys)  # by hashing: np.unique would sort
        counts = np.bincount(number, minlength=len(distinct))
        totals[pieces] = (distinct, counts)
        often = counts[number] >= LEAST_OCCURRENCES
        places, keys, chars = places[often], keys[often], chars[often]
        runs[pieces] = _Runs(places, keys)
        if not len(places):
            break
    return runs, totals


class _Found(NamedTuple):
    table: pd.DataFrame
    number: np.ndarray  # of the candidate, for each of its occurrences
    place: np.ndarray  # the token where the occurrence begins
    pieces: np.ndarray  # how many tokens it is cut into there


def _candidates(
    tokens: Tokens, runs: dict[int, _Runs], articles: pd.DataFrame, sources: list[str], min_articles: int
) -> _Found:
    """Runs of two pieces or more in enough articles, with their counts; the same characters, however cut, are one."""
    longer = {n: r for n, r in runs.items() if n > 1 and len(r.places)}
    if not longer:
        longer = {2: _Runs(np.array([], np.int64), np.array([], np.uint64))}
    keys = np.concatenate([r.keys for r in longer.values()])
    place = np.concatenate([r.places for r in longer.values()])
    pieces = np.concatenate([np.full(len(r.places), n, np.int8) for n, r in longer.items()])
    number = pd.factorize(keys)[0]
    article = owners(tokens)[place]
    issue = pd.factorize(articles["issue_id"])[0]
    issue = np.where(articles["issue_id"] == "", -1, issue)
    n = int(number.max(initial=-1)) + 1
    n_articles = _distinct(number, article, n)
    dated = issue[article] >= 0
    n_issues = _distinct(number[dated], issue[article][dated], n)
    keep = n_articles >= min_articles
    to = np.cumsum(keep) - 1
    inside = keep[number]
    number, place, pieces, article = to[number[inside]], place[inside], pieces[inside], article[inside]
    n = int(keep.sum())
    # The most frequent way in which it is cut; where two are as frequent, the one of fewer pieces, then of the longer first.
    first = lengths(tokens.words)[tokens.ids[place]]
    ways = pd.DataFrame(
        {"number": number, "way": _ways(tokens, place, pieces), "pieces": pieces, "long": first, "place": place}
    )
    ways = ways.groupby(["number", "way"], sort=False).agg(
        size=("place", "size"), pieces=("pieces", "first"), long=("long", "first"), place=("place", "first")
    )
    ways = ways.reset_index().sort_values(["number", "size", "pieces", "long"], ascending=[True, False, True, False])
    best = ways.drop_duplicates("number")
    cut = [tokens.words[tokens.ids[p : p + k]] for p, k in zip(best["place"], best["pieces"], strict=True)]
    source = pd.Categorical(articles["source"], categories=sources).codes[article]
    by_source = np.zeros((n, len(sources)), np.int64)
    np.add.at(by_source, (number, source), 1)
    table = pd.DataFrame(
        {
            "term": ["".join(c) for c in cut],
            "pieces": ["|".join(c) for c in cut],
            "n_tokens": np.bincount(number, minlength=n),
            "n_articles": n_articles[keep],
            "n_issues": n_issues[keep],
            **{f"occurrences_{s}": by_source[:, i] for i, s in enumerate(sources)},
        }
    )
    return _Found(table, number, place, pieces)


def _ways(tokens: Tokens, place: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    """A number for each way in which an occurrence is cut: the same for the same pieces, uint64."""
    way = np.zeros(len(place), np.uint64)
    for k in range(MOST_PIECES):
        inside = k < pieces
        word = tokens.ids[np.where(inside, place + k, 0)] if len(tokens.ids) else np.zeros(len(place), np.int32)
        way = np.where(inside, way * _BASE + word.astype(np.uint64) + np.uint64(1), way)
    return way


def _distinct(number: np.ndarray, group: np.ndarray, n: int) -> np.ndarray:
    """How many distinct groups each number is paired with, shape (n,)."""
    pairs = pd.unique(number.astype(np.int64) * (int(group.max(initial=0)) + 1) + group)
    return np.bincount(pairs // (int(group.max(initial=0)) + 1), minlength=n)


def _association(tokens: Tokens, table: pd.DataFrame, totals: dict[int, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Bits, shape (n,): of the weakest cut in two. Parts are counted over all ways in which they are cut themselves."""
    count: dict[int, int] = {}
    for keys, counts in totals.values():
        often = counts >= LEAST_OCCURRENCES
        for key, c in zip(keys[often].tolist(), counts[often].tolist(), strict=True):
            count[key] = count.get(key, 0) + c
    n = sum(int(counts.sum()) for pieces, (_, counts) in totals.items() if pieces == 1)
    values = []
    for pieces, c in zip(table["pieces"], table["n_tokens"], strict=True):
        parts = pieces.split("|")
        cuts = [("".join(parts[:k]), "".join(parts[k:])) for k in range(1, len(parts))]
        hashed = _hashes(np.array([part for cut in cuts for part in cut], dtype=object)).tolist()
        expected = max(count[a] * count[b] for a, b in zip(hashed[::2], hashed[1::2], strict=True)) / n
        values.append(np.log2(c / expected))
    return np.array(values)


def _witnesses_lower(n: np.ndarray, level: float) -> np.ndarray:
    """Lower bound of a Poisson mean at one-sided `level`, of which n were seen, as a share of n (Garwood 1936)."""
    return stats.chi2.ppf(level, 2 * n) / 2 / n


def _freedom(tokens: Tokens, found: _Found, side: str) -> tuple[np.ndarray, np.ndarray]:
    """(entropy in bits of the neighbouring piece, its lower bound), each of shape (n,)."""
    n = len(found.table)
    at = found.place - 1 if side == "left" else found.place + found.pieces
    article = owners(tokens)
    inside = (at >= 0) & (at < len(tokens.ids))
    at = np.where(inside, at, 0)
    inside &= article[at] == article[found.place]
    han = _is_han(tokens.words)[tokens.ids[at]] & inside
    # A mark or an end is a neighbour of its own each time.
    neighbour = np.where(han, tokens.ids[at], len(tokens.words) + np.arange(len(at)))
    pair = found.number.astype(np.int64) * (len(tokens.words) + len(at)) + neighbour
    distinct, counts = np.unique(pair, return_counts=True)
    number = distinct // (len(tokens.words) + len(at))
    total = np.bincount(found.number, minlength=n)
    p = counts / total[number]
    entropy = np.bincount(number, weights=-p * np.log2(p), minlength=n)
    square = np.bincount(number, weights=p * np.log2(p) ** 2, minlength=n)
    error = np.sqrt(np.maximum(square - entropy**2, 0.0) / total)
    return entropy, entropy - Z * error


def _judged(table: pd.DataFrame, edges: Edges, listed: frozenset[str]) -> pd.DataFrame:
    table = table.sort_values("term", kind="stable", ignore_index=True)
    known = frozenset(table["term"])
    table["kind"] = [kind_of(pieces.split("|"), known) for pieces in table["pieces"]]
    reasons = [
        np.where(table["association_lower"] < LEAST_ASSOCIATION, "its parts stand together too little", ""),
        np.where(table["entropy_lower"] < LEAST_FREEDOM, "it hardly stands but in one context", ""),
        np.array([edges.problem(pieces.split("|")) for pieces in table["pieces"]], dtype=object),
        np.array(
            ["it holds a listed term" if listed & set(p.split("|")) else "" for p in table["pieces"]], dtype=object
        ),
        np.array([{NAME: "a personal name", PLACE: "a place"}.get(kind, "") for kind in table["kind"]], dtype=object),
    ]
    failed = np.sum([r != "" for r in reasons], axis=0)
    table["status"] = [next((r for r in row if r), KEPT) for row in zip(*reasons, strict=True)]
    table["within"] = ""
    _resolve_nested(table)
    table["score"] = table["association_lower"] * np.log2(1 + table["n_articles"])
    kept = (table["status"] == KEPT).to_numpy()
    order = ["score", "term"]
    first = table[kept].sort_values(order, ascending=[False, True])
    near = table[~kept & (failed <= 1)].sort_values(order, ascending=[False, True]).head(MOST_REJECTED)
    columns = ["term", "status", "kind", "pieces", "n_tokens", "n_articles", "n_issues"]
    columns += [c for c in table if c.startswith("occurrences_")]
    columns += ["association", "association_lower", "entropy_left", "entropy_right", "entropy_lower", "within"]
    return pd.concat([first, near], ignore_index=True)[columns]


def _resolve_nested(table: pd.DataFrame) -> None:
    """Of a term within a longer one, which stays; changes status and within. From the shortest to the longest."""
    alive = {
        t: (i, c)
        for i, (t, c, s) in enumerate(zip(table["term"], table["n_tokens"], table["status"], strict=True))
        if s == KEPT
    }
    status, within = (
        table["status"].to_numpy(dtype=object, copy=True),
        table["within"].to_numpy(dtype=object, copy=True),
    )
    for term in sorted(alive, key=lambda t: (len(t), t)):
        index, count = alive[term]
        inside = {term[a:b] for a in range(len(term)) for b in range(a + 2, len(term) + 1)} - {term}
        parts = sorted(p for p in inside if p in alive and status[alive[p][0]] == KEPT)
        apart = [p for p in parts if count < HARDLY * alive[p][1]]
        if apart:
            status[index], within[index] = "a use of a shorter term", max(apart, key=lambda p: (alive[p][1], p))
            continue
        for part in parts:
            if count >= MOSTLY * alive[part][1]:
                status[alive[part][0]], within[alive[part][0]] = "mostly within a longer term", term
    table["status"], table["within"] = status, within


def discovered(
    texts: Iterable[tuple[str, str, str]],
    articles: pd.DataFrame,
    settings: dict,
    term_files: list[str],
    stopword_files: list[str],
    progress: Callable[[int], None] = lambda n: None,
) -> pd.DataFrame:
    """`discover` from the texts (article_id, title, text) of `articles`, in their order. settings: engine, simplify, discover
    and min_articles of the configuration; what the user's lists have is known, and not looked for."""
    simple = fold if settings["simplify"] else str
    if settings["discover"] == "none":
        texts, articles = (), articles.head(0)
    listed = read_terms(term_files)
    terms = [simple(term) for term in listed.loc[listed["used"], "term"]]
    tokens = tokens_of(texts, settings["engine"], terms, settings["simplify"], new_words=False, progress=progress)
    stopwords = map(simple, read_words(stopword_files))
    return discover(tokens, articles, stopwords, max(2, settings["min_articles"]), terms)


HEADER = """\
# Terms that were found in this corpus, one a line; after a tab, as the dictionary cuts it, and its occurrences and articles.
# Below, after a #, what was rejected and why. To use a list of your own: copy this file to config/terms/, strike lines, take
# away the # before others, name the copy in words.terms, and set words.discover: list.
"""


def write_terms(table: pd.DataFrame, path: str | Path) -> None:
    """The terms as a word list (`wordlists.read_terms`) that people edit."""
    lines = [
        f"{'' if r.status == KEPT else '# '}{r.term}\t{r.pieces}\t{r.n_tokens}\t{r.n_articles}"
        + ("" if r.status == KEPT else f"\t{r.status}{': ' + r.within if r.within else ''}")
        for r in table.itertuples()
    ]
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
