"""Which chunks train a model, and the fits of one K with all its seeds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.topics.engines import fit


def training_rows(chunks: pd.DataFrame, articles: pd.DataFrame, cap: int, seed: int) -> np.ndarray:
    """Numbers of the chunks that train the model, rising.

    Repeats within a source (duplicate_of) train once. Of an issue with more than `cap` counted tokens, chunks are drawn
    at random up to the cap, so that one 600-page number does not write the topics; an article of no issue is an issue
    of its own here. The label of the source is not looked at: a model that has seen it spoils the permutation test.

    chunks: article_id, n_tokens. articles: article_id, issue_id, duplicate_of.
    """
    known = articles.set_index("article_id").loc[chunks["article_id"]]
    issue = np.where(known["issue_id"] == "", chunks["article_id"], known["issue_id"])
    own = known["duplicate_of"].to_numpy() == ""
    order = np.random.default_rng([seed, 1]).permutation(len(chunks))
    used: dict[str, int] = {}
    rows = []
    for row in order[own[order]]:
        n = int(chunks["n_tokens"].iat[row])
        if used.get(issue[row], 0) + n <= cap or issue[row] not in used:
            used[issue[row]] = used.get(issue[row], 0) + n
            rows.append(int(row))
    return np.sort(np.array(rows, dtype=int))


def fit_seed(seed: int, k: int, number: int) -> int:
    """The seed of fit `number` of a K: distinct for each, the same on every machine. In [0, 2^31)."""
    return int(np.random.default_rng([seed, k, number]).integers(2**31))


def fit_all(
    engine: str,
    counts: sparse.csr_matrix,
    training: np.ndarray,
    k: int,
    seeds: list[int],
    iterations: int,
    progress: Callable = lambda n: None,
) -> tuple[np.ndarray, np.ndarray]:
    """phi, shape (S, K, V), and theta of all chunks, shape (S, N, K), of a fit per seed.

    counts: shape (N, V), all chunks; the rows `training` train, theta of the others is inferred.
    """
    phis, thetas = [], []
    others = np.setdiff1d(np.arange(counts.shape[0]), training)
    for number, seed in enumerate(seeds):
        fitted = fit(engine, counts[training], k, seed, iterations)
        theta = np.full((counts.shape[0], k), np.nan)
        theta[training] = fitted.theta
        if len(others):
            theta[others] = fitted.infer(counts[others])
        phis.append(fitted.phi)
        thetas.append(theta)
        progress(number + 1)
    return np.array(phis, np.float32), np.array(thetas, np.float32)


def save(path: str | Path, phi: np.ndarray, theta: np.ndarray) -> None:
    """The fits as one .npz, whose bytes depend on the numbers only (numpy gives every member the same date)."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, phi=phi, theta=theta)


def load(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return file["phi"].astype(float), file["theta"].astype(float)
