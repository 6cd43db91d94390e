"""What is compared of a text, and the hashes by which it is found again."""

import numpy as np
import pandas as pd
from baokan.duplicates.fingerprints import normalise, signatures
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reprints import articles_of, prose


def test_normalised_text_is_simplified_narrow_and_without_marks():
    assert normalise("《渡口》修好了，共４２級ＡＢＣ。\n　二〇一九 ㎡") == "渡口修好了共42级abc二〇一九"
    assert normalise("國務院關於Long Ferry的通知") == "国务院关于longferry的通知"
    assert normalise("\ud800渡\ufffd\U0001f600\U000e0041口") == "渡口"


@settings(max_examples=60, deadline=None)  # the first call makes a table
@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text):
    once = normalise(text)
    assert normalise(once) == once
    assert len(once) <= len(text)


@settings(max_examples=60, deadline=None)  # the first call makes a table
@given(st.lists(st.integers(0, 400), max_size=8))
def test_a_signature_depends_on_its_text_alone(sizes):
    articles = articles_of(*[("newspaper", "", prose(n, n)) for n in sizes])
    together = signatures(articles)
    apart = pd.concat([signatures(articles.iloc[i : i + 1]) for i in range(len(articles))]) if sizes else together
    assert list(together["digest"]) == list(apart["digest"])
    for one, other in zip(together["hashes"], apart["hashes"], strict=True):
        np.testing.assert_array_equal(one, other)
        assert (np.diff(one.astype(np.int64)) > 0).all()


@settings(max_examples=60, deadline=None)  # the first call makes a table
@given(st.integers(0, 1000), st.integers(12, 60))
def test_a_shared_stretch_as_long_as_a_window_shares_a_hash(seed, n):
    """The guarantee of winnowing: WINDOW + SHINGLE - 1 characters in common, one hash in common."""
    shared = prose(n, seed).replace("，", "")
    rows = [("newspaper", "", prose(50, 2000 + seed) + shared), ("newspaper", "", shared + prose(50, 4000 + seed))]
    one, other = signatures(articles_of(*rows))["hashes"]
    assert len(np.intersect1d(one, other))
