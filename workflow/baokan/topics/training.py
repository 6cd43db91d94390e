"""Which chunks train a model, and the fits of one K with all its seeds."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.corpus.originals import originals
from baokan.topics.engines import NO_SHARES, fit
from baokan.topics.folding_in import completion, infer

# Sweeps are cheap where there is little text, and there seeds differ most.
FEWEST, MOST, SWEPT_TOKENS = 180, 600, 40_000_000
HELD_OUT = 0.1  # of the issues


class Fits(NamedTuple):
    """Fits of one K: phi, shape (S, K, V), and theta of articles, shape (S, A, K), both float32; numbers, shape (S,), from
    which their seeds come; alpha, the weight of the prior that theta was inferred with."""

    phi: np.ndarray
    theta: np.ndarray
    numbers: np.ndarray
    alpha: float


def training_rows(chunks: pd.DataFrame, articles: pd.DataFrame, cap: int, seed: int) -> np.ndarray:
    """Numbers of the chunks that train the model, rising.

    Repeats within a source (duplicate_of) train once. Of an issue with more than `cap` counted tokens, chunks are drawn
    at random up to the cap, so that one 600-page number does not write the topics; an article of no issue is an issue
    of its own here. The label of the source is not looked at: a model that has seen it spoils the permutation test.

    chunks: article_id, n_tokens. articles: article_id, issue_id, duplicate_of.
    """
    issue = issues_of(chunks, articles)
    own = pd.Series(originals(articles), articles["article_id"])[chunks["article_id"]].to_numpy()
    order = np.random.default_rng([seed, 1]).permutation(len(chunks))
    used: dict[str, int] = {}
    rows = []
    for row in order[own[order]]:
        n = int(chunks["n_tokens"].iat[row])
        if used.get(issue[row], 0) + n <= cap or issue[row] not in used:
            used[issue[row]] = used.get(issue[row], 0) + n
            rows.append(int(row))
    return np.sort(np.array(rows, dtype=int))


def issues_of(chunks: pd.DataFrame, articles: pd.DataFrame) -> np.ndarray:
    """The issue of each chunk; an article of no issue is an issue of its own."""
    known = articles.set_index("article_id").loc[chunks["article_id"], "issue_id"].to_numpy()
    return np.where(known == "", chunks["article_id"], known)


def fit_seed(seed: int, k: int, number: int) -> int:
    """The seed of fit `number` of a K: distinct for each, the same on every machine. In [0, 2^31)."""
    return int(np.random.default_rng([seed, k, number]).integers(2**31))


def sweeps(iterations: int | str, n_tokens: int) -> int:
    """How many sweeps a fit makes: `iterations`, or if that is "auto", 600 up to 66,667 training tokens, fewer as these grow,
    and 180 from 222,223 on, which take about as long as 200 sweeps without what is made of the last ones."""
    if iterations != "auto":
        return int(iterations)
    return int(np.clip(SWEPT_TOKENS // max(1, n_tokens), FEWEST, MOST))


def fit_all(
    engine: str,
    counts: sparse.csr_matrix,
    training: np.ndarray,
    by_article: sparse.csr_matrix,
    k: int,
    numbers: Iterable[int],
    seed: int,
    iterations: int | str,
    progress: Callable = lambda n: None,
) -> Fits:
    """The fits of `numbers`, by the chunks `training` of `counts`, shape (N, V), and the shares of all articles. seed: of
    the run, from which those of the fits derive.

    by_article: counts of articles, shape (A, V). theta of an engine without shares is NaN.
    """
    phis, thetas, numbers, alpha = [], [], list(numbers), np.nan
    rounds = sweeps(iterations, int(counts[training].sum()))
    for done, number in enumerate(numbers):
        fitted = fit(engine, counts[training], k, fit_seed(seed, k, number), rounds)
        alpha = fitted.alpha
        # What is kept of phi is what theta comes of, so that text which is scored later is measured alike.
        phis.append(fitted.phi.astype(np.float32))
        blank = np.full((by_article.shape[0], k), np.nan)
        theta = blank if engine in NO_SHARES else infer(phis[-1].astype(float), alpha, by_article)
        thetas.append(theta.astype(np.float32))
        progress(done + 1)
    return Fits(
        np.array(phis, np.float32).reshape(len(numbers), k, counts.shape[1]),
        np.array(thetas, np.float32).reshape(len(numbers), by_article.shape[0], k),
        np.array(numbers, dtype=int),
        alpha,
    )


def held_out(
    engine: str,
    counts: sparse.csr_matrix,
    training: np.ndarray,
    issues: np.ndarray,
    k: int,
    seed: int,
    iterations: int | str,
) -> tuple[float, float, int]:
    """How well K topics foretell text that they have not seen: (log-likelihood in nats per word, its standard error over
    issues, number of words scored); NaN, NaN, 0 where there is too little text to hold any back.

    One more fit, without the chunks of a tenth of the issues, the same ones for every K: articles of one issue resemble
    each other, so a part of an issue is no unseen text. issues: of each chunk, shape (N,). See `folding_in.completion`.
    """
    names = np.unique(issues[training])
    rng = np.random.default_rng([seed, 2])
    held = set(rng.permutation(names)[: max(1, round(HELD_OUT * len(names)))]) if len(names) > 1 else set()
    out = np.array([issue in held for issue in issues[training]], dtype=bool)
    kept, test = training[~out], training[out]
    if not len(test) or not counts[kept].nnz or engine in NO_SHARES:
        return np.nan, np.nan, 0
    fitted = fit(engine, counts[kept], k, fit_seed(seed, k, 0), sweeps(iterations, int(counts[kept].sum())))
    values, words = completion(fitted.phi, fitted.alpha, counts[test], seed)
    table = pd.DataFrame({"issue": issues[test], "value": np.nan_to_num(values), "n": words})
    sums = table.groupby("issue")[["value", "n"]].sum()
    total = sums["n"].sum()
    if not total:
        return np.nan, np.nan, 0
    mean = sums["value"].sum() / total
    # Of a ratio of sums: the spread of what each issue adds beyond the mean (Cochran 1977, eq. 6.13).
    rest, n = sums["value"] - mean * sums["n"], len(sums)
    error = np.sqrt(n / (n - 1) * (rest**2).sum()) / total if n > 1 else np.nan
    # Logarithms differ in their last digits between processors, a table of results must not.
    return round(float(mean), 9), round(float(error), 9), int(total)


def load_fits(*paths: str | Path) -> Fits:
    """The fits of one K that stand in several files, in the order of their numbers."""
    found = []
    for path in paths:
        with np.load(path, allow_pickle=False) as file:
            found.append(Fits(*(file[name] for name in Fits._fields)))
    numbers = np.concatenate([fits.numbers for fits in found])
    order = np.argsort(numbers, kind="stable")
    phi, theta = (np.concatenate([getattr(f, name) for f in found])[order] for name in ("phi", "theta"))
    return Fits(phi, theta, numbers[order], float(found[0].alpha))


def load_held_out(path: str | Path) -> tuple[float, float]:
    """Log-likelihood of held-out text in nats per word, and its standard error, of a file that rule fit wrote."""
    with np.load(path, allow_pickle=False) as file:
        value, error, _ = file["held_out"]
    return float(value), float(error)


def load_around(
    ks: Sequence[int], paths: Sequence[str | Path], k: int, later: Iterable[str | Path] = ()
) -> tuple[Fits, dict[int, Fits]]:
    """(all fits of `k`; by K, those of the next smaller and the next larger one that were tried). paths: a file for each of
    `ks`; later: those of the fits of `k` that were made once it was chosen."""
    by_k = dict(zip(ks, paths, strict=True))
    tried = sorted(by_k)
    place = tried.index(k)
    near = [other for other in tried[max(0, place - 1) : place + 2] if other != k]
    return load_fits(by_k[k], *later), {other: load_fits(by_k[other]) for other in near}
