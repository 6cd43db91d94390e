"""How much a contrast may claim: its grade, and what it lacks for the next one.

The wording of a sentence (`baokan.claims.contrasts`) follows from the grade, and the grade from this table. A row of
`baokan.comparing.contrasts.contrasts` gets the first grade all of whose conditions hold.

| grade       | conditions                                                                                           |
| ----------- | ---------------------------------------------------------------------------------------------------- |
| established | eligible; p_holm <= alpha (max-T over topics, then Holm over pairs); 10 issues or more on each side; |
|             | holds in at least 80 % of the seeds, and in at least 80 % of the neighbouring numbers of topics, at  |
|             | least one of each having been run; holds in at least 80 % of the specifications of the curve, which  |
|             | was computed; the same sign when articles count once and when tokens do; the periods of the two      |
|             | sources overlap, and are known to; holds with dates held equal; keeps its sign with each other       |
|             | confound held equal that could be; the topic is not flagged as house style                           |
| suggestive  | eligible; p_bh <= alpha or p_holm <= alpha                                                           |
| descriptive | everything else: what was read is described, and nothing is claimed beyond it                        |

"Holds" is for the caller to decide and count (the aligned topic contrasts with the same sign and is significant). What a
claim cannot have, as a list of words has no seed, does not count against it.

The rule stands among the comparisons, not among the words: what is computed further (the specification curve of candidates, themes
without a term) depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from baokan.comparing.dates import overlap_known
from baokan.comparing.limits import ALPHA, is_robust
from baokan.comparing.reasons import Reason, read, reason

GRADES = ("established", "suggestive", "descriptive")
ESTABLISHED_ISSUES = 10
EQUAL_RATIO = (0.8, 1.25)


def grade(
    row: Mapping[str, Any],
    *,
    alpha: float = ALPHA,
    seeds_held: int,
    seeds_total: int,
    k_held: int,
    k_total: int,
    same_sign_both_weightings: bool | None,
    overlap: bool | None,
    house_style: bool,
    specs_held: int = 0,
    specs_total: int | None = None,
    dates_held: bool | None = True,
    turned: Sequence[str] = (),
    ruled_style: bool = False,
) -> tuple[str, list[Reason]]:
    """The grade of one contrast, and what it lacks for the next grade up.

    ``row`` is a row of `baokan.comparing.contrasts.contrasts` (eligible, reason, p_holm, p_bh, n_issues_a, n_issues_b,
    source_a, source_b). ``seeds_held`` of ``seeds_total`` and ``k_held`` of ``k_total`` count the runs in which the
    contrast holds, ``specs_held`` of ``specs_total`` the specifications of the curve: a total of 0 says that it was not
    computed, None that it does not concern this contrast. ``dates_held``: whether it holds with dates held equal, None where
    that could not be tried; ``turned``: the other confounds (quality, length, repeats, genre) with which its sign changes.
    ``same_sign_both_weightings`` is None when only one weighting was run; ``overlap`` is None when dates are missing
    (`baokan.comparing.dates.periods_overlap`). ``ruled_style``: it is the user who says that the topic is house style. An
    established contrast has no reasons. The rule stands in the module's docstring.

    Raises ValueError for counts that are impossible.
    """
    for held, total in ((seeds_held, seeds_total), (k_held, k_total), (specs_held, specs_total or 0)):
        if not 0 <= held <= total:
            raise ValueError(f"{held} of {total} is not a possible count")
    same_sign_both_weightings, overlap = known(same_sign_both_weightings), known(overlap)
    dates_held = known(dates_held)
    if not row["eligible"]:
        return "descriptive", read(str(row["reason"]))
    corrected = row["p_holm"] <= alpha
    if not (corrected or row["p_bh"] <= alpha):
        return "descriptive", [reason("significance", alpha=alpha, p=float(row["p_holm"]))]
    missing = []
    if not corrected:
        missing.append(reason("p", alpha=alpha, p=float(row["p_holm"])))
    for side in ("a", "b"):
        n = int(row[f"n_issues_{side}"])
        if n < ESTABLISHED_ISSUES:
            missing.append(
                reason("established issues", n=n, source=str(row[f"source_{side}"]), needed=ESTABLISHED_ISSUES)
            )
    for code, held, total in (("seeds", seeds_held, seeds_total), ("k", k_held, k_total)):
        if total == 0:
            missing.append(reason(f"no {code}"))
        elif not is_robust(held, total):
            missing.append(reason(code, held=int(held), total=int(total)))
    if specs_total and not is_robust(specs_held, specs_total):
        missing.append(reason("specifications", held=int(specs_held), total=int(specs_total)))
    if same_sign_both_weightings is None:
        missing.append(reason("no sign"))
    elif same_sign_both_weightings is False:
        missing.append(reason("sign"))
    if overlap is not True:
        missing.append(reason("periods" if overlap is False else "no periods"))
    elif dates_held is not True:
        missing.append(reason("dates" if dates_held is False else "no common dates"))
    missing += [reason("turned", confound=name) for name in turned]
    if house_style:
        missing.append(reason("ruled style" if ruled_style else "style"))
    # The curve is computed where nothing else is missing: only there its absence is a reason.
    if specs_total == 0 and not missing:
        missing.append(reason("no specifications"))
    return ("suggestive", missing) if missing else ("established", [])


def evidence(row: Mapping[str, Any], **more: Any) -> tuple[str, list[Reason]]:
    """`grade` of a row of `baokan.comparing.pipeline.contrasts_table`. more: what is known beyond it, by the names of `grade`."""
    return grade(
        row, seeds_held=row["seeds_held"], seeds_total=row["seeds_total"], k_held=row["k_held"], k_total=row["k_total"],
        same_sign_both_weightings=bool(row["same_sign"]), overlap=overlap_known(row["overlap"]),
        house_style=bool(row["house_style"]), **more,
    )  # fmt: skip


def known(value: Any) -> bool | None:
    """A plain bool, or None for anything that a table may hold in place of a missing one."""
    return None if value is None or value != value else bool(value)
