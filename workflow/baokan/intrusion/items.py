"""Items of an intrusion test: among words, or articles, of one topic stands one that is not of it.

A fair item gives the intruder away by its meaning and by nothing else. Hence no word contains another (渔业, 渔业管理), the
intruder is as long as one of the others and of the same script, it is frequent in the corpus (at the top of another topic),
and it is, where possible, no word that another item shows. An article's source is not shown, and its intruder is taken
from a source that one of the others is from, where there is one: gazettes and magazines are told apart by their style.
"""

import re
from collections.abc import Callable, Hashable
from functools import partial

import numpy as np
import pandas as pd

from baokan.corpus.originals import originals
from baokan.topics.term_ranking import top_terms

WORDS, ARTICLES = 5, 3  # of the topic itself; the intruder is one more
OPTIONS = {"word": WORDS + 1, "article": ARTICLES + 1}
FROM_TOP_TERMS = 10  # the words are taken from these, the intruder from another topic's
NOT_AMONG = 50  # top terms of the topic, of which an intruder is none
FROM_TOP_ARTICLES = 10
EXCERPT = 120  # characters
SHORTEST = 20  # characters of title and excerpt together: with fewer there is nothing to judge
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")

WORD_COLUMNS = ["item", "topic_id", "position", "word", "intruder"]
ARTICLE_COLUMNS = ["item", "topic_id", "position", "article_id", "title", "excerpt", "intruder"]


def word_items(phi: np.ndarray, terms: list[str], topic_ids: list[int], seed: int) -> pd.DataFrame:
    """Words of each topic with an intruder, a row per word shown: item, topic_id, position (from 1), word, intruder.

    Of a topic stand WORDS of its FROM_TOP_TERMS most probable terms. The intruder is among the FROM_TOP_TERMS of another
    topic, is no more probable here than the median term, and not among the NOT_AMONG first here. A topic for which there
    is none is left out. Rows by item and position; the order of items and of words is drawn, the same for the same seed.

    phi: shape (K, V), probabilities; terms: its V columns; topic_ids: its K rows; seed: not negative. Raises ValueError if
    the shapes do not agree.
    """
    phi = np.asarray(phi, float)
    if phi.shape != (len(topic_ids), len(terms)):
        raise ValueError(f"phi of shape {phi.shape} for {len(topic_ids)} topics and {len(terms)} terms")
    rng = np.random.default_rng([seed, 2])
    order = top_terms(phi, phi.shape[1])
    own = [_apart(row[:FROM_TOP_TERMS], terms) for row in order]
    shown = {i for words in own for i in words}
    items = []
    for k, words in enumerate(own):
        pool = _foreign_words(phi, order, k, words)
        if len(words) == WORDS and pool:
            intruder = _best(pool, partial(_unfair, words=words, terms=terms, shown=shown), rng)
            shown.add(intruder)
            items.append((topic_ids[k], [(i, i == intruder) for i in [*words, intruder]]))
    rows = [(item, topic, n, terms[i], out) for item, topic, n, (i, out) in _mixed(items, "w", rng)]
    return pd.DataFrame(rows, columns=WORD_COLUMNS)


def _apart(best: np.ndarray, terms: list[str]) -> list[int]:
    """The first WORDS of `best` of which none contains another; if there are not so many, the first of the rest too."""
    chosen: list[int] = []
    for i in best:
        if len(chosen) < WORDS and not any(_contain(terms[i], terms[j]) for j in chosen):
            chosen.append(int(i))
    chosen += [int(i) for i in best if i not in chosen][: WORDS - len(chosen)]
    return chosen


def _contain(a: str, b: str) -> bool:
    return a in b or b in a


def _foreign_words(phi: np.ndarray, order: np.ndarray, k: int, words: list[int]) -> list[int]:
    """Columns that may intrude into topic `k`, rising."""
    row = phi[k]
    if len(row) <= NOT_AMONG:
        return []
    # By value, not by rank: where half of the vocabulary has the same small probability, ranks within it mean nothing.
    most = min(np.median(row), row[order[k, NOT_AMONG]], np.nextafter(row[words].min(), -1))
    others = np.delete(order[:, :FROM_TOP_TERMS], k, axis=0).ravel()
    return sorted({int(i) for i in others if row[i] <= most})


def _unfair(i: int, words: list[int], terms: list[str], shown: set[int]) -> int:
    """How unfair term `i` is beside `words`: first if one contains another, then if its looks betray it, then if it has
    been seen in another item."""
    looks = {(len(terms[j]), terms[j].isascii()) for j in words}
    contained = any(_contain(terms[i], terms[j]) for j in words)
    return 4 * contained + 2 * ((len(terms[i]), terms[i].isascii()) not in looks) + (i in shown)


def article_items(theta: np.ndarray, articles: pd.DataFrame, topic_ids: list[int], seed: int) -> pd.DataFrame:
    """Articles of each topic with an intruder, a row per article shown: item, topic_id, position (from 1), article_id,
    title, excerpt (EXCERPT characters of the beginning), intruder.

    Of a topic stand ARTICLES, drawn from the FROM_TOP_ARTICLES with the largest share of it among those that are about it
    more than about any other, of different issues where possible; the very first would be its purest cases. The intruder
    has no more than the median share, and is among such articles of another topic. Repeats (duplicate_of), articles without
    theta and those with next to no text are left out; so is a topic for which there are too few. Rows as in word_items.

    theta: shape (A, K), shares, rows may be NaN; articles: A rows of article_id, issue_id, title, text (its beginning is
    enough), duplicate_of; source and reprint_group are regarded if there. Raises ValueError if the shapes do not agree.
    """
    theta = np.asarray(theta, float)
    if theta.shape != (len(articles), len(topic_ids)):
        raise ValueError(f"theta of shape {theta.shape} for {len(articles)} articles and {len(topic_ids)} topics")
    rng = np.random.default_rng([seed, 3])
    seen = _as_shown(articles)
    usable = np.flatnonzero(
        ~np.isnan(theta).any(axis=1)
        & originals(articles)
        & np.array([len(t) + len(e) >= SHORTEST for t, e in zip(seen["title"], seen["excerpt"], strict=True)], bool)
    )
    pools = [_of_topic(theta, usable, k) for k in range(theta.shape[1])]
    own = [_drawn(pool, seen, rng) for pool in pools]
    shown = {i for chosen in own for i in chosen}
    items = []
    for k, chosen in enumerate(own):
        pool = _foreign_articles(theta, usable, pools, k, chosen)
        if len(chosen) == ARTICLES and pool:
            intruder = _best(pool, partial(_told_apart, chosen=chosen, seen=seen, shown=shown), rng)
            shown.add(intruder)
            items.append((topic_ids[k], [(i, i == intruder) for i in [*chosen, intruder]]))
    columns = [seen[name].tolist() for name in ("article_id", "title", "excerpt")]
    rows = [(item, topic, n, *(c[i] for c in columns), out) for item, topic, n, (i, out) in _mixed(items, "a", rng)]
    return pd.DataFrame(rows, columns=ARTICLE_COLUMNS)


def _as_shown(articles: pd.DataFrame) -> pd.DataFrame:
    """article_id, title and excerpt as a reader sees them, on one line, and what else tells articles apart."""
    empty = pd.Series("", index=articles.index)
    seen = {name: articles.get(name, empty).fillna("").astype(str) for name in ("issue_id", "source", "reprint_group")}
    seen |= {"article_id": articles["article_id"].astype(str), "title": articles["title"].map(one_line)}
    # More than is shown: blanks may fall away.
    seen |= {"excerpt": articles["text"].map(lambda text: _cut(one_line(str(text or "")[: 4 * EXCERPT])))}
    return pd.DataFrame(seen).reset_index(drop=True)


def one_line(text: object) -> str:
    """`text` without line breaks, control characters and those that turn the direction of writing; "" for None."""
    return " ".join(UNSEEN.sub(" ", str(text or "")).split())


def _cut(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"


def _of_topic(theta: np.ndarray, usable: np.ndarray, k: int) -> list[int]:
    """The articles that stand for topic `k`, largest share first: those that are about it more than about any other. Of a
    topic of which few are, those with the largest share: leaving it out would flatter the model."""
    falling = usable[np.argsort(-theta[usable, k], kind="stable")]
    order = [int(i) for i in falling if theta[i, k] > 0]
    lead = [i for i in order if theta[i].argmax() == k]
    return lead[:FROM_TOP_ARTICLES] if len(lead) >= ARTICLES else order[: 2 * ARTICLES]


def _drawn(pool: list[int], seen: pd.DataFrame, rng: np.random.Generator) -> list[int]:
    """ARTICLES of `pool` at random: no two of one issue or with one headline if that can be, else no two of one text."""
    order = [pool[i] for i in rng.permutation(len(pool))]
    chosen: list[int] = []
    for keys in (_all_keys, _text_keys):
        for i in order:
            taken = {key for j in chosen for key in keys(j, seen)}
            if len(chosen) < ARTICLES and i not in chosen and not taken & keys(i, seen):
                chosen.append(i)
    return chosen


def _text_keys(i: int, seen: pd.DataFrame) -> set[Hashable]:
    """What two articles have in common that are one text: a reprint, or the same beginning."""
    group = seen["reprint_group"].iat[i]
    return {("text", seen["title"].iat[i], seen["excerpt"].iat[i])} | ({("reprint", group)} if group else set())


def _all_keys(i: int, seen: pd.DataFrame) -> set[Hashable]:
    near = {(name, seen[name].iat[i]) for name in ("issue_id", "title") if seen[name].iat[i]}
    return near | _text_keys(i, seen)


def _foreign_articles(theta: np.ndarray, usable: np.ndarray, pools: list, k: int, chosen: list[int]) -> list[int]:
    """Rows that may intrude into topic `k`, rising."""
    if not chosen:
        return []
    share = theta[:, k]
    most = min(np.median(share[usable]), np.nextafter(share[chosen].min(), -1))
    others = {i for j, pool in enumerate(pools) if j != k for i in pool}
    return sorted(i for i in others if share[i] <= most and theta[i].argmax() != k)


def _told_apart(i: int, chosen: list[int], seen: pd.DataFrame, shown: set[int]) -> int:
    """By how much else than its theme article `i` stands out from `chosen`: by its source, by its being seen before."""
    sources = set(seen["source"].iloc[chosen])
    return 2 * (seen["source"].iat[i] not in sources) + (i in shown)


def _best(pool: list[int], unfair: Callable[[int], int], rng: np.random.Generator) -> int:
    """One of `pool` at random among the least unfair."""
    marks = [unfair(i) for i in pool]
    return int(rng.choice([i for i, mark in zip(pool, marks, strict=True) if mark == min(marks)]))


def _mixed(items: list[tuple], letter: str, rng: np.random.Generator) -> list[tuple]:
    """(item, topic_id, position, what is shown) in the order of the sheet, which tells nothing of topics or intruders.

    items: (topic_id, what is shown, the intruder last). Over the sheet the intruder stands at each position equally often:
    a reader who always takes the second answer is right no oftener than by chance.
    """
    rows, size = [], len(items[0][1]) if items else 1
    places = rng.permutation(np.resize(rng.permutation(size), len(items)))
    for n, (i, place) in enumerate(zip(rng.permutation(len(items)), places, strict=True), start=1):
        topic, (*own, intruder) = items[i]
        options = [own[j] for j in rng.permutation(len(own))]
        options.insert(place, intruder)
        rows += [(f"{letter}{n:02d}", topic, position, option) for position, option in enumerate(options, start=1)]
    return rows
