"""Which chunks train a model, and the fits of one K."""

import numpy as np
import pandas as pd
import pytest
from baokan.topics.alignment import align
from baokan.topics.training import fit_all, fit_seed, load, save, training_rows
from hypothesis import given
from hypothesis import strategies as st
from planted import planted
from scipy import sparse


def corpus(*chunks):
    """chunks and articles of (issue, n_tokens) or (issue, n_tokens, duplicate_of), an article each."""
    rows = [(*c, "")[:3] for c in chunks]
    ids = [f"a{i}" for i in range(len(rows))]
    table = pd.DataFrame({"article_id": ids, "n_tokens": [n for _, n, _ in rows]})
    articles = pd.DataFrame(
        {
            "article_id": ids,
            "source": ["报"] * len(ids),
            "issue_id": [issue for issue, _, _ in rows],
            "duplicate_of": [of for _, _, of in rows],
        }
    )
    return table, articles


def used(rows, chunks, articles):
    """Tokens that train, by issue."""
    return chunks.iloc[rows].merge(articles, on="article_id").groupby("issue_id")["n_tokens"].sum().to_dict()


def test_below_the_cap_everything_trains():
    assert training_rows(*corpus(("1", 300), ("1", 300), ("2", 900)), 1000, 0).tolist() == [0, 1, 2]


def test_an_issue_above_the_cap_is_cut_to_it_and_others_are_not():
    chunks, articles = corpus(*[("thick", 300)] * 50, *[("thin", 300)] * 3)
    rows = training_rows(chunks, articles, 3000, 0)
    assert used(rows, chunks, articles) == {"thick": 3000, "thin": 900}
    assert rows.tolist() == sorted(set(rows.tolist()))


def test_the_draw_is_spread_over_the_issue_and_differs_by_seed_only():
    chunks, articles = corpus(*[("thick", 100)] * 40)
    draws = [training_rows(chunks, articles, 1000, seed).tolist() for seed in range(200)]
    assert draws[3] == training_rows(chunks, articles, 1000, 3).tolist()
    assert draws[3] != draws[4]
    # Each chunk is drawn with probability 1/4: 50 of 200 times, with a standard deviation of 6.
    times = np.bincount(np.concatenate(draws), minlength=40)
    assert times.min() >= 25
    assert times.max() <= 75


def test_a_chunk_longer_than_the_cap_trains_alone():
    chunks, articles = corpus(("1", 5000), ("2", 5000), ("2", 5000))
    assert used(training_rows(chunks, articles, 1000, 0), chunks, articles) == {"1": 5000, "2": 5000}


def test_articles_of_no_issue_are_issues_of_their_own():
    assert len(training_rows(*corpus(*[("", 900)] * 10), 1000, 0)) == 10


def test_an_article_of_no_issue_is_capped_over_its_chunks():
    chunks = pd.DataFrame({"article_id": ["a"] * 10, "n_tokens": [300] * 10})
    articles = pd.DataFrame({"article_id": ["a"], "issue_id": [""], "duplicate_of": [""]})
    assert len(training_rows(chunks, articles, 1500, 0)) == 5


def test_repeats_train_once_and_take_no_room():
    chunks, articles = corpus(("1", 500), ("1", 500, "a0"), ("2", 500, "a0"), ("1", 500))
    assert training_rows(chunks, articles, 1000, 0).tolist() == [0, 3]


def test_the_source_is_not_looked_at():
    chunks, articles = corpus(*[(str(i % 5), 300) for i in range(60)])
    rows = training_rows(chunks, articles, 1000, 0)
    swapped = articles.assign(source=np.where(np.arange(60) % 3 == 0, "刊", "公报"))
    assert training_rows(chunks, swapped, 1000, 0).tolist() == rows.tolist()
    # Nor may it be needed, nor be read out of the name of an issue.
    assert training_rows(chunks, articles.drop(columns="source"), 1000, 0).tolist() == rows.tolist()
    renamed = articles.assign(issue_id=["公报/县报/" + i for i in articles["issue_id"]])
    assert training_rows(chunks, renamed, 1000, 0).tolist() == rows.tolist()


@given(
    st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), st.integers(1, 400)), max_size=30),
    st.integers(1, 1000),
    st.integers(0, 2**32 - 1),
)
def test_the_cap_holds_and_every_issue_takes_part(rows, cap, seed):
    chunks, articles = corpus(*rows)
    found = training_rows(chunks, articles, cap, seed)
    taken = chunks.iloc[found].merge(articles, on="article_id")
    taken["issue_id"] = taken["issue_id"].where(taken["issue_id"] != "", taken["article_id"])
    by_issue = taken.groupby("issue_id")["n_tokens"].agg(["sum", "count"])
    assert ((by_issue["sum"] <= cap) | (by_issue["count"] == 1)).all()
    assert set(by_issue.index) == {issue or f"a{i}" for i, (issue, _) in enumerate(rows)}


def test_no_chunks_train_nothing():
    empty = pd.DataFrame(columns=["chunk_id", "article_id", "tokens", "n_tokens"])
    rows = training_rows(empty, corpus(("1", 1))[1], 1000, 0)
    assert rows.tolist() == []
    assert rows.dtype == int


def test_each_fit_has_a_seed_of_its_own():
    seeds = {fit_seed(seed, k, n) for seed in (0, 1912) for k in (8, 12, 16) for n in range(200)}
    assert len(seeds) == 1200
    assert all(0 <= s < 2**31 for s in seeds)
    assert fit_seed(1912, 8, 0) == fit_seed(1912, 8, 0)


@pytest.mark.parametrize("engine", ["tomotopy", "gensim"])
def test_all_chunks_get_mixtures_and_progress_is_told(engine):
    truth = planted(k=3, n_docs=60)
    told = []
    training = np.arange(0, 60, 2)
    phi, theta = fit_all(engine, truth.counts, training, 3, [5, 6], 200, told.append)
    assert (phi.shape, theta.shape, told) == ((2, 3, truth.counts.shape[1]), (2, 60, 3), [1, 2])
    np.testing.assert_allclose(theta.sum(axis=2), 1, atol=1e-5)
    np.testing.assert_allclose(phi.sum(axis=2), 1, atol=1e-5)
    # A chunk that did not train gets the mixture of its own words: a share of 60 tokens has an error of at most 0.065.
    partner, _ = align(truth.phi, phi[0])
    assert np.abs(theta[0][:, partner] - truth.theta)[1::2].mean() <= 0.05
    again = fit_all(engine, truth.counts, training, 3, [6], 200)
    assert again[0][0].tobytes() == phi[1].tobytes()
    assert again[1][0].tobytes() == theta[1].tobytes()


def test_the_text_that_does_not_train_leaves_no_trace_in_the_topics():
    counts = planted(k=3, n_docs=30).counts
    changed = counts.toarray()
    changed[20:] = changed[20:][:, ::-1]
    one, two = (fit_all("tomotopy", sparse.csr_matrix(c), np.arange(20), 3, [1], 120) for c in (counts, changed))
    assert one[0].tobytes() == two[0].tobytes()
    assert one[1][0, :20].tobytes() == two[1][0, :20].tobytes()


def test_fits_are_the_same_bytes_twice_and_come_back(tmp_path):
    phi, theta = np.random.default_rng(0).random((2, 2, 3, 4)).astype(np.float32)
    theta[0, 1] = np.nan
    save(tmp_path / "new/a.npz", phi, theta)
    save(tmp_path / "b.npz", phi.copy(), theta.copy())
    assert (tmp_path / "new/a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = load(tmp_path / "b.npz")
    np.testing.assert_array_equal(back[0], phi)
    np.testing.assert_array_equal(back[1], theta)
    assert back[0].dtype == back[1].dtype == float
