"""Lines of a document: where they stand, how wide they are, how they were set."""

from baokan.articles.lines import is_airy, join_text, split_lines, usual_gap, width

PROSE = (
    "渡口的石阶一共四十二级，最下面的六级常年在水里，长着青苔。"
    "去年入冬以后水退下去，文化馆请了五个石匠，一级一级撬起来重新垫平，碎了的换新石头，旧石头另外堆在柳树底下。"
    "石匠里年纪最大的姓卢，十几岁就在这条河上修码头。他说条石要顺着纹理凿，逆着来，过几年就要裂。"
)


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
