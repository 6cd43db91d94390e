"""The passages that are quoted of a topic: of its articles, where its terms are densest."""

import re

import numpy as np
import pandas as pd

from baokan.corpus.originals import originals
from baokan.folding import fold
from baokan.topics.term_ranking import top_terms

SHORTEST_PASSAGE, LONGEST_PASSAGE = 40, 240  # characters
_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;”’」』）]*")


def passages(
    articles: pd.DataFrame, shares: np.ndarray, topic: int, phi: np.ndarray, terms: list[str], n: int
) -> pd.DataFrame:
    """The `n` articles with the largest share of `topic` (column of shares), of different issues while such remain that
    have at least half of the largest share, each with the passage in which the topic's terms are densest: article_id,
    share, passage. Terms are looked for in Simplified text, the passage is quoted as it stands.

    articles: article_id, issue_id, text, duplicate_of; shares: shape (A, K); phi: shape (K, V).
    """
    column = np.nan_to_num(shares[:, topic], nan=-1.0)
    own = originals(articles)
    order = [i for i in np.argsort(-column, kind="stable") if column[i] > 0 and own[i]]
    seen: set[str] = set()
    first: list[int] = []
    later: list[int] = []
    for i in order[: max(50, 10 * n)]:
        issue = articles["issue_id"].iat[i] or articles["article_id"].iat[i]
        fresh = issue not in seen and column[i] >= column[order[0]] / 2
        (first if fresh else later).append(i)
        seen.add(issue)
    best = top_terms(phi[topic : topic + 1], 30)[0]
    weight = [(fold(terms[j]), phi[topic, j]) for j in best]
    rows = [
        (articles["article_id"].iat[i], column[i], _passage(articles["text"].iat[i], weight))
        for i in (first + later)[:n]
    ]
    return pd.DataFrame(rows, columns=["article_id", "share", "passage"])


def _passage(text: str, weight: list[tuple[str, float]]) -> str:
    """The paragraph of `text` in which the terms are densest; of one longer than LONGEST_PASSAGE the densest sentences that
    follow each other, with … where something is left out. weight: terms in Simplified, and what each counts."""

    def density(part: str) -> float:
        simple = fold(part)
        return sum(simple.count(term) * w for term, w in weight) / (len(part) + 20)

    paragraphs = [p for p in text.split("\n") if p.strip()]
    # A salutation or a signature is short and may be one term: what is quoted must say something.
    paragraphs = [p for p in paragraphs if len(p) >= SHORTEST_PASSAGE] or paragraphs
    if not paragraphs:
        return ""
    best = max(paragraphs, key=density)
    if len(best) <= LONGEST_PASSAGE:
        return best
    sentences = [m.group() for m in _SENTENCE.finditer(best) if m.group()]
    runs = []
    for start in range(len(sentences)):
        end = start + 1
        while end < len(sentences) and len("".join(sentences[start : end + 1])) <= LONGEST_PASSAGE:
            end += 1
        runs.append((start, end))
    start, end = max(runs, key=lambda run: density("".join(sentences[slice(*run)])))
    return "…" * (start > 0) + "".join(sentences[start:end]).strip() + "…" * (end < len(sentences))
