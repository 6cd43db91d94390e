"""What was read, repaired and taken out, and which documents need a look."""

import pandas as pd

from baokan.articles.cut import failed_corrections
from baokan.reporting.data import furniture_of, repairs_of
from baokan.reporting.run import Run

DOCUMENTS, PROBLEMS = 400, 200  # rows; the rest is in tables/documents.csv


def section(tables: dict[str, pd.DataFrame], run: Run) -> dict:
    """tables: documents, articles, furniture, doubts, corrections. documents and problems: the first of them; furniture, repairs:
    (what, how often); duplicates: articles that repeat another of their source; corrections_failed: rows that do not apply."""
    documents = tables["documents"]
    problems = documents[documents["problem"] != ""]
    return {
        "n_doubts": len(tables["doubts"]),
        "n_documents": len(documents),
        "furniture": furniture_of(tables["furniture"]),
        "repairs": repairs_of(documents),
        "duplicates": int((tables["articles"]["duplicate_of"] != "").sum()),
        "corrections_failed": failed_corrections(tables["corrections"]).to_dict("records"),
        "n_corrections": len(tables["corrections"]),
        "problems": problems.head(PROBLEMS).to_dict("records"),
        "n_problems": len(problems),
        "documents": documents.head(DOCUMENTS).to_dict("records"),
        "documents_left": max(0, len(documents) - DOCUMENTS),
    }
