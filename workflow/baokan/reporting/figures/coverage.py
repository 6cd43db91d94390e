"""The calendar of issues: a strip per source, a mark per issue, gaps shaded; and the time axis that figures over time share."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from baokan.comparing.periods import days
from baokan.reporting.figures import FAINT, GREY, INK, shorten, source_colour

MOST_STRIPS = 24  # publications have strips of their own up to here; sources always have one
SMEAR = 0.15  # a piece of time with several issues that would get less of the axis than this makes it worth cutting
EMPTY = 0.15  # of the whole time, without an issue of any source: there the axis may be cut
SEVERAL = 6
LEAST_WIDTH, BREAK_WIDTH = 0.2, 0.035  # of the axis
NO_DATES = "No issue has a date: fill the column date of documents.tsv, and what changes over time can be shown."
_STEPS = (
    *(("day", n) for n in (1, 2, 7, 14)),
    *(("month", n) for n in (1, 2, 3, 6)),
    *(("year", n) for n in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
)


class TimeAxis:
    """Days on a common axis of width 1, cut where no source has an issue for so long that the rest would be a smear.

    Each piece between cuts has a scale of its own (a month beside forty years could not be seen otherwise); a cut is drawn as
    two strokes, and nothing is joined across it.
    """

    def __init__(self, spans: Sequence[tuple[int, int]]):
        """spans: first and last day of all issues that will be shown; at least one."""
        # Of forty sources with an issue on one day, that day is no smear: it is one mark for each.
        ordered = sorted(set(spans))
        total = max(last for _, last in ordered) - ordered[0][0] + 1
        pieces, sizes = [list(ordered[0])], [1]
        for first, last in ordered[1:]:
            if first - pieces[-1][1] > EMPTY * total:
                pieces.append([first, last])
                sizes.append(1)
            else:
                pieces[-1][1] = max(pieces[-1][1], last)
                sizes[-1] += 1
        smeared = any(
            n >= SEVERAL and (last - first + 1) < SMEAR * total
            for n, (first, last) in zip(sizes, pieces, strict=True)
        )  # fmt: skip
        if len(pieces) == 1 or not smeared:
            pieces = [[pieces[0][0], max(last for _, last in pieces)]]
        lengths = np.array([last - first + 1 for first, last in pieces], dtype=float)
        pads = np.maximum(0.5, (0.012 if len(pieces) == 1 else 0.04) * lengths)
        self.starts = np.array([first for first, _ in pieces]) - pads
        self.ends = np.array([last + 1 for _, last in pieces]) + pads
        width = np.maximum(lengths / lengths.sum(), LEAST_WIDTH)
        self.widths = width / width.sum() * (1 - BREAK_WIDTH * (len(pieces) - 1))
        self.left = np.concatenate([[0.0], np.cumsum(self.widths + BREAK_WIDTH)[:-1]])
        self.pieces = pieces

    def at(self, day: float | np.ndarray) -> np.ndarray:
        """Place on the axis of a day (an ordinal; its middle is +0.5); what lies in a cut stands at its edges."""
        day = np.asarray(day, dtype=float)
        piece = np.clip(np.searchsorted(self.starts, day, side="right") - 1, 0, len(self.starts) - 1)
        part = (day - self.starts[piece]) / (self.ends[piece] - self.starts[piece])
        return self.left[piece] + np.clip(part, 0.0, 1.0) * self.widths[piece]

    def piece(self, day: float) -> int:
        """The number of the piece in which a day lies, from 0."""
        return int(np.clip(np.searchsorted(self.starts, day, side="right") - 1, 0, len(self.starts) - 1))

    def dress(self, ax: Axes, labels: int = 9, size: float = 8.0) -> None:
        """Ticks with dates, at most about `labels` of them, a light grid, and the strokes of the cuts."""
        places, texts = [], []
        for i, (first, last) in enumerate(self.pieces):
            found = _ticks(first, last, max(1, int(labels * self.widths[i])))
            places += [float(self.at(day + 0.5 if day < self.ends[i] - 1 else day)) for day, _ in found]
            texts += [text for _, text in found]
        slant = {"rotation": 30, "ha": "right"} if len(self.pieces) > 1 and labels < 8 else {}
        ax.set_xticks(places, texts, fontsize=size, **slant)
        ax.set_xlim(0, 1)
        ax.grid(axis="x", color=FAINT, lw=0.8)
        ax.set_axisbelow(True)
        for left, width in zip(self.left[:-1], self.widths[:-1], strict=True):
            ax.axvspan(left + width, left + width + BREAK_WIDTH, color="white", zorder=4, lw=0)
            for at in (0.3, 0.7):
                ax.text(
                    left + width + at * BREAK_WIDTH, 0, "/", transform=ax.get_xaxis_transform(), ha="center",
                    va="center", color=GREY, fontsize=10, zorder=6, clip_on=False,
                )  # fmt: skip


def figure(calendar: pd.DataFrame, gaps: pd.DataFrame, coverage: pd.DataFrame, **_) -> Figure:
    """calendar, gaps, coverage: of compare/; the last names all sources, so that each has the same colour in all figures.

    A strip per source, or per publication where they are not too many; a date that is a month or a year is a box as wide as
    that, darker where several issues bear it.
    """
    dated = calendar[calendar["first"] != ""]
    if dated.empty:
        fig = Figure(figsize=(7, 1))
        fig.text(0.02, 0.5, NO_DATES)
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
                ax, axis, days(before)[1] + 1, days(after)[0], y, 0.62, {"fc": "#f1e3d6", "lw": 0, "zorder": 1}
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
        text = f"{n:,}" + (f" ({without:,} undated)" if without else "")
        ax.text(1.01, y, text, transform=ax.get_yaxis_transform(), va="center", fontsize=8, color=GREY)
    names = [
        shorten(s, 14) + (f"  {shorten(p or '(no name)', 12)}" if p is not None and many[s] > 1 else "")
        for s, p in strips
    ]
    ax.set_yticks(np.arange(len(strips)), names, fontsize=9)
    ax.set_ylim(len(strips) - 0.4, -0.6)
    ax.tick_params(length=0)
    axis.dress(ax)
    ax.spines["left"].set_visible(False)
    ax.text(1.01, -0.75, "issues", transform=ax.get_yaxis_transform(), va="bottom", fontsize=8, color=GREY)
    if shaded:
        ax.legend(
            handles=[Patch(fc="#f1e3d6", label="gap")], loc="lower left", bbox_to_anchor=(0, 1.0), fontsize=8,
            labelcolor=INK, borderpad=0, handlelength=1.6,
        )  # fmt: skip
    fig.tight_layout()
    return fig


def _box(ax: Axes, axis: TimeAxis, first: float, end: float, y: float, height: float, look: dict) -> bool:
    left, right = float(axis.at(first)), float(axis.at(end))
    ax.add_patch(Rectangle((left, y - height / 2), max(right - left, 0.0008), height, snap=False, **look))
    return True


def _ticks(first: int, last: int, most: int) -> list[tuple[int, str]]:
    """(day, its text) at most `most` of them between two days; at least one."""
    for unit, n in _STEPS:
        found = [d for d in _round_days(first, last, unit, n) if first <= d <= last]
        if 1 <= len(found) <= max(most, 1):
            texts = [date.fromordinal(d).isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]] for d in found]
            if unit == "day":  # the year once is enough
                texts = [t if i == 0 or t[:4] != texts[i - 1][:4] else t[5:] for i, t in enumerate(texts)]
            return list(zip(found, texts, strict=True))
    return [(first, date.fromordinal(first).isoformat())]


def _round_days(first: int, last: int, unit: str, n: int) -> list[int]:
    """Days on which a step of `n` units begins, from `first` to `last`; none where they would be hundreds."""
    start, end = date.fromordinal(first), date.fromordinal(last)
    if unit == "day":
        return list(range(first, last + 1, n)) if (last - first) // n < 100 else []
    width = n if unit == "month" else 12 * n
    low, high = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    months = [m for m in range(-(-low // width) * width, high + 1, width) if m >= 12]
    return [date(m // 12, m % 12 + 1, 1).toordinal() for m in months] if len(months) < 100 else []
