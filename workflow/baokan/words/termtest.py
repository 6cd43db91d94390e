"""Whether each term is kept whole where it stands in the text."""

from collections import Counter

import numpy as np
import pandas as pd

from baokan.words.tokens import Tokens

COLUMNS = ["term", "occurrences", "whole", "status", "reason", "example"]
WHOLE, PARTLY, NEVER, ABSENT = "kept whole", "partly cut", "never whole", "does not occur"


def tested(terms: list[str], tokens: Tokens) -> pd.DataFrame:
    """A row for each distinct term, in their order, with the columns COLUMNS.

    occurrences: places where its characters stand in the text of `tokens`, overlapping ones too; whole: those where it is
    one word. reason: what took it most often, and how often: a longer word that holds it, or a word that reaches across its
    edge. example: one such place, "|" between the words.
    """
    import ahocorasick_rs

    terms = list(dict.fromkeys(terms))
    if not terms:
        return pd.DataFrame(columns=COLUMNS).astype({"occurrences": int, "whole": int})
    finder = ahocorasick_rs.AhoCorasick(terms)
    found, whole = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
    reasons: dict[int, Counter] = {}
    examples: dict[int, str] = {}
    for article in range(len(tokens.article_ids)):
        words = tokens.words[tokens.ids[tokens.starts[article] : tokens.starts[article + 1]]]
        text = "".join(words)
        ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
        matches = np.array(finder.find_matches_as_indexes(text, overlapping=True), np.int64).reshape(-1, 3)
        if not len(matches):
            continue
        number, start, end = matches.T
        first = np.searchsorted(ends, start, side="right")  # the word in which the term begins
        last = np.searchsorted(ends, end - 1, side="right")
        begins = ends[first] - np.fromiter((len(words[i]) for i in first), np.int64, len(first))
        is_whole = (first == last) & (begins == start) & (ends[first] == end)
        np.add.at(found, number, 1)
        np.add.at(whole, number[is_whole], 1)
        for i in np.flatnonzero(~is_whole):
            term = int(number[i])
            taken = words[first[i] : last[i] + 1]
            reasons.setdefault(term, Counter())[_reason(taken, begins[i] < start[i], ends[last[i]] > end[i])] += 1
            if term not in examples:
                low, high = max(0, first[i] - 3), last[i] + 4
                near = words[low:high]
                examples[term] = "|".join([w.strip() for w in near if w.strip()] or near)
    return pd.DataFrame(
        [_row(t, int(found[i]), int(whole[i]), reasons.get(i), examples.get(i, "")) for i, t in enumerate(terms)],
        columns=COLUMNS,
    )


def _reason(words: np.ndarray, before: bool, after: bool) -> str:
    if len(words) == 1:
        return f"a longer word takes it: {words[0]}"
    if before or after:
        return "a word reaches across its edge: " + "|".join(words)
    return "it is cut: " + "|".join(words)


def _row(term: str, found: int, whole: int, reasons: Counter | None, example: str) -> tuple:
    status = ABSENT if not found else WHOLE if whole == found else PARTLY if whole else NEVER
    reason = ""
    if reasons:
        most, times = min(reasons.items(), key=lambda item: (-item[1], item[0]))
        reason = f"{most} ({times:,} of {found - whole:,})"
    return term, found, whole, status, reason, example
