"""What the rulings of a person make of a model's topics: named, merged, left out of the comparison, called theme or style."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from baokan.corpus.rulings import COLUMNS, Ruling
from baokan.tables import safe_cell
from baokan.topics.alignment import SAME_TOPIC, align, similarity
from baokan.topics.reported import merged
from baokan.topics.term_ranking import top_terms

# A ruling is on the topic that still has half of the terms it had: of topics that stand for one planted topic nearly all
# share so many of their 20, of others about one in a hundred.
SAME_TERMS = 0.5
TERMS = 20
OUTCOMES = ["row", "topic", "topic_id", "name", "action", "outcome"]


class Ruled(NamedTuple):
    """The topics that are reported, K' of a model's K.

    topic_ids: shape (K',), rising; a topic keeps the number that it has in the model. members: for each, the columns of the
    model that it is made of. names: "" where the label stands. excluded: shape (K',). ruling: theme, style or "".
    outcomes: a row for each ruling, with the columns OUTCOMES.
    """

    topic_ids: np.ndarray
    members: list[list[int]]
    names: list[str]
    excluded: np.ndarray
    ruling: list[str]
    outcomes: pd.DataFrame


def ruled(rulings: Iterable[Ruling], phi: np.ndarray, terms: Sequence[str]) -> Ruled:
    """The rulings applied to a model of phi, shape (K, V), whose topic in row k has the number k + 1.

    A ruling follows the terms of its topic, whatever number that has now; one without terms goes by the number. A topic
    that is gone, or that another row rules already, is said in the outcomes.
    """
    rulings = list(rulings)
    now, said = _found(rulings, phi, terms)
    k = len(phi)
    target, names, kinds = list(range(k)), [""] * k, [""] * k
    by_number = {ruling.topic: now[i] for i, ruling in enumerate(rulings)}
    for i, ruling in enumerate(rulings):
        topic = now[i]
        if topic is None or not (ruling.name or ruling.action):
            continue
        names[topic] = ruling.name
        if ruling.action == "merge":
            into = by_number.get(int(ruling.into), int(ruling.into) - 1 if int(ruling.into) <= k else None)
            if into is None or into == topic:
                said[i] = f"not applied: topic {ruling.into}, into which it was to go, is not there now"
                continue
            target[topic] = into
        kinds[topic] = ruling.action
        said[i] = said[i] or "applied"
    root = [_end(target, topic) for topic in range(k)]
    ids = sorted(set(root))
    excluded = np.array([kinds[topic] == "exclude" for topic in ids])
    if excluded.all():
        excluded[:] = False
        said = [
            s and ("not applied: no topic would be left" if rulings[i].action == "exclude" else s)
            for i, s in enumerate(said)
        ]
    rows = [
        (r.row, r.topic, 0 if topic is None else root[topic] + 1, r.name, r.action, outcome)
        for r, topic, outcome in zip(rulings, now, said, strict=True)
        if r.name or r.action
    ]
    return Ruled(
        np.array(ids, dtype=int) + 1,
        [[topic for topic in range(k) if root[topic] == end] for end in ids],
        [names[topic] for topic in ids],
        excluded,
        [kinds[topic] if kinds[topic] in ("theme", "style") else "" for topic in ids],
        pd.DataFrame(rows, columns=OUTCOMES),
    )


def _found(rulings: list[Ruling], phi: np.ndarray, terms: Sequence[str]) -> tuple[list[int | None], list[str]]:
    """For each ruling, the row of phi that it is about (None if gone), and what is to be said of that so far."""
    now: list[int | None] = [None] * len(rulings)
    said = [""] * len(rulings)
    taken: dict[int, int] = {}
    told = [set(filter(None, ruling.terms.replace(",", "、").replace(" ", "").split("、"))) for ruling in rulings]
    with_terms = [i for i, words in enumerate(told) if words]
    tops = [[terms[j] for j in row] for row in top_terms(phi, TERMS)]
    shared = np.array([[len(told[i] & set(top)) / len(told[i]) for top in tops] for i in with_terms])
    if with_terms:
        from scipy.optimize import linear_sum_assignment

        places, topics = linear_sum_assignment(-shared)
        for place, topic in zip(places.tolist(), topics.tolist(), strict=True):
            i = with_terms[place]
            if shared[place, topic] >= SAME_TERMS:
                now[i], taken[topic] = topic, i
                moved = rulings[i].topic != topic + 1
                said[i] = f"applied; by its terms it is topic {topic + 1} now" if moved else ""
        for place, i in enumerate(with_terms):
            if now[i] is None:
                near = int(shared[place].argmax())
                said[i] = (
                    f"not applied: the topic is gone; the nearest, {near + 1}, has {round(shared[place, near] * len(told[i]))} "
                    f"of its {len(told[i])} terms"
                )
    for i, ruling in enumerate(rulings):
        if told[i]:
            continue
        topic = ruling.topic - 1
        if topic >= len(phi):
            said[i] = f"not applied: there are {len(phi)} topics"
        elif topic in taken:
            said[i] = f"not applied: row {rulings[taken[topic]].row} rules on topic {topic + 1}"
        else:
            now[i], taken[topic] = topic, i
            said[i] = "applied by the number alone, which may be another topic's after a change; fill the column terms"
    return now, said


def _end(target: list[int], topic: int) -> int:
    """Where a chain of merges ends; of a ring, its smallest topic."""
    seen = []
    while topic not in seen:
        seen.append(topic)
        topic = target[topic]
    ring = seen[seen.index(topic) :]
    return min(ring)


def partners(
    phi: np.ndarray, other: np.ndarray, members: list[list[int]], weights: np.ndarray
) -> tuple[list[list[int]], np.ndarray]:
    """For each reported topic, the topics of another model that stand for it, and how alike they are, shape (K',).

    phi: the model before topics were merged, shape (K, V); other: shape (K'', V); members: for each reported topic, the rows
    of phi that it is made of; weights: the size of these, shape (K,). A topic by itself has its partner. One that was merged
    has the partners of its parts, as far as they are called the same, and is compared with them as a whole: in another
    fit it may be one topic, or split elsewhere.
    """
    partner, score = align(phi, other)
    columns, alike = [], np.zeros(len(members))
    for place, own in enumerate(members):
        if len(own) == 1:
            columns.append([int(t) for t in partner[own] if t >= 0])
            alike[place] = score[own[0]]
            continue
        same = [t for t in own if score[t] >= SAME_TOPIC]
        columns.append([int(partner[t]) for t in same])
        if same:
            here, there = (merged(rows.T, [list(range(len(w)))], w) for rows, w in (
                (phi[own], weights[own]), (other[partner[same]], weights[same]),
            ))  # fmt: skip
            alike[place] = similarity(here.T, there.T)[0, 0]
    return columns, alike


def write_template(topics: pd.DataFrame, path: str | Path) -> None:
    """topics.tsv to copy beside the corpus and fill: a row per topic, with the terms by which it will be known again.

    topics: topic_id, label, mark_terms (lists).
    """
    lines = ["\t".join(COLUMNS)]
    for topic in topics.itertuples():
        cells = [topic.topic_id, "", "", "", "", topic.label, "、".join(topic.mark_terms)]
        lines.append("\t".join(str(safe_cell(cell)) for cell in cells))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
