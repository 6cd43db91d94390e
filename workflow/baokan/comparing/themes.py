"""Themes of the user's own (themes.tsv): their terms counted in the text, and the sources compared by them as by topics.

A theme is a list of terms, a dictionary in the sense of content analysis (Stone et al. 1966, The General Inquirer). Its share
of an article is the part of the article's running words that its terms cover (marks and blanks are no words).

How a term is found, and what counts where terms overlap, says `baokan.words.dictionary`.

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

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from baokan.comparing.contrasts import COLUMNS as CONTRAST_COLUMNS
from baokan.comparing.contrasts import contrasts
from baokan.comparing.dates import OVERLAP, periods_overlap
from baokan.comparing.grading import grade
from baokan.comparing.limits import ALPHA, WEIGHTINGS, Limits, is_robust
from baokan.comparing.reasons import Reason, reason, stored
from baokan.comparing.shares import issue_shares, source_shares
from baokan.corpus.originals import originals
from baokan.words.dictionary import (
    Counts,
    Text,
    Themes,
    cut_finer,
    leftmost_longest,
    terms_table,
    themes_of,
    whole_places,
    without,
)
from baokan.words.segmentation import cutter
from baokan.words.tokens import Tokens, subset

OF_THEME = 2  # occurrences that make an article one of the theme
ALIKE = 2  # topics that are named beside a theme

SHARES = [
    "theme", "source", "weighting", "share", "lower", "upper", "between_issue_sd", "n_issues", "n_articles", "n_without_issue",
    "articles_with", "articles_of", "eligible",
]  # fmt: skip
CONTRASTS = [
    "theme", "weighting", *(c for c in CONTRAST_COLUMNS if c != "topic"), "overlap", "terms_held", "terms_total", "needed_terms",
    "top_term", "top_term_part", "grade", "grade_reasons", "times",
]  # fmt: skip
TOPICS = ["theme", "rank", "topic_id", "label", "correlation", "n_articles"]


class _Counted(NamedTuple):
    """Themes as they were counted in the articles."""

    themes: Themes
    counts: list[Counts]  # by theme
    terms: pd.DataFrame  # of `terms_table`
    articles: pd.DataFrame  # with n_tokens
    text: Text


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
    text = Text.of(tokens)
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
    """The rows of CONTRASTS of one weighting. table: of `contrasts`; own: of `_of_sources`."""
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
    for row, (level, reasons) in zip(rows, graded, strict=True):
        t = int(row["topic"])
        found, (top, part) = found_of[t], top_of[t]
        overlap = overlaps[row["source_a"], row["source_b"]]
        lost = fragility.get((t, row["source_a"], row["source_b"]))
        if lost is not None and not is_robust(found - len(lost), found):
            level, reasons = "suggestive", [*reasons, _rests_on(found, lost)]
        out.append(
            {
                **row,
                "theme": names[t],
                "weighting": weighting,
                "overlap": OVERLAP[overlap],
                "terms_held": np.nan if lost is None else found - len(lost),
                "terms_total": found,
                "needed_terms": lost or [],
                "top_term": top,
                "top_term_part": part,
                "grade": level,
                "grade_reasons": stored(*reasons),
                "times": _times(row, about, limits.min_articles),
            }
        )
    return pd.DataFrame(out, columns=CONTRASTS).astype({"terms_held": "float64", "terms_total": "int64"})


def _graded(row: dict[str, Any], same_sign: bool, overlap: bool | None) -> tuple[str, list[Reason]]:
    """(grade, reasons) of a contrast, before its terms are looked at. A dictionary has no seeds, no number of topics and no other
    segmentation: they are held to be met."""
    return grade(
        row, seeds_held=1, seeds_total=1, k_held=1, k_total=1, same_sign_both_weightings=same_sign, overlap=overlap,
        house_style=False,
    )  # fmt: skip


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


def _rests_on(found: int, lost: list[str]) -> Reason:
    """What an established claim would need of the terms."""
    return reason("one term") if found < 2 else reason("terms", held=found - len(lost), total=found)


def _times(row: dict, about: dict, enough: float) -> float:
    """How many times as large the larger share is, NaN where the smaller rests on fewer articles of the theme than `enough`."""
    shares = {row[f"source_{side}"]: row[f"mean_{side}"] for side in "ab"}
    small, big = sorted(shares, key=lambda source: shares[source])
    articles = about[row["topic"], small].articles_of
    return shares[big] / shares[small] if shares[small] > 0 and articles >= enough else np.nan


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
