"""How far the intervals of distinctive words can be trusted: `PYTHONPATH=workflow python benchmarks/keyness.py`.

Counts of words over the issues of two sources, made up: a word's rate in an issue is its rate in the source times a gamma
variate, whose shape says how bursty it is (small: much in few issues), and its count is Poisson. Printed:

- no difference: the share of words whose interval is clear of zero, which should be 5 %, beside that of the token-based z
  of Monroe et al., which takes each occurrence for an independent witness;
- a planted difference: the share of intervals of the log-odds that cover the truth, which should be 95 %, by the weight of
  the prior and by the size of the difference;
- words that one source alone uses, 30 times or more: the share with an interval clear of zero.
"""

import numpy as np
import pandas as pd
from baokan.words import keyness as module
from baokan.words.keyness import LEAST_PRIOR, PRIOR_WEIGHT, keyness
from scipy import sparse

SEED = 20240502
WORDS, ISSUE_WORDS = 600, 2200
SHAPES = (0.5, 1.0, 2.0, 5.0)


def made_up(
    rng: np.random.Generator, issues: int, rate_a: np.ndarray, rate_b: np.ndarray, shape: float
) -> pd.DataFrame:
    """keyness of source a against b. rates: of each word in a running word, shape (V,)."""
    return keyness(*counted(rng, issues, rate_a, rate_b, shape))


def counted(
    rng: np.random.Generator,
    issues: int,
    rate_a: np.ndarray,
    rate_b: np.ndarray,
    shape: float,
    words: int = ISSUE_WORDS,
) -> tuple:
    """(counts, sizes, units, terms) of two sources with `issues` issues each, of some `words` running words."""
    sizes = np.round(words * rng.uniform(0.6, 1.4, 2 * issues))
    rates = np.repeat([rate_a, rate_b], issues, axis=0) * rng.gamma(shape, 1 / shape, (2 * issues, len(rate_a)))
    counts = sparse.csr_matrix(rng.poisson(rates * sizes[:, None]))
    units = pd.DataFrame({"source": np.repeat(["a", "b"], issues), "kind": "issue"})
    return (
        counts,
        np.maximum(sizes, np.asarray(counts.sum(axis=1)).ravel()),
        units,
        [str(i) for i in range(len(rate_a))],
    )


def of_a(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["source"] == "a"]


def main() -> None:
    rng = np.random.default_rng(SEED)
    rate = 10 ** rng.uniform(-4, -2.5, WORDS) / 3  # with a factor of 5 they are less than all words
    print("No difference; share of words called different at a nominal 5 %:\n")
    rows = []
    for issues in (6, 12, 24):
        for shape in SHAPES:
            table = of_a(made_up(rng, issues, rate, rate, shape))
            rows.append((issues, shape, (table["bound"] != 0).mean(), (table["z"].abs() > 1.96).mean()))
    print(pd.DataFrame(rows, columns=["issues a side", "gamma shape", "interval", "z"]).round(3).to_string(index=False))

    print(
        "\nA word a factor more frequent in a, 12 issues a side, gamma shape 2; share of intervals that cover the truth:\n"
    )
    rows, kept = [], module.LEAST_PRIOR
    for factor in (2.0, 5.0):
        data = counted(rng, 12, rate * factor, rate, 2.0)
        truth = np.log(rate * factor / (1 - rate * factor)) - np.log(rate / (1 - rate))
        for weight in (50.0, PRIOR_WEIGHT, 2000.0, 10_000.0, float(data[1].sum())):
            table = of_a(keyness(*data, prior_weight=weight))
            wanted = truth[table["term"].astype(int)]
            inside = table["log_odds_lower"].le(wanted) & table["log_odds_upper"].ge(wanted)
            rows.append((factor, int(weight), inside.mean()))
    print(pd.DataFrame(rows, columns=["factor", "prior weight", "covered"]).round(3).to_string(index=False))

    print("\nWords of source a alone, 30 times or more, 12 issues of some 22,000 words; share clear of zero:\n")
    data = counted(rng, 12, np.full(WORDS, 0.00012), np.zeros(WORDS), 2.0, 10 * ISSUE_WORDS)
    rows = []
    for least in (1e-9, LEAST_PRIOR):
        module.LEAST_PRIOR = least
        table = of_a(keyness(*data))
        rows.append((round(least, 3), (table.loc[table["n_a"] >= 30, "bound"] > 0).mean()))
    module.LEAST_PRIOR = kept
    print(pd.DataFrame(rows, columns=["least prior, occurrences", "clear of zero"]).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
