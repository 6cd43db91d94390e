"""How the sources differ, topic by topic and pair by pair, and how sure one can be of it."""

import pandas as pd

from baokan.comparing.grading import GRADES
from baokan.reporting.run import Run


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: contrasts. contrasts: a row each, the surest first; n_eligible: how many may be tested; n_pairs: of sources."""
    contrasts = surest_first(run.in_language(tables["contrasts"], "grade_reasons"), run.weighting)
    return {
        "contrasts": [r._asdict() for r in contrasts.itertuples(index=False)],
        "n_eligible": int(contrasts["eligible"].sum()) if len(contrasts) else 0,
        "n_pairs": len(set(zip(contrasts["source_a"], contrasts["source_b"], strict=True))),
    }


def surest_first(contrasts: pd.DataFrame, weighting: str) -> pd.DataFrame:
    """The contrasts of one weighting: the surest first, then the largest; a topic that looks like house style comes after the
    themes."""
    mine = contrasts[contrasts["weighting"] == weighting].copy()
    mine["rank"] = mine["grade"].map(GRADES.index) if len(mine) else []
    mine["size"] = mine["difference"].abs()
    return mine.sort_values(
        ["house_style", "rank", "size", "topic_id"], ascending=[True, True, False, True], kind="stable"
    )
