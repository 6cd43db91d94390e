"""Terms of a dictionary in segmented text: where they stand, and which of the places count."""

import numpy as np
import pytest
from baokan.words.dictionary import compound, cut_finer, leftmost_longest, themes_of, whole_places, without
from baokan.words.segmentation import cutter
from baokan.words.tokens import Tokens, tokenized
from hypothesis import given
from hypothesis import strategies as st


def cut_at_bars(*texts):
    """Tokens of texts in which | stands between the words."""
    return tokenized([f"a{i}" for i in range(len(texts))], texts, lambda text: text.split("|"))


def found(text, *terms):
    """The counted occurrences of each term, in a theme of all of them."""
    places, _ = whole_places(cut_at_bars(text), terms)
    counts = leftmost_longest(places, range(len(terms)))
    return [int((counts.places.term[counts.counted] == i).sum()) for i in range(len(terms))]


def test_a_term_is_not_found_across_the_edge_of_a_word():
    assert found("中国|有|企业|，|国有|企业", "国有") == [1]


def test_a_term_that_the_segmenter_cuts_is_found():
    assert found("农村|振兴|与|农村", "农村振兴") == [1]


def test_a_term_is_not_found_within_a_longer_word_of_the_dictionary():
    assert found("老师傅|和|老师", "老师") == [1]


def test_a_single_character_counts_as_a_word_of_its_own_only():
    assert found("水|位|水位|，|水", "水") == [2]


def test_latin_terms_stand_whole_and_as_they_are_written():
    assert found("GDP|和|GDPs|，|gdp", "GDP") == [1]
    assert found("the| |Belt| |and| |Road", "Belt and Road") == [1]


def test_no_term_reaches_from_one_article_into_the_next():
    places, seen = whole_places(cut_at_bars("农村", "振兴"), ["农村振兴"])
    assert len(places.term) == 0 and seen.tolist() == [0]


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("农村|振兴|局", ("农村", "振兴", "农村振兴"), [0, 0, 1]),  # the longest
        ("甲|乙|丙|丁", ("乙丙", "甲乙", "丙丁"), [0, 1, 1]),  # the first
        ("甲|乙|丙|丁", ("乙丙丁", "甲乙"), [0, 1]),  # the first, though the other is longer
        ("甲|甲|甲", ("甲甲",), [1]),  # not over itself
        # A place that cuts a word is no place, and takes nothing from one that does not.
        ("中国|有企业", ("国有企业", "有企业"), [0, 1]),
    ],
)
def test_of_overlapping_places_the_first_then_the_longest_counts(text, terms, expected):
    assert found(text, *terms) == expected


def test_a_place_is_found_wherever_the_search_is_broken_into_blocks():
    words = ["甲"] * 70_000
    words[29_999:30_001] = ["农村", "振兴"]
    words[60_000] = "农村振兴"
    tokens = Tokens(["a"], np.array([0, 70_000]), np.searchsorted(["农村", "农村振兴", "振兴", "甲"], words).astype(np.int32),
                    np.array(["农村", "农村振兴", "振兴", "甲"], dtype=object))  # fmt: skip
    places, seen = whole_places(tokens, ["农村振兴", "村振"])
    assert places.first.tolist() == [29_999, 60_000] and places.last.tolist() == [30_000, 60_000]
    assert seen.tolist() == [2, 2]


@given(
    st.lists(st.sampled_from(["甲", "乙", "丙", "甲乙", "乙丙"]), max_size=12),
    st.lists(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=5, unique=True),
)
def test_places_agree_with_a_search_by_hand_and_so_do_those_without_a_term(words, terms):
    def by_hand(listed):
        ends = [0, *np.cumsum([len(w) for w in words]).tolist()]
        text, at, taken = "".join(words), 0, []
        while at < len(text):
            fits = [t for t in listed if at in ends and text.startswith(t, at) and at + len(t) in ends]
            if fits:
                taken.append(max(fits, key=len))
                at += len(taken[-1])
            else:
                at += 1
        return sorted(taken)

    tokens = tokenized(["a"], ["".join(words)], lambda _: list(words))
    places, _ = whole_places(tokens, terms)
    counts = leftmost_longest(places, range(len(terms)))
    assert sorted(terms[i] for i in counts.places.term[counts.counted]) == by_hand(terms)
    for number, term in enumerate(terms):
        rest = counts.places.term[without(counts, number)]
        assert sorted(terms[i] for i in rest) == by_hand([t for t in terms if t != term])


def test_compounds_are_cut_into_words_of_two_characters_or_more():
    assert compound("人民法院") == ["人民", "法院"]
    assert compound("中国人民银行") == ["中国", "人民", "银行"]
    # As few as will do: not 中国|共产|党中央|委员会.
    assert compound("中国共产党中央委员会") == ["中国", "共产党", "中央", "委员会"]
    for whole in (
        "老师傅",
        "发展中国家",
        "大学生",
        "乌鲁木齐",
        "自力更生",
        "三百六十五天",
        "不在词典里的词",
        "GDP",
        "",
    ):
        assert compound(whole) == [whole]


def test_what_the_run_keeps_whole_is_looked_into_and_the_text_stays_the_same():
    tokens = cut_at_bars("修复|云冈石窟|和|中国有色金属|，|人民法院", "", "云冈石窟")
    finer = cut_finer(tokens, {"云冈石窟", "中国有色金属"}, cutter("rjieba"))
    texts = ["".join(finer.words[finer.ids[a:b]]) for a, b in zip(finer.starts[:-1], finer.starts[1:], strict=True)]
    assert texts == ["修复云冈石窟和中国有色金属，人民法院", "", "云冈石窟"]
    places, _ = whole_places(finer, ["石窟", "国有", "法院"])
    assert places.term.tolist() == [0, 2, 0]


def test_terms_are_folded_as_the_run_folds_and_written_as_the_text_is():
    rows = [("農村", "鄉村"), ("農村", "乡村"), ("農村", "农村 振兴"), ("農村", "ＧＤＰ")]
    themes = themes_of(rows, simplify=True)
    assert themes.names == ["農村"] and themes.terms == ["乡村", "农村振兴", "GDP"]
    assert themes.written[0] == {0: "鄉村、乡村", 1: "农村 振兴", 2: "ＧＤＰ"}
    assert themes_of(rows, simplify=False).terms == ["鄉村", "乡村", "农村振兴", "GDP"]
