"""Where a source with few issues lies among the issues of another, in words; see `baokan.comparing.placebo`."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from baokan.catalogue import Translator
from baokan.claims.columns import Row, in_words


def ranks_told(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table ranks, of its numbers: `words` by language."""
    return in_words(tables["ranks"], {"words": rank})


def rank(t: Translator, row: Row) -> str:
    """Where a source's share lies among the issues of the reference. row: of ranks."""
    n, about = row["n_issues"], {"all": row["n_reference"], "reference": row["reference"]}
    if n > 1 and row["lowest_above"] == about["all"]:
        return t.ngettext(
            "its {n} issue higher than any of the {all} issues of {reference}",
            "each of its {n} issues higher than any of the {all} issues of {reference}",
            n, **about,
        )  # fmt: skip
    if n > 1 and row["highest_below"] == about["all"]:
        return t.ngettext(
            "its {n} issue lower than any of the {all} issues of {reference}",
            "each of its {n} issues lower than any of the {all} issues of {reference}",
            n, **about,
        )  # fmt: skip
    place = _place(t, row)
    if n == 1:
        return place
    return t.ngettext("the mean of its {n} issue {place}", "the mean of its {n} issues {place}", n, place=place)


def _place(t: Translator, row: Row) -> str:
    higher = row["above"] >= row["below"]
    about = {"all": row["n_reference"], "reference": row["reference"]}
    count = row["above"] if higher else row["below"]
    if count == 0:
        return t.gettext("equal to all {all} issues of {reference}", **about)
    if count == about["all"]:
        if higher:
            return t.gettext("higher than any of the {all} issues of {reference}", **about)
        return t.gettext("lower than any of the {all} issues of {reference}", **about)
    if higher:
        return t.gettext("higher than {count} of the {all} issues of {reference}", count=count, **about)
    return t.gettext("lower than {count} of the {all} issues of {reference}", count=count, **about)
