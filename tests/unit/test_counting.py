"""Occurrences by article, issue and source."""

import numpy as np
import pandas as pd
import pytest
from baokan.words.counting import spread, stands_for, summed, word_counts
from baokan.words.tokens import tokenized
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

ARTICLES = st.lists(st.lists(st.sampled_from("水渠地山"), max_size=8), max_size=6)


def made(*articles):
    return tokenized([f"a{i}" for i in range(len(articles))], [" ".join(a) for a in articles], str.split)


def about(sources, issues, documents=None):
    documents = documents or [f"d{i}" for i in range(len(sources))]
    return pd.DataFrame({"source": sources, "issue_id": issues, "document_id": documents}, dtype=object)


def test_counts_by_hand():
    tokens = made("水渠水", "", "地水")
    assert list(tokens.words) == ["地", "水", "渠"]
    assert word_counts(tokens).toarray().tolist() == [[0, 2, 1], [0, 0, 0], [1, 1, 0]]


@given(ARTICLES)
def test_counts_are_those_of_the_words(articles):
    tokens = made(*articles)
    counts = word_counts(tokens)
    assert counts.shape == (len(articles), len(tokens.words))
    assert counts.has_canonical_format
    assert counts.toarray().tolist() == [[a.count(w) for w in tokens.words] for a in articles]


@given(ARTICLES)
def test_counting_leaves_the_tokens_in_their_order(articles):
    tokens = made(*articles)
    word_counts(tokens)
    assert list(tokens.words[tokens.ids]) == [w for a in articles for w in a]


def test_sums_of_groups_by_hand_and_rows_of_no_group():
    counts = sparse.csr_matrix([[1, 0], [2, 3], [4, 0], [8, 8]])
    names, sums = summed(counts, np.array(["乙", "甲", "乙", ""], dtype=object))
    assert list(names) == sorted(["甲", "乙"])
    assert dict(zip(names, sums.toarray().tolist(), strict=True)) == {"甲": [2, 3], "乙": [5, 0]}


def test_what_a_word_is_spread_over():
    articles = about(["报"] * 4, ["报/1", "报/1", "", ""], ["a", "b", "c", "c"])
    found = stands_for(articles)
    assert found[0] == found[1] == "报/1"
    assert found[2] == found[3] != ""
    assert len(set(found)) == 2


def test_a_document_called_like_an_issue_is_not_that_issue():
    found = stands_for(about(["报", "报"], ["报/1", ""], ["x", "报/1"]))
    assert found[0] != found[1]


def test_spread_by_hand():
    # 报: two issues, of two articles and one; 刊: one issue, and two articles of one undated document.
    tokens = made("水水渠", "水", "渠", "水地", "水", "水")
    articles = about(list("报报报刊刊刊"), ["报/1", "报/1", "报/2", "刊/1", "", ""], ["a", "a", "b", "c", "d", "d"])
    where = spread(word_counts(tokens), articles)
    assert list(tokens.words) == ["地", "水", "渠"]
    assert where.sources == sorted("报刊")
    place = {s: i for i, s in enumerate(where.sources)}

    def of(source):
        return [getattr(where, n)[place[source]].tolist() for n in ("occurrences", "articles", "issues")]

    assert of("报") == [[0, 3, 2], [0, 2, 2], [0, 1, 2]]
    assert of("刊") == [[1, 3, 0], [1, 3, 0], [1, 2, 0]]
    assert (where.n_articles[place["报"]], where.n_articles[place["刊"]]) == (3, 3)
    assert (where.n_issues[place["报"]], where.n_issues[place["刊"]]) == (2, 2)


@given(
    st.lists(
        st.tuples(st.sampled_from("报刊"), st.sampled_from(["1", "2", ""]), st.lists(st.sampled_from("水渠地"))),
        max_size=8,
    )
)
def test_spread_adds_up(rows):
    articles = about([s for s, _, _ in rows], [f"{s}/{i}" if i else "" for s, i, _ in rows])
    tokens = made(*(words for _, _, words in rows))
    where = spread(word_counts(tokens), articles)
    assert where.occurrences.sum() == len(tokens.ids)
    assert where.n_articles.sum() == len(rows)
    assert where.n_issues.sum() == len(set(stands_for(articles)))
    assert (where.issues <= where.articles).all() and (where.articles <= where.occurrences).all()
    assert (where.articles <= where.n_articles[:, None]).all() and (where.issues <= where.n_issues[:, None]).all()


@pytest.mark.filterwarnings("error")
def test_of_no_articles():
    where = spread(word_counts(made()), about([], []))
    assert where.sources == []
    assert where.occurrences.shape == (0, 0)
