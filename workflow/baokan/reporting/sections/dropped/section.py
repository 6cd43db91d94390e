"""The words that filters took away, and whether they are more frequent in one source."""

import pandas as pd

from baokan.reporting.run import Run

WORDS = 10
# A filter that looks at single characters, numbers or grammar takes away style more often than a theme.
LISTED = "stopword list"


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: dropped, vocabulary. n_findings, dropped: words not counted that a source surely uses more; local: words that only
    one source does not count; reasons: why words were dropped, with their number."""
    vocabulary = tables["vocabulary"]
    return {
        "n_findings": int(tables["dropped"]["finding"].sum()),
        "dropped": [_dropped(s, tables["dropped"], run) for s in run.sources],
        "local": vocabulary[vocabulary["dropped_in"] != ""][["term", "dropped_in"]].to_dict("records"),
        "reasons": [(status, int(n)) for status, n in vocabulary["status"].value_counts().items()],
    }


def _dropped(source: str, dropped: pd.DataFrame, run: Run) -> dict:
    findings = dropped[(dropped["source"] == source) & dropped["finding"].astype(bool)]
    # A word that a list took stands first: of the reasons it is the easiest to put right.
    first = (findings["status"] != LISTED).to_numpy()
    return {
        "source": source,
        "colour": run.colour(source),
        "n": len(findings),
        "rows": findings.iloc[first.argsort(kind="stable")].head(WORDS).to_dict("records"),
    }
