"""Where to find each word in its contexts."""

import pandas as pd

from baokan.reporting.run import Run


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """Nothing but a link; what the report says of words stands below it."""
    return {}
