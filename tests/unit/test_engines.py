"""Topic model engines: planted topics are found again, the same input gives the same bytes, bad input is borne."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from baokan.topics.alignment import align
from baokan.topics.engines import ENGINES, fit
from planted import planted
from scipy import sparse

PACKAGE = Path(__file__).parents[2] / "workflow"
every_engine = pytest.mark.parametrize("engine", ENGINES)


def is_model(fitted, d, k, v):
    assert fitted.phi.shape == (k, v)
    assert fitted.theta.shape == (d, k)
    for rows in (fitted.phi, fitted.theta[~np.isnan(fitted.theta).any(axis=1)]):
        assert (rows >= 0).all()
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)
    return True


@pytest.fixture(scope="module")
def truth():
    return planted(k=4, n_docs=200, length=60)


@pytest.fixture(scope="module")
def fits(truth):
    return {engine: fit(engine, truth.counts, 4, 1, 300) for engine in ENGINES}


@every_engine
def test_planted_topics_are_recovered(engine, truth, fits):
    # 12,000 tokens, some 3,000 a topic over 20 terms. Were each token's topic known, noise of counting alone would take
    # about 20 / (8 * 3,000) = 0.001 from the Bhattacharyya coefficient and (1 / 3,000) / (2 * 0.08) = 0.002 from the
    # cosine. Topics share a tenth of their text, so few tokens are told apart wrongly: 0.97 leaves tenfold room, while
    # two different planted topics lie at 0.1.
    partner, score = align(truth.phi, fits[engine].phi)
    assert score.min() >= 0.97
    found = fits[engine].phi[partner]
    cosine = (truth.phi * found).sum(axis=1) / np.linalg.norm(truth.phi, axis=1) / np.linalg.norm(found, axis=1)
    assert cosine.min() >= 0.97
    # A share of 60 tokens has a standard error of at most 0.065, and most mixtures are near 0 or 1.
    assert np.abs(fits[engine].theta[:, partner] - truth.theta).mean() <= 0.05


@every_engine
def test_mixtures_of_unseen_documents_are_recovered(engine, truth, fits):
    new = planted(k=4, n_docs=100, length=60, seed=0)
    rng = np.random.default_rng(5)
    theta = rng.dirichlet(np.full(4, 0.1), size=100)
    counts = sparse.csr_matrix(np.array([rng.multinomial(60, mixture @ new.phi) for mixture in theta]))
    np.testing.assert_array_equal(new.phi, truth.phi)
    partner, _ = align(truth.phi, fits[engine].phi)
    assert np.abs(fits[engine].infer(counts)[:, partner] - theta).mean() <= 0.05


def test_the_two_engines_find_the_same_topics(fits):
    # Each within 0.03 of the planted ones; Bhattacharyya angles add up: arccos 0.97 twice is cos 0.88.
    assert align(fits["tomotopy"].phi, fits["gensim"].phi)[1].min() >= 0.88


@every_engine
@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_the_same_input_gives_the_same_bytes(engine, seed):
    counts = planted(k=3, n_docs=40).counts
    one, two = (fit(engine, counts, 3, seed, 120) for _ in range(2))
    assert one.phi.tobytes() == two.phi.tobytes()
    assert one.theta.tobytes() == two.theta.tobytes()
    # And what was inferred before leaves no trace.
    first = one.infer(counts[:10])
    one.infer(counts[20:])
    assert one.infer(counts[:10]).tobytes() == first.tobytes() == two.infer(counts[:10]).tobytes()


def test_another_process_gives_the_same_bytes():
    code = (
        "import hashlib; from planted import planted; from baokan.topics.engines import ENGINES, fit\n"
        "c = planted(k=3, n_docs=40).counts\n"
        "for e in ENGINES:\n"
        "    f = fit(e, c, 3, 7, 120)\n"
        "    print(hashlib.sha256(f.phi.tobytes() + f.theta.tobytes() + f.infer(c[:9]).tobytes()).hexdigest())"
    )
    paths = os.pathsep.join([str(PACKAGE), str(Path(__file__).parent)])
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONHASHSEED": "11"}
    there = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    counts = planted(k=3, n_docs=40).counts
    here = []
    for engine in ENGINES:
        fitted = fit(engine, counts, 3, 7, 120)
        data = fitted.phi.tobytes() + fitted.theta.tobytes() + fitted.infer(counts[:9]).tobytes()
        here.append(hashlib.sha256(data).hexdigest())
    assert there.stdout.split() == here


@every_engine
def test_another_seed_gives_another_fit(engine):
    counts = planted(k=3, n_docs=40).counts
    assert fit(engine, counts, 3, 1, 120).phi.tobytes() != fit(engine, counts, 3, 2, 120).phi.tobytes()


@every_engine
@pytest.mark.parametrize("iterations", [10, 100, 101, 150])
def test_few_iterations(engine, iterations):
    counts = planted(k=3, n_docs=40).counts
    assert is_model(fit(engine, counts, 3, 1, iterations), 40, 3, counts.shape[1])


@every_engine
def test_more_iterations_are_another_fit(engine):
    counts = planted(k=3, n_docs=40).counts
    assert fit(engine, counts, 3, 1, 110).phi.tobytes() != fit(engine, counts, 3, 1, 150).phi.tobytes()


@every_engine
def test_empty_rows_have_no_mixture_and_move_no_other(engine):
    counts = planted(k=3, n_docs=40).counts
    dense = counts.toarray()
    dense[[0, 7, 39]] = 0
    stored_zeros = sparse.csr_matrix(counts)
    for row in (0, 7, 39):
        stored_zeros.data[stored_zeros.indptr[row] : stored_zeros.indptr[row + 1]] = 0
    fitted, again = (fit(engine, c, 3, 1, 120) for c in (sparse.csr_matrix(dense), stored_zeros))
    assert np.flatnonzero(np.isnan(fitted.theta).all(axis=1)).tolist() == [0, 7, 39]
    assert is_model(fitted, 40, 3, counts.shape[1])
    assert fitted.theta.tobytes() == again.theta.tobytes()
    for unseen in (sparse.csr_matrix(dense), stored_zeros):
        assert np.flatnonzero(np.isnan(fitted.infer(unseen)).any(axis=1)).tolist() == [0, 7, 39]
    np.testing.assert_allclose(fitted.infer(sparse.csr_matrix((0, counts.shape[1]), dtype=int)), np.empty((0, 3)))


@every_engine
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
    topic = fitted.theta[filled].argmax(axis=1)
    assert (topic == kind[filled]).all() or (topic == 1 - kind[filled]).all()


@every_engine
def test_terms_that_no_training_document_holds_say_nothing(engine):
    counts = planted(k=3, n_docs=40).counts.toarray()
    counts[:, 5] = 0
    fitted = fit(engine, sparse.csr_matrix(counts), 3, 1, 120)
    assert is_model(fitted, 40, 3, counts.shape[1])
    plain = counts[:3].copy()
    with_unseen = plain.copy()
    with_unseen[:, 5] = 50
    only_unseen = np.zeros_like(plain)
    only_unseen[:, 5] = 50
    inferred = fitted.infer(sparse.csr_matrix(with_unseen))
    assert inferred.tobytes() == fitted.infer(sparse.csr_matrix(plain)).tobytes()
    assert np.isnan(fitted.infer(sparse.csr_matrix(only_unseen))).all()


@every_engine
def test_a_corpus_of_one_document(engine):
    counts = sparse.csr_matrix(np.full((1, 10), 2))
    fitted = fit(engine, counts, 3, 1, 100)
    assert is_model(fitted, 1, 3, 10)
    assert np.isfinite(fitted.infer(counts)).all()


@every_engine
def test_more_topics_than_documents(engine):
    counts = planted(k=3, n_docs=5).counts
    assert is_model(fit(engine, counts, 12, 1, 100), 5, 12, counts.shape[1])


@every_engine
def test_identical_documents(engine):
    counts = sparse.csr_matrix(np.tile([3, 1, 2, 0, 1, 1, 4, 1, 1, 1], (20, 1)))
    fitted = fit(engine, counts, 3, 1, 100)
    assert is_model(fitted, 20, 3, 10)
    assert np.isfinite(fitted.theta).all()


@every_engine
@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (3, 0), (3, 5)])
def test_nothing_to_fit_is_an_error_that_says_so(engine, shape):
    with pytest.raises(ValueError, match="no document holds a counted term"):
        fit(engine, sparse.csr_matrix(shape, dtype=np.int32), 3, 1, 100)


def test_an_unknown_engine_is_named():
    with pytest.raises(ValueError, match="'lda'; known are tomotopy, gensim"):
        fit("lda", sparse.csr_matrix(np.ones((2, 2))), 2, 1, 100)


@every_engine
def test_the_counts_are_left_as_they_were(engine):
    counts = planted(k=3, n_docs=20).counts
    before = counts.copy()
    fit(engine, counts, 3, 1, 100).infer(counts)
    assert counts.data.tobytes() == before.data.tobytes()
    assert counts.indices.tobytes() == before.indices.tobytes()
