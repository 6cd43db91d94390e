"""Corpora drawn from known topics (benchmarks/planted.py): they are what they say, and our engine finds their topics again."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from baokan.topics.alignment import align, cosine
from baokan.topics.engines import fit
from baokan.topics.folding_in import infer
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel
from scipy.stats import chisquare

_spec = importlib.util.spec_from_file_location("planted_corpora", Path(__file__).parents[2] / "benchmarks/planted.py")
planted_corpora = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(planted_corpora)
planted, drawn, SIZES = planted_corpora.planted, planted_corpora.drawn, planted_corpora.SIZES


@pytest.fixture(scope="module")
def small():
    return planted(*SIZES["planted small"])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_shapes_and_sums(size):
    docs, words, terms, topics = size
    made = planted(*size)
    assert made.counts.shape == (docs, terms)
    assert made.phi.shape == (topics, terms)
    assert made.theta.shape == (docs, topics)
    for rows in (made.phi, made.theta):
        assert (rows >= 0).all()
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-9)
    assert (made.phi > 0).all()
    assert made.counts.dtype == np.int32
    assert (made.counts.data > 0).all()
    assert made.counts.has_canonical_format
    lengths = np.asarray(made.counts.sum(axis=1)).ravel()
    assert lengths.min() >= planted_corpora.SHORTEST
    # The standard error of the median of a log-normal of spread 0.6 is 0.6 * 1.25 / sqrt(160) = 6 % at most.
    assert np.median(lengths) == pytest.approx(words, rel=0.2)
    assert np.log(lengths).std() == pytest.approx(planted_corpora.SPREAD, rel=0.2)


def test_the_same_seed_gives_the_same_corpus_and_another_another(small):
    again, other = (planted(*SIZES["planted small"], seed=seed) for seed in (0, 1))
    for name in ("phi", "theta"):
        assert getattr(again, name).tobytes() == getattr(small, name).tobytes()
        assert getattr(other, name).tobytes() != getattr(small, name).tobytes()
    assert (again.counts != small.counts).nnz == 0
    assert (other.counts != small.counts).nnz > 0


def test_words_are_drawn_from_the_mixtures_of_topics():
    # Two documents of 200,000 words: the counts of their terms against theta @ phi, by a chi-squared test.
    rng = np.random.default_rng(3)
    phi, theta = rng.dirichlet(np.ones(30), size=3), np.array([[0.7, 0.3, 0.0], [0.0, 0.1, 0.9]])
    counts = drawn(phi, theta, np.array([200_000, 200_000]), rng).toarray()
    assert counts.sum(axis=1).tolist() == [200_000, 200_000]
    for row, probabilities in zip(counts, theta @ phi, strict=True):
        assert chisquare(row, 200_000 * probabilities).pvalue > 0.001


def test_a_whole_corpus_has_the_frequencies_of_its_topics():
    made = planted(2_000, 100, 1_000, 9)
    lengths = np.asarray(made.counts.sum(axis=1)).ravel()
    expected = (lengths @ made.theta) @ made.phi
    found = np.asarray(made.counts.sum(axis=0)).ravel()
    assert chisquare(found, expected).pvalue > 0.001


def test_documents_of_no_words_and_topics_of_no_document():
    phi, theta = np.full((3, 4), 0.25), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    counts = drawn(phi, theta, np.array([0, 5]), np.random.default_rng(0))
    assert np.asarray(counts.sum(axis=1)).ravel().tolist() == [0, 5]


def test_a_background_is_in_all_topics_and_their_sizes_are_uneven(small):
    base = planted_corpora.zipf(1_000)
    assert (small.phi >= 0.99 * planted_corpora.BACKGROUND * base).all()
    assert np.argsort(-small.phi.mean(axis=0))[:20].max() < 200  # frequent words of topics are those of Zipf's law
    shares = small.theta.mean(axis=0)
    assert shares.max() > 2 * shares.min()


def recovery(phi: np.ndarray, theta: np.ndarray, truth) -> np.ndarray:
    """Mean cosine of planted topics with their partners, mean correlation of their shares over documents; shape (2,)."""
    partner, score = align(truth.phi, phi, cosine)
    shares = zip(truth.theta.T, theta[:, partner].T, strict=True)
    return np.array([score.mean(), np.mean([np.corrcoef(a, b)[0, 1] for a, b in shares])])


def test_our_engine_recovers_the_topics_of_planted_small_and_gensim_by_default_does_not(small):
    # Of thirty seeds, 28 of ours have a cosine of 0.946 and a correlation of 0.924 or more, the two others, which run two
    # topics together, 0.886 and 0.820; so the middle of three. The best of gensim's, by default but of ten passes: 0.833, 0.616.
    floors = np.array([0.93, 0.9])
    ours, corpus = [], Sparse2Corpus(small.counts, documents_columns=False)
    for seed in (1, 2, 3):
        fitted = fit("tomotopy", small.counts, 9, seed, 600)
        ours.append(recovery(fitted.phi, infer(fitted.phi, fitted.alpha, small.counts), small))
    assert (np.median(ours, axis=0) > floors).all()
    names = {i: str(i) for i in range(small.counts.shape[1])}
    model = LdaModel(corpus, num_topics=9, id2word=names, passes=10, random_state=1)
    gamma, _ = model.inference(list(corpus))
    assert (recovery(model.get_topics(), gamma / gamma.sum(axis=1, keepdims=True), small) < floors).all()
