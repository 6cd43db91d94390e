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
    t.listed(["A", "B"])                                        # "A and B", "A、B"

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
from collections.abc import Iterable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

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
        """The items one after the other, "A, B and C"."""
        texts = list(items)
        if len(texts) < 2:
            return "".join(texts)
        comma, last = (
            self.pgettext("between items of a list", ", "),
            self.pgettext("before the last of a list", " and "),
        )
        return f"{comma.join(texts[:-1])}{last}{texts[-1]}"


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
