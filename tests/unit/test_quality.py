"""Coherence, diversity and the terms that mark a topic."""

import numpy as np
import pytest
from baokan.topics.quality import diversity, frex, npmi, top_terms
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

# Documents by terms a, b, c, d, e; counts above one must not matter.
DOCUMENTS = sparse.csr_matrix([[3, 1, 0, 0, 1], [1, 1, 1, 0, 1], [0, 0, 5, 0, 1], [0, 0, 0, 2, 0]])


def test_top_terms_largest_first_ties_by_column():
    assert top_terms(np.array([[0.1, 0.4, 0.1, 0.4]]), 3).tolist() == [[1, 3, 0]]
    assert top_terms(np.array([[0.5, 0.5]]), 10).tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ([0, 1], 1.0),  # always together: P = 1/2 each and together
        ([0, 2], 0.0),  # P = 1/2 each, 1/4 together: as by chance
        ([0, 3], -1.0),  # never together
        ([0, 4], np.log(0.5 / (0.5 * 0.75)) / -np.log(0.5)),  # 0.41504
    ],
)
def test_npmi_of_a_pair_by_hand(pair, value):
    np.testing.assert_allclose(npmi(np.array([pair]), DOCUMENTS), [value], atol=1e-12)


def test_npmi_of_topics_is_the_mean_over_pairs_whatever_the_order():
    ae = 0.4150374992788438
    ce = ae  # c stands in two documents, both with e
    np.testing.assert_allclose(npmi(np.array([[0, 1, 2], [4, 0, 2]]), DOCUMENTS), [(1 + 0 + 0) / 3, (ae + 0 + ce) / 3])
    np.testing.assert_allclose(npmi(np.array([[2, 4, 0]]), DOCUMENTS), [(ae + 0 + ce) / 3])


@pytest.mark.filterwarnings("error")
def test_npmi_at_the_limits():
    assert npmi(np.array([[0, 1]]), sparse.csr_matrix(np.ones((5, 2), int))).tolist() == [0.0]
    assert npmi(np.array([[0], [1]]), DOCUMENTS).tolist() == [0.0, 0.0]
    assert npmi(np.array([[0, 1]]), sparse.csr_matrix((0, 2), dtype=int)).tolist() == [-1.0]
    # A term that stands in no document, and a document without terms.
    assert npmi(np.array([[0, 1]]), sparse.csr_matrix([[1, 0], [0, 0]])).tolist() == [-1.0]


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_npmi_is_bounded_and_does_not_depend_on_counts(seed, density):
    rng = np.random.default_rng(seed)
    present = rng.random((12, 6)) < density
    top = np.array([rng.permutation(6)[:4] for _ in range(3)])
    value = npmi(top, sparse.csr_matrix(present.astype(int)))
    assert (np.abs(value) <= 1 + 1e-12).all()
    np.testing.assert_allclose(npmi(top, sparse.csr_matrix(present * rng.integers(1, 9, present.shape))), value)


def test_diversity_by_hand():
    assert diversity(np.array([[0, 1], [2, 3]])) == 1.0
    assert diversity(np.array([[0, 1], [0, 1]])) == 0.5
    assert diversity(np.array([[0, 1], [1, 2]])) == 0.75


PHI = np.array([[0.50, 0.40, 0.10], [0.55, 0.10, 0.35]])


def test_frex_by_hand():
    # Ranks by frequency in topic 1: 3, 2, 1; exclusivity is 0.48, 0.80, 0.22: ranks 2, 3, 1. In topic 2: 3, 1, 2, and
    # 0.52, 0.20, 0.78: 2, 1, 3. The harmonic mean of 2/3 and 1 is 0.8.
    np.testing.assert_allclose(frex(PHI), [[0.8, 0.8, 1 / 3], [0.8, 1 / 3, 0.8]])


def test_frex_at_its_weights_is_exclusivity_or_frequency():
    np.testing.assert_allclose(frex(PHI, 1.0), [[2 / 3, 1, 1 / 3], [2 / 3, 1 / 3, 1]])
    np.testing.assert_allclose(frex(PHI, 0.0), [[1, 2 / 3, 1 / 3], [1, 1 / 3, 2 / 3]])


@pytest.mark.filterwarnings("error")
def test_frex_of_a_term_that_no_topic_has():
    scores = frex(np.array([[0.5, 0.5, 0.0], [0.9, 0.1, 0.0]]))
    assert np.isfinite(scores).all()
    assert (scores.argmin(axis=1) == 2).all()


def test_frex_prefers_the_term_of_the_topic_to_the_common_one():
    common = np.array([[0.4, 0.3, 0.2, 0.1, 0.0, 0.0], [0.4, 0.0, 0.0, 0.1, 0.3, 0.2]])
    assert frex(common).argmax(axis=1).tolist() == [1, 4]
