"""Whether a whole run keeps its promises: text of known topics through the pipeline itself, many times over.

    PYTHONPATH=workflow python benchmarks/end_to_end.py --runs 20

Each cell is a kind of corpus: two sources, their issues, how alike articles of an issue are, whether a subject lasts from one
issue to the next, and by what factor one source has more of one topic. Topics are planted over real words, articles are
written in sentences below headlines and bylines, and `snakemake` reads, cuts, segments, fits and compares them, with fewer
topics, seeds, sweeps and permutations than a real run and with all its checks (specification curve, confounds).

Printed by cell, with Wilson's intervals over runs: how often any topic without a difference is called more than descriptive,
or established; how often the planted topic is found, with the right sign, and how it is graded; how often the interval of a
difference covers it. A run is kept as a small file in results/calibration/end_to_end/, named by a hash of its text, its
settings and the code: what was cut off goes on where it was, and what a changed module made is made again.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import jieba
import numpy as np
import pandas as pd
import yaml
from baokan.digest import digest
from baokan.tables import read_parquet
from baokan.topics.alignment import SAME_TOPIC, cosine
from baokan.topics.training import load
from planted import topics_around, zipf

ROOT = Path(__file__).parents[1]
SOURCES = ("a", "b")
# Shares of the topics in both sources. The planted topic has 10 %; what one source has more of it, it has less of BALANCE, so
# that the eight others have no difference at all.
SHARES = np.array([0.16, 0.06, 0.07, 0.08, 0.10, 0.09, 0.10, 0.10, 0.11, 0.13])
PLANTED, BALANCE = 4, 0
FOCUS, SPREAD = 0.75, 8.0  # an article gives about FOCUS of itself to its subject; the precision of its mixture
ALIKE = 0.13  # intra-issue correlation of the subjects of articles
TERMS = 1_500
WORDS, LENGTHS = 110, 0.4  # median length of an article in planted words, standard deviation of its logarithm
START, EVERY = date(2021, 1, 4), 7  # first issue, days between issues
# What real text has between its words; none of it is counted.
JOINTS = ["的", "的", "在", "和", "与", "是", "了", "把", "对", "从"]
WRITERS = ["陆明远", "何琴", "桑吉", "杨国柱", "周文静", "马建平"]
CONFIG = {
    "shards": 1,
    "words": {"discover": "none", "audit_characters": 0},
    "topics": {
        "k": [8, 10, 12],
        "seeds": 2,
        "chosen_seeds": 4,
        "check_engine": "none",
        "iterations": 150,
    },
    "compare": {"permutations": 999},
}
# All that stands between the files and the grades.
MODULES = [
    *("reading.shard", "cutting.tables", "cutting.repeats", "cutting.gathering", "words.discovery", "words.vocabulary"),
    *("topics.choice", "topics.chosen", "topics.training", "comparing.comparison", "comparing.noise"),
    *("comparing.confounds", "comparing.specifications", "comparing.graded"),
    *(f"topics.engines.{name}" for name in ("tomotopy_lda", "gensim_lda", "sklearn_lda")),
]


class Cell(NamedTuple):
    """A kind of corpus. issues: of each source; articles: of an issue; lasting: the probability that an issue has the
    prevalences of the one before, which is their autocorrelation; apart: the second source begins when the first has ended;
    ratio: of the share of the planted topic in the first source to that in the second."""

    issues: tuple[int, int] = (12, 12)
    articles: int = 8
    lasting: float = 0.0
    apart: bool = False
    ratio: float = 1.0


CELLS = {
    "null": Cell(),
    "lasting": Cell(lasting=0.4),
    "uneven": Cell(issues=(30, 10)),
    "apart": Cell(apart=True),
    "ratio 2": Cell(ratio=2),
    "ratio 4": Cell(ratio=4),
    "ratio 8": Cell(ratio=8),
}


class Corpus(NamedTuple):
    """files: text by path below the corpus folder. truth: a row per article with file, start, end (of its text in the file),
    source, issue and subject; theta: its mixture, shape (A, K)."""

    files: dict[str, str]
    truth: pd.DataFrame
    theta: np.ndarray


def shares_of(ratio: float) -> np.ndarray:
    """Shares of the topics in both sources, shape (2, K)."""
    shares = np.tile(SHARES, (2, 1))
    both = 2 * SHARES[PLANTED]
    shares[:, PLANTED] = both * ratio / (1 + ratio), both / (1 + ratio)
    shares[:, BALANCE] += SHARES[PLANTED] - shares[:, PLANTED]
    return shares


def prevalences(rng: np.random.Generator, shares: np.ndarray, n: int, alike: float, lasting: float) -> np.ndarray:
    """Prevalences of the topics in `n` consecutive issues, shape (n, K): Dirichlet with the means `shares` and the precision
    1 / alike - 1, which makes `alike` the correlation of the subjects of two articles of an issue. With the probability
    `lasting` an issue goes on with the prevalences of the one before: their autocorrelation at lag j is lasting ** j, and
    each issue has the same Dirichlet as without."""
    drawn = rng.dirichlet(shares * (1 / alike - 1), size=n)
    anew = np.where(rng.random(n) >= lasting, np.arange(n), 0)
    return drawn[np.maximum.accumulate(anew)]


def mixtures(rng: np.random.Generator, prevalence: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """(subject, mixture) of `n` articles of each issue, shapes (I, n) and (I, n, K): the subject is drawn from the prevalences,
    shape (I, K), and the mixture around it and them; its mean over subjects is the prevalences."""
    n_topics = prevalence.shape[1]
    drawn = rng.random((len(prevalence), n, 1)) > prevalence.cumsum(axis=1)[:, None, :]
    subject = drawn.sum(axis=2).clip(0, n_topics - 1)
    base = (1 - FOCUS) * prevalence[:, None, :] + FOCUS * np.eye(n_topics)[subject]
    weights = rng.standard_gamma(SPREAD * base)
    return subject, weights / weights.sum(axis=2, keepdims=True)


def dictionary_words(n: int) -> list[str]:
    """`n` nouns and verbs of two characters from the dictionary of jieba, from all over the range of ordinary frequencies,
    in an order that has nothing to do with their meaning."""
    listed = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    entries = [line.split(" ") for line in listed]
    fit = sorted(word for word, count, kind in entries if len(word) == 2 and kind in ("n", "vn") and int(count) >= 300)
    return [fit[i] for i in np.random.default_rng(0).permutation(len(fit))[:n]]


def sentences(rng: np.random.Generator, words: list[str]) -> str:
    """The words in their order, in clauses of two to five of them."""
    parts, left = [], 0
    for i, word in enumerate(words):
        if not left:
            left = int(rng.integers(2, 6))
        left -= 1
        parts.append(word)
        last = i == len(words) - 1
        if last or not left:
            parts.append("。" if last or rng.random() < 0.4 else "，")
        elif rng.random() < 0.7:
            parts.append(JOINTS[rng.integers(len(JOINTS))])
    return "".join(parts)


def corpus(cell: Cell, run: int) -> Corpus:
    """The text of one run of a cell; the same for the same arguments."""
    rng = np.random.default_rng([run, *cell.issues, cell.articles, int(100 * cell.lasting), cell.apart, int(10 * cell.ratio)])
    words = dictionary_words(TERMS)
    phi = topics_around(zipf(TERMS), len(SHARES), rng)
    phi = phi[:, rng.permutation(TERMS)]
    cumulated = phi.cumsum(axis=1)
    files, rows, thetas = {}, [], []
    for place, (source, n_issues, shares) in enumerate(zip(SOURCES, cell.issues, shares_of(cell.ratio), strict=True)):
        subjects, theta = mixtures(rng, prevalences(rng, shares, n_issues, ALIKE, cell.lasting), cell.articles)
        for issue, day in enumerate(days(cell, place)):
            path = f"{source}/{day.isoformat()}.txt"
            text = ""
            for article in range(cell.articles):
                length = max(20, int(rng.lognormal(np.log(WORDS), LENGTHS)))
                topics = rng.choice(len(SHARES), size=length, p=theta[issue, article])
                drawn = [words[int(np.searchsorted(cumulated[t], rng.random() * cumulated[t, -1]))] for t in topics]
                body = "\n".join("　　" + sentences(rng, part) for part in paragraphs_of(drawn[5:]))
                text += f"{''.join(drawn[:2])}的{''.join(drawn[2:5])}\n本报记者 {WRITERS[rng.integers(len(WRITERS))]}\n"
                start = len(text)
                text += body + "\n\n"
                rows.append((path, start, start + len(body), source, issue, int(subjects[issue, article])))
                thetas.append(theta[issue, article])
            files[path] = text
    return Corpus(files, pd.DataFrame(rows, columns=["file", "start", "end", "source", "issue", "subject"]), np.array(thetas))


def paragraphs_of(words: list[str], size: int = 45) -> list[list[str]]:
    return [words[i : i + size] for i in range(0, len(words), size)]


def days(cell: Cell, place: int) -> list[date]:
    """The days of the issues of the first (place 0) or the second source: of one period unless they are apart, the thinner
    source at even distances."""
    n, most = cell.issues[place], max(cell.issues)
    if cell.apart:
        return [START + timedelta(EVERY * (i + place * (cell.issues[0] + 1))) for i in range(n)]
    return [START + timedelta(EVERY * int(i)) for i in np.linspace(0, most - 1, n).round()]
