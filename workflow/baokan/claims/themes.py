"""Contrasts of the user's themes in words; how they are made and graded stands in `baokan.comparing.themes`."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

import pandas as pd

from baokan.catalogue import Translator
from baokan.claims.columns import Row, in_words
from baokan.claims.contrasts import period
from baokan.claims.reasons import all_told, in_column
from baokan.comparing.grading import EQUAL_RATIO
from baokan.numbers import p_value, per_mille, times

# For the sentence only: intervals of the sources' own shares, and how many times the larger share is the smaller.
_OWN = ["lower_own_a", "upper_own_a", "lower_own_b", "upper_own_b", "times"]


def theme_contrasts_told(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table theme_contrasts, of its numbers and theme_shares: reason, grade_reasons and sentence by language."""
    table = tables["theme_contrasts"]
    own = tables["theme_shares"][["theme", "source", "weighting", "lower", "upper"]]
    for side in "ab":
        names = {"source": f"source_{side}", "lower": f"lower_own_{side}", "upper": f"upper_own_{side}"}
        table = table.merge(own.rename(columns=names), on=["theme", f"source_{side}", "weighting"], how="left")
    told = in_words(
        table,
        {
            "reason": in_column("reason"),
            "grade_reasons": lambda t, row: all_told(t, row["grade_reasons"], theme=True),
            "sentence": sentence,
        },
        without=_OWN,
    )
    return told.assign(needed_terms=pd.Series(["、".join(terms) for terms in told["needed_terms"]], dtype=str))


class _Side(NamedTuple):
    name: str
    share: float
    lower: float
    upper: float
    n_issues: int

    def rate(self, t: Translator, bounds: bool = True) -> str:
        """Words in 1,000, with the interval: "2.1 [1.5, 2.8]"."""
        rate, lower, upper = (per_mille(share, t.language) for share in (self.share, self.lower, self.upper))
        return f"{rate} [{lower}, {upper}]" if bounds and isfinite(self.lower) and isfinite(self.upper) else rate


def sentence(t: Translator, row: Row) -> str:
    """A contrast of a theme, worded by its grade; the source with the larger share comes first.

    row: of theme_contrasts, with lower_own_a and so on, the intervals of the sources' own shares, NaN for none.
    """
    sides = [
        _Side(
            str(row[f"source_{s}"]),
            row[f"mean_{s}"],
            row[f"lower_own_{s}"],
            row[f"upper_own_{s}"],
            int(row[f"n_issues_{s}"]),
        )
        for s in "ab"
    ]
    big, small = sorted(sides, key=lambda side: -side.share)
    near = big.share == small.share or (small.share > 0 and big.share / small.share <= EQUAL_RATIO[1])
    why = all_told(t, row["grade_reasons"], theme=True)
    how = (
        t.gettext("mean of articles, averaged over issues")
        if row["weighting"] == "article"
        else t.gettext("of an issue's words, averaged over issues")
    )
    about = {"a": big.name, "b": small.name, "theme": row["theme"]}
    if row["grade"] == "descriptive":
        rates = about | {"big": big.rate(t, False), "small": small.rate(t, False)}
        if near:
            start = t.gettext(
                "In these issues {big} of 1,000 words in {a} are terms of “{theme}” and, about as many, {small} in {b}",
                **rates,
            )
        else:
            start = t.gettext(
                "In these issues {big} of 1,000 words in {a} are terms of “{theme}” and {small} in {b}", **rates
            )
        shown = {"start": start, "how": how, "why": why}
        if row["eligible"]:
            text = t.gettext("{start} ({how}); no difference beyond these issues is shown ({why}).", **shown)
        else:
            text = t.gettext("{start} ({how}); this describes these issues only ({why}).", **shown)
        return t.sentences([text, period(t, row["overlap"])])
    start = t.gettext("In {a} {big} of 1,000 words are terms of “{theme}”", big=big.rate(t), **about)
    other = {"start": start, "b": small.name, "small": small.rate(t)}
    if near:
        compared = t.gettext("{start}, about as many as in {b} ({small})", **other)
    elif isfinite(row["times"]):
        compared = t.gettext("{start}, {times} times as many as in {b} ({small})", times=times(row["times"]), **other)
    else:
        compared = t.pgettext("words in 1,000", "{start}, against {small} in {b}", **other)
    if row["grade"] == "established":
        end = t.gettext(
            "established over {first} and {second} issues, p {p} after correction",
            first=big.n_issues, second=small.n_issues, p=p_value(row["p_holm"], relation=True),
        )  # fmt: skip
    else:
        end = t.gettext("suggestive only: {why}", why=why)
    told = t.gettext("{compared} ({how}); {end}.", compared=compared, how=how, end=end)
    return t.sentences([told, period(t, row["overlap"]), _without_terms(t, row)])


def _without_terms(t: Translator, row: Row) -> str:
    """Whether the claim needs single terms; "" where that was not asked or there is but one term."""
    found, lost = int(row["terms_total"]), list(row["needed_terms"])
    if not isfinite(row["terms_held"]) or found < 2:
        return ""
    if not lost:
        return t.ngettext(
            "It holds without any single one of its {n} term.",
            "It holds without any single one of its {n} terms.",
            found,
        )
    if len(lost) == found:
        return t.ngettext(
            "Without any one of its {n} term it does not hold.",
            "Without any one of its {n} terms it does not hold.",
            found,
        )
    which = t.quoted(lost)
    return t.gettext("It holds without any single term but {which}.", which=which)
