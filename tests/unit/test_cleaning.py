"""Cleaning: lines joined to paragraphs, blanks of typesetting, half-width marks."""

import pytest
from baokan.cleaning import (
    column_widths,
    full_width_marks,
    is_airy,
    join_text,
    lost_indents,
    paragraphs,
    remove_spacing,
    split_lines,
    usual_gap,
    width,
)
from hypothesis import given
from hypothesis import strategies as st

PROSE = (
    "渡口的石阶一共四十二级，最下面的六级常年在水里，长着青苔。"
    "去年入冬以后水退下去，文化馆请了五个石匠，一级一级撬起来重新垫平，碎了的换新石头，旧石头另外堆在柳树底下。"
    "石匠里年纪最大的姓卢，十几岁就在这条河上修码头。他说条石要顺着纹理凿，逆着来，过几年就要裂。"
)


def joined(text, join=True):
    """The texts of the paragraphs of `text`."""
    found, _ = paragraphs(split_lines(text), join, lambda lines, i: False)
    return [join_text([line.text for line in p.lines]) for p in found]


def column(text, size, indent=""):
    """`text` broken at `size` characters, its first line shorter by `indent`'s width."""
    first = size - len(indent)
    return "\n".join([indent + text[:first], *(text[i : i + size] for i in range(first, len(text), size))])


def test_lines_have_the_offsets_of_their_stripped_text():
    text = "\ufeff　　石阶\n\n \t\n渡口 \r\n"
    lines = split_lines(text)
    assert [(line.text, line.indented, line.blanks_before) for line in lines] == [
        ("石阶", False, 0),
        ("渡口", False, 2),
    ]
    assert [text[line.start : line.end] for line in lines] == ["石阶", "渡口"]
    assert split_lines("　　石阶")[0].indented


def test_blanks_of_any_kind_make_no_line():
    assert split_lines("\u2028\n\x1c \u200b\n\x0c\u00a0\ufeff") == []


def test_traditional_lines_have_their_simplified_text_beside_them():
    import opencc

    (line,) = split_lines("渡口的石階修好了", opencc.OpenCC("t2s").convert)
    assert (line.text, line.simple) == ("渡口的石階修好了", "渡口的石阶修好了")


def test_folding_that_changes_the_length_is_not_used():
    (line,) = split_lines("石阶", lambda text: text + "一")
    assert line.simple == "石阶"


def test_ascii_is_half_as_wide():
    assert width("石阶42级é") == 5.5 - 1.0
    assert width("abc") == 1.5
    assert width("") == 0


def test_the_column_is_found_and_a_line_alone_has_none():
    lines = split_lines(column(PROSE, 18, "　　"))
    assert set(column_widths(lines)) == {18.0}
    assert column_widths(split_lines(PROSE)) == [0.0]


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


def test_joined_latin_words_keep_a_blank_between():
    assert (
        join_text(["they call it the long", "ferry", "石阶", "2019", "年"]) == "they call it the long ferry石阶2019年"
    )


def test_gaps_are_measured_after_sentences():
    rows = [PROSE[:18], PROSE[18:30] + "。", "", PROSE[:18], PROSE[18:25] + "。", "", "石阶"]
    lines = split_lines("\n".join(rows))
    assert usual_gap(lines) == 1
    assert not is_airy(lines)
    assert is_airy(split_lines("石\n\n阶\n\n渡\n\n口\n\n人"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("4月 30日，渡口 有 42 级石阶", "4月30日，渡口有42级石阶"),
        ("船名叫 Long Ferry 二号", "船名叫 Long Ferry 二号"),
        ("石 阶　修 好 了", "石阶修好了"),
        ("（记者 方小满 田有禾） 石阶 修好", "（记者 方小满 田有禾）石阶修好"),
    ],
)
def test_blanks_in_prose(before, after):
    assert remove_spacing(before) == (after, len(before) - len(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("通 知", "通知"),
        ("修 好 石 阶 方 便 两 岸", "修好石阶方便两岸"),
        ("石阶修好 渡船复航", "石阶修好 渡船复航"),
        ("关于 修 石 阶 的决定", "关于 修石阶 的决定"),
        ("方小满 田 禾", "方小满 田 禾"),
        ("", ""),
    ],
)
def test_blanks_in_a_headline(before, after):
    assert remove_spacing(before, prose=False) == (after, len(before) - len(after))


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("石阶修好了,渡船复航.", "石阶修好了，渡船复航.", 1),
        ("一共1,000级,用了3:20的船", "一共1,000级，用了3:20的船", 1),
        ("Wang, L. (2019)", "Wang, L. (2019)", 0),
        ("石阶(四十二级)修好", "石阶（四十二级）修好", 2),
        ("(2019年5月6日)", "（2019年5月6日）", 2),
        ("渡船(Ferry),快", "渡船（Ferry），快", 3),
        ("PM(2.5)值", "PM（2.5）值", 2),
        ("f(x)", "f(x)", 0),
        ("(石阶", "（石阶", 1),
        ("真的吗?真的!", "真的吗？真的！", 2),
        ("合格率95%,上升", "合格率95%，上升", 1),
        ("全角，已经是了。", "全角，已经是了。", 0),
    ],
)
def test_half_width_marks(before, after, count):
    assert full_width_marks(before) == (after, count)


@given(st.text(alphabet="石阶渡口，。,;:?!()（） \t　a1%", max_size=60))
def test_repairs_change_only_blanks_and_marks(text):
    for prose in (True, False):
        tight, gone = remove_spacing(text, prose)
        assert len(text) - len(tight) == gone >= 0
        assert "".join(tight.split()) == "".join(text.split())
    wide, changed = full_width_marks(text)
    assert len(wide) == len(text)
    assert sum(a != b for a, b in zip(text, wide, strict=True)) == changed


@given(st.text(alphabet="石阶渡口，。a1 \n　", max_size=300))
def test_paragraphs_hold_every_line_once_and_in_order(text):
    lines = split_lines(text)
    found, count = paragraphs(lines, True, lambda lines, i: False)
    assert [line for p in found for line in p.lines] == lines
    assert count == len(lines) - len(found)
    assert [p.start for p in found] == sorted(p.start for p in found)
    assert all(p.start < p.end for p in found)
