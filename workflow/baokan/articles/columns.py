"""The width at which the text around each line was broken: that of the printed column."""

from bisect import bisect_left, bisect_right

import numpy as np

from baokan.articles.lines import Line

BLOCK = 4096  # lines looked at together
NARROWEST, WIDEST = 8, 60  # columns, in characters


def column_widths(lines: list[Line], reach: int = 9) -> list[float]:
    """The width at which the text around each line was broken, in characters; 0 where it was not broken.

    Where one column gives way to another, a line belongs to the one that it fills: of the lines before or after it.
    """
    plain = [line.set_width for line in lines]
    if sum(NARROWEST <= width <= WIDEST for width in plain) < 3:
        return [0.0] * len(lines)
    widths, result = np.array(plain), []
    for first in range(0, len(lines), BLOCK):
        for i, column in enumerate(_columns_around(widths, first, min(first + BLOCK, len(lines)), reach), first):
            if abs(plain[i] - column) > 1.0 and NARROWEST - 1 <= plain[i] <= WIDEST + 1:
                sides = (plain[max(0, i - reach) : i + 1], plain[i : i + reach + 1])
                columns = (_column(sorted(side), 0.5) for side in sides if _may_fill(plain[i], side))
                column = next((c for c in columns if abs(plain[i] - c) <= 1.0), column)
            result.append(column)
    return result


def _columns_around(widths: np.ndarray, first: int, last: int, reach: int) -> list[float]:
    """`_column` of the widths within `reach` of each line from `first` to `last`, all at once: counts of lines by width,
    summed over each window."""
    low, high = max(0, first - reach), min(len(widths), last + reach)
    halves = np.minimum(widths[low:high] * 2, 2 * WIDEST + 8).astype(np.int64)
    seen = np.zeros((high - low + 1, 2 * WIDEST + 9), dtype=np.int16)
    seen[np.arange(1, high - low + 1), halves] = 1
    named = np.zeros((high - low + 1, WIDEST + 1), dtype=np.int16)  # which whole widths lines are nearest to
    fit = np.flatnonzero((halves >= 2 * NARROWEST) & (halves <= 2 * WIDEST))
    named[fit + 1, np.round(widths[low:high][fit]).astype(np.int64)] = 1
    places = np.arange(first, last)
    begin, end = np.maximum(places - reach, 0) - low, np.minimum(places + reach + 1, len(widths)) - low
    sums, names = seen.cumsum(axis=0, dtype=np.int16), named.cumsum(axis=0, dtype=np.int16)
    up_to = (sums[end] - sums[begin]).cumsum(axis=1, dtype=np.int16)  # up_to[i, b]: lines around i no wider than b / 2
    size = (end - begin)[:, None]
    candidates = np.arange(NARROWEST, WIDEST + 1)
    alike = up_to[:, 2 * candidates + 2] - up_to[:, 2 * candidates - 3]
    wider = size - up_to[:, 2 * candidates + 5]
    there = (names[end] - names[begin])[:, candidates] > 0
    alike = np.where(there & (wider <= 0.12 * size) & (alike > np.maximum(3, 0.25 * size) - 1), alike, 0)
    best = alike.argmax(axis=1)
    return np.where(alike.max(axis=1) > 0, candidates[best], 0).astype(float).tolist()


def _may_fill(own: float, side: list[float]) -> bool:
    """Whether lines about as wide as this one are enough to be a column that it fills: a quick look before `_column`."""
    return sum(abs(width - own) <= 2.0 for width in side) >= max(3, 0.5 * len(side))


def _column(widths: list[float], least: float = 0.25) -> float:
    """The width at which lines of these widths, in order, were broken, or 0: at least three of them and that share end
    there (give or take a character, for marks that hang), hardly any is wider, and a page is no wider."""
    best, most = 0.0, max(3, least * len(widths)) - 1
    if most >= len(widths):
        return best
    low, high = bisect_left(widths, NARROWEST), bisect_right(widths, WIDEST)
    for candidate in sorted({round(w) for w in widths[low:high]}):
        alike = bisect_right(widths, candidate + 1.0) - bisect_left(widths, candidate - 1.0)
        wider = len(widths) - bisect_right(widths, candidate + 2.5)
        if alike > most and wider <= 0.12 * len(widths):
            best, most = float(candidate), alike
    return best
