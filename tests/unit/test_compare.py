"""Sources compared from mixtures to grades: what is claimed when the truth is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from baokan.claims.contrasts import graded
from baokan.comparing.limits import Limits
from baokan.comparing.pipeline import comparison_tables, holds, refit_by_terms
from baokan.comparing.reasons import read
from baokan.comparing.shares import counted_articles
from baokan.topics.training import Fits
from planted import reported

SETTINGS = {"permutations": 999, "confidence": 0.95, "min_issues": 6, "min_articles": 10, "weighting": "article"}
LIMITS = Limits(**SETTINGS)
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


CONTRAST = ["topic_id", "source_a", "source_b", "weighting"]


def survived(tables, held=19, total=20):
    """A specification curve in which every contrast holds in so many specifications."""
    rows = tables["tested"][CONTRAST]
    return rows.assign(held=held, total=total, median_difference=tables["tested"]["difference"], breaks="")


def equal(tables, **changed):
    """Contrasts with each confound held equal: as before, but for what is changed by the name of the confound."""
    rows = tables["tested"][[*CONTRAST, "difference"]]
    found = []
    for confound in ("date", "length", "genre"):
        row = {"difference_matched": 0.1, "p_matched": 0.01, "same_sign": True, "holds": True} | changed.get(
            confound, {}
        )
        found.append(rows.assign(confound=confound, **row))
    return pd.concat(found, ignore_index=True)


def compared(articles, theta, others=(), neighbours=(), curve=None, matched=None, **ruled):
    """comparison_tables for one chunk an article, and the graded contrasts; `others` are mixtures of other seeds, `neighbours` of
    another K; curve and matched: from the tables to the specification curve and the contrasts with confounds held equal; ruled:
    what is otherwise about the reported model."""
    chunks = pd.DataFrame({"article_id": articles["article_id"], "n_tokens": 100})
    all_theta = [theta, *others]
    n = len(all_theta)
    fits = Fits(np.array([PHI] * n), np.array(all_theta), np.arange(n), 0.1)
    around = {}
    if len(neighbours):
        around[4] = Fits(np.array([np.vstack([PHI, np.full(6, 1 / 6)])]), np.array(neighbours), np.arange(1), 0.1)
    model = reported(PHI, theta, **{"labels": LABELS} | ruled)
    model = replace(model, theta=model.shares(theta))
    noise = np.full(model.theta.shape, 1e-4)
    tables = comparison_tables(counted_articles(articles, chunks), model, noise, fits, around, LIMITS, 1)
    curve, matched = (curve or survived)(tables), (matched or equal)(tables)
    return tables | {"contrasts": graded(tables["tested"], model.topics, curve, matched)}


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
    assert row["grade_reasons"] == ""
    assert grade_of(tables, 3)["grade"] == "descriptive"  # alike in both


def test_a_difference_that_other_seeds_do_not_show_stops_at_suggestive():
    articles, theta = press()
    _, alike = press(seed=5, shift=0.0)
    row = grade_of(compared(articles, theta, [alike] * 4, [with_fourth(theta)]), 1)
    assert row["grade"] == "suggestive" and row["seeds_held"] == 0
    assert ("seeds", {"held": 0, "total": 4}) in read(row["grade_reasons"])


def test_sources_of_different_years_differ_in_source_and_period():
    articles, theta = press(year_b=1970)
    row = grade_of(compared(articles, theta, [theta] * 4, [with_fourth(theta)]), 1)
    assert (row["grade"], row["overlap"]) == ("suggestive", "no")
    assert ("periods", {}) in read(row["grade_reasons"])


def test_few_issues_are_refused_with_the_reason_and_flag_no_style():
    articles, theta = press(issues=4)
    tables = compared(articles, theta)
    assert not tables["contrasts"]["eligible"].any()
    assert {read(text)[0].code for text in tables["contrasts"]["grade_reasons"]} == {"issues"}
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
    refit = refit_by_terms(reported(PHI, theta), (PHI[order], theta[:, order]))
    np.testing.assert_allclose(refit.score, 1)
    np.testing.assert_allclose(refit.theta, np.column_stack([theta, np.zeros(len(theta))]), atol=1e-12)
    # Topics that were merged are added up.
    both = refit_by_terms(reported(PHI, theta[:, 1:], parts=[0, 0, 1]), (PHI[order], theta[:, order]))
    np.testing.assert_allclose(both.theta[:, :2], np.column_stack([theta[:, 0] + theta[:, 1], theta[:, 2]]))


def test_a_topic_that_was_excluded_is_compared_with_nothing_and_counted_all_the_same():
    articles, theta = press()
    plain = compared(articles, theta, [theta] * 4, [with_fourth(theta)])
    tables = compared(articles, theta, [theta] * 4, [with_fourth(theta)], excluded=np.array([False, True, False]))
    assert set(tables["contrasts"]["topic_id"]) == set(tables["style"]["topic_id"]) == {1, 3}
    pd.testing.assert_frame_equal(tables["shares"], plain["shares"])
    assert grade_of(tables, 3)["difference"] == grade_of(plain, 3)["difference"]


def test_merged_topics_are_one_with_the_number_that_stays():
    articles, theta = press()
    merged = {"parts": [0, 0, 1], "topic_ids": np.array([1, 3]), "labels": LABELS[::2]}
    tables = compared(articles, theta, [theta] * 4, [with_fourth(theta)], **merged)
    assert sorted(set(tables["contrasts"]["topic_id"])) == [1, 3]
    # What one topic loses the other gains: merged, the sources are alike in them.
    row = grade_of(tables, 1)
    assert row["grade"] == "descriptive" and abs(row["difference"]) < 0.1
    assert grade_of(compared(articles, theta), 1)["difference"] > 0.2


def test_what_the_user_rules_on_a_style_is_what_it_is():
    articles, theta = press()
    given = ([theta] * 4, [with_fourth(theta)])
    row = grade_of(compared(articles, theta, *given, ruling=["style", "", ""]), 1)
    assert (row["grade"], read(row["grade_reasons"])) == ("suggestive", [("ruled style", {})])
    rng = np.random.default_rng(2)
    inside = (articles["source"] == "a").to_numpy()
    theta[inside] = np.column_stack([rng.uniform(0.28, 0.32, inside.sum()), np.full((inside.sum(), 2), 0.35)])
    theta[~inside] = [0.02, 0.49, 0.49]
    theta /= theta.sum(axis=1, keepdims=True)
    given = ([theta] * 4, [with_fourth(theta)])
    assert grade_of(compared(articles, theta, *given), 1)["grade"] == "suggestive"
    ruled = compared(articles, theta, *given, ruling=["theme", "", ""])
    assert grade_of(ruled, 1)["grade"] == "established"


def sound(articles, theta, **more):
    return compared(articles, theta, [theta] * 4, [with_fourth(theta)], **more)


def test_a_claim_that_the_specification_curve_does_not_bear_out_stops_at_suggestive_and_says_so():
    articles, theta = press()
    row = grade_of(sound(articles, theta), 1)
    assert (row["grade"], row["specs_held"], row["specs_total"]) == ("established", 19, 20)
    row = grade_of(sound(articles, theta, curve=lambda t: survived(t, held=15)), 1)
    why = [("specifications", {"held": 15, "total": 20})]
    assert (row["grade"], read(row["grade_reasons"])) == ("suggestive", why)
    row = grade_of(sound(articles, theta, curve=lambda t: survived(t)[:0]), 1)
    assert (row["grade"], read(row["grade_reasons"])) == ("suggestive", [("no specifications", {})])


def test_candidates_are_what_lacks_only_the_curve_and_the_confounds():
    articles, theta = press()
    tables = sound(articles, theta)
    established = tables["contrasts"].query("grade == 'established'")
    assert len(established) and list(tables["candidates"]["topic_id"]) == list(established["topic_id"])
    _, alike = press(seed=5, shift=0.0)
    assert compared(articles, theta, [alike] * 4, [with_fourth(theta)])["candidates"].empty
    apart, mixtures = press(year_b=1970)
    assert sound(apart, mixtures)["candidates"].empty


def test_a_claim_must_hold_with_dates_held_equal_and_keep_its_sign_with_all_else():
    articles, theta = press()
    failing = {"p_matched": 0.4, "holds": False}

    def reasons(**changed):
        row = grade_of(sound(articles, theta, matched=lambda t: equal(t, **changed)), 1)
        assert row["grade"] == "suggestive"
        return read(row["grade_reasons"])

    assert reasons(date=failing) == [("dates", {})]
    untried = {"difference_matched": np.nan, "p_matched": np.nan, "holds": False, "same_sign": False}
    assert reasons(date=untried) == [("no common dates", {})]
    assert reasons(length={"same_sign": False, "holds": False}) == [("turned", {"confound": "length"})]
    # A confound that could not be held equal, or with which only the significance goes, is told beside the contrasts.
    for change in (untried, failing):
        row = grade_of(sound(articles, theta, matched=lambda t, c=change: equal(t, genre=c)), 1)
        assert row["grade"] == "established"
        assert row["weakened"] == (["genre"] if change is failing else [])


def test_one_source_has_nothing_to_be_compared_with():
    articles, theta = press(issues=6)
    one = (articles["source"] == "a").to_numpy()
    tables = compared(articles[one].reset_index(drop=True), theta[one])
    assert tables["contrasts"].empty and tables["candidates"].empty
    assert {"grade", "grade_reasons", "specs_total"} <= set(tables["contrasts"].columns)
    assert tables["shares"]["share"].notna().all()


def test_the_noise_of_mixtures_and_of_seeds_is_shown_beside_the_interval():
    articles, theta = press()
    shifted = theta[:, [0, 1, 2]].copy()
    shifted[:, 0] += 0.2
    shifted /= shifted.sum(axis=1, keepdims=True)
    shares = compared(articles, theta, [theta, shifted])["shares"]
    assert (shares["seed_fits"] == 3).all()
    # Two of three fits say the same, the third more.
    row = shares.query("topic_id == 1 and source == 'a' and weighting == 'article'").iloc[0]
    inside = (articles["source"] == "a").to_numpy()
    there = pd.DataFrame(shifted[inside]).groupby(articles["issue_id"][inside].to_numpy()).mean()[0].mean()
    assert row["seed_sd"] == pytest.approx(abs(there - row["share"]) / np.sqrt(3), rel=1e-6)
    # Twelve articles with a variance of 0.0001 each.
    assert row["noise_share"] == pytest.approx(1e-4 / 12 / row["between_issue_sd"] ** 2, rel=1e-6)
    assert row["lower"] < row["share"] < row["upper"]


def test_articles_that_belong_to_no_issue_are_described_with_columns_of_numbers():
    articles, theta = press(issues=3)
    articles = articles.assign(issue="", issue_id="", issue_date="")
    shares = compared(articles, theta)["shares"]
    assert shares["share"].notna().all() and shares["lower"].isna().all()
    assert (shares["seed_fits"] == 0).all()
    assert all(shares[name].dtype == float and shares[name].isna().all() for name in ("noise_share", "seed_sd"))
