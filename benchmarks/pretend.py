"""What the comparison makes of real text in which there is nothing to find: the issues of one source dealt out to two.

    PYTHONPATH=workflow python benchmarks/pretend.py press.jsonl ... (or finished results, results/name)

A file of records is run through the pipeline up to the chosen model, every source of it alone; its shares by issue are kept in
results/calibration/pretend/ (ids and numbers, no text). Then the issues of each source are split many times into pretend
sources a and b, and compared as a run compares sources:

- at random: nothing differs, and a test that is right claims something in 5 % of the splits;
- periods: all before a day against all after. Topics do drift, so that claims are due, of source and period: none may be
  established;
- blocks of some consecutive issues, by turns to a and to b; odd against even: both cover the same time. The test calls them
  different more often than at random as far as consecutive issues are alike and nothing is done about it.

Printed for each kind: splits; topics in a hundred with p <= 0.05; splits in a hundred with one by max-T, and with any claim (by
max-T or by Benjamini & Hochberg); each by the test without (old) and with (new) the allowance for the likeness of consecutive
issues; how many claims the new test makes, how many of these would be established if all seeds, neighbouring K,
specifications and confounds bore them out, and how many say that what differs is source and period. Random splits have
Wilson's interval; those of the other kinds are too few, and too much of one another, for an error to be told.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import pandas as pd
from baokan.comparing.contrasts import contrasts
from baokan.comparing.dates import periods_overlap
from baokan.comparing.grading import grade
from baokan.comparing.limits import ALPHA, Limits
from baokan.comparing.series import series_order
from baokan.comparing.shares import counted_articles, issue_shares
from baokan.corpus.originals import originals
from baokan.statistics.permutation import benjamini_hochberg, generator
from baokan.statistics.welch import permutation_test
from baokan.tables import read_articles, read_parquet
from baokan.topics.reported import ReportedModel
from end_to_end import LIGHT, ROOT, code_digest, copied_project, kept, settings, snakemake, told

STORE = Path("results/calibration/pretend")
SEED, PERMUTATIONS = 1912, 999
MIN_ISSUES, MIN_ARTICLES = 6, 5
RANDOM = 400
LENGTHS = (2, 3, 5, 10, 20)  # issues of a block
CUTS = 60  # at most so many places at which a source is cut into two periods
# Real text has more topics than planted one, and is fitted once.
MODEL = {
    "words": LIGHT["words"] | {"discover": "use"},
    "topics": LIGHT["topics"] | {"k": [12], "seeds": 2, "chosen_seeds": 2},
}
COUNTED = [
    *("topics", "p_old", "p_new", "family_old", "family_new", "any_old", "any_new"),
    *("claims", "established", "period"),
]


def splits(n: int, random: int, seed: int) -> dict[str, np.ndarray]:
    """By kind of split which of `n` issues, in order of time, fall to a: boolean, shape (splits, n); with MIN_ISSUES or more on
    each side, each split once but for random ones. Swapping a and b makes no other split."""
    rng = np.random.default_rng([seed, n])
    place = np.arange(n)
    cuts = np.arange(MIN_ISSUES, n - MIN_ISSUES + 1)
    cuts = cuts[np.linspace(0, len(cuts) - 1, min(len(cuts), CUTS)).round().astype(int)]
    found = {
        "at random": np.argsort(rng.random((random, n)), axis=1) < n // 2,
        "first half and second": (place < n // 2)[None],
        "two periods, cut anywhere": place < cuts[:, None],
        "odd and even": (place % 2 == 0)[None],
    }
    for length in LENGTHS:
        # Later starts than these repeat the first ones with a and b swapped.
        masks = (place + np.arange(length)[:, None]) // length % 2 == 0
        # A split into two or three blocks is one into periods.
        if n >= 4 * length:
            found[f"blocks of {length}"] = masks
    enough = {
        kind: masks[np.minimum(masks.sum(axis=1), n - masks.sum(axis=1)) >= MIN_ISSUES] for kind, masks in found.items()
    }
    return {kind: masks for kind, masks in enough.items() if len(masks)}


def compared(issues: pd.DataFrame, shares: np.ndarray, to_a: np.ndarray, seed: int) -> dict:
    """One split, tested both ways. issues and shares: of one source, in order of time; to_a: boolean, shape (n,).

    topics: eligible ones; p_old, p_new: how many of them have p <= ALPHA; family_old, family_new: whether one has by max-T;
    any_old, any_new: whether one is claimed, by max-T or by Benjamini & Hochberg; claims: how many by the new test;
    established: how many of these could be; period: how many of these say that the period differs too.
    """
    pretend = issues.assign(source=np.where(to_a, "a", "b"))
    table = contrasts(
        pretend, shares, Limits(permutations=PERMUTATIONS, min_issues=MIN_ISSUES, min_articles=MIN_ARTICLES), seed=seed
    )
    table = table[table["eligible"]]
    said: dict = dict.fromkeys(COUNTED, 0) | {"topics": len(table)}
    if not len(table):
        return said
    x = shares[:, table["topic"].to_numpy(int)]
    x = np.vstack([x[to_a], x[~to_a]])
    # The test without the allowance, on the permutations of the one with it.
    _, p, p_maxt = permutation_test(x, int(to_a.sum()), PERMUTATIONS, generator(seed, "pair", "a", "b"))
    overlap = periods_overlap(pretend, "a", "b")
    for row in table.to_dict("records"):
        level, _ = grade(
            row, seeds_held=1, seeds_total=1, k_held=1, k_total=1, same_sign_both_weightings=True, overlap=overlap,
            house_style=False, specs_total=None,
        )  # fmt: skip
        if level != "descriptive":
            said["claims"] += 1
            said["established"] += level == "established"
            said["period"] += overlap is False  # and the sentence says so
    return said | {
        "p_old": int((p <= ALPHA).sum()),
        "p_new": int((table["p"] <= ALPHA).sum()),
        "family_old": int((p_maxt <= ALPHA).any()),
        "family_new": int((table["p_maxt"] <= ALPHA).any()),
        "any_old": int((p_maxt <= ALPHA).any() or (benjamini_hochberg(p) <= ALPHA).any()),
        "any_new": int(said["claims"] > 0),
    }


def in_time(issues: pd.DataFrame, shares: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Issues of one source and their shares in order of time, as one series: its publications are not told apart."""
    order, _ = series_order(issues.assign(publication=""))
    return issues.iloc[order].assign(publication="").reset_index(drop=True), shares[order]


def of_results(results: Path) -> dict[str, dict]:
    """By source, from finished results: issues (issue_id, date, n_articles, by column) and their shares."""
    articles, chunks = (
        read_articles(results / "corpus/articles.parquet"),
        read_parquet(results / "words/chunks.parquet"),
    )
    theta = ReportedModel.load(results / "topics/model.npz").theta
    own = originals(articles)
    counted = counted_articles(articles, chunks)[own].reset_index(drop=True)
    issues, shares = issue_shares(counted, theta[own].astype(float), "article")
    found = {}
    for source, rows in issues.groupby("source", sort=True).indices.items():
        columns = issues.iloc[rows][["issue_id", "date", "n_articles"]]
        found[str(source)] = {"issues": columns.to_dict("list"), "shares": shares[rows].round(8).tolist()}
    return found


def of_records(path: Path, out: Path) -> dict[str, dict]:
    """The same of a file of records, run through the pipeline unless that was done before."""
    text = path.read_bytes()
    config = {k: v for k, v in settings(SEED, Path("corpus"), MODEL).items() if k != "report"}
    said = json.dumps([hashlib.sha256(text).hexdigest(), config, code_digest()], sort_keys=True)

    def make() -> dict[str, dict]:
        with tempfile.TemporaryDirectory(prefix="baokan-") as scratch:
            project = copied_project(Path(scratch, "project"))
            (project / "corpus").mkdir()
            (project / "corpus" / path.name).write_bytes(text)
            targets = ("topics/model.npz", "words/chunks.parquet", "corpus/articles.parquet")
            return of_results(snakemake(project, settings(SEED, project / "corpus", MODEL), *targets))

    return kept(out / f"{hashlib.sha256(said.encode()).hexdigest()[:20]}.json", make)


HEAD = [
    *("split", "splits", "p <= 0.05: old", "new", "max-T <= 0.05: old", "new", "any claim: old", "new"),
    *("claims, new", "could be established", "say period"),
]


def line(kind: str, some: list[dict]) -> list[str]:
    """The row of a kind of split. some: of `compared`."""
    n, total = len(some), {name: sum(one[name] for one in some) for name in COUNTED}
    row = [kind, str(n), *(f"{100 * total[name] / max(total['topics'], 1):.1f}" for name in ("p_old", "p_new"))]
    for name in ("family_old", "family_new", "any_old", "any_new"):
        row.append(told(total[name], n) if kind == "at random" else f"{100 * total[name] / n:.0f}")
    return [*row, *(str(total[name]) for name in ("claims", "established", "period"))]


def table_of(issues: pd.DataFrame, shares: np.ndarray, random: int) -> str:
    """The table of a source, whose issues and shares are in order of time."""
    rows = [HEAD]
    for kind, masks in splits(len(issues), random, SEED).items():
        rows.append(line(kind, [compared(issues, shares, mask, number) for number, mask in enumerate(masks)]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "records", nargs="*", type=Path, help="JSONL files with source, issue, date, title, text; or results/name"
    )
    parser.add_argument("--random", type=int, default=RANDOM, help="random splits")
    parser.add_argument("--out", type=Path, default=ROOT / STORE, help="where shares by issue are kept")
    options = parser.parse_args()
    if not options.records:
        print(
            "Pretend sources: no records were named. make calibrate RECORDS='press.jsonl' splits a real source many times."
        )
        return
    for path in options.records:
        if not (path / "topics/model.npz").is_file() and not path.is_file():
            parser.error(f"{path} is neither a file of records nor the folder of a finished run")
    for path in options.records:
        found = of_results(path) if path.is_dir() else of_records(path, options.out)
        for source, had in found.items():
            issues = pd.DataFrame(had["issues"]).assign(source=source)
            said = f"\n{path}, {source}: {len(issues)} issues"
            if len(issues) < 2 * MIN_ISSUES:
                print(f"{said}; {2 * MIN_ISSUES} are needed")
                continue
            issues, shares = in_time(issues, np.array(had["shares"]))
            print(f"{said}, {issues['n_articles'].sum():,} articles, {shares.shape[1]} topics\n")
            print(table_of(issues, shares, options.random), flush=True)


if __name__ == "__main__":
    main()
