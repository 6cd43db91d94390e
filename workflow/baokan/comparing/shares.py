"""Shares of topics, or of themes, by issue and by source.

The estimand is the mean over a source's issues of the issue's share of a topic. Within an issue either each article
counts once (``weighting="article"``) or each token does (``weighting="token"``). The unit of inference is the issue:
articles of one issue resemble each other, so intervals are t intervals over issues, never over articles.

Two tables go in everywhere: ``articles``, a DataFrame with one row per article and the columns article_id, source,
publication, issue, n_tokens (tokens the model has seen) and, optionally, issue_date (ISO, "" where unknown: an issue is of
its own day, not of the days that datelines name, which are the column date); and ``theta``, an array (n_articles, n_topics)
in the same order, the articles' shares of topics: mixtures, or, for `issue_shares` and `source_shares`, any shares, which
need not add up to 1 (of themes a word may belong to several). An article that has no tokens (n_tokens of 0, or a row of
``theta`` that is all NaN) is left out. An article whose issue is "" belongs to no issue: it is described, never used for
inference. Shares are fractions between 0 and 1 throughout.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from baokan.comparing.limits import DEFAULTS, Limits, check_weighting
from baokan.comparing.series import by_source
from baokan.corpus.ids import issue_id
from baokan.statistics.autocorrelation import inflation
from baokan.statistics.groups import weighted_means, within_deviation

_ISSUE_COLUMNS = ["issue_id", "source", "publication", "issue", "date", "n_articles", "n_tokens"]
_SOURCE_COLUMNS = [
    "source",
    "topic",
    "share",
    "lower",
    "upper",
    "autocorrelation",
    "inflation",
    "between_issue_sd",
    "within_issue_sd",
    "n_issues",
    "n_articles",
    "n_without_issue",
    "expected_articles",
    "eligible",
]


def counted_articles(articles: pd.DataFrame, chunks: pd.DataFrame) -> pd.DataFrame:
    """`articles` with n_tokens, the words that the model has seen of each."""
    counted = chunks.groupby("article_id")["n_tokens"].sum()
    return articles.assign(n_tokens=articles["article_id"].map(counted).fillna(0).astype(int))


def issue_shares(articles: pd.DataFrame, theta: np.ndarray, weighting: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Share of each topic in each issue.

    Returns ``issues``, one row per issue with issue_id, source, publication, issue, date (the earliest of its articles,
    "" when none has one), n_articles and n_tokens (of the articles that were used), sorted by source, date and
    issue_id, and ``shares``, an array (n_issues, n_topics) in that order. With weighting "article" a row is the mean of
    the articles' mixtures; with "token" it is their mean weighted by n_tokens. An issue with no usable article is
    absent.

    Raises ValueError for an unknown weighting and for tables that do not fit together (see the module's docstring).
    """
    check_weighting(weighting)
    table, theta, usable = checked_articles(articles, theta)
    chosen = usable & (table["issue_id"] != "").to_numpy()
    table, theta = table[chosen], theta[chosen]
    names, first, codes = np.unique(table["issue_id"].to_numpy(str), return_index=True, return_inverse=True)
    dates = table["date"].to_numpy(str)
    # The earliest of an issue comes first among its rows, and none ("") last.
    order = np.lexsort((dates, dates == "", codes))
    earliest = dates[order[np.searchsorted(codes[order], np.arange(len(names)))]]
    source = table["source"].to_numpy(str)[first]
    place = np.lexsort((names, earliest, source))
    issues = table.iloc[first[place]][["source", "publication", "issue"]].reset_index(drop=True)
    issues = issues.assign(issue_id=names[place].astype(object), date=earliest[place].astype(object))
    issues = issues.astype({"issue_id": str, "date": str})
    issues["n_articles"] = np.bincount(codes)[place]
    issues["n_tokens"] = np.bincount(codes, table["n_tokens"])[place].astype(table["n_tokens"].dtype)
    issues = issues[_ISSUE_COLUMNS]
    weights = np.ones(len(table)) if weighting == "article" else table["n_tokens"].to_numpy(dtype=float)
    return issues, weighted_means(theta, weights, np.argsort(place)[codes], len(issues))


def source_shares(
    issues: pd.DataFrame,
    shares: np.ndarray,
    limits: Limits = DEFAULTS,
    *,
    articles: pd.DataFrame | None = None,
    theta: np.ndarray | None = None,
    weighting: str = "article",
    touched: np.ndarray | None = None,
) -> pd.DataFrame:
    """Share of each topic in each source, with an interval where the source is eligible on its own.

    ``issues`` and ``shares`` come from `issue_shares`. One row per source and topic, sorted by both:

    - share: the mean over the source's issues of the issue's share;
    - lower, upper: share -+ t(n_issues - 1) * between_issue_sd * sqrt(inflation / n_issues), clipped to [0, 1] (the t
      interval for a mean, Student 1908). NaN when the source is not eligible: fewer than min_issues issues, or fewer than
      min_articles expected articles of the topic (expected_articles = share x n_articles);
    - autocorrelation, inflation: how alike the source's consecutive issues are, and the factor by which that widens the
      squared error of the mean (`baokan.statistics.autocorrelation`); NaN when the source is not eligible;
    - between_issue_sd: standard deviation of the issues' shares; NaN below two issues;
    - within_issue_sd: pooled standard deviation of the articles' shares around the plain mean of their issue, the
      square root of sum (x_ij - mean_i)^2 / sum (n_i - 1); NaN when ``articles`` and ``theta`` are not given, or when
      no issue holds two articles;
    - n_issues, n_articles (articles in these issues), n_without_issue (articles that belong to no issue and have no
      part in the row), expected_articles, eligible.

    ``articles`` and ``theta`` also bring in the sources that have articles but no issue at all: their share is the
    pooled mean over articles (by ``weighting``, which should be that of ``shares``), n_issues is 0, n_articles counts
    the pooled articles, and there is no interval.

    ``touched``, shape (n_issues, n_topics), are the articles of each issue that count as articles of the topic where they
    are counted rather than expected of the shares; their sum takes the place of share x n_articles.

    Raises ValueError for tables of different lengths or an unknown weighting.
    """
    check_weighting(weighting)
    shares = checked_shares(issues, shares)
    if (articles is None) != (theta is None):
        raise ValueError("articles and theta are needed together")
    n_topics = shares.shape[1]
    within: dict[str, np.ndarray] = {}
    loose: dict[str, tuple[np.ndarray, int]] = {}
    if articles is not None and theta is not None:
        table, theta, usable = checked_articles(articles, theta)
        if theta.shape[1] != n_topics:
            raise ValueError(f"theta has {theta.shape[1]} topics, shares has {n_topics}")
        table, theta = table[usable].reset_index(drop=True), theta[usable]
        in_issue = (table["issue_id"] != "").to_numpy()
        for source, rows in table.groupby("source", sort=True).indices.items():
            inside, outside = rows[in_issue[rows]], rows[~in_issue[rows]]
            names, codes = np.unique(table["issue_id"].to_numpy()[inside].astype(str), return_inverse=True)
            within[source] = within_deviation(theta[inside], codes, len(names))
            if len(outside):
                tokens = table["n_tokens"].to_numpy(dtype=float)[outside]
                weights = np.ones(len(outside)) if weighting == "article" else tokens
                pooled = weighted_means(theta[outside], weights, np.zeros(len(outside), dtype=int), 1)[0]
                loose[source] = (pooled, len(outside))
    blank = np.full(n_topics, np.nan)
    members = issues.groupby("source", sort=True).indices
    alike = by_source(issues, shares, [source for source, own in members.items() if len(own) >= limits.min_issues])
    rows = []
    for source in sorted({*members, *loose}):
        own = members.get(source, np.array([], dtype=int))
        n_issues, n_outside = len(own), loose.get(source, (blank, 0))[1]
        lower, upper, between, rho, widened = (blank,) * 5
        if n_issues:
            mean = shares[own].mean(axis=0)
            n_articles = int(issues["n_articles"].to_numpy()[own].sum())
        else:
            mean, n_articles = loose[source]
        expected = mean * n_articles if touched is None or not n_issues else np.asarray(touched)[own].sum(axis=0)
        eligible = limits.enough_articles(expected) & (n_issues >= limits.min_issues)
        if n_issues >= 2:
            between = shares[own].std(axis=0, ddof=1)
            rho = np.where(eligible, alike[source], np.nan) if source in alike else blank
            widened = np.where(eligible, inflation(np.nan_to_num(rho), n_issues), np.nan)
            half = special.stdtrit(n_issues - 1, 0.5 + limits.confidence / 2) * between * np.sqrt(widened / n_issues)
            lower = np.where(eligible, np.clip(mean - half, 0.0, 1.0), np.nan)
            upper = np.where(eligible, np.clip(mean + half, 0.0, 1.0), np.nan)
        rows.append(
            pd.DataFrame(
                {
                    "source": source,
                    "topic": np.arange(n_topics),
                    "share": mean,
                    "lower": lower,
                    "upper": upper,
                    "autocorrelation": rho,
                    "inflation": widened,
                    "between_issue_sd": between,
                    "within_issue_sd": within.get(source, blank),
                    "n_issues": n_issues,
                    "n_articles": n_articles,
                    "n_without_issue": n_outside,
                    "expected_articles": expected,
                    "eligible": eligible,
                }
            )
        )
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=_SOURCE_COLUMNS)


def checked_shares(issues: pd.DataFrame, shares: np.ndarray) -> np.ndarray:
    """``shares`` as a float array (n_issues, n_topics); ValueError unless it fits ``issues`` and is finite."""
    shares = np.asarray(shares, dtype=float)
    if shares.ndim != 2 or len(shares) != len(issues):
        raise ValueError(f"shares has the shape {shares.shape}, issues has {len(issues)} rows")
    if not np.isfinite(shares).all():
        raise ValueError("shares holds values that are not finite")
    return shares


def checked_articles(
    articles: pd.DataFrame, theta: np.ndarray, mixtures: bool = False
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The columns that are needed, with issue_id added and gaps as ""; theta as float; a mask of usable articles. mixtures:
    whether each row of theta must sum to 1."""
    theta = np.asarray(theta, dtype=float)
    if theta.ndim != 2 or len(theta) != len(articles):
        raise ValueError(f"theta has the shape {theta.shape}, articles has {len(articles)} rows")
    missing = np.isnan(theta)
    empty = missing.all(axis=1)
    if (missing.any(axis=1) & ~empty).any():
        raise ValueError("a row of theta is NaN in part; it must be given or all NaN")
    filled = theta[~empty]
    if (filled < 0).any() or (filled > 1 + 1e-3).any():
        raise ValueError("theta must hold shares: not negative, at most 1")
    if mixtures and (np.abs(filled.sum(axis=1) - 1) > 1e-3).any():
        raise ValueError("the rows of theta must be mixtures, with a sum of 1")
    table = pd.DataFrame({"n_tokens": articles["n_tokens"].to_numpy()})
    if table["n_tokens"].isna().any() or (table["n_tokens"] < 0).any():
        raise ValueError("n_tokens must be given and not negative")
    for column in ("source", "publication", "issue"):
        table[column] = _text(articles[column])
    table["date"] = _text(articles["issue_date"]) if "issue_date" in articles else ""
    keys = zip(table["source"], table["publication"], table["issue"], strict=True)
    table["issue_id"] = pd.Series([issue_id(*key) for key in keys], dtype=object)
    return table, theta, ~empty & (table["n_tokens"] > 0).to_numpy()


def _text(column: pd.Series) -> list[str]:
    """Strings with "" for None, NaN and NaT; a timestamp at midnight as its date."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    return ["" if pd.isna(value) else str(value) for value in column.tolist()]
