"""Issues in the order of their series, and how alike consecutive ones of each source are (`baokan.statistics.autocorrelation`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from baokan.statistics.autocorrelation import autocorrelation


def series_order(issues: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(order, starts): the rows of ``issues`` source by source, publication by publication, each in order of dates, and
    whether a row in this order begins a series.

    issues: issue_id, source, and, where known, publication and date. Issues without a date stand first, by their ids.
    """
    names = ("source", "publication", "date", "issue_id")
    blank = np.full(len(issues), "")
    keys = [issues[name].fillna("").to_numpy(dtype=str) if name in issues else blank for name in names]
    order = np.lexsort(keys[::-1])
    source, publication = keys[0][order], keys[1][order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = (source[1:] != source[:-1]) | (publication[1:] != publication[:-1])
    return order, starts


def by_source(issues: pd.DataFrame, shares: np.ndarray, sources: list[str]) -> dict[str, np.ndarray]:
    """How alike consecutive issues of each of the `sources` are, (n_topics,), estimated from all of them: `autocorrelation` of
    the rows of ``issues`` and ``shares`` (n_issues, n_topics), which stand in any order."""
    order, starts = series_order(issues)
    labels, x = issues["source"].to_numpy(dtype=str)[order], shares[order]
    groups = [(x[labels == source], starts[labels == source]) for source in sources]
    return dict(zip(sources, autocorrelation(groups), strict=True)) if groups else {}
