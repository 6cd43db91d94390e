"""Whether the rules of the model stage find what was planted: `PYTHONPATH=workflow python benchmarks/choice.py`, part of
`make calibrate`.

Corpora are drawn from known topics (planted.py). Printed:

1. When are two topics of two fits the same? Pairs of topics that each stand clearly for a planted one (cosine above 0.6, and
   0.2 above the next) stand for one of them or for two. For each bound: the share of the first that reach it (hit), and of the
   second (false); of all pairs, and of those that the Hungarian method makes partners. Alike by terms (alignment.similarity, as
   other seeds, other K and the second engine are compared), by the 20 top terms alone (as the rulings of topics.tsv are
   followed), and by the articles' shares (as other segmentations are compared).
2. Is the planted K found? K chosen from a grid of a third to twice of it: by the rule (coherence times stability, one standard
   error), by coherence times diversity times stability, by coherence alone and by the likelihood of held-out text. Mean of
   the ratio to the planted K, and how often within a fifth of it.

Some six minutes on two cores.
"""

import multiprocessing
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import pandas as pd
from baokan.topics.alignment import SAME_TOPIC, TOP, align, cosine, similarity
from baokan.topics.engines import fit
from baokan.topics.folding_in import infer
from baokan.topics.model_selection import choose, search_table
from baokan.topics.rulings import SAME_TERMS
from baokan.topics.term_ranking import top_terms
from baokan.topics.training import held_out, sweeps
from planted import Planted, planted

BOUNDS = (0.3, 0.4, 0.5, 0.6, 0.7)
CLEAR, AHEAD = 0.6, 0.2
# Documents, words, terms, topics.
SHAPES = [(160, 45, 1_000, 6), (160, 45, 1_000, 9), (300, 60, 1_200, 12), (800, 80, 3_000, 16)]
GRID = (0.33, 0.5, 0.67, 0.83, 1.0, 1.25, 1.5, 2.0)
REPEATS, SEEDS = 4, 4


def own_topic(phi: np.ndarray, truth: Planted) -> tuple[np.ndarray, np.ndarray]:
    """For each row of phi, shape (K', V), the planted topic it stands for, and whether it does so clearly."""
    values = np.sort(near := cosine(phi, truth.phi), axis=1)
    return near.argmax(axis=1), (values[:, -1] > CLEAR) & (values[:, -1] - values[:, -2] > AHEAD)


def shared_terms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    tops = [[set(row) for row in top_terms(phi, TOP)] for phi in (a, b)]
    return np.array([[len(x & y) / TOP for y in tops[1]] for x in tops[0]])


def pairs_of(shape: tuple[int, int, int, int]) -> pd.DataFrame:
    """A row per pair of clear topics of two fits: same, partner, and how alike they are by terms, top terms and articles."""
    truth = planted(*shape, seed=shape[-1])
    k, rounds = shape[-1], sweeps("auto", int(truth.counts.sum()))
    made = [
        fit("tomotopy", truth.counts, n, seed, rounds) for n in (k, round(0.67 * k), round(1.4 * k)) for seed in (0, 1)
    ]
    made.append(fit("gensim", truth.counts, k, 0, rounds))
    shares = [infer(f.phi, f.alpha, truth.counts) for f in made]
    rows = []
    for i, one in enumerate(made):
        for j, other in enumerate(made[:i]):
            (of_a, clear_a), (of_b, clear_b) = own_topic(one.phi, truth), own_topic(other.phi, truth)
            by_terms, by_top = similarity(one.phi, other.phi), shared_terms(one.phi, other.phi)
            filled = ~np.isnan(shares[i]).any(axis=1)
            by_articles = cosine(shares[i][filled].T, shares[j][filled].T)
            partner = align(one.phi, other.phi)[0]
            for a in np.flatnonzero(clear_a):
                rows += [
                    (of_a[a] == of_b[b], partner[a] == b, by_terms[a, b], by_top[a, b], by_articles[a, b])
                    for b in np.flatnonzero(clear_b)
                ]
    return pd.DataFrame(rows, columns=["same", "partner", "terms", "top terms", "articles"])


def choices(task: tuple[tuple[int, int, int, int], int]) -> dict[str, int]:
    """The K that each rule chooses of a corpus, and the planted one."""
    shape, number = task
    truth = planted(*shape, seed=1000 + number)
    rounds = sweeps("auto", int(truth.counts.sum()))
    grid = sorted({max(2, round(f * shape[-1])) for f in GRID})
    issues, rows = np.arange(shape[0]) // 5, np.arange(shape[0])
    phis = {
        k: np.array([fit("tomotopy", truth.counts, k, 100 * k + s, rounds).phi for s in range(SEEDS)]) for k in grid
    }
    held = {k: held_out("tomotopy", truth.counts, rows, issues, k, number, rounds)[:2] for k in grid}
    table = search_table(phis, truth.counts, held)
    means = table.groupby("k")[["npmi", "held_out"]].mean()
    with_diversity = table.assign(score=table["score"] * table["diversity"])
    return {
        "planted": shape[-1],
        "rule": choose(table)[0],
        "with diversity": choose(with_diversity)[0],
        "coherence": int(means["npmi"].idxmax()),
        "held-out": int(means["held_out"].idxmax()),
    }


def main() -> None:
    tasks = [(shape, number) for shape in SHAPES for number in range(REPEATS)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pairs = pd.concat(pool.map(pairs_of, SHAPES, chunksize=1), ignore_index=True)
        found = []
        for row in pool.imap(choices, tasks, chunksize=1):
            found.append(row)
            print(f"\r{len(found)} of {len(tasks)} corpora", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(
        f"same topic: {pairs['same'].sum():,} pairs of topics that stand for one planted topic, {(~pairs['same']).sum():,} for two"
    )
    print(f"(the bound in use is {SAME_TOPIC} by terms and by articles, {SAME_TERMS} by top terms)")
    print(f"{'':24s}" + "".join(f"{f'from {bound}':>22s}" for bound in BOUNDS))
    for name in ("terms", "top terms", "articles"):
        for kind, part in (("all pairs", pairs), ("partners", pairs[pairs["partner"]])):
            cells = []
            for bound in BOUNDS:
                hit, false = ((part.loc[part["same"] == same, name] >= bound).mean() for same in (True, False))
                cells.append(f"hit {hit:.3f} false {false:.3f}")
            print(f"{name:11s}{kind:13s}" + "".join(f"{cell:>22s}" for cell in cells))
    table = pd.DataFrame(found)
    print(f"\nK chosen, of {len(table)} corpora with {', '.join(str(s[-1]) for s in SHAPES)} planted topics")
    for name in table.columns[1:]:
        ratio = table[name] / table["planted"]
        print(
            f"{name:16s} mean ratio {ratio.mean():.2f} (from {ratio.min():.2f} to {ratio.max():.2f}), "
            f"within a fifth in {(np.abs(ratio - 1) <= 0.2).mean():.0%}"
        )


if __name__ == "__main__":
    main()
