"""The most distinctive terms of each source, with the intervals by which they are ranked."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from baokan.catalogue import translator
from baokan.reporting.figures import shorten
from baokan.reporting.looks import FAINT, GREY, source_colour
from baokan.words.keyness import ALL_OTHERS

COLUMNS = 3


def figure(keyness: pd.DataFrame, top_terms: int, language: str = "en", **_) -> Figure:
    """keyness: words/keyness.parquet. A panel per source, a row per term: log-ratio to the other sources, in doublings."""
    rows = keyness[keyness["against"] == ALL_OTHERS]
    sources = sorted(rows["source"].unique())
    if not sources:
        fig = Figure(figsize=(7, 1))
        fig.text(0.02, 0.5, translator(language).gettext("One source: there is nothing to compare it with."))
        return fig
    columns, n = min(COLUMNS, len(sources)), min(top_terms + 5, 20)
    height = int(np.ceil(len(sources) / columns))
    fig = Figure(figsize=(3.1 * columns, (0.23 * n + 0.9) * height))
    axes = fig.subplots(height, columns, squeeze=False).ravel()
    for ax in axes[len(sources) :]:
        ax.set_visible(False)
    for ax, source in zip(axes, sources, strict=False):
        best = rows[rows["source"] == source].sort_values("rank").head(n)
        y, colour = np.arange(len(best)), source_colour(sources, source)
        ax.axvline(0, color=GREY, lw=0.8)
        ax.hlines(y, best["log_ratio_lower"], best["log_ratio_upper"], color=colour, lw=1.6)
        sure = (best["bound"] > 0).to_numpy()
        ax.scatter(best["log_ratio"][sure], y[sure], color=colour, s=20, zorder=3)
        ax.scatter(best["log_ratio"][~sure], y[~sure], edgecolor=colour, facecolor="white", s=20, zorder=3)
        ax.set_yticks(y, [shorten(t, 10) for t in best["term"]])
        ax.set_ylim(n - 0.5, -0.5)
        ax.tick_params(length=0)
        ax.grid(axis="x", color=FAINT)
        ax.set_axisbelow(True)
        ax.set_title(shorten(source))
    told = translator(language).gettext("log-ratio to the other sources (1: twice as frequent, 2: four times)")
    fig.supxlabel(told, fontsize=9)
    fig.tight_layout()
    return fig
