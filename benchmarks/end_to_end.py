"""Whether a whole run keeps its promises: text of known topics through the pipeline itself, many times over.

    PYTHONPATH=workflow python benchmarks/end_to_end.py --runs 20

Each cell is a kind of corpus: two sources, their issues, how alike articles of an issue are, whether a subject lasts from one
issue to the next, and by what factor one source has more of one topic. Topics are planted over real words, articles are
written in sentences below headlines and bylines, and `snakemake` reads, cuts, segments, fits and compares them, with fewer
topics, seeds, sweeps and permutations than a real run and with all its checks (specification curve, confounds).

Printed by cell, with Wilson's intervals over runs: how often any topic without a difference is called more than descriptive,
or established; how often the planted topic is found, with the right sign, and how it is graded; how often the interval of a
difference covers it. A run is kept as a small file in results/calibration/end_to_end/, named by a hash of its text, its
settings and the code: what was cut off goes on where it was, and what a changed module made is made again. Twenty runs of
each cell take about half an hour on two free cores.
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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import jieba
import numpy as np
import pandas as pd
import yaml
from baokan.config import validated
from baokan.digest import digest, modules
from baokan.tables import read_parquet
from baokan.topics.alignment import SAME_TOPIC, cosine
from baokan.topics.reported import MODEL, ReportedModel
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
TITLE = 5  # words of a headline
START, EVERY = date(2021, 1, 4), 7  # first issue, days between issues
# What real text has between its words; none of it is counted.
JOINTS = ["的", "的", "在", "和", "与", "是", "了", "把", "对", "从"]
WRITERS = ["陆明远", "何琴", "桑吉", "杨国柱", "周文静", "马建平"]
# What a run is spared, to take some thirty seconds of a processor, most of them to start its twenty jobs; all else is as
# config/config.yaml has it.
LIGHT = {
    "shards": 1,
    "words": {"discover": "none", "audit_characters": 0, "terms": [], "stopwords": ["config/stopwords/zh-iso.txt"]},
    "topics": {"k": [8, 10, 12], "seeds": 4, "chosen_seeds": 4, "check_engine": "none", "iterations": 150},
    "compare": {"permutations": 999},
}
# All that stands between the files and the grades.
MODULES = [
    *(
        "reading.shard",
        "articles.cut",
        "duplicates.groups",
        "articles.gathering",
        "words.discovery",
        "words.vocabulary",
    ),
    *(
        "topics.model_selection",
        "topics.chosen",
        "topics.training",
        "comparing.pipeline",
        "comparing.measurement_error",
    ),
    *(
        "comparing.confounds",
        "robustness.refits",
        "robustness.specifications",
        "claims.tables",
        *modules("topics.engines"),
    ),
]
SCRIPTS = [
    *("read", "cut", "repeats", "gather", "discover", "tokens", "vocabulary", "fit", "search", "refit", "choose"),
    *("compare", "confounds", "specifications", "specification_tables", "claims"),
]
COPIED = ("Snakefile", "pyproject.toml", "environment.yml", "workflow", "config", "profiles", "notebooks")
STORE = Path("results/calibration/end_to_end")
WEIGHTING = "article"
# A found topic whose true difference is smaller counts as one without: some sixth of the standard error of a difference with
# 12 issues a side, it raises a level of 5 % to 5.3 %.
NO_DIFFERENCE = 0.01
FAMILY = 0.065  # what is promised: claims in at most so many runs in which there is nothing to claim
KEPT = [
    *("topic_id", "weighting", "difference", "lower", "upper", "p", "p_maxt", "p_holm", "p_bh"),
    *("eligible", "grade", "grade_reasons"),
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

    def __str__(self) -> str:
        parts = [f"{self.issues[0]}+{self.issues[1]} issues of {self.articles}"]
        parts += [f"autocorrelation {self.lasting:.1f}"] if self.lasting else []
        parts += ["periods apart"] if self.apart else []
        parts += [f"ratio {self.ratio:g}"] if self.ratio != 1 else []
        return ", ".join(parts)


CELLS = {
    "null": Cell(),
    "lasting": Cell(lasting=0.4),
    "uneven": Cell(issues=(30, 10)),
    "apart": Cell(apart=True),
    "ratio2": Cell(issues=(24, 24), ratio=2),
    "ratio4": Cell(issues=(24, 24), ratio=4),
    "ratio8": Cell(issues=(24, 24), ratio=8),
}


class Corpus(NamedTuple):
    """files: text by path below the corpus folder. truth: a row per article with file, start, end (of its text in the file),
    source, issue and subject, and n_words, of its text; theta: its mixture, shape (A, K). phi: words of the topics, shape (K, V),
    over `words`, V of them."""

    files: dict[str, str]
    truth: pd.DataFrame
    theta: np.ndarray
    phi: np.ndarray
    words: list[str]


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


@cache
def dictionary_words(n: int) -> list[str]:
    """`n` nouns and verbs of two characters from the dictionary of jieba, from all over the range of ordinary frequencies,
    in an order that has nothing to do with their meaning; none has a character of JOINTS, so that the text is unambiguous."""
    listed = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    entries = [line.split(" ") for line in listed]
    fit = {word for word, count, kind in entries if len(word) == 2 and kind in ("n", "vn") and int(count) >= 300}
    clear = sorted(word for word in fit if not set(word) & set(JOINTS))
    return [clear[i] for i in np.random.default_rng(0).permutation(len(clear))[:n]]


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


def planted_mixtures(cell: Cell, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each source `mixtures` of its articles."""
    return [
        mixtures(rng, prevalences(rng, shares, n, ALIKE, cell.lasting), cell.articles)
        for n, shares in zip(cell.issues, shares_of(cell.ratio), strict=True)
    ]


def corpus(cell: Cell, run: int) -> Corpus:
    """The text of one run of a cell; the same for the same arguments."""
    kind = [*cell.issues, cell.articles, round(100 * cell.lasting), int(cell.apart), round(100 * cell.ratio)]
    rng = np.random.default_rng([run, *kind])
    words = dictionary_words(TERMS)
    phi = topics_around(zipf(TERMS), len(SHARES), rng)[:, rng.permutation(TERMS)]
    cumulated = phi.cumsum(axis=1)
    files, rows, thetas = {}, [], []
    for place, (subjects, theta) in enumerate(planted_mixtures(cell, rng)):
        for issue, day in enumerate(days(cell, place)):
            path, text = f"{SOURCES[place]}/{day.isoformat()}.txt", ""
            for article in range(cell.articles):
                length = max(20, int(rng.lognormal(np.log(WORDS), LENGTHS)))
                topics = rng.choice(len(SHARES), size=length, p=theta[issue, article])
                drawn = [words[int(np.searchsorted(cumulated[t], rng.random() * cumulated[t, -1]))] for t in topics]
                head, rest = drawn[:TITLE], drawn[TITLE:]
                body = "\n".join("　　" + sentences(rng, part) for part in paragraphs_of(rest))
                text += f"{''.join(head[:2])}的{''.join(head[2:])}\n本报记者 {WRITERS[rng.integers(len(WRITERS))]}\n"
                start = len(text)
                text += f"{body}\n\n"
                subject = int(subjects[issue, article])
                rows.append((path, start, start + len(body), SOURCES[place], issue, subject, len(rest)))
                thetas.append(theta[issue, article])
            files[path] = text
    truth = pd.DataFrame(rows, columns=["file", "start", "end", "source", "issue", "subject", "n_words"])
    return Corpus(files, truth, np.array(thetas), phi, words)


def paragraphs_of(words: list[str], size: int = 45) -> list[list[str]]:
    return [words[i : i + size] for i in range(0, len(words), size)]


def days(cell: Cell, place: int) -> list[date]:
    """The days of the issues of the first (place 0) or the second source: of one period unless they are apart, the thinner
    source at even distances."""
    n, most = cell.issues[place], max(cell.issues)
    if cell.apart:
        return [START + timedelta(EVERY * (i + place * (cell.issues[0] + 1))) for i in range(n)]
    return [START + timedelta(EVERY * int(i)) for i in np.linspace(0, most - 1, n).round()]


# What is run, and what is kept of it.


def settings(run: int, where: Path, light: dict = LIGHT) -> dict:
    """The whole configuration of a run on the corpus folder `where`."""
    given = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    own = light | {"corpus": str(where), "name": "run", "seed": run}
    return validated(given | {k: given[k] | v if isinstance(v, dict) else v for k, v in own.items()})


def code_digest(*more: str) -> str:
    """A hash over all that stands between the files and the grades, the list of stopwords included, and the modules `more`."""
    scripts = [ROOT / "workflow/scripts" / f"{name}.py" for name in SCRIPTS]
    return digest(*MODULES, *more, extra=(*scripts, *(ROOT / name for name in LIGHT["words"]["stopwords"])))


def key(cell: Cell, run: int, made: Corpus, code: str) -> str:
    """Names a run by its cell, its number, its text, its settings and the code."""
    config = {k: v for k, v in settings(run, Path("corpus")).items() if k != "report"}
    said = json.dumps([list(cell), run, sorted(made.files.items()), config, code], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def kept(path: Path, make: Callable[[], dict]) -> dict:
    """What stands in `path`, a JSON file, or what `make` gives, which is written there."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(make(), sort_keys=True), encoding="utf-8")
        part.replace(path)
    return json.loads(path.read_text(encoding="utf-8"))


def copied_project(target: Path) -> Path:
    """A copy of what runs need of the project, so that they meet neither each other nor results of the user."""
    target.mkdir(parents=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        else:
            shutil.copy(ROOT / name, target / name)
    return target


def snakemake(project: Path, config: dict, *targets: str) -> Path:
    """The results of a run of the workflow in `project` up to `targets`. Raises RuntimeError with its last words if it fails."""
    results = project / "results" / config["name"]
    shutil.rmtree(results, ignore_errors=True)
    (project / "run.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    wanted = [f"results/{config['name']}/{target}" for target in targets]
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1", "--configfile", "run.yaml", "--nolock", "--", *wanted],
        cwd=project, env=os.environ | {"PYTHONPATH": "workflow"}, text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the run of the workflow failed:\n{done.stdout[-3000:]}")
    return results


def ran(project: Path, cell: Cell, run: int, made: Corpus) -> dict:
    """What is kept of a run of the pipeline: see `measured`; and seconds."""
    folder = project / "corpus"
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in made.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    start = time.monotonic()
    results = snakemake(project, settings(run, folder), "compare/contrasts.parquet")
    said = {"cell": list(cell), "run": run, "seconds": round(time.monotonic() - start, 1)}
    return said | measured(results, made)


def measured(results: Path, made: Corpus) -> dict:
    """Of a finished run: lost, planted articles that no article of the run is mostly made of; cosine, shape (K, K'), how alike
    planted and found topics are by the shares of the articles; weights, shape (K, K'), what a planted topic adds to the share
    of a found one (least squares over articles); contrasts, by column, in the order of the found topics."""
    articles = read_parquet(results / "corpus/articles.parquet")
    theta = ReportedModel.load(results / MODEL).theta
    planted = planted_articles(articles, made.truth)
    used = (planted >= 0) & ~np.isnan(theta).any(axis=1)
    true, found = made.theta[planted[used]], theta[used].astype(float)
    weights = np.linalg.lstsq(true, found, rcond=None)[0]
    contrasts = read_parquet(results / "compare/contrasts.parquet")[KEPT].sort_values(["weighting", "topic_id"])
    topic_ids = read_parquet(results / "topics/topics.parquet")["topic_id"]
    numbers = contrasts.select_dtypes("number").columns
    contrasts[numbers] = contrasts[numbers].round(6).astype(object).where(contrasts[numbers].notna(), None)
    order = np.argsort(topic_ids.to_numpy())
    return {
        "lost": int(len(made.truth) - len(np.unique(planted[used]))),
        "cosine": cosine(true.T, found.T)[:, order].round(4).tolist(),
        "weights": weights[:, order].round(5).tolist(),
        "contrasts": contrasts.to_dict("list"),
    }


def planted_articles(articles: pd.DataFrame, truth: pd.DataFrame) -> np.ndarray:
    """For each article of a run the number of the planted one whose text it has most of, -1 for none; shape (A,)."""
    by_file = dict(list(truth.groupby("file")))
    found = np.full(len(articles), -1)
    for i, row in enumerate(articles.itertuples()):
        own = by_file[row.document_id]
        both = sum(
            np.clip(np.minimum(own["end"], end) - np.maximum(own["start"], start), 0, None) for start, end in row.spans
        )
        if both.max() > 0:
            found[i] = own.index[int(np.argmax(both))]
    return found


# What runs say.


class Verdict(NamedTuple):
    """What one run claimed. false: of topics without a difference, how many are called more than descriptive, false_sure of
    them established; claims: of all topics; covers_none: of the eligible topics without a difference, the share whose
    interval holds 0. Of the planted difference: found, whether a topic stands for it; sign, whether that is right; grade, and
    covers, whether its interval holds the planted difference, None where there is no interval."""

    false: int
    false_sure: int
    claims: int
    covers_none: float | None
    found: bool
    sign: bool
    grade: str
    covers: bool | None


def verdict(run: dict, weighting: str = WEIGHTING) -> Verdict:
    """run: as `ran` gives it."""
    a, b = shares_of(run["cell"][-1])
    table = pd.DataFrame(run["contrasts"])
    table = table[table["weighting"] == weighting].sort_values("topic_id").reset_index(drop=True)
    none = np.abs((a - b) @ np.array(run["weights"])) < NO_DIFFERENCE
    claimed, sure = (table["grade"] != "descriptive").to_numpy(), (table["grade"] == "established").to_numpy()
    tested = table["eligible"].to_numpy(bool)
    held = covering(table[none & tested], 0.0)
    alike = np.array(run["cosine"])
    partner = int(alike[PLANTED].argmax())
    row = table.iloc[partner]
    return Verdict(
        false=int((claimed & none).sum()),
        false_sure=int((sure & none).sum()),
        claims=int(claimed.sum()),
        covers_none=float(held.mean()) if len(held) else None,
        found=bool(alike[PLANTED, partner] >= SAME_TOPIC and alike[:, partner].argmax() == PLANTED),
        sign=bool(row["difference"] > 0),
        grade=str(row["grade"]),
        covers=bool(covering(table.iloc[[partner]], (a - b)[PLANTED]).iloc[0]) if row["eligible"] else None,
    )


def covering(table: pd.DataFrame, value: float) -> pd.Series:
    return (table["lower"].astype(float) <= value) & (table["upper"].astype(float) >= value)


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's (1927) interval for a proportion, (0, 1) where n is 0."""
    if not n:
        return 0.0, 1.0
    p, zz = hits / n, z * z / n
    middle, half = p + zz / 2, z * np.sqrt(p * (1 - p) / n + zz / (4 * n))
    return max(0.0, (middle - half) / (1 + zz)), min(1.0, (middle + half) / (1 + zz))


def most(n: int, limit: float = FAMILY) -> float:
    """The largest proportion of `n` runs that keeps the promise: the limit and two Monte Carlo errors."""
    return limit + 2 * np.sqrt(limit * (1 - limit) / n)


def told(hits: int, n: int) -> str:
    """A proportion of runs with its interval, in per cent."""
    if not n:
        return "-"
    low, high = wilson(hits, n)
    return f"{100 * hits / n:.0f} [{100 * low:.0f}, {100 * high:.0f}]"


def lines(name: str, cell: Cell | None, found: list[Verdict]) -> list[str]:
    """The row of a cell. cell: None for several without a difference together."""
    n = len(found)
    eligible = [v.covers_none for v in found if v.covers_none is not None]
    row = [
        *(name, str(cell) if cell else "", str(n)),
        told(sum(v.false > 0 for v in found), n),
        told(sum(v.false_sure > 0 for v in found), n),
        f"{100 * np.mean([v.false / max(v.claims, 1) for v in found]):.0f}",
        f"{100 * np.mean(eligible):.1f}" if eligible else "-",
    ]
    if not cell or cell.ratio == 1:
        return [*row, "", "", "", "", ""]
    good = [v for v in found if v.found]
    covers = [v.covers for v in good if v.covers is not None]
    return [
        *row,
        told(len(good), n),
        told(sum(v.sign for v in good), len(good)),
        told(sum(v.sign and v.grade != "descriptive" for v in good), len(good)),
        told(sum(v.sign and v.grade == "established" for v in good), len(good)),
        told(sum(covers), len(covers)),
    ]


HEAD = [
    *("cell", "two sources", "runs", "false claim", "false established", "false of claims", "covers 0"),
    *("found", "right sign", "claimed", "established", "covers it"),
]


def promises(found: dict[str, list[Verdict]]) -> list[str]:
    """Whether each promise was kept, in words."""
    said = []
    for name, verdicts in found.items():
        n, null = len(verdicts), CELLS.get(name, Cell()).ratio == 1
        false, sure = sum(v.false > 0 for v in verdicts) / n, sum(v.false_sure > 0 for v in verdicts) / n
        wrong = float(np.mean([v.false / max(v.claims, 1) for v in verdicts]))
        checks = [("a false claim", false)] if null else [("false claims among all claims", wrong)]
        for what, value in [*checks, ("something false established", sure)]:
            said += [f"{name}: {what} in {value:.1%}, above {most(n):.1%}"] if value > most(n) else []
        if CELLS.get(name, Cell()).apart and any(v.grade == "established" or v.false_sure for v in verdicts):
            said.append(f"{name}: sources of different periods, and something is established")
    return said


def summary(runs: dict[str, list[dict]]) -> str:
    """The table of all cells, those without a difference also together, and what of the promises is broken."""
    found = {name: [verdict(run) for run in some] for name, some in runs.items() if some}
    if not found:
        return "no runs"
    rows = [HEAD, *(lines(name, CELLS[name], verdicts) for name, verdicts in found.items())]
    nulls = [name for name in found if CELLS[name].ratio == 1]
    if len(nulls) > 1:
        found["all null"] = [v for name in nulls for v in found[name]]
        rows.append(lines("all null", None, found["all null"]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    broken = promises(found)
    fewest = min(map(len, found.values()))
    lost = sum(run["lost"] for some in runs.values() for run in some)
    seconds = np.mean([run["seconds"] for some in runs.values() for run in some])
    return "\n".join(
        [
            *table,
            "",
            "Per cent of runs, with Wilson's interval of 95 %. False: of a topic without a difference; claim: suggestive or",
            f"established. Promised: where there is no difference at all, a false claim in at most {FAMILY:.1%} of runs; where",
            "there is one, at most as many of the claims false; anything false established in no more runs; two Monte Carlo",
            "errors are allowed. And nothing is established of sources of different periods.",
            f"{'; '.join(broken) if broken else 'No promise is seen to be broken.'}",
            f"The fewest runs of a cell are {fewest}, of which up to {most(fewest):.0%} may be false and pass.",
            f"{lost} planted articles were lost in cutting; {seconds:.0f} seconds a run.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="of each cell")
    parser.add_argument("--cells", nargs="+", choices=CELLS, default=list(CELLS), help="all, unless named")
    parser.add_argument("--jobs", type=int, default=2, help="runs at once, each on one core")
    parser.add_argument("--out", type=Path, default=ROOT / STORE, help="where finished runs are kept")
    options = parser.parse_args()
    code = code_digest()
    tasks = [(name, number) for number in range(options.runs) for name in options.cells]
    runs: dict[str, list[dict]] = {name: [] for name in options.cells}
    with tempfile.TemporaryDirectory(prefix="baokan-") as scratch:
        free: SimpleQueue[Path] = SimpleQueue()
        for i in range(options.jobs):
            free.put(copied_project(Path(scratch, str(i))))

        def one(task: tuple[str, int]) -> tuple[str, dict]:
            name, number = task
            made = corpus(CELLS[name], number)
            project = free.get()
            try:
                path = options.out / f"{key(CELLS[name], number, made, code)}.json"
                return name, kept(path, lambda: ran(project, CELLS[name], number, made))
            finally:
                free.put(project)

        with ThreadPoolExecutor(options.jobs) as pool:
            for done, (name, run) in enumerate(pool.map(one, tasks), 1):
                runs[name].append(run)
                print(f"\r{done} of {len(tasks)} runs", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(summary(runs))


if __name__ == "__main__":
    main()
