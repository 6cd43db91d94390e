"""The new words and fixed formulations that were found in this corpus."""

import pandas as pd

from baokan.reporting.run import Run

TERMS = 60


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: terms. found: the first of those that were kept, with their occurrences; n_found: how many they are."""
    found = tables["terms"][tables["terms"]["status"] == "kept"]
    return {"found": found[["term", "n_tokens"]].head(TERMS).to_dict("records"), "n_found": len(found)}
