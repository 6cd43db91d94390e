"""Noise of the model in shares: what is planted is found."""

import numpy as np
import pytest
from baokan.comparing.measurement_error import mixture_noise
from baokan.topics.folding_in import infer
from scipy import sparse

PHI = np.full((2, 40), 0.001)
PHI[0, :20], PHI[1, 20:] = 0.05 - 0.001, 0.05 - 0.001
PHI /= PHI.sum(axis=1, keepdims=True)


def articles(rng, n, words, theta):
    return sparse.csr_matrix(rng.multinomial(words, theta @ PHI, size=n))


@pytest.mark.parametrize("words", [30, 200])
def test_the_variance_is_that_of_estimates_of_the_same_mixture(words):
    rng = np.random.default_rng(1)
    counts = articles(rng, 3000, words, np.array([0.4, 0.6]))
    spread = infer(PHI, 0.1, counts)[:, 0].var(ddof=1)
    found = mixture_noise(PHI, 0.1, counts, [[0], [1]], seed=1).mean(axis=0)
    assert found == pytest.approx([spread, spread], rel=0.1)


def test_more_words_less_noise_and_merged_topics_have_none_among_themselves():
    rng = np.random.default_rng(2)
    few, many = (articles(rng, 500, n, np.array([0.5, 0.5])) for n in (20, 400))
    each = [mixture_noise(PHI, 0.1, counts, [[0], [1]], seed=1).mean() for counts in (few, many)]
    assert each[0] > 8 * each[1]
    assert mixture_noise(PHI, 0.1, few, [[0, 1]], seed=1) == pytest.approx(np.zeros((500, 1)), abs=1e-12)


def test_articles_of_one_word_and_of_none():
    counts = sparse.csr_matrix(np.vstack([np.eye(40)[:1], np.zeros((1, 40)), np.full((1, 40), 5.0)]))
    noise = mixture_noise(PHI, 0.1, counts, [[0], [1]], seed=1)
    assert np.isfinite(noise[[0, 2]]).all() and np.isnan(noise[1]).all()
    assert noise[0] == pytest.approx(noise[2])
    nothing = mixture_noise(PHI, 0.1, sparse.csr_matrix((2, 40)), [[0], [1]], seed=1)
    assert np.isnan(nothing).all()
