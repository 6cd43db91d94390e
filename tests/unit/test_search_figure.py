"""The figure of the search over K: what stands where its axes say."""

import numpy as np
import pandas as pd
import pytest
from baokan.reporting.figures import style
from baokan.reporting.sections.search.figure import PANELS, RING, figure


def search(of_the_search: bool) -> pd.DataFrame:
    """Two fits each of K = 6 and K = 8, and the reported one of K = 8: of the search itself, or made once K was chosen."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame({name: rng.uniform(0.1, 0.4, 5) for name, _ in PANELS} | {"held_out_error": 0.01})
    table = table.assign(k=[6, 6, 8, 8, 8], seed=range(5), nearness=[np.nan, np.nan, 0.9, 0.9, 0.9])
    table["chosen"] = table["seed"] == (3 if of_the_search else 4)
    table.loc[4, ["stability", "score"]] = np.nan
    return table


def rings(table: pd.DataFrame) -> dict[str, list[float]]:
    with style():
        axes = figure(table).axes
    found = {}
    for ax, (name, title) in zip(axes, PANELS, strict=True):
        assert ax.get_title("left") == title
        drawn = [line for line in ax.lines if line.get_marker() == "o" and line.get_markeredgecolor() == RING]
        found[name] = [float(y) for line in drawn for y in line.get_ydata() if np.isfinite(y)]
    return found


@pytest.mark.parametrize("of_the_search", [True, False])
def test_the_ring_stands_at_the_measure_of_its_axis_or_nowhere(of_the_search):
    table = search(of_the_search)
    reported = table[table["chosen"]].iloc[0]
    for name, at in rings(table).items():
        if name != "held_out":  # one fit for each K, which is none of these
            assert at == ([] if np.isnan(reported[name]) else [pytest.approx(reported[name])]), name
