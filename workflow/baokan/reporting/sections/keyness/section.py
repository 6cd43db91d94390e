"""The words by which each source differs from the others."""

import pandas as pd

from baokan.reporting.run import Run
from baokan.words.keyness import ALL_OTHERS

TERMS, FEW = 15, 5


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict | None:
    """tables: keyness. keyness: of each source that has others to differ from, its most distinctive words, those that are surely
    more frequent if there are five or more; unit: what the interval counts. None without such a source."""
    main = tables["keyness"][tables["keyness"]["against"] == ALL_OTHERS]
    found = [_distinctive(s, main[main["source"] == s], run) for s in run.sources if (main["source"] == s).any()]
    return {"keyness": found} if found else None


def _distinctive(source: str, own: pd.DataFrame, run: Run) -> dict:
    rows = own.sort_values("rank")
    sure = rows[rows["bound"] > 0]
    return {
        "source": source,
        "colour": run.colour(source),
        "unit": rows["unit"].iloc[0],
        "n_sure": len(sure),
        "rows": (sure if len(sure) >= FEW else rows).head(TERMS).to_dict("records"),
    }
