"""What the report says of time: which issues were held and when, what sources share of it, and which topics change."""

import pandas as pd

from baokan.comparing.timeline import ALPHA, INTERVAL_ISSUES, RARE, TESTED_ISSUES
from baokan.numbers import counted
from baokan.reporting.figures.timeline import layout
from baokan.reporting.looks import source_colour

CLAIMS, GAPS, PAIRS = 12, 12, 10
NAMES, REASONS = 4, 6  # of sources told with the reason why they are not tested
_UNITS = {"issue": "issue by issue", "month": "by month", "quarter": "by quarter", "year": "by year"}


def timeline_of(tables: dict[str, pd.DataFrame], config: dict) -> dict:
    """What the templates show of time, as plain values.

    tables: coverage, gaps, overlaps, timeline, changes (`baokan.comparing.timeline.time_tables`) and shares; config: the
    merged configuration, of which `compare` is read.
    """
    compare = config["compare"]
    weighting = compare["weighting"]
    coverage, overlaps = tables["coverage"], tables["overlaps"]
    changes = tables["changes"][tables["changes"]["weighting"] == weighting]
    lines = tables["timeline"][tables["timeline"]["weighting"] == weighting]
    tested = changes[changes["reason"] == ""]
    claims = changes[changes["changed"].astype(bool)]
    claims = claims.assign(size=(claims["after"] - claims["before"]).abs()).sort_values(
        ["beyond_neighbours", "p_corrected", "size", "source", "topic_id"],
        ascending=[False, True, False, True, True],
        kind="stable",
    )
    apart, unknown = overlaps[overlaps["overlap"] == "no"], overlaps[overlaps["overlap"] == "unknown"]
    told = overlaps if len(overlaps) <= PAIRS else pd.concat([apart, unknown]).head(PAIRS)
    shown, columns = layout(tables["timeline"], weighting)
    return {
        "dated": bool((coverage["n_dated"] > 0).any()) if len(coverage) else False,
        # One issue is a point in time, and no time.
        "lines": bool((coverage["n_dated"] > 1).any()) if len(coverage) else False,
        "sources": _sources(coverage, tables["shares"][tables["shares"]["weighting"] == weighting]),
        "gaps": _gaps(tables["gaps"]),
        "n_gaps": len(tables["gaps"]),
        "pairs": told["sentence"].tolist(),
        "n_pairs": len(overlaps),
        "n_pairs_left": len(overlaps) - len(told),
        "n_apart": len(apart),
        "n_unknown": len(unknown),
        "units": _units(coverage, shown),
        "single": bool((lines["unit"] == "issue").any()),
        "averaged": bool((lines["unit"] != "issue").any()),
        "unplaced": [
            f"{counted(int(n), 'issue')} of {source}"
            for source, n in zip(coverage["source"], coverage["n_unplaced"], strict=True)
            if n
        ],
        "n_shown": len(shown),
        "n_sources_dated": int((coverage["n_dated"] > 0).sum()) if len(coverage) else 0,
        "own_axes": columns,
        "confidence": compare["confidence"],
        "permutations": compare["permutations"],
        "weighting": weighting,
        "alpha": ALPHA,
        "tested_issues": TESTED_ISSUES,
        "interval_issues": INTERVAL_ISSUES,
        "n_tests": len(tested),
        "n_rare": int(changes["reason"].str.startswith(RARE).sum()) if len(changes) else 0,
        "min_articles": compare["min_articles"],
        "tested": sorted(tested["source"].unique()),
        "mixed": coverage.loc[coverage["n_publications"] > 1, "source"].tolist(),
        "untested": _untested(changes, coverage),
        "claims": [_claim(row) for row in claims.head(CLAIMS).to_dict("records")],
        "n_claims": len(claims),
        "n_doubted": int((~claims["beyond_neighbours"].astype(bool)).sum()),
        "n_alone": int((tested[["p_trend", "p_change"]].min(axis=1) <= ALPHA).sum()),
    }


def _sources(coverage: pd.DataFrame, shares: pd.DataFrame) -> list[dict]:
    """alike: the lag-1 correlation that widens the source's intervals, as mean, least and largest over topics; None where no
    topic has an interval."""
    sources = coverage["source"].tolist()
    known = shares[shares["autocorrelation"].notna()].groupby("source")["autocorrelation"]
    alike = known.agg(["mean", "min", "max"]).to_dict("index")
    return [
        {
            "name": row.source,
            "colour": source_colour(sources, row.source),
            "sentence": row.sentence,
            "alike": alike.get(row.source),
        }
        for row in coverage.itertuples()
    ]


def _gaps(gaps: pd.DataFrame) -> list[dict]:
    """The longest gaps."""
    ordered = gaps.sort_values(
        ["days", "source", "publication", "from"], ascending=[False, True, True, True], kind="stable"
    )
    return ordered.head(GAPS).to_dict("records")


def _units(coverage: pd.DataFrame, shown: list[str]) -> str:
    """ "by month" where all sources are shown so, else "gazette by quarter, newspaper issue by issue"."""
    known = {row.source: _UNITS[row.period] for row in coverage.itertuples() if row.source in shown and row.period}
    if len(set(known.values())) <= 1:
        return next(iter(known.values()), "")
    return ", ".join(f"{source} {unit}" for source, unit in known.items())


def _untested(changes: pd.DataFrame, coverage: pd.DataFrame) -> list[str]:
    """Sources in which no topic is tested, with the reason; those with the same reason together."""
    found: dict[str, list[str]] = {}
    for source in coverage["source"]:
        reasons = changes.loc[changes["source"] == source, "reason"]
        if len(reasons) and (reasons != "").all():
            reason = reasons.iloc[0] if reasons.nunique() == 1 else "too rare or constant topics"
            found.setdefault(reason, []).append(source)
    groups = list(found.items())
    told = [f"{_names(sources)} ({reason})" for reason, sources in groups[:REASONS]]
    left = sum(len(sources) for _, sources in groups[REASONS:])
    return [*told, f"{counted(left, 'more source')}: see tables/changes.csv"] if left else told


def _names(sources: list[str]) -> str:
    """ "gazette", "gazette and magazine", "gazette, magazine and 38 more"."""
    shown = sources if len(sources) <= NAMES else [*sources[: NAMES - 1], f"{len(sources) - NAMES + 1:,} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _claim(row: dict) -> dict:
    names = (
        "source", "topic_id", "sentence", "sentence_zh", "split", "before", "after", "trend", "p_corrected", "p_alike",
        "n_issues",
    )  # fmt: skip
    return {name: row[name] for name in names} | {"p_trend": row["p_trend_maxt"], "p_change": row["p_change_maxt"]}
