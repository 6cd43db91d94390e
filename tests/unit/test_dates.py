"""Months, quarters and years of dates, and whether the periods of sources overlap."""

import pandas as pd
import pytest
from baokan.comparing.dates import days, iso, overlap, overlap_known, period_name, period_of, periods_overlap


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("1950-01-01", "1950-12-31"), ("1950-03-01", "1951-02-28"), True),
        (("1950-01-01", "1950-12-31"), ("1950-06-01", "1951-12-31"), False),  # 214 of 579 days
        (("1950-01-01", "1950-12-31"), ("1950-10-01", "1951-12-31"), False),
        (("1950-01-01", "1960-12-31"), ("1955-05-05", "1955-05-05"), False),  # a day against ten years
        (("1950-01-01", "1950-01-10"), ("1950-01-06", "1950-01-15"), True),
        (("1950-01-01", "1950-01-10"), ("1950-01-07", "1950-01-15"), False),
        (("1950-01-01", "1950-01-10"), ("1960-01-07", "1960-01-15"), False),
        (("1950-01-01", "1950-01-10"), ("", ""), None),
        (("1950-01-01", ""), ("1950-01-01", None), True),
        (("1950-01-01", "1950-01-10"), ("", "the spring number"), None),
        (("1950-01-01", "1950-12-10"), ("1950", "the spring number"), True),
        (("1950-02", "1950-04"), ("1950-04", "1950-06"), False),
        (("1950-02", "1950-04"), ("1950-03", "1950-06"), True),  # 61 of 122 days
        (("1950-02", "1950-04"), ("1950-03", "1950-07"), False),
        (("1950-13", "1950-00"), ("1950-03", "1950-06"), None),
    ],
)
def test_periods_overlap(first, second, expected):
    issues = pd.DataFrame({"source": ["a", "a", "b", "b"], "date": [*first, *second]})
    assert periods_overlap(issues, "a", "b") is expected
    assert periods_overlap(issues, "b", "a") is expected


def test_periods_overlap_reads_timestamps():
    issues = pd.DataFrame({"source": ["a", "b"], "date": pd.to_datetime(["1950-01-01", None])})
    assert periods_overlap(issues, "a", "a") is True
    assert periods_overlap(issues, "a", "b") is None


def test_words_for_an_overlap_lead_back_to_what_is_known():
    issues = pd.DataFrame({"source": ["a", "b", "c", "d"], "date": ["1950-01", "1950-01", "1951", ""]})
    words = [overlap(issues, "a", other) for other in "bcd"]
    assert words == ["yes", "no", "unknown"]
    assert [overlap_known(word) for word in words] == [True, False, None]


@pytest.mark.parametrize(
    ("value", "unit", "first", "last", "name"),
    [
        ("1950-02-03", "month", "1950-02-01", "1950-02-28", "1950-02"),
        ("1952-02", "month", "1952-02-01", "1952-02-29", "1952-02"),
        ("1950-12-31", "quarter", "1950-10-01", "1950-12-31", "1950-Q4"),
        ("1950-05", "quarter", "1950-04-01", "1950-06-30", "1950-Q2"),
        ("1950", "year", "1950-01-01", "1950-12-31", "1950"),
        ("9999-12-31", "month", "9999-12-01", "9999-12-31", "9999-12"),
    ],
)
def test_the_period_of_a_date(value, unit, first, last, name):
    period = period_of(days(value), unit)
    assert tuple(map(iso, period)) == (first, last)
    assert period_name(period, unit) == name


@pytest.mark.parametrize(("value", "unit"), [("1950", "month"), ("1950", "quarter")])
def test_a_date_wider_than_a_period_lies_in_none(value, unit):
    assert period_of(days(value), unit) is None
