"""Shares of documents under a model that stands fixed, and how well it foretells unseen words."""

import numpy as np
import pytest
from baokan.topics import folding_in as inference
from baokan.topics.folding_in import completion, infer
from hypothesis import given
from hypothesis import strategies as st
from planted import planted
from scipy import sparse

TRUTH = planted(k=4, n_docs=150, length=60)


def test_where_topics_share_no_word_the_shares_are_counts_and_the_prior():
    phi = np.array([[0.5, 0.5, 0, 0], [0, 0, 0.7, 0.3]])
    theta = infer(phi, 0.1, sparse.csr_matrix([[3, 1, 1, 0], [0, 0, 0, 2]]))
    np.testing.assert_allclose(theta, [[4.1 / 5.2, 1.1 / 5.2], [0.1 / 2.2, 2.1 / 2.2]], atol=1e-9)


def test_the_fixed_point_is_the_maximum_of_the_posterior():
    """No mixture near it, nor any drawn by lot, is likelier under the prior Dirichlet(alpha + 1)."""
    rng = np.random.default_rng(0)
    counts = TRUTH.counts[:20]
    theta = infer(TRUTH.phi, 0.1, counts)

    def posterior(theta):
        return (counts.toarray() * np.log(theta @ TRUTH.phi)).sum(axis=1) + 0.1 * np.log(theta).sum(axis=1)

    best = posterior(theta)
    for scale in (1e-3, 0.05, 1):
        for _ in range(50):
            other = (1 - scale) * theta + scale * rng.dirichlet(np.ones(4), 20)
            assert (posterior(other) <= best + 1e-4).all()


def test_planted_mixtures_are_found():
    theta = infer(TRUTH.phi, 0.1, TRUTH.counts)
    assert np.abs(theta - TRUTH.theta).mean() < 0.04
    assert np.corrcoef(theta.ravel(), TRUTH.theta.ravel())[0, 1] > 0.98


@given(st.integers(0, 2**32 - 1), st.permutations(range(12)))
def test_a_document_has_its_shares_whatever_documents_are_beside_it(seed, order):
    rng = np.random.default_rng(seed)
    rows = rng.integers(150, size=12)
    counts = TRUTH.counts[rows]
    together = infer(TRUTH.phi, 0.1, counts)
    assert infer(TRUTH.phi, 0.1, counts[list(order)]).tobytes() == together[list(order)].tobytes()
    assert infer(TRUTH.phi, 0.1, counts[3]).tobytes() == together[3:4].tobytes()
    np.testing.assert_allclose(together.sum(axis=1), 1)
    assert (together > 0).all()


def test_batches_make_no_difference(monkeypatch):
    whole = infer(TRUTH.phi, 0.1, TRUTH.counts)
    monkeypatch.setattr(inference, "BATCH_CELLS", 500)
    assert infer(TRUTH.phi, 0.1, TRUTH.counts).tobytes() == whole.tobytes()


@pytest.mark.filterwarnings("error")
def test_words_that_the_model_does_not_know_say_nothing():
    phi = np.array([[0.5, 0.5, 0], [0.9, 0.1, 0]])
    theta = infer(phi, 0.1, sparse.csr_matrix([[2, 1, 0], [2, 1, 50], [0, 0, 9], [0, 0, 0]]))
    assert theta[0].tobytes() == theta[1].tobytes()
    assert np.isnan(theta[2:]).all()
    assert infer(phi, 0.1, sparse.csr_matrix((0, 3), dtype=int)).shape == (0, 2)
    stored_zero = sparse.csr_matrix(([0, 3], ([0, 0], [0, 1])), shape=(1, 3))
    assert infer(phi, 0.1, stored_zero).tobytes() == infer(phi, 0.1, sparse.csr_matrix([[0, 3, 0]])).tobytes()


def test_a_word_that_no_topic_of_the_document_gives_a_chance_is_borne():
    # exp underflow: a word with next to no probability in all topics but one.
    phi = np.array([[1 - 1e-12, 1e-12], [1e-300, 1.0]])
    theta = infer(phi / phi.sum(axis=1, keepdims=True), 0.1, sparse.csr_matrix([[5, 5]]))
    np.testing.assert_allclose(theta, [[0.5, 0.5]], atol=1e-6)


def test_completion_is_best_under_the_model_that_the_words_came_from():
    own, n = completion(TRUTH.phi, 0.1, TRUTH.counts, 3)
    assert own.sum() / n.sum() == pytest.approx(
        # Their entropy, from above: theta comes of some 30 words and is not known.
        (TRUTH.theta @ TRUTH.phi * np.log(np.maximum(TRUTH.theta @ TRUTH.phi, 1e-12))).sum(axis=1).mean(), abs=0.15
    )  # fmt: skip
    assert (completion(np.roll(TRUTH.phi, 5, axis=1), 0.1, TRUTH.counts, 3)[0] < own).mean() > 0.95
    blurred = 0.5 * TRUTH.phi + 0.5 * TRUTH.phi.mean(axis=0)
    assert completion(blurred, 0.1, TRUTH.counts, 3)[0].sum() < own.sum()
    assert completion(TRUTH.phi, 0.1, TRUTH.counts, 3)[0].tobytes() == own.tobytes()
    assert 20 < n.mean() < 40


@pytest.mark.filterwarnings("error")
def test_nothing_is_foretold_of_one_word():
    values, n = completion(TRUTH.phi, 0.1, sparse.csr_matrix(np.eye(1, TRUTH.phi.shape[1], dtype=int)), 0)
    assert np.isnan(values).all() and n.tolist() == [0]
