"""Which source, issue and date the name of a file or folder says."""

import datetime

import pytest
from baokan.corpus.names import date_in_name, describe, is_date, issue_in_name
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2023-07-04", "2023-07-04"),
        ("2023-07-04.txt", "2023-07-04"),
        ("rmrb_20230704_01", "2023-07-04"),
        ("2023_07_04", "2023-07-04"),
        ("人民日报2023.7.4", "2023-07-04"),
        ("人民日报2023年7月4日第3版", "2023-07-04"),
        ("20230704", "2023-07-04"),
        ("2023-07-04-05", "2023-07-04"),
        ("2024-02-29", "2024-02-29"),
        ("20239999 再版 2023-07-04", "2023-07-04"),
        ("2023-07-04 至 20230711", "2023-07-04"),
    ],
)
def test_a_whole_valid_date_in_a_name_is_its_date(name, date):
    assert date_in_name(name) == date


@pytest.mark.parametrize(
    "name",
    [
        "9a64b28de39adadf",
        "002_bb188c7ad212362b",
        "a20230704b",
        "x20230704",
        "20230704f",
        "20231399",
        "12020230704998",
        "2023-02-29",
        "2023-07_04",
        "17990101",
        "21010101",
        "2023-07",
        "2023",
        "",
    ],
)
def test_digits_that_are_no_date_are_not_read_as_one(name):
    assert date_in_name(name) is None


@given(st.text("0123456789abcdef", min_size=9, max_size=40))
def test_no_hash_holds_a_date_or_an_issue(name):
    assert date_in_name(name) is None
    assert issue_in_name(name) is None


@given(st.dates(min_value=datetime.date(1800, 1, 1), max_value=datetime.date(2100, 12, 31)))
def test_every_date_is_found_in_each_way_of_writing_it(date):
    ways = ("%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d", "%Y年%m月%d日")
    assert {date_in_name(f"某报 {date.strftime(way)} 一版.txt") for way in ways} == {date.isoformat()}


@pytest.mark.parametrize(
    ("name", "issue"),
    [
        ("2023-07", "2023-07"),
        ("杂志_2023_07", "2023-07"),
        ("2023年7月", "2023-07"),
        ("新刊2023年第7期", "2023年第7期"),
        ("2023-07期", "2023-07期"),
        ("2023年第7-8期 合刊", "2023年第7-8期"),
        ("2023年第十二期", "2023年第十二期"),
        ("某刊总第151期", "总第151期"),
        ("2023-07-04 总第151期", "总第151期"),
        ("第7期", None),
        ("2023-07-04", None),
        ("2023-07-99", None),
        ("2023-13", None),
        ("9a64b28de39adadf", None),
    ],
)
def test_issues_in_names(name, issue):
    assert issue_in_name(name) == issue


def test_a_month_is_an_issue_and_no_date():
    assert describe("magazine/2023-07.txt", {}) == {
        "source": "magazine",
        "publication": "",
        "issue": "2023-07",
        "date": "",
    }


@pytest.mark.parametrize(
    ("path", "override", "expected"),
    [
        ("paper/2023-07-04.txt", {}, ("paper", "", "2023-07-04", "2023-07-04")),
        ("paper/2023-07/2023-07-04/01.txt", {}, ("paper", "", "2023-07-04", "2023-07-04")),
        ("paper/2023-07/2023-07-04.txt", {}, ("paper", "", "2023-07-04", "2023-07-04")),
        ("magazine/总第151期/01.txt", {}, ("magazine", "", "总第151期", "")),
        ("magazine/9a64b28de39adadf.txt", {}, ("magazine", "", "", "")),
        ("2023-07-04.txt", {}, ("", "", "2023-07-04", "2023-07-04")),
        ("paper/2023-07-04.txt", {"date": "2023-07-05"}, ("paper", "", "2023-07-05", "2023-07-05")),
        ("paper/2023-07-04.txt", {"issue": "晚报"}, ("paper", "", "晚报", "2023-07-04")),
        (
            "paper/x.txt",
            {"source": "gazette", "publication": "公报", "date": "2021", "issue": ""},
            ("gazette", "公报", "2021", "2021"),
        ),
    ],
)
def test_what_is_known_of_a_file(path, override, expected):
    assert tuple(describe(path, override).values()) == expected


@pytest.mark.parametrize(
    ("value", "valid"),
    [("2023", 1), ("2023-07", 1), ("2024-02-29", 1), ("2023-02-29", 0), ("2023-7", 0), ("202307", 0), ("1799", 0)],
)
def test_dates_of_three_precisions(value, valid):
    assert is_date(value) == bool(valid)
