"""The chosen model as tables."""

import numpy as np
import pandas as pd
import pytest
from baokan.topics.chosen import (
    article_topics_table,
    by_article,
    check_table,
    chosen_tables,
    label,
    passages,
    returns,
    size_order,
    topics_table,
)
from baokan.topics.quality import frex
from baokan.topics.training import fit_all
from hypothesis import given
from hypothesis import strategies as st
from planted import chunks_of, planted
from scipy import sparse

NAN = [np.nan, np.nan]


def chunks(*rows):
    return pd.DataFrame(rows, columns=["article_id", "n_tokens"])


def test_shares_of_articles_are_means_weighted_by_tokens():
    theta = np.array([[1.0, 0.0], [0.5, 0.5], [0.2, 0.8]])
    shares = by_article(theta, chunks(("a", 300), ("b", 10), ("a", 100)), ["b", "none", "a"])
    np.testing.assert_allclose(shares, [[0.5, 0.5], NAN, [0.8, 0.2]])  # (300 * 1 + 100 * 0.2) / 400


def test_many_fits_at_once_are_each_fit_by_itself():
    theta = np.random.default_rng(0).dirichlet(np.ones(3), (2, 4))
    table = chunks(("a", 1), ("b", 2), ("a", 3), ("c", 4))
    both = by_article(theta, table, ["a", "b", "c", "none"])
    assert both.shape == (2, 4, 3)
    for one, fit in zip(both, theta, strict=True):
        np.testing.assert_allclose(one, by_article(fit, table, ["a", "b", "c", "none"]))


def test_a_chunk_without_a_mixture_does_not_take_its_article_with_it():
    theta = np.array([[1.0, 0.0], NAN, [0.0, 1.0], NAN])
    table = chunks(("a", 100), ("a", 900), ("a", 300), ("b", 5))
    np.testing.assert_allclose(by_article(theta, table, ["a", "b"]), [[0.25, 0.75], NAN])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(0, 2), (3, 0, 2)])
def test_without_chunks_no_article_has_shares(shape):
    empty = pd.DataFrame(columns=["chunk_id", "article_id", "tokens", "n_tokens"])
    shares = by_article(np.empty(shape), empty, ["a", "b"])
    assert shares.shape == (*shape[:-2], 2, 2)
    assert np.isnan(shares).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_shares_of_articles_sum_to_one_and_lie_between_those_of_their_chunks(seed, n):
    rng = np.random.default_rng(seed)
    theta = rng.dirichlet(np.ones(3), n)
    names = rng.choice(["a", "b", "c"], n)
    shares = by_article(theta, chunks(*zip(names, rng.integers(1, 500, n), strict=True)), ["a", "b", "c"])
    for name, row in zip("abc", shares, strict=True):
        own = theta[names == name]
        if not len(own):
            assert np.isnan(row).all()
            continue
        np.testing.assert_allclose(row.sum(), 1)
        assert (row <= own.max(axis=0) + 1e-9).all()
        assert (row >= own.min(axis=0) - 1e-9).all()


def test_topics_are_numbered_by_their_share_of_the_text():
    theta = np.array([[0.9, 0.1, 0.0], [0.0, 0.2, 0.8], [np.nan] * 3])
    assert size_order(theta, np.array([1, 10, 99])).tolist() == [2, 1, 0]
    assert size_order(np.array([[0.5, 0.5]]), np.array([1])).tolist() == [0, 1]


PHI = np.array([[0.50, 0.40, 0.10], [0.55, 0.10, 0.35]])


def test_labels_are_the_terms_that_mark_a_topic():
    # FREX is 0.8, 0.8, 1/3 and 0.8, 1/3, 0.8 (worked in test_quality); ties go to the more probable.
    assert label(PHI, ["甲", "乙", "丙"], 2) == ["甲、乙", "甲、丙"]
    assert label(PHI, ["甲", "乙", "丙"], 9) == ["甲、乙、丙", "甲、丙、乙"]


def test_a_rare_term_is_no_label_however_exclusive():
    # 词35 is in topic 1 alone, and 36th of 200 by probability: FREX puts it first of all, at 0.90, but readers hardly
    # meet it. The 35 more probable terms belong to topic 2 rather.
    often, rare = np.linspace(2, 1, 35), np.linspace(0.1, 0.05, 164)
    phi = np.array([np.r_[often, 0.5, rare], np.r_[4 * often, 0.0, rare]])
    phi /= phi.sum(axis=1, keepdims=True)
    assert frex(phi)[0].argmax() == 35
    assert set(label(phi, [f"词{i}" for i in range(200)])[0].split("、")) <= {f"词{i}" for i in range(30)}


def test_returns_is_the_share_of_other_models_that_have_the_topic():
    phi = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    lost = np.array([[1.0, 0, 0, 0], [0, 0, 0.5, 0.5]])
    assert returns(phi, np.array([phi[::-1], lost])).tolist() == [1.0, 0.5]
    assert np.isnan(returns(phi, np.empty((0, 2, 4)))).all()


def test_the_topics_table_by_hand():
    counts = sparse.csr_matrix([[1, 1, 0], [1, 0, 1]])
    table = topics_table(PHI, np.array([0.6, 0.4]), ["甲", "乙", "丙"], counts, np.array([1.0, 0.5]), 2)
    assert table["topic_id"].tolist() == [1, 2]
    assert table["label"].tolist() == ["甲、乙、丙", "甲、丙、乙"]
    assert table["top_terms"].tolist() == [["甲", "乙"], ["甲", "丙"]]
    assert table["frex_terms"].tolist() == [["甲", "乙"], ["甲", "丙"]]
    # 甲 stands in every document: no information with 乙 or 丙 (0); 乙 and 丙 never meet (-1).
    np.testing.assert_allclose(table["coherence"], [-1 / 3, -1 / 3])


def test_the_long_form_leaves_out_articles_without_words():
    table = article_topics_table(["a", "b", "c"], np.array([[0.9, 0.1], NAN, [0.3, 0.7]]))
    assert table.to_numpy().tolist() == [["a", 1, 0.9], ["a", 2, 0.1], ["c", 1, 0.3], ["c", 2, 0.7]]
    assert article_topics_table(["a"], np.array([NAN])).empty


def articles(*rows):
    table = pd.DataFrame(rows, columns=["issue_id", "text"])
    return table.assign(article_id=[f"a{i}" for i in range(len(table))], duplicate_of="")


TERMS = ["水库", "小麦"]
WATER = np.array([[0.9, 0.1], [0.1, 0.9]])


def test_passages_are_the_densest_paragraphs_of_the_largest_shares():
    texts = articles(
        ("1", "会议昨天开幕。\n全县修好三座水库，水库蓄满了水。\n今年小麦丰收。"),
        ("2", "水库还没有修好。"),
        ("3", "小麦。"),
    )
    found = passages(texts, np.array([[0.7, 0.3], [0.9, 0.1], [0.1, 0.9]]), 0, WATER, TERMS, 2)
    assert found.to_numpy().tolist() == [
        ["a1", 0.9, "水库还没有修好。"],
        ["a0", 0.7, "全县修好三座水库，水库蓄满了水。"],
    ]


def test_passages_come_from_different_issues_while_others_remain():
    texts = articles(("1", "水库"), ("1", "水库"), ("2", "水库"), ("", "水库"), ("", "水库"))
    shares = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4], [0.5, 0.5]])
    assert passages(texts, shares, 0, WATER, TERMS, 3)["article_id"].tolist() == ["a0", "a2", "a3"]
    # Articles of no issue are issues of their own; the second of an issue comes last.
    assert passages(texts, shares, 0, WATER, TERMS, 9)["article_id"].tolist() == ["a0", "a2", "a3", "a4", "a1"]


def test_passages_quote_no_repeats_and_nothing_without_the_topic():
    texts = articles(("1", "水库"), ("2", "水库"), ("3", "水库"), ("4", "水库")).assign(duplicate_of=["", "a0", "", ""])
    shares = np.array([[0.9, 0.1], [0.9, 0.1], NAN, [0.0, 1.0]])
    assert passages(texts, shares, 0, WATER, TERMS, 3)["article_id"].tolist() == ["a0"]
    assert list(passages(texts, shares, 0, WATER, TERMS, 0).columns) == ["article_id", "share", "passage"]


def test_passages_of_traditional_text_are_found_and_quoted_as_they_stand():
    texts = articles(("1", "會議昨天開幕。\n全縣修好三座水庫。\n天氣很好。"))
    for terms in (["水库", "小麦"], ["水庫", "小麥"]):
        found = passages(texts, np.array([[0.9, 0.1]]), 0, WATER, terms, 1)
        assert found["passage"].tolist() == ["全縣修好三座水庫。"]


def test_an_article_without_text_gives_an_empty_passage():
    assert passages(articles(("1", "")), np.array([[0.9, 0.1]]), 0, WATER, TERMS, 1)["passage"].tolist() == [""]


def stage(truth, ks, engine="tomotopy", seeds=(1, 2), iterations=150):
    """What `chosen_tables` takes, of a planted corpus."""
    table = chunks_of(truth.counts)
    everything = np.arange(len(table))
    models = {}
    for k in ks:
        phi, theta = fit_all(engine, truth.counts, everything, k, list(seeds), iterations)
        models[k] = (phi.astype(float), theta.astype(float))
    texts = ["\n".join(truth.terms[i] for i in row.indices) for row in truth.counts]
    documents = pd.DataFrame(
        {"article_id": table["article_id"], "issue_id": table["article_id"], "duplicate_of": "", "text": texts}
    )
    vocabulary = pd.DataFrame({"term": truth.terms, "index": range(len(truth.terms))})
    return models, documents, vocabulary, table, truth.counts


def test_the_planted_topics_come_out_of_the_whole_stage():
    truth = planted(k=3, n_docs=90)
    chosen, tables, phi, theta = chosen_tables(*stage(truth, (2, 3)), 8, 2)
    assert chosen["k"] == len(phi) == 3
    assert tables["search"]["chosen"].sum() == 1
    topics = tables["topics"]
    np.testing.assert_allclose(topics["share"].sum(), 1)
    assert topics["share"].is_monotonic_decreasing
    # The planted topics differ in size by chance: the largest found is the largest planted.
    order = np.argsort(-truth.theta.mean(axis=0))
    for found, planted_topic in zip(topics["frex_terms"], order, strict=True):
        own = set(truth.terms[12 * planted_topic : 12 * planted_topic + 12])
        assert set(found) <= own
    # 5,400 tokens: a share of all text has a standard error below 0.01.
    np.testing.assert_allclose(topics["share"], truth.theta.mean(axis=0)[order], atol=0.03)
    np.testing.assert_allclose(tables["article_topics"].groupby("article_id")["share"].sum(), 1)
    assert tables["passages"].groupby("topic_id").size().tolist() == [2, 2, 2]
    assert theta.shape == (90, 3)
    assert topics["stability"].tolist() == [1, 1, 1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("engine", ["tomotopy", "gensim"])
@pytest.mark.parametrize(
    "counts",
    [np.full((1, 10), 3), np.tile([3, 1, 2, 1, 1, 1, 4, 1, 1, 1], (20, 1)), np.eye(10, dtype=int) * 9],
    ids=["one chunk", "identical documents", "documents that share nothing"],
)
def test_small_and_strange_corpora_give_whole_tables(engine, counts):
    truth = planted(k=2, n_docs=1, own_terms=4, common=2)
    assert len(truth.terms) == 10
    truth = type(truth)(sparse.csr_matrix(counts), truth.phi, truth.theta, truth.terms)
    for seeds in ((1,), (1, 2)):
        chosen, tables, phi, theta = chosen_tables(*stage(truth, (2, 15), engine, seeds, 100), 10, 3)
        assert chosen["k"] in (2, 15)
        assert np.isfinite(phi).all()
        assert np.isfinite(theta).all()
        assert np.isfinite(tables["topics"][["share", "coherence"]]).all(axis=None)
        assert np.isfinite(tables["search"]["score"]).all()
        assert tables["topics"]["stability"].isna().all() == (len(seeds) == 1)
        np.testing.assert_allclose(tables["topics"]["share"].sum(), 1)


def test_the_same_input_gives_the_same_tables():
    truth = planted(k=3, n_docs=40)
    one, two = (chosen_tables(*stage(truth, (2, 3)), 8, 2) for _ in range(2))
    assert one[0] == two[0]
    for name in one[1]:
        pd.testing.assert_frame_equal(one[1][name], two[1][name])
    assert one[2].tobytes() == two[2].tobytes()


def test_the_check_by_another_engine():
    phi = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1.0, 0]])
    other = np.array([[0, 0.9, 0.1, 0], [1.0, 0, 0, 0]])
    table = check_table(phi, other)
    assert table["topic_id"].tolist() == [1, 2, 3]
    assert table["partner"].tolist() == [1, 0, -1]
    # The cosine of (0, 1) and (0.9, 0.1), by hand.
    np.testing.assert_allclose(table["similarity"], [1, 0.9 / np.sqrt(0.9**2 + 0.1**2), 0])
    assert table["returns"].tolist() == [True, True, False]


def test_a_salutation_or_signature_is_not_quoted_though_it_is_dense():
    prose = (
        "渔政站的人清早下到码头，把网一张一张浸进水里再量，量完的挂在木架上，不合格的当场换掉，登记在册，下午再去对岸。"
    )
    articles = pd.DataFrame(
        {"article_id": ["a"], "issue_id": ["i"], "duplicate_of": [""], "text": [f"各渔政大队：\n{prose}\n渔政支队"]}
    )
    phi = np.array([[0.9, 0.1]])
    assert passages(articles, np.array([[1.0]]), 0, phi, ["渔政", "码头"], 1)["passage"].tolist() == [prose]
