"""Lines broken at a column's width joined to paragraphs."""

import numpy as np
import pytest
from baokan.articles.columns import _column, _columns_around, column_widths
from baokan.articles.lines import join_text, split_lines, width
from baokan.articles.offsets import document_offset
from baokan.articles.paragraphs import lost_indents, paragraphs
from hypothesis import given
from hypothesis import strategies as st
from test_lines import PROSE


def joined(text, join=True):
    """The texts of the paragraphs of `text`."""
    found, _ = paragraphs(split_lines(text), join, lambda lines, i: False)
    return [join_text([line.text for line in p.lines]) for p in found]


def column(text, size, indent=""):
    """`text` broken at `size` characters, its first line shorter by `indent`'s width."""
    first = size - len(indent)
    return "\n".join([indent + text[:first], *(text[i : i + size] for i in range(first, len(text), size))])


def test_the_column_is_found_and_a_line_alone_has_none():
    lines = split_lines(column(PROSE, 18, "　　"))
    assert set(column_widths(lines)) == {18.0}
    assert column_widths(split_lines(PROSE)) == [0.0]


WIDTHS = st.sampled_from([16.0, 16.5, 15.0, 17.0, 28.0]) | st.integers(0, 400).map(lambda n: n / 2)


@given(st.lists(WIDTHS, min_size=1, max_size=60))
def test_all_columns_at_once_are_the_columns_one_by_one(widths):
    one_by_one = [_column(sorted(widths[max(0, i - 9) : i + 10])) for i in range(len(widths))]
    assert _columns_around(np.array(widths), 0, len(widths), 9) == one_by_one


def test_where_columns_meet_a_line_belongs_to_the_one_that_it_fills():
    lines = split_lines(column(PROSE * 2, 16) + "\n" + column(PROSE * 2, 30))
    widths = [(width(line.text), found) for line, found in zip(lines, column_widths(lines), strict=True)]
    first_wide = widths.index(next(pair for pair in widths if pair[0] > 16))
    assert {found for own, found in widths[:first_wide] if own == 16} == {16.0}


@pytest.mark.parametrize("size", [16, 20, 28])
@pytest.mark.parametrize("indent", ["　　", ""])
def test_hard_wrapped_columns_are_joined(size, indent):
    others = [PROSE[10:], PROSE[31:], PROSE[5:], PROSE[45:]]
    text = "\n".join(column(p, size, indent) for p in [PROSE, *others])
    if indent:
        assert joined(text) == [PROSE, *others]
    else:  # a last line that happens to be full ends no paragraph
        assert "".join(joined(text)) == "".join([PROSE, *others])
        assert len(joined(text)) in (4, 5)


def test_a_column_with_a_blank_line_after_every_line_is_joined():
    assert joined(column(PROSE, 18, "　　").replace("\n", "\n\n")) == [PROSE]


def test_lost_indents_are_seen_and_the_short_first_line_goes_on():
    paras = [PROSE, PROSE[31:], PROSE[60:], PROSE[5:], PROSE[45:]]
    text = "\n\n".join(column("　　" + p, 17).replace("　", "") for p in paras)
    lines = split_lines(text)
    assert all(lost_indents(lines, column_widths(lines), [False] * len(lines)))
    assert joined(text) == paras


def test_paragraphs_of_a_line_each_stay_apart():
    paras = [PROSE, PROSE[31:], PROSE[60:]]
    assert joined("\n".join(paras)) == paras
    assert joined("\n\n".join(paras)) == paras


def test_a_page_that_breaks_a_sentence_is_mended():
    head, tail = PROSE[:60], PROSE[60:]
    assert joined("\n\n".join([PROSE, head, tail, PROSE])) == [PROSE, head + tail, PROSE]


def test_a_short_piece_that_a_page_broke_off_is_mended_if_it_shows_prose():
    rows = [PROSE, "石阶修好了。工匠们", "在柳树下歇脚。", PROSE, "秋天水退，", "石阶露出来。", PROSE]
    assert joined("\n\n".join(rows)) == [PROSE, rows[1] + rows[2], PROSE, rows[4] + rows[5], PROSE]


def test_a_headline_is_not_taken_for_a_broken_sentence():
    rows = [PROSE, "四十二级石阶修好之后两岸的人多起来", PROSE]
    assert joined("\n\n".join(rows)) == rows


def test_an_item_of_a_list_begins_a_paragraph():
    rows = ["二、修石阶要先量水位，水位高于三米时，", "三、条石一律顺纹，", "渡口的人都记得这句话。"]
    assert joined("\n\n".join([PROSE, *rows]))[1:] == [rows[0], rows[1] + rows[2]]


def test_numbers_and_words_are_not_broken_so_their_line_is_shorter():
    lines = [PROSE[:18], PROSE[18:36], PROSE[36:50], "2019.05.06" + PROSE[50:63], PROSE[63:81], PROSE[81:95]]
    assert len(joined("\n".join(lines))) == 1


def test_nothing_is_joined_when_told_not_to():
    text = column(PROSE, 18)
    assert joined(text, join=False) == text.split("\n")


def test_the_text_of_a_paragraph_leads_back_to_the_document():
    text = column(PROSE, 18, "　　")
    (paragraph,), _ = paragraphs(split_lines(text), True, lambda lines, i: False)
    mapped = paragraph.mapped()
    assert mapped.text == PROSE
    assert [text[document_offset(mapped.runs, i)] for i in range(len(PROSE))] == list(PROSE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("他们天天沿着渡口的石阶往下走，说是要看看这里的文化交", "流搭起来的桥，桥在石阶下面。"),
        ("石阶修了一年零两个月，修好的", "石阶比从前宽了一倍，走起来也稳当。"),
        ("石匠说他还从来没有见过这么好的石头", "的纹理，一凿下去没有一条裂缝。"),
        ("石阶上的人都说“这里的水", "退了”，说完就往下走。"),
        ("这一年石阶一共用了石头一千零8", "块，都是从上游运来的。"),
    ],
)
def test_a_break_within_a_phrase_is_mended_without_a_column(before, after):
    rows = [PROSE, before, after, PROSE[31:]]
    assert joined("\n\n".join(rows)) == [PROSE, before + after, PROSE[31:]]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("全力打赢脱贫攻坚", "战役的第一步是修路，路修到了每一个村。"),
        ("凝聚人心，共建家园", "石阶修好的那天，两岸的人都来了。"),
        ("一、认清形势", "二、看水位，水位高于三米时停船。"),
    ],
)
def test_a_heading_is_not_joined_to_its_text(heading, text):
    rows = [PROSE, heading, text, PROSE[31:]]
    assert joined("\n\n".join(rows)) == rows


def test_a_line_stretched_by_blanks_is_as_wide_as_its_characters():
    (line,) = split_lines("修 好 石 阶 方 便 两 岸")
    assert line.set_width == 8
    rows = [PROSE[:18], " ".join(PROSE[18:36]), PROSE[36:54], PROSE[54:60] + "。"]
    assert len(joined("\n".join(rows))) == 1


@given(st.text(alphabet="石阶渡口，。a1 \n　", max_size=300))
def test_paragraphs_hold_every_line_once_and_in_order(text):
    lines = split_lines(text)
    found, count = paragraphs(lines, True, lambda lines, i: False)
    assert [line for p in found for line in p.lines] == lines
    assert count == len(lines) - len(found)
    assert [p.start for p in found] == sorted(p.start for p in found)
    assert all(p.start < p.end for p in found)
