"""Traditional characters to Simplified ones, one for one."""

import pytest
from baokan.folding import fold
from hypothesis import given
from hypothesis import strategies as st


def test_traditional_is_folded_and_phrases_are_looked_at():
    assert fold("農業合作社的糧食運到臺灣鐵路") == "农业合作社的粮食运到台湾铁路"
    assert fold("乾隆年間") == "乾隆年间"
    assert fold("已经是简体") == "已经是简体"


@pytest.mark.parametrize(
    "text", ["门把手拉坏了。", "皇后在后面，头发发了芽", "一只碗，干净的面条", "乾隆年间", "", "Press 1998"]
)
def test_simplified_text_is_left_alone(text):
    # As Traditional text, 拉坏 would be 拉坯.
    assert fold(text) == text


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("門把手", "门把手"),
        ("農业和工業", "农业和工业"),
        ("县里的農業合作社。\n城里的鐵路。", "县里的农业合作社。\n城里的铁路。"),
        ("卡爾·馬克思，1998年 GDP", "卡尔·马克思，1998年 GDP"),
        ("𠮷野家的麵", "𠮷野家的面"),
    ],
)
def test_a_text_with_some_traditional_is_folded(text, simple):
    assert fold(text) == simple


@given(st.text(st.characters(codec="gb2312"), max_size=40))
def test_a_text_in_the_signs_of_simplified_print_never_changes(text):
    assert fold(text) == text


def test_half_of_a_surrogate_pair_is_left():
    assert fold("農\ud800業") == "農\ud800業"


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("農業鐵路臺灣乾隆𠮷"), max_size=40))
def test_offsets_stay_where_they_are(text):
    assert len(fold(text)) == len(text)
