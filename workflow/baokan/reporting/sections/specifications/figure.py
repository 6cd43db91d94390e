"""The specification curve of the first contrasts: estimates by size, and below each what was chosen."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from baokan.catalogue import Translator, translator
from baokan.comparing.limits import ALPHA, CONTRAST
from baokan.reporting.figures import shorten
from baokan.reporting.looks import FAINT, GREY, INK
from baokan.reporting.table_words import said
from baokan.robustness.choices import OWN_WORDS
from baokan.robustness.specifications import REPORTED, headlines

MOST = 4
HELD, OTHER_WAY, RING = "#0072B2", "#D55E00", "#E69F00"
KINDS = ("words", "chunk_tokens", "k", "engine")
GAP = 0.6  # rows between kinds of choices


def figure(
    specifications: pd.DataFrame,
    survival: pd.DataFrame,
    contrasts: pd.DataFrame,
    topics: pd.DataFrame,
    weighting: str,
    language: str = "en",
    **_,
) -> Figure:
    """specifications, survival: of the specification curve; contrasts: compare/contrasts; topics: topics.parquet. A dot is the
    difference in one specification, with its interval; filled: p of at most 0.05; a cross: the topic has no partner there. Below,
    the choices that each specification makes, dark where the contrast holds. The ring is the run itself."""
    shown = headlines(survival[survival["topic_id"].isin(topics["topic_id"])], contrasts, weighting, MOST)
    if not len(shown):
        fig = Figure(figsize=(7, 1))
        fig.text(0.02, 0.5, translator(language).gettext("The specification curve was not computed."))
        return fig
    labels = topics.set_index("topic_id")["label"]
    rows = _rows(specifications, translator(language))
    deep = rows[-1][2] + 1
    columns = min(2, len(shown))
    lines = -(-len(shown) // columns)
    fig = Figure(figsize=(9.4, lines * (1.75 + 0.145 * deep) + 0.5))
    grid = fig.add_gridspec(
        2 * lines, columns, height_ratios=[1.45, 0.145 * deep] * lines, hspace=0.09, wspace=0.16,
        left=0.235, right=0.99, top=1 - 0.32 / fig.get_figheight(), bottom=0.42 / fig.get_figheight(),
    )  # fmt: skip
    for place, contrast in enumerate(shown.to_dict("records")):
        line, column = divmod(place, columns)
        part = specifications[np.logical_and.reduce([specifications[c] == contrast[c] for c in CONTRAST])]
        order = part.assign(there=part["returns"] & part["difference"].notna())
        order = order.sort_values(
            ["there", "difference", "specification"], ascending=[False, True, True], kind="stable"
        )
        top, below = (fig.add_subplot(grid[2 * line + i, column]) for i in range(2))
        # A gap between one pair of panels and the next.
        for ax, shift in ((top, 0.0), (below, 0.0)):
            box = ax.get_position()
            lift = 0.22 / fig.get_figheight() if line and ax is top else 0.0
            ax.set_position((box.x0, box.y0 + shift, box.width, box.height - lift))
        _curve(top, order, contrast["tested"])
        name = shorten(labels.get(contrast["topic_id"], ""), 16)
        a, b = (shorten(contrast[f"source_{side}"], 12) for side in "ab")
        top.set_title(f"{contrast['topic_id']}  {name}: {a} − {b}", fontsize=9)
        _matrix(below, order, rows, named=column == 0, tested=contrast["tested"])
    fig.supxlabel(_explained(shown, translator(language)), fontsize=8.5, x=0.61, y=0.002)
    return fig


def _explained(shown: pd.DataFrame, say: Translator) -> str:
    start = say.gettext(
        "specifications by size of the difference, in percentage points; ring: the run itself; ×: no such topic there"
    )
    below = (
        say.gettext("filled: p ≤ 0.05; dark below: holds")
        if shown["tested"].any()
        else say.gettext("dark below: the same sign")
    )
    return f"{start}\n{below}"


def _rows(table: pd.DataFrame, say: Translator) -> list[tuple[str, object, float, str]]:
    """(kind, choice, its place from above, its name) of each choice that a specification makes, the run's own first."""
    own = table[table["specification"] == REPORTED].iloc[0]
    found, at = [], 0.0
    for kind in KINDS:
        values = list(dict.fromkeys(table.sort_values("specification", kind="stable")[kind]))
        if len(values) == 1:  # no choice was made
            continue
        if kind != "words":
            values = [own[kind], *sorted(v for v in values if v != own[kind])]
        for value in values:
            named = {
                "words": say.gettext("the run's own words") if value == OWN_WORDS else said(str(value), say),
                "chunk_tokens": say.gettext("windows of {n} tokens", n=value),
                "k": say.gettext("{n} topics", n=value),
                "engine": str(value),
            }
            found.append((kind, value, at, shorten(named[kind], 38)))
            at += 1
        at += GAP
    return found


def _curve(ax: Axes, order: pd.DataFrame, tested: bool) -> None:
    x, there = np.arange(len(order)), order["there"].to_numpy(bool)
    values = 100 * order["difference"].to_numpy(float)
    sure = order["p"].to_numpy(float) <= ALPHA
    colours = np.where(order["holds"], HELD, np.where(sure & there & ~order["same_sign"], OTHER_WAY, GREY))
    if not tested:
        colours = np.where(order["same_sign"], HELD, GREY)
    ax.axhline(0, color=INK, lw=0.7)
    bounds = 100 * order[["lower", "upper"]].to_numpy(float)
    drawn = there & np.isfinite(bounds).all(axis=1)
    ax.vlines(x[drawn], bounds[drawn, 0], bounds[drawn, 1], color=colours[drawn], lw=1.1, alpha=0.45)
    face = np.where(sure & there, colours, "white")
    ax.scatter(x[there], values[there], s=13, c=face[there], edgecolors=colours[there], linewidths=0.9, zorder=3)
    ax.plot(x[~there], np.zeros((~there).sum()), "x", color=GREY, ms=3.4, mew=0.8)
    own = np.flatnonzero(order["specification"] == REPORTED)
    ax.plot(x[own], values[own], "o", mfc="none", mec=RING, ms=8, mew=1.6, zorder=4)
    ax.set_xlim(-0.8, len(order) - 0.2)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:+.3g}" if v else "0"))
    ax.tick_params(labelsize=8)
    ax.grid(axis="y", color=FAINT)
    ax.set_axisbelow(True)


def _matrix(ax: Axes, order: pd.DataFrame, rows: list[tuple], named: bool, tested: bool) -> None:
    held = order["holds" if tested else "same_sign"].to_numpy(bool)
    for number, (kind, value, at, _) in enumerate(rows):
        if number % 2 == 0:
            ax.axhspan(at - 0.5, at + 0.5, color="#f4f6f8", lw=0)
        made = (order[kind] == value).to_numpy()
        for which, colour in ((held, INK), (~held, "#c2c9d1")):
            x = np.flatnonzero(made & which)
            ax.plot(x, np.full(len(x), at), "o", color=colour, ms=3, mew=0)
    ax.set_xlim(-0.8, len(order) - 0.2)
    ax.set_ylim(rows[-1][2] + 0.6, -0.6)
    ax.set_xticks([])
    ax.set_yticks([at for *_, at, _ in rows], [name for *_, name in rows] if named else [])
    ax.tick_params(axis="y", length=0, labelsize=7.6)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
