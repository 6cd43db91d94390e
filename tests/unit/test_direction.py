"""Marks and letters that turn the direction of text: shown or set apart, so that they turn nothing beside them."""

import unicodedata
from pathlib import Path

import pytest
from baokan.corpus.listing import list_files
from baokan.corpus.rulings import read_rulings
from baokan.direction import harmless, shown
from baokan.reading.shard import read_shard
from baokan.reporting.rendering import template_of
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

# By their class in the bidirectional algorithm: what has an effect on the order of others without being seen.
MARKS = [
    c
    for c in map(chr, range(0x110000))
    if unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
]
MARKS += ["\u200e", "\u200f", "\u061c"]


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"U+{ord(mark):04X}")
def test_each_mark_is_seen_and_has_no_effect(mark):
    assert shown(f"日报{mark}甲") == harmless(f"日报{mark}甲") == f"日报[U+{ord(mark):04X}]甲"


def test_names_that_differ_by_a_mark_still_differ():
    names = ["日报", "日报\u202e", "\u202e日报", "日报\u200f", "日\u2066报"]
    assert len({shown(name) for name in names}) == len(names)


def test_letters_from_right_to_left_are_set_apart_word_groups_together():
    assert harmless("شىنجاڭ 9.4 % (12)") == "\u2068شىنجاڭ\u2069 9.4 % (12)"
    assert harmless("《شىنجاڭ گېزىتى》2023") == "《\u2068شىنجاڭ گېزىتى\u2069》2023"
    assert harmless("日报 9.4 %") == "日报 9.4 %"


@given(st.text(alphabet=st.sampled_from("ab 日报9.%شى\u05d0\u202e\u2068\u2069\u200f\u2066")))
def test_what_was_made_harmless_stays_as_it_is(text):
    made = harmless(text)
    assert harmless(made) == made
    # Every isolate that is left is opened and closed again, and nothing else turns.
    depth = 0
    for c in made:
        depth += {"\u2068": 1, "\u2069": -1}.get(c, 0)
        assert depth in (0, 1) and c not in set(MARKS) - {"\u2068", "\u2069"}
        right_to_left = unicodedata.bidirectional(c) in ("R", "AL")
        assert depth == 1 or not right_to_left
    assert depth == 0


def test_what_a_page_shows_turns_nothing_around_it(tmp_path):
    file = tmp_path / "page.html.j2"
    macro = "{% macro zh(x) %}<i>{{ x }}</i>{% endmacro %}"
    file.write_text(macro + "{{ name }} {{ share | percent }} {{ zh(name) }} {{ made }}", encoding="utf-8")
    made = Markup("<b>\u202e甲</b>")
    text = template_of(file).render(name="日\u202e报<شى", share=0.094, made=made)
    name = "日[U+202E]报&lt;\u2068شى\u2069"
    assert text == f"{name} 9.4 % <i>{name}</i> <b>[U+202E]甲</b>"


def test_sources_titles_and_publications_are_named_with_their_marks_seen(tmp_path):
    folder = tmp_path / "日\u202e报"
    folder.mkdir()
    (folder / "2023-01-01.txt").write_text("渡口的早市。", encoding="utf-8")
    (folder / "more.jsonl").write_text(
        '{"id": "1", "title": "题\\u202e目", "publication": "\\u2067晚报", "text": "早市。"}\n', encoding="utf-8"
    )
    rows = read_shard(tmp_path, list_files(tmp_path), {})
    assert set(rows["source"]) == {"日[U+202E]报"}
    assert set(rows["document_id"]) == {"日\u202e报/2023-01-01.txt", "日\u202e报/more.jsonl#1"}  # as it is to be found
    record = rows[rows["title"] != ""].iloc[0]
    assert (record["title"], record["publication"]) == ("题[U+202E]目", "[U+2067]晚报")


def test_a_topic_is_named_with_its_marks_seen(tmp_path):
    (tmp_path / "topics.tsv").write_text("topic\tname\n1\t洪\u202e水\n", encoding="utf-8")
    assert read_rulings(Path(tmp_path))[0].name == "洪[U+202E]水"
