"""Which encoding a file is in, and what of it was damaged."""

import pytest
from baokan.decoding import Decoded, NotText, decode
from hypothesis import given
from hypothesis import strategies as st

SIMPLIFIED = (
    "县里的老粮站空了十年，去年秋天改成了图书馆。开馆那天，孩子们把书包堆在磅秤上，管理员笑着说，今天称的是学问。\n"
    "王老师带着学生种了三亩油菜，春天的时候，全镇的人都来看花，连邮递员也要停下车来问一句收成。\n"
)
TRADITIONAL = (
    "碼頭邊的茶樓開了六十年，老闆說，從前船員上岸第一件事就是來這裏飲茶。如今輪船少了，客人卻沒有變少，因為大家還記得那個味道。\n"
    "女兒接手之後，把舊報紙裱起來掛在牆上，讓遊客知道這條街從前是甚麼樣子。\n"
)
LENGTHS = {"short": 1, "long": 400}


@pytest.mark.parametrize("times", LENGTHS.values(), ids=LENGTHS)
@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gb2312", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5hkscs", "big5"),
        (TRADITIONAL.replace("裏", "裡"), "big5", "big5"),
        (TRADITIONAL, "utf-16-le", "utf-16-le"),
    ],
)
def test_text_comes_back_as_it_was_written(text, codec, encoding, times):
    text = text[:80] if times == 1 else text * times
    assert decode(text.encode(codec)) == Decoded(text, encoding)


@pytest.mark.parametrize("line", SIMPLIFIED.splitlines())
def test_one_line_is_enough_to_tell_gb18030(line):
    assert decode(line.encode("gb18030")).text == line


@pytest.mark.parametrize("line", TRADITIONAL.splitlines())
def test_one_line_is_enough_to_tell_big5(line):
    assert decode(line.encode("big5hkscs")).text == line


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_bom_of_utf16_is_believed_and_removed(codec):
    assert decode("\ufeff丙".encode(codec)) == Decoded("丙", codec)


def test_chinese_after_a_long_english_preface_decides():
    text = "All rights reserved.\n" * 40_000 + SIMPLIFIED
    assert decode(text.encode("gb18030")) == Decoded(text, "gb18030")


def test_plain_ascii_is_utf8_and_ascii_in_utf16_is_not_binary():
    assert decode(b"Lhasa 2024\n") == Decoded("Lhasa 2024\n", "utf-8")
    assert decode("Lhasa 2024\n".encode("utf-16-le")) == Decoded("Lhasa 2024\n", "utf-16-le")


def test_nothing_is_an_empty_text():
    assert decode(b"") == Decoded("", "utf-8")


def test_line_ends_become_newlines():
    assert decode("甲\r\n乙\r丙\n".encode()).text == "甲\n乙\n丙\n"


@pytest.mark.parametrize(
    ("text", "codec"),
    [(SIMPLIFIED, "utf-8"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs"), (SIMPLIFIED, "utf-16-le")],
)
def test_a_file_cut_in_the_middle_of_a_character_loses_only_that(text, codec):
    text = text.strip() * 3
    whole = (text + "乙").encode(codec)
    decoded = decode(whole[:-1])
    assert (decoded.text, decoded.damaged) == (text + "\ufffd", 1)
    assert decoded.first_damage == len(text.encode(codec))


def test_damage_is_counted_and_located_and_the_rest_is_kept():
    start, end = SIMPLIFIED[:30].encode(), SIMPLIFIED[30:].encode()
    decoded = decode(start + b"\xff" + end + b"\xfe")
    assert (decoded.encoding, decoded.damaged, decoded.first_damage) == ("utf-8", 2, len(start))
    assert decoded.text == SIMPLIFIED[:30] + "\ufffd" + SIMPLIFIED[30:] + "\ufffd"


def test_damage_after_a_bom_is_located_in_the_file():
    assert decode(b"\xef\xbb\xbf" + "本报讯".encode() + b"\xff").first_damage == 12


def test_a_replacement_character_of_the_files_own_is_no_damage():
    assert decode("丢了\ufffd字".encode()).damaged == 0
    assert decode(("丢了\ufffd字" + SIMPLIFIED).encode() + b"\xff").damaged == 1


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n1 0 obj", b"PK\x03\x04rest", bytes(4096), bytes(range(256)) * 20, b"\x7fELF\x02\x01\x01" + bytes(60)],
    ids=["pdf", "zip", "zeros", "all bytes", "program"],
)
def test_binary_is_refused_with_a_sentence(data):
    with pytest.raises(NotText, match="looks binary"):
        decode(data)


def test_a_few_control_characters_do_not_make_a_text_binary():
    text = SIMPLIFIED + "\x0c" + SIMPLIFIED + "\x00"
    assert decode(text.encode()).text == text


@given(st.binary(max_size=300) | st.binary(max_size=40).map(lambda tail: SIMPLIFIED.encode("gb18030") + tail))
def test_any_bytes_are_text_or_binary(data):
    try:
        decoded = decode(data)
    except NotText:
        return
    assert "\r" not in decoded.text
    assert (decoded.first_damage is None) == (decoded.damaged == 0)
    assert decoded.first_damage is None or 0 <= decoded.first_damage < len(data)
    decoded.text.encode("utf-8")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100).filter(lambda t: not t.startswith("\ufeff"))
)
def test_whatever_was_written_in_utf8_is_read_as_utf8(text):
    data = text.encode("utf-8")
    if not data.startswith((b"PK\x03\x04", b"%PDF-")):
        assert decode(data) == Decoded(text, "utf-8")
