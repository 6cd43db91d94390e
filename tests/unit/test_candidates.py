"""Which texts are laid side by side: those that share hashes, and few."""

import numpy as np
from baokan.duplicates.candidates import COMMON, LEAST_SHARED, candidates
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=60, deadline=None)  # the first call makes a table
@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=40))
def test_candidates_are_few_ordered_and_share_hashes(texts):
    hashes = [np.unique(np.array(t, dtype=np.uint32)) for t in texts]
    pairs, _ = candidates(hashes)
    assert len(pairs) <= sum(map(len, hashes)) * (COMMON - 1)
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert pairs.tolist() == sorted(map(list, {tuple(p) for p in pairs.tolist()}))
    for a, b in pairs:
        assert len(np.intersect1d(hashes[a], hashes[b])) >= LEAST_SHARED


def test_what_many_texts_share_pairs_each_with_the_first_two():
    n = 10 * COMMON
    pairs, stock = candidates([np.arange(40, dtype=np.uint32)] * n)
    assert {tuple(p) for p in pairs.tolist()} >= {(a, b) for a in (0, 1) for b in range(a + 1, n)}
    assert len(pairs) < 4 * n
    assert len(stock) == 40
