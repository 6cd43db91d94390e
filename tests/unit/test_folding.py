"""Traditional characters to Simplified ones, one for one."""

from baokan.folding import fold
from hypothesis import given
from hypothesis import strategies as st


def test_traditional_is_folded_and_phrases_are_looked_at():
    assert fold("農業合作社的糧食運到臺灣鐵路") == "农业合作社的粮食运到台湾铁路"
    assert fold("乾隆年間") == "乾隆年间"
    assert fold("已经是简体") == "已经是简体"


def test_half_of_a_surrogate_pair_is_left():
    assert fold("農\ud800業") == "農\ud800業"


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("農業鐵路臺灣乾隆𠮷"), max_size=40))
def test_offsets_stay_where_they_are(text):
    assert len(fold(text)) == len(text)
