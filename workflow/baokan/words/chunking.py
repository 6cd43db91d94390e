"""Long articles in windows of about equal length, cut at paragraph ends, so that a model sees documents of one size."""

from itertools import pairwise

import numpy as np


def windows(paragraph_ends: list[int], weights: np.ndarray, target: int) -> list[tuple[int, int]]:
    """Token ranges [start, end) that cover an article, cut at paragraph ends and holding about `target` kept tokens.

    paragraph_ends: index after the last token of each paragraph, rising. weights: 1 for each token that counts, else
    0; shape (n_tokens,). The number of windows is the total over `target`, rounded, at least one; each cut falls on the
    paragraph end nearest to an equal share. A paragraph is never cut, however long.
    """
    total = int(paragraph_ends[-1]) if len(paragraph_ends) else 0
    if total == 0:
        return []
    kept = np.concatenate([[0], np.cumsum(weights)])
    n = max(1, round(kept[total] / target))
    ends = np.unique([e for e in paragraph_ends if e > 0])
    wanted = kept[total] * np.arange(1, n) / n
    cuts = {int(ends[np.argmin(np.abs(kept[ends] - w))]) for w in wanted} - {total}
    edges = [0, *sorted(cuts), total]
    return list(pairwise(edges))
