"""Real differences beside those of comparisons in which nothing is to be found."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from baokan.catalogue import translator
from baokan.reporting.figures import shorten
from baokan.reporting.looks import FAINT, GRADE_COLOURS, GREY, INK
from baokan.reporting.table_words import said

MOST_PAIRS = 10
MOST_SOURCES = 6
BAND = "#cfd6dd"


def figure(
    placebo: pd.DataFrame,
    placebo_sizes: pd.DataFrame,
    contrasts: pd.DataFrame,
    topics: pd.DataFrame,
    weighting: str,
    language: str = "en",
    **_,
) -> Figure:
    """placebo, placebo_sizes: of `baokan.comparing.placebo.placebo_tables`; contrasts: compare/contrasts; topics: topics.parquet.

    A row per comparison, a dot or tick per topic at the size of its difference: first the pairs of sources (those with the
    largest differences) over the band of what dealing their labels out gives, then each source against itself.
    """
    say = translator(language)
    real = contrasts[contrasts["weighting"] == weighting]
    within = placebo[(placebo["weighting"] == weighting) & (placebo["kind"] != "shuffled")]
    sizes = placebo_sizes[placebo_sizes["weighting"] == weighting].set_index(["source_a", "source_b"])
    pairs, more_pairs = _largest(real, ["source_a", "source_b"], MOST_PAIRS)
    sources, more_sources = _largest(within, ["source"], MOST_SOURCES)
    if not pairs and not sources:
        fig = Figure(figsize=(7, 1))
        fig.text(0.02, 0.5, say.gettext("Nothing to compare: one source, with too few dated issues to be cut in two."))
        return fig
    rows = [("pair", pair) for pair in pairs] + [(k, s) for k in ("halves", "alternate") for s in sources]
    rows = [r for r in rows if r[0] == "pair" or ((within["kind"] == r[0]) & (within["source"] == r[1][0])).any()]
    heads = [i for i, r in enumerate(rows) if i == 0 or r[0] != rows[i - 1][0]]
    places, y = [], 0.0
    for i in range(len(rows)):
        y += 1.75 if i in heads else 1.0  # room for the heading of a group
        places.append(y)
    fig = Figure(figsize=(8.6, 0.33 * (y + 1) + 1.1))
    ax = fig.subplots()
    names = dict(zip(topics["topic_id"], topics["label"], strict=True))
    largest = [real["difference"].abs().max()] if pairs else []
    largest += [within["difference"].abs().max()] if sources else []
    top = max(*largest, *(sizes.at[key, "q95"] for key in pairs if key in sizes.index), 1e-3)
    for (kind, key), y in zip(rows, places, strict=True):
        if kind == "pair":
            _pair(ax, y, real[(real["source_a"] == key[0]) & (real["source_b"] == key[1])], sizes, key, names)
        else:
            sizes_of = within.loc[(within["kind"] == kind) & (within["source"] == key[0]), "difference"].abs()
            ax.plot(sizes_of, np.full(len(sizes_of), y), "|", color=GREY, ms=11, mew=1.3, alpha=0.8)
    left = say.gettext(" ({n} sources more)", n=more_sources) if more_sources else ""
    titles = {
        "pair": say.gettext("Between sources (those furthest apart; {n} pairs more)", n=more_pairs)
        if more_pairs
        else say.gettext("Between sources"),
        "halves": say.gettext("Within a source: its earlier half against its later") + left,
        "alternate": say.gettext("Within a source: every other issue against the rest") + left,
    }
    for i in heads:
        ax.text(0, places[i] - 0.78, titles[rows[i][0]], fontsize=9, va="center", ha="left")
    ax.set_yticks(places, [" − ".join(shorten(s, 16 if len(key) > 1 else 26) for s in key) for _, key in rows])
    ax.set_ylim(places[-1] + 0.7, places[0] - 1.5)
    ax.set_xlim(0, 1.22 * top)  # room for the name of the topic furthest out
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.axvline(0, color=GREY, lw=0.8)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g}"))
    ax.grid(axis="x", color=FAINT)
    ax.set_axisbelow(True)
    ax.set_xlabel(
        say.gettext("size of the difference, percentage points; a mark is a topic; hollow: may not be tested")
    )
    handles: list[Artist] = [
        ax.plot([], [], "o", color=c, label=said(g, say))[0] for g, c in GRADE_COLOURS.items() if pairs
    ]
    handles += [Patch(color=BAND, label=say.gettext("90 % of what chance gives"))] if len(sizes) else []
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=4, fontsize=8.5, handletextpad=0.4)
    fig.tight_layout()
    return fig


def _pair(ax, y: float, rows: pd.DataFrame, sizes: pd.DataFrame, key: tuple, names: dict) -> None:
    """A dot for each topic of a pair of sources, over what chance gives, the surest on top; the largest is named."""
    if key in sizes.index:
        band = sizes.loc[key]
        ax.barh(y, band["q95"] - band["q05"], left=band["q05"], height=0.72, color=BAND, lw=0)
    rows = rows.assign(size=rows["difference"].abs()).sort_values("topic_id")
    # Dots of many topics would hide one another on a line.
    rows["y"] = y + 0.2 * (np.arange(len(rows)) % 3 - 1) * (len(rows) > 6)
    for grade in reversed(GRADE_COLOURS):
        own = rows[rows["grade"] == grade]
        colour = GRADE_COLOURS[grade]
        face = [colour if e else "white" for e in own["eligible"]]
        ax.scatter(own["size"], own["y"], s=22, facecolor=face, edgecolor=colour, linewidth=1.1, zorder=3)
    last = rows.sort_values(["size", "topic_id"], ascending=[False, True]).iloc[0]
    label = f"  {last['topic_id']} {shorten(str(names.get(last['topic_id'], '')), 10)}"
    ax.text(last["size"], last["y"], label, fontsize=8, va="center", ha="left", color=INK)


def _largest(rows: pd.DataFrame, keys: list[str], most: int) -> tuple[list[tuple], int]:
    """(the groups with the largest difference, at most `most`, in the order of their names; how many are left out)."""
    if rows.empty:
        return [], 0
    largest = rows.assign(size=rows["difference"].abs()).groupby(keys)["size"].max()
    named = sorted(((-size, key if isinstance(key, tuple) else (key,)) for key, size in largest.items()))
    return sorted(key for _, key in named[:most]), max(0, len(named) - most)
