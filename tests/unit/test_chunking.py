"""Windows of articles."""

import numpy as np
from baokan.words.chunking import windows
from hypothesis import given
from hypothesis import strategies as st


def ones(n):
    return np.ones(n, bool)


def test_a_short_article_is_one_window():
    assert windows([40, 100], ones(100), 300) == [(0, 100)]


def test_cuts_fall_on_the_paragraph_ends_nearest_to_equal_shares():
    # 600 tokens at 300 are two windows; the middle is 300, and 250 is nearer to it than 370.
    assert windows([100, 250, 370, 600], ones(600), 300) == [(0, 250), (250, 600)]
    # 900 are three: 300 -> 310, 600 -> 580.
    assert windows([200, 310, 580, 700, 900], ones(900), 300) == [(0, 310), (310, 580), (580, 900)]


def test_the_number_of_windows_is_rounded():
    ends = list(range(10, 1000, 10))
    assert len(windows([e for e in ends if e <= 440], ones(440), 300)) == 1
    assert len(windows([e for e in ends if e <= 460], ones(460), 300)) == 2


def test_only_tokens_that_count_make_length():
    # Half of the tokens count: 600 of them are 300, one window.
    assert windows([200, 400, 600], np.arange(600) % 2 == 0, 300) == [(0, 600)]
    # All that count stand in the first 300: the cut halves those.
    assert windows([150, 300, 600], np.arange(600) < 300, 150) == [(0, 150), (150, 600)]


def test_a_long_paragraph_is_never_cut():
    assert windows([1000], ones(1000), 300) == [(0, 1000)]
    assert windows([10, 1010, 1020], ones(1020), 300) == [(0, 10), (10, 1010), (1010, 1020)]


def test_empty_articles_and_paragraphs():
    assert windows([], ones(0), 300) == []
    assert windows([0], ones(0), 300) == []
    assert windows([0, 0, 5, 5], ones(5), 300) == [(0, 5)]
    assert windows([2, 5], np.zeros(5, bool), 300) == [(0, 5)]


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=20).flatmap(
        lambda lengths: st.tuples(
            st.just(lengths), st.lists(st.booleans(), min_size=sum(lengths), max_size=sum(lengths)), st.integers(1, 100)
        )
    )
)
def test_windows_cover_the_article_once_and_end_with_paragraphs(case):
    lengths, weights, target = case
    ends = np.cumsum(lengths).tolist()
    found = windows(ends, np.array(weights, bool), target)
    assert [t for start, end in found for t in range(start, end)] == list(range(ends[-1]))
    assert all(start < end and end in ends for start, end in found)
    assert len(found) <= max(1, round(sum(weights) / target))
