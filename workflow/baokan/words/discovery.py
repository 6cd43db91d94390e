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
- Ending: the share of its places after which a phrase may end: at a mark, or before a word that no term begins or ends
  with (particles, conjunctions, stopwords ...). A formulation that nearly always runs on (责令限期) is the first half of
  many, however free the other half is; a word (科创) may stand only before others.

Terms within others, and terms that share a piece with others, are settled by where each of them stands (`_settle`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from baokan.corpus.originals import originals
from baokan.folding import fold
from baokan.words.edges import FORMULATION, NAME, PLACE, Edges, kind_of
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import Tokens, lengths, owners, subset
from baokan.words.wordlists import read_terms, read_words

MOST_PIECES, MOST_CHARACTERS = 6, 12
LEAST_OCCURRENCES = 5
LEVEL, Z = 0.05, 1.645
# Bits. 2: four times as often as chance, at the lower bound. 1: as free as with two neighbours of equal weight.
LEAST_ASSOCIATION, LEAST_FREEDOM = 2.0, 1.0
LEAST_ENDING = 0.05  # one place in twenty
# A term most of whose places lie in a longer one is that one; a longer one that holds less than half of the places of a
# shorter one is only a use of it, and as one word would hide it from the counts.
MOSTLY, HALF = 0.8, 0.5
MOST_REJECTED = 2000  # rows of what failed a single test
KEPT = "kept"

_BASE = np.uint64(0x9E3779B97F4A7C15)


class _Text(NamedTuple):
    """Tokens, N in all, of W words, with what is asked of them again and again."""

    tokens: Tokens
    article: np.ndarray  # of each token, shape (N,)
    size: np.ndarray  # characters of each word, shape (W,)
    han: np.ndarray  # whether a word is of Chinese characters only, shape (W,)
    hashes: np.ndarray  # of each word, shape (W,)


class _Runs(NamedTuple):
    """The frequent runs of one number of pieces."""

    places: np.ndarray  # where each begins among the tokens, rising
    keys: np.ndarray  # the hash of its characters, uint64


class _Found(NamedTuple):
    """Candidates, C in all, and their occurrences, P in all."""

    table: pd.DataFrame  # a row for each candidate
    key: np.ndarray  # the hash of each, shape (C,)
    best: np.ndarray  # an occurrence that is cut as most are, shape (C,)
    number: np.ndarray  # the candidate of each occurrence, shape (P,)
    place: np.ndarray  # the token where it begins, shape (P,)
    pieces: np.ndarray  # how many tokens it is cut into there, shape (P,)


def discover(
    tokens: Tokens, articles: pd.DataFrame, stopwords: Iterable[str], min_articles: int, listed: Iterable[str] = ()
) -> pd.DataFrame:
    """The table of terms, kept ones first, then those that failed one test.

    tokens: of `tokens_of(..., new_words=False)`, an article for each row of `articles` (source, issue_id, duplicate_of).
    Repeats within a source are left out. min_articles: articles a term must stand in. listed: terms of the user's lists,
    which `tokens` have whole: no longer term may take them.

    Columns: term, status ("kept", or why not), kind (word, formulation, name, place), pieces, n_tokens, n_articles,
    n_issues, occurrences_<source>, association, association_lower, entropy_left, entropy_right, entropy_lower, ending,
    within (the longer term that it mostly stands in, the shorter one that it is a use of, or the firmer one that it mostly
    shares a piece with).
    """
    sources = sorted(articles["source"].unique())
    own = originals(articles)
    tokens = subset(tokens, own)
    text = _Text(tokens, owners(tokens), lengths(tokens.words), _is_han(tokens.words), _hashes(tokens.words))
    runs, totals = _frequent_runs(text)
    found = _candidates(text, runs, articles[own].reset_index(drop=True), sources, min_articles)
    table, known = found.table, frozenset(found.table["term"])
    table["association"] = _association(text, found, totals)
    table["association_lower"] = table["association"] + np.log2(
        _witnesses_lower(table["n_articles"].to_numpy(), LEVEL / max(1, len(table)))
    )
    sides = {"left": _neighbours(text, found, -1), "right": _neighbours(text, found, found.pieces)}
    bounds = []
    for side, neighbour in sides.items():
        table[f"entropy_{side}"], lower = _freedom(found, neighbour)
        bounds.append(lower)
    table["entropy_lower"] = np.minimum(*bounds)
    loose, bound = _loose(table), _bound(table)
    near = ~(loose & bound)  # what fails both is not listed
    after = sides["right"][near[found.number]]
    found = _of(found, near)
    edges = Edges(stopwords)
    found.table["ending"] = _ending(found, after, tokens.words, edges)
    return _judged(found, edges, known, frozenset(listed))


def _loose(table: pd.DataFrame) -> np.ndarray:
    return (table["association_lower"] < LEAST_ASSOCIATION).to_numpy()


def _bound(table: pd.DataFrame) -> np.ndarray:
    return (table["entropy_lower"] < LEAST_FREEDOM).to_numpy()


def _of(found: _Found, taken: np.ndarray) -> _Found:
    """The candidates that are `taken`, shape (C,), with their occurrences; the table is numbered anew."""
    inside = taken[found.number]
    to, occurrence = np.cumsum(taken) - 1, np.cumsum(inside) - 1
    return _Found(
        found.table[taken].reset_index(drop=True), found.key[taken], occurrence[found.best[taken]],
        to[found.number[inside]], found.place[inside], found.pieces[inside],
    )  # fmt: skip


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


def _frequent_runs(text: _Text) -> tuple[dict[int, _Runs], dict[int, tuple[np.ndarray, np.ndarray]]]:
    """(frequent runs by number of pieces, (keys, counts) by number of pieces). A run is frequent only if both runs of one
    piece less are (apriori)."""
    ids, power = text.tokens.ids, _powers(int(text.size.max(initial=1)))
    length = text.size[ids].astype(np.int32)
    places = np.flatnonzero(text.han[ids]).astype(np.int32)
    keys, chars = text.hashes[ids[places]], length[places]
    runs, totals = {}, {}
    for pieces in range(1, MOST_PIECES + 1):
        if pieces > 1:
            # A run of one more piece: this one and the one that begins at the next token are both frequent.
            longer = np.flatnonzero(np.diff(places) == 1)
            last = places[longer] + pieces - 1
            longer = longer[
                (text.article[places[longer]] == text.article[last]) & (chars[longer] + length[last] <= MOST_CHARACTERS)
            ]
            places, last = places[longer], places[longer] + pieces - 1
            keys = keys[longer] * power[length[last]] + text.hashes[ids[last]]
            chars = chars[longer] + length[last]
        number, distinct = pd.factorize(keys)  # by hashing: np.unique would sort
        counts = np.bincount(number, minlength=len(distinct))
        totals[pieces] = (distinct, counts)
        often = counts[number] >= LEAST_OCCURRENCES
        places, keys, chars = places[often], keys[often], chars[often]
        runs[pieces] = _Runs(places, keys)
        if not len(places):
            break
    return runs, totals


def _candidates(
    text: _Text, runs: dict[int, _Runs], articles: pd.DataFrame, sources: list[str], min_articles: int
) -> _Found:
    """Runs of two pieces or more in enough articles, with their counts; the same characters, however cut, are one."""
    tokens = text.tokens
    longer = {n: r for n, r in runs.items() if n > 1 and len(r.places)}
    if not longer:
        longer = {2: _Runs(np.array([], np.int32), np.array([], np.uint64))}
    place = np.concatenate([r.places for r in longer.values()])
    pieces = np.concatenate([np.full(len(r.places), n, np.int8) for n, r in longer.items()])
    number, key = pd.factorize(np.concatenate([r.keys for r in longer.values()]))
    article = text.article[place]
    issue = pd.factorize(articles["issue_id"])[0]
    issue = np.where(articles["issue_id"] == "", -1, issue)
    n_articles = _distinct(number, article, len(key))
    dated = issue[article] >= 0
    n_issues = _distinct(number[dated], issue[article][dated], len(key))
    keep = n_articles >= min_articles
    to = np.cumsum(keep) - 1
    inside = keep[number]
    number, place, pieces, article = to[number[inside]], place[inside], pieces[inside], article[inside]
    n = int(keep.sum())
    # The most frequent way in which it is cut; where two are as frequent, the one of fewer pieces, then of the longer first.
    ways = pd.DataFrame(
        {"number": number, "way": _ways(tokens, place, pieces), "pieces": pieces, "long": text.size[tokens.ids[place]]}
    ).assign(occurrence=np.arange(len(place)))
    ways = ways.groupby(["number", "way"], sort=False).agg(
        size=("occurrence", "size"),
        pieces=("pieces", "first"),
        long=("long", "first"),
        occurrence=("occurrence", "first"),
    )
    ways = ways.reset_index().sort_values(["number", "size", "pieces", "long"], ascending=[True, False, True, False])
    best = ways.drop_duplicates("number")["occurrence"].to_numpy()
    cut = [tokens.words[tokens.ids[p : p + k]] for p, k in zip(place[best], pieces[best], strict=True)]
    source = pd.Categorical(articles["source"], categories=sources).codes[article]
    by_source = np.bincount(number * len(sources) + source, minlength=n * len(sources)).reshape(n, len(sources))
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
    return _Found(table, key[keep], best, number, place, pieces)


def _ways(tokens: Tokens, place: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    """A number for each way in which an occurrence is cut: the same for the same pieces, uint64."""
    way = np.zeros(len(place), np.uint64)
    for k in range(MOST_PIECES):
        inside = np.flatnonzero(k < pieces)
        word = tokens.ids[place[inside] + k]
        way[inside] = way[inside] * _BASE + word.astype(np.uint64) + np.uint64(1)
    return way


def _distinct(number: np.ndarray, group: np.ndarray, n: int) -> np.ndarray:
    """How many distinct groups each number is paired with, shape (n,)."""
    pairs = pd.unique(number.astype(np.int64) * (int(group.max(initial=0)) + 1) + group)
    return np.bincount(pairs // (int(group.max(initial=0)) + 1), minlength=n)


def _association(text: _Text, found: _Found, totals: dict[int, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Bits, shape (C,): of the weakest cut in two. Parts are counted over all ways in which they are cut themselves; they
    are all frequent, since a run is only looked at if they are."""
    often = [counts >= LEAST_OCCURRENCES for _, counts in totals.values()]
    keys = np.concatenate([k[o] for (k, _), o in zip(totals.values(), often, strict=True)])
    counts = np.concatenate([c[o] for (_, c), o in zip(totals.values(), often, strict=True)])
    known, to = np.unique(keys, return_inverse=True)
    count = np.bincount(to, weights=counts, minlength=len(known))
    n = int(totals[1][1].sum())
    power, ids = _powers(MOST_CHARACTERS), text.tokens.ids
    place, pieces = found.place[found.best], found.pieces[found.best]
    long = lengths(found.table["term"].to_numpy())
    first, first_long = np.zeros(len(place), np.uint64), np.zeros(len(place), np.int64)
    expected = np.zeros(len(place))
    for k in range(MOST_PIECES - 1):  # the cut after piece k
        at = np.flatnonzero(k < pieces - 1)
        word = ids[place[at] + k]
        first[at] = first[at] * power[text.size[word]] + text.hashes[word]
        first_long[at] += text.size[word]
        second = found.key[at] - first[at] * power[long[at] - first_long[at]]
        a, b = (count[np.searchsorted(known, part)] for part in (first[at], second))
        expected[at] = np.maximum(expected[at], a * b / n)
    return np.log2(found.table["n_tokens"].to_numpy() / expected)


def _witnesses_lower(n: np.ndarray, level: float) -> np.ndarray:
    """Lower bound of a Poisson mean at one-sided `level`, of which n were seen, as a share of n (Garwood 1936)."""
    return special.gammaincinv(n, level) / n


def _neighbours(text: _Text, found: _Found, step: int | np.ndarray) -> np.ndarray:
    """The word `step` tokens from the beginning of each occurrence, shape (P,); -1 for a mark or the end of the article."""
    at = found.place.astype(np.int64) + step
    inside = (at >= 0) & (at < len(text.tokens.ids))
    at = np.where(inside, at, found.place)
    word = text.tokens.ids[at]
    return np.where(inside & (text.article[at] == text.article[found.place]) & text.han[word], word, -1)


def _freedom(found: _Found, neighbour: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(entropy in bits of the neighbouring piece, its lower bound), each of shape (C,)."""
    n = len(found.table)
    most = int(neighbour.max(initial=0)) + 1
    # A mark or an end is a neighbour of its own each time.
    neighbour = np.where(neighbour >= 0, neighbour, most + np.arange(len(neighbour)))
    pair = found.number.astype(np.int64) * (most + len(neighbour)) + neighbour
    distinct, counts = np.unique(pair, return_counts=True)
    number = distinct // (most + len(neighbour))
    total = found.table["n_tokens"].to_numpy()
    p = counts / total[number]
    entropy = np.bincount(number, weights=-p * np.log2(p), minlength=n)
    square = np.bincount(number, weights=p * np.log2(p) ** 2, minlength=n)
    error = np.sqrt(np.maximum(square - entropy**2, 0.0) / total)
    return entropy, entropy - Z * error


def _ending(found: _Found, after: np.ndarray, words: np.ndarray, edges: Edges) -> np.ndarray:
    """The share of the places of each candidate after which a phrase may end, shape (C,). after: the word that follows each
    occurrence, or -1."""
    stops = np.zeros(len(words) + 1, bool)
    stops[-1] = True
    for word in np.unique(after[after >= 0]).tolist():
        stops[word] = edges.problem([words[word]]) != ""
    ended = np.bincount(found.number, weights=stops[after], minlength=len(found.table))
    return ended / found.table["n_tokens"].to_numpy()


def _judged(found: _Found, edges: Edges, known: frozenset[str], listed: frozenset[str]) -> pd.DataFrame:
    """known: all candidates, those that are not judged too."""
    table = found.table
    pieces = [p.split("|") for p in table["pieces"]]
    table["kind"] = [kind_of(p, known) for p in pieces]
    reasons = [
        np.where(_loose(table), "its parts stand together too little", ""),
        np.where(_bound(table), "it hardly stands but in one context", ""),
        np.array([edges.problem(p) for p in pieces], dtype=object),
        np.array(["it holds a listed term" if listed.intersection(p) else "" for p in pieces], dtype=object),
        np.array([{NAME: "a personal name", PLACE: "a place"}.get(kind, "") for kind in table["kind"]], dtype=object),
        np.where(
            (table["ending"] < LEAST_ENDING) & (table["kind"] == FORMULATION) & ~_bound(table),
            "it hardly ever ends a phrase",
            "",
        ),
    ]
    failed = np.sum([r != "" for r in reasons], axis=0)
    table["status"] = [next((r for r in row if r), KEPT) for row in zip(*reasons, strict=True)]
    table["within"] = ""
    table["score"] = table["association_lower"] * np.log2(1 + table["n_articles"])
    candidates = (table["status"] == KEPT).to_numpy()
    settled = _settle(_of(found, candidates))
    table.loc[candidates, ["status", "within"]] = settled[["status", "within"]].to_numpy()
    kept = (table["status"] == KEPT).to_numpy()
    order = ["score", "term"]
    first = table[kept].sort_values(order, ascending=[False, True])
    near = table[~kept & (failed <= 1)].sort_values(order, ascending=[False, True]).head(MOST_REJECTED)
    columns = ["term", "status", "kind", "pieces", "n_tokens", "n_articles", "n_issues"]
    columns += [c for c in table if c.startswith("occurrences_")]
    columns += [
        "association",
        "association_lower",
        "entropy_left",
        "entropy_right",
        "entropy_lower",
        "ending",
        "within",
    ]
    return pd.concat([first, near], ignore_index=True)[columns]


def _meetings(found: _Found) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of occurrences that share a token, as places in found.number: (the first lies in the second, the second begins
    in the first and ends after it), of shapes (2, I) and (2, X)."""
    starts, row = np.unique(found.place, return_inverse=True)
    at = np.full((len(starts) + 1, MOST_PIECES + 1), -1, np.int64)  # the occurrence of so many pieces; of none, last
    at[row, found.pieces] = np.arange(len(found.place))
    inside, crossing = [np.empty((2, 0), np.int64)], [np.empty((2, 0), np.int64)]
    for k in range(MOST_PIECES):
        to = np.searchsorted(starts, found.place + k)
        begins = (k < found.pieces) & (np.append(starts, -1)[to] == found.place + k)
        for pieces in range(2, MOST_PIECES + 1):
            other = at[np.where(begins, to, len(starts)), pieces]
            met = np.flatnonzero((other >= 0) & (other != np.arange(len(other))))
            within = k + pieces <= found.pieces[met]
            inside.append(np.stack([other[met[within]], met[within]]))
            if k:
                crossing.append(np.stack([met[~within], other[met[~within]]]))
    return np.concatenate(inside, axis=1), np.concatenate(crossing, axis=1)


def _settle(found: _Found) -> pd.DataFrame:
    """status and within of candidates that pass alone, by where they stand. In this order:

    - a use of a shorter term: it holds less than HALF of the places of a shorter one, which begins with one of its pieces
      (脱贫攻坚 in 脱贫|攻坚战), is no such use itself and not MOSTLY in some other; from the shortest to the longest;
    - overlapping: HALF or more of its places outside longer terms share a piece with a firmer one; from the firmest;
    - MOSTLY within a longer term that is kept; from the longest to the shortest.
    """
    terms, n = found.table["term"].tolist(), found.table["n_tokens"].tolist()
    status, within = np.full(len(terms), KEPT, dtype=object), np.full(len(terms), "", dtype=object)
    inside, crossing = _meetings(found)
    held: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for (part, whole), often in zip(*_counted(found.number[inside]), strict=True):
        held[part][whole] = often
    number = {term: i for i, term in enumerate(terms)}
    by_length = sorted(range(len(terms)), key=lambda i: (len(terms[i]), terms[i]))
    for whole in by_length:
        apart = [
            part
            for part in _parts(found.table["pieces"][whole], number)
            if status[part] == KEPT
            and n[whole] < HALF * (n[part] + n[whole] - held[part].get(whole, 0))
            and not any(p >= MOSTLY * n[part] for other, p in held[part].items() if other != whole)
        ]
        if apart:
            status[whole] = "a use of a shorter term"
            within[whole] = max((n[part], terms[part]) for part in apart)[1]
    kept = status == KEPT
    free = np.ones(len(found.number), bool)
    free[inside[0][kept[found.number[inside[1]]]]] = False
    crossing = crossing[:, (kept[found.number[crossing]] & free[crossing]).all(axis=0)]
    rank = np.empty(len(terms), np.int64)
    firmest = found.table.sort_values(["score", "term"], ascending=[False, True]).index.to_numpy()
    rank[firmest] = np.arange(len(terms))
    n_free = np.bincount(found.number[free], minlength=len(terms))
    weaker = rank[found.number[crossing]].argmax(axis=0)
    lost, winner = np.take_along_axis(crossing, np.stack([weaker, 1 - weaker]), axis=0)
    taken = defaultdict(list)
    for occurrence, term, other in zip(lost.tolist(), found.number[lost].tolist(), found.number[winner], strict=True):
        taken[term].append((occurrence, other))
    for term in sorted(taken, key=lambda i: rank[i]):
        places = [(occurrence, other) for occurrence, other in taken[term] if status[other] == KEPT]
        if places and len({occurrence for occurrence, _ in places}) >= HALF * n_free[term]:
            status[term] = "it mostly shares a piece with a firmer term"
            others = pd.Series([other for _, other in places]).value_counts()
            within[term] = max((times, terms[other]) for other, times in others.items())[1]
    for part in reversed(by_length):
        wholes = [(p, terms[w]) for w, p in held[part].items() if status[w] == KEPT and p >= MOSTLY * n[part]]
        if status[part] == KEPT and wholes:
            status[part], within[part] = "mostly within a longer term", max(wholes)[1]
    return pd.DataFrame({"status": status, "within": within})


def _parts(pieces: str, number: dict[str, int]) -> set[int]:
    """The terms of `number` that are shorter than that of `pieces` and begin in it where a piece does."""
    cut = pieces.split("|")
    rests = ["".join(cut[k:]) for k in range(len(cut))]
    parts = {rest[:end] for rest in rests for end in range(2, len(rest) + 1)} - {rests[0]}
    return {number[part] for part in parts if part in number}


def _counted(pairs: np.ndarray) -> tuple[list[tuple[int, int]], list[int]]:
    """(distinct pairs of `pairs`, shape (2, I); how often each is there)."""
    distinct, counts = np.unique(pairs, axis=1, return_counts=True)
    return list(zip(*distinct.tolist(), strict=True)), counts.tolist()


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
