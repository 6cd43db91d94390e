"""Topics over time in words; how changes are tested stands in `baokan.comparing.timeline`."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from baokan.catalogue import Translator
from baokan.claims.columns import Row, in_words
from baokan.claims.reasons import all_told, in_column
from baokan.numbers import p_value, percent, plain

RARE = "about "  # how the English reason of a topic begins that is too rare in a source to be tested


def changes_told(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table changes, of its numbers and topics (topic_id, label): reason and sentence by language."""
    labels = tables["topics"].set_index("topic_id")["label"]
    table = tables["changes"]
    table = table.assign(label=table["topic_id"].map(labels))
    return in_words(
        table, {"reason": in_column("reason"), "sentence": sentence}, without=["label", "n_sources", "step"]
    )


def sentence(t: Translator, row: Row) -> str:
    """Whether the share of a topic changes over time in a source. row: of changes, with the label of the topic."""
    about = {"source": row["source"], "label": row["label"]}
    if row["reason"]:
        return t.gettext(
            "In {source} it is not tested whether the share of “{label}” changes over time: {why}.",
            why=all_told(t, row["reason"]), **about,
        )  # fmt: skip
    p = {"p": p_value(row["p_corrected"], relation=True)}
    tested = (
        t.ngettext("p {p} over topics and both tests, {n} issue", "p {p} over topics and both tests, {n} issues",
                   row["n_issues"], **p)
        if row["n_sources"] == 1
        else t.ngettext("p {p} over topics, both tests and sources, {n} issue",
                        "p {p} over topics, both tests and sources, {n} issues", row["n_issues"], **p)
    )  # fmt: skip
    if not row["changed"]:
        return t.gettext(
            "In {source} no change of the share of “{label}” over time is shown ({tested}).", tested=tested, **about
        )
    return t.sentences([_step(t, row, tested) if row["step"] else _drift(t, row, tested), _doubt(t, row)])


def _doubt(t: Translator, row: Row) -> str:
    """What is said where neighbours that are alike may be all of a change; "" elsewhere."""
    if row["beyond_neighbours"]:
        return ""
    return t.gettext(
        "Issues that resemble their neighbours (r = {r}) may be all of it.",
        r=plain(row["autocorrelation_around_split"], ".2f"),
    )


def _step(t: Translator, row: Row, tested: str) -> str:
    shown = {
        "source": row["source"], "label": row["label"], "split": row["split"], "tested": tested, "unit": _unit(t, row),
        "before": percent(row["before"], t.language), "after": percent(row["after"], t.language),
        "later": plain(row["n_issues"] - row["n_before"], ".0f"),
    }  # fmt: skip
    if row["after"] > row["before"]:
        return t.gettext(
            "In {source} the share of “{label}” rises from {before} to {after} around {split} ({unit}; {tested}, {later} of "
            "them from then on).",
            **shown,
        )
    return t.gettext(
        "In {source} the share of “{label}” falls from {before} to {after} around {split} ({unit}; {tested}, {later} of "
        "them from then on).",
        **shown,
    )


def _drift(t: Translator, row: Row, tested: str) -> str:
    shown = {"source": row["source"], "label": row["label"], "first": row["first"], "last": row["last"]}
    if row["trend"] > 0:
        start = t.gettext("In {source} the share of “{label}” drifts upward over {first} to {last}", **shown)
    else:
        start = t.gettext("In {source} the share of “{label}” drifts downward over {first} to {last}", **shown)
    # A burst can set the trend and the largest change of level against each other.
    if (row["trend"] > 0) == (row["after"] > row["before"]):
        start = t.gettext(
            "{start}, with {before} before {split} and {after} from then on",
            start=start, split=row["split"],
            before=percent(row["before"], t.language), after=percent(row["after"], t.language),
        )  # fmt: skip
    return t.gettext(
        "{start} ({unit}; Spearman's rho {rho}, {tested}).",
        start=start, unit=_unit(t, row), rho=plain(row["trend"], "+.2f"), tested=tested,
    )  # fmt: skip


def _unit(t: Translator, row: Row) -> str:
    return (
        t.gettext("share of an issue's words") if row["weighting"] == "token" else t.gettext("mean share of an article")
    )
