"""TF-IDF by article and by source."""

from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from baokan.words.tfidf import DEFAULT_SCHEME, SCHEMES, tfidf_by_article, tfidf_by_source, weighted
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

COUNTS = hnp.arrays(int, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 4))

# Three articles; the terms stand in 1, 3 and 1 of them.
SMALL = sparse.csr_matrix([[1, 4, 0], [0, 2, 2], [0, 1, 0]])
LN2, LN3, LN4 = log(2), log(3), log(4)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("nnn", [[1, 4, 0], [0, 2, 2], [0, 1, 0]]),
        ("lnn", [[1, 1 + LN4, 0], [0, 1 + LN2, 1 + LN2], [0, 1, 0]]),
        # The largest frequencies of the articles are 4, 2 and 1.
        ("ann", [[0.5 + 0.5 / 4, 1, 0], [0, 1, 1], [0, 1, 0]]),
        ("bnn", [[1, 1, 0], [0, 1, 1], [0, 1, 0]]),
        # ln(3 / 1), ln(3 / 3) and ln(3 / 1).
        ("btn", [[LN3, 0, 0], [0, 0, LN3], [0, 0, 0]]),
        # ln(4 / 2) + 1, ln(4 / 4) + 1 and ln(4 / 2) + 1.
        ("bsn", [[LN2 + 1, 1, 0], [0, 1, LN2 + 1], [0, 1, 0]]),
        # ln(2 / 1), max(0, ln 0) and ln(2 / 1).
        ("bpn", [[LN2, 0, 0], [0, 0, LN2], [0, 0, 0]]),
        ("nnc", [[1 / sqrt(17), 4 / sqrt(17), 0], [0, 1 / sqrt(2), 1 / sqrt(2)], [0, 1, 0]]),
        # In the second article only the third term has a weight, in the third article none.
        ("ltc", [[1, 0, 0], [0, 0, 1], [0, 0, 0]]),
        ("ntn", [[LN3, 0, 0], [0, 0, 2 * LN3], [0, 0, 0]]),
    ],
)
def test_each_letter_by_hand(scheme, expected):
    np.testing.assert_allclose(weighted(SMALL, scheme).toarray(), expected, atol=1e-12)


def test_probabilistic_weights_are_never_negative():
    # In two of three articles: ln(1 / 2) < 0.
    assert weighted(sparse.csr_matrix([[1], [1], [0]]), "npn").toarray().tolist() == [[0], [0], [0]]


def test_articles_without_any_term_count():
    assert weighted(sparse.csr_matrix([[1], [0]]), "ntn")[0, 0] == pytest.approx(log(2))


def test_a_cell_stored_twice_or_as_zero_is_read_as_its_sum():
    twice = sparse.csr_matrix((np.array([1, 2, 0]), np.array([0, 0, 1]), np.array([0, 3])), shape=(1, 2))
    assert weighted(twice, "lnn").toarray()[0] == pytest.approx([1 + LN3, 0])
    assert twice.nnz == 3


@given(COUNTS)
def test_lsc_is_the_sublinear_tfidf_of_scikit_learn(counts):
    expected = TfidfTransformer(sublinear_tf=True).fit_transform(sparse.csr_matrix(counts, dtype=float))
    np.testing.assert_allclose(weighted(sparse.csr_matrix(counts), "lsc").toarray(), expected.toarray(), atol=1e-12)
    assert DEFAULT_SCHEME == "lsc"


@settings(deadline=None)
@given(COUNTS, st.sampled_from(SCHEMES))
def test_weights_stand_where_terms_do_and_rows_have_unit_length(counts, scheme):
    weights = weighted(sparse.csr_matrix(counts), scheme)
    dense = weights.toarray()
    assert weights.nnz == np.count_nonzero(counts)
    assert (dense >= 0).all()
    assert (dense[counts == 0] == 0).all()
    if scheme[2] == "c":
        lengths = np.sqrt((dense**2).sum(axis=1))
        np.testing.assert_allclose(lengths, (dense > 0).any(axis=1), atol=1e-12)


def test_all_schemes_have_a_name():
    assert len(set(SCHEMES)) == 4 * 4 * 2
    assert {"nnn", "ltc", "lsc", "apn"} <= set(SCHEMES)


@pytest.mark.parametrize("scheme", ["", "ltcx", "LTC", "xtc", "lxc", "ltx", "ctl"])
def test_an_unknown_scheme_is_told_the_letters(scheme):
    with pytest.raises(ValueError, match=r"n, l, a or b.*n, t, s or p.*n or c"):
        weighted(SMALL, scheme)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scheme", ["lsc", "atc", "npn"])
@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (2, 0), (2, 2)])
def test_of_nothing_tables_are_empty_and_whole(shape, scheme):
    counts = sparse.csr_matrix(shape, dtype=np.int32)
    articles = pd.DataFrame({"article_id": ["一", "二"], "source": "报", "issue_id": "1"})[: shape[0]]
    terms = ["甲", "乙"][: shape[1]]
    assert weighted(counts, scheme).shape == shape
    by_source = tfidf_by_source(counts, articles, terms, 10, scheme)
    assert by_source.empty
    columns = ["source", "rank", "term", "tfidf", "tfidf_elsewhere", "n_articles", "n_issues"]
    assert list(by_source.columns) == columns
    by_article = tfidf_by_article(counts, articles, terms, 10, scheme)
    assert by_article.empty
    assert list(by_article.columns) == ["article_id", "rank", "term", "tfidf", "n"]


def test_by_source_of_three_articles_and_four_terms_by_hand():
    # idf = ln(4 / (1 + df)) + 1: 1.693147 for a term of one article, 1 for one of all three. Rows before scaling:
    # (1.693147, 0, 1 + ln 2, 0), (0, 1.693147, 1, 0), (0, 0, 1, (1 + ln 3) 1.693147); their lengths are 2.394472,
    # 1.966410 and 3.691300.
    counts = sparse.csr_matrix([[1, 0, 2, 0], [0, 1, 1, 0], [0, 0, 1, 3]])
    articles = pd.DataFrame({"source": ["报", "报", "刊"], "issue_id": ["1", "1", "9"]})
    table = tfidf_by_source(counts, articles, ["甲", "乙", "丙", "丁"], 4)
    paper, magazine = table[table["source"] == "报"], table[table["source"] == "刊"]
    assert paper["term"].tolist() == ["丙", "乙", "甲"]
    assert paper["rank"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(paper["tfidf"], [0.6078245, 0.4305175, 0.3535534], atol=1e-5)
    np.testing.assert_allclose(paper["tfidf_elsewhere"], [0.2709079, 0, 0], atol=1e-5)
    assert paper["n_articles"].tolist() == [2, 1, 1]
    assert paper["n_issues"].tolist() == [1, 1, 1]
    assert magazine["term"].tolist() == ["丁", "丙"]
    np.testing.assert_allclose(magazine["tfidf"], [0.9626056, 0.2709079], atol=1e-5)
    np.testing.assert_allclose(magazine["tfidf_elsewhere"], [0, 0.6078245], atol=1e-5)


def test_by_source_in_another_scheme():
    articles = pd.DataFrame({"source": ["报", "报", "刊"], "issue_id": ["1", "1", "9"]})
    natural = tfidf_by_source(SMALL, articles, ["甲", "乙", "丙"], 3, "nnn")
    paper = natural[natural["source"] == "报"].set_index("term")
    assert paper["tfidf"].to_dict() == {"乙": 3, "丙": 1, "甲": 0.5}
    assert paper["tfidf_elsewhere"].to_dict() == {"乙": 1, "丙": 0, "甲": 0}
    # A term of all articles has no weight, and the magazine has no other term.
    inverse = tfidf_by_source(SMALL, articles, ["甲", "乙", "丙"], 3, "ntn")
    assert inverse["term"].tolist() == ["丙", "甲"]
    np.testing.assert_allclose(inverse["tfidf"], [LN3, LN3 / 2])


def test_by_source_terms_of_a_single_issue_come_last_and_the_list_stops_at_top():
    counts = sparse.csr_matrix([[9, 1, 0], [0, 1, 1], [0, 1, 0]])
    articles = pd.DataFrame({"source": ["报"] * 3, "issue_id": ["1", "2", "3"]})
    table = tfidf_by_source(counts, articles, ["甲", "乙", "丙"], 2)
    assert table["term"].tolist() == ["乙", "甲"]
    assert table["n_issues"].tolist() == [3, 1]
    # Of one issue alone nothing can be broad: the order is by weight.
    one = tfidf_by_source(counts[:1], articles[:1], ["甲", "乙", "丙"], 2)
    assert one["term"].tolist() == ["甲", "乙"]


def test_articles_of_no_issue_are_no_issue():
    counts = sparse.csr_matrix([[1, 1], [1, 0], [1, 0]])
    articles = pd.DataFrame({"source": ["报"] * 3, "issue_id": ["", "", "1"]})
    table = tfidf_by_source(counts, articles, ["甲", "乙"], 2).set_index("term")
    assert table["n_issues"].to_dict() == {"甲": 1, "乙": 0}
    none = tfidf_by_source(counts, articles.assign(issue_id=""), ["甲", "乙"], 2)
    assert none["n_issues"].tolist() == [0, 0]


def test_a_single_source_has_nothing_elsewhere():
    counts = sparse.csr_matrix([[1, 1], [0, 1]])
    articles = pd.DataFrame({"source": ["报"] * 2, "issue_id": ["1", "2"]})
    assert tfidf_by_source(counts, articles, ["甲", "乙"], 2)["tfidf_elsewhere"].tolist() == [0, 0]


def test_by_article_by_hand():
    articles = pd.DataFrame({"article_id": ["二", "一", "三"]}, index=[7, 8, 9])
    table = tfidf_by_article(SMALL, articles, ["甲", "乙", "丙"], 2, "nsn")
    # (1 (ln 2 + 1), 4), (2, 2 (ln 2 + 1)) and 1.
    assert table["article_id"].tolist() == ["二", "二", "一", "一", "三"]
    assert table["rank"].tolist() == [1, 2, 1, 2, 1]
    assert table["term"].tolist() == ["乙", "甲", "丙", "乙", "乙"]
    np.testing.assert_allclose(table["tfidf"], [4, LN2 + 1, 2 * (LN2 + 1), 2, 1])
    assert table["n"].tolist() == [4, 1, 2, 2, 1]
    assert tfidf_by_article(SMALL, articles, ["甲", "乙", "丙"], 1, "nsn")["term"].tolist() == ["乙", "丙", "乙"]
    # With the plain inverse frequency the third article's only term has no weight.
    assert tfidf_by_article(SMALL, articles, ["甲", "乙", "丙"], 2, "ntn")["article_id"].tolist() == ["二", "一"]


def test_by_article_ties_go_by_term_whatever_the_columns():
    articles = pd.DataFrame({"article_id": ["一"]})
    table = tfidf_by_article(sparse.csr_matrix([[1, 1, 2, 1]]), articles, ["丁", "丙", "甲", "乙"], 3, "nnn")
    assert table["term"].tolist() == ["甲", "丁", "丙"]


@settings(deadline=None)
@given(COUNTS, st.integers(1, 7), st.sampled_from(SCHEMES))
def test_by_article_lists_the_largest_weights(counts, top, scheme):
    ids, terms = [f"篇{i}" for i in range(len(counts))], [f"词{i}" for i in range(counts.shape[1])]
    table = tfidf_by_article(sparse.csr_matrix(counts), pd.DataFrame({"article_id": ids}), terms, top, scheme)
    dense = weighted(sparse.csr_matrix(counts), scheme).toarray()
    for i, name in enumerate(ids):
        rows = table[table["article_id"] == name]
        expected = sorted((j for j in range(len(terms)) if dense[i, j] > 0), key=lambda j: (-dense[i, j], terms[j]))
        assert rows["term"].tolist() == [terms[j] for j in expected[:top]]
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["n"].tolist() == [counts[i, j] for j in expected[:top]]
