"""The tables that people read, each made of the tables of numbers and reasons of `baokan.comparing` and `baokan.robustness`.

A function here takes these tables by name, such as coverage, as `NUMBERS` of `baokan.registry` has them, and gives that in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from baokan.claims.columns import in_words
from baokan.claims.contrasts import contrasts_told
from baokan.claims.coverage import coverage_told, overlaps_told
from baokan.claims.placebo import ranks_told
from baokan.claims.reasons import in_column
from baokan.claims.themes import theme_contrasts_told
from baokan.claims.time import changes_told

Tables = Mapping[str, pd.DataFrame]


def _reasons_told(name: str, *columns: str) -> Callable[[Tables], pd.DataFrame]:
    """What makes the table `name` of its numbers, of which these columns hold reasons."""
    return lambda tables: in_words(tables[name], {column: in_column(column) for column in columns or ("reason",)})


# By the name of the table: what makes it of those that it needs (`baokan.registry`).
TOLD: dict[str, Callable[[Tables], pd.DataFrame]] = {
    "contrasts": contrasts_told,
    "theme_contrasts": theme_contrasts_told,
    "changes": changes_told,
    "coverage": coverage_told,
    "overlaps": overlaps_told,
    "ranks": ranks_told,
    "balance": _reasons_told("balance", "measure", "shown_a", "shown_b", "note"),
    "matched": _reasons_told("matched", "strata", "reason"),
    "survival": _reasons_told("survival", "breaks"),
    **{name: _reasons_told(name) for name in ("gaps", "timeline", "placebo_contrasts", "divergence", "reprinting")},
}
