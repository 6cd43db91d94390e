"""Permutation tests: labels of two groups dealt out within strata, orders, p-values with ties and families, generators.

- Labels: each stratum of n issues keeps its n_a of the first group; one stratum is the plain two-sample case. When there are
  no more ways to deal them out than resamples are asked for, all are enumerated, else so many are drawn at random.
- p: of B random ones p = (1 + #{|T*| >= |T|}) / (1 + B) (Phipson & Smyth 2010); of all, p = #{|T*| >= |T|} / ways, the data's
  own labelling among them.
- Family: single-step max-|T| over columns, on the same labels (Westfall & Young 1993).
- Ties: |T*| within one part in a million of |T|, or within 1e-12, counts as equal to it, so that rounding does not decide;
  that can only raise p.

`scipy.stats.permutation_test` gives the same null distribution (a test holds this one against it), and knows
no strata, no ties by rounding, no families and no batches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations
from math import comb, prod
from typing import NamedTuple

import numpy as np

TIE, ROUNDING = 1e-6, 1e-12
BATCH_CELLS = 4_000_000  # of one array: 32 MB

Stratum = tuple[int, int]  # (how many issues, how many of them are of the first group)


class Labels(NamedTuple):
    """Ways to deal out the labels of two groups: batches of 0/1 rows (size, n), 1 for the first group; how many rows in all;
    whether these are all ways there are."""

    batches: Iterator[np.ndarray]
    total: int
    exact: bool


def group_labels(strata: Sequence[Stratum], n_resamples: int, rng: np.random.Generator, cells: int = 0) -> Labels:
    """All labellings within the strata if there are no more than ``n_resamples``, else so many at random.

    strata: in the order of rows. cells: numbers that the caller needs for each labelling, if more than one a row; batches are
    kept to BATCH_CELLS of them.
    """
    ways = prod(comb(n, n_a) for n, n_a in strata)
    if ways <= n_resamples:
        return Labels(all_labels(strata, cells), ways, True)
    return Labels(random_labels(strata, n_resamples, rng, cells), n_resamples, False)


def random_labels(
    strata: Sequence[Stratum], n_resamples: int, rng: np.random.Generator, cells: int = 0
) -> Iterator[np.ndarray]:
    """Batches of random labellings within the strata; the draws do not depend on the size of a batch."""
    n = sum(size for size, _ in strata)
    for size in batches(n_resamples, max(n, cells)):
        keys, labels = rng.random((size, n)), np.zeros((size, n))
        start = 0
        for width, n_a in strata:
            part = slice(start, start + width)
            picked = np.argpartition(keys[:, part], n_a - 1, axis=1)[:, :n_a]
            np.put_along_axis(labels[:, part], picked, 1.0, axis=1)
            start += width
        yield labels


def all_labels(strata: Sequence[Stratum], cells: int = 0) -> Iterator[np.ndarray]:
    """Batches of all labellings within the strata."""
    ways, ends = [_ways(n, n_a) for n, n_a in strata], np.cumsum([n for n, _ in strata])
    shape, done = [len(picked) for picked in ways], 0
    for size in batches(prod(shape), max(int(ends[-1]), cells)):
        numbers = np.unravel_index(np.arange(done, done + size), shape)
        labels = np.zeros((size, ends[-1]))
        for (n, n_a), end, picked, number in zip(strata, ends, ways, numbers, strict=True):
            of_a = picked.shape[1] == n_a
            labels[:, end - n : end] = 0.0 if of_a else 1.0
            np.put_along_axis(labels[:, end - n : end], picked[number], 1.0 if of_a else 0.0, axis=1)
        yield labels
        done += size


def _ways(n: int, n_a: int) -> np.ndarray:
    """Which of n issues are on the smaller side, a row for each way, shape (ways, the smaller of n_a and n - n_a)."""
    few = min(n_a, n - n_a)
    ways = comb(n, few)
    return np.fromiter(chain.from_iterable(combinations(range(n), few)), np.intp, ways * few).reshape(ways, few)


def orders(n: int, n_resamples: int, rng: np.random.Generator, cells: int = 0) -> Iterator[np.ndarray]:
    """Batches (size, n) of random orders of n rows; the draws do not depend on the size of a batch."""
    for size in batches(n_resamples, max(n, cells)):
        yield rng.random((size, n)).argsort(axis=1)


def batches(total: int, cells_each: int) -> Iterator[int]:
    """Sizes of batches that add up to ``total``, each of a bounded number of cells."""
    size = max(1, BATCH_CELLS // max(1, cells_each))
    for start in range(0, total, size):
        yield min(size, total - start)


def least_reaching(observed: np.ndarray) -> np.ndarray:
    """The least size of a dealt statistic that counts as large as the observed one, ties by rounding among them."""
    return np.asarray(observed * (1 - TIE) - ROUNDING)


def p_value(reached: np.ndarray, total: int, exact: bool = False) -> np.ndarray:
    """p where ``reached`` of ``total`` dealt statistics are as large as the observed one; see the module's docstring."""
    return np.maximum(reached, 1) / total if exact else (1 + reached) / (1 + total)


class Tally:
    """Counts how often dealt statistics are as large as those of the data, each alone and the largest of the family.

    observed: sizes of the statistics of the data, shape (K,).
    """

    def __init__(self, observed: np.ndarray) -> None:
        self.least = least_reaching(observed)
        self.single = np.zeros(len(observed), dtype=np.int64)
        self.family = np.zeros(len(observed), dtype=np.int64)
        self.total = 0

    def add(self, dealt: np.ndarray) -> None:
        """Count a batch of sizes (B, K)."""
        self.single += (dealt >= self.least).sum(axis=0)
        self.family += (dealt.max(axis=1)[:, None] >= self.least).sum(axis=0)
        self.total += len(dealt)

    def p(self, exact: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """(p, p by max-T), each of shape (K,)."""
        return p_value(self.single, self.total, exact), p_value(self.family, self.total, exact)


def p_values(
    observed: np.ndarray, labels: Labels, statistic: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """(two-sided p, p by max-|T|) of statistics ``observed`` (K,), which ``statistic`` gives as (B, K) for labels (B, n)."""
    tally = Tally(np.abs(observed))
    for batch in labels.batches:
        tally.add(np.abs(statistic(batch)))
    return tally.p(labels.exact)


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's (1979) step-down adjusted p-values, in the order given: the running maximum of (m - rank + 1) p."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Step-up adjusted p-values of Benjamini & Hochberg (1995), in the order given: running minimum of m p / rank.

    `scipy.stats.false_discovery_control` is the same, but scipy.stats takes longer to import than most jobs that compare
    take to compute.
    """
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")[::-1]
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for these names, the same on every machine."""
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])
