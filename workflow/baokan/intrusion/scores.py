"""What readers found of the intruders, with intervals and their agreement."""

import numpy as np
import pandas as pd
from scipy import special

from baokan.errors import UserError
from baokan.intrusion.items import OPTIONS, one_line

CANNOT_TELL = 0
ALL_TOPICS = 0  # in place of a topic_id
LEVEL = 0.95


def scores(key: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """What readers found, a row per kind over all topics (topic_id 0) and per topic: kind, topic_id, n_items (answered),
    n_annotators, n_answers, n_cannot_tell, right, precision (right / n_answers, the model precision of Chang et al. 2009;
    "cannot tell" is not right), lower, upper (95 %), chance (of a guess), above_chance (lower > chance), alpha.

    Intervals. Of a topic, which has one item of a kind: Clopper-Pearson over its answers; it is about other readers of that
    item, and a single answer says nearly nothing. Over all topics: see items_interval; it is about other topics' items, and
    more readers of the same few items make it hardly narrower. The annotators are few and not drawn at random: no interval
    speaks for readers in general. Over many topics, some are above chance by chance.

    alpha: Krippendorff's, nominal, over the positions chosen, "cannot tell" as one more; only over all topics. NaN, as all
    that has no answers.

    key: as of sheet_key; answers: annotator, item, position (empty or 0: cannot tell), fingerprint, and file and row for
    messages if there. Raises UserError, with file, row and what to do, for answers that do not fit the key.
    """
    checked = check_answers(key, answers)
    rows = []
    for kind in OPTIONS:
        items = key[key["kind"] == kind]
        if len(items):
            found = checked[checked["kind"] == kind]
            rows.append(_row(kind, ALL_TOPICS, found))
            rows += [_row(kind, t, found[found["topic_id"] == t]) for t in sorted(items["topic_id"].unique())]
    return pd.DataFrame(rows)


def _row(kind: str, topic: int, found: pd.DataFrame) -> dict:
    n, right = len(found), int(found["right"].sum())
    by_item = found.groupby("item")["right"].agg(["sum", "count"])
    whole = topic == ALL_TOPICS
    lower, upper = items_interval(*by_item.to_numpy(float).T) if whole else clopper_pearson(right, n)
    chance = 1 / OPTIONS[kind]
    return {
        "kind": kind,
        "topic_id": int(topic),
        "n_items": len(by_item),
        "n_annotators": found["annotator"].nunique(),
        "n_answers": n,
        "n_cannot_tell": int((found["position"] == CANNOT_TELL).sum()),
        "right": right,
        "precision": right / n if n else np.nan,
        "lower": lower,
        "upper": upper,
        "chance": chance,
        "above_chance": bool(lower > chance),
        "alpha": krippendorff(found["item"], found["position"]) if whole else np.nan,
    }


def clopper_pearson(right: float, n: float) -> tuple[float, float]:
    """The exact 95 % interval of a proportion (Clopper & Pearson 1934), from quantiles of the beta distribution, so that
    `n` need not be whole; NaN if it is 0."""
    if n <= 0:
        return np.nan, np.nan
    tail = (1 - LEVEL) / 2
    lower = special.betaincinv(right, n - right + 1, tail) if right > 0 else 0.0
    upper = special.betaincinv(right + 1, n - right, 1 - tail) if right < n else 1.0
    return float(lower), float(upper)


def items_interval(right: np.ndarray, answers: np.ndarray) -> tuple[float, float]:
    """95 % interval of the share of right answers whose units are items: answers to one item are alike, and are not as
    many findings. `right` and `answers` per item, shape (I,), answers >= 1; NaN if I is 0.

    Clopper-Pearson with the effective number of answers p(1 - p) / v and its correction for few units (Korn & Graubard
    1998, Survey Methodology 24): v is the variance of the ratio p over items. The number lies between I, which holds even if all
    readers of an item agree, and the number of answers; where items do not differ, so that v cannot be had, it is I. With
    one answer per item this is Clopper-Pearson.
    """
    n, total = len(answers), answers.sum()
    if not n:
        return np.nan, np.nan
    p = right.sum() / total
    v = ((right - p * answers) ** 2).sum() / total**2
    size = float(n)
    if v > 1e-12:
        few = special.stdtrit([total - 1, n - 1], (1 + LEVEL) / 2)
        size = float(np.clip(p * (1 - p) / v * (few[0] / few[1]) ** 2, n, total))
    return clopper_pearson(p * size, size)


def krippendorff(units: pd.Series, values: pd.Series) -> float:
    """Krippendorff's alpha for nominal data ("Computing Krippendorff's alpha-reliability", 2011), at most 1, 0 for
    agreement by chance: 1 - (n - 1) sum_u [(m_u^2 - sum_c n_uc^2) / (m_u - 1)] / (n^2 - sum_c n_c^2), over units u with
    m_u >= 2 values, n in all. A row of `units` and `values` is one value. NaN if no unit has two, or all are the same."""
    counts = pd.crosstab(np.asarray(units), np.asarray(values)).to_numpy(float)
    counts = counts[counts.sum(axis=1) >= 2] if counts.size else np.zeros((0, 1))
    m, n = counts.sum(axis=1), counts.sum()
    expected = n**2 - (counts.sum(axis=0) ** 2).sum()
    if expected == 0:
        return np.nan
    observed = ((m**2 - (counts**2).sum(axis=1)) / (m - 1)).sum()
    return float(1 - (n - 1) * observed / expected)


def check_answers(key: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The answers with position as a number, kind, topic_id and right. Raises UserError as in `scores`."""
    columns = ["annotator", "item", "position", "fingerprint"]
    for column in columns:
        if column not in answers.columns:
            where = answers["file"].iloc[0] if "file" in answers.columns and len(answers) else "The answers"
            raise UserError(
                f"{where}: the column {column} is missing. The file must be the CSV that the sheet saved, with the "
                f"columns {', '.join(columns)}."
            )
    if not len(answers):
        raise UserError("There is no answer to score: fill in the sheet, save its CSV, and name that file.")
    known = key.set_index("item")
    marks, rows = set(key["fingerprint"]), []
    first: dict[tuple[str, str], str] = {}  # where the answer of an annotator to an item stands
    for number, answer in enumerate(answers.to_dict("records")):
        where = f"{answer.get('file', 'The answers')}, row {answer.get('row', number + 2)}"
        name, item = one_line(_text(answer["annotator"])), _text(answer["item"])
        if (mark := _text(answer["fingerprint"])) not in marks:
            raise UserError(
                f"{where}: this answer was given to another sheet (fingerprint {mark or 'missing'}; this run's sheet has "
                f"{', '.join(sorted(marks)) or 'none'}). The model has changed since. Score the file with the results "
                "that its sheet was made from, or have this run's sheet filled in."
            )
        if item not in known.index:
            raise UserError(
                f"{where}: the sheet has no item {item or '(empty)'}. Put back what the sheet saved, or delete the row."
            )
        if not name:
            raise UserError(
                f"{where}: no annotator. Write into the column who gave the answer; any name or number will do."
            )
        position = _position(answer["position"], OPTIONS[known.at[item, "kind"]], where)
        if (before := first.setdefault((name, item), where)) is not where:
            raise UserError(
                f"{where}: {name} has answered {item} before ({before}). Delete one of the two; if they are two people, "
                "give them different names; if one file is named twice, name it once."
            )
        kind, topic, truth = known.loc[item, ["kind", "topic_id", "answer"]]
        rows.append((name, item, position, kind, int(topic), position == truth))
    return pd.DataFrame(rows, columns=["annotator", "item", "position", "kind", "topic_id", "right"])


def _text(value: object) -> str:
    """`value` as text without blanks around it; "" for what is missing."""
    return "" if value is None or value is pd.NA or value != value else str(value).strip()


def _position(value: object, options: int, where: str) -> int:
    """The position chosen, 0 for "cannot tell"."""
    text = _text(value) or str(CANNOT_TELL)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if number not in range(options + 1):
        raise UserError(
            f"{where}: position {text} is none of 1 to {options}. Write the number of the answer that was chosen, or 0 for "
            '"cannot tell".'
        )
    return int(number)
