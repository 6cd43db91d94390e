"""The words that weigh most in each source by TF-IDF."""

import pandas as pd

from baokan.reporting.run import Run


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """Nothing but the figure."""
    return {}
