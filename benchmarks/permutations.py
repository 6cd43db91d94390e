"""How long the tests of a large press take: `PYTHONPATH=workflow python benchmarks/permutations.py`.

Three sources, 1,000 issues in all, 50 topics, 10,000 permutations: all pairs, the family of topics, and the omnibus test, on one
core, beside scipy's permutation test of the same statistic for a single topic and pair, in the same run.
"""

from baokan.running.threads import single_threaded

single_threaded()

import time  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from baokan.comparing.contrasts import contrasts  # noqa: E402
from baokan.comparing.limits import Limits  # noqa: E402
from scipy import stats  # noqa: E402

SOURCES, TOPICS, PERMUTATIONS = {"gazette": 300, "magazine": 200, "newspaper": 500}, 50, 10_000


def main() -> None:
    rng = np.random.default_rng(19120110)
    rows = [(f"{s}/{i:04}", s, f"{i:04}", 20) for s, n in SOURCES.items() for i in range(n)]
    issues = pd.DataFrame(rows, columns=["issue_id", "source", "date", "n_articles"])
    shares = rng.dirichlet(np.full(TOPICS, 2.0), len(issues))
    start = time.perf_counter()
    table = contrasts(issues, shares, Limits(permutations=PERMUTATIONS), seed=1)
    ours = time.perf_counter() - start
    a, b = (shares[(issues["source"] == s).to_numpy(), 0] for s in ("gazette", "newspaper"))
    start = time.perf_counter()
    peer = stats.ttest_ind(
        a, b, equal_var=False, method=stats.PermutationMethod(n_resamples=PERMUTATIONS, rng=np.random.default_rng(1))
    )
    theirs = time.perf_counter() - start
    own = table.query("topic == 0 and source_a == 'gazette' and source_b == 'newspaper'").iloc[0]
    print(f"{len(issues):,} issues, {len(table)} contrasts, {PERMUTATIONS:,} permutations: {ours:.1f} s on one core")
    print(
        f"scipy, one of these contrasts: {theirs:.1f} s, that is {theirs * len(table) / ours:.0f} times as long for all"
    )
    print(f"p of that contrast: {own['p']:.3f} (widened by {own['inflation']:.2f}), scipy's {peer.pvalue:.3f}")


if __name__ == "__main__":
    main()
