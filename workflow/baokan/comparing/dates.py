"""Dates of issues as days, and whether the periods of two sources overlap."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

import pandas as pd


def periods_overlap(issues: pd.DataFrame, a: str, b: str) -> bool | None:
    """Whether the periods of the sources ``a`` and ``b`` overlap in at least half of the longer one.

    Of the longer one, because issues are permuted freely over time: a month of one source set against forty years of
    another differs from it in period as well, although the years hold the month.

    A period runs from a source's first dated issue to its last, both days included. Dates are ISO strings, dates or
    timestamps; a month (1950-06) or a year (1950) stands for all its days; anything else counts as missing. None when
    either source has no dated issue.
    """
    periods = []
    for source in (a, b):
        found = [d for d in map(days, issues.loc[issues["source"] == source, "date"]) if d is not None]
        if not found:
            return None
        periods.append((min(first for first, _ in found), max(last for _, last in found)))
    (start_a, end_a), (start_b, end_b) = periods
    shared = min(end_a, end_b) - max(start_a, start_b) + 1
    return 2 * shared >= max(end_a - start_a, end_b - start_b) + 1


_YEAR, _MONTH = re.compile(r"^\d{4}"), re.compile(r"^\d{4}-\d{2}")


def days(value: object) -> tuple[int, int] | None:
    """The first and the last day that a date stands for, as numbers, or None."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, date | datetime):
        return value.toordinal(), value.toordinal()
    text = str(value)
    try:
        if _YEAR.fullmatch(text):
            return date(int(text), 1, 1).toordinal(), date(int(text), 12, 31).toordinal()
        if _MONTH.fullmatch(text):
            year, month = map(int, text.split("-"))
            return date(year, month, 1).toordinal(), date(year, month, monthrange(year, month)[1]).toordinal()
        day = date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None
    return day, day


def span(value: object) -> tuple[int, int]:
    """`days` of a date that is known to be one. Raises ValueError for one that is none."""
    found = days(value)
    if found is None:
        raise ValueError(f"{value!r} is no date")
    return found
