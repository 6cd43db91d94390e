"""Reasons, and other things that tables tell (`baokan.comparing.reasons`), in words: a phrase for each code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import exp, floor, isfinite
from typing import Any

from baokan.catalogue import N_, Translator
from baokan.claims.columns import Row
from baokan.claims.curve import robustness
from baokan.comparing.reasons import Reason, read
from baokan.numbers import p_value, percent, plain

# What else may differ between sources (`baokan.comparing.confounds`).
CONFOUNDS = {
    "quality": N_("text quality"),
    "length": N_("article length"),
    "repeats": N_("repeats"),
    "genre": N_("genre"),
    "date": N_("dates"),
}
# Phrases that are filled with the values of their reason as they stand.
_PHRASES = {
    # what a claim lacks (baokan.comparing.grading)
    "seeds": N_("it holds in {held} of {total} seeds, 80 % are needed"),
    "no seeds": N_("it was not repeated with other seeds"),
    "k": N_("it holds in {held} of {total} neighbouring numbers of topics, 80 % are needed"),
    "no k": N_("it was not repeated with neighbouring numbers of topics"),
    "specifications": N_("it holds in {held} of {total} specifications, 80 % are needed"),
    "no specifications": N_("the specification curve was not computed (compare.specifications: auto or all)"),
    "dates": N_("it does not hold with dates held equal"),
    "no common dates": N_("the sources could not be compared within the same dates"),
    "sign": N_("the difference changes its sign between counting articles and counting words"),
    "no sign": N_("articles and words were not both counted"),
    "periods": N_("the sources cover different periods"),
    "no periods": N_("dates are missing, so the periods could not be compared"),
    "style": N_("the topic looks like the house style of one source and awaits a ruling"),
    "ruled style": N_("the topic was ruled the house style of a source"),
    # why nothing is tested over time, or no period has an interval (baokan.comparing.timeline), or a rhythm is not seen
    "parted": N_("its dates do not part the issues into an earlier and a later {needed} or more"),
    "constant": N_("the share is the same in every issue"),
    "irregular": N_("it appears irregularly"),
    "dates for a rhythm": N_("{needed} different dates are needed to see a rhythm"),
    # why there is no placebo (baokan.comparing.placebo)
    "few ways": N_("too few issues to deal them out at random"),
    "no halves": N_("neither source has dated issues enough for two halves"),
    # why who came first is not tested (baokan.comparing.reprinting)
    "no text in both": N_("no text stands in both"),
    "order unknown": N_("the dates do not tell which came first"),
    "periods decide": N_("the sources cover different periods, which decides who comes first"),
    # why nothing is compared with a confound held equal (baokan.comparing.confounds)
    "no text printed once": N_("a source has no text that is printed only once"),
    "share of repeats": N_("share of articles that repeat another or are reprinted"),
    # what a theme rests on (baokan.comparing.themes)
    "one term": N_("it rests on a single term"),
    "terms": N_("it holds in {held} of {total} versions of the theme with one term left out, 80 % are needed"),
}


def told(t: Translator, reason: Reason, theme: bool = False) -> str:
    """One reason in words. theme: it is one of a theme, where it would else be one of a topic. Raises KeyError for a code that is
    not known here."""
    code, values = reason
    if code in _TELLING:
        return _TELLING[code](t, values, theme)
    return t.gettext(_PHRASES[code], **values)


def all_told(t: Translator, text: str, theme: bool = False) -> str:
    """All reasons of a column (`baokan.comparing.reasons.stored`) in words, one after the other; "" for none."""
    return t.clauses(told(t, reason, theme) for reason in read(text))


def in_column(column: str) -> Callable[[Translator, Row], str]:
    """What `baokan.claims.columns.in_words` takes to tell the reasons in a column."""
    return lambda t, row: all_told(t, row[column])


def _issues(t: Translator, values: dict[str, Any], theme: bool) -> str:
    sides = [
        t.ngettext("{n} issue on the side of {source}", "{n} issues on the side of {source}", n, source=source)
        for source, n in values["sides"]
    ]
    return t.gettext("{sides}; {needed} are needed", sides=t.listed(sides), needed=values["needed"])


def _established_issues(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.ngettext(
        "{n} issue on the side of {source}, {needed} are needed",
        "{n} issues on the side of {source}, {needed} are needed",
        values["n"], source=values["source"], needed=values["needed"],
    )  # fmt: skip


def _articles(t: Translator, values: dict[str, Any], theme: bool) -> str:
    source = values["source"]
    where = t.pgettext("in a source", "{source}", source=source) if source else t.gettext("either source")
    needed, expected = plain(values["needed"], "g"), values["expected"]
    if expected < 1 and theme:
        message = t.gettext(
            "less than one article of this theme is expected in {where}; {needed} are needed",
            where=where,
            needed=needed,
        )
    elif expected < 1:
        message = t.gettext(
            "less than one article of this topic is expected in {where}; {needed} are needed",
            where=where,
            needed=needed,
        )
    else:
        # What is not enough must not look as if it were.
        few = round(expected) < values["needed"]
        about = f"{expected:.0f}" if few else f"{floor(expected * 10) / 10:.1f}"
        one, shown = about == "1", {"about": about, "where": where, "needed": needed}
        if theme:
            message = t.ngettext(
                "about {about} article of this theme is expected in {where}; {needed} are needed",
                "about {about} articles of this theme are expected in {where}; {needed} are needed",
                1 if one else 2, **shown,
            )  # fmt: skip
        else:
            message = t.ngettext(
                "about {about} article of this topic is expected in {where}; {needed} are needed",
                "about {about} articles of this topic are expected in {where}; {needed} are needed",
                1 if one else 2, **shown,
            )  # fmt: skip
    return message


def _p(t: Translator, values: dict[str, Any], theme: bool) -> str:
    shown = {"alpha": plain(values["alpha"], "g"), "p": p_value(values["p"], relation=True)}
    if theme:
        return t.gettext("the difference does not reach {alpha} after correction for themes and pairs (p {p})", **shown)
    return t.gettext("the difference does not reach {alpha} after correction for topics and pairs (p {p})", **shown)


def _significance(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext(
        "the difference is not significant at {alpha} (p {p} after correction)",
        alpha=plain(values["alpha"], "g"), p=p_value(values["p"], relation=True),
    )  # fmt: skip


def _turned(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext("its sign changes with {what} held equal", what=t.gettext(CONFOUNDS[values["confound"]]))


def _rare(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext(
        "about {expected} articles of it are expected; {needed} are needed",
        expected=plain(values["expected"], ".1f"), needed=plain(values["needed"], "g"),
    )  # fmt: skip


def _dated_issues(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.ngettext(
        "{n} dated issue; {needed} are needed",
        "{n} dated issues; {needed} are needed",
        values["n"],
        needed=values["needed"],
    )


def _interval(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.ngettext(
        "{n} issue in the period; {needed} are needed for an interval",
        "{n} issues in the period; {needed} are needed for an interval",
        values["n"], needed=values["needed"],
    )  # fmt: skip


def _pairs_of_issues(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.ngettext(
        "{n} pair of issues counts, and {needed} are needed",
        "{n} pairs of issues count, and {needed} are needed",
        values["n"], needed=values["needed"],
    )  # fmt: skip


def _nothing_left(t: Translator, values: dict[str, Any], theme: bool) -> str:
    by_topic = values["by"] == "topic"
    return t.gettext("no topic is left to compare") if by_topic else t.gettext("no word is left to compare")


def _nothing_counted(t: Translator, values: dict[str, Any], theme: bool) -> str:
    sources = t.listed(values["sources"])
    if values["by"] == "topic":
        return t.gettext("{sources}: no counted article", sources=sources)
    return t.gettext("{sources}: no counted word", sources=sources)


def _no_issue_known(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext("no issue is known in {sources}", sources=t.listed(values["sources"]))


def _issues_left(t: Translator, values: dict[str, Any], theme: bool) -> str:
    sides = [
        t.ngettext("{n} issue of {source}", "{n} issues of {source}", n, source=source) for source, n in values["sides"]
    ]
    return t.gettext("{sides} left; {needed} are needed", sides=t.listed(sides), needed=values["needed"])


_MEDIANS = {
    "length": N_("median counted tokens of an article"),
    "quality": N_("median quality of an article"),
    "date": N_("median date of an article"),
}


def _median(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext(_MEDIANS[values["confound"]])


def _kind(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext("share of the kind {kind}", kind=values["kind"] or t.gettext("(none)"))


def _value(t: Translator, values: dict[str, Any], theme: bool) -> str:
    """A share, or a median: logarithm of tokens, quality, number of a day."""
    confound, value = values["confound"], values["value"]
    if confound in ("repeats", "genre") or not isfinite(value):
        return percent(value, t.language)
    if confound == "length":
        return t.gettext("{n} tokens", n=plain(exp(value)))
    return plain(value, ".2f") if confound == "quality" else date.fromordinal(int(value)).isoformat()


def _strata(t: Translator, values: dict[str, Any], theme: bool) -> str:
    n = values["n"]
    told = {
        "length": t.ngettext("{n} class of length", "{n} classes of length", n),
        "quality": t.ngettext("{n} class of quality", "{n} classes of quality", n),
        "genre": t.ngettext("{n} kind", "{n} kinds", n),
        "repeats": t.gettext("texts printed once"),
        "month": t.ngettext("{n} month", "{n} months", n),
        "quarter": t.ngettext("{n} quarter", "{n} quarters", n),
        "year": t.ngettext("{n} year", "{n} years", n),
    }
    return told[values["of"]]


_UNKNOWN = {
    "date": N_("no date is known in {sources}"),
    "length": N_("the length is not known in {sources}"),
    "quality": N_("the quality is not known in {sources}"),
    "genre": N_("the genre is not known in {sources}"),
}
_NOT_COMMON = {
    "date": N_("the sources have no year in common"),
    "length": N_("the sources have no articles of like length"),
    "quality": N_("the sources have no articles of like quality"),
    "genre": N_("the sources have no articles of a common kind"),
}
_NOT_IN_TWO = {
    "length": N_("no class of length stands in two issues of each source"),
    "quality": N_("no class of quality stands in two issues of each source"),
    "genre": N_("no kind stands in two issues of each source"),
    "repeats": N_("no text stands in two issues of each source"),
}


def _confound_unknown(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext(_UNKNOWN[values["confound"]], sources=t.listed(values["sources"]))


def _not_common(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext(_NOT_COMMON[values["confound"]])


def _not_in_two(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return t.gettext(_NOT_IN_TWO[values["confound"]])


def _robustness(t: Translator, values: dict[str, Any], theme: bool) -> str:
    return robustness(t, values)


_TELLING: dict[str, Callable[[Translator, dict[str, Any], bool], str]] = {
    "issues": _issues,
    "established issues": _established_issues,
    "articles": _articles,
    "p": _p,
    "significance": _significance,
    "turned": _turned,
    "rare": _rare,
    "dated issues": _dated_issues,
    "interval": _interval,
    "pairs of issues": _pairs_of_issues,
    "nothing left": _nothing_left,
    "nothing counted": _nothing_counted,
    "no issue known": _no_issue_known,
    "issues left": _issues_left,
    "confound unknown": _confound_unknown,
    "no stratum in common": _not_common,
    "no stratum in two issues": _not_in_two,
    "robustness": _robustness,
    "median": _median,
    "share of a kind": _kind,
    "value": _value,
    "strata": _strata,
}
