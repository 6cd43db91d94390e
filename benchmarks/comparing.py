"""Whether the comparison of sources keeps its promises: `PYTHONPATH=workflow python benchmarks/comparing.py`.

Mixtures with known shares are compared as a run compares them, from articles' mixtures to what is claimed.

Each cell deals out two sources many times: their numbers of issues and of articles in an issue, how alike articles of an issue
are (intra-issue correlation of the article's subject), how alike consecutive issues are (autocorrelation of the issue's
prevalences), whether both follow the same days (overlapping: the same news) or not (disjoint). Ten topics, of 2, 10 and 30 %.
Without a true difference: false positives of p <= 0.05 and of the family by max-T, coverage of the 95 % interval, by size of
topic and apart for eligible and ineligible topics. With one: power for ratios of 2, 4 and 8, and signs.

Finished cells are kept in results/calibration/, so that a run which is cut off goes on where it was.
"""

from baokan.running.threads import single_threaded

single_threaded()

import argparse  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
from concurrent.futures import ProcessPoolExecutor  # noqa: E402
from functools import partial  # noqa: E402
from itertools import product  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import NamedTuple  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from baokan.comparing.contrasts import contrasts  # noqa: E402
from baokan.comparing.limits import Limits  # noqa: E402
from baokan.digest import digest  # noqa: E402
from scipy import special  # noqa: E402

SHARES = np.array([0.02] * 5 + [0.10] * 3 + [0.30] * 2)
SIZES = {"2 %": slice(0, 5), "10 %": slice(5, 8), "30 %": slice(8, 10)}
ISSUES = [(6, 6), (10, 10), (30, 30), (30, 6), (30, 10)]
ARTICLES = [(4, 4), (20, 20), (20, 4)]
FOCUS, SPREAD = 0.75, 8.0  # an article gives about FOCUS of itself to its subject; the precision of its mixture
LEVEL, FAMILY, COVERAGE = 0.065, 0.065, 0.92  # what is promised of eligible topics
RULE = {"min_issues": 6, "min_articles": 5}
PERMUTATIONS = 499
RATIOS = (2, 4, 8)
SEED = 19120110
STORE = Path("results/calibration")


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
    kinds = [(0.0, 0.0, False), *product((0.04, 0.13), (0.0, 0.2, 0.4), (False, True))]
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
    other = (
        series[np.linspace(0, len(series) - 1, n_b).round().astype(int)]
        if cell.together
        else states(rng, n_b, cell.rho)
    )
    x = [
        issue_means(rng, prevalences(z[:n], shares, cell.alike), m)
        for z, n, shares, m in zip((series, other), cell.issues, (SHARES, shares_b), cell.articles, strict=True)
    ]
    sides = zip("ab", cell.issues, cell.articles, strict=True)
    rows = [(s, "", f"{s}/{i:03}", f"{i:03}", m) for s, n, m in sides for i in range(n)]
    return pd.DataFrame(rows, columns=["source", "publication", "issue_id", "date", "n_articles"]), np.vstack(x)


def compared(cell: Cell, shares_b: np.ndarray, repetitions: int) -> pd.DataFrame:
    """`contrasts` of every repetition: what the rule lets pass, and, with `ruled` false, all topics tested all the same."""
    numbers = [*cell.issues, *cell.articles, int(100 * cell.alike), int(10 * cell.rho), cell.together]
    rng = np.random.default_rng([SEED, *numbers, int(1000 * shares_b[5])])
    tables = []
    for number in range(repetitions):
        issues, x = dealt(rng, cell, shares_b)
        for ruled in (True, False):
            limits = RULE if ruled else RULE | {"min_articles": 0}
            table = contrasts(issues, x, Limits(**limits, permutations=PERMUTATIONS), seed=number)
            tables.append(table.assign(repetition=number, ruled=ruled))
    return pd.concat(tables, ignore_index=True)


def summed_up(rows: pd.DataFrame, truth: np.ndarray, repetitions: int) -> dict:
    """Of tested topics: how many, the share with p of at most 0.05 and of intervals that hold the truth, with the Monte Carlo
    error of the first (topics of a repetition go together)."""
    called = rows["p"] <= 0.05
    covers = (rows["lower"] <= truth[rows["topic"]]) & (rows["upper"] >= truth[rows["topic"]])
    each = called.groupby(rows["repetition"]).agg(["sum", "size"])
    if each.empty:
        return {"tested": 0.0, "false": None, "error": None, "covers": None}
    rest = each["sum"] - called.mean() * each["size"]
    error = np.sqrt((rest**2).sum()) / each["size"].sum()
    return {
        "tested": len(rows) / repetitions,
        "false": float(called.mean()),
        "error": float(error),
        "covers": float(covers.mean()),
    }


def null(cell: Cell, repetitions: int) -> dict:
    """What is found where there is nothing, by size of topic, eligible and not."""
    table = compared(cell, SHARES, repetitions)
    table["size"] = table["topic"].map({t: name for name, part in SIZES.items() for t in range(10)[part]})
    ruled, every = table[table["ruled"] & table["eligible"]], table[~table["ruled"]]
    thin = every[every["expected_articles"] < RULE["min_articles"]]
    nothing = np.zeros(len(SHARES))
    claimed = ruled[(ruled["p_bh"] <= 0.05) | (ruled["p_holm"] <= 0.05)]
    said = {"repetitions": repetitions, "inflation": float(ruled["inflation"].mean()) if len(ruled) else None}
    said["eligible"] = {name: summed_up(ruled[ruled["size"] == name], nothing, repetitions) for name in SIZES}
    said["all eligible"] = summed_up(ruled, nothing, repetitions)
    bands = {"under 3": (0, 3), "3 to 5": (3, 5), "5 to 10": (5, 10), "10 and more": (10, np.inf)}
    for name, (low, high) in bands.items():
        rows = every[every["expected_articles"].between(low, high, inclusive="left")]
        said[f"expected {name}"] = summed_up(rows, nothing, repetitions)
    said["ineligible"] = summed_up(thin, nothing, repetitions)
    said["family"] = (ruled.groupby("repetition")["p_maxt"].min() <= 0.05).sum() / repetitions
    said["claimed"] = claimed["repetition"].nunique() / repetitions
    return said


def power(cell: Cell, repetitions: int, topic: int, ratio: float) -> dict:
    """How often a topic that source b has a `ratio`-th of is claimed after correction, and with the wrong sign."""
    shares = SHARES.copy()
    shares[topic] /= ratio
    rest = np.arange(len(shares)) != topic
    shares[rest] *= (1 - shares[topic]) / shares[rest].sum()
    table = compared(cell, shares, repetitions)
    rows = table[table["ruled"] & (table["topic"] == topic)]
    found = rows["eligible"] & (rows["p_holm"] <= 0.05)
    tested = rows[rows["eligible"]]
    return {
        "repetitions": repetitions,
        "eligible": float(rows["eligible"].mean()),
        "found": float((found & (rows["difference"] > 0)).mean()),
        "wrong sign": float((found & (rows["difference"] < 0)).mean()),
        "covers": summed_up(tested, SHARES - shares, repetitions)["covers"],
    }


def kept(name: str, make, store: Path) -> dict:
    """What `make` gives, from the store where it is there already."""
    path = store / f"{name}.json"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}.part")
        half.write_text(json.dumps(make(), indent=1))
        half.replace(path)
    return json.loads(path.read_text())


def store_of(root: Path, repetitions: int) -> Path:
    """A folder for these numbers of repetitions and this code: another code's results are none of this one's."""
    own = Path(__file__).read_bytes()
    return (
        root / f"mixtures-{repetitions}-{hashlib.sha256(own + digest('comparing.contrasts').encode()).hexdigest()[:12]}"
    )


def file_name(cell: Cell) -> str:
    return "-".join(
        map(str, [*cell.issues, *cell.articles, cell.alike, cell.rho, "same" if cell.together else "apart"])
    )


def run_null(cell: Cell, repetitions: int, store: Path) -> dict:
    return kept(f"null-{file_name(cell)}", partial(null, cell, repetitions), store)


def run_power(job: tuple, repetitions: int, store: Path) -> dict:
    cell, topic, ratio = job
    return kept(f"power-{file_name(cell)}-{topic}-{ratio}", partial(power, cell, repetitions, topic, ratio), store)


def shown(values: pd.DataFrame) -> str:
    return values.to_string(index=False, float_format=lambda v: f"{v:.3f}", na_rep="")


def null_rows(cells: list[Cell], found: list[dict]) -> pd.DataFrame:
    rows = []
    for cell, said in zip(cells, found, strict=True):
        known = said["all eligible"]
        rows.append(
            {
                "issues": "+".join(map(str, cell.issues)), "articles": "+".join(map(str, cell.articles)), "alike": cell.alike,
                "rho": cell.rho, "days": "same" if cell.together else "apart", "tested": known["tested"],
                **{size: said["eligible"][size]["false"] for size in SIZES}, "false": known["false"], "error": known["error"],
                "covers": known["covers"], "family": said["family"], "claimed": said["claimed"],
                "ineligible": said["ineligible"]["false"], "widened": said["inflation"],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def kept_promises(table: pd.DataFrame, repetitions: int) -> pd.DataFrame:
    """Each promise with the cell that comes nearest to breaking it, and how many cells break it by more than two errors."""
    tested = table[table["tested"] > 0.05]
    family_error = np.sqrt(tested["family"] * (1 - tested["family"]) / repetitions)
    over = {
        f"false positives at most {LEVEL:.1%}": tested["false"] - LEVEL - 2 * tested["error"],
        f"family-wise at most {FAMILY:.1%}": tested["family"] - FAMILY - 2 * family_error,
        f"coverage at least {COVERAGE:.0%}": COVERAGE - tested["covers"],
    }
    values = dict(zip(over, ("false", "family", "covers"), strict=True))
    rows = []
    for name, excess in over.items():
        worst = tested.loc[excess.idxmax()]
        where = (
            f"{worst['issues']} issues, {worst['articles']} articles, {worst['alike']}, {worst['rho']}, {worst['days']}"
        )
        rows.append((name, len(tested), int((excess > 0).sum()), worst[values[name]], where))
    return pd.DataFrame(rows, columns=["promise", "cells", "broken in", "worst", "where"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--cores", type=int, default=os.cpu_count())
    args = parser.parse_args()
    n, every = args.repetitions, cells()
    store = store_of(STORE, n)
    print(f"{n} repetitions a cell; finished cells are kept in {store}.\n", flush=True)
    strong = [
        c
        for c in every
        if c.alike == 0.13 and not c.together and c.rho in (0.0, 0.4) and c.articles[0] == c.articles[1]
    ]
    jobs = [(cell, topic, ratio) for cell in strong for topic in (0, 5, 8) for ratio in RATIOS]
    with ProcessPoolExecutor(args.cores) as pool:
        found = list(pool.map(partial(run_null, repetitions=n, store=store), every))
        powers = list(pool.map(partial(run_power, repetitions=max(50, n // 5), store=store), jobs))
    table = null_rows(every, found)
    print(
        "No difference. Share of eligible topics (6 issues a side, 5 expected articles) with p <= 0.05, by size and in all, with"
    )
    print(
        "its Monte Carlo error; coverage of the 95 % interval; any topic by max-T; any claim; ineligible topics if tested.\n"
    )
    print(shown(table))
    print("\nThe same by articles that the rule expects on the thinner side, over all cells:\n")
    bands = [name for name in found[0] if name.startswith("expected")]
    by_band = []
    for name in bands:
        parts = [f[name] for f in found if f[name]["false"] is not None]
        weight = np.array([p["tested"] for p in parts])
        by_band.append(
            (
                name.removeprefix("expected "), len(parts), (weight @ [p["false"] for p in parts]) / weight.sum(),
                max((p["false"] for p in parts if p["tested"] * n >= 200), default=np.nan),
                (weight @ [p["covers"] for p in parts]) / weight.sum(),
            )
        )  # fmt: skip
    columns = ["expected articles", "cells", "false", "worst cell of 200 tests", "covers"]
    print(shown(pd.DataFrame(by_band, columns=columns)))
    print(
        "\nA true difference: topics of 2, 10 and 30 % in a, a 2nd, 4th or 8th of it in b; found after correction for topics.\n"
    )
    rows = [
        {
            "issues": "+".join(map(str, c.issues)), "articles": "+".join(map(str, c.articles)), "rho": c.rho,
            "topic": f"{100 * SHARES[t]:.0f} %", "ratio": r, **{k: v for k, v in p.items() if k != "repetitions"},
        }
        for (c, t, r), p in zip(jobs, powers, strict=True)
    ]  # fmt: skip
    print(shown(pd.DataFrame(rows)))
    print()
    print(shown(kept_promises(table, n)))


if __name__ == "__main__":
    main()
