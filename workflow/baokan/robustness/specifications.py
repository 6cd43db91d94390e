"""Each contrast estimated again under every reasonable choice of an analyst: the specification curve and what survives of it.

Simonsohn, Simmons & Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4, 1208-1214; multiverse: Steegen et
al. (2016). Which specifications there are says `baokan.robustness.choices`.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from baokan.comparing.contrasts import contrasts
from baokan.comparing.grading import GRADES
from baokan.comparing.pipeline import CHECK_PERMUTATIONS, WEIGHTINGS, Refit, refit_by_articles, refit_by_terms
from baokan.comparing.reasons import read, reason, stored
from baokan.comparing.shares import issue_shares
from baokan.robustness.choices import NOUNS, OTHER_SEGMENTER, OWN, OWN_WORDS, Specification, changed
from baokan.tables import read_parquet, write_parquet
from baokan.topics.alignment import SAME_TOPIC
from baokan.topics.training import Fits, fit_all, save, training_rows
from baokan.words.lexicon import WordLists, terms_in_force
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import Tokens
from baokan.words.vocabulary import SMALLEST_VOCABULARY, article_counts, chunk_counts, kept_terms, vocabulary_table
from baokan.words.wordlists import read_stopwords

ALPHA = 0.05
CURVE_PERMUTATIONS = 500
REPORTED = 1  # number of the specification that is the run itself
SEVERAL = 3  # specifications that are named one by one; of more, the choices that break a contrast most
CHOICES = ["words", "chunk_tokens", "engine", "k", "seed"]
CONTRAST = ["topic_id", "source_a", "source_b", "weighting"]
SPECIFICATIONS = ["specification", *CHOICES, *CONTRAST, "similarity", "returns", "difference", "lower", "upper", "t", "p",
                  "same_sign", "holds"]  # fmt: skip
TRIED = ["specification", *CHOICES, "n_terms", "n_chunks", "counts", "outcome"]
SURVIVAL = [*CONTRAST, "held", "total", "returning", "same_sign", "difference", "median_difference", "tested", "p_curve",
            "p_held", "breaks"]  # fmt: skip
BY_CHOICE = [*CONTRAST, "kind", "choice", "held", "same_sign", "total"]
FITTED = "fitted"
UNCHANGED = stored(reason("choice"))  # the run's own choice, in the column `choice` of `by_choice`
_TYPES = {
    "str": ["words", "engine", "source_a", "source_b", "weighting", "counts", "outcome", "problem", "breaks", "kind", "choice"],
    "int64": ["specification", "chunk_tokens", "k", "seed", "topic_id", "n_terms", "n_chunks", "held", "total", "returning"],
    "float64": ["similarity", "difference", "lower", "upper", "t", "p", "median_difference", "p_curve", "p_held"],
    "bool": ["returns", "holds", "tested"],
}  # fmt: skip
# The squared standard error of t has a floor, as in `baokan.comparing.contrasts`: constant shares have no variance.
_FLOOR, _CONSTANT, _TIE = 1e-8, 1e-12, 1e-6


class Reported(NamedTuple):
    """The model of the report. theta: shape (A, K'); fitted: the model before topics were merged, shape (K, V); members and
    weights: as in `baokan.topics.rulings.partners`; topic_ids: shape (K',); kept: which are compared, boolean, shape (K',)."""

    theta: np.ndarray
    fitted: np.ndarray
    members: list[list[int]]
    weights: np.ndarray
    topic_ids: np.ndarray
    kept: np.ndarray


class Words(NamedTuple):
    """One choice of words: the lists in force, the settings `words`, and the segmenter if text must be cut anew, else ""."""

    lists: WordLists
    settings: dict
    cut: str


class Counted(NamedTuple):
    """A corpus counted in one way: chunks (article_id, n_tokens), their counts, shape (N, V), and a name for these counts
    that is the same for the same counts."""

    chunks: pd.DataFrame
    counts: sparse.csr_matrix
    name: str


class Part(NamedTuple):
    """What the specifications of one choice of words make of the contrasts. shares: shape (S, W, I, K''), float32, the
    share in each issue of what stands for each compared topic, NaN where an issue has no counted word."""

    specifications: pd.DataFrame  # columns SPECIFICATIONS, but for same_sign and holds
    tried: pd.DataFrame  # columns TRIED, but for the outcome; problem: why none was fitted, or ""
    numbers: np.ndarray  # of the S specifications that were fitted
    shares: np.ndarray


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the types of its columns, which one without rows would not show. same_sign is a count where contrasts are
    summed up (a column `total`) and else whether it is so."""
    kinds = {column: kind for kind, columns in _TYPES.items() for column in columns}
    kinds["same_sign"] = "int64" if "total" in table else "bool"
    # Text as Python has it: what pandas makes of "str" differs between its versions.
    return table.astype({c: object if kinds[c] == "str" else kinds[c] for c in table.columns})


def words_of(name: str, lists: WordLists, settings: Mapping, found: pd.DataFrame) -> Words:
    """The lists and settings of a choice of `word_choices`. lists, settings: of the run; found: of `discovery.discover`."""
    settings = dict(settings)
    if name == "no_stopwords":
        return Words(lists._replace(stopwords={}, source_stopwords={}), settings, "")
    if name == "first_stopwords":
        first = read_stopwords(settings["stopwords"][:1])
        return Words(lists._replace(stopwords=dict(zip(first["word"], first["lists"], strict=True))), settings, "")
    if name in (parts := {"all_words": "all", "content_words": "content", "nouns": list(NOUNS)}):
        return Words(lists, settings | {"parts_of_speech": parts[name]}, "")
    if name in ("no_found_terms", "no_terms"):
        paths = settings["terms"] if name == "no_found_terms" else []
        terms = list(terms_in_force(paths, found, "none")["term"])
        return Words(lists._replace(terms=terms), settings, settings["engine"])
    if name == "other_segmenter":
        return Words(lists, settings, OTHER_SEGMENTER[settings["engine"]])
    if name != OWN:
        raise ValueError(f"unknown choice of words {name!r}")
    return Words(lists, settings, "")


def counted(chunks: pd.DataFrame, counts: sparse.csr_matrix, terms: Sequence[str]) -> Counted:
    """chunks with their counts, shape (N, V), and the name of these: a hash over the terms, the articles and the numbers."""
    sha = hashlib.sha256("\0".join([*terms, "", *chunks["article_id"]]).encode("utf-8", "replace"))
    rows = counts.sorted_indices()
    for array in (rows.indptr, rows.indices, rows.data):
        sha.update(np.asarray(array, np.int64).tobytes())
    return Counted(chunks[["article_id", "n_tokens"]], counts, sha.hexdigest()[:16])


def counts_of(
    articles: pd.DataFrame, tokens: Tokens, words: Words, lengths: Iterable[int]
) -> Callable[[int], Counted | str]:
    """A function from a length of windows to the counts, or to the words for why there are none; the vocabulary, which is
    the same for all lengths, is made once."""
    vocabulary, counts = vocabulary_table(tokens, articles, words.lists, words.settings)
    terms = kept_terms(vocabulary)
    sources = pd.Categorical(articles["source"], categories=sorted(articles["source"].unique())).codes
    if len(terms) < SMALLEST_VOCABULARY:
        return lambda length: f"only {len(terms)} terms are left, too few for a topic model"
    found = {n: counted(*chunk_counts(tokens, sources, counts, vocabulary, n), terms) for n in sorted(set(lengths))}
    return found.__getitem__


def part(
    name: str,
    planned: Sequence[Specification],
    articles: pd.DataFrame,
    reported: Reported,
    own: Counted,
    other: Callable[[list[int]], Callable[[int], Counted | str]],
    saved: Mapping[tuple[str, int], Fits],
    topics: Mapping,
    settings: Mapping,
    said_words: str,
    seed: int,
    progress: Callable[[int], None] = lambda n: None,
) -> Part:
    """The specifications of the choice of words `name`, out of all that are `planned`.

    articles: article_id, source, publication, issue, issue_id, issue_date, duplicate_of. own: the run's own counts; other:
    gives for lengths of windows what `counts_of` returns, called once if at all. saved: fits of the run's own counts by
    (engine, K), which are not made again. topics, settings: parts `topics` and `compare` of the configuration. said_words:
    the plain words for `name`.

    A way of counting that leaves the counts as they are is no other specification and is not fitted: `gathered` says so.
    """
    mine = [(number, spec) for number, spec in enumerate(planned, REPORTED) if spec.words == name]
    lengths = sorted({spec.chunk_tokens for _, spec in mine} - ({topics["chunk_tokens"]} if name == OWN else set()))
    ways: dict[int, Counted | str] = {}
    if lengths:
        counts_at = other(lengths)
        ways = {length: counts_at(length) for length in lengths}
    if name == OWN:
        ways[topics["chunk_tokens"]] = own
    ids = list(articles["article_id"])
    keep = (articles["duplicate_of"] == "").to_numpy()
    issues = all_issues(articles[keep])
    rows, tried, numbers, shares = [], [], [], []
    by_way: dict[int, list[tuple[int, Specification]]] = {}
    for number, spec in mine:
        by_way.setdefault(spec.chunk_tokens, []).append((number, spec))
    seen, done = {own.name} if name != OWN else set(), 0
    # The run's own length first: what another length leaves as it is, is the same.
    for length in sorted(by_way, key=lambda n: (n != topics["chunk_tokens"], n)):
        way = ways[length]
        problem = way if isinstance(way, str) else ""
        fresh = None if isinstance(way, str) or way.name in seen else way
        if fresh is not None:
            seen.add(fresh.name)
            by_article = article_counts(fresh.chunks, fresh.counts, ids)
            of_articles = articles.assign(
                n_tokens=np.asarray(by_article.sum(axis=1)).ravel(), date=articles["issue_date"]
            )
            training = training_rows(fresh.chunks, articles, topics["issue_cap"], seed)
            if not fresh.counts[training].nnz:
                problem, fresh = "no text is left to train a model on", None
        for number, spec in by_way[length]:
            about = dict(zip(CHOICES, (said_words, *spec[1:]), strict=True))
            tried.append(
                {"specification": number} | about
                | {"n_terms": 0 if isinstance(way, str) else way.counts.shape[1]}
                | {"n_chunks": 0 if isinstance(way, str) else len(way.chunks)}
                | {"counts": "" if isinstance(way, str) else way.name, "problem": problem}
            )  # fmt: skip
            if fresh is not None:
                refit = _refit(number, spec, fresh, own, reported, saved, training, by_article, topics, seed, keep)
                table, cube = _estimates(of_articles[keep], issues, refit, reported, settings, seed, number == REPORTED)
                rows.append(table.assign(specification=number, **about))
                numbers.append(number)
                shares.append(cube)
            done += 1
            progress(done)
    n_topics = int(reported.kept.sum())
    found = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    return Part(
        typed(found.reindex(columns=SPECIFICATIONS[:-2])),
        typed(pd.DataFrame(tried, columns=[*TRIED[:-1], "problem"])),
        np.array(numbers, dtype=int),
        np.array(shares, np.float32).reshape(len(shares), len(WEIGHTINGS), len(issues), n_topics),
    )


def joined(parts: Sequence[Part]) -> Part:
    """The parts of several choices of words as one."""
    specifications, tried = (
        typed(pd.concat(tables, ignore_index=True))
        for tables in ([p.specifications for p in parts], [p.tried for p in parts])
    )
    return Part(
        specifications, tried, np.concatenate([p.numbers for p in parts]), np.concatenate([p.shares for p in parts])
    )


def no_part() -> Part:
    """Of a curve that is not computed."""
    specifications = typed(pd.DataFrame(columns=SPECIFICATIONS[:-2]))
    tried = typed(pd.DataFrame(columns=[*TRIED[:-1], "problem"]))
    return Part(specifications, tried, np.array([], int), np.zeros((0, len(WEIGHTINGS), 0, 0), np.float32))


def write_part(found: Part, table: str | Path, tried: str | Path, shares: str | Path) -> None:
    """Write a part as two tables and a file of arrays."""
    write_parquet(found.specifications, table)
    write_parquet(found.tried, tried)
    save(shares, numbers=found.numbers, shares=found.shares)


def read_part(table: str | Path, tried: str | Path, shares: str | Path) -> Part:
    """The part that `write_part` has written."""
    with np.load(shares, allow_pickle=False) as file:
        return Part(typed(read_parquet(table)), typed(read_parquet(tried)), file["numbers"], file["shares"])


def _refit(
    number: int,
    spec: Specification,
    way: Counted,
    own: Counted,
    reported: Reported,
    saved: Mapping[tuple[str, int], Fits],
    training: np.ndarray,
    by_article: sparse.csr_matrix,
    topics: Mapping,
    seed: int,
    keep: np.ndarray,
) -> Refit:
    """A specification in the terms of the reported topics. Where the words are the same, topics of like terms are the same;
    of other words, those of like shares in the articles."""
    if number == REPORTED:
        return Refit(np.ones(len(reported.topic_ids)), reported.theta[keep])
    fits = saved.get((spec.engine, spec.k)) if way is own else None
    if fits is None or spec.seed not in fits.numbers:
        fits = fit_all(spec.engine, way.counts, training, by_article, spec.k, [spec.seed], seed, topics["iterations"])
    place = list(fits.numbers).index(spec.seed)
    phi, theta = fits.phi[place].astype(float), fits.theta[place].astype(float)
    if spec.words == OWN:
        return refit_by_terms(reported.fitted, (phi, theta[keep]), reported.members, reported.weights)
    return refit_by_articles(reported.theta[keep], theta[keep])


def all_issues(articles: pd.DataFrame) -> pd.DataFrame:
    """All issues that have an article, sorted by their id."""
    known = articles.assign(n_tokens=1, date=articles["issue_date"])
    return issue_shares(known, np.ones((len(known), 1)), "article")[0].sort_values("issue_id", ignore_index=True)


def _estimates(
    articles: pd.DataFrame,
    issues: pd.DataFrame,
    refit: Refit,
    reported: Reported,
    settings: Mapping,
    seed: int,
    is_reported: bool,
) -> tuple[pd.DataFrame, np.ndarray]:
    """(the contrasts of one specification, and the shares of issues, shape (W, I, K''))."""
    kept = np.flatnonzero(reported.kept)
    tables, cube = [], np.full((len(WEIGHTINGS), len(issues), len(kept)), np.nan, np.float32)
    for w, weighting in enumerate(WEIGHTINGS):
        its_issues, its_shares = issue_shares(articles, refit.theta, weighting)
        its_shares = its_shares[:, kept]
        cube[w, pd.Index(issues["issue_id"]).get_indexer(its_issues["issue_id"])] = its_shares
        # How many articles a topic needs is asked of the reported model alone: a check looks whether the difference is there.
        table = contrasts(
            its_issues, its_shares, permutations=settings["permutations"] if is_reported else CHECK_PERMUTATIONS,
            seed=seed, min_issues=settings["min_issues"], min_articles=settings["min_articles"] if is_reported else 0,
            confidence=settings["confidence"],
        )  # fmt: skip
        place = table["topic"].to_numpy(int)
        table["topic_id"] = reported.topic_ids[kept][place]
        table["similarity"] = refit.score[kept][place]
        tables.append(table.assign(weighting=weighting))
    table = pd.concat(tables, ignore_index=True)
    table["returns"] = table["similarity"].to_numpy(float) >= SAME_TOPIC
    # A topic that has no partner at all has no share of 0 there: it has none.
    absent = table["similarity"].to_numpy(float) <= 0
    table.loc[absent, ["difference", "lower", "upper", "t", "p"]] = np.nan
    return table[[*CONTRAST, "similarity", "returns", "difference", "lower", "upper", "t", "p"]], cube


def gathered(parts: Sequence[Part], issues: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """The tables specifications, survival and tried, of the parts of all choices of words. issues: of `all_issues`, the third
    axis of the parts' shares."""
    parts = [p for p in parts if len(p.tried)] or [no_part()]
    tried = pd.concat([p.tried for p in parts], ignore_index=True)
    tried = tried.sort_values("specification", ignore_index=True)
    tried["outcome"] = _outcomes(tried)
    counting = set(tried.loc[tried["outcome"] == FITTED, "specification"])
    made = [p.specifications for p in parts if len(p.specifications)] or [parts[0].specifications]
    table = pd.concat(made, ignore_index=True)
    table = compared(table[table["specification"].isin(counting)])
    numbers = np.concatenate([p.numbers for p in parts])
    order = [i for i in np.argsort(numbers, kind="stable") if numbers[i] in counting]
    joint = None
    if len(table):
        cube = np.concatenate([p.shares for p in parts if len(p.numbers)])[order]
        joint = joint_tests(table, issues, cube, numbers[order], seed)
    return {"specifications": table, "survival": survival(table, joint), "tried": typed(tried[TRIED])}


def _outcomes(tried: pd.DataFrame) -> list[str]:
    """FITTED, or in words why a specification is none of its own. tried: by rising number."""
    first: dict[str, tuple] = {}
    found = []
    for row in tried.itertuples():
        way = (row.words, row.chunk_tokens)
        if row.problem:
            found.append(row.problem)
        elif first.setdefault(row.counts, way) == way:
            found.append(FITTED)
        else:
            words, tokens = first[row.counts]
            same = "the run's own words" if words == OWN_WORDS else f"words {words}"
            found.append(f"the same counts as {same} in windows of {tokens} tokens, counted once")
    return found


def compared(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with same_sign (as the reported difference, of a topic that returns) and holds (and p of at most 0.05), and
    the columns SPECIFICATIONS, in the order of contrasts and specifications. A topic without a partner does not hold. A
    contrast that may not be tested in the reported model is tested in no other: it has no p and no interval."""
    if not len(table):
        return typed(table.reindex(columns=SPECIFICATIONS))
    own = table[table["specification"] == REPORTED].set_index(CONTRAST)[["difference", "p"]]
    here, p = own.reindex(pd.MultiIndex.from_frame(table[CONTRAST])).to_numpy(float).T
    table = table.reset_index(drop=True)
    table.loc[np.isnan(p), ["lower", "upper", "t", "p"]] = np.nan
    returns = table["returns"].to_numpy(bool)
    same = returns & (np.sign(table["difference"].to_numpy(float)) == np.sign(here))
    table = table.assign(same_sign=same, holds=same & (table["p"].to_numpy(float) <= ALPHA))
    table = table.sort_values([*CONTRAST, "specification"], kind="stable", ignore_index=True)
    return typed(table[SPECIFICATIONS])


def survival(table: pd.DataFrame, joint: pd.DataFrame | None = None) -> pd.DataFrame:
    """A row per contrast, with the columns SURVIVAL: in how many specifications, the reported one among them, it holds, its
    topic returns, and its difference has the same sign; the reported difference and the median over those in which the
    topic returns; and where it breaks (`baokan.comparing.reasons`). tested: whether there are issues and articles enough for a
    p-value.

    table: specifications. joint: of `joint_tests`, whose p-values are NaN where it is None or has no such row.
    """
    if not len(table):
        return typed(pd.DataFrame(columns=SURVIVAL))
    rows = []
    for key, part in table.groupby(CONTRAST, sort=True):
        own = part[part["specification"] == REPORTED].iloc[0]
        there = part.loc[part["returns"].astype(bool), "difference"]
        tested = bool(part["p"].notna().any())
        rows.append(
            dict(zip(CONTRAST, key, strict=True))
            | {"held": int(part["holds"].sum()), "total": len(part), "returning": int(part["returns"].sum())}
            | {"same_sign": int(part["same_sign"].sum()), "difference": float(own["difference"])}
            | {"median_difference": float(there.median()), "tested": tested, "breaks": _breaks(part, own, tested)}
        )
    found = pd.DataFrame(rows)
    if joint is not None and len(joint):
        found = found.merge(joint, on=CONTRAST, how="left")
    return typed(found.reindex(columns=SURVIVAL))


def _breaks(part: pd.DataFrame, own: pd.Series, tested: bool) -> str:
    """Where a contrast holds and where not (`baokan.comparing.reasons`)."""
    column, total = "holds" if tested else "same_sign", len(part)
    n = int(part[column].sum())
    values: dict[str, Any] = {"tested": tested, "n": n, "total": total}
    broken = part[~part[column].astype(bool)]
    if len(broken) <= SEVERAL:
        changes = [changed(row, own) for row in broken.to_dict("records")]
        return stored(reason("robustness", **values, not_in=[c for i, c in enumerate(changes) if c not in changes[:i]]))
    table = by_choice(part)
    table = table[(table["choice"] != UNCHANGED) & (table["kind"] != "seed")].copy()
    table["n"] = table["held" if tested else "same_sign"]
    table["share"] = table["n"] / table["total"]
    # A choice says where it breaks only if it does worse than all together.
    worst = table[table["share"] < n / total].sort_values("share", kind="stable").head(SEVERAL)
    least = [(read(row.choice)[0].values, row.n, row.total) for row in worst.itertuples()]
    return stored(reason("robustness", **values, least=least))


def by_choice(table: pd.DataFrame) -> pd.DataFrame:
    """Where contrasts hold by what was chosen: a row per contrast, kind of choice (a column of CHOICES) and choice (`changed`, as
    `baokan.comparing.reasons` stores it), with held, same_sign and total of the specifications that make it. The run's own
    choice is among them, as UNCHANGED; other seeds are one choice. table: specifications."""
    if not len(table):
        return typed(pd.DataFrame(columns=BY_CHOICE))
    own = table.loc[table["specification"] == REPORTED].iloc[0]
    parts = []
    for kind in CHOICES:
        another = {v: own[kind] != v for v in table[kind].unique()}
        choices = {
            v: stored(reason("choice", **({kind: "another" if kind == "seed" else v} if is_other else {})))
            for v, is_other in another.items()
        }
        part = table.assign(kind=kind, choice=table[kind].map(choices), total=1, held=table["holds"])
        part = part.groupby([*CONTRAST, "kind", "choice"], sort=False)[["held", "same_sign", "total"]].sum().astype(int)
        parts.append(part.reset_index())
    return pd.concat(parts, ignore_index=True).sort_values(CONTRAST, kind="stable", ignore_index=True)[BY_CHOICE]


def joint_tests(
    table: pd.DataFrame, issues: pd.DataFrame, shares: np.ndarray, numbers: np.ndarray, seed: int
) -> pd.DataFrame:
    """The whole curve tested at once (Simonsohn et al. 2020, "inference"): CONTRAST, p_curve and p_held, of the contrasts that
    are tested.

    Labels of sources are dealt to issues at random, the same labels in all specifications, so that the curves of dealt labels
    are as alike among themselves as specifications are. p_curve: how often the median over specifications of Welch's t is as
    far from 0 as that of the data; p_held: how often as many specifications have p <= 0.05 in one direction. Both are (1 + n) /
    (1 + 500) (Phipson & Smyth 2010). Specifications in which the topic does not return are left out.

    Limit: labels are dealt freely, over time too; sources that cover different periods differ in period as well.

    issues: issue_id, source, shape (I,); shares: shape (S, W, I, K''), in the order of the topic_ids of `table`; numbers: of the
    S specifications.
    """
    topic_ids = sorted(table["topic_id"].unique())
    sources = issues["source"].to_numpy(str)
    place = {number: i for i, number in enumerate(numbers)}
    returning = table[table["returns"].astype(bool)]
    tested = table.groupby(CONTRAST)["p"].apply(lambda p: p.notna().any())
    rows = []
    for (topic_id, a, b, weighting), part in returning.groupby(CONTRAST, sort=True):
        key = (topic_id, a, b, weighting)
        if not tested[key]:
            continue
        own = np.flatnonzero((sources == a) | (sources == b))
        specs = [place[n] for n in part["specification"]]
        x = shares[specs, WEIGHTINGS.index(weighting)][:, own, topic_ids.index(topic_id)].T.astype(float)
        # t of the data is the one that was reported, which allows for issues that resemble those before them; dealt labels
        # are in no order, so that theirs need not.
        dealt = _dealt(x, sources[own] == a, _generator(seed, "curve", a, b))
        t = np.vstack([np.nan_to_num(part["t"].to_numpy(float)), dealt])
        rows.append((*key, *_curve_p(t)))
    return pd.DataFrame(rows, columns=[*CONTRAST, "p_curve", "p_held"])


def _dealt(x: np.ndarray, of_a: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Welch's t of each specification for dealt labels, shape (CURVE_PERMUTATIONS, S). x: shares, shape (n, S), NaN where an
    issue has none; of_a: whose label is that of the first source, boolean, shape (n,)."""
    labels = rng.permuted(np.tile(of_a, (CURVE_PERMUTATIONS, 1)), axis=1).astype(float)
    here = ~np.isnan(x)
    n = np.maximum(here.sum(axis=0), 1)
    z = np.where(here, x, 0.0)
    z = np.where(here, z - z.sum(axis=0) / n, 0.0)
    spread = np.sqrt((z**2).sum(axis=0) / np.maximum(n - 1, 1))
    z = np.divide(z, spread, out=np.zeros_like(z), where=spread > _CONSTANT)
    sums = [labels @ part for part in (here.astype(float), z, z * z)]
    sides = [sums, [part.sum(axis=0) - s for part, s in zip((here, z, z * z), sums, strict=True)]]
    means, errors, sizes = [], [], []
    for size, total, squares in sides:
        size = np.maximum(size, 1)
        means.append(total / size)
        variance = np.maximum((squares - size * means[-1] ** 2) / np.maximum(size - 1, 1), _FLOOR)
        errors.append(variance / size)
        sizes.append(size)
    t = (means[0] - means[1]) / np.sqrt(errors[0] + errors[1])
    # One issue has no variance.
    return np.where(np.minimum(*sizes) >= 2, t, 0.0)


def _curve_p(t: np.ndarray) -> tuple[float, float]:
    """(p of the median t, p of the number of specifications with p <= 0.05 in one direction). t: of the data in the first row,
    of dealt labels in the others; a column for each specification."""
    medians = np.abs(np.median(t, axis=1))
    by_median = np.mean(medians >= medians[0] * (1 - _TIE))
    size = np.round(np.abs(t), 6)
    p = pd.DataFrame(-size).rank(method="max").to_numpy() / len(t)
    sure = (p <= ALPHA) & (size > 0)
    most = np.maximum((sure & (t > 0)).sum(axis=1), (sure & (t < 0)).sum(axis=1))
    return float(by_median), float(np.mean(most >= most[0]))


def _generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for these names, the same on every machine."""
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])


def headlines(survived: pd.DataFrame, contrasts: pd.DataFrame, weighting: str, most: int) -> pd.DataFrame:
    """The contrasts that are told of first, at most `most`: the surest, then the largest, each topic once. Claims only, if
    there are any. survived: survival; contrasts: of the report, with grade and house_style."""
    columns = [*CONTRAST, "grade", "house_style"]
    rows = survived[survived["weighting"] == weighting].merge(contrasts[columns], on=CONTRAST)
    rank = rows["grade"].map({grade: i for i, grade in enumerate(GRADES)}).astype(int)
    rows = rows.assign(rank=rank, size=rows["difference"].abs(), style=rows["house_style"].astype(bool))
    rows = rows.sort_values(["style", "rank", "size", "topic_id"], ascending=[True, True, False, True], kind="stable")
    claims = rows[rows["rank"] < 2]
    rows = claims if len(claims) else rows
    return rows.drop_duplicates("topic_id").head(most).drop(columns=["rank", "size", "style"]).reset_index(drop=True)


def cut_again(
    texts: Callable[[], Iterable[tuple[str, str, str]]], words: Words, tokens: Callable[[], Tokens]
) -> Tokens:
    """The tokens of a choice of words: those of the run, or the text cut anew, which reads it once."""
    if not words.cut:
        return tokens()
    return tokens_of(texts(), words.cut, words.lists.terms, words.settings["simplify"])
