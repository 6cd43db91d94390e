"""Which words set two sources apart: a shift graph of the Jensen-Shannon divergence for each of a few pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from baokan.catalogue import translator
from baokan.reporting.figures import shorten
from baokan.reporting.looks import FAINT, GREY, source_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PAIRS = 3
WORDS = 12


def figure(divergence: pd.DataFrame, shifts: pd.DataFrame, language: str = "en", **_) -> Figure:
    """divergence, shifts: tables of `baokan.comparing.divergence`. A panel per pair (see `pairs_shown`), a row per word, the
    words of most excess first; a bar points to the source that has more of the word. Its whole length is what the word
    contributes, the pale part what it contributes where issues are dealt at random. All pale: the pair is not tested."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    say = translator(language)
    pairs = pairs_shown(divergence)
    if not pairs:
        fig = Figure(figsize=(7, 1))
        if divergence.empty:
            fig.text(0.02, 0.5, say.gettext("One source: there is nothing to compare it with."))
        else:
            fig.text(0.02, 0.5, say.gettext("No two sources have words to compare."))
        return fig
    sources = sorted({*divergence["source_a"], *divergence["source_b"]})
    rows = shifts[(shifts["by"] == "word") & (shifts["item"] != "") & (shifts["more_in"] != "")]
    best = [rows[(rows["source_a"] == a) & (rows["source_b"] == b)].head(WORDS) for a, b in pairs]
    most = max(1, *(len(part) for part in best))
    fig = Figure(figsize=(3.1 * len(pairs) + (1.4 if len(pairs) == 1 else 0), 0.25 * most + 1.3))
    axes = fig.subplots(1, len(pairs), sharex=True, squeeze=False)[0]
    reach = 0.0
    for ax, (a, b), part in zip(axes, pairs, best, strict=True):
        tested = part["excess"].notna().to_numpy()
        whole = 1000 * np.where(tested, part["matched"], part["contribution"])
        chance = np.where(tested, np.clip(1000 * part["null_contribution"].fillna(0), 0, whole), whole)
        side = np.where(part["more_in"] == a, 1, -1)
        colours = [source_colour(sources, s) for s in part["more_in"]]
        y = np.arange(len(part))
        ax.barh(y, side * chance, color=colours, alpha=0.3, height=0.7, lw=0)
        ax.barh(y, side * (whole - chance), left=side * chance, color=colours, height=0.7, lw=0)
        ax.axvline(0, color=GREY, lw=0.8)
        for place, word, s in zip(y, part["item"], side, strict=True):
            # The half that the bar leaves free holds the word.
            ax.annotate(
                shorten(word, 10), (0, place), (-4 * s, 0), textcoords="offset points", va="center",
                ha="right" if s > 0 else "left",
            )  # fmt: skip
        reach = max(reach, float(whole.max(initial=0)))
        ax.set_ylim(most - 0.4, -0.6)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{abs(v):g}"))
        ax.grid(axis="x", color=FAINT)
        ax.set_axisbelow(True)
        for name, s, arrow in ((b, -1, "← {}"), (a, 1, "{} →")):
            ax.annotate(
                arrow.format(shorten(name, 14)), (0, 1), (6 * s, 7), xycoords=("data", "axes fraction"), va="baseline",
                textcoords="offset points", ha="left" if s > 0 else "right", fontsize=9,
            )  # fmt: skip
        if len(part) and not tested.any():
            ax.set_xlabel(say.gettext("not tested"), color=GREY, fontsize=8)
    # Room for a word of ten characters beside the bars, whatever their length.
    axes[0].set_xlim(-1.12 * reach or -1, 1.12 * reach or 1)
    some = [part["excess"].notna().any() for part in best]
    key = [Patch(color=GREY, label=say.gettext("beyond issues dealt at random"))] if any(some) else []
    pale = " / ".join(
        [say.gettext("what these show as well")] * any(some) + [say.gettext("not tested")] * (not all(some))
    )
    key.append(Patch(color=GREY, alpha=0.3, label=pale))
    fig.legend(handles=key, loc="upper center", ncols=2, bbox_to_anchor=(0.5, 0.02), fontsize=8.5)
    fig.supxlabel(say.gettext("contribution to the divergence, thousandths of a bit"), fontsize=9, y=0.03)
    fig.tight_layout()
    return fig


def pairs_shown(divergence: pd.DataFrame) -> list[tuple[str, str]]:
    """The MOST_PAIRS pairs that lie farthest apart in words: tested ones first, by the excess at equal size, then the others
    by the observed divergence."""
    rows = divergence[(divergence["by"] == "word") & divergence["observed"].notna()]
    rows = rows.assign(tested=rows["equal_excess"].notna(), far=rows["equal_excess"].fillna(rows["observed"]))
    rows = rows.sort_values(
        ["tested", "far", "source_a", "source_b"], ascending=[False, False, True, True], kind="stable"
    ).head(MOST_PAIRS)
    return sorted(zip(rows["source_a"], rows["source_b"], strict=True))
