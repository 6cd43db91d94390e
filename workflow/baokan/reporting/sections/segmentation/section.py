"""What the terms and the segmenter change in the words that are counted."""

import pandas as pd

from baokan.reporting.run import Run

BROKEN, EXAMPLES = 10, 5
GOOD = ("kept whole", "does not occur")  # of a term in force


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: term_test, changed, term_effect, engines. n_terms, tests: terms in force by what became of them; broken: those that
    do not always stay whole; changed: tokens that are other ones without the terms, and by the other segmenter."""
    tests = tables["term_test"]
    examples = {"terms": tables["term_effect"], "engine": tables["engines"]}
    return {
        "n_terms": len(tests),
        "tests": [(status, int(n)) for status, n in tests["status"].value_counts().items()],
        "broken": tests[~tests["status"].isin(GOOD)].head(BROKEN).to_dict("records"),
        "changed": [
            _changed(name, tables["changed"]) | {"examples": table.head(EXAMPLES).to_dict("records")}
            for name, table in examples.items()
        ],
    }


def _changed(name: str, changed: pd.DataFrame) -> dict:
    rows = changed[changed["by"] == name]
    tokens = int(rows["tokens"].sum())
    return {
        "by": name,
        "tokens": tokens,
        "changed": int(rows["changed"].sum()),
        "share": rows["changed"].sum() / tokens if tokens else 0.0,
        "whole": bool(rows["whole"].all()),
        "sources": rows[["source", "share"]].to_dict("records"),
    }
