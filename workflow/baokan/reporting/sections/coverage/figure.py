"""The calendar of issues: a strip per source, a mark per issue, gaps shaded."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from baokan.catalogue import translator
from baokan.comparing.dates import days, span
from baokan.numbers import plain
from baokan.reporting.figures import shorten
from baokan.reporting.looks import GREY, INK, source_colour
from baokan.reporting.time_axis import NO_DATES, TimeAxis

MOST_STRIPS = 24  # publications have strips of their own up to here; sources always have one


def figure(calendar: pd.DataFrame, gaps: pd.DataFrame, coverage: pd.DataFrame, language: str = "en", **_) -> Figure:
    """calendar, gaps, coverage: of compare/; the last names all sources, so that each has the same colour in all figures.

    A strip per source, or per publication where they are not too many; a date that is a month or a year is a box as wide as
    that, darker where several issues bear it.
    """
    say = translator(language)
    nameless = say.gettext("(no name)")
    dated = calendar[calendar["first"] != ""]
    if dated.empty:
        fig = Figure(figsize=(7, 1))
        fig.text(0.02, 0.5, say.gettext(NO_DATES))
        return fig
    sources, everyone = sorted(calendar["source"].unique()), sorted(coverage["source"])
    strips = sorted(set(zip(calendar["source"], calendar["publication"], strict=True)))
    apart = len(strips) <= max(MOST_STRIPS, len(sources))
    strips = strips if apart else [(source, None) for source in sources]
    many = calendar.groupby("source")["publication"].nunique()
    fig = Figure(figsize=(9.2, 0.34 * len(strips) + 1.1))
    ax = fig.subplots()
    spans = [s for s in map(days, dated["date"]) if s is not None]
    axis = TimeAxis(spans)
    shaded = False
    for y, (source, publication) in enumerate(strips):
        own = dated[dated["source"] == source]
        holes = gaps[gaps["source"] == source]
        if publication is not None:
            own, holes = own[own["publication"] == publication], holes[holes["publication"] == publication]
        elif many[source] > 1:
            holes = holes.iloc[:0]  # a gap of one publication is none of the source
        colour = source_colour(everyone, source)
        for before, after in zip(holes["from"], holes["to"], strict=True):
            shaded |= _box(
                ax, axis, span(before)[1] + 1, span(after)[0], y, 0.62, {"fc": "#f1e3d6", "lw": 0, "zorder": 1}
            )
        counts = pd.Series(list(map(days, own["date"])), dtype=object).value_counts()
        for (first, last), n in sorted(counts.items()):
            if first == last:
                place = axis.at(first + 0.5)
                ax.vlines(place, y - 0.29, y + 0.29, color=colour, lw=1.4, alpha=0.85, zorder=3)
            else:
                alpha = 0.35 if n == 1 else 0.65 if n < 4 else 0.9
                inset = 0.1 * (last + 1 - first)
                look = {"fc": colour, "lw": 0, "alpha": alpha, "zorder": 2}
                _box(ax, axis, first + inset, last + 1 - inset, y, 0.5, look)
        n = int(
            ((calendar["source"] == source) & ((calendar["publication"] == publication) | (publication is None))).sum()
        )
        without = n - len(own)
        undated = say.gettext("({n} undated)", n=plain(without))
        text = f"{n:,}" + (f" {undated}" if without else "")
        ax.text(1.01, y, text, transform=ax.get_yaxis_transform(), va="center", fontsize=8, color=GREY)
    names = [
        shorten(s, 14) + (f"  {shorten(p or nameless, 12)}" if p is not None and many[s] > 1 else "") for s, p in strips
    ]
    ax.set_yticks(np.arange(len(strips)), names, fontsize=9)
    ax.set_ylim(len(strips) - 0.4, -0.6)
    ax.tick_params(length=0)
    axis.dress(ax)
    ax.spines["left"].set_visible(False)
    ax.text(1.01, -0.75, say.gettext("issues"), transform=ax.get_yaxis_transform(), va="bottom", fontsize=8, color=GREY)
    if shaded:
        ax.legend(
            handles=[Patch(fc="#f1e3d6", label=say.gettext("gap"))], loc="lower left", bbox_to_anchor=(0, 1.0), fontsize=8,
            labelcolor=INK, borderpad=0, handlelength=1.6,
        )  # fmt: skip
    fig.tight_layout()
    return fig


def _box(ax: Axes, axis: TimeAxis, first: float, end: float, y: float, height: float, look: dict) -> bool:
    left, right = float(axis.at(first)), float(axis.at(end))
    ax.add_patch(Rectangle((left, y - height / 2), max(right - left, 0.0008), height, snap=False, **look))
    return True
