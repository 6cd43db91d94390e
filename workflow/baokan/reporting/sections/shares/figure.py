"""Share of each topic in each source, with intervals over issues where a source bears one."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from baokan.catalogue import translator
from baokan.reporting.figures import percent_axis, rows_of_dots, shorten
from baokan.reporting.looks import source_colour


def figure(shares: pd.DataFrame, topics: pd.DataFrame, weighting: str, language: str = "en", **_) -> Figure:
    """shares: rows of compare/shares for all weightings; topics: topics.parquet. A row per topic, a dot per source; a
    hollow dot has no interval (too few issues or articles)."""
    shares = shares[shares["weighting"] == weighting]
    sources = sorted(shares["source"].unique())
    labels = [f"{t.topic_id}  {shorten(t.label)}" for t in topics.itertuples()]
    fig = Figure(figsize=(7.6, 0.36 * len(topics) + 1.3))
    ax = fig.subplots()
    spread = np.linspace(-0.24, 0.24, len(sources)) if len(sources) > 1 else [0.0]
    for offset, source in zip(spread, sources, strict=True):
        rows = shares[shares["source"] == source].set_index("topic_id").loc[topics["topic_id"]]
        y, colour = np.arange(len(rows)) + offset, source_colour(sources, source)
        bounded = rows["lower"].notna().to_numpy()
        ax.hlines(y[bounded], rows["lower"][bounded], rows["upper"][bounded], color=colour, lw=1.6, alpha=0.75)
        ax.plot(rows["share"][bounded], y[bounded], "o", color=colour, ms=5)
        ax.plot(rows["share"][~bounded], y[~bounded], "o", mfc="white", mec=colour, ms=5)
        ax.plot([], [], "o", color=colour, label=shorten(source))
    rows_of_dots(ax, labels, len(sources))
    percent_axis(ax.xaxis)
    say = translator(language)
    if weighting == "article":
        told = say.gettext("share, mean over issues (each article of an issue counts once); hollow: no interval")
    else:
        told = say.gettext("share, mean over issues (each word of an issue counts once); hollow: no interval")
    ax.set_xlabel(told)
    return fig
