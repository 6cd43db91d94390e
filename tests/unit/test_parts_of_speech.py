"""What kind of word a word is."""

import pytest
from baokan.words import parts_of_speech as module
from baokan.words.parts_of_speech import ALL, BLANK, CONTENT, KINDS, MARK, kinds
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("noun", "水库 粮食 铁路 工人 安全"),
        ("verb", "修建 工作"),
        ("adjective", "大型 迅速"),
        ("idiom", "一帆风顺"),
        ("abbreviation", "人大"),
        ("proper", "国务院 联合国 中共中央"),
        ("person", "雷锋 马克思"),
        ("place", "延安"),
        ("function", "的 和 从 每天 这个"),
        ("time", "昨天 今年 本世纪"),
        # Written in numerals: times and numbers, whether or not a dictionary has them.
        ("time", "2023年 二〇二三年 十月 十月份 三日 ３月 15号 八十年代 十九世纪 三点 9时 三周年 二月初 90年代末"),
        ("time", "星期三 星期天"),
        ("number", "一 二十 一百二十三 第一 第三十 三千多 十几 几十 3万 3.5万 二三十 两 亿"),
        ("number", "1998 3.5 3.5% 1,234 ２０ 5G COVID-19 ①"),
        ("latin", "Press GDP é カナ α"),
        (MARK, "。 ， · 《 ％ — - 😀 \x01 \u200b"),
        # No dictionary has them: the segmenter guessed, or nobody said that they are terms.
        ("unknown", "缺药 春耕备耕会 5G网络 𠮷野家"),
    ],
)
def test_kinds_by_hand(kind, words):
    assert {
        word: found for word, found in zip(words.split(" "), kinds(words.split(" ")), strict=True) if found != kind
    } == {}


def test_blanks_of_every_sort_are_blanks():
    assert set(kinds(["", " ", "\n", "\r\n", "\r", "\t", "\u3000", "\xa0", "\u2028", " \n"])) == {BLANK}


def test_a_numeral_within_a_word_makes_no_number():
    assert not {"number", "time"} & set(kinds(["一帆风顺", "老百姓", "三轮车", "五谷杂粮"]))


@pytest.mark.parametrize("word", ["延安", "1998", "《求是》", "的", "COVID-19", "十月", "春耕备耕会", "Press"])
def test_what_the_user_lists_is_a_term_whatever_else_it_is(word):
    assert kinds([word, "水库"], [word]) == ["term", "noun"]
    assert kinds([word]) != ["term"]


def test_a_list_of_ordinary_words_corrects_the_names_of_the_dictionary(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ORDINARY", tmp_path / "ordinary.tsv")
    (tmp_path / "ordinary.tsv").write_text("# word\tkind\n\n雷锋\tnoun\n延安\tverb\n十月\tnoun\n", encoding="utf-8")
    module._ordinary.cache_clear()
    try:
        # Numerals and terms come first.
        assert kinds(["雷锋", "延安", "马克思", "十月"]) == ["noun", "verb", "person", "time"]
        assert kinds(["雷锋"], ["雷锋"]) == ["term"]
    finally:
        monkeypatch.undo()
        module._ordinary.cache_clear()


def test_each_ordinary_word_is_listed_once_with_a_kind_and_has_effect():
    ordinary = module._ordinary()
    lines = [x for x in module.ORDINARY.read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    assert len(lines) == len(ordinary)
    assert set(ordinary.values()) <= set(KINDS) - {"term", "unknown"}
    assert kinds(ordinary) == list(ordinary.values())


@given(st.lists(st.text(st.characters() | st.sampled_from("水库三十年月%第点·"), max_size=4), max_size=10))
def test_every_word_has_a_kind(words):
    found = kinds(words)
    assert len(found) == len(words)
    for word, kind in zip(words, found, strict=True):
        assert kind in {*KINDS, MARK, BLANK} - {"term"}
        assert (kind == BLANK) == (not word.strip())


@given(st.text(st.sampled_from("0123456789０５.,％%-"), min_size=1, max_size=6))
def test_figures_are_numbers(word):
    assert kinds([word]) == ["number" if any(c.isdigit() for c in word) else MARK]


@given(
    st.text(st.sampled_from("一二三四五六七八九十百千万两〇零"), min_size=1, max_size=4).filter(lambda w: w.strip("〇"))
)
def test_chinese_numerals_are_numbers_and_with_a_unit_times(word):
    assert kinds([word, f"第{word}", f"{word}年", f"{word}月"]) == ["number", "number", "time", "time"]


def test_the_kinds_that_may_be_counted():
    assert len(set(KINDS)) == len(KINDS)
    assert set(CONTENT) < set(ALL) < set(KINDS)
    assert set(KINDS) - set(ALL) == {"number", "latin"}
    assert not {MARK, BLANK} & set(KINDS)
