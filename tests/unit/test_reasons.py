"""Reasons as codes with values, and as a text in a column."""

import numpy as np
import pytest
from baokan.comparing.reasons import few_issues, read, reason, stored
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.text(min_size=1), st.dictionaries(st.text(min_size=1), VALUES, max_size=4)), max_size=4))
def test_what_is_stored_is_read_again(found):
    reasons = [reason(code) for code, _ in found]
    reasons = [r._replace(values=values) for r, (_, values) in zip(reasons, found, strict=True)]
    text = stored(*reasons)
    assert read(text) == reasons
    assert stored(*read(text)) == text


def test_nothing_is_an_empty_text():
    assert stored() == "" and read("") == []


def test_the_order_of_values_and_numbers_of_numpy_make_no_difference():
    plain = stored(reason("issues", n=3, share=0.5))
    assert stored(reason("issues", share=np.float64(0.5), n=np.int64(3))) == plain


def test_what_is_no_plain_value_is_refused():
    with pytest.raises(TypeError, match="set"):
        stored(reason("issues", sides={"a"}))


def test_sources_with_fewer_issues_than_needed_are_named():
    assert few_issues([("a", 3), ("b", 6), ("c", 5)], 6) == [("issues", {"sides": [("a", 3), ("c", 5)], "needed": 6})]
    assert few_issues([("a", 6), ("b", 7)], 6) == []
