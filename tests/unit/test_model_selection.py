"""The search over K and seeds, and the rule that ends it."""

import numpy as np
import pandas as pd
import pytest
from baokan.topics.model_selection import MERITS, choose, nearest, pairwise_stability, search_table
from planted import planted
from scipy import sparse


def table(scores):
    """A search of {k: scores}."""
    rows = [(k, seed, score) for k, values in scores.items() for seed, score in enumerate(values)]
    return pd.DataFrame(rows, columns=["k", "seed", "score"])


def test_the_smallest_k_within_one_standard_error_of_the_best():
    # The best is K = 10: mean 0.3, standard error 0.283 / sqrt 2 = 0.2. K = 5 has 0.2, K = 2 has 0.05.
    k, reason = choose(table({2: [0.0, 0.1], 5: [0.1, 0.3], 10: [0.5, 0.1]}))
    assert k == 5
    assert reason == "Of K = 2, 5, 10, K = 5 is the smallest within one standard error of the best (K = 10)."


def test_a_clear_best_is_chosen_though_larger_and_an_edge_of_the_grid_is_said():
    k, reason = choose(table({5: [0.1, 0.3], 10: [0.31, 0.29]}))
    assert k == 10
    assert reason == (
        "Of K = 5, 10, K = 10 has the best score. It is the largest that was tried: try others in topics.k before you "
        "settle on it."
    )
    assert "smallest that was tried" in choose(table({5: [0.9], 10: [0.1]}))[1]
    assert "was tried" not in choose(table({5: [0.1], 8: [0.9], 10: [0.1]}))[1]


def test_that_more_topics_foretell_unseen_text_better_is_said_if_it_is_sure():
    search = table({5: [0.9], 8: [0.1], 10: [0.1]})
    for held, error, said in (
        ([-8.0, -7.9, -7.6], 0.1, True), ([-8.0, -7.9, -7.85], 0.1, False), ([-7.6, -7.9, -8.0], 0.1, False),
        ([-8.0, -7.9, -7.6], np.nan, False),
    ):  # fmt: skip
        k, reason = choose(search.assign(held_out=held, held_out_error=error))
        assert k == 5 and ("More topics foretell unseen text better (K = 10)" in reason) == said


def test_a_best_k_that_is_the_smallest_needs_no_error():
    assert choose(table({5: [0.9, -0.9], 10: [-0.1, -0.1]}))[0] == 5


@pytest.mark.filterwarnings("error")
def test_a_single_k_and_a_single_seed():
    assert choose(table({8: [0.1, 0.2]})) == (8, "K = 8 was set in the configuration.")
    assert choose(table({8: [0.0]}))[0] == 8
    assert choose(table({8: [0.1], 12: [0.2], 16: [0.2]}))[0] == 12


def test_of_the_fits_the_nearest_to_the_others_is_taken_and_of_equals_the_first():
    one, other = np.eye(30)[:2] * 0.9 + 0.1 / 30, np.eye(30)[10:12] * 0.9 + 0.1 / 30
    best, near = nearest(np.array([other, one, one, one]))
    assert best == 1
    assert near[0] < near[1] == near[2]
    assert nearest(one[None])[0] == 0


def test_stability_by_hand():
    one = np.eye(2)
    other = np.array([[0.0, 1.0], [1.0, 0.0]])
    half = np.full((2, 2), 0.5)
    np.testing.assert_allclose(pairwise_stability(np.array([one, other])), [1, 1])
    near = (np.sqrt(0.5) + 1) / 2  # of two terms all are among the top 20
    np.testing.assert_allclose(pairwise_stability(np.array([one, other, half])), [(1 + near) / 2] * 2 + [near])
    assert np.isnan(pairwise_stability(np.array([one]))).all()


def fits_near(truth, noises, rng):
    """A fit for each noise: the planted topics mixed with that much of random ones."""
    return np.array(
        [(1 - n) * truth.phi + n * rng.dirichlet(np.ones(len(truth.terms)), len(truth.phi)) for n in noises]
    )


def test_the_search_prefers_the_planted_topics():
    truth = planted(k=4, n_docs=100)
    rng = np.random.default_rng(1)
    merged = np.array([truth.phi[:2] / 2 + truth.phi[2:] / 2] * 3)
    found = search_table({4: fits_near(truth, (0.1, 0.1, 0.6), rng), 2: merged}, truth.counts, {4: (-5.0, 0.1)})
    assert found[["k", "seed"]].to_numpy().tolist() == [[2, 0], [2, 1], [2, 2], [4, 0], [4, 1], [4, 2]]
    fits = found[found["k"] == 4].set_index("seed")
    assert fits["stability"].idxmin() == fits["npmi"].idxmin() == 2
    assert found.set_index("k").loc[4, "held_out"].tolist() == [-5.0] * 3 and found.loc[0:2, "held_out"].isna().all()
    assert fits.loc[0, "npmi"] > found.loc[found["k"] == 2, "npmi"].max()


def test_the_score_is_coherence_times_stability():
    truth = planted(k=3, n_docs=60)
    rng = np.random.default_rng(2)
    found = search_table({3: fits_near(truth, (0.1, 0.3, 0.6), rng)}, truth.counts, {})
    assert (found["npmi"] > 0).any()
    good = found[found["npmi"] > 0]
    np.testing.assert_allclose(good["score"], good["npmi"] * good["stability"])


def test_an_incoherent_fit_does_not_gain_by_being_unstable():
    # Ten terms that never meet: coherence is -1 for every topic.
    counts = sparse.csr_matrix(np.eye(10, dtype=int))
    rng = np.random.default_rng(4)
    phi = rng.dirichlet(np.ones(10), 2)
    near = np.array([phi, phi, rng.dirichlet(np.ones(10), 2)])
    found = search_table({2: near}, counts, {}).set_index("seed")
    assert (found["npmi"] < 0).all()
    assert found["stability"].idxmin() == found["score"].idxmin() == 2


@pytest.mark.filterwarnings("error")
def test_fits_that_are_all_alike_and_single_fits_have_finite_scores():
    truth = planted(k=3, n_docs=60)
    alike = search_table({3: np.array([truth.phi] * 3)}, truth.counts, {})
    assert alike["score"].nunique() == 1
    assert choose(alike)[0] == 3
    single = search_table({3: truth.phi[None], 2: truth.phi[None, :2]}, truth.counts, {})
    assert single["stability"].isna().all()
    assert np.isfinite(single["score"]).all()
    assert choose(single)[0] in (2, 3)


@pytest.mark.filterwarnings("error")
def test_a_vocabulary_of_ten_terms():
    rng = np.random.default_rng(3)
    counts = sparse.csr_matrix(rng.poisson(1, (20, 10)))
    found = search_table({k: rng.dirichlet(np.ones(10), (2, k)) for k in (2, 5)}, counts, {})
    assert np.isfinite(found[[*MERITS, "stability", "score"]]).all(axis=None)
    # All ten terms are among the first 25 of every topic.
    assert found["diversity"].tolist() == [0.5, 0.5, 0.2, 0.2]
