"""The flag for house style, and what a topic tells of its source."""

import numpy as np
import pytest
from baokan.comparing.house_style import house_style, topic_source_information
from made_articles import make_articles


def test_information_by_hand():
    articles = make_articles([("n", "1", 10), ("m", "1", 10)])
    apart, per_token = topic_source_information(articles, np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    np.testing.assert_allclose(apart, [0.5, 0.5, 0.0], rtol=1e-14)
    np.testing.assert_allclose(per_token, [1, 1, 0], rtol=1e-14)
    alike, _ = topic_source_information(articles, np.array([[0.3, 0.7], [0.3, 0.7]]))
    np.testing.assert_allclose(alike, 0, atol=1e-15)
    weighted, _ = topic_source_information(make_articles([("n", "1", 30), ("m", "1", 10)]), np.eye(2))
    assert weighted.sum() == pytest.approx(-0.75 * np.log2(0.75) - 0.25 * np.log2(0.25))


def test_house_style_is_told_from_a_theme():
    rng = np.random.default_rng(1)
    n = 300
    articles = make_articles([(source, str(i % 10), 50) for source in ("m", "n") for i in range(n)])
    style = np.concatenate([np.full(n, 0.01), rng.uniform(0.15, 0.25, n)])
    theme = np.concatenate([np.full(n, 0.01), np.where(np.arange(n) < 0.2 * n, 0.7, 0.01)])
    table = house_style(articles, np.column_stack([style, theme, 1 - style - theme]))
    assert table["flag"].tolist() == [True, False, False]
    assert table["source"].tolist()[:2] == ["n", "n"]
    assert table.loc[0, "median"] == pytest.approx(0.20, abs=0.01)
    assert table.loc[1, "median"] == 0.01
    assert (table["information"] > 0).all()


def test_one_source_has_no_style_flag():
    table = house_style(make_articles([("n", "1", 5)] * 3), np.full((3, 2), 0.5))
    assert not table["flag"].any()
    assert table["median_elsewhere"].isna().all()
    assert table["information"].tolist() == [0, 0]


def test_what_most_articles_of_a_source_are_about_is_no_style():
    articles = make_articles([("n", "1", 5)] * 9 + [("m", "1", 5)] * 9)
    share = np.array([0.8] * 6 + [0.1] * 3 + [0.02] * 9)
    assert not house_style(articles, np.column_stack([share, 1 - share]))["flag"][0]
    share = np.array([0.3] * 9 + [0.02] * 9)
    assert house_style(articles, np.column_stack([share, 1 - share]))["flag"][0]


def test_without_a_usable_article_there_is_no_flag():
    assert not house_style(make_articles([("n", "1", 0)]), np.full((1, 2), np.nan))["flag"].any()
