"""Reasons in numbers: why something is not tested, or what a claim lacks, as a code with values.

The words for a code stand in `baokan.claims.reasons`. A column of a table holds reasons as one text, "" where there is none.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import numpy as np


class Reason(NamedTuple):
    """code: what it is, such as "issues"; values: by name, plain ones or lists of them."""

    code: str
    values: dict[str, Any]


def reason(code: str, **values: Any) -> Reason:
    """The reason `code` with these values."""
    return Reason(code, values)


def stored(*reasons: Reason) -> str:
    """`reasons` as a text for a column of a table: JSON, the same text for the same reasons; "" for none."""
    return json.dumps(reasons, ensure_ascii=False, sort_keys=True, default=_plain) if reasons else ""


def read(text: str) -> list[Reason]:
    """The reasons that `stored` made a text of. Raises ValueError for another text."""
    return [Reason(code, values) for code, values in json.loads(text)] if text else []


def _plain(value: object) -> object:
    """A number of numpy's as one of Python's. Raises TypeError for anything else that JSON does not know."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no value of a reason")


def few_issues(sides: list[tuple[str, int]], needed: int) -> list[Reason]:
    """That sources, of `sides` (name, issues), have fewer issues than are needed; nothing where none has."""
    short = [side for side in sides if side[1] < needed]
    return [reason("issues", sides=short, needed=needed)] if short else []
