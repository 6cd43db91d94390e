"""Themes of the user's own (themes.tsv): their terms counted in the text, and the sources compared by them as by topics.

A theme is a list of terms, a dictionary in the sense of content analysis (Stone et al. 1966, The General Inquirer). Its share
of an article is the part of the article's running words that its terms cover (marks and blanks are no words).

How a term is found. Its characters are looked for in the cleaned text, folded as the run folds it, and a place counts only
where both of its ends are ends of words. So 国有 is not found in 中国|有, and 农村振兴 is found although the segmenter cuts it into
农村|振兴. Words are those of the run's own segmentation, cut finer where they are compounds: what the run keeps whole as a term (of
a terms file, or found in the corpus) is cut as the segmenter cuts it by itself, 白崖|石窟, and a word of four characters or more
that consists of words of the dictionary of two or more is cut into these, 人民|法院. So 石窟 and 法院 are found there, and 国有 is
not in 中国|有色金属. Shorter words stay whole, so that 老师 is not found in 老师傅; nor is 家长 in 家长会, which is a term to add.
Idioms, names of persons and numerals stay whole too. Of places of one theme that overlap, the one that begins first counts, of
these the longest (leftmost-longest). Each theme is counted for itself: a term may belong to several.

What is compared is what topics are compared by, see `baokan.comparing.shares` and `baokan.comparing.contrasts`: the mean over a
source's issues of the issue's share. What makes a comparison eligible are articles of the theme, and one passing word makes
none: an article is of the theme if its terms occur in it at least twice. (In simulations without a difference, of 8 or 12 thin
issues against 31 thick ones, 9.5 % of the comparisons that this rule lets in had p of at most 0.05, and 13 % of those that a
rule of one occurrence would let in besides; with 12 issues of like size on each side 5 % or fewer had, by either rule.)

What a dictionary is fragile in is its terms: a theme may stand or fall with one of them. So each claim is made again without
each single term (leave one out), and counts as established only if it holds, with the same sign and p of at most 0.05, in at
least 80 % of these versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from baokan.comparing.contrasts import COLUMNS as CONTRAST_COLUMNS
from baokan.comparing.contrasts import contrasts
from baokan.comparing.dates import OVERLAP, periods_overlap
from baokan.comparing.grading import EQUAL_RATIO, grade
from baokan.comparing.limits import ALPHA, WEIGHTINGS, Limits, is_robust
from baokan.comparing.shares import issue_shares, source_shares
from baokan.corpus.originals import originals
from baokan.folding import fold
from baokan.numbers import p_value, per_mille, times
from baokan.words.counting import stands_for
from baokan.words.parts_of_speech import BLANK, MARK, dictionary_tag, kinds
from baokan.words.segmentation import Cutter, cutter
from baokan.words.segmentation_audit import ACROSS, LONGER, REASONS, tested
from baokan.words.tokens import Tokens, lengths, owners, subset
from baokan.words.wordlists import as_in_text

# What becomes of a term.
COUNTED, COVERED, NEVER, ABSENT = "counted", "within a longer term", "never whole", "does not occur"
OF_THEME = 2  # occurrences that make an article one of the theme
ALIKE = 2  # topics that are named beside a theme
WHOLE_TAGS = ("i", "nr", "m")  # of the dictionary: idioms, names of persons and numerals, which are no compounds
BLOCK = 30_000  # characters searched at a time

TERMS = [
    "theme", "term", "written", "status", "n_places", "n_whole", "n_occurrences", "n_tokens", "part", "n_articles", "n_issues",
    "also_in", "reason", "example",
]  # fmt: skip
SHARES = [
    "theme", "source", "weighting", "share", "lower", "upper", "between_issue_sd", "n_issues", "n_articles", "n_without_issue",
    "articles_with", "articles_of", "eligible",
]  # fmt: skip
CONTRASTS = [
    "theme", "weighting", *(c for c in CONTRAST_COLUMNS if c != "topic"), "overlap", "terms_held", "terms_total", "needed_terms",
    "top_term", "top_term_part", "grade", "grade_reasons", "sentence", "sentence_zh",
]  # fmt: skip
TOPICS = ["theme", "rank", "topic_id", "label", "correlation", "n_articles"]


class Themes(NamedTuple):
    """The user's T themes and their M distinct terms, as the text has them."""

    names: list[str]
    terms: list[str]
    members: list[list[int]]  # by theme: places in terms
    written: list[dict[int, str]]  # by theme: how the user writes the term at each of these places


class Places(NamedTuple):
    """Where terms stand whole, P places in the order of the text."""

    term: np.ndarray  # shape (P,), int64: its place in the list of terms
    first: np.ndarray  # shape (P,), int64: the first token
    last: np.ndarray  # shape (P,), int64: the last token


class Counts(NamedTuple):
    """What counts of one theme: C places after overlaps are settled, and what makes them up without one of its terms."""

    places: Places  # all places of its terms, whether they count or not
    counted: np.ndarray  # shape (P,), bool
    cluster: np.ndarray  # shape (P,), int64: places of one number overlap, in a chain


def themes_of(rows: Sequence[tuple[str, str]], simplify: bool) -> Themes:
    """`rows` (theme, term) of themes.tsv, in their order, with terms as the cleaned text has them, folded to Simplified where
    the run folds. Spellings of a theme that come to be the same are one term."""
    simple = fold if simplify else str
    names = list(dict.fromkeys(theme for theme, _ in rows))
    place: dict[str, int] = {}
    members: list[list[int]] = [[] for _ in names]
    written: list[dict[int, str]] = [{} for _ in names]
    for theme, term in rows:
        own, number = names.index(theme), place.setdefault(simple(as_in_text(term)), len(place))
        if number in written[own]:
            written[own][number] += f"、{term}"
        else:
            members[own].append(number)
            written[own][number] = term
    return Themes(names, list(place), members, written)


def compound(word: str) -> list[str]:
    """The words of the dictionary, each of two characters or more, that a word of the dictionary consists of, as few as will
    do and these cut again; the word alone where there are none, and where it is an idiom, the name of a person or a numeral."""
    if len(word) < 4 or not dictionary_tag(word) or dictionary_tag(word).startswith(WHOLE_TAGS):
        return [word]
    best: list[list[str] | None] = [[], *[None] * len(word)]  # the fewest words for the first n characters
    for end in range(2, len(word) + 1):
        for start in range(0, end - 1):
            before, fewest, piece = best[start], best[end], word[start:end]
            if before is None or (fewest is not None and len(before) + 1 >= len(fewest)):
                continue
            if piece != word and dictionary_tag(piece):
                best[end] = [*before, piece]
    return [part for piece in best[-1] or [] for part in compound(piece)] or [word]


def cut_finer(tokens: Tokens, kept_whole: set[str], cut: Cutter) -> Tokens:
    """`tokens` with compounds as the words that they consist of: `kept_whole`, terms of the run, cut by `cut`, and words of the
    dictionary by `compound`."""
    pieces = [
        [part for piece in (cut(word) if word in kept_whole else [word]) for part in compound(piece)]
        for word in tokens.words
    ]
    words = np.array(sorted(set(chain.from_iterable(pieces))), dtype=object)
    place = {word: i for i, word in enumerate(words)}
    flat = np.array([place[piece] for piece in chain.from_iterable(pieces)], np.int32)
    size = np.array([len(p) for p in pieces], np.int64)
    begin = np.concatenate([[0], np.cumsum(size)])
    n = size[tokens.ids]
    before = np.concatenate([[0], np.cumsum(n)])
    # The first piece of each word, and from there on as many as it has.
    ids = flat[np.repeat(begin[tokens.ids] - before[:-1], n) + np.arange(before[-1])]
    return Tokens(tokens.article_ids, before[tokens.starts], ids, words)


def whole_places(tokens: Tokens, terms: Sequence[str]) -> tuple[Places, np.ndarray]:
    """(places of `terms` whose ends are ends of words, overlapping ones too, sorted by first and then the longer before the
    shorter; how often the characters of each stand in the text at all, shape (M,))."""
    seen = np.zeros(len(terms), np.int64)
    found = [(np.zeros(0, np.int64),) * 3]
    for number, first, last, whole in _searched(tokens, terms):
        seen += np.bincount(number, minlength=len(terms))
        found.append((number[whole], first[whole], last[whole]))
    term, first, last = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((-last, first))
    return Places(term[order], first[order], last[order]), seen


def _searched(tokens: Tokens, terms: Sequence[str]) -> Iterator[tuple[np.ndarray, ...]]:
    """A block of the text after the other: (number of the term, first and last token that have some of it, whether it ends
    with them), each of shape (places,)."""
    import ahocorasick_rs

    if not len(terms) or not len(tokens.ids):
        return
    finder, longest = ahocorasick_rs.AhoCorasick(terms), max(map(len, terms))
    ends = np.cumsum(lengths(tokens.words)[tokens.ids])
    begins = np.concatenate([[0], ends[:-1]])
    owner = owners(tokens)
    for at in range(0, int(ends[-1]), BLOCK):
        stop = min(at + BLOCK + longest - 1, int(ends[-1]))
        low, high = np.searchsorted(ends, [at, stop - 1], side="right")
        text = "".join(tokens.words[tokens.ids[low : high + 1]])[at - begins[low] : stop - begins[low]]
        matches = finder.find_matches_as_indexes(text, overlapping=True)
        number, start, end = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3).T
        own = start < BLOCK  # the rest is found again in the next block
        number, start, end = number[own], start[own] + at, end[own] + at
        first, last = np.searchsorted(ends, start, side="right"), np.searchsorted(ends, end - 1, side="right")
        inside = owner[first] == owner[last]  # no term reaches from one article into the next
        number, start, end, first, last = (part[inside] for part in (number, start, end, first, last))
        yield number, first, last, (begins[first] == start) & (ends[last] == end)


def leftmost_longest(places: Places, members: Sequence[int]) -> Counts:
    """Which places of the terms `members` count where they overlap: the one that begins first, of these the longest."""
    own = np.isin(places.term, members)
    mine = Places(*(part[own] for part in places))
    n = len(mine.term)
    reached = np.concatenate([[-1], np.maximum.accumulate(mine.last)[:-1]]) if n else np.zeros(0, np.int64)
    cluster = np.cumsum(mine.first > reached) - 1
    return Counts(mine, _chosen(mine.first, mine.last, cluster), cluster)


def _chosen(first: np.ndarray, last: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Whether each place counts, shape (P,); sorted as in `whole_places`, with overlapping ones in one cluster."""
    if not len(first):
        return np.zeros(0, bool)
    begins = np.concatenate([[True], cluster[1:] != cluster[:-1]])
    taken = begins.copy()
    end = -1
    # Only places that overlap others need to be looked at one after the other.
    for i in np.flatnonzero(~begins | np.append(~begins[1:], False)):
        if begins[i]:
            end = last[i]
        elif first[i] > end:
            taken[i], end = True, last[i]
    return taken


def without(counts: Counts, term: int) -> np.ndarray:
    """Which places count if `term` were not in the theme, shape (P,): a shorter term within it may take its place."""
    places, gone = counts.places, counts.places.term == term
    again = np.isin(counts.cluster, counts.cluster[gone]) & ~gone
    out = counts.counted & ~gone
    out[again] = _chosen(places.first[again], places.last[again], _clusters(places, again))
    return out


def _clusters(places: Places, mask: np.ndarray) -> np.ndarray:
    first, last = places.first[mask], places.last[mask]
    reached = np.concatenate([[-1], np.maximum.accumulate(last)[:-1]]) if len(last) else last
    return np.cumsum(first > reached) - 1


class _Text(NamedTuple):
    """What places are counted by: for each token its article, and running words before it; for each article its words."""

    article: np.ndarray  # shape (N,), int32
    before: np.ndarray  # shape (N + 1,), int64
    n_tokens: np.ndarray  # shape (A,), int64

    @classmethod
    def of(cls, tokens: Tokens) -> _Text:
        running = ~np.isin(np.array(kinds(tokens.words), dtype=object).astype(str), [MARK, BLANK])
        before = np.concatenate([[0], np.cumsum(running[tokens.ids])]).astype(np.int64)
        return cls(owners(tokens), before, np.diff(before[tokens.starts]))

    def covered(self, places: Places, mask: np.ndarray) -> np.ndarray:
        """Running words of each article that the places of `mask` cover, shape (A,)."""
        first, last = places.first[mask], places.last[mask]
        words = self.before[last + 1] - self.before[first]
        return np.bincount(self.article[first], words, minlength=len(self.n_tokens))

    def occurrences(self, places: Places, mask: np.ndarray) -> np.ndarray:
        """How many of the places of `mask` each article has, shape (A,)."""
        return np.bincount(self.article[places.first[mask]], minlength=len(self.n_tokens))

    def share(self, places: Places, mask: np.ndarray) -> np.ndarray:
        """The same as a part of the article's running words, shape (A,); 0 for an article without any."""
        return self.covered(places, mask) / np.maximum(self.n_tokens, 1)


class _Counted(NamedTuple):
    """Themes as they were counted in the articles."""

    themes: Themes
    counts: list[Counts]  # by theme
    terms: pd.DataFrame  # of `terms_table`
    articles: pd.DataFrame  # with n_tokens
    text: _Text


def theme_tables(
    rows: Sequence[tuple[str, str]],
    articles: pd.DataFrame,
    tokens: Tokens,
    kept_whole: Iterable[str],
    topics: pd.DataFrame,
    article_topics: pd.DataFrame,
    config: dict,
) -> dict[str, pd.DataFrame]:
    """The tables themes (TERMS and occurrences_<source>), theme_shares (SHARES), theme_contrasts (CONTRASTS) and theme_topics
    (TOPICS); without rows all are empty.

    rows: (theme, term) of themes.tsv. articles: article_id, document_id, source, publication, issue, issue_id, issue_date,
    duplicate_of, a row for each article of `tokens`; repeats within a source are left out. kept_whole: words that are terms of
    the run. topics: topic_id, label, excluded; article_topics: article_id, topic_id, share. config: the configuration.
    """
    limits, words = Limits.of(config["compare"]), config["words"]
    sources = sorted(articles["source"].unique())
    own = originals(articles)
    themes = themes_of(rows, words["simplify"])
    kept_whole = set(kept_whole)
    # A segmenter takes its time to load.
    tokens = cut_finer(subset(tokens, own), kept_whole, cutter(words["engine"]) if kept_whole else lambda word: [word])
    articles = articles[own].reset_index(drop=True)
    text = _Text.of(tokens)
    articles = articles.assign(n_tokens=text.n_tokens)
    places, seen = whole_places(tokens, themes.terms)
    counts = [leftmost_longest(places, members) for members in themes.members]
    shape = len(articles), len(themes.names)
    shares, occurrences = np.zeros(shape), np.zeros(shape, np.int64)
    for t, count in enumerate(counts):
        shares[:, t] = text.share(count.places, count.counted)
        occurrences[:, t] = text.occurrences(count.places, count.counted)
    terms = terms_table(themes, counts, seen, articles, text, sources, tokens)
    described, compared = compared_by(
        _Counted(themes, counts, terms, articles, text), shares, occurrences, limits, config["seed"]
    )
    return {
        "themes": terms,
        "theme_shares": described,
        "theme_contrasts": compared,
        "theme_topics": alike(themes.names, shares, articles, topics, article_topics),
    }


def terms_table(
    themes: Themes,
    counts: list[Counts],
    seen: np.ndarray,
    articles: pd.DataFrame,
    text: _Text,
    sources: list[str],
    tokens: Tokens,
) -> pd.DataFrame:
    """A row per theme and term, in the order of the file, with the columns TERMS and occurrences_<source>: what it adds to the
    theme, places that a longer term of the theme takes not counted. `part` is its part of the theme's words."""
    source = pd.Categorical(articles["source"], categories=sources).codes
    issue, _ = pd.factorize(pd.Series(stands_for(articles)) + "\n" + articles["source"].to_numpy())
    rows = []
    for t, (name, members, count) in enumerate(zip(themes.names, themes.members, counts, strict=True)):
        at = count.places.first[count.counted]
        words = text.before[count.places.last[count.counted] + 1] - text.before[at]
        which, article = count.places.term[count.counted], text.article[at]
        standing = np.bincount(count.places.term, minlength=len(themes.terms))
        for number in members:
            mine = which == number
            where = article[mine]
            n_words = int(words[mine].sum())
            rows.append(
                {
                    "theme": name,
                    "term": themes.terms[number],
                    "written": themes.written[t][number],
                    "status": _status(int(mine.sum()), int(standing[number]), int(seen[number])),
                    "n_places": int(seen[number]),
                    "n_whole": int(standing[number]),
                    "n_occurrences": int(mine.sum()),
                    "n_tokens": n_words,
                    "part": n_words / words.sum() if words.sum() else 0.0,
                    "n_articles": len(np.unique(where)),
                    "n_issues": len(np.unique(issue[where])),
                    "also_in": "、".join(
                        other
                        for other, its in zip(themes.names, themes.members, strict=True)
                        if other != name and number in its
                    ),
                    **{f"occurrences_{s}": int(n) for s, n in zip(sources, _by(source[where], sources), strict=True)},
                }
            )
    table = pd.DataFrame(rows, columns=[*TERMS, *(f"occurrences_{s}" for s in sources)])
    cut = sorted(set(table.loc[table["n_whole"] < table["n_places"], "term"]))
    why = tested(cut, tokens)
    # That a term is two words is no obstacle here, as it is where terms are counted as one word.
    why = why[why["reason"].str.startswith((REASONS[LONGER], REASONS[ACROSS]))].set_index("term")
    for column in ("reason", "example"):
        table[column] = [why[column].get(term, "") for term in table["term"]]
    numbers = [
        "n_places",
        "n_whole",
        "n_occurrences",
        "n_tokens",
        "n_articles",
        "n_issues",
        *(f"occurrences_{s}" for s in sources),
    ]
    return table.astype(dict.fromkeys(numbers, "int64") | {"part": "float64"})


def _by(codes: np.ndarray, sources: list[str]) -> np.ndarray:
    return np.bincount(codes.astype(np.int64), minlength=len(sources))


def _status(counted: int, whole: int, seen: int) -> str:
    return COUNTED if counted else COVERED if whole else NEVER if seen else ABSENT


def compared_by(
    counted: _Counted, shares: np.ndarray, occurrences: np.ndarray, limits: Limits, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(theme_shares, theme_contrasts). shares, occurrences: of themes in articles, shape (A, T)."""
    themes, articles = counted.themes, counted.articles
    if not themes.names:
        return pd.DataFrame(columns=SHARES), pd.DataFrame(columns=CONTRASTS)
    described, tables, of_issues = [], {}, {}
    issues, of_theme = issue_shares(articles, (occurrences >= OF_THEME).astype(float), "article")
    touched = np.rint(of_theme * issues["n_articles"].to_numpy()[:, None])
    for weighting in WEIGHTINGS:
        issues, of_issue = issue_shares(articles, shares, weighting)
        own = _of_sources(issues, of_issue, articles, shares, occurrences, weighting, touched, limits)
        described.append(own.assign(weighting=weighting))
        tables[weighting] = contrasts(issues, of_issue, limits, seed=seed, described=own, touched=touched)
        of_issues[weighting] = issues
    signs = {w: np.sign(t["difference"].to_numpy(float)) for w, t in tables.items()}
    same_sign = signs["article"] == signs["token"]
    claims = [
        _claimed(counted, tables[w], own, of_issues[w], same_sign, w, limits, seed)
        for w, own in zip(WEIGHTINGS, described, strict=True)
    ]
    names = np.array(themes.names, dtype=object)
    table = pd.concat(described, ignore_index=True)
    table["theme"] = names[table["topic"].to_numpy(int)]
    return table[SHARES], pd.concat(claims, ignore_index=True)


def _of_sources(
    issues: pd.DataFrame,
    of_issue: np.ndarray,
    articles: pd.DataFrame,
    shares: np.ndarray,
    occurrences: np.ndarray,
    weighting: str,
    touched: np.ndarray,
    limits: Limits,
) -> pd.DataFrame:
    """`source_shares` of themes, with the source's articles in which the theme occurs (articles_with) and those of the theme
    (articles_of), in its issues or, where it has none, at all."""
    table = source_shares(
        issues, of_issue, limits, articles=articles, theta=shares, weighting=weighting, touched=touched
    )
    counted = (articles["n_tokens"] > 0).to_numpy()[:, None]
    in_issue = (articles["issue_id"] != "").to_numpy()
    source = articles["source"].to_numpy(dtype=object)
    for column, least in (("articles_with", 1), ("articles_of", OF_THEME)):
        held = pd.DataFrame((occurrences >= least) & counted)
        inside, at_all = held[in_issue].groupby(source[in_issue]).sum(), held.groupby(source).sum()
        table[column] = [
            int((inside if row.n_issues else at_all).at[row.source, row.topic]) for row in table.itertuples()
        ]
    return table


def _claimed(
    counted: _Counted,
    table: pd.DataFrame,
    own: pd.DataFrame,
    issues: pd.DataFrame,
    same_sign: np.ndarray,
    weighting: str,
    limits: Limits,
    seed: int,
) -> pd.DataFrame:
    """The rows of theme_contrasts of one weighting. table: of `contrasts`; own: of `_of_sources`."""
    names = counted.themes.names
    about = {(row.topic, row.source): row for row in own.itertuples()}
    overlaps = {p: periods_overlap(issues, *p) for p in set(zip(table["source_a"], table["source_b"], strict=True))}
    found_of, top_of = [], []
    for name in names:
        mine = counted.terms[counted.terms["theme"] == name]
        top = mine.iloc[int(mine["n_tokens"].to_numpy().argmax())]
        found_of.append(int((mine["n_tokens"] > 0).sum()))
        top_of.append((top["term"] if top["n_tokens"] else "", float(top["part"])))
    rows = table.to_dict("records")
    graded = [
        _graded(row, bool(same), overlaps[row["source_a"], row["source_b"]])
        for row, same in zip(rows, same_sign, strict=True)
    ]
    above = [row for row, (level, *_) in zip(rows, graded, strict=True) if level != "descriptive"]
    fragility = _without_each(counted, above, weighting, limits, seed)
    out = []
    for row, (level, reasons, reasons_zh) in zip(rows, graded, strict=True):
        t = int(row["topic"])
        found, (top, part) = found_of[t], top_of[t]
        overlap = overlaps[row["source_a"], row["source_b"]]
        lost = fragility.get((t, row["source_a"], row["source_b"]))
        if lost is not None and not is_robust(found - len(lost), found):
            english, chinese = _rests_on(found, lost)
            level, reasons, reasons_zh = "suggestive", [*reasons, english], [*reasons_zh, chinese]
        sides = [_side(row, side, about) for side in "ab"]
        sides.sort(key=lambda side: -side.share)
        said = {
            "row": row, "name": names[t], "level": level, "sides": sides, "weighting": weighting, "overlap": overlap,
            "found": found, "lost": lost, "enough": limits.min_articles,
        }  # fmt: skip
        out.append(
            {
                **row,
                "theme": names[t],
                "weighting": weighting,
                "overlap": OVERLAP[overlap],
                "terms_held": np.nan if lost is None else found - len(lost),
                "terms_total": found,
                "needed_terms": "、".join(lost or []),
                "top_term": top,
                "top_term_part": part,
                "grade": level,
                "grade_reasons": "; ".join(reasons),
                "sentence": _sentence(reasons=reasons, **said),
                "sentence_zh": _sentence_zh(reasons=reasons_zh, **said),
            }
        )
    return pd.DataFrame(out, columns=CONTRASTS).astype({"terms_held": "float64", "terms_total": "int64"})


def _graded(row: dict[str, Any], same_sign: bool, overlap: bool | None) -> tuple[str, list[str], list[str]]:
    """(grade, reasons, reasons in Chinese) of a contrast, before its terms are looked at. A dictionary has no seeds, no number
    of topics and no other segmentation: they are held to be met."""
    graded = partial(
        grade, row, seeds_held=1, seeds_total=1, k_held=1, k_total=1, same_sign_both_weightings=same_sign, overlap=overlap,
        house_style=False,
    )  # fmt: skip
    level, reasons = graded()
    reasons = [
        r.replace("of this topic", "of this theme").replace("for topics and pairs", "for themes and pairs")
        for r in reasons
    ]
    return level, reasons, graded(language="zh")[1]


def _without_each(
    counted: _Counted, above: list[dict], weighting: str, limits: Limits, seed: int
) -> dict[tuple[int, str, str], list[str]]:
    """For each contrast of `above` (theme, source_a, source_b): the terms without which it does not hold, the most frequent
    first. It holds without a term if the same test without it has the same sign and p of at most ALPHA; whether the
    theme is frequent enough is not asked again."""
    lost: dict[tuple[int, str, str], list[str]] = {}
    place = {term: number for number, term in enumerate(counted.themes.terms)}
    for t in sorted({int(row["topic"]) for row in above}):
        mine = counted.terms[(counted.terms["theme"] == counted.themes.names[t]) & (counted.terms["n_tokens"] > 0)]
        mine = mine.sort_values("n_tokens", ascending=False, kind="stable")
        own = counted.counts[t]
        rest = [counted.text.share(own.places, without(own, place[term])) for term in mine["term"]]
        issues, shares = issue_shares(counted.articles, np.column_stack(rest), weighting)
        check = contrasts(issues, shares, limits.of_a_check(), seed=seed)
        check = dict(list(check.sort_values("topic").groupby(["source_a", "source_b"])))
        for row in above:
            if row["topic"] == t:
                pair = row["source_a"], row["source_b"]
                again = check[pair]
                held = (np.sign(again["difference"]) == np.sign(row["difference"])) & (again["p"] <= ALPHA)
                lost[t, *pair] = list(mine["term"].to_numpy()[~held.to_numpy(bool)])
    return lost


def _rests_on(found: int, lost: list[str]) -> tuple[str, str]:
    """What an established claim would need of the terms, in English and Chinese."""
    if found < 2:
        return "it rests on a single term", "结论只依据一个词"
    held = found - len(lost)
    return (
        f"it holds in {held} of {found} versions of the theme with one term left out, 80 % are needed",
        f"逐一去掉一个词，{found} 个版本中有 {held} 个成立，需要 80 %",
    )


class _Side(NamedTuple):
    name: str
    share: float
    lower: float
    upper: float
    n_issues: int
    articles_of: int

    def rate(self, bounds: bool = True, language: str = "en") -> str:
        given = bounds and isfinite(self.lower) and isfinite(self.upper)
        rate, lower, upper = (per_mille(share, language) for share in (self.share, self.lower, self.upper))
        return f"{rate} [{lower}, {upper}]" if given else rate


def _side(row: dict, side: str, about: dict) -> _Side:
    own, mean, n_issues = about[row["topic"], row[f"source_{side}"]], row[f"mean_{side}"], row[f"n_issues_{side}"]
    return _Side(str(row[f"source_{side}"]), mean, own.lower, own.upper, n_issues, own.articles_of)


def _ratio(sides: list[_Side], enough: float) -> float:
    """How many times as large the first share is, NaN where the second rests on too few articles for a ratio."""
    big, small = sides
    return big.share / small.share if small.share > 0 and small.articles_of >= enough else np.nan


def _near(sides: list[_Side]) -> bool:
    big, small = sides
    return big.share == small.share or (small.share > 0 and big.share / small.share <= EQUAL_RATIO[1])


def _sentence(
    row: dict,
    name: str,
    level: str,
    sides: list[_Side],
    weighting: str,
    overlap: bool | None,
    found: int,
    lost: list[str] | None,
    enough: float,
    reasons: list[str],
) -> str:
    """A contrast in English, worded by its grade; the source with the larger share comes first. lost: terms without which it
    does not hold, None where that was not asked; enough: articles of the theme that a ratio needs in the smaller source."""
    big, small = sides
    how = (
        "mean of articles, averaged over issues"
        if weighting == "article"
        else "of an issue's words, averaged over issues"
    )
    period = (
        " What is compared differs in source and period, and the two cannot be told apart." if overlap is False else ""
    )
    why = "; ".join(reasons)
    if level == "descriptive":
        equal = ", about as many," if _near(sides) else ""
        start = (
            f"In these issues {big.rate(False)} of 1,000 words in {big.name} are terms of “{name}”"
            f" and{equal} {small.rate(False)} in {small.name} ({how})"
        )
        tail = (
            "this describes these issues only" if not row["eligible"] else "no difference beyond these issues is shown"
        )
        return f"{start}; {tail} ({why}).{period}"
    start = f"In {big.name} {big.rate()} of 1,000 words are terms of “{name}”"
    ratio = _ratio(sides, enough)
    if _near(sides):
        compared = f"about as many as in {small.name} ({small.rate()})"
    elif isfinite(ratio):
        compared = f"{times(ratio)} times as many as in {small.name} ({small.rate()})"
    else:
        compared = f"against {small.rate()} in {small.name}"
    if level == "established":
        after = p_value(row["p_holm"], relation=True)
        end = f"established over {big.n_issues} and {small.n_issues} issues, p {after} after correction"
    else:
        end = f"suggestive only: {why}"
    return f"{start}, {compared} ({how}); {end}.{period}{_survives(found, lost)}"


def _survives(found: int, lost: list[str] | None) -> str:
    if lost is None or found < 2:
        return ""
    if not lost:
        return f" It holds without any single one of its {found} terms."
    if len(lost) == found:
        return f" Without any one of its {found} terms it does not hold."
    which = lost[0] if len(lost) == 1 else ", ".join(lost[:-1]) + " and " + lost[-1]
    return f" It holds without any single term but {which}."


def _sentence_zh(
    row: dict,
    name: str,
    level: str,
    sides: list[_Side],
    weighting: str,
    overlap: bool | None,
    found: int,
    lost: list[str] | None,
    enough: float,
    reasons: list[str],
) -> str:
    """The same in Chinese; arguments as of `_sentence`, with reasons in Chinese."""
    big, small = sides
    how = "每千词词数，先在期内对各篇平均，再对各期平均" if weighting == "article" else "每期每千词词数，对各期平均"
    period = "两者的来源与时段都不同，无法区分是哪一个造成了差异。" if overlap is False else ""
    why = "；".join(reasons)
    if level == "descriptive":
        equal = "，大致相当" if _near(sides) else ""
        start = (
            f"在这些期次中，每千词里“{name}”的词在 {big.name} 中有 {big.rate(False, 'zh')} 个，"
            f"在 {small.name} 中有 {small.rate(False, 'zh')} 个{equal}（{how}）"
        )
        tail = "仅描述这些期次" if not row["eligible"] else "未显示出这些期次以外的差异"
        return f"{start}；{tail}（{why}）。{period}"
    start = f"每千词里“{name}”的词在 {big.name} 中有 {big.rate(language='zh')} 个"
    ratio = _ratio(sides, enough)
    if _near(sides):
        compared = f"与 {small.name}（{small.rate(language='zh')}）大致相当"
    elif isfinite(ratio):
        compared = f"是 {small.name}（{small.rate(language='zh')}）的 {times(ratio)} 倍"
    else:
        compared = f"在 {small.name} 中有 {small.rate(language='zh')} 个"
    if level == "established":
        end = (
            f"依据 {big.n_issues} 期与 {small.n_issues} 期，结论成立，校正后 p {p_value(row['p_holm'], relation=True)}"
        )
    else:
        end = f"仅具提示性：{why}"
    return f"{start}，{compared}（{how}）；{end}。{period}{_survives_zh(found, lost)}"


def _survives_zh(found: int, lost: list[str] | None) -> str:
    if lost is None or found < 2:
        return ""
    if not lost:
        return f"{found} 个词中去掉任何一个，仍然成立。"
    if len(lost) == found:
        return f"{found} 个词中去掉任何一个，都不再成立。"
    return f"除“{'”“'.join(lost)}”外，去掉任何一个词仍然成立。"


def alike(
    names: list[str], shares: np.ndarray, articles: pd.DataFrame, topics: pd.DataFrame, article_topics: pd.DataFrame
) -> pd.DataFrame:
    """For each theme the ALIKE topics whose shares of articles go with it most (Pearson's correlation over articles, above 0),
    with the columns TOPICS. Articles that have no words or no topics are left out, and topics that the user excluded."""
    topics = topics[~topics["excluded"].to_numpy(bool)]
    wide = article_topics[article_topics["topic_id"].isin(topics["topic_id"])].pivot_table(
        index="article_id", columns="topic_id", values="share", aggfunc="sum", fill_value=0.0
    )
    theta = wide.reindex(articles["article_id"]).to_numpy(float)
    both = (
        ~np.isnan(theta).any(axis=1) & (articles["n_tokens"] > 0).to_numpy()
        if theta.size
        else np.zeros(len(theta), bool)
    )
    label = dict(zip(topics["topic_id"], topics["label"], strict=True))
    rows = []
    if both.sum() > 2:
        x, y = _standard(shares[both]), _standard(theta[both])
        correlation = x.T @ y / both.sum()
        for name, row in zip(names, correlation, strict=True):
            order = sorted(range(len(row)), key=lambda k: (-round(float(row[k]), 9), int(wide.columns[k])))[:ALIKE]
            rows += [
                (name, rank, int(wide.columns[k]), label[wide.columns[k]], min(float(row[k]), 1.0), int(both.sum()))
                for rank, k in enumerate(order, 1)
                if row[k] > 1e-9
            ]
    kinds_of = {"rank": "int64", "topic_id": "int64", "correlation": "float64", "n_articles": "int64"}
    return pd.DataFrame(rows, columns=TOPICS).astype(kinds_of)


def _standard(x: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and variance 1; constant ones are 0."""
    centred, spread = x - x.mean(axis=0), x.std(axis=0)
    return np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-12)
