"""The chosen model fitted to the text cut in other ways."""

import numpy as np
import pandas as pd
import pytest
from baokan.topics.segmentations import WITHOUT_TERMS, segmentations, wanted
from baokan.words.inforce import WordLists

WATER = ["水库", "河流", "桥梁", "渔船", "堤坝"]
SCHOOL = ["学校", "老师", "学生", "课本", "教室"]
# Nothing but terms: no part of one is two characters long.
TERMS = [f"{a}·{b}" for a in "甲乙丙丁" for b in "水山河"]
CONFIG = {
    "seed": 1,
    "words": {
        "engine": "rjieba", "simplify": True, "parts_of_speech": "content", "min_length": 2, "min_articles": 2,
        "min_issues": 1, "max_article_share": 1.0, "max_issue_share": 1.0,
    },
    "topics": {"engine": "tomotopy", "iterations": 100, "chunk_tokens": 300, "issue_cap": 20000},
}  # fmt: skip
K = 2


def press(themes, n=24, seed=0):
    """Articles of one theme each, by turns, of two sources."""
    rng = np.random.default_rng(seed)
    rows = [(f"a{i}", "", "，".join(rng.choice(themes[i % len(themes)], 40))) for i in range(n)]
    articles = pd.DataFrame(
        {
            "article_id": [r[0] for r in rows],
            "source": ["报" if i < n // 2 else "刊" for i in range(n)],
            "issue_id": [f"{i // 4}" for i in range(n)],
            "document_id": "d",
            "duplicate_of": "",
        }
    )
    return rows, articles


def fitted(rows, articles, names, terms=(), config=CONFIG):
    lists = WordLists(list(terms), {}, {}, [])
    return segmentations(lambda: iter(rows), articles, lists, names, config, K)


def tables(terms_changed, engine_rows, whole):
    changed = pd.DataFrame(
        [
            ("terms", "报", 100, terms_changed, True),
            ("terms", "刊", 100, 0, True),
            ("engine", "报", 100, engine_rows, whole),
        ],
        columns=["by", "source", "tokens", "changed", "whole"],
    )
    engines = pd.DataFrame([("水|库", "水库", 1, 1)] * engine_rows, columns=["here", "there", "places", "n_articles"])
    return engines, changed


@pytest.mark.parametrize(
    ("terms_changed", "engine_rows", "whole", "engine", "expected"),
    [
        (0, 0, True, "rjieba", []),
        (3, 0, True, "rjieba", ["without terms"]),
        (0, 2, True, "rjieba", ["jieba"]),
        (0, 2, True, "jieba", ["rjieba"]),
        (0, 2, False, "rjieba", []),
        (3, 2, False, "rjieba", ["without terms"]),
        (3, 2, True, "jieba", ["without terms", "rjieba"]),
    ],
)
def test_which_segmentations_are_worth_a_fit(terms_changed, engine_rows, whole, engine, expected):
    assert wanted(*tables(terms_changed, engine_rows, whole), engine) == expected


def test_where_the_other_segmenter_was_not_tried_it_is_not_fitted():
    engines, changed = tables(3, 0, True)
    assert wanted(engines, changed[changed["by"] == "terms"], "rjieba") == ["without terms"]


def test_planted_themes_are_found_in_each_way_of_cutting():
    rows, articles = press([WATER, SCHOOL])
    found = fitted(rows, articles, [WITHOUT_TERMS, "jieba"], ["水库河流"])
    assert list(found) == ["without terms", "jieba"]
    for shares in found.values():
        assert shares.shape == (24, 2)
        assert shares.dtype == np.float32
        np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
        main = shares.argmax(axis=1)
        assert set(main[::2]) != set(main[1::2])
        assert len(set(main[::2])) == len(set(main[1::2])) == 1
        assert shares.max(axis=1).min() > 0.9


def test_a_way_of_cutting_that_leaves_too_little_is_left_out():
    rows, articles = press([TERMS[:6], TERMS[6:]])
    found = fitted(rows, articles, [WITHOUT_TERMS, "jieba"], TERMS)
    assert list(found) == ["jieba"]


def test_an_article_without_counted_words_has_no_shares_and_rows_follow_the_articles():
    rows, articles = press([WATER, SCHOOL])
    rows[5] = ("a5", "", "。")
    found = fitted(rows, articles, [WITHOUT_TERMS])["without terms"]
    assert np.isnan(found).any(axis=1).nonzero()[0].tolist() == [5]


def test_the_same_fit_each_time():
    rows, articles = press([WATER, SCHOOL])
    once, again = (fitted(rows, articles, [WITHOUT_TERMS])["without terms"] for _ in range(2))
    assert once.tobytes() == again.tobytes()


def test_nothing_wanted_is_nothing_fitted():
    rows, articles = press([WATER, SCHOOL])
    assert fitted(rows, articles, []) == {}
