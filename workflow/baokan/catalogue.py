"""What readers are told in their language: English sentences are written in the code, once; others stand in a catalogue.

A catalogue is one file, locale/<language>/LC_MESSAGES/baokan.po, in the format of gettext; a language is there once its file is.
English needs none: each message is its own English text. `make messages` takes the messages of the code and the templates into
every catalogue; tests/unit/test_catalogue.py fails while one of them has no translation.

In Python:

    t = translator(language)                                    # "en", "zh", ...
    t.gettext("holds in {robust} of {total}", robust=3, total=7)    # placeholders by name, filled after translation
    t.ngettext("{n} issue", "{n} issues", 3)                    # n is given as {n} too; commas in thousands
    t.pgettext("grade", "established")                          # where one English text has two translations
    PHRASES = {"sign": N_("its sign changes")}                  # marked here, and t.gettext(PHRASES["sign"]) where it is said
    t.listed(["A", "B", "C"])                                   # "A, B and C", "A、B、C"; also either, clauses, sentences, ...

Messages are literals, so that they can be extracted: no f-string, no variable, in these calls. Values are never read as
templates again, whatever braces or signs of per cent they have.

In templates, once `install(environment, language)` has been called:

    {% trans name=s.name, n=s.n %}{{ name }} has {{ n }} issue.{% pluralize n %}{{ name }} has {{ n }} issues.{% endtrans %}
    {{ _("Sources") }}, {{ pgettext("grade", "established") }}, {{ _("%(n)s of %(all)s", n=3, all=7) }}

Within `trans` stand names alone, set where it begins: `{% trans share=row.share | percent %}`. Line breaks in it count as one
blank. Values are escaped as elsewhere in a template, the message is not. In `_("...")` a sign of per cent is written twice.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import cache, reduce
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2

LOCALE = Path(__file__).with_name("locale")
CATALOGUE = "LC_MESSAGES/baokan.po"
ENGLISH = "en"


def N_(message: str) -> str:
    """`message` itself, marked for translation where it is not yet said."""
    return message


class Translator:
    """Messages in one language; how its methods are used stands in the module's docstring."""

    def __init__(self, language: str, messages: NullTranslations) -> None:
        self.language = language
        self.messages = messages

    def gettext(self, message: str, **values: Any) -> str:
        """`message` in this language, its placeholders filled with `values`."""
        return self.messages.gettext(message).format(**values)

    def pgettext(self, context: str, message: str, **values: Any) -> str:
        """The same for a message whose translation depends on `context`."""
        return self.messages.pgettext(context, message).format(**values)

    def ngettext(self, one: str, many: str, n: float, **values: Any) -> str:
        """`one` or `many` in this language, as `n` asks for, which is told with commas as {n}; a part of one is many."""
        # Plural forms are chosen by whole numbers: 1.5 is no 1.
        number = int(n) if float(n).is_integer() else 2
        told = f"{n:,.0f}" if float(n).is_integer() else f"{n:g}"
        return self.messages.ngettext(one, many, number).format(n=told, **values)

    def listed(self, items: Iterable[str]) -> str:
        """The items one after the other: "A, B and C"."""
        *first, last = list(items) or [""]
        return _joined(
            [self.series(first), last], lambda some, item: self.gettext("{some} and {item}", some=some, item=item)
        )

    def quoted(self, items: Iterable[str]) -> str:
        """The same for items that some languages put into quotation marks: "A, B and C", "“A”“B”“C”"."""
        *first, last = [self.pgettext("quoted", "{item}", item=item) for item in items] or [""]
        some = _joined(first, lambda some, item: self.pgettext("quoted", "{some}, {item}", some=some, item=item))
        return _joined(
            [some, last], lambda some, item: self.pgettext("quoted", "{some} and {item}", some=some, item=item)
        )

    def series(self, items: Iterable[str]) -> str:
        """The same without a word before the last: "A, B, C"."""
        return _joined(items, lambda some, item: self.gettext("{some}, {item}", some=some, item=item))

    def either(self, items: Iterable[str]) -> str:
        """The items as a choice: "A or B"."""
        return _joined(items, lambda some, item: self.gettext("{some} or {item}", some=some, item=item))

    def neither(self, items: Iterable[str]) -> str:
        """The items after a "not": "A, nor B"."""
        return _joined(items, lambda some, item: self.gettext("{some}, nor {item}", some=some, item=item))

    def clauses(self, items: Iterable[str]) -> str:
        """What stands one after the other in a sentence: "...; ..."."""
        return _joined(items, lambda some, item: self.gettext("{some}; {item}", some=some, item=item))

    def modifiers(self, items: Iterable[str]) -> str:
        """What qualifies one thing together: "with nouns only by gensim"."""
        return _joined(items, lambda some, item: self.pgettext("modifiers", "{some} {item}", some=some, item=item))

    def sentences(self, items: Iterable[str]) -> str:
        """Sentences one after the other."""
        return _joined(items, lambda some, item: self.gettext("{some} {item}", some=some, item=item))


def _joined(items: Iterable[str], two: Callable[[str, str], str]) -> str:
    """The items but for empty ones, each joined to those before it by `two`."""
    texts = [item for item in items if item]
    return reduce(two, texts) if texts else ""


def languages() -> list[str]:
    """The languages that sentences can be told in, English first."""
    return [ENGLISH, *sorted(path.parents[1].name for path in LOCALE.glob(f"*/{CATALOGUE}"))]


@cache
def translator(language: str) -> Translator:
    """The messages in `language`, one of `languages()`. Raises ValueError for another."""
    if language not in languages():
        raise ValueError(f"language must be one of {', '.join(languages())}; got {language!r}")
    if language == ENGLISH:
        return Translator(language, NullTranslations())
    from babel.messages.mofile import write_mo  # here: the Snakefile, which says nothing, marks titles with `N_`
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (LOCALE / language / CATALOGUE).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translator(language, GNUTranslations(compiled))


def install(environment: jinja2.Environment, language: str) -> None:
    """Let the templates of `environment` say their messages in `language`. Raises ValueError for one that is not there."""
    messages = translator(language).messages
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    extended: Any = environment  # the extension adds a method to it
    extended.install_gettext_callables(
        messages.gettext, messages.ngettext, newstyle=True, pgettext=messages.pgettext, npgettext=messages.npgettext
    )
