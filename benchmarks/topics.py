"""Our topic model beside others, with equal K, terms and documents: `PYTHONPATH=workflow python benchmarks/topics.py`.

Corpora: the sample (after `make`), two drawn from known topics (planted.py), and the records of JSONL files, if named, with id,
source, date, title and text, cut and counted as the pipeline does it (but no terms are looked for in them), K as by --k.

Contestants: our model (tomotopy's sampler, theta by folding-in), and of 180 sweeps where it makes more of itself; tomotopy,
gensim and scikit-learn with their defaults but for what their lines say, theta as they give it; the engines that we offer as
a check, of half the seeds; NMF of TF-IDF, which is no LDA: its weights are no shares of text, and its start is not random, so
that it has no stability. Each fit is in a process of its own, on one thread, --jobs of them at once.

Printed for each corpus, mean over the seeds and in brackets standard deviation:

- seconds: of the processor, to phi and to theta of all documents, so that a neighbour does not matter. LdaMulticore has one
  worker; counted are its seconds and those of theta, since the other process waits in a loop that takes a whole core: a
  little less than it needs;
- MB: growth of the peak memory (ru_maxrss; Linux) of a process that has the libraries and the counts already, of
  LdaMulticore of both processes;
- NPMI: of 10 top terms, mean over topics, by the documents that were fitted; diversity: of 25 top terms, more is called
  better, although planted topics share many;
- stability: mean similarity of partners over all pairs of fits; in brackets its standard error, by a jackknife over fits;
- NMI, purity: of the top topic of documents, by the theme or the top topic that was planted;
- phi, theta: mean cosine of planted topics with their partners; mean correlation of their shares over documents.

Below each line: ours minus it, paired by seed, with its standard error. +: ours is better by more than two of these; -: it
is; =: neither; ?: too few seeds. The errors are those of seeds on this one corpus; of ten seeds, one true tie in thirteen
has a sign. Planted medium has six seeds at most, for the time it takes.

Last: how time and memory of 180 sweeps grow with the corpus, and a verdict from the numbers above.

    PYTHONPATH=workflow python benchmarks/topics.py --seeds 4 --corpora small records --records press.jsonl gazette.jsonl
"""

import argparse
import multiprocessing
import re
import resource
import sys
import tempfile
import textwrap
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from baokan.config import validated
from baokan.running.threads import single_threaded
from baokan.tables import read_parquet
from baokan.topics.alignment import align, cosine
from baokan.topics.coherence import npmi
from baokan.topics.engines import fit
from baokan.topics.folding_in import infer
from baokan.topics.term_ranking import diversity, top_terms
from baokan.topics.training import sweeps
from baokan.words.lexicon import terms_in_force, word_lists
from baokan.words.segmentation import tokens_of
from baokan.words.vocabulary import words_tables
from planted import SIZES, planted
from scipy import sparse
from sklearn.metrics import normalized_mutual_info_score

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "results" / "sample"
SAMPLE_K = 12  # nine themes, and what they have in common
FEWER = 180
MOST_SEEDS = {"planted medium": 6}  # it takes longest: the whole without records ends within six minutes on two cores
NPMI_TERMS, DIVERSITY_TERMS = 10, 25
GROWN, GROWN_SIZE, GROWN_SEEDS = (500, 2_000, 8_000), (100, 5_000, 20), 3
LINEAR = 1.05  # an exponent up to which time is called linear: sixteen times the text in at most 18.4 times as long
# What the process that all fits are forked from has loaded.
PRELOADED = [
    "baokan.tables",
    "baokan.topics.engines.gensim_lda",
    "baokan.topics.engines.sklearn_lda",
    "baokan.topics.engines.tomotopy_lda",
    "baokan.topics.training",
    "baokan.words.vocabulary",
    "baokan.words.segmentation",
    "sklearn.feature_extraction.text",
    "sklearn.metrics",
]
# Digits after the point; of the first two less is better.
DIGITS = {"seconds": 2, "MB": 1, "NPMI": 3, "diversity": 3, "stability": 3, "NMI": 3, "purity": 3, "phi": 3, "theta": 3}
LESS_IS_BETTER = ("seconds", "MB")
Scores = dict[str, np.ndarray]  # of a contestant, by measure: shape (S,), of stability shape (S, S)


class Corpus(NamedTuple):
    """What is fitted: counts, shape (D, V), without empty rows and columns, and what is known of its topics.

    labels: the planted theme or top topic of documents, shape (D,), "" where there is none. phi, theta: as planted.
    """

    name: str
    counts: sparse.csr_matrix
    k: int
    labels: np.ndarray | None = None
    phi: np.ndarray | None = None
    theta: np.ndarray | None = None


class Found(NamedTuple):
    phi: np.ndarray  # shape (K, V), rows sum to 1
    theta: np.ndarray  # shape (D, K)
    seconds: float
    megabytes: float


def pairs(counts: sparse.csr_matrix) -> Iterator[list[tuple[int, int]]]:
    """The (term, occurrences) of one document after the other, as gensim wants them."""
    for start, end in pairwise(counts.indptr):
        yield list(zip(counts.indices[start:end].tolist(), counts.data[start:end].tolist(), strict=True))


# The contestants: (counts, K, seed) to phi, shape (K, V), and a function that gives theta, shape (D, K).


def ours(counts, k, seed, iterations: int | str = "auto", engine: str = "tomotopy"):
    fitted = fit(engine, counts, k, seed, sweeps(iterations, int(counts.sum())))
    return fitted.phi, lambda: infer(fitted.phi, fitted.alpha, counts)


def tomotopy_lda(counts, k, seed, iterations: int):
    import tomotopy

    model = tomotopy.LDAModel(k=k, seed=seed)
    for row in pairs(counts):
        model.add_doc([str(term) for term, n in row for _ in range(n)])
    model.train(iterations, workers=1)
    phi = np.zeros((k, counts.shape[1]))
    phi[:, np.array(model.used_vocabs, int)] = [model.get_topic_word_dist(topic) for topic in range(k)]
    return phi, lambda: np.array([document.get_topic_dist() for document in model.docs])


def gensim_lda(counts, k, seed, name: str, **settings):
    from gensim import models

    corpus, names = list(pairs(counts)), {i: str(i) for i in range(counts.shape[1])}
    # eval_every: the perplexity that it would write to a log takes longer than the fit, and does nothing for it.
    settings = {"passes": 10, "eval_every": None, "random_state": seed} | settings
    model = getattr(models, name)(corpus, num_topics=k, id2word=names, **settings)
    return model.get_topics(), lambda: model.inference(corpus)[0]


def sklearn_lda(counts, k, seed):
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(k, learning_method="online", max_iter=10, random_state=seed).fit(counts)
    return model.components_, lambda: model.transform(counts)


def nmf(counts, k, seed):
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    weights = TfidfTransformer().fit_transform(counts)
    model = NMF(k, init="nndsvda", random_state=seed)
    theta = model.fit_transform(weights)
    return model.components_, lambda: theta


OURS, SHORT, TOMOTOPY, NMF = "ours", f"ours {FEWER} sweeps", "tomotopy 200 iterations", "NMF of TF-IDF (no LDA)"
PEERS: dict[str, tuple[Callable, dict]] = {
    TOMOTOPY: (tomotopy_lda, {"iterations": 200}),
    "tomotopy 1000 iterations": (tomotopy_lda, {"iterations": 1000}),
    "LdaMulticore 10 passes": (gensim_lda, {"name": "LdaMulticore", "workers": 1}),
    "LdaModel auto 10 passes": (gensim_lda, {"name": "LdaModel", "alpha": "auto", "eta": "auto"}),
    "scikit-learn 10 passes": (sklearn_lda, {}),
}
CHECKS = {"check engine gensim": (ours, {"engine": "gensim"}), "check engine sklearn": (ours, {"engine": "sklearn"})}
CONTESTANTS = {OURS: (ours, {}), SHORT: (ours, {"iterations": FEWER})} | PEERS | CHECKS | {NMF: (nmf, {})}


# A fit in a process of its own.


def scaled(rows: np.ndarray) -> np.ndarray:
    """Rows that sum to 1; one of zeros has equal shares."""
    rows = np.asarray(rows, float) + 1e-300
    return rows / rows.sum(axis=1, keepdims=True)


def used() -> np.ndarray:
    """Processor seconds and peak MB of this process and of its children that have ended, shape (2, 2)."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return np.array([[use.ru_utime + use.ru_stime, use.ru_maxrss / 1024] for use in both])


def measured(path: Path, name: str, k: int, seed: int) -> Found:
    """A fit of contestant `name`, in this process, to the counts in `path`."""
    warnings.simplefilter("ignore")  # that defaults may not converge is what is measured
    contestant, settings = CONTESTANTS[name]
    counts = sparse.load_npz(path)
    # What a library does once in a process, before its first fit, is not counted: tomotopy fills tables.
    few = reduced(counts[:20])[0]
    short = {"iterations": 20} if contestant in (ours, tomotopy_lda) else {}
    contestant(few, 2, seed, **(settings | short))[1]()
    before = used()
    phi, theta_of = contestant(counts, k, seed, **settings)
    fitted = used()
    theta = theta_of()
    after = used()
    seconds, megabytes = (after - before)[0]
    if (after - before)[1, 0] > 0:  # a worker has made the fit
        seconds = (after - fitted)[0, 0] + (after - before)[1, 0]
        megabytes += max(0.0, after[1, 1] - before[0, 1])
    return Found(scaled(phi), scaled(theta), seconds, megabytes)


def _sent(pipe, arguments: tuple) -> None:
    multiprocessing.set_start_method("fork", force=True)  # of gensim's worker, as it is elsewhere by default
    pipe.send(measured(*arguments))


def fresh(*arguments) -> Found:
    """`measured` in a new process."""
    context = multiprocessing.get_context("forkserver")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_sent, args=(there, arguments))
    process.start()
    there.close()
    try:
        found = here.recv()
    except EOFError:
        raise RuntimeError(f"the fit of {arguments[1:]} failed; its error stands above") from None
    process.join()
    return found


def all_fits(corpus: Corpus, names: dict[str, int], jobs: int) -> dict[str, list[Found]]:
    """The fits of each contestant, as many as `names` says, in the order of their seeds."""
    # In turn, so that all find the machine alike.
    order = [(name, seed) for seed in range(1, max(names.values()) + 1) for name, n in names.items() if seed <= n]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        path = Path(folder) / "counts.npz"
        sparse.save_npz(path, corpus.counts, compressed=False)  # to unpack would take memory before the fit
        began, found = time.perf_counter(), {name: [] for name in names}
        for done, ((name, _), one) in enumerate(
            zip(order, pool.map(lambda job: fresh(path, job[0], corpus.k, job[1]), order), strict=True), 1
        ):
            found[name].append(one)
            if done % 10 == 0 or done == len(order):
                seconds = time.perf_counter() - began
                print(f"{corpus.name}: {done} of {len(order)} fits, {seconds:.0f} s", file=sys.stderr, flush=True)
    return found


# The corpora.


def reduced(counts: sparse.csr_matrix) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """(counts without empty rows and columns, the rows, the columns that are left)."""
    counts = sparse.csr_matrix(counts)
    rows, columns = np.flatnonzero(np.diff(counts.indptr)), np.unique(counts.indices)
    return counts[rows][:, columns].sorted_indices(), rows, columns


def of_sample() -> Corpus:
    """Documents are the chunks of its articles; the theme of an article is that of its chunks."""
    from sample import themes_of

    if not (SAMPLE / "words/counts.npz").exists():
        sys.exit(f"{SAMPLE.relative_to(ROOT)} is missing: run `make` first, or name other corpora with --corpora.")
    counts, rows, _ = reduced(sparse.load_npz(SAMPLE / "words/counts.npz"))
    articles, chunks = read_parquet(SAMPLE / "corpus/articles.parquet"), read_parquet(SAMPLE / "words/chunks.parquet")
    themes = pd.Series(themes_of(articles).to_numpy(), index=articles["article_id"])
    return Corpus("sample", counts, SAMPLE_K, themes[chunks["article_id"]].to_numpy()[rows])


def of_planted(name: str, size: tuple[int, int, int, int]) -> Corpus:
    made = planted(*size)
    counts, rows, columns = reduced(made.counts)
    theta = made.theta[rows]
    return Corpus(name, counts, size[-1], theta.argmax(axis=1).astype(str), scaled(made.phi[:, columns]), theta)


def of_records(paths: list[Path], k: int) -> Corpus:
    """Documents are the chunks of the records, each of which is an article."""
    from words import NONE_FOUND, recorded

    print("records: cutting and counting", file=sys.stderr, flush=True)
    settings = validated({})
    words = settings["words"]
    words |= {name: [str(ROOT / path) for path in words[name]] for name in ("terms", "stopwords")}
    articles = recorded(paths).assign(duplicate_of="")
    articles["document_id"] = articles["article_id"]
    articles["issue_id"] = np.where(articles["date"] != "", articles["source"] + " " + articles["date"], "")
    terms = terms_in_force(words["terms"], NONE_FOUND, words["discover"])
    tokens = tokens_of(articles, words["engine"], terms["term"], words["simplify"])
    lists = word_lists(terms, words["stopwords"], words, articles["source"])
    _, counts = words_tables(articles, tokens, lists, words, settings["topics"]["chunk_tokens"])
    return Corpus("records", reduced(counts)[0], k)


# Measures, their means and errors.


def agreement(theta: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """NMI and purity of top topics, by the labels of documents that have one. theta: shape (D, K); labels: shape (D,)."""
    known = labels != ""
    top = theta[known].argmax(axis=1)
    together = pd.crosstab(top, labels[known]).to_numpy()
    return normalized_mutual_info_score(labels[known], top), together.max(axis=1).sum() / together.sum()


def recovered(found: Found, corpus: Corpus) -> tuple[float, float]:
    """Mean cosine of planted topics with their partners, mean correlation of their shares over documents."""
    partner, score = align(corpus.phi, found.phi, cosine)
    both = zip(corpus.theta.T, found.theta[:, partner].T, strict=True)
    # A topic that has the same share of all documents says nothing of any: no correlation.
    return score.mean(), np.mean([np.corrcoef(a, b)[0, 1] if np.ptp(b) > 1e-9 else 0.0 for a, b in both])


def coherent(phi: np.ndarray, counts: sparse.csr_matrix) -> dict[str, float]:
    return {
        "NPMI": npmi(top_terms(phi, NPMI_TERMS), counts).mean(),
        "diversity": diversity(top_terms(phi, DIVERSITY_TERMS)),
    }


def scores(name: str, fits: list[Found], corpus: Corpus) -> Scores:
    """What can be said of a contestant, by measure."""
    rows = []
    for found in fits:
        row = {"seconds": found.seconds, "MB": found.megabytes} | coherent(found.phi, corpus.counts)
        if corpus.labels is not None:
            row["NMI"], row["purity"] = agreement(found.theta, corpus.labels)
        if corpus.phi is not None and name != NMF:
            row["phi"], row["theta"] = recovered(found, corpus)
        rows.append(row)
    told = {measure: np.array([row[measure] for row in rows]) for measure in rows[0]}
    if name != NMF and len(fits) > 1:
        told["stability"] = np.full((len(fits), len(fits)), np.nan)
        for a, b in combinations(range(len(fits)), 2):
            told["stability"][[a, b], [b, a]] = align(fits[a].phi, fits[b].phi)[1].mean()
    return told


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    """The mean over seeds, shape (S,), or over pairs of seeds, shape (S, S), and its standard error: NaN of too few seeds.

    Pairs share fits and are not independent; so their error is by the jackknife, leaving out a fit at a time (Efron & Tibshirani
    1993, chapter 11), which for plain values is the usual standard error.
    """
    n = len(values)
    if n < values.ndim + 1:
        return float(np.nanmean(values)), float("nan")
    without = []
    for seed in range(n):
        others = np.delete(np.arange(n), seed)
        without.append(np.nanmean(values[np.ix_(*[others] * values.ndim)]))
    return float(np.nanmean(values)), float(np.sqrt((n - 1) / n * ((without - np.mean(without)) ** 2).sum()))


def difference(mine: Scores, its: Scores, measure: str) -> tuple[float, float, str]:
    """Ours minus its, paired by seed, its standard error, and who is better by more than two of these."""
    n = len(its[measure])
    mean, error = mean_and_error(mine[measure][(slice(n),) * its[measure].ndim] - its[measure])
    if not abs(mean) > 2 * error:
        return mean, error, "?" if np.isnan(error) else "="
    return mean, error, "+" if (mean < 0) == (measure in LESS_IS_BETTER) else "-"


# What is printed.


def table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    )


def number(value: float, digits: int) -> str:
    """As short as it can be: .123, and ? for NaN."""
    return "?" if np.isnan(value) else re.sub(r"^(-?)0\.(?=\d{3})", r"\1.", f"{value:.{digits}f}")


def summary(values: np.ndarray, digits: int) -> str:
    """The mean, and in brackets the standard deviation over seeds, or over pairs of seeds the standard error of the mean."""
    mean, error = mean_and_error(values)
    spread = error * np.sqrt(len(values)) if values.ndim == 1 else error
    return f"{number(mean, digits)} ({number(spread, digits)})"


def lines(corpus: Corpus, told: dict[str, Scores]) -> list[list[str]]:
    """The table of a corpus: for each contestant its measures, and below them ours minus these."""
    shown = [measure for measure in DIGITS if measure in told[OURS]]
    rows = [["", *shown]]
    for name, its in told.items():
        rows.append([name, *(summary(its[m], DIGITS[m]) if m in its else "" for m in shown)])
        if name == OURS:
            continue
        differences = {m: difference(told[OURS], its, m) for m in shown if m in its}
        cells = {
            m: f"{number(d, DIGITS[m])} ± {number(e, DIGITS[m])} {mark}" for m, (d, e, mark) in differences.items()
        }
        rows.append(["    ours minus it", *(cells.get(m, "") for m in shown)])
    if corpus.phi is not None:
        truth = coherent(corpus.phi, corpus.counts)
        rows.append(["the planted topics", *(number(truth[m], DIGITS[m]) if m in truth else "" for m in shown)])
    return rows


def better(told: dict[str, Scores], names) -> str:
    """In what the contestants `names` are better than ours by more than two standard errors."""
    found = []
    for measure in ("NPMI", "stability", "NMI"):
        for name in names:
            if measure in told[OURS]:
                mean, error, mark = difference(told[OURS], told[name], measure)
                found += [f"{name} in {measure} by {-mean:.3f} ± {error:.3f}"] if mark == "-" else []
    return ", ".join(found) or "none"


def ratio(mine: Scores, its: Scores) -> str:
    mean, error = mean_and_error(mine["seconds"] / its["seconds"])
    judged = "no slower" if mean <= 1 + 2 * error else "slower"
    return f"{mean:.2f} ± {error:.2f} of the seconds of {TOMOTOPY} ({judged})"


def verdict(corpus: Corpus, told: dict[str, Scores]) -> str:
    made = sweeps("auto", int(corpus.counts.sum()))
    measures = "NPMI, stability and NMI" if corpus.labels is not None else "NPMI and stability"
    said = [
        f"{corpus.name}, {measures}: peers that are better than ours by more than two standard errors: "
        f"{better(told, PEERS)}; of our check engines: {better(told, CHECKS)}.",
        f"Ours, {made} sweeps, takes {ratio(told[OURS], told[TOMOTOPY])}.",
    ]
    if SHORT in told:
        said.append(f"Of {FEWER} sweeps it takes {ratio(told[SHORT], told[TOMOTOPY])}.")
    if corpus.phi is not None:
        truth = coherent(corpus.phi, corpus.counts)["NPMI"]
        above = [name for name in told if told[name]["NPMI"].mean() > truth]
        said.append(
            f"The planted topics have an NPMI of {truth:.3f}; above it, which does not mean to have found them better, "
            f"are: {', '.join(above) or 'none'}."
        )
    return " ".join(said)


def compared(corpus: Corpus, seeds: int, jobs: int) -> str:
    """Prints the table of a corpus; its verdict."""
    seeds = min(seeds, MOST_SEEDS.get(corpus.name, seeds))
    n_docs, n_terms = corpus.counts.shape
    made = sweeps("auto", int(corpus.counts.sum()))
    names = dict.fromkeys(CONTESTANTS, seeds) | dict.fromkeys(CHECKS, max(2, seeds // 2))
    if made <= FEWER:
        del names[SHORT]
    fits = all_fits(corpus, names, jobs)
    told = {name: scores(name, fits[name], corpus) for name in names}
    print(f"\n{corpus.name}: {n_docs:,} documents, {corpus.counts.sum():,} tokens of {n_terms:,} terms, ", end="")
    print(f"K {corpus.k}, {made} sweeps of ours, {seeds} seeds, of the check engines {names[next(iter(CHECKS))]}\n")
    print(table(lines(corpus, told)), flush=True)
    return verdict(corpus, told)


def slopes(tokens: list[int], values: np.ndarray) -> tuple[float, float]:
    """The exponent of growth, the slope of log value on log tokens, mean and standard error over seeds; shape (sizes, S)."""
    return mean_and_error(np.polyfit(np.log(tokens), np.log(np.maximum(values, 0.01)), 1)[0])


def growth(jobs: int) -> str:
    """Prints how time and memory of 180 sweeps grow; a verdict."""
    counts, tokens = planted(max(GROWN), *GROWN_SIZE).counts, []
    rows, seconds, megabytes = [["", "tokens", "seconds", "MB"]], [], []
    for n in GROWN:
        corpus = Corpus(f"{n:,} documents", reduced(counts[:n])[0], GROWN_SIZE[-1])
        fits = all_fits(corpus, {SHORT: GROWN_SEEDS}, jobs)[SHORT]
        tokens.append(int(corpus.counts.sum()))
        seconds.append([found.seconds for found in fits])
        megabytes.append([found.megabytes for found in fits])
        told = [summary(np.array(values[-1]), digits) for values, digits in ((seconds, 2), (megabytes, 1))]
        rows.append([corpus.name, f"{tokens[-1]:,}", *told])
    (time_slope, time_error), (memory_slope, memory_error) = (slopes(tokens, np.array(v)) for v in (seconds, megabytes))
    print(f"\ngrowth: {FEWER} sweeps, K {GROWN_SIZE[-1]}, {GROWN_SEEDS} seeds\n\n{table(rows)}", flush=True)
    judged = "about linear" if time_slope <= LINEAR else "worse than linear"
    return (
        f"growth: seconds grow as tokens to the power of {time_slope:.2f} ± {time_error:.2f}, {judged}; "
        f"memory to the power of {memory_slope:.2f} ± {memory_error:.2f}."
    )


def main() -> None:
    makers = {"sample": of_sample} | {name.split()[-1]: partial(of_planted, name, size) for name, size in SIZES.items()}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="fits of each contestant, 2 or more")
    parser.add_argument("--corpora", nargs="+", choices=[*makers, "records", "growth"], help="all, unless named")
    parser.add_argument("--records", nargs="*", type=Path, default=[], help="JSONL files")
    parser.add_argument("--k", type=int, default=20, help="topics of the records")
    parser.add_argument("--jobs", type=int, default=2, help="fits at once")
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("--seeds: 2 or more")
    if "records" in (options.corpora or []) and not options.records:
        parser.error("--corpora records: name their files with --records")
    if options.records:
        makers["records"] = partial(of_records, options.records, options.k)
    chosen = options.corpora or [*makers, "growth"]
    single_threaded()
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    verdicts = [compared(makers[name](), options.seeds, options.jobs) for name in makers if name in chosen]
    if "growth" in chosen:
        verdicts.append(growth(options.jobs))
    for said in verdicts:
        print("\n" + textwrap.fill(said, 120))


if __name__ == "__main__":
    main()
