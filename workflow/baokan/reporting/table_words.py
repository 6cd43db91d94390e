"""Words that the tables of a run have in English, told in the language of the report: kinds, states, reasons of a fixed form."""

import re
from string import Formatter

from baokan.catalogue import ENGLISH, N_, Translator
from baokan.claims.curve import WORD_CHOICES

WORDS = (
    # grades
    N_("established"), N_("suggestive"), N_("descriptive"),
    # documents, their furniture and repairs
    N_("ok"), N_("damaged"), N_("skipped"), N_("failed"),
    N_("mastheads"), N_("masthead"), N_("page marks"), N_("page mark"), N_("editors' credits"), N_("editors' credit"),
    N_("captions"), N_("caption"), N_("colophon"), N_("contents entries"), N_("contents entry"), N_("notices"), N_("notice"),
    N_("section names"), N_("section name"), N_("jump lines"), N_("jump line"), N_("continuation lines"),
    N_("continuation line"), N_("teasers"), N_("teaser"), N_("ornaments"), N_("ornament"), N_("loose lines"),
    N_("loose line"), N_("pull quotes"), N_("pull quote"), N_("page margins and navigation"), N_("taken out by a correction"),
    N_("line breaks undone"), N_("characters without width removed"), N_("characters in another form folded"),
    N_("English words put back into Chinese"), N_("typesetting blanks removed"), N_("half-width marks widened"),
    # words that are not counted, their kinds, and terms in force
    N_("kept"), N_("stopword list"), N_("stopword of each source that has it"),
    N_("term"), N_("noun"), N_("verb"), N_("adjective"), N_("adverb"), N_("idiom"), N_("abbreviation"), N_("proper"),
    N_("person"), N_("place"), N_("time"), N_("number"), N_("latin"), N_("function"), N_("unknown"),
    N_("kept whole"), N_("partly cut"), N_("never whole"), N_("does not occur"), N_("within a longer term"),
    # kinds of article, and how alike two sources are
    N_("article"), N_("document"), N_("letter"), N_("dispatch"), N_("(none)"),
    N_("alike"), N_("somewhat unlike"), N_("unlike"), N_("n/a"), N_("topics"), N_("words"),
    *WORD_CHOICES,
    # what stands between two printings of a text
    N_("then"), N_("same day"), N_("order unknown"),
)  # fmt: skip
# With what is filled in; what is filled in is told as well, if it is known.
FORMS = (
    N_("in fewer than {n} articles"),
    N_("in fewer than {n} issues"),
    N_("in more than {share} of the articles of each source"),
    N_("in more than {share} of the issues of each source"),
    N_("shorter than {n} characters"),
    N_("part of speech: {kind}"),
    N_("a longer word takes it: {example}"),
    N_("a word reaches across its edge: {example}"),
    N_("it is cut: {example}"),
    N_("{n} tokens"),
    N_("K = {k} was set in the configuration."),
    N_("Of K = {tried}, K = {k} has the best score."),
    N_("Of K = {tried}, K = {k} is the smallest within one standard error of the best (K = {best})."),
    N_("It is the {which} that was tried: try others in topics.k before you settle on it."),
    N_("More topics foretell unseen text better (K = {best}): if these are too coarse for you, try larger K."),
    N_("Of its {n} fits the one nearest to the others is reported."),
    N_("It was fitted once."),
    N_("smallest"),
    N_("largest"),
)
LONGEST = 200  # characters of a cell that may be of such a form
_SENTENCE = re.compile(r"(?<=[.])\s(?=[A-Z])")


def said(text: str, t: Translator) -> str:
    """`text`, a cell of a table or several sentences of these forms, in the language of `t`; as it stands where it is no word and
    of no form that is listed here."""
    if t.language == ENGLISH:
        return text
    return "".join(_said(sentence, t) for sentence in _SENTENCE.split(text))


def _said(text: str, t: Translator) -> str:
    if text in WORDS:
        return t.messages.gettext(text)
    for form in FORMS if len(text) <= LONGEST else ():
        filled = _filled(text, form)
        if filled is not None:
            return t.gettext(form, **{name: _said(value, t) for name, value in filled.items()})
    return text


def _filled(text: str, form: str) -> dict[str, str] | None:
    """What stands in the places of `form` where it makes `text`; None where it does not."""
    found, name = {}, ""
    for literal, place, _, _ in Formatter().parse(form):
        before, sign, text = text.partition(literal) if literal else ("", "", text)
        if sign != literal or bool(before) != bool(name):
            return None
        if name:
            found[name] = before
        name = place or ""
    if name:
        found[name] = text
    return found if bool(text) == bool(name) else None
