"""Which issues were held and when, their gaps, and what time the sources share."""

import pandas as pd

from baokan.reporting.looks import source_colour
from baokan.reporting.run import Run

GAPS, PAIRS = 12, 10


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: coverage, gaps, overlaps, shares. dated: whether any issue has a date; sources: each with a sentence and how alike
    its consecutive issues are; gaps: the longest; pairs: sentences on what two sources share of time, of all pairs or of those
    that share too little; n_apart, n_unknown: pairs that share too little, or of which it is not known."""
    gaps = tables["gaps"]
    coverage, overlaps = (run.in_language(tables[name], "sentence") for name in ("coverage", "overlaps"))
    apart, unknown = overlaps[overlaps["overlap"] == "no"], overlaps[overlaps["overlap"] == "unknown"]
    told = overlaps if len(overlaps) <= PAIRS else pd.concat([apart, unknown]).head(PAIRS)
    return {
        "dated": is_dated(coverage),
        "sources": _sources(coverage, tables["shares"][tables["shares"]["weighting"] == run.weighting]),
        "gaps": _longest(gaps),
        "n_gaps": len(gaps),
        "pairs": told["sentence"].tolist(),
        "n_pairs": len(overlaps),
        "n_pairs_left": len(overlaps) - len(told),
        "n_apart": len(apart),
        "n_unknown": len(unknown),
    }


def is_dated(coverage: pd.DataFrame, least: int = 1) -> bool:
    """Whether a source has `least` issues with a date."""
    return bool((coverage["n_dated"] >= least).any()) if len(coverage) else False


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


def _longest(gaps: pd.DataFrame) -> list[dict]:
    ordered = gaps.sort_values(
        ["days", "source", "publication", "from"], ascending=[False, True, True, True], kind="stable"
    )
    return ordered.head(GAPS).to_dict("records")
