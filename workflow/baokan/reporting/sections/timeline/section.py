"""Which topics change over time within a source."""

import pandas as pd

from baokan.catalogue import N_, Translator
from baokan.claims.time import RARE
from baokan.comparing.limits import ALPHA
from baokan.comparing.timeline import INTERVAL_ISSUES, TESTED_ISSUES
from baokan.numbers import plain
from baokan.reporting.run import Run
from baokan.reporting.sections.coverage.section import is_dated
from baokan.reporting.sections.timeline.figure import layout

CLAIMS = 12
NAMES, REASONS = 4, 6  # of sources told with the reason why they are not tested
UNITS = {
    "issue": N_("issue by issue"), "month": N_("by month"), "quarter": N_("by quarter"), "year": N_("by year"),
}  # fmt: skip


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: coverage, timeline, changes (`baokan.comparing.timeline`). claims: changes that are shown, the surest first; n_tests,
    n_alone, n_rare: tests, those with a small p uncorrected, topics too rare for one; tested, untested: sources; units: of
    time, in words; what else the caption of the figure says."""
    compare, coverage = run.config["compare"], tables["coverage"]
    changes = tables["changes"][tables["changes"]["weighting"] == run.weighting]
    lines = tables["timeline"][tables["timeline"]["weighting"] == run.weighting]
    tested = changes[changes["reason"] == ""]
    claims = changes[changes["changed"].astype(bool)]
    claims = claims.assign(size=(claims["after"] - claims["before"]).abs()).sort_values(
        ["beyond_neighbours", "p_corrected", "size", "source", "topic_id"],
        ascending=[False, True, False, True, True],
        kind="stable",
    )
    shown, columns = layout(tables["timeline"], run.weighting)
    return {
        "dated": is_dated(coverage),
        # One issue is a point in time, and no time.
        "lines": is_dated(coverage, least=2),
        "units": _units(coverage, shown, run.t),
        "single": bool((lines["unit"] == "issue").any()),
        "averaged": bool((lines["unit"] != "issue").any()),
        "unplaced": [
            run.t.ngettext("{n} issue of {source}", "{n} issues of {source}", int(n), source=source)
            for source, n in zip(coverage["source"], coverage["n_unplaced"], strict=True)
            if n
        ],
        "n_shown": len(shown),
        "n_sources_dated": int((coverage["n_dated"] > 0).sum()) if len(coverage) else 0,
        "own_axes": columns,
        "confidence": compare["confidence"],
        "alpha": ALPHA,
        "tested_issues": TESTED_ISSUES,
        "interval_issues": INTERVAL_ISSUES,
        "n_tests": len(tested),
        "n_rare": int(changes["reason"].str.startswith(RARE).sum()) if len(changes) else 0,
        "min_articles": compare["min_articles"],
        "tested": sorted(tested["source"].unique()),
        "mixed": coverage.loc[coverage["n_publications"] > 1, "source"].tolist(),
        "untested": _untested(run.in_language(changes, "reason"), coverage, run.t),
        "claims": [_claim(row) for row in claims.head(CLAIMS).to_dict("records")],
        "n_claims": len(claims),
        "n_alone": int((tested[["p_trend", "p_change"]].min(axis=1) <= ALPHA).sum()),
    }


def _units(coverage: pd.DataFrame, shown: list[str], t: Translator) -> str:
    """ "by month" where all sources are shown so, else "gazette by quarter, newspaper issue by issue"."""
    known = {
        row.source: t.gettext(UNITS[row.period]) for row in coverage.itertuples() if row.source in shown and row.period
    }
    if len(set(known.values())) <= 1:
        return next(iter(known.values()), "")
    return t.series(f"{source} {unit}" for source, unit in known.items())


def _untested(changes: pd.DataFrame, coverage: pd.DataFrame, t: Translator) -> list[str]:
    """Sources in which no topic is tested, with the reason; those with the same reason together."""
    found: dict[str, list[str]] = {}
    for source in coverage["source"]:
        reasons = changes.loc[changes["source"] == source, "reason"]
        if len(reasons) and (reasons != "").all():
            reason = reasons.iloc[0] if reasons.nunique() == 1 else t.gettext("too rare or constant topics")
            found.setdefault(reason, []).append(source)
    groups = list(found.items())
    told = [f"{_names(sources, t)} ({reason})" for reason, sources in groups[:REASONS]]
    left = sum(len(sources) for _, sources in groups[REASONS:])
    if not left:
        return told
    more = t.ngettext("{n} more source: see tables/changes.csv", "{n} more sources: see tables/changes.csv", left)
    return [*told, more]


def _names(sources: list[str], t: Translator) -> str:
    """ "gazette", "gazette and magazine", "gazette, magazine and 38 more"."""
    if len(sources) <= NAMES:
        return t.listed(sources)
    return t.listed([*sources[: NAMES - 1], t.gettext("{n} more", n=plain(len(sources) - NAMES + 1))])


def _claim(row: dict) -> dict:
    names = (
        "source", "topic_id", "sentence", "sentence_zh", "split", "before", "after", "trend", "p_corrected", "p_alike",
    )  # fmt: skip
    return {name: row[name] for name in names} | {"p_trend": row["p_trend_maxt"], "p_change": row["p_change_maxt"]}
