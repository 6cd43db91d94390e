"""Share of each of the user's own themes in each source, with intervals over issues where a source bears one."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from baokan.catalogue import translator
from baokan.reporting.figures import rows_of_dots, shorten
from baokan.reporting.looks import FAINT, source_colour

MARKS = "osD^vP"  # a colour that comes again, past six sources, has another mark


def figure(theme_shares: pd.DataFrame, weighting: str, language: str = "en", **_) -> Figure:
    """theme_shares: compare/theme_shares for all weightings. A row per theme in the order of the user, a dot per source; a
    hollow dot has no interval (too few issues or articles)."""
    shares = theme_shares[theme_shares["weighting"] == weighting]
    if shares.empty:
        fig = Figure(figsize=(7, 1))
        fig.text(
            0.02, 0.5, translator(language).gettext("No themes of your own: there is no themes.tsv beside the corpus.")
        )
        return fig
    sources, themes = sorted(shares["source"].unique()), list(dict.fromkeys(shares["theme"]))
    per_row = max(0.38, 0.11 * len(sources))
    fig = Figure(figsize=(7.6, per_row * len(themes) + 1.0 + 0.24 * -(-len(sources) // 4)))
    ax = fig.subplots()
    spread = np.linspace(-0.3, 0.3, len(sources)) if len(sources) > 1 else [0.0]
    for offset, source in zip(spread, sources, strict=True):
        rows = 1000 * shares[shares["source"] == source].set_index("theme")[["share", "lower", "upper"]].loc[themes]
        y, colour = np.arange(len(rows)) + offset, source_colour(sources, source)
        mark = MARKS[sources.index(source) // 6 % len(MARKS)]
        bounded = rows["lower"].notna().to_numpy()
        ax.hlines(y[bounded], rows["lower"][bounded], rows["upper"][bounded], color=colour, lw=1.6, alpha=0.75)
        ax.plot(rows["share"][bounded], y[bounded], mark, color=colour, ms=5)
        ax.plot(rows["share"][~bounded], y[~bounded], mark, mfc="white", mec=colour, ms=5, clip_on=False)
        ax.plot([], [], mark, color=colour, label=shorten(source))
    rows_of_dots(ax, [shorten(theme) for theme in themes], len(sources))
    if not shares["share"].gt(0).any():
        ax.set_xlim(right=1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    for edge in np.arange(len(themes) - 1) + 0.5:
        ax.axhline(edge, color=FAINT, lw=0.6)
    say = translator(language)
    if weighting == "article":
        told = say.gettext("words in 1,000 (mean of an issue's articles), mean over issues; hollow: no interval")
    else:
        told = say.gettext("words in 1,000 (in an issue), mean over issues; hollow: no interval")
    ax.set_xlabel(told)
    return fig
