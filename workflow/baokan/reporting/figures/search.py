"""The search over K: merits of every fit, and the one that was chosen."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from baokan.reporting.figures import FAINT, GREY

PANELS = (
    ("npmi", "coherence (NPMI)"),
    ("diversity", "diversity"),
    ("stability", "stability over seeds"),
    ("score", "score: mean of the three, standardised"),
)


def figure(search: pd.DataFrame, **_) -> Figure:
    """search: topics/search.parquet. A dot is a fit, the line the mean of a K, the ring the fit that is reported."""
    fig = Figure(figsize=(9.2, 2.5))
    axes = fig.subplots(1, len(PANELS))
    chosen = search[search["chosen"]].iloc[0]
    for ax, (column, title) in zip(axes, PANELS, strict=True):
        ax.plot(search["k"], search[column], "o", color=GREY, ms=3.5, alpha=0.7)
        means = search.groupby("k")[column].mean()
        ax.plot(means.index, means, "-", color="#0072B2", lw=1.4)
        ax.plot(chosen["k"], chosen[column], "o", mfc="none", mec="#D55E00", mew=1.8, ms=9)
        ax.set_title(title, fontsize=8.5)
        ax.set_xticks(sorted(search["k"].unique()))
        ax.yaxis.set_major_locator(MaxNLocator(4))
        ax.tick_params(labelsize=8)
        ax.grid(axis="y", color=FAINT)
        ax.set_xlabel("K", fontsize=8)
    fig.tight_layout()
    return fig
