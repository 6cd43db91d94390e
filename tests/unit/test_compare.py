"""Sources compared from mixtures to sentences: what is claimed when the truth is known."""

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.comparison import comparison_tables, holds

SETTINGS = {"permutations": 999, "confidence": 0.95, "min_issues": 6, "min_articles": 10, "weighting": "article"}
PHI = np.array([[0.5, 0.5, 0, 0, 0, 0], [0, 0, 0.5, 0.5, 0, 0], [0, 0, 0, 0, 0.5, 0.5]])
LABELS = ["洪水", "壁画", "青稞"]


def press(issues=12, each=12, seed=0, shift=0.35, year_b=1950):
    """Articles of two sources and their mixtures: source a gives `shift` more to the first topic than b, at the expense of
    the second; the third is alike. Issues differ by chance."""
    rng = np.random.default_rng(seed)
    rows, theta = [], []
    for source, first, year in (("a", 0.3 + shift, 1950), ("b", 0.3, year_b)):
        for issue in range(issues):
            mean = np.array([first, 0.8 - first, 0.2]) + rng.normal(0, 0.03, 3)
            for number in range(each):
                about = rng.choice(3, p=np.clip(mean, 0.02, None) / np.clip(mean, 0.02, None).sum())
                theta.append(rng.dirichlet(np.where(np.arange(3) == about, 30.0, 1.0)))  # an article has one theme
                day = f"{year}-{issue % 12 + 1:02d}-{issue // 12 + 1:02d}"
                rows.append((f"{source}{issue}-{number}", source, "", day, f"{source}//{day}", day, ""))
    columns = ["article_id", "source", "publication", "issue", "issue_id", "issue_date", "duplicate_of"]
    return pd.DataFrame(rows, columns=columns), np.array(theta)


def compared(articles, theta, others=(), neighbours=()):
    """comparison_tables for one chunk an article; `others` are mixtures of other seeds, `neighbours` of another K."""
    chunks = pd.DataFrame({"article_id": articles["article_id"], "n_tokens": 100})
    topics = pd.DataFrame({"label": LABELS})
    fits = [theta, *others]
    models = {3: (np.array([PHI] * len(fits)), np.array(fits))}
    if len(neighbours):
        models[4] = (np.array([np.vstack([PHI, np.full(6, 1 / 6)])]), np.array(neighbours))
    chosen = {"k": 3, "seed": 0}
    return comparison_tables(articles, chunks, topics, chosen, (PHI, theta), models, SETTINGS, 1)


def with_fourth(theta):
    return np.hstack([theta * 0.97, np.full((len(theta), 1), 0.03)])


def grade_of(tables, topic, weighting="article"):
    rows = tables["contrasts"].query("topic_id == @topic and weighting == @weighting")
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_clear_difference_that_returns_is_established_and_said_so():
    articles, theta = press()
    rng = np.random.default_rng(1)
    again = [np.clip(theta + rng.normal(0, 0.01, theta.shape), 1e-3, None) for _ in range(4)]
    again = [t / t.sum(axis=1, keepdims=True) for t in again]
    tables = compared(articles, theta, again, [with_fourth(theta)])
    row = grade_of(tables, 1)
    assert (row["grade"], row["seeds_held"], row["k_held"]) == ("established", 4, 1)
    assert row["difference"] == pytest.approx(0.35 * (30 - 1) / 32, abs=0.1)
    assert "established over 12 and 12 issues" in row["sentence"] and "“洪水”" in row["sentence"]
    assert grade_of(tables, 3)["grade"] == "descriptive"  # alike in both


def test_a_difference_that_other_seeds_do_not_show_stops_at_suggestive():
    articles, theta = press()
    _, alike = press(seed=5, shift=0.0)
    row = grade_of(compared(articles, theta, [alike] * 4, [with_fourth(theta)]), 1)
    assert row["grade"] == "suggestive" and row["seeds_held"] == 0
    assert "0 of 4 seeds" in row["sentence"]


def test_sources_of_different_years_differ_in_source_and_period():
    articles, theta = press(year_b=1970)
    row = grade_of(compared(articles, theta, [theta] * 4, [with_fourth(theta)]), 1)
    assert (row["grade"], row["overlap"]) == ("suggestive", "no")
    assert "differs in source and period" in row["sentence"]


def test_few_issues_are_refused_in_words_and_flag_no_style():
    articles, theta = press(issues=4)
    tables = compared(articles, theta)
    assert not tables["contrasts"]["eligible"].any()
    assert tables["contrasts"]["sentence"].str.contains("describes these issues only").all()
    assert not tables["style"]["flag"].any()


def test_a_topic_thinly_everywhere_in_one_source_is_capped_at_suggestive():
    articles, theta = press()
    rng = np.random.default_rng(2)
    inside = (articles["source"] == "a").to_numpy()
    theta[inside] = np.column_stack([rng.uniform(0.28, 0.32, inside.sum()), np.full((inside.sum(), 2), 0.35)])
    theta[~inside] = [0.02, 0.49, 0.49]
    theta /= theta.sum(axis=1, keepdims=True)
    tables = compared(articles, theta, [theta] * 4, [with_fourth(theta)])
    assert bool(tables["style"].set_index("topic_id").loc[1, "flag"])
    assert grade_of(tables, 1)["grade"] == "suggestive"


def test_repeats_within_a_source_count_once():
    articles, theta = press()
    copies = articles[articles["source"] == "a"].copy()
    copies["duplicate_of"] = copies["article_id"]
    copies["article_id"] += "-again"
    doubled = pd.concat([articles, copies], ignore_index=True)
    mixtures = np.vstack([theta, np.tile([0.0, 0.0, 1.0], (len(copies), 1))])
    alone, both = compared(articles, theta), compared(doubled, mixtures)
    pd.testing.assert_frame_equal(alone["contrasts"], both["contrasts"])
    pd.testing.assert_frame_equal(alone["shares"], both["shares"])


def test_both_weightings_are_written():
    articles, theta = press(issues=6)
    tables = compared(articles, theta)
    for name in ("shares", "issue_shares", "contrasts"):
        assert set(tables[name]["weighting"]) == {"article", "token"}, name
    sums = tables["issue_shares"].groupby(["weighting", "issue_id"])["share"].sum()
    np.testing.assert_allclose(sums, 1)


def test_a_contrast_holds_with_its_sign_its_partner_and_significance():
    reference = pd.DataFrame({"topic": [0, 1], "source_a": "a", "source_b": "b", "difference": [0.2, -0.1]})
    other = pd.DataFrame(
        {"topic": [0, 1], "source_a": "a", "source_b": "b", "difference": [-0.1, 0.2], "p": [0.01, 0.01]}
    )
    swapped, sure = np.array([1, 0]), np.array([0.9, 0.9])
    assert holds(reference, other, swapped, sure).tolist() == [True, True]
    assert holds(reference, other, np.array([0, 1]), sure).tolist() == [False, False]
    assert holds(reference, other, swapped, np.array([0.9, 0.1])).tolist() == [True, False]
    assert holds(reference, other.assign(p=[0.01, 0.2]), swapped, sure).tolist() == [False, True]
    assert holds(reference, other, np.array([-1, 0]), np.array([0.0, 0.9])).tolist() == [False, True]
