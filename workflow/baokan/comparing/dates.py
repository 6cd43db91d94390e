"""Dates of issues as days and as months, quarters and years, and whether the periods of two sources overlap."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

import pandas as pd

OVERLAP = {True: "yes", False: "no", None: "unknown"}
UNITS = {"month": 1, "quarter": 3, "year": 12}  # in months


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


def overlap(issues: pd.DataFrame, a: str, b: str) -> str:
    """`periods_overlap` as tables have it: "yes", "no" or "unknown"."""
    return OVERLAP[periods_overlap(issues, a, b)]


def overlap_known(word: str) -> bool | None:
    """What a word of `overlap` says; None where it is unknown."""
    return {told: known for known, told in OVERLAP.items()}[word]


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


def iso(day: int) -> str:
    """The ISO date of a day's number."""
    return date.fromordinal(day).isoformat()


def period_of(days_of: tuple[int, int], unit: str) -> tuple[int, int] | None:
    """The first and the last day of the month, quarter or year (`unit`) that holds all of a date; None where none does."""
    first, width = date.fromordinal(days_of[0]), UNITS[unit]
    month = (first.month - 1) // width * width + 1
    start = date(first.year, month, 1)
    following = (start.year + 1, 1) if month + width > 12 else (start.year, month + width)
    end = date.max.toordinal() if following[0] > date.max.year else date(*following, 1).toordinal() - 1
    return (start.toordinal(), end) if days_of[1] <= end else None


def period_name(period: tuple[int, int], unit: str) -> str:
    """2023-06, 2023-Q2 or 2023; without such a unit the date, 2023-06-13."""
    first = date.fromordinal(period[0])
    if unit == "quarter":
        return f"{first.year:04}-Q{(first.month + 2) // 3}"
    width = period[1] - period[0] + 1
    text = first.isoformat()
    return text if width == 1 else text[:7] if width <= 31 else text[:4]
