"""Sources compared from mixtures to sentences: what is claimed when the truth is known."""

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.comparison import SPECIFICATION, comparison_tables, holds, refit_by_terms
from baokan.topics.training import Fits

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


def compared(articles, theta, others=(), neighbours=(), segmentations=None, ruled=None, said=None):
    """comparison_tables for one chunk an article; `others` are mixtures of other seeds, `neighbours` of another K."""
    chunks = pd.DataFrame({"article_id": articles["article_id"], "n_tokens": 100})
    topics = pd.DataFrame({"topic_id": [1, 2, 3], "label": LABELS, "excluded": False, "ruling": ""})
    all_theta = [theta, *others]
    n = len(all_theta)
    fits = Fits(np.array([PHI] * n), np.array(all_theta), np.arange(n), 0.1)
    around = {}
    if len(neighbours):
        around[4] = Fits(np.array([np.vstack([PHI, np.full(6, 1 / 6)])]), np.array(neighbours), np.arange(1), 0.1)
    chosen = {"k": 3, "seed": 0, "order": [0, 1, 2], "members": [[0], [1], [2]], "weights": [1, 1, 1]} | (said or {})
    topics, reported = ruled(topics) if ruled else topics, theta
    if ruled:
        reported = np.stack([theta[:, own].sum(axis=1) for own in chosen["members"]], axis=1)
    return comparison_tables(articles, chunks, topics, chosen, reported, fits, around, segmentations or {}, SETTINGS, 1)


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
        {"topic": [0, 1], "source_a": "a", "source_b": "b", "difference": [0.1, -0.2], "p": [0.01, 0.01]}
    )
    sure = np.array([0.9, 0.9])
    assert holds(reference, other, sure).tolist() == [True, True]
    assert holds(reference, other.assign(difference=-other["difference"]), sure).tolist() == [False, False]
    assert holds(reference, other, np.array([0.9, 0.1])).tolist() == [True, False]
    assert holds(reference, other.assign(p=[0.01, 0.2]), sure).tolist() == [True, False]
    assert holds(reference, other[:1], sure).tolist() == [True, False]


def test_a_fit_whose_topics_come_in_another_order_holds_all_the_same():
    _, theta = press()
    order = [2, 0, 1]
    even = np.ones(3)
    refit = refit_by_terms(PHI, (PHI[order], theta[:, order]), [[0], [1], [2]], even)
    np.testing.assert_allclose(refit.score, 1)
    np.testing.assert_allclose(refit.theta, np.column_stack([theta, np.zeros(len(theta))]), atol=1e-12)
    # Topics that were merged are added up.
    both = refit_by_terms(PHI, (PHI[order], theta[:, order]), [[0, 1], [2]], even)
    np.testing.assert_allclose(both.theta[:, :2], np.column_stack([theta[:, 0] + theta[:, 1], theta[:, 2]]))


def test_a_topic_that_was_excluded_is_compared_with_nothing_and_counted_all_the_same():
    articles, theta = press()
    plain = compared(articles, theta, [theta] * 4, [with_fourth(theta)])
    tables = compared(
        articles, theta, [theta] * 4, [with_fourth(theta)], ruled=lambda t: t.assign(excluded=[False, True, False])
    )
    assert set(tables["contrasts"]["topic_id"]) == set(tables["style"]["topic_id"]) == {1, 3}
    pd.testing.assert_frame_equal(tables["shares"], plain["shares"])
    row, before = grade_of(tables, 3), grade_of(plain, 3)
    assert (row["difference"], row["p"]) == (before["difference"], before["p"])
    # One comparison fewer: the correction may only grow milder.
    assert row["p_maxt"] <= before["p_maxt"]


def test_merged_topics_are_one_with_the_number_that_stays():
    articles, theta = press()

    def ruled(topics):
        return topics.iloc[[0, 2]].reset_index(drop=True)

    tables = compared(articles, theta, [theta] * 4, [with_fourth(theta)], ruled=ruled, said={"members": [[0, 1], [2]]})
    assert sorted(set(tables["contrasts"]["topic_id"])) == [1, 3]
    # What one topic loses the other gains: merged, the sources are alike in them.
    row = grade_of(tables, 1)
    assert row["grade"] == "descriptive" and abs(row["difference"]) < 0.1
    assert grade_of(compared(articles, theta), 1)["difference"] > 0.2


def test_what_the_user_rules_on_a_style_is_what_it_is():
    articles, theta = press()
    given = ([theta] * 4, [with_fourth(theta)])
    row = grade_of(compared(articles, theta, *given, ruled=lambda t: t.assign(ruling=["style", "", ""])), 1)
    assert (row["grade"], row["grade_reasons"]) == ("suggestive", "the topic was ruled the house style of a source")
    rng = np.random.default_rng(2)
    inside = (articles["source"] == "a").to_numpy()
    theta[inside] = np.column_stack([rng.uniform(0.28, 0.32, inside.sum()), np.full((inside.sum(), 2), 0.35)])
    theta[~inside] = [0.02, 0.49, 0.49]
    theta /= theta.sum(axis=1, keepdims=True)
    given = ([theta] * 4, [with_fourth(theta)])
    assert grade_of(compared(articles, theta, *given), 1)["grade"] == "suggestive"
    ruled = compared(articles, theta, *given, ruled=lambda t: t.assign(ruling=["theme", "", ""]))
    assert grade_of(ruled, 1)["grade"] == "established"


def test_a_segmentation_in_which_the_difference_returns_leaves_the_grade():
    articles, theta = press()
    rng = np.random.default_rng(1)
    other = np.clip(theta + rng.normal(0, 0.01, theta.shape), 1e-3, None)
    other /= other.sum(axis=1, keepdims=True)
    both = {"without terms": other[:, [2, 0, 1]], "jieba": theta}
    row = grade_of(compared(articles, theta, [theta] * 4, [with_fourth(theta)], both), 1)
    assert (row["grade"], row["specs_held"], row["specs_total"]) == ("established", 2, 2)


def test_a_segmentation_in_which_the_difference_vanishes_stops_at_suggestive_and_is_told():
    articles, theta = press()
    _, alike = press(seed=5, shift=0.0)
    both = {"without terms": alike, "jieba": theta}
    row = grade_of(compared(articles, theta, [theta] * 4, [with_fourth(theta)], both), 1)
    assert (row["grade"], row["specs_held"], row["specs_total"]) == ("suggestive", 1, 2)
    assert row["grade_reasons"] == "it holds in 1 of 2 other segmentations, all are needed"
    assert "suggestive only: it holds in 1 of 2 other segmentations, all are needed" in row["sentence"]
    assert "仅具提示性：在 2 种其他分词方式中有 1 种成立，需要全部成立" in row["sentence_zh"]


def test_specifications_by_hand():
    articles, theta = press()
    tables = compared(articles, theta, [theta], [with_fourth(theta)], {"without terms": theta[:, [2, 0, 1]]})
    table, contrasts = tables["specifications"], tables["contrasts"]
    assert list(table.columns) == SPECIFICATION
    assert set(table["segmentation"]) == {"without terms"}
    assert len(table) == len(contrasts) == 6  # two weightings, three topics, one pair
    keys = ["weighting", "topic_id", "source_a", "source_b"]
    both = table.merge(contrasts, on=keys, suffixes=("", "_in_contrasts"), validate="one_to_one")
    assert len(both) == 6
    for name in ("difference", "p", "eligible"):
        pd.testing.assert_series_equal(both[name], both[f"{name}_in_contrasts"], check_names=False)
    # The same topics in another order.
    np.testing.assert_allclose(table["similarity"], 1)
    np.testing.assert_allclose(table["difference_there"], table["difference"])
    assert table["returns"].all() and table["same_sign"].all()
    # Topics 1 and 2 differ between the sources, 3 does not.
    assert table.set_index("topic_id")["holds"].groupby("topic_id").all().to_dict() == {1: True, 2: True, 3: False}
    assert contrasts.groupby("topic_id")["specs_held"].max().to_dict() == {1: 1, 2: 1, 3: 0}


def test_a_topic_that_another_segmentation_does_not_have_is_told_apart():
    articles, theta = press()
    two = theta[:, :2] / theta[:, :2].sum(axis=1, keepdims=True)
    # Where the first two topics are one, the second has no partner of its own.
    merged = np.column_stack([theta[:, 0] + theta[:, 1], theta[:, 2]])
    table = compared(articles, theta, segmentations={"jieba": two, "without terms": merged})["specifications"]
    gone = table.query("segmentation == 'jieba' and topic_id == 3")
    assert not gone[["returns", "same_sign", "holds"]].to_numpy(bool).any()
    assert gone[["difference_there", "p_there"]].isna().to_numpy().all()
    assert gone["similarity"].eq(0).all()
    held = (
        table.query("segmentation == 'without terms'")
        .groupby("topic_id")["difference_there"]
        .apply(lambda d: d.isna().all())
    )
    assert held.sum() == 1
    assert table.groupby("segmentation")["topic_id"].nunique().eq(3).all()


def test_a_difference_that_turns_round_does_not_hold():
    articles, theta = press()
    here = grade_of(compared(articles, theta), 3)["difference"]
    # The third topic is nearly alike in both: a little more of it in the source that has less turns the sign.
    less = (articles["source"] == ("b" if here > 0 else "a")).to_numpy()
    other = theta.copy()
    other[less, 2] += 3 * abs(here)
    other /= other.sum(axis=1, keepdims=True)
    table = compared(articles, theta, segmentations={"jieba": other})["specifications"]
    (row,) = table.query("topic_id == 3 and weighting == 'article'").to_dict("records")
    assert row["returns"] and row["difference"] * row["difference_there"] < 0
    assert not row["same_sign"] and not row["holds"]
    assert table.query("topic_id == 1")["same_sign"].all()


def test_articles_without_words_in_another_segmentation_do_no_harm():
    articles, theta = press()
    other = theta.copy()
    other[[0, 7]] = np.nan
    tables = compared(articles, theta, [theta] * 4, [with_fourth(theta)], {"jieba": other})
    row = grade_of(tables, 1)
    assert (row["grade"], row["specs_held"]) == ("established", 1)
    assert tables["specifications"]["similarity"].min() > 0.99


def test_repeats_are_left_out_of_another_segmentation_too():
    articles, theta = press()
    copies = articles[articles["source"] == "a"].copy()
    copies["duplicate_of"] = copies["article_id"]
    copies["article_id"] += "-again"
    doubled = pd.concat([articles, copies], ignore_index=True)
    mixtures = np.vstack([theta, np.tile([0.0, 0.0, 1.0], (len(copies), 1))])
    alone = compared(articles, theta, segmentations={"jieba": theta})
    both = compared(doubled, mixtures, segmentations={"jieba": mixtures})
    pd.testing.assert_frame_equal(alone["specifications"], both["specifications"])


def test_without_other_segmentations_the_table_is_empty_with_its_columns():
    articles, theta = press(issues=6)
    tables = compared(articles, theta)
    assert tables["specifications"].empty
    assert list(tables["specifications"].columns) == SPECIFICATION
    assert (tables["contrasts"]["specs_total"] == 0).all()


@pytest.mark.parametrize("segmentations", [False, True])
def test_one_source_has_nothing_to_be_compared_with(segmentations):
    articles, theta = press(issues=6)
    one = (articles["source"] == "a").to_numpy()
    articles, theta = articles[one].reset_index(drop=True), theta[one]
    tables = compared(articles, theta, segmentations={"jieba": theta} if segmentations else {})
    assert tables["contrasts"].empty
    assert tables["specifications"].empty
    assert list(tables["specifications"].columns) == SPECIFICATION


def test_sources_of_few_issues_are_not_counted_as_held_but_are_described():
    articles, theta = press(issues=4)
    tables = compared(articles, theta, segmentations={"jieba": theta})
    assert (tables["contrasts"]["specs_held"] == 0).all()
    assert len(tables["specifications"]) == 6
    np.testing.assert_allclose(tables["specifications"]["difference_there"], tables["specifications"]["difference"])
