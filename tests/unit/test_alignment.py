"""Which topic of one model is which of another."""

import numpy as np
from baokan.topics.alignment import SAME_TOPIC, TOP, align, cosine, similarity
from hypothesis import given
from hypothesis import strategies as st


def models(seed, k_a, k_b, v=8):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(v), k_a), rng.dirichlet(np.ones(v), k_b)


def test_the_cosine_by_hand():
    a = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 0.0]])
    np.testing.assert_allclose(cosine(a[:2], a), [[1, np.sqrt(0.5), 0], [np.sqrt(0.5), 1, 0]])


def test_similarity_is_half_cosine_half_shared_top_terms():
    # 40 terms; b has 5 of a's 20 most probable terms. Each of these has 1/20 in its topic: the cosine is 5/20 too.
    a, b = np.zeros((2, 1, 40))
    a[0, :20], b[0, 15:35] = 1 / 20, 1 / 20
    np.testing.assert_allclose(similarity(a, b), [[0.25]])
    # The same terms in other proportions: all are shared, the cosine falls.
    c = np.where(a > 0, np.arange(40) + 1.0, 0) / 210
    np.testing.assert_allclose(similarity(a, c), [[(1 + cosine(a, c)[0, 0]) / 2]])
    assert cosine(a, c)[0, 0] < 0.9
    assert TOP == 20


def test_the_largest_total_wins_over_the_greedy_choice():
    # Each topic of a is nearest to b's first; together they are nearest the other way round.
    a = np.array([[0.6, 0.4, 0.0], [0.9, 0.0, 0.1]])
    b = np.array([[0.8, 0.1, 0.1], [0.1, 0.9, 0.0]])
    assert cosine(a, b).argmax(axis=1).tolist() == [0, 0]
    assert align(a, b, cosine)[0].tolist() == [1, 0]


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
    a, b = np.zeros((2, 1, 60))
    a[0, :25], b[0, 20:45] = 0.04, 0.04  # five terms in common
    assert similarity(a, b)[0, 0] < SAME_TOPIC < similarity(a, a * 0.9 + b * 0.1)[0, 0]
