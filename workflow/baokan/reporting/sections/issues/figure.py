"""Every issue of every source, and how much of it each topic takes: the raw material of all comparisons."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from baokan.catalogue import translator
from baokan.reporting.figures import percent_axis, shorten
from baokan.reporting.looks import INK

MOST_ISSUES = 120


def figure(issue_shares: pd.DataFrame, topics: pd.DataFrame, weighting: str, language: str = "en", **_) -> Figure:
    """issue_shares: compare/issue_shares; a column per issue in the order of source and date, a row per topic. Beyond
    MOST_ISSUES, neighbouring issues of a source are averaged so that the picture stays legible."""
    say = translator(language)
    rows = issue_shares[issue_shares["weighting"] == weighting]
    fig = Figure(figsize=(9.2, 0.3 * len(topics) + 1.5))
    if rows.empty:
        fig.text(0.02, 0.5, say.gettext("No document names its issue: fill the column issue or date of documents.tsv."))
        return fig
    wide = rows.pivot_table(index=["source", "date", "issue_id"], columns="topic_id", values="share").sort_index()
    sources = sorted(wide.index.get_level_values("source").unique())
    each = int(np.ceil(len(wide) / MOST_ISSUES))
    parts = []
    for source in sources:
        part = wide.loc[[source]]
        parts.append(part.groupby(np.arange(len(part)) // each).mean() if each > 1 else part)
    axes = fig.subplots(1, len(sources), sharey=True, width_ratios=[max(len(p), 2) for p in parts], squeeze=False)[0]
    top = max(0.05, float(np.nanmax([p.to_numpy().max() for p in parts])))
    for ax, source, part in zip(axes, sources, parts, strict=True):
        image = ax.imshow(part.to_numpy().T, aspect="auto", cmap="Blues", vmin=0, vmax=top, interpolation="nearest")
        dates = [str(i[1]) for i in part.index] if each == 1 else []
        if each == 1:
            number = say.ngettext("{n} issue", "{n} issues", len(part))
        else:
            number = say.gettext("{n} groups of {each} issues", n=len(part), each=each)
        ax.set_title(f"{shorten(source)} ({number})", fontsize=9.5)
        shown = range(0, len(dates), max(1, len(dates) // 6))
        ax.set_xticks(list(shown), [dates[i] for i in shown], rotation=60, ha="right", fontsize=7.5)
        ax.set_yticks(np.arange(len(topics)), [f"{t.topic_id}  {shorten(t.label)}" for t in topics.itertuples()])
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
    bar = fig.colorbar(image, ax=axes, fraction=0.025, pad=0.01)
    percent_axis(bar.ax.yaxis)
    bar.ax.tick_params(labelsize=7.5, color=INK)
    bar.outline.set_visible(False)
    return fig
