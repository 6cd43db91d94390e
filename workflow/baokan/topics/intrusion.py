"""Whether readers see in a topic what the model does: among words, or articles, of one topic stands one that is not of it.

After Chang, Boyd-Graber, Gerrish, Wang & Blei (2009), "Reading tea leaves: how humans interpret topic models", NIPS 22. A
topic whose intruder readers find holds together for them; one whose intruder they find no oftener than by chance does not,
whatever its coherence. Of that paper is the word intrusion; the article intrusion asks the same of a topic's articles.

A fair item gives the intruder away by its meaning and by nothing else. Hence no word contains another (渔业, 渔业管理), the
intruder is as long as one of the others and of the same script, it is frequent in the corpus (at the top of another topic),
and it is, where possible, no word that another item shows. An article's source is not shown, and its intruder is taken
from a source that one of the others is from, where there is one: gazettes and magazines are told apart by their style.
"""

import hashlib
import re
from collections.abc import Callable, Hashable
from functools import partial

import numpy as np
import pandas as pd
from scipy import special

from baokan.corpus.originals import originals
from baokan.errors import UserError
from baokan.topics.term_ranking import top_terms

WORDS, ARTICLES = 5, 3  # of the topic itself; the intruder is one more
OPTIONS = {"word": WORDS + 1, "article": ARTICLES + 1}
FROM_TOP_TERMS = 10  # the words are taken from these, the intruder from another topic's
NOT_AMONG = 50  # top terms of the topic, of which an intruder is none
FROM_TOP_ARTICLES = 10
EXCERPT = 120  # characters
SHORTEST = 20  # characters of title and excerpt together: with fewer there is nothing to judge
CANNOT_TELL = 0
ALL_TOPICS = 0  # in place of a topic_id
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
LEVEL = 0.95

WORD_COLUMNS = ["item", "topic_id", "position", "word", "intruder"]
ARTICLE_COLUMNS = ["item", "topic_id", "position", "article_id", "title", "excerpt", "intruder"]


# --- items


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


# --- the key


def fingerprint(words: pd.DataFrame, articles: pd.DataFrame) -> str:
    """Twelve hex digits of a SHA-256 over all that the sheet shows and its answers: another model has another.

    The first is a letter: spreadsheets take 123e45678901 for a number, and would write another one back.
    """
    digest = hashlib.sha256()
    for frame, columns in ((words, WORD_COLUMNS), (articles, ARTICLE_COLUMNS)):
        for row in frame[columns].itertuples(index=False):
            digest.update(("\0".join(map(str, row)) + "\n").encode("utf-8", errors="surrogatepass"))
    hexes = digest.hexdigest()
    return "abcdef"[int(hexes[0], 16) % 6] + hexes[1:12]


def sheet_key(words: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """A row per item of word_items and article_items: item, kind (word, article), topic_id, answer (position of the
    intruder), fingerprint (of the sheet)."""
    answers = [
        frame[frame["intruder"].astype(bool)].assign(kind=kind).rename(columns={"position": "answer"})
        for kind, frame in (("word", words), ("article", articles))
    ]
    key = pd.concat(answers)[["item", "kind", "topic_id", "answer"]].astype({"topic_id": int, "answer": int})
    return key.assign(fingerprint=fingerprint(words, articles)).reset_index(drop=True)


# --- scores


def scores(key: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """What readers found, a row per kind over all topics (topic_id 0) and per topic: kind, topic_id, n_items (answered),
    n_annotators, n_answers, n_cannot_tell, right, precision (right / n_answers, the model precision of Chang et al. 2009;
    "cannot tell" is not right), lower, upper (95 %), chance (of a guess), above_chance (lower > chance), alpha.

    Intervals. Of a topic, which has one item of a kind: Clopper-Pearson over its answers; it is about other readers of that
    item, and a single answer says nearly nothing. Over all topics: see items_interval; it is about other topics' items, and
    more readers of the same few items make it hardly narrower. The annotators are few and not drawn at random: no interval
    speaks for readers in general. Over many topics, some are above chance by chance.

    alpha: Krippendorff's, nominal, over the positions chosen, "cannot tell" as one more; only over all topics. NaN, as all
    that has no answers.

    key: as of sheet_key; answers: annotator, item, position (empty or 0: cannot tell), fingerprint, and file and row for
    messages if there. Raises UserError, with file, row and what to do, for answers that do not fit the key.
    """
    checked = check_answers(key, answers)
    rows = []
    for kind in OPTIONS:
        items = key[key["kind"] == kind]
        if len(items):
            found = checked[checked["kind"] == kind]
            rows.append(_row(kind, ALL_TOPICS, found))
            rows += [_row(kind, t, found[found["topic_id"] == t]) for t in sorted(items["topic_id"].unique())]
    return pd.DataFrame(rows)


def _row(kind: str, topic: int, found: pd.DataFrame) -> dict:
    n, right = len(found), int(found["right"].sum())
    by_item = found.groupby("item")["right"].agg(["sum", "count"])
    whole = topic == ALL_TOPICS
    lower, upper = items_interval(*by_item.to_numpy(float).T) if whole else clopper_pearson(right, n)
    chance = 1 / OPTIONS[kind]
    return {
        "kind": kind,
        "topic_id": int(topic),
        "n_items": len(by_item),
        "n_annotators": found["annotator"].nunique(),
        "n_answers": n,
        "n_cannot_tell": int((found["position"] == CANNOT_TELL).sum()),
        "right": right,
        "precision": right / n if n else np.nan,
        "lower": lower,
        "upper": upper,
        "chance": chance,
        "above_chance": bool(lower > chance),
        "alpha": krippendorff(found["item"], found["position"]) if whole else np.nan,
    }


def clopper_pearson(right: float, n: float) -> tuple[float, float]:
    """The exact 95 % interval of a proportion (Clopper & Pearson 1934), from quantiles of the beta distribution, so that
    `n` need not be whole; NaN if it is 0."""
    if n <= 0:
        return np.nan, np.nan
    tail = (1 - LEVEL) / 2
    lower = special.betaincinv(right, n - right + 1, tail) if right > 0 else 0.0
    upper = special.betaincinv(right + 1, n - right, 1 - tail) if right < n else 1.0
    return float(lower), float(upper)


def items_interval(right: np.ndarray, answers: np.ndarray) -> tuple[float, float]:
    """95 % interval of the share of right answers whose units are items: answers to one item are alike, and are not as
    many findings. `right` and `answers` per item, shape (I,), answers >= 1; NaN if I is 0.

    Clopper-Pearson with the effective number of answers p(1 - p) / v and its correction for few units (Korn & Graubard
    1998, Survey Methodology 24): v is the variance of the ratio p over items. The number lies between I, which holds even if all
    readers of an item agree, and the number of answers; where items do not differ, so that v cannot be had, it is I. With
    one answer per item this is Clopper-Pearson.
    """
    n, total = len(answers), answers.sum()
    if not n:
        return np.nan, np.nan
    p = right.sum() / total
    v = ((right - p * answers) ** 2).sum() / total**2
    size = float(n)
    if v > 1e-12:
        few = special.stdtrit([total - 1, n - 1], (1 + LEVEL) / 2)
        size = float(np.clip(p * (1 - p) / v * (few[0] / few[1]) ** 2, n, total))
    return clopper_pearson(p * size, size)


def krippendorff(units: pd.Series, values: pd.Series) -> float:
    """Krippendorff's alpha for nominal data ("Computing Krippendorff's alpha-reliability", 2011), at most 1, 0 for
    agreement by chance: 1 - (n - 1) sum_u [(m_u^2 - sum_c n_uc^2) / (m_u - 1)] / (n^2 - sum_c n_c^2), over units u with
    m_u >= 2 values, n in all. A row of `units` and `values` is one value. NaN if no unit has two, or all are the same."""
    counts = pd.crosstab(np.asarray(units), np.asarray(values)).to_numpy(float)
    counts = counts[counts.sum(axis=1) >= 2] if counts.size else np.zeros((0, 1))
    m, n = counts.sum(axis=1), counts.sum()
    expected = n**2 - (counts.sum(axis=0) ** 2).sum()
    if expected == 0:
        return np.nan
    observed = ((m**2 - (counts**2).sum(axis=1)) / (m - 1)).sum()
    return float(1 - (n - 1) * observed / expected)


def check_answers(key: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The answers with position as a number, kind, topic_id and right. Raises UserError as in `scores`."""
    columns = ["annotator", "item", "position", "fingerprint"]
    for column in columns:
        if column not in answers.columns:
            where = answers["file"].iloc[0] if "file" in answers.columns and len(answers) else "The answers"
            raise UserError(
                f"{where}: the column {column} is missing. The file must be the CSV that the sheet saved, with the "
                f"columns {', '.join(columns)}."
            )
    if not len(answers):
        raise UserError("There is no answer to score: fill in the sheet, save its CSV, and name that file.")
    known = key.set_index("item")
    marks, rows = set(key["fingerprint"]), []
    first: dict[tuple[str, str], str] = {}  # where the answer of an annotator to an item stands
    for number, answer in enumerate(answers.to_dict("records")):
        where = f"{answer.get('file', 'The answers')}, row {answer.get('row', number + 2)}"
        name, item = one_line(_text(answer["annotator"])), _text(answer["item"])
        if (mark := _text(answer["fingerprint"])) not in marks:
            raise UserError(
                f"{where}: this answer was given to another sheet (fingerprint {mark or 'missing'}; this run's sheet has "
                f"{', '.join(sorted(marks)) or 'none'}). The model has changed since. Score the file with the results "
                "that its sheet was made from, or have this run's sheet filled in."
            )
        if item not in known.index:
            raise UserError(
                f"{where}: the sheet has no item {item or '(empty)'}. Put back what the sheet saved, or delete the row."
            )
        if not name:
            raise UserError(
                f"{where}: no annotator. Write into the column who gave the answer; any name or number will do."
            )
        position = _position(answer["position"], OPTIONS[known.at[item, "kind"]], where)
        if (before := first.setdefault((name, item), where)) is not where:
            raise UserError(
                f"{where}: {name} has answered {item} before ({before}). Delete one of the two; if they are two people, "
                "give them different names; if one file is named twice, name it once."
            )
        kind, topic, truth = known.loc[item, ["kind", "topic_id", "answer"]]
        rows.append((name, item, position, kind, int(topic), position == truth))
    return pd.DataFrame(rows, columns=["annotator", "item", "position", "kind", "topic_id", "right"])


def _text(value: object) -> str:
    """`value` as text without blanks around it; "" for what is missing."""
    return "" if value is None or value is pd.NA or value != value else str(value).strip()


def _position(value: object, options: int, where: str) -> int:
    """The position chosen, 0 for "cannot tell"."""
    text = _text(value) or str(CANNOT_TELL)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if number not in range(options + 1):
        raise UserError(
            f"{where}: position {text} is none of 1 to {options}. Write the number of the answer that was chosen, or 0 for "
            '"cannot tell".'
        )
    return int(number)
