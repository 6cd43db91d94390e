"""What is held of each source, and what time sources share, in words; see `baokan.comparing.coverage`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from baokan.catalogue import N_, Translator
from baokan.claims.columns import Row, in_words
from baokan.claims.reasons import in_column
from baokan.comparing.reasons import read
from baokan.numbers import percent, plain

# Rhythms that have a name, by the days between two issues.
_NAMED = (
    (0.0, 1.25, N_("daily")),
    (1.75, 2.25, N_("every second day")),
    (6.0, 8.0, N_("weekly")),
    (9.0, 11.0, N_("every ten days")),
    (13.0, 16.0, N_("every two weeks")),
    (27.5, 28.5, N_("every four weeks")),
    (29.0, 32.0, N_("monthly")),
    (58.0, 64.0, N_("every two months")),
    (87.0, 94.0, N_("quarterly")),
    (178.0, 188.0, N_("twice a year")),
    (355.0, 375.0, N_("yearly")),
)
MOST_RHYTHMS = 4  # of publications of a source that are told one by one


def coverage_told(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table coverage, of its numbers: rhythm, reason and sentence by language."""
    texts = {"rhythm": rhythms, "reason": in_column("reason"), "sentence": sentence}
    return in_words(tables["coverage"], texts, without=["first_date", "last_date"])


def overlaps_told(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table overlaps, of its numbers: a sentence by language."""
    return in_words(tables["overlaps"], {"sentence": overlap_sentence})


def rhythm(t: Translator, values: Mapping[str, Any]) -> str:
    """A rhythm for a reader: "weekly", "5 days a week", "irregular, about every 40 days".

    values: days (between issues), weekdays (how many are usual, 0 where all are), regular, per_date (issues on one date), as
    `baokan.comparing.coverage.Rhythm` has them.
    """
    days = values["days"]
    name = next((name for low, high, name in _NAMED if low <= days <= high), "")
    if name == "daily" and 0 < values["weekdays"] < 7:
        words = t.ngettext("{n} day a week", "{n} days a week", values["weekdays"])
    elif name:
        words = t.gettext(name)
    elif days < 75:
        words = t.gettext("about every {days} days", days=plain(days, ".0f"))
    else:
        words = t.gettext("about every {months} months", months=plain(days / 30.44, ".0f"))
    if not values["regular"]:
        words = (
            t.gettext("irregular, about {rhythm}", rhythm=words)
            if name
            else t.gettext("irregular, {rhythm}", rhythm=words)
        )
    if values["per_date"] < 1.5:
        return words
    return t.gettext("{rhythm}, about {n} issues with one date", rhythm=words, n=plain(values["per_date"], ".0f"))


def rhythms(t: Translator, row: Row) -> str:
    """The rhythms of the publications of a source, "" where none is known."""
    found = {reason.values["publication"]: rhythm(t, reason.values) for reason in read(row["rhythm"])}
    if not found:
        return ""
    publications = row["n_publications"]
    if len(set(found.values())) == 1 and len(found) == publications:
        each = next(iter(found.values()))
        return each if publications == 1 else t.gettext("{rhythm}, each of its publications", rhythm=each)
    if len(found) <= MOST_RHYTHMS:
        named = [(name or t.gettext("without a name"), words) for name, words in found.items()]
        return t.clauses(t.gettext("{publication}: {rhythm}", publication=name, rhythm=words) for name, words in named)
    return t.ngettext(
        "{n} publication, each with a rhythm of its own",
        "{n} publications, each with a rhythm of its own",
        publications,
    )


def _issues(t: Translator, n: int) -> str:
    return t.ngettext("{n} issue", "{n} issues", n)


def sentence(t: Translator, row: Row) -> str:
    """What is held of a source. row: of coverage."""
    if not row["n_issues"]:
        return t.ngettext(
            "{n} article of no issue: nothing says when they were printed.",
            "{n} articles of no issue: nothing says when they were printed.",
            row["n_articles_without_issue"],
        )
    parts = [_issues(t, row["n_issues"])]
    if not row["n_dated"]:
        parts.append(t.gettext("none with a date"))
    else:
        first, last = row["first_date"], row["last_date"]
        parts.append(first if first == last else t.gettext("{first} to {last}", first=first, last=last))
        if row["rhythm"]:
            parts.append(rhythms(t, row))
            parts.append(t.ngettext("{n} gap", "{n} gaps", row["n_gaps"]) if row["n_gaps"] else t.gettext("no gap"))
        else:
            parts.append(t.gettext("too few dates to see a rhythm"))
    text = [t.gettext("{text}.", text=t.clauses(parts))]
    if row["missing"]:
        text.append(
            t.ngettext(
                "The rhythm would expect {n} issue more in this time.",
                "The rhythm would expect {n} issues more in this time.",
                row["missing"],
            )
        )
    if row["n_dated"] and row["n_undated"]:
        text.append(
            t.ngettext(
                "{n} issue has no date and has no part in anything over time.",
                "{n} issues have no date and have no part in anything over time.",
                row["n_undated"],
            )
        )
    if row["n_shared_dates"]:
        text.append(
            t.ngettext(
                "{n} date is borne by several issues of one publication, whose order is then unknown.",
                "{n} dates are borne by several issues of one publication, whose order is then unknown.",
                row["n_shared_dates"],
            )
        )
    if row["n_articles_without_issue"]:
        text.append(
            t.ngettext(
                "{n} article belongs to no issue.", "{n} articles belong to no issue.", row["n_articles_without_issue"]
            )
        )
    return t.sentences(text)


def overlap_sentence(t: Translator, row: Row) -> str:
    """What time two sources share. row: of overlaps."""
    pair = {"a": row["source_a"], "b": row["source_b"]}
    text = []
    if row["overlap"] == "unknown":
        text.append(
            t.gettext("{a} and {b}: dates are missing, so nothing can be said of the time that they share.", **pair)
        )
    elif not row["first"]:
        text.append(t.gettext("{a} and {b} share no day: what differs between them differs in period too.", **pair))
    else:
        first, last = row["first"], row["last"]
        time = first if first == last else t.gettext("{first} to {last}", first=first, last=last)
        shared = t.gettext(
            "{a} and {b} share {time}, with {of_a} of {a}'s dated issues and {of_b} of {b}'s",
            time=time, of_a=_part(t, row["share_a"]), of_b=_part(t, row["share_b"]), **pair,
        )  # fmt: skip
        if row["months_a"] and row["months_b"]:
            both = t.ngettext("in {n} month both have an issue", "in {n} months both have an issue", row["months_both"])
            shared = t.clauses([shared, both])
        text.append(t.gettext("{text}.", text=shared))
        if row["overlap"] == "no":
            text.append(t.gettext("That is less than half of the longer time: source and period cannot be told apart."))
    if row["same_issues"]:
        text.append(
            t.ngettext(
                "{n} issue seems to stand under both.", "{n} issues seem to stand under both.", row["same_issues"]
            )
        )
    return t.sentences(text)


def _part(t: Translator, share: float) -> str:
    if share in (0, 1):
        return t.pgettext("of the issues", "all") if share else t.pgettext("of the issues", "none")
    return t.gettext("less than 1 %") if share < 0.01 else percent(share, t.language)
