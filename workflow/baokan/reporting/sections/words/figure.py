"""The terms that weigh most in each source by TF-IDF, beside their weight in the others."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from baokan.catalogue import translator
from baokan.reporting.figures import shorten
from baokan.reporting.looks import FAINT, GREY, source_colour

COLUMNS = 3


def figure(tfidf: pd.DataFrame, top_terms: int, language: str = "en", **_) -> Figure:
    """tfidf: words/tfidf.parquet. A panel per source; the bar is the source, the mark the mean of the others."""
    sources = sorted(tfidf["source"].unique())
    columns = min(COLUMNS, len(sources))
    rows = int(np.ceil(len(sources) / columns))
    n = min(top_terms + 5, 20)
    fig = Figure(figsize=(3.1 * columns, (0.23 * n + 0.7) * rows))
    axes = fig.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes[len(sources) :]:
        ax.set_visible(False)
    for ax, source in zip(axes, sources, strict=False):
        best = tfidf[tfidf["source"] == source].head(n)
        y = np.arange(len(best))
        ax.barh(y, best["tfidf"], color=source_colour(sources, source), height=0.66)
        if len(sources) > 1:
            ax.plot(best["tfidf_elsewhere"], y, "|", color="black", ms=8, mew=1.4)
        ax.set_yticks(y, [shorten(t, 10) for t in best["term"]])
        ax.set_ylim(n - 0.5, -0.5)
        ax.tick_params(length=0)
        ax.set_xticks([])
        ax.spines["bottom"].set_color(FAINT)
        ax.set_title(shorten(source))
    if len(sources) > 1:
        told = translator(language).gettext("bar: mean TF-IDF in the source;  | : in the other sources")
        fig.text(0.99, 0.0, told, ha="right", color=GREY, fontsize=8)
    fig.tight_layout()
    return fig
