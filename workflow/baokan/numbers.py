"""How numbers are told to a reader: the one place that rounds them, for sentences, tables, pages and figures alike.

A number that is missing (None, NaN) is "n/a". `language` is "en" or "zh".
"""

from __future__ import annotations

from math import isfinite
from typing import TypeGuard

_LESS = {"en": "less than ", "zh": "不到 "}


def p_value(p: float | None, relation: bool = False) -> str:
    """A p-value: "< 0.001", "0.012", "0.20"; three decimals where it rounds to less than 0.1, two from there.

    relation: with its sign, as a sentence has it after "p": "= 0.012", "< 0.001".
    """
    if not _is_known(p):
        return "n/a"
    if p < 0.001:
        return "< 0.001"
    text = f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"
    return f"= {text}" if relation else text


def percent(share: float | None, language: str = "en") -> str:
    """A share of 1: "31 %", "4.2 %", "3.0 %", "0.26 %", "0.04 %", "less than 0.01 %", "0 %"."""
    if not _is_known(share):
        return "n/a"
    tiny = 0 < share < 0.00005
    return f"{_LESS[language]}0.01 %" if tiny else f"{percent_number(share)} %"


def percent_number(share: float) -> str:
    """A share in per cent without the sign: an integer where it rounds to 10 or more, one decimal to 1, two below; 0 is "0"."""
    value = 100 * share
    if value == 0:
        return "0"
    size = abs(value)
    return f"{value:.0f}" if round(size, 1) >= 10 else f"{value:.1f}" if round(size, 2) >= 1 else f"{value:.2f}"


def level(setting: float) -> str:
    """A level that was set, in per cent and as it was set: "95 %", "99.5 %"."""
    return f"{100 * setting:.6g} %"


def percent_bounds(lower: float | None, upper: float | None) -> str:
    """The interval of a share in per cent, "[21, 36]"; "" where there is none."""
    return f"[{percent_number(lower)}, {percent_number(upper)}]" if _is_known(lower) and _is_known(upper) else ""


def points(difference: float | None) -> str:
    """A difference of shares in percentage points, one decimal: "+2.1", "-0.3"; "0.0" has no sign: rounding error has one too."""
    return signed(100 * difference, 1) if _is_known(difference) else "n/a"


def points_bounds(lower: float | None, upper: float | None) -> str:
    """The interval of a difference in percentage points, "[-1.2, +3.4]"; "" where there is none."""
    return f"[{points(lower)}, {points(upper)}]" if _is_known(lower) and _is_known(upper) else ""


def points_size(difference: float | None) -> str:
    """The size of a difference in percentage points, without a sign."""
    return f"{100 * abs(difference):.1f}" if _is_known(difference) else "n/a"


def signed(value: float, digits: int) -> str:
    """A number with its sign, 0 without one."""
    return f"{value:+.{digits}f}" if round(value, digits) else f"{0:.{digits}f}"


def times(ratio: float | None) -> str:
    """A ratio: an integer where it rounds to 10 or more, one decimal to 1, two to 0.1, two digits below."""
    if not _is_known(ratio):
        return "n/a"
    if round(ratio, 2) >= 1:
        return f"{ratio:.0f}" if round(ratio, 1) >= 10 else f"{ratio:.1f}"
    return f"{ratio:.2f}" if round(ratio, 3) >= 0.1 else f"{ratio:.2g}"


def per_mille(share: float | None, language: str = "en") -> str:
    """A share as words in 1,000: "120", "12.3", "0.45", "less than 0.01", "0"."""
    if not _is_known(share):
        return "n/a"
    rate = 1000 * share
    if rate == 0:
        return "0"
    if rate < 0.005:
        return f"{_LESS[language]}0.01"
    return f"{rate:.0f}" if rate >= 99.95 else f"{rate:.1f}" if rate >= 0.995 else f"{rate:.2f}"


def counted(n: float, word: str, many: str = "") -> str:
    """A number of things in English: "1 issue", "1,200 issues", "2.5 days"; many: the plural where it is none in -s."""
    number = f"{n:,.0f}" if float(n).is_integer() else f"{n:g}"
    return f"{number} {word if n == 1 else many or f'{word}s'}"


def plain(value: float | None, form: str = ",.0f") -> str:
    """Any other number in the format `form`."""
    return format(value, form) if _is_known(value) else "n/a"


def _is_known(value: float | None) -> TypeGuard[float]:
    return value is not None and isfinite(value)
