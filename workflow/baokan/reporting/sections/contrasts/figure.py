"""Differences between each pair of sources, topic by topic, in the colour of what may be claimed."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from baokan.catalogue import translator
from baokan.reporting.figures import shorten
from baokan.reporting.looks import FAINT, GRADE_COLOURS, GREY
from baokan.reporting.table_words import said

MOST_PAIRS = 6


def figure(contrasts: pd.DataFrame, topics: pd.DataFrame, weighting: str, language: str = "en", **_) -> Figure:
    """contrasts: compare/contrasts; topics: topics.parquet. A panel per pair (the first MOST_PAIRS), a row per topic; a
    difference without an interval is one that may not be tested."""
    rows = contrasts[contrasts["weighting"] == weighting]
    pairs = sorted(set(zip(rows["source_a"], rows["source_b"], strict=True)))[:MOST_PAIRS]
    if not pairs:
        fig = Figure(figsize=(7, 1))
        fig.text(0.02, 0.5, translator(language).gettext("One source: there is nothing to compare it with."))
        return fig
    fig = Figure(figsize=(2.9 * len(pairs) + 2.2, 0.3 * len(topics) + 1.5))
    axes = fig.subplots(1, len(pairs), sharey=True, sharex=True, squeeze=False)[0]
    for ax, (a, b) in zip(axes, pairs, strict=True):
        pair = rows[(rows["source_a"] == a) & (rows["source_b"] == b)].set_index("topic_id").loc[topics["topic_id"]]
        ax.axvline(0, color=GREY, lw=0.8)
        for y, row in enumerate(pair.itertuples()):
            colour = GRADE_COLOURS[row.grade]
            if np.isfinite(row.lower):
                ax.hlines(y, row.lower, row.upper, color=colour, lw=1.8)
            ax.plot(row.difference, y, "o", color=colour, mfc=colour if row.eligible else "white", ms=5)
        ax.set_title(f"← {shorten(b, 12)}      {shorten(a, 12)} →", fontsize=9, loc="center")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:+.0f}" if v else "0"))
        ax.grid(axis="x", color=FAINT)
        ax.set_axisbelow(True)
        ax.set_yticks(np.arange(len(topics)), [f"{t.topic_id}  {shorten(t.label)}" for t in topics.itertuples()])
    axes[0].set_ylim(len(topics) - 0.5, -0.5)
    for name, colour in GRADE_COLOURS.items():
        axes[0].plot([], [], "o", color=colour, label=said(name, translator(language)))
    fig.legend(
        *axes[0].get_legend_handles_labels(), loc="upper right", ncols=3, bbox_to_anchor=(0.98, 1.04), fontsize=8.5
    )
    told = translator(language).gettext("difference of shares, percentage points; hollow: may not be tested")
    fig.supxlabel(told, fontsize=9)
    fig.tight_layout()
    return fig
