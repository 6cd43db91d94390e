"""Periods of sources and whether they overlap."""

import pandas as pd
import pytest
from baokan.comparing.dates import periods_overlap


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
