"""The specification curve: in how many specifications each contrast holds, where it breaks, and whether that may be chance.

Simonsohn, Simmons & Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4, 1208-1214; multiverse: Steegen et
al. (2016). Which specifications there are says `baokan.robustness.choices`, what each estimates `baokan.robustness.refits`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from baokan.comparing.grading import GRADES
from baokan.comparing.limits import ALPHA, CONTRAST, WEIGHTINGS
from baokan.comparing.reasons import read, reason, stored
from baokan.robustness.choices import OWN_WORDS, changed
from baokan.robustness.parts import CHOICES, REPORTED, SPECIFICATIONS, TRIED, Part, no_part, typed
from baokan.statistics.permutation import generator, least_reaching, random_labels
from baokan.statistics.welch import WelchT

CURVE_PERMUTATIONS = 500
SEVERAL = 3  # specifications that are named one by one; of more, the choices that break a contrast most
SURVIVAL = [*CONTRAST, "held", "total", "returning", "same_sign", "difference", "median_difference", "tested", "p_curve",
            "p_held", "breaks"]  # fmt: skip
BY_CHOICE = [*CONTRAST, "kind", "choice", "held", "same_sign", "total"]
FITTED = "fitted"
UNCHANGED = stored(reason("choice"))  # the run's own choice, in the column `choice` of `by_choice`


def gathered(parts: Sequence[Part], issues: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """The tables specifications, survival and tried, of the parts of all choices of words. issues: of `all_issues`, the third
    axis of the parts' shares."""
    parts = [p for p in parts if len(p.tried)] or [no_part()]
    tried = pd.concat([p.tried for p in parts], ignore_index=True)
    tried = tried.sort_values("specification", ignore_index=True)
    tried["outcome"] = _outcomes(tried)
    counting = set(tried.loc[tried["outcome"] == FITTED, "specification"])
    made = [p.specifications for p in parts if len(p.specifications)] or [parts[0].specifications]
    table = pd.concat(made, ignore_index=True)
    table = compared(table[table["specification"].isin(counting)])
    numbers = np.concatenate([p.numbers for p in parts])
    order = [i for i in np.argsort(numbers, kind="stable") if numbers[i] in counting]
    joint = None
    if len(table):
        cube = np.concatenate([p.shares for p in parts if len(p.numbers)])[order]
        joint = joint_tests(table, issues, cube, numbers[order], seed)
    return {"specifications": table, "survival": survival(table, joint), "tried": typed(tried[TRIED])}


def _outcomes(tried: pd.DataFrame) -> list[str]:
    """FITTED, or in words why a specification is none of its own. tried: by rising number."""
    first: dict[str, tuple] = {}
    found = []
    for row in tried.itertuples():
        way = (row.words, row.chunk_tokens)
        if row.problem:
            found.append(row.problem)
        elif first.setdefault(row.counts, way) == way:
            found.append(FITTED)
        else:
            words, tokens = first[row.counts]
            same = "the run's own words" if words == OWN_WORDS else f"words {words}"
            found.append(f"the same counts as {same} in windows of {tokens} tokens, counted once")
    return found


def compared(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with same_sign (as the reported difference, of a topic that returns) and holds (and p of at most 0.05), and
    the columns SPECIFICATIONS, in the order of contrasts and specifications. A topic without a partner does not hold. A
    contrast that may not be tested in the reported model is tested in no other: it has no p and no interval."""
    if not len(table):
        return typed(table.reindex(columns=SPECIFICATIONS))
    own = table[table["specification"] == REPORTED].set_index(CONTRAST)[["difference", "p"]]
    here, p = own.reindex(pd.MultiIndex.from_frame(table[CONTRAST])).to_numpy(float).T
    table = table.reset_index(drop=True)
    table.loc[np.isnan(p), ["lower", "upper", "t", "p"]] = np.nan
    returns = table["returns"].to_numpy(bool)
    same = returns & (np.sign(table["difference"].to_numpy(float)) == np.sign(here))
    table = table.assign(same_sign=same, holds=same & (table["p"].to_numpy(float) <= ALPHA))
    table = table.sort_values([*CONTRAST, "specification"], kind="stable", ignore_index=True)
    return typed(table[SPECIFICATIONS])


def survival(table: pd.DataFrame, joint: pd.DataFrame | None = None) -> pd.DataFrame:
    """A row per contrast, with the columns SURVIVAL: in how many specifications, the reported one among them, it holds, its
    topic returns, and its difference has the same sign; the reported difference and the median over those in which the
    topic returns; and where it breaks (`baokan.comparing.reasons`). tested: whether there are issues and articles enough for a
    p-value.

    table: specifications. joint: of `joint_tests`, whose p-values are NaN where it is None or has no such row.
    """
    if not len(table):
        return typed(pd.DataFrame(columns=SURVIVAL))
    rows = []
    for key, part in table.groupby(CONTRAST, sort=True):
        own = part[part["specification"] == REPORTED].iloc[0]
        there = part.loc[part["returns"].astype(bool), "difference"]
        tested = bool(part["p"].notna().any())
        rows.append(
            dict(zip(CONTRAST, key, strict=True))
            | {"held": int(part["holds"].sum()), "total": len(part), "returning": int(part["returns"].sum())}
            | {"same_sign": int(part["same_sign"].sum()), "difference": float(own["difference"])}
            | {"median_difference": float(there.median()), "tested": tested, "breaks": _breaks(part, own, tested)}
        )
    found = pd.DataFrame(rows)
    if joint is not None and len(joint):
        found = found.merge(joint, on=CONTRAST, how="left")
    return typed(found.reindex(columns=SURVIVAL))


def _breaks(part: pd.DataFrame, own: pd.Series, tested: bool) -> str:
    """Where a contrast holds and where not (`baokan.comparing.reasons`)."""
    column, total = "holds" if tested else "same_sign", len(part)
    n = int(part[column].sum())
    values: dict[str, Any] = {"tested": tested, "n": n, "total": total}
    broken = part[~part[column].astype(bool)]
    if len(broken) <= SEVERAL:
        changes = [changed(row, own) for row in broken.to_dict("records")]
        return stored(reason("robustness", **values, not_in=[c for i, c in enumerate(changes) if c not in changes[:i]]))
    table = by_choice(part)
    table = table[(table["choice"] != UNCHANGED) & (table["kind"] != "seed")].copy()
    table["n"] = table["held" if tested else "same_sign"]
    table["share"] = table["n"] / table["total"]
    # A choice says where it breaks only if it does worse than all together.
    worst = table[table["share"] < n / total].sort_values("share", kind="stable").head(SEVERAL)
    least = [(read(row.choice)[0].values, row.n, row.total) for row in worst.itertuples()]
    return stored(reason("robustness", **values, least=least))


def by_choice(table: pd.DataFrame) -> pd.DataFrame:
    """Where contrasts hold by what was chosen: a row per contrast, kind of choice (a column of CHOICES) and choice (`changed`, as
    `baokan.comparing.reasons` stores it), with held, same_sign and total of the specifications that make it. The run's own
    choice is among them, as UNCHANGED; other seeds are one choice. table: specifications."""
    if not len(table):
        return typed(pd.DataFrame(columns=BY_CHOICE))
    own = table.loc[table["specification"] == REPORTED].iloc[0]
    parts = []
    for kind in CHOICES:
        another = {v: own[kind] != v for v in table[kind].unique()}
        choices = {
            v: stored(reason("choice", **({kind: "another" if kind == "seed" else v} if is_other else {})))
            for v, is_other in another.items()
        }
        part = table.assign(kind=kind, choice=table[kind].map(choices), total=1, held=table["holds"])
        part = part.groupby([*CONTRAST, "kind", "choice"], sort=False)[["held", "same_sign", "total"]].sum().astype(int)
        parts.append(part.reset_index())
    return pd.concat(parts, ignore_index=True).sort_values(CONTRAST, kind="stable", ignore_index=True)[BY_CHOICE]


def joint_tests(
    table: pd.DataFrame, issues: pd.DataFrame, shares: np.ndarray, numbers: np.ndarray, seed: int
) -> pd.DataFrame:
    """The whole curve tested at once (Simonsohn et al. 2020, "inference"): CONTRAST, p_curve and p_held, of the contrasts that
    are tested.

    Labels of sources are dealt to issues at random, the same labels in all specifications, so that the curves of dealt labels
    are as alike among themselves as specifications are. p_curve: how often the median over specifications of Welch's t is as
    far from 0 as that of the data; p_held: how often as many specifications have p <= 0.05 in one direction. Both are (1 + n) /
    (1 + 500) (Phipson & Smyth 2010). Specifications in which the topic does not return are left out.

    Limit: labels are dealt freely, over time too; sources that cover different periods differ in period as well.

    issues: issue_id, source, shape (I,); shares: shape (S, W, I, K''), in the order of the topic_ids of `table`; numbers: of the
    S specifications.
    """
    topic_ids = sorted(table["topic_id"].unique())
    sources = issues["source"].to_numpy(str)
    place = {number: i for i, number in enumerate(numbers)}
    returning = table[table["returns"].astype(bool)]
    tested = table.groupby(CONTRAST)["p"].apply(lambda p: p.notna().any())
    rows = []
    for (topic_id, a, b, weighting), part in returning.groupby(CONTRAST, sort=True):
        key = (topic_id, a, b, weighting)
        if not tested[key]:
            continue
        own = np.flatnonzero((sources == a) | (sources == b))
        specs = [place[n] for n in part["specification"]]
        x = shares[specs, WEIGHTINGS.index(weighting)][:, own, topic_ids.index(topic_id)].T.astype(float)
        # t of the data is the one that was reported, which allows for issues that resemble those before them; dealt labels
        # are in no order, so that theirs need not.
        n_a, statistic = int((sources[own] == a).sum()), WelchT(x)
        labels = random_labels([(len(own), n_a)], CURVE_PERMUTATIONS, generator(seed, "curve", a, b))
        t = np.vstack([np.nan_to_num(part["t"].to_numpy(float)), *map(statistic, labels)])
        rows.append((*key, *_curve_p(t)))
    return pd.DataFrame(rows, columns=[*CONTRAST, "p_curve", "p_held"])


def _curve_p(t: np.ndarray) -> tuple[float, float]:
    """(p of the median t, p of the number of specifications with p <= 0.05 in one direction). t: of the data in the first row,
    of dealt labels in the others; a column for each specification."""
    medians = np.abs(np.median(t, axis=1))
    by_median = np.mean(medians >= least_reaching(medians[0]))
    size = np.round(np.abs(t), 6)
    p = pd.DataFrame(-size).rank(method="max").to_numpy() / len(t)
    sure = (p <= ALPHA) & (size > 0)
    most = np.maximum((sure & (t > 0)).sum(axis=1), (sure & (t < 0)).sum(axis=1))
    return float(by_median), float(np.mean(most >= most[0]))


def headlines(survived: pd.DataFrame, contrasts: pd.DataFrame, weighting: str, most: int) -> pd.DataFrame:
    """The contrasts that are told of first, at most `most`: the surest, then the largest, each topic once. Claims only, if
    there are any. survived: survival; contrasts: of the report, with grade and house_style."""
    columns = [*CONTRAST, "grade", "house_style"]
    rows = survived[survived["weighting"] == weighting].merge(contrasts[columns], on=CONTRAST)
    rank = rows["grade"].map({grade: i for i, grade in enumerate(GRADES)}).astype(int)
    rows = rows.assign(rank=rank, size=rows["difference"].abs(), style=rows["house_style"].astype(bool))
    rows = rows.sort_values(["style", "rank", "size", "topic_id"], ascending=[True, True, False, True], kind="stable")
    claims = rows[rows["rank"] < 2]
    rows = claims if len(claims) else rows
    return rows.drop_duplicates("topic_id").head(most).drop(columns=["rank", "size", "style"]).reset_index(drop=True)
