"""The chosen model as tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from baokan.corpus.rulings import Ruling
from baokan.topics.chosen import (
    Corpus,
    article_topics_table,
    chosen_model,
    colour,
    return_scores,
    returns,
    size_order,
    topics_table,
)
from baokan.topics.model_selection import search_table
from baokan.topics.passages import passages
from baokan.topics.rulings import ruled
from baokan.topics.training import Fits, fit_all
from baokan.words.tokens import tokenized
from planted import planted, reported
from scipy import sparse

NAN = [np.nan, np.nan]


def test_topics_are_numbered_by_their_share_of_the_text():
    theta = np.array([[0.9, 0.1, 0.0], [0.0, 0.2, 0.8], [np.nan] * 3])
    assert size_order(theta, np.array([1, 10, 99])).tolist() == [2, 1, 0]
    assert size_order(np.array([[0.5, 0.5]]), np.array([1])).tolist() == [0, 1]


def test_returns_is_the_share_of_other_models_that_have_the_topic():
    phi = np.zeros((2, 80))
    phi[0, :20], phi[1, 20:40] = 0.05, 0.05
    lost = phi.copy()
    lost[1] = np.roll(phi[1], 20)
    scores = return_scores(phi, [phi[::-1], lost], [[0], [1]], np.ones(2))
    assert returns(scores).tolist() == [1.0, 0.5]
    assert np.isnan(returns(return_scores(phi, [], [[0], [1]], np.ones(2)))).all()


def test_a_topic_has_its_colour_by_its_number_and_neighbours_are_told_apart():
    colours = [colour(n) for n in range(1, 61)]
    assert len(set(colours)) == 60 and all(len(c) == 7 for c in colours)
    values = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours])
    assert np.abs(np.diff(values, axis=0)).sum(axis=1).min() > 100
    # Dark enough to be seen on white.
    assert (values @ [0.2126, 0.7152, 0.0722]).max() < 200


PHI = np.array([[0.50, 0.40, 0.10], [0.55, 0.10, 0.35]])


def corpus_of(texts, terms, counts):
    """A Corpus of articles of one chunk each; texts are words with a blank between them."""
    table = articles(*[(f"{i}", text) for i, text in enumerate(texts)])
    tokens = tokenized(list(table["article_id"]), texts, lambda text: [w for p in text.split(" ") for w in (p, " ")])
    return Corpus(table, tokens, terms, sparse.csr_matrix(counts), sparse.csr_matrix(counts))


def test_the_topics_table_by_hand():
    corpus = corpus_of(["甲 乙", "甲 丙"], ["甲", "乙", "丙"], [[1, 1, 0], [1, 0, 1]])
    theta = np.array([[0.6, 0.4], [0.9, 0.1]])
    rulings = [Ruling(2, "粮食", "theme", "", "", 2)]
    rule = ruled(rulings, PHI, corpus.terms)
    table = topics_table(reported(PHI, theta, terms=corpus.terms, ruling=rule.ruling), rule.names, corpus, 2)
    assert table["topic_id"].tolist() == [1, 2]
    np.testing.assert_allclose(table["share"], [0.75, 0.25])
    assert table["top_terms"].tolist() == [["甲", "乙"], ["甲", "丙"]]
    assert table["frex_terms"].tolist() == [["甲", "乙"], ["甲", "丙"]]  # worked in test_quality
    assert table["mark_terms"].tolist() == [["甲", "乙", "丙"], ["甲", "丙", "乙"]]
    # 甲 stands in every document: no information with 乙 or 丙 (0); 乙 and 丙 never meet (-1).
    np.testing.assert_allclose(table["coherence"], [-1 / 3, -1 / 3])
    assert table["label"].tolist()[1] == "粮食" != table["auto_label"].tolist()[1]
    assert table["label"].iat[0] == table["auto_label"].iat[0]
    assert table["ruling"].tolist() == ["", "theme"] and not table["excluded"].any()
    assert table["merged"].tolist() == [[], []]


def test_the_long_form_leaves_out_articles_without_words():
    table = article_topics_table(["a", "b", "c"], np.array([[0.9, 0.1], NAN, [0.3, 0.7]]), np.array([1, 4]))
    assert table.to_numpy().tolist() == [["a", 1, 0.9], ["a", 4, 0.1], ["c", 1, 0.3], ["c", 4, 0.7]]
    assert article_topics_table(["a"], np.array([NAN]), np.array([1, 2])).empty


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


def test_an_article_that_hardly_has_the_topic_is_not_quoted_for_the_sake_of_its_issue():
    texts = articles(("1", "水库"), ("1", "水库"), ("1", "水库"), ("2", "水库"), ("3", "水库"))
    shares = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.02, 0.98], [0.46, 0.54]])
    assert passages(texts, shares, 0, WATER, TERMS, 3)["article_id"].tolist() == ["a0", "a4", "a1"]


def test_of_a_long_paragraph_the_densest_sentences_are_quoted():
    dull, about = "会议听取了各地的情况汇报，并就下一步的安排交换了意见。", "水库在汛期以前修好，水库蓄水，水库放水。"
    text = dull * 12 + about * 3 + dull * 12
    (found,) = passages(articles(("1", text)), np.array([[0.9, 0.1]]), 0, WATER, TERMS, 1)["passage"]
    assert about * 3 in found and len(found) <= 242 and found[0] == found[-1] == "…"
    assert found.strip("…") in text
    (first,) = passages(articles(("1", about * 3 + dull * 24)), np.array([[0.9, 0.1]]), 0, WATER, TERMS, 1)["passage"]
    assert first.startswith(about * 3) and first.endswith("…")
    unbroken = "水库" * 200
    assert passages(articles(("1", unbroken)), np.array([[0.9, 0.1]]), 0, WATER, TERMS, 1)["passage"].tolist() == [
        unbroken
    ]


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


def stage(truth, ks=(4,), engine="tomotopy", seeds=3, iterations=150, later=2):
    """What `chosen_model` takes, of a planted corpus, but for the rulings: the fits of the first K and of its neighbours."""
    words = [
        [truth.terms[i] for i, n in zip(row.indices, row.data, strict=True) for _ in range(n)] for row in truth.counts
    ]
    corpus = corpus_of([" ".join(w) for w in words], truth.terms, truth.counts)
    everything, counts = np.arange(truth.counts.shape[0]), truth.counts
    fits = {k: fit_all(engine, counts, everything, counts, k, range(seeds), 1, iterations) for k in ks}
    search = search_table({k: f.phi for k, f in fits.items()}, counts, {})
    more = fit_all(engine, counts, everything, counts, ks[0], range(seeds, seeds + later), 1, iterations)
    first = Fits(
        *(np.concatenate([getattr(fits[ks[0]], n), getattr(more, n)]) for n in ("phi", "theta", "numbers")), 0.1
    )
    around = {k: f.phi for k, f in fits.items() if k != ks[0]}
    return {"k": ks[0], "reason": "So it was."}, first, around, more.phi if later else None, search, corpus


def test_the_planted_topics_come_out_of_the_whole_stage():
    truth = planted(k=4, n_docs=200, length=60)
    given = stage(truth, (4, 3, 6))
    chosen = chosen_model(*given, [], 8, 2)
    topics, phi, theta = chosen.tables["topics"], chosen.model.phi, chosen.model.theta
    own = [set(truth.terms[12 * k : 12 * (k + 1)]) for k in range(4)]
    found = [[len(set(terms) & words) for words in own] for terms in topics["top_terms"]]
    assert sorted(np.argmax(found, axis=1)) == [0, 1, 2, 3] and np.max(found, axis=1).min() >= 7
    assert (topics["stability"] == 1).all() and (topics["check"] == 1).all()
    assert (topics["stability_k"] >= 0.5).all()
    assert topics["share"].is_monotonic_decreasing
    np.testing.assert_allclose(topics["share"].sum(), 1)
    assert topics["label"].is_unique
    np.testing.assert_allclose(theta.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(phi.sum(axis=1), 1, atol=1e-5)
    assert chosen.said["n_fits"] == 5 and chosen.said["neighbours"] == [3, 6]
    assert chosen.said["reason"] == "So it was. Of its 5 fits the one nearest to the others is reported."
    search = chosen.tables["search"]
    assert len(search) == 11 and search["chosen"].sum() == 1
    assert search.loc[search["score"].isna(), "seed"].tolist() == [3, 4]
    # The fit that is reported is the one that the search names.
    best = search[search["chosen"]].iloc[0]
    assert (best["k"], best["seed"]) == (chosen.model.k, chosen.model.number) == (4, chosen.said["seed"])
    assert best["nearness"] == search["nearness"].max()
    assert search.loc[search["k"] != 4, "nearness"].isna().all() and search["nearness"].notna().sum() == 5
    scored = search[search["score"].notna()]
    np.testing.assert_allclose(scored["score"], scored["npmi"] * scored["stability"])
    fit = given[1].phi[int(best["seed"])]
    np.testing.assert_array_equal(phi[np.lexsort(phi.T)], fit[np.lexsort(fit.T)])
    assert chosen.model.labels == topics["label"].tolist()
    quoted = chosen.tables["passages"]
    assert quoted.groupby("topic_id").size().to_dict() == {1: 2, 2: 2, 3: 2, 4: 2}


def test_rulings_name_merge_and_exclude_and_hold_in_the_next_run_by_their_terms():
    truth = planted(k=4, n_docs=200, length=60)
    given = stage(truth)
    plain = chosen_model(*given, [], 8, 1)
    topics = plain.tables["topics"]
    marks = {r.topic_id: "、".join(r.mark_terms) for r in topics.itertuples()}
    rulings = [
        Ruling(1, "洪水", "", "", marks[1], 2),
        Ruling(4, "", "merge", "2", marks[4], 3),
        Ruling(3, "", "exclude", "", marks[3], 4),
        Ruling(2, "", "", "", marks[2], 5),
    ]
    chosen = chosen_model(*given, rulings, 8, 1)
    made = chosen.tables["topics"].set_index("topic_id")
    assert list(made.index) == [1, 2, 3]
    assert made.loc[1, "label"] == "洪水"
    assert made["excluded"].to_dict() == {1: False, 2: False, 3: True}
    assert list(made.loc[2, "merged"]) == [4]
    before = topics.set_index("topic_id")["share"]
    assert made.loc[2, "share"] == pytest.approx(before[2] + before[4])
    # Of the merged topic's words both parts have their share.
    phi = chosen.model.phi[1]
    expected = (before[2] * plain.model.phi[1] + before[4] * plain.model.phi[3]) / (before[2] + before[4])
    np.testing.assert_allclose(phi, expected, atol=1e-6)
    assert chosen.tables["rulings"]["outcome"].tolist() == ["applied"] * 3
    assert set(chosen.tables["article_topics"]["topic_id"]) == {1, 2, 3}
    # With topics in another order the rulings follow the terms.
    choice, fits, *rest = given
    turned = Fits(fits.phi[:, ::-1], fits.theta[:, :, ::-1], fits.numbers, 0.1)
    again = chosen_model(choice, turned, *rest, rulings, 8, 1)
    pd.testing.assert_series_equal(again.tables["topics"]["label"], chosen.tables["topics"]["label"])
    # And say when a topic is gone.
    gone = chosen_model(*given, [Ruling(2, "铁路", "", "", "火车、车站、铁轨、站长", 7)], 8, 1).tables["rulings"]
    assert gone["outcome"].tolist() == ["not applied: the topic is gone; the nearest, 1, has 0 of its 4 terms"]
    assert gone["topic_id"].tolist() == [0]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("n_docs", "length", "k"), [(1, 60, 2), (3, 40, 8), (5, 3, 20)], ids=["one article", "three", "K above articles"]
)
def test_few_articles_make_sound_tables(n_docs, length, k):
    given = stage(planted(k=2, n_docs=n_docs, length=length), (k,), seeds=2, iterations=40, later=0)
    chosen = chosen_model(*given, [], 8, 2)
    topics = chosen.tables["topics"]
    assert len(topics) == k and topics["label"].is_unique and topics["label"].ne("").all()
    assert np.isfinite(topics[["share", "coherence", "c_v", "u_mass", "exclusivity", "stability"]]).all(axis=None)
    assert topics["check"].isna().all() and topics["stability_k"].isna().all()


@pytest.mark.filterwarnings("error")
def test_identical_articles_and_empty_ones_make_sound_tables():
    truth = planted(k=2, n_docs=12)
    rows = np.tile(truth.counts[0].toarray(), (12, 1))
    rows[5] = 0
    same = sparse.csr_matrix(rows)
    chosen = chosen_model(*stage(replace(truth, counts=same), (3,)), [], 8, 2)
    theta = chosen.model.theta
    assert np.isnan(theta[5]).all() and np.isfinite(np.delete(theta, 5, axis=0)).all()
    assert np.isfinite(chosen.tables["topics"][["share", "coherence", "stability"]]).all(axis=None)
    assert "a5" not in set(chosen.tables["article_topics"]["article_id"])


def test_a_vocabulary_of_half_a_million_terms_is_borne():
    rng = np.random.default_rng(0)
    n_terms = 500_000
    counts = sparse.random(60, n_terms, density=400 / n_terms, format="csr", random_state=rng)
    counts.data = np.ones(len(counts.data), int)
    counts = sparse.csr_matrix(counts, dtype=int)
    terms = [f"词{i}" for i in range(n_terms)]
    corpus = corpus_of([" ".join(terms[i] for i in row.indices) for row in counts], terms, counts)
    fits = fit_all("tomotopy", counts, np.arange(60), counts, 3, range(2), 1, 40)
    search = search_table({3: fits.phi}, counts, {})
    chosen = chosen_model({"k": 3, "reason": ""}, fits, {}, None, search, corpus, [], 8, 2)
    topics = chosen.tables["topics"]
    assert np.isfinite(topics[["share", "coherence", "c_v", "u_mass", "exclusivity", "stability"]]).all(axis=None)
    assert topics["label"].is_unique


def test_the_same_input_gives_the_same_tables():
    truth = planted(k=3, n_docs=40)
    one, two = (chosen_model(*stage(truth, (3, 2)), [], 8, 2) for _ in range(2))
    assert one.said == two.said
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables[name], two.tables[name])
    for name in ("fitted", "theta", "weights", "parts"):
        assert getattr(one.model, name).tobytes() == getattr(two.model, name).tobytes()


def test_a_salutation_or_signature_is_not_quoted_though_it_is_dense():
    prose = (
        "渔政站的人清早下到码头，把网一张一张浸进水里再量，量完的挂在木架上，不合格的当场换掉，登记在册，下午再去对岸。"
    )
    articles = pd.DataFrame(
        {"article_id": ["a"], "issue_id": ["i"], "duplicate_of": [""], "text": [f"各渔政大队：\n{prose}\n渔政支队"]}
    )
    phi = np.array([[0.9, 0.1]])
    assert passages(articles, np.array([[1.0]]), 0, phi, ["渔政", "码头"], 1)["passage"].tolist() == [prose]
