"""How to quote the report, and what it was made of."""

import pandas as pd

from baokan.reporting.run import Run


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: articles. n_issues: of the corpus; the rest is in provenance.json."""
    articles = tables["articles"]
    return {"n_issues": articles.loc[articles["issue_id"] != "", "issue_id"].nunique()}
