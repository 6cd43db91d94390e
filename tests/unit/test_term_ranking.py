"""Diversity, exclusivity, and the terms that mark a topic."""

import numpy as np
import pytest
from baokan.topics.term_ranking import diversity, exclusivity, frex, top_terms


def test_top_terms_largest_first_ties_by_column():
    assert top_terms(np.array([[0.1, 0.4, 0.1, 0.4]]), 3).tolist() == [[1, 3, 0]]
    assert top_terms(np.array([[0.5, 0.5]]), 10).tolist() == [[0, 1]]


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


def test_exclusivity_by_hand():
    # 0.50 of 1.05 and 0.40 of 0.50; 0.55 of 1.05 and 0.35 of 0.45.
    expected = [(0.50 / 1.05 + 0.8) / 2, (0.55 / 1.05 + 0.35 / 0.45) / 2]
    np.testing.assert_allclose(exclusivity(PHI, top_terms(PHI, 2)), expected)
    assert exclusivity(np.eye(3), top_terms(np.eye(3), 1)).tolist() == [1, 1, 1]
