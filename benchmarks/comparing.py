"""Whether the comparison of sources keeps its promises: mixtures with known shares, compared as a run compares them.

Each cell deals out two sources many times: their numbers of issues and of articles in an issue, how alike articles of an issue
are (intra-issue correlation of the article's subject), how alike consecutive issues are (autocorrelation of the issue's
prevalences), whether both follow the same days (overlapping: the same news) or not (disjoint). Ten topics, of 2, 10 and 30 %.
Without a true difference: false positives of p <= 0.05 and of the family by max-T, coverage of the 95 % interval, by size of
topic and apart for eligible and ineligible topics. With one: power for ratios of 2, 4 and 8, and signs.

Finished cells are kept in results/calibration/, so that a run which is cut off goes on where it was.
"""

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from baokan.comparing.contrasts import contrasts
from baokan.digest import digest

SHARES = np.array([0.02] * 5 + [0.10] * 3 + [0.30] * 2)
SIZES = {"2 %": slice(0, 5), "10 %": slice(5, 8), "30 %": slice(8, 10)}
ISSUES = [(6, 6), (10, 10), (30, 30), (30, 6), (30, 10)]
ARTICLES = [(4, 4), (20, 20), (20, 4)]
FOCUS, SPREAD = 0.75, 8.0  # an article gives about FOCUS of itself to its subject; the precision of its mixture
LEVEL, FAMILY, COVERAGE = 0.065, 0.065, 0.92  # what is promised of eligible cells
PERMUTATIONS = 499
RATIOS = (2, 4, 8)


class Cell(NamedTuple):
    """A kind of corpus. alike: intra-issue correlation; rho: autocorrelation; together: the sources follow the same days."""

    issues: tuple[int, int]
    articles: tuple[int, int]
    alike: float
    rho: float
    together: bool

    def __str__(self) -> str:
        issues, articles = ("+".join(map(str, pair)) for pair in (self.issues, self.articles))
        days = "same days" if self.together else "apart"
        return f"{issues} issues of {articles} articles, alike {self.alike:.2f}, rho {self.rho:.1f}, {days}"


def cells() -> list[Cell]:
    """All kinds of corpora. Without likeness within an issue there is nothing that could last from one to the next."""
    kinds = [(0.0, 0.0, False)] + list(product((0.04, 0.13), (0.0, 0.2, 0.4), (False, True)))
    return [Cell(issues, articles, *kind) for issues, articles, kind in product(ISSUES, ARTICLES, kinds)]


def prevalences(states: np.ndarray, shares: np.ndarray, alike: float) -> np.ndarray:
    """Prevalences of the topics in each issue, Dirichlet with the means `shares` and the intra-issue correlation `alike`, from
    standard normal states, shape (n, K), whose order in time they keep (gammas through their quantiles)."""
    if not alike:
        return np.tile(shares, (len(states), 1))
    gammas = special.gammaincinv(shares * (1 / alike - 1), special.ndtr(states).clip(1e-12, 1 - 1e-12))
    return gammas / gammas.sum(axis=1, keepdims=True)


def states(rng: np.random.Generator, n: int, rho: float) -> np.ndarray:
    """A stationary series of the first order for each topic, shape (n, K)."""
    noise = rng.standard_normal((n, len(SHARES)))
    out = noise.copy()
    for i in range(1, n):
        out[i] = rho * out[i - 1] + np.sqrt(1 - rho**2) * noise[i]
    return out


def issue_means(rng: np.random.Generator, prevalence: np.ndarray, n_articles: int) -> np.ndarray:
    """Shares of the topics in issues, (n, K): means over articles, each a Dirichlet mixture around its one subject."""
    n, k = prevalence.shape
    subject = (rng.random((n, n_articles, 1)) > prevalence.cumsum(axis=1)[:, None, :]).sum(axis=2).clip(0, k - 1)
    base = (1 - FOCUS) * prevalence[:, None, :] + FOCUS * np.eye(k)[subject]
    gammas = rng.standard_gamma(SPREAD * base)
    return (gammas / gammas.sum(axis=2, keepdims=True)).mean(axis=1)


def dealt(rng: np.random.Generator, cell: Cell, shares_b: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Issues and shares of a pair of sources, as `issue_shares` would give them."""
    n_a, n_b = cell.issues
    series = states(rng, max(n_a, n_b), cell.rho)
    # The thinner source appears on some of the days of the other, at even distances.
    other = series[np.linspace(0, len(series) - 1, n_b).round().astype(int)] if cell.together else states(rng, n_b, cell.rho)
    x = [
        issue_means(rng, prevalences(z[:n], shares, cell.alike), m)
        for z, n, shares, m in zip((series, other), cell.issues, (SHARES, shares_b), cell.articles, strict=True)
    ]
    rows = [(s, "", f"{s}/{i:03}", f"{i:03}", m) for s, n, m in zip("ab", cell.issues, cell.articles, strict=True) for i in range(n)]
    return pd.DataFrame(rows, columns=["source", "publication", "issue_id", "date", "n_articles"]), np.vstack(x)


def compared(cell: Cell, shares_b: np.ndarray, repetitions: int, seed: int) -> pd.DataFrame:
    """`contrasts` of every repetition, with min_articles=0 so that ineligible topics are tested as well; `fit` says which the rule
    would have let pass."""
    rng = np.random.default_rng([seed, *cell.issues, *cell.articles, int(100 * cell.alike), int(10 * cell.rho), cell.together])
    tables = []
    for number in range(repetitions):
        issues, x = dealt(rng, cell, shares_b)
        table = contrasts(issues, x, permutations=PERMUTATIONS, seed=number, min_articles=0)
        tables.append(table.assign(repetition=number))
    return pd.concat(tables, ignore_index=True)


def null(cell: Cell, repetitions: int, seed: int, min_articles: float) -> dict:
    """False positives by size of topic, of the family of eligible topics, and coverage."""
    all_topics = compared(cell, SHARES, repetitions, seed)
    fit = all_topics["expected_articles"] >= min_articles
    said = {"cell": str(cell), "repetitions": repetitions}
    for name, topics in SIZES.items():
        rows = all_topics[all_topics["topic"].between(topics.start, topics.stop - 1)]
        covers = (rows["lower"] <= 0) & (rows["upper"] >= 0)
        said[name] = {
            "fit": float(fit[rows.index].mean()),
            "false": float((rows["p"] <= 0.05).mean()),
            "covers": float(covers.mean()),
            "false_fit": float((rows["p"] <= 0.05)[fit[rows.index]].mean()) if fit[rows.index].any() else None,
            "covers_fit": float(covers[fit[rows.index]].mean()) if fit[rows.index].any() else None,
            # Topics of a repetition go together; so does the error.
            "error": float((rows["p"] <= 0.05).groupby(rows["repetition"]).mean().std() / np.sqrt(repetitions)),
        }
    family = all_topics[fit].groupby("repetition")["p_maxt"].min() <= 0.05
    said["family"] = float(family.mean()) if len(family) else None
    said["family_all"] = float((all_topics.groupby("repetition")["p_maxt"].min() <= 0.05).mean())
    return said
