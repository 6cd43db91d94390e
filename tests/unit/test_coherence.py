"""Whether top terms belong together: worked by hand, and against gensim where gensim has an answer."""

import logging

import numpy as np
import pytest
from baokan.topics.coherence import c_v, npmi, u_mass
from gensim.corpora import Dictionary
from gensim.models import CoherenceModel
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

logging.getLogger("gensim").setLevel(logging.ERROR)

# Documents by terms a, b, c, d, e; counts above one must not matter.
DOCUMENTS = sparse.csr_matrix([[3, 1, 0, 0, 1], [1, 1, 1, 0, 1], [0, 0, 5, 0, 1], [0, 0, 0, 2, 0]])


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


def gensims(measure, top, counts):
    """gensim's value of each topic, every document being one window."""
    texts = [[str(i) for i in np.flatnonzero(row)] for row in (np.asarray(counts.todense()) > 0)]
    dictionary = Dictionary(texts)
    model = CoherenceModel(
        topics=[[str(i) for i in row] for row in top], texts=texts, dictionary=dictionary, coherence=measure,
        window_size=1000, topn=top.shape[1], processes=1,
        **({"corpus": [dictionary.doc2bow(t) for t in texts]} if measure == "u_mass" else {}),
    )  # fmt: skip
    return np.array(model.get_coherence_per_topic())


def corpus(seed, n_docs=60, n_terms=12):
    """Documents that each hold terms, in which every two terms meet."""
    rng = np.random.default_rng(seed)
    present = rng.random((n_docs, n_terms)) < rng.uniform(0.3, 0.8, n_terms)
    present[:2] = True
    return sparse.csr_matrix(present.astype(int)), np.array([rng.permutation(n_terms)[:5] for _ in range(3)])


@pytest.mark.parametrize("seed", range(5))
def test_as_gensim_where_all_terms_meet(seed):
    counts, top = corpus(seed)
    np.testing.assert_allclose(npmi(top, counts), gensims("c_npmi", top, counts), atol=1e-6)
    np.testing.assert_allclose(c_v(top, counts), gensims("c_v", top, counts), atol=1e-6)
    smoothing = 1e-12 * counts.shape[0]
    np.testing.assert_allclose(u_mass(top, counts, smoothing), gensims("u_mass", top, counts), atol=1e-6)


def test_c_v_is_gensims_also_where_terms_never_meet():
    counts = sparse.csr_matrix([[1, 1, 0, 0], [1, 1, 0, 1], [0, 0, 1, 1], [0, 0, 1, 0], [0, 1, 0, 0]])
    top = np.array([[0, 1, 2], [0, 1, 3]])
    np.testing.assert_allclose(c_v(top, counts), gensims("c_v", top, counts), atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_a_term_of_no_document_and_a_document_of_no_term_have_a_value():
    # Of such a topic gensim makes NaN, and of one with empty documents too.
    counts = sparse.csr_matrix([[1, 1, 0], [1, 0, 0], [0, 0, 0]])
    top = np.array([[0, 1, 2]])
    for measure in (npmi, c_v, u_mass):
        assert np.isfinite(measure(top, counts)).all()
        assert np.isfinite(measure(top, sparse.csr_matrix((0, 3), dtype=int))).all()
        assert np.isfinite(measure(np.array([[0]]), counts)).all()
    assert npmi(top, counts)[0] < npmi(top[:, :2], counts)[0]


def test_u_mass_by_hand():
    # D(a) = 2, D(a, b) = 2, D(a, c) = 1, D(b) = 2, D(b, c) = 1: log 3/2, log 2/2, log 2/2.
    np.testing.assert_allclose(u_mass(np.array([[0, 1, 2]]), DOCUMENTS), [np.log(3 / 2) / 3])


@given(st.integers(0, 2**32 - 1))
def test_terms_that_go_together_are_more_coherent_than_terms_drawn_by_lot(seed):
    rng = np.random.default_rng(seed)
    themes = rng.integers(3, size=90)
    present = np.array(
        [[(t == i // 4) * (rng.random() < 0.8) or rng.random() < 0.05 for i in range(12)] for t in themes]
    )
    own, mixed = np.arange(12).reshape(3, 4), np.arange(12).reshape(4, 3).T
    for measure in (npmi, c_v, u_mass):
        counts = sparse.csr_matrix(present.astype(int))
        assert measure(own, counts).mean() > measure(mixed, counts).mean()
