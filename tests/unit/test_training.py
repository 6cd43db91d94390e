"""Which chunks train a model, and the fits of one K."""

import numpy as np
import pandas as pd
import pytest
from baokan.tables import write_arrays
from baokan.topics.alignment import align
from baokan.topics.training import (
    fit_all,
    fit_seed,
    held_out,
    load_around,
    load_fits,
    load_held_out,
    sweeps,
    training_rows,
)
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
def test_all_articles_get_mixtures_and_progress_is_told(engine):
    truth = planted(k=3, n_docs=60)
    told = []
    training = np.arange(0, 60, 2)
    fits = fit_all(engine, truth.counts, training, truth.counts, 3, [5, 6], 1, 200, told.append)
    assert (fits.phi.shape, fits.theta.shape, told) == ((2, 3, truth.counts.shape[1]), (2, 60, 3), [1, 2])
    assert fits.numbers.tolist() == [5, 6]
    np.testing.assert_allclose(fits.theta.sum(axis=2), 1, atol=1e-5)
    np.testing.assert_allclose(fits.phi.sum(axis=2), 1, atol=1e-5)
    # An article that did not train gets the mixture of its own words: a share of 60 tokens has an error of at most 0.065.
    partner, _ = align(truth.phi, fits.phi[0])
    assert np.abs(fits.theta[0][:, partner] - truth.theta)[1::2].mean() <= 0.05
    # A fit is its number's, whatever else is fitted beside it.
    again = fit_all(engine, truth.counts, training, truth.counts, 3, [6], 1, 200)
    assert again.phi[0].tobytes() == fits.phi[1].tobytes()
    assert again.theta[0].tobytes() == fits.theta[1].tobytes()


def test_an_article_has_the_same_shares_whether_or_not_it_trained():
    truth = planted(k=3, n_docs=40)
    twice = sparse.vstack([truth.counts, truth.counts]).tocsr()
    theta = fit_all("tomotopy", twice, np.arange(40), twice, 3, [0], 1, 120).theta[0]
    assert theta[:40].tobytes() == theta[40:].tobytes()


def test_the_text_that_does_not_train_leaves_no_trace_in_the_topics():
    counts = planted(k=3, n_docs=30).counts
    changed = counts.toarray()
    changed[20:] = changed[20:][:, ::-1]
    changed = sparse.csr_matrix(changed)
    one, two = (fit_all("tomotopy", c, np.arange(20), c, 3, [1], 1, 120) for c in (counts, changed))
    assert one.phi.tobytes() == two.phi.tobytes()
    assert one.theta[0, :20].tobytes() == two.theta[0, :20].tobytes()


def test_weights_that_are_no_shares_feed_nothing():
    truth = planted(k=3, n_docs=30)
    fits = fit_all("nmf", truth.counts, np.arange(30), truth.counts, 3, [0, 1], 1, 100)
    assert fits.phi.shape == (2, 3, truth.counts.shape[1])
    assert np.isnan(fits.theta).all() and fits.theta.shape == (2, 30, 3)


def test_no_fit_wanted_is_none_made():
    counts = planted(k=3, n_docs=30).counts
    fits = fit_all("tomotopy", counts, np.arange(30), counts, 3, [], 1, 100)
    assert fits.phi.shape == (0, 3, counts.shape[1]) and fits.theta.shape == (0, 30, 3)


@pytest.mark.parametrize(
    ("asked", "tokens", "made"),
    [(37, 10**9, 37), ("auto", 0, 600), ("auto", 7_000, 600), ("auto", 100_000, 400), ("auto", 10**7, 180)],
)
def test_sweeps(asked, tokens, made):
    assert sweeps(asked, tokens) == made


def test_held_out_text_is_foretold_best_by_about_the_planted_number_of_topics():
    truth = planted(k=4, n_docs=200, length=60)
    issues = np.array([f"{i // 5}" for i in range(200)])
    found = {k: held_out("tomotopy", truth.counts, np.arange(200), issues, k, 1, 150) for k in (2, 4, 12)}
    assert found[2][0] < found[4][0]
    assert found[12][0] < found[4][0] + 2 * found[4][1]
    # 20 of 200 documents, half of their 60 words: the same for every K.
    assert len({n for *_, n in found.values()}) == 1
    assert 500 < found[4][2] < 700
    # No model foretells words better than the one they were drawn from: its entropy is the bound.
    p = truth.theta @ truth.phi
    assert found[4][0] < (p * np.log(np.maximum(p, 1e-12))).sum(axis=1).mean() + 3 * found[4][1]


def test_where_no_issue_can_be_held_back_nothing_is_said():
    counts = planted(k=3, n_docs=10).counts
    for issues, training in ((["1"] * 10, range(10)), ([str(i) for i in range(10)], [3])):
        value, error, n = held_out("tomotopy", counts, np.array(training), np.array(issues), 3, 1, 50)
        assert np.isnan([value, error]).all() and n == 0


def test_fits_are_the_same_bytes_twice_and_come_back_in_the_order_of_their_numbers(tmp_path):
    counts = planted(k=3, n_docs=20).counts
    parts = [fit_all("tomotopy", counts, np.arange(20), counts, 3, numbers, 1, 40) for numbers in ([0, 1], [3], [2])]
    for i, fits in enumerate(parts):
        write_arrays(tmp_path / f"new/{i}.npz", **fits._asdict(), held_out=(-7.5, 0.25, 900))
        write_arrays(
            tmp_path / f"{i}.npz",
            **{name: np.copy(value) for name, value in fits._asdict().items()},
            held_out=(-7.5, 0.25, 900),
        )
        assert (tmp_path / f"new/{i}.npz").read_bytes() == (tmp_path / f"{i}.npz").read_bytes()
    back = load_fits(*(tmp_path / f"{i}.npz" for i in range(3)))
    assert back.numbers.tolist() == [0, 1, 2, 3]
    np.testing.assert_array_equal(back.phi[2], parts[2].phi[0])
    np.testing.assert_array_equal(back.theta[3], parts[1].theta[0])
    assert back.alpha == parts[0].alpha == 0.1
    assert load_held_out(tmp_path / "0.npz") == (-7.5, 0.25)


def test_what_could_not_be_loaded_again_is_not_saved(tmp_path):
    with pytest.raises(ValueError, match="Object arrays"):
        write_arrays(tmp_path / "terms.npz", terms=np.array(["甲", "乙"], dtype=object))


def test_the_neighbours_of_a_k_are_the_next_ones_tried(tmp_path):
    paths = {}
    for k in (5, 8, 12, 20):
        paths[k] = str(tmp_path / f"{k}.npz")
        write_arrays(paths[k], phi=np.zeros((1, k, 3)), theta=np.zeros((1, 2, k)), numbers=np.arange(1), alpha=0.1)
    ks, files = list(paths), list(paths.values())
    fits, around = load_around(ks, files, 8)
    assert fits.phi.shape == (1, 8, 3) and {k: near.phi.shape[1] for k, near in around.items()} == {5: 5, 12: 12}
    assert list(load_around(ks, files, 5)[1]) == [8]
    assert load_around([8], files[1:2], 8)[1] == {}
    # The fits that were made once K was chosen come after those of the search.
    later = tmp_path / "later.npz"
    write_arrays(later, phi=np.ones((1, 8, 3)), theta=np.ones((1, 2, 8)), numbers=np.array([4]), alpha=0.1)
    assert load_around(ks, files, 8, [later])[0].numbers.tolist() == [0, 4]
