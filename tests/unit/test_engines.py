"""Topic model engines: planted topics are found again, the same input gives the same bytes, bad input is borne."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from baokan.topics.alignment import align
from baokan.topics.engines import ENGINES, NO_SHARES, fit
from baokan.topics.folding_in import infer
from planted import planted
from scipy import sparse

PACKAGE = Path(__file__).parents[2] / "workflow"
every_engine = pytest.mark.parametrize("engine", ENGINES)
every_lda = pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine not in NO_SHARES])


def is_model(fitted, k, v):
    assert fitted.phi.shape == (k, v)
    assert (fitted.phi >= 0).all()
    np.testing.assert_allclose(fitted.phi.sum(axis=1), 1, atol=1e-6)
    return True


def theta_of(fitted, counts):
    return infer(fitted.phi, fitted.alpha, counts)


@pytest.fixture(scope="module")
def truth():
    return planted(k=4, n_docs=200, length=60)


@pytest.fixture(scope="module")
def fits(truth):
    return {engine: fit(engine, truth.counts, 4, 1, 300) for engine in ENGINES}


@every_engine
def test_planted_topics_are_recovered(engine, truth, fits):
    # 12,000 tokens, some 3,000 a topic over 20 terms. Were each token's topic known, noise of counting alone would take
    # about (1 / 3,000) / (2 * 0.08) = 0.002 from the cosine. Topics share a tenth of their text, so few tokens are told
    # apart wrongly: 0.97 leaves tenfold room, while two different planted topics lie at 0.1. NMF's weights are of TF-IDF,
    # which gives the common words less: it must find the topics, not their probabilities.
    partner, _ = align(truth.phi, fits[engine].phi)
    found = fits[engine].phi[partner]
    cosine = (truth.phi * found).sum(axis=1) / np.linalg.norm(truth.phi, axis=1) / np.linalg.norm(found, axis=1)
    assert cosine.min() >= (0.85 if engine in NO_SHARES else 0.97)


@every_lda
def test_mixtures_of_documents_that_trained_and_of_unseen_ones_are_recovered(engine, truth, fits):
    # A share of 60 tokens has a standard error of at most 0.065, and most mixtures are near 0 or 1.
    partner, _ = align(truth.phi, fits[engine].phi)
    assert np.abs(theta_of(fits[engine], truth.counts)[:, partner] - truth.theta).mean() <= 0.05
    rng = np.random.default_rng(5)
    theta = rng.dirichlet(np.full(4, 0.1), size=100)
    counts = sparse.csr_matrix(np.array([rng.multinomial(60, mixture @ truth.phi) for mixture in theta]))
    assert np.abs(theta_of(fits[engine], counts)[:, partner] - theta).mean() <= 0.05


def test_the_engines_find_the_same_topics(fits):
    # Each within a cosine of 0.97 of the planted ones, and with their frequent terms: what a check asks.
    for engine in ENGINES:
        assert align(fits["tomotopy"].phi, fits[engine].phi)[1].min() >= 0.8


@every_engine
@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_the_same_input_gives_the_same_bytes(engine, seed):
    counts = planted(k=3, n_docs=40).counts
    one, two = (fit(engine, counts, 3, seed, 120) for _ in range(2))
    assert one.phi.tobytes() == two.phi.tobytes()
    assert repr(one.alpha) == repr(two.alpha)


def test_another_process_gives_the_same_bytes():
    code = (
        "import hashlib; from planted import planted; from baokan.topics.engines import ENGINES, fit\n"
        "c = planted(k=3, n_docs=40).counts\n"
        "for e in ENGINES:\n"
        "    f = fit(e, c, 3, 7, 120)\n"
        "    print(hashlib.sha256(f.phi.tobytes()).hexdigest())"
    )
    paths = os.pathsep.join([str(PACKAGE), str(Path(__file__).parent)])
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONHASHSEED": "11"}
    there = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    counts = planted(k=3, n_docs=40).counts
    here = [hashlib.sha256(fit(engine, counts, 3, 7, 120).phi.tobytes()).hexdigest() for engine in ENGINES]
    assert there.stdout.split() == here


@every_engine
def test_another_seed_gives_another_fit(engine):
    counts = planted(k=3, n_docs=40).counts
    assert fit(engine, counts, 3, 1, 120).phi.tobytes() != fit(engine, counts, 3, 2, 120).phi.tobytes()


@every_engine
@pytest.mark.parametrize("iterations", [10, 100, 101, 150])
def test_few_iterations(engine, iterations):
    counts = planted(k=3, n_docs=40).counts
    assert is_model(fit(engine, counts, 3, 1, iterations), 3, counts.shape[1])


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine not in NO_SHARES])
def test_more_iterations_are_another_fit(engine):
    counts = planted(k=3, n_docs=40).counts
    assert fit(engine, counts, 3, 1, 110).phi.tobytes() != fit(engine, counts, 3, 1, 150).phi.tobytes()


@every_engine
def test_empty_rows_and_stored_zeros_make_no_difference(engine):
    counts = planted(k=3, n_docs=40).counts
    dense = counts.toarray()
    dense[[0, 7, 39]] = 0
    stored_zeros = sparse.csr_matrix(counts)
    for row in (0, 7, 39):
        stored_zeros.data[stored_zeros.indptr[row] : stored_zeros.indptr[row + 1]] = 0
    without = np.delete(dense, [0, 7, 39], axis=0)
    one, two, three = (fit(engine, sparse.csr_matrix(c), 3, 1, 120) for c in (dense, stored_zeros, without))
    assert one.phi.tobytes() == two.phi.tobytes() == three.phi.tobytes()


@every_lda
def test_a_row_stays_with_its_document(engine):
    # Topics that share no word: a document's largest share must be the topic that its words come from.
    counts = np.zeros((30, 20), int)
    rng = np.random.default_rng(0)
    kind = rng.integers(2, size=30)
    for d in range(30):
        if d % 4:
            counts[d, 10 * kind[d] : 10 * kind[d] + 10] = rng.poisson(3, 10) + 1
    fitted = fit(engine, sparse.csr_matrix(counts), 2, 1, 200)
    filled = np.flatnonzero(counts.sum(axis=1))
    topic = theta_of(fitted, sparse.csr_matrix(counts))[filled].argmax(axis=1)
    assert (topic == kind[filled]).all() or (topic == 1 - kind[filled]).all()


@every_engine
def test_a_term_that_no_training_document_holds_belongs_to_no_topic(engine):
    counts = planted(k=3, n_docs=40).counts.toarray()
    counts[:, 5] = 0
    fitted = fit(engine, sparse.csr_matrix(counts), 3, 1, 120)
    assert is_model(fitted, 3, counts.shape[1])
    assert fitted.phi[:, 5].tolist() == [0, 0, 0]
    assert (np.delete(fitted.phi, 5, axis=1).sum(axis=0) > 0).all()


@every_engine
def test_a_corpus_of_one_document(engine):
    counts = sparse.csr_matrix(np.full((1, 10), 2))
    fitted = fit(engine, counts, 3, 1, 100)
    assert is_model(fitted, 3, 10)


@every_engine
def test_more_topics_than_documents(engine):
    counts = planted(k=3, n_docs=5).counts
    assert is_model(fit(engine, counts, 12, 1, 100), 12, counts.shape[1])


@every_engine
def test_identical_documents(engine):
    counts = sparse.csr_matrix(np.tile([3, 1, 2, 0, 1, 1, 4, 1, 1, 1], (20, 1)))
    fitted = fit(engine, counts, 3, 1, 100)
    assert is_model(fitted, 3, 10)


@every_engine
@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (3, 0), (3, 5)])
def test_nothing_to_fit_is_an_error_that_says_so(engine, shape):
    with pytest.raises(ValueError, match="no document holds a counted term"):
        fit(engine, sparse.csr_matrix(shape, dtype=np.int32), 3, 1, 100)


def test_an_unknown_engine_is_named():
    with pytest.raises(ValueError, match="'lda'; known are tomotopy, gensim, sklearn, nmf"):
        fit("lda", sparse.csr_matrix(np.ones((2, 2))), 2, 1, 100)


@every_engine
def test_the_counts_are_left_as_they_were(engine):
    counts = planted(k=3, n_docs=20).counts
    before = counts.copy()
    fit(engine, counts, 3, 1, 100)
    assert counts.data.tobytes() == before.data.tobytes()
    assert counts.indices.tobytes() == before.indices.tobytes()
