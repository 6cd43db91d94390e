"""Each contrast estimated again under the choices that another analyst could have made.

Which choices there are says `baokan.robustness.choices`; what becomes of the estimates, `baokan.robustness.specifications`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.comparing.contrasts import contrasts
from baokan.comparing.limits import CONTRAST, WEIGHTINGS, Limits
from baokan.comparing.pipeline import Refit, refit_by_articles, refit_by_terms
from baokan.comparing.shares import issue_shares
from baokan.corpus.originals import originals
from baokan.robustness.choices import OWN, Specification, specifications, word_choices
from baokan.robustness.counting import Counted, Text, counts_of, cut_again, words_of
from baokan.robustness.parts import CHOICES, REPORTED, SPECIFICATIONS, TRIED, Part, all_issues, joined, typed
from baokan.topics.alignment import SAME_TOPIC
from baokan.topics.reported import ReportedModel
from baokan.topics.training import Fits, fit_all, training_rows
from baokan.words.counting import article_counts

Saved = Mapping[tuple[str, int], Fits]  # by engine and K


class Run(NamedTuple):
    """What the specifications are variations of. articles: article_id, source, publication, issue, issue_id, issue_date,
    duplicate_of; own: the run's own counts; saved: gives the fits of these that need not be made again; topics: that part of
    the configuration."""

    articles: pd.DataFrame
    model: ReportedModel
    own: Counted
    saved: Callable[[], Saved]
    topics: Mapping
    limits: Limits
    seed: int


class _Ready(NamedTuple):
    """A way of counting as fits need it: the counts, their sums by article, shape (A, V), the chunks to train on, and the
    articles with n_tokens, what is counted of each."""

    counted: Counted
    by_article: sparse.csr_matrix
    training: np.ndarray
    articles: pd.DataFrame


def saved_fits(topics: Mapping, k: int, fits: Fits, around: Mapping[int, Fits], check: Fits | None) -> Saved:
    """The fits of the run's own counts: all of the chosen K, those of the neighbouring ones, and those of the second engine."""
    found = {(topics["engine"], k): fits} | {(topics["engine"], other): near for other, near in around.items()}
    if check is not None and topics["check_engine"] != topics["engine"]:
        found[topics["check_engine"], k] = check
    return found


def parts_of(
    names: Sequence[str], run: Run, text: Text, words: Mapping, progress: Callable[[str, int], Callable[[int], None]]
) -> Part:
    """The specifications of several choices of words, together. words: that part of the configuration; progress: of `job`."""
    planned = specifications(words, run.topics, run.seed, run.model.k, run.model.number)
    report, done = progress("specifications", sum(spec.words in names for spec in planned)), 0
    found = []
    for name in names:
        choice = words_of(name, text.lists, words, text.discovered)

        def other(lengths: list[int], choice=choice) -> Callable[[int], Counted | str]:
            return counts_of(run.articles, cut_again(text.texts, choice, text.tokens), choice, lengths)

        def reported(n: int, before=done) -> None:
            report(before + n)

        found.append(part(name, word_choices(words)[name], planned, run, other, reported))
        done += len(found[-1].tried)
    return joined(found)


def part(
    name: str,
    plain: str,
    planned: Sequence[Specification],
    run: Run,
    other: Callable[[list[int]], Callable[[int], Counted | str]],
    progress: Callable[[int], None] = lambda n: None,
) -> Part:
    """The specifications of the choice of words `name`, out of all that are `planned`.

    plain: the plain words for `name`. other: gives for lengths of windows what `counts_of` returns, called once if at all.

    A way of counting that leaves the counts as they are is no other specification and is not fitted:
    `specifications.gathered` says so.
    """
    windows = run.topics["chunk_tokens"]
    by_length: dict[int, list[tuple[int, Specification]]] = {}
    for number, spec in enumerate(planned, REPORTED):
        if spec.words == name:
            by_length.setdefault(spec.chunk_tokens, []).append((number, spec))
    ways: dict[int, Counted | str] = {windows: run.own} if name == OWN else {}
    if lengths := sorted(by_length.keys() - ways.keys()):
        counts_at = other(lengths)
        ways |= {length: counts_at(length) for length in lengths}
    saved = run.saved() if name == OWN else {}
    keep = originals(run.articles)
    issues = all_issues(run.articles[keep])
    rows, tried, numbers, shares = [], [], [], []
    seen, done = {run.own.name} if name != OWN else set(), 0
    # The run's own length first: what another length leaves as it is, is the same.
    for length in sorted(by_length, key=lambda n: (n != windows, n)):
        way = ways[length]
        ready, problem = (None, way) if isinstance(way, str) else _ready(way, run, seen)
        about_way = {"n_terms": 0, "n_chunks": 0, "counts": "", "problem": problem}
        if not isinstance(way, str):
            about_way |= {"n_terms": way.counts.shape[1], "n_chunks": len(way.chunks), "counts": way.name}
        for number, spec in by_length[length]:
            about = dict(zip(CHOICES, (plain, *spec[1:]), strict=True))
            tried.append({"specification": number} | about | about_way)
            if ready is not None:
                refit = _refit(number, spec, ready, run, saved, keep)
                table, cube = _estimates(ready.articles[keep], issues, refit, run, number == REPORTED)
                rows.append(table.assign(specification=number, **about))
                numbers.append(number)
                shares.append(cube)
            done += 1
            progress(done)
    found = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    return Part(
        typed(found.reindex(columns=SPECIFICATIONS[:-2])),
        typed(pd.DataFrame(tried, columns=[*TRIED[:-1], "problem"])),
        np.array(numbers, dtype=int),
        np.array(shares, np.float32).reshape(len(shares), len(WEIGHTINGS), len(issues), int(run.model.kept.sum())),
    )


def _ready(way: Counted, run: Run, seen: set[str]) -> tuple[_Ready | None, str]:
    """(the counts made ready, or None where nothing is to be fitted; why not, where it is their fault). seen: names of the
    counts that have been fitted, to which these are added."""
    if way.name in seen:
        return None, ""
    seen.add(way.name)
    training = training_rows(way.chunks, run.articles, run.topics["issue_cap"], run.seed)
    if not way.counts[training].nnz:
        return None, "no text is left to train a model on"
    by_article = article_counts(way.chunks, way.counts, list(run.articles["article_id"]))
    articles = run.articles.assign(n_tokens=np.asarray(by_article.sum(axis=1)).ravel())
    return _Ready(way, by_article, training, articles), ""


def _refit(number: int, spec: Specification, way: _Ready, run: Run, saved: Saved, keep: np.ndarray) -> Refit:
    """A specification in the terms of the reported topics. Where the words are the same, topics of like terms are the same;
    of other words, those of like shares in the articles."""
    model = run.model
    if number == REPORTED:
        return Refit(np.ones(len(model.topic_ids)), model.theta[keep])
    fits = saved.get((spec.engine, spec.k)) if way.counted is run.own else None
    if fits is None or spec.seed not in fits.numbers:
        fits = fit_all(
            spec.engine, way.counted.counts, way.training, way.by_article, spec.k, [spec.seed], run.seed,
            run.topics["iterations"],
        )  # fmt: skip
    place = list(fits.numbers).index(spec.seed)
    phi, theta = fits.phi[place].astype(float), fits.theta[place].astype(float)
    if spec.words == OWN:
        return refit_by_terms(model, (phi, theta[keep]))
    return refit_by_articles(model.theta[keep], theta[keep])


def _estimates(
    articles: pd.DataFrame,
    issues: pd.DataFrame,
    refit: Refit,
    run: Run,
    is_reported: bool,
) -> tuple[pd.DataFrame, np.ndarray]:
    """(the contrasts of one specification, and the shares of issues, shape (W, I, K''))."""
    kept = np.flatnonzero(run.model.kept)
    tables, cube = [], np.full((len(WEIGHTINGS), len(issues), len(kept)), np.nan, np.float32)
    for w, weighting in enumerate(WEIGHTINGS):
        its_issues, its_shares = issue_shares(articles, refit.theta, weighting)
        its_shares = its_shares[:, kept]
        cube[w, pd.Index(issues["issue_id"]).get_indexer(its_issues["issue_id"])] = its_shares
        limits = run.limits if is_reported else run.limits.of_a_check()
        table = contrasts(its_issues, its_shares, limits, seed=run.seed)
        place = table["topic"].to_numpy(int)
        table["topic_id"] = run.model.topic_ids[kept][place]
        table["similarity"] = refit.score[kept][place]
        tables.append(table.assign(weighting=weighting))
    table = pd.concat(tables, ignore_index=True)
    table["returns"] = table["similarity"].to_numpy(float) >= SAME_TOPIC
    # A topic that has no partner at all has no share of 0 there: it has none.
    absent = table["similarity"].to_numpy(float) <= 0
    table.loc[absent, ["difference", "lower", "upper", "t", "p"]] = np.nan
    return table[[*CONTRAST, "similarity", "returns", "difference", "lower", "upper", "t", "p"]], cube
