"""Which topic of one model is which of another."""

import numpy as np
from baokan.topics.alignment import SAME_TOPIC, align, similarity
from hypothesis import given
from hypothesis import strategies as st


def models(seed, k_a, k_b, v=8):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(v), k_a), rng.dirichlet(np.ones(v), k_b)


def test_similarity_by_hand():
    a = np.array([[1.0, 0.0], [0.5, 0.5]])
    np.testing.assert_allclose(similarity(a, a), [[1, np.sqrt(0.5)], [np.sqrt(0.5), 1]])
    assert similarity(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])).tolist() == [[0.0]]


def test_the_largest_total_wins_over_the_greedy_choice():
    # Each topic of a is nearest to b's first; together they are nearest the other way round.
    a = np.array([[0.6, 0.4, 0.0], [0.9, 0.0, 0.1]])
    b = np.array([[0.8, 0.1, 0.1], [0.1, 0.9, 0.0]])
    assert similarity(a, b).argmax(axis=1).tolist() == [0, 0]
    assert align(a, b)[0].tolist() == [1, 0]


def test_a_topic_without_a_partner():
    a = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])
    partner, score = align(a, a[[2, 0]])
    assert partner.tolist() == [1, -1, 0]
    assert score.tolist() == [1, 0, 1]
    partner, score = align(a[[2, 0]], a)
    assert partner.tolist() == [2, 0]


@given(st.integers(0, 2**32 - 1), st.permutations(range(5)))
def test_a_model_in_another_order_is_recognised(seed, order):
    phi = models(seed, 5, 1)[0]
    partner, score = align(phi, phi[order])
    assert [order[p] for p in partner] == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(score, 1)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5))
def test_alignment_is_one_to_one_bounded_and_symmetric(seed, k_a, k_b):
    a, b = models(seed, k_a, k_b)
    partner, score = align(a, b)
    found = partner[partner >= 0]
    assert len(found) == len(set(found)) == min(k_a, k_b)
    assert ((score >= 0) & (score <= 1 + 1e-12)).all()
    np.testing.assert_allclose(score.sum(), align(b, a)[1].sum())


def test_topics_of_different_themes_are_not_called_the_same():
    a = np.array([[0.23, 0.23, 0.23, 0.23, 0.08, 0, 0, 0, 0]])
    b = np.array([[0, 0, 0, 0, 0.08, 0.23, 0.23, 0.23, 0.23]])
    assert similarity(a, b)[0, 0] < SAME_TOPIC < similarity(a, a * 0.9 + b * 0.1)[0, 0]
