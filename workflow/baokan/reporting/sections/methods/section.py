"""How all of it was done, with the literature, and what it cannot tell."""

import pandas as pd

from baokan.reading.formats import BY_OCR
from baokan.reporting.run import Run


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: documents. n_ocr: documents read by OCR; the rest is in the configuration."""
    return {"n_ocr": int(tables["documents"]["method"].str.contains(BY_OCR, regex=False).sum())}
