"""Small tables of articles."""

import pandas as pd


def make_articles(rows):
    """Articles from (source, issue, n_tokens) or (source, issue, n_tokens, date)."""
    table = pd.DataFrame([(*row, "")[:4] for row in rows], columns=["source", "issue", "n_tokens", "issue_date"])
    return table.assign(article_id=[f"a{i}" for i in range(len(table))], publication="报")
