"""How numbers are told, and that the report tells one number in one way wherever it stands."""

import math
import re
from pathlib import Path

import pytest
from baokan.numbers import (
    counted,
    level,
    p_value,
    per_mille,
    percent,
    percent_bounds,
    plain,
    points,
    points_bounds,
    points_size,
    times,
)
from baokan.reporting.rendering import write_page
from hypothesis import example, given
from hypothesis import strategies as st

WORKFLOW = Path(__file__).parents[2] / "workflow"


@pytest.mark.parametrize(
    ("p", "cell", "relation"),
    [
        (0.0, "< 0.001", "< 0.001"),
        (0.0004, "< 0.001", "< 0.001"),
        (0.00099, "< 0.001", "< 0.001"),
        (0.001, "0.001", "= 0.001"),
        (0.0494, "0.049", "= 0.049"),
        (0.0997, "0.10", "= 0.10"),  # not 0.100: it has two decimals, as what lies beside it has
        (0.0994, "0.099", "= 0.099"),
        (0.2, "0.20", "= 0.20"),
        (1.0, "1.00", "= 1.00"),
        (math.nan, "n/a", "n/a"),
        (None, "n/a", "n/a"),
    ],
)
def test_p_values(p, cell, relation):
    assert (p_value(p), p_value(p, relation=True)) == (cell, relation)


@pytest.mark.parametrize(
    ("share", "english", "chinese"),
    [
        (0.0, "0 %", "0 %"),
        (0.00001, "less than 0.01 %", "不到 0.01 %"),
        (0.00005, "0.01 %", "0.01 %"),
        (0.0004, "0.04 %", "0.04 %"),
        (0.00096, "0.10 %", "0.10 %"),
        (0.00094, "0.09 %", "0.09 %"),
        (0.0026, "0.26 %", "0.26 %"),
        (0.00951, "0.95 %", "0.95 %"),
        (0.00997, "1.0 %", "1.0 %"),
        (0.03, "3.0 %", "3.0 %"),
        (0.0994, "9.9 %", "9.9 %"),
        (0.0996, "10 %", "10 %"),
        (0.314, "31 %", "31 %"),
        (1.0, "100 %", "100 %"),
        (math.nan, "n/a", "n/a"),
        (None, "n/a", "n/a"),
    ],
)
def test_shares(share, english, chinese):
    assert (percent(share), percent(share, "zh")) == (english, chinese)


def test_intervals_are_told_as_the_shares_that_they_are_about():
    assert percent_bounds(0.0004, 0.123) == "[0.04, 12]"
    assert percent_bounds(0, 0.0299) == "[0, 3.0]"
    assert percent_bounds(math.nan, 0.1) == percent_bounds(0.1, math.nan) == ""
    assert points_bounds(-0.0123, 0.2) == "[-1.2, +20.0]"
    assert points_bounds(math.nan, 0.2) == ""


@pytest.mark.parametrize(
    ("value", "told", "size"),
    [
        (0.021, "+2.1", "2.1"),
        (-0.003, "-0.3", "0.3"),
        (-0.0001, "0.0", "0.0"),
        (0.0, "0.0", "0.0"),
        (math.nan, "n/a", "n/a"),
    ],
)
def test_differences_of_shares(value, told, size):
    assert (points(value), points_size(value)) == (told, size)


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        (9.33, "9.3"),
        (9.96, "10"),
        (21.7, "22"),
        (1.0, "1.0"),
        (0.996, "1.0"),
        (0.5, "0.50"),
        (0.107, "0.11"),
        (0.0043, "0.0043"),
        (math.nan, "n/a"),
    ],
)
def test_ratios(ratio, told):
    assert times(ratio) == told


@pytest.mark.parametrize(
    ("share", "english", "chinese"),
    [
        (0.12, "120", "120"), (0.0123, "12.3", "12.3"), (0.00045, "0.45", "0.45"), (0.000001, "less than 0.01", "不到 0.01"),
        (0, "0", "0"), (math.nan, "n/a", "n/a"),
    ],
)  # fmt: skip
def test_words_in_a_thousand(share, english, chinese):
    assert (per_mille(share), per_mille(share, "zh")) == (english, chinese)


def test_levels_are_told_as_they_were_set():
    assert [level(x) for x in (0.95, 0.995, 0.07, 1)] == ["95 %", "99.5 %", "7 %", "100 %"]


def test_counts_and_other_numbers():
    assert [counted(n, "issue") for n in (0, 1, 2, 1200)] == ["0 issues", "1 issue", "2 issues", "1,200 issues"]
    assert [counted(n, "day") for n in (1.0, 2.5)] == ["1 day", "2.5 days"]
    assert [counted(n, "box", "boxes") for n in (1, 2)] == ["1 box", "2 boxes"]
    assert [plain(1234.5), plain(0.666, ".2f"), plain(math.inf), plain(None)] == ["1,234", "0.67", "n/a", "n/a"]


@given(st.floats(0, 1))
@example(0.0995)
@example(0.00095)
@example(0.00005)
def test_a_share_that_is_told_is_near_the_share_that_it_tells(share):
    told = percent(share)
    if told.startswith("less than"):
        assert 0 < share < 0.0001
        return
    number = float(told.removesuffix(" %")) / 100
    assert abs(number - share) <= max(0.00005 + 1e-12, 0.051 * share)
    assert (told == "0 %") == (share == 0)


@given(st.floats(0, 1), st.floats(0, 1))
def test_of_two_numbers_the_larger_is_never_told_as_the_smaller(a, b):
    small, large = sorted((a, b))
    for tell in (percent, per_mille, p_value):
        shown = [float(re.search(r"[\d.]+", tell(value))[0]) for value in (small, large)]
        # "less than 0.01" may stand for less than what is told as 0.01, never for more.
        assert shown[0] <= shown[1], tell


def test_no_other_place_of_the_project_puts_p_shares_or_plurals_into_words():
    """A second formatter is how one number came to be told in two ways. (Ticks of axes are no numbers that are told.)"""
    code = [
        r"100 \* [\w.\[\]'\"]+ *:",
        r":\.\d%\}",
        r'"< 0\.001"',
        r"'s' if .{1,40} != 1 else",
        r"'' if .{1,20} == 1 else 's'",
    ]
    template = [r"\(100 \*", r"\.p_\w+ \| number", r"\.ratio \| number"]
    places = [
        p
        for p in sorted(WORKFLOW.rglob("*.py"))
        if not {"numbers.py", "figures.py", "figure.py", "reading"} & {p.name, *p.parts}
    ]
    found = []
    for paths, patterns in ((places, code), (sorted(WORKFLOW.rglob("*.j2")), template)):
        for path in paths:
            text = path.read_text(encoding="utf-8")
            found += [f"{path.name}: {match[0]}" for pattern in patterns for match in re.finditer(pattern, text)]
    assert len(places) > 100 and not found


def test_a_page_parts_no_number_from_its_sign(tmp_path):
    (tmp_path / "page.html.j2").write_text(
        "<style>{{ css }}</style>{{ font }}<p>{{ share | percent }}</p>", encoding="utf-8"
    )
    (tmp_path / "page.css").write_text("p { width: 100%; }", encoding="utf-8")
    write_page(tmp_path / "page.html.j2", tmp_path / "out.html", tmp_path / "page.css", share=0.314)
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "<p>31\u00a0%</p>" in page and "width: 100%" in page
    assert "the-font" not in page and len(page) > 1000  # the font is inside
