"""The catalogue of messages: how they are told, and that every message has its translation in every language."""

import ast
import re
from string import Formatter

import jinja2
import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from baokan import catalogue
from baokan.catalogue import CATALOGUE, LOCALE, N_, install, languages, translator
from project_copies import ROOT

OTHERS = languages()[1:]


# --- telling


def test_english_is_what_stands_in_the_code():
    t = translator("en")
    assert t.gettext("holds in {robust} of {total}", robust=3, total=7) == "holds in 3 of 7"
    assert t.pgettext("grade", "established") == "established"
    assert t.gettext(N_("100 %")) == "100 %"


@pytest.mark.parametrize(
    ("n", "told"), [(0, "0 issues"), (1, "1 issue"), (2, "2 issues"), (1200, "1,200 issues"), (1.5, "1.5 issues")]
)
def test_a_number_takes_its_plural(n, told):
    assert translator("en").ngettext("{n} issue", "{n} issues", n) == told


def test_a_list_is_joined_as_the_language_does():
    english, chinese = translator("en"), translator("zh")
    assert [english.listed("ABC"[:n]) for n in range(4)] == ["", "A", "A and B", "A, B and C"]
    assert chinese.listed("甲乙丙") == "甲、乙、丙"
    assert [t.either(["A", "", "B"]) for t in (english, chinese)] == ["A or B", "A或B"]
    assert [t.clauses(["a", "b", "c"]) for t in (english, chinese)] == ["a; b; c", "a；b；c"]
    assert [t.sentences(["One.", "", "Two."]) for t in (english, chinese)] == ["One. Two.", "One.Two."]


def test_values_are_never_read_as_templates():
    odd = "{n} %(n)s {0.__class__} <b> %"
    assert translator("en").gettext("in {source}", source=odd) == f"in {odd}"
    assert translator("en").ngettext("{n} in {source}", "{n} in {source}", 2, source=odd) == f"2 in {odd}"


def test_a_language_that_is_not_there_is_named_and_so_are_those_that_are():
    with pytest.raises(ValueError, match=r"one of en, zh.*got 'fr'"):
        translator("fr")


@pytest.fixture
def polish(tmp_path, monkeypatch):
    """A catalogue of another language, with three plurals and a message that depends on its context."""
    file = tmp_path / "pl" / CATALOGUE
    file.parent.mkdir(parents=True)
    file.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"\n\n'
        'msgid "{n} issue of {source}"\nmsgid_plural "{n} issues of {source}"\n'
        'msgstr[0] "{source}: {n} numer"\nmsgstr[1] "{source}: {n} numery"\nmsgstr[2] "{source}: {n} numerów"\n\n'
        'msgctxt "paper"\nmsgid "issue"\nmsgstr "numer"\n\nmsgctxt "trouble"\nmsgid "issue"\nmsgstr "kłopot"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    translator.cache_clear()
    yield translator("pl")
    translator.cache_clear()


def test_another_language_needs_nothing_but_its_file(polish):
    assert languages() == ["en", "pl"]
    told = [polish.ngettext("{n} issue of {source}", "{n} issues of {source}", n, source="X") for n in (1, 2, 5)]
    assert told == ["X: 1 numer", "X: 2 numery", "X: 5 numerów"]
    assert [polish.pgettext(where, "issue") for where in ("paper", "trouble")] == ["numer", "kłopot"]
    assert polish.gettext("not in the catalogue of {language}", language="pl") == "not in the catalogue of pl"


def test_templates_take_their_messages_from_it(polish):
    environment = jinja2.Environment(autoescape=True)
    install(environment, "pl")
    text = (
        "{% trans n=n, source=source %}{{ n }} issue of {{ source }}{% pluralize n %}\n  {{ n }} issues of {{ source }}"
        '{% endtrans %}; {{ pgettext("paper", "issue") }}; {{ _("50 %% of %(what)s", what="<all>") }}'
    )
    shown = environment.from_string(text).render(n=2, source="<%(n)s>")
    # Placeholders of templates are Jinja's, so that this is another message than that of the code, and has no translation here.
    assert shown == "2 issues of &lt;%(n)s&gt;; numer; 50 % of &lt;all&gt;"


# --- every message in every language


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The catalogue without translations of all messages in code and templates, as `make messages` extracts them."""
    pot = tmp_path_factory.mktemp("messages") / "all.pot"
    command = ["pybabel", "-q", "extract", "-F", str(ROOT / "pyproject.toml"), "-o", str(pot), str(ROOT / "workflow")]
    CommandLineInterface().run(command)
    with pot.open("rb") as file:
        return {(m.context, m.id): m for m in read_po(file) if m.id}


def said_in_code():
    """(file, message) of every message that the code says or marks; only literals can be taken into a catalogue."""
    at = {"N_": 0, "gettext": 0, "ngettext": 0, "pgettext": 1}
    for path in sorted((ROOT / "workflow/baokan").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if name in at and isinstance(node.args[at[name]], ast.Constant):
                yield path.name, node.args[at[name]].value


def test_no_message_of_the_code_escapes_extraction(extracted):
    known = {texts(id)[0] for _, id in extracted}
    said = list(said_in_code())
    assert len(said) > 100
    assert not [(file, message) for file, message in said if message not in known]


def placeholders(message, text):
    """The names that are filled in: {name} in messages of code, %(name)s in those of templates."""
    if re.search(r"%\(\w+\)s|%%", text):  # of a template; "5 % do" of code looks like a format too
        assert text % dict.fromkeys(re.findall(r"%\((\w+)\)s", text))  # a sign of per cent is doubled there
        return set(re.findall(r"%\((\w+)\)s", text))
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def texts(value):
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_with_all_that_it_is_filled_with(extracted, language):
    with (LOCALE / language / CATALOGUE).open("rb") as file:
        translated = read_po(file, locale=language)
    known = {(m.context, m.id): m for m in translated if m.id}
    assert not sorted(map(str, extracted.keys() - known.keys())), "not in the catalogue: make messages, then translate"
    assert not sorted(map(str, known.keys() - extracted.keys())), "no longer in the code: make messages"
    assert not translated.obsolete
    for key, message in known.items():
        source, translations = extracted[key], texts(message.string)
        assert not message.fuzzy, key
        assert all(translations) and len(translations) == (translated.num_plurals if message.pluralizable else 1), key
        wanted = placeholders(source, texts(message.id)[-1])
        assert all(placeholders(source, text) == wanted for text in translations), key
