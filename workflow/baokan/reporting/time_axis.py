"""The time axis that figures over time share: days, cut where no source has an issue for long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from baokan.catalogue import N_
from baokan.reporting.looks import FAINT, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_DATES = N_("No issue has a date: fill the column date of documents.tsv, and what changes over time can be shown.")
SMEAR = 0.15  # a piece of time with several issues that would get less of the axis than this makes it worth cutting
EMPTY = 0.15  # of the whole time, without an issue of any source: there the axis may be cut
SEVERAL = 6
LEAST_WIDTH, BREAK_WIDTH = 0.2, 0.035  # of the axis
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
        if len(self.pieces) > 1 and labels < 8:
            ax.set_xticks(places, texts, fontsize=size, rotation=30, ha="right")
        else:
            ax.set_xticks(places, texts, fontsize=size)
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
