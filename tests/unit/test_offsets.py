"""Edited text and the way back to the document."""

from baokan.articles.offsets import Mapped, document_offset, flat, joined, unflat
from hypothesis import given
from hypothesis import strategies as st


def test_an_edit_that_keeps_the_length_keeps_the_way_back():
    text = Mapped.of("石阶,渡口", 10).edited([(2, 3, "，")])
    assert text == Mapped("石阶，渡口", ((0, 10, 5),))


def test_what_is_cut_out_and_put_in_is_in_no_run():
    text = Mapped.of("思路 and 办法", 10).edited([(2, 7, "和")])
    assert text.text == "思路和办法"
    assert text.runs == ((0, 10, 2), (3, 17, 2))
    assert document_offset(text.runs, 3) == 17
    assert document_offset(text.runs, 2) == 12  # after what stands before it


def test_an_edit_over_two_runs():
    text = joined([("", Mapped.of("石阶", 0)), (" ", Mapped.of("渡口", 10))])
    assert text == Mapped("石阶 渡口", ((0, 0, 2), (3, 10, 2)))
    assert text.edited([(1, 4, "")]) == Mapped("石口", ((0, 0, 1), (1, 11, 1)))


def test_pieces_that_touch_in_the_document_are_one_run():
    assert joined([("", Mapped.of("石", 4)), ("", Mapped.of("阶", 5))]).runs == ((0, 4, 2),)
    assert joined([]) == Mapped("", ())
    assert document_offset((), 0) == -1


def test_runs_as_numbers_and_back():
    runs = [(0, 10, 2), (3, 17, 2)]
    assert flat(runs) == [0, 10, 2, 3, 17, 2]
    assert unflat(flat(runs)) == runs


EDITS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.text("xyz", max_size=3)), max_size=6)


@given(st.text("石阶渡口", max_size=12), st.integers(0, 9), st.lists(EDITS, max_size=2))
def test_characters_of_the_document_are_found_again_after_any_edits(text, start, rounds):
    mapped, document = Mapped.of(text, start), " " * start + text
    for steps in rounds:
        edits, at = [], 0
        for skip, length, new in steps:
            begin, end = at + skip, at + skip + length
            if end <= len(mapped.text):
                edits.append((begin, end, new if len(new) != length else mapped.text[begin:end]))
                at = end
        plain = mapped.text
        for begin, end, new in reversed(edits):
            plain = plain[:begin] + new + plain[end:]
        mapped = mapped.edited(edits)
        assert mapped.text == plain
    in_runs = set()
    for at, origin, length in mapped.runs:
        assert length > 0
        assert mapped.text[at : at + length] == document[origin : origin + length]
        in_runs |= set(range(at, at + length))
    assert all(mapped.text[i] in "xyz" for i in set(range(len(mapped.text))) - in_runs)
