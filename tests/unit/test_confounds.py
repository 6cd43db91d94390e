"""What else differs between sources, contrasts with it held equal, the stratified test, and what the report says of them."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.confounds import (
    CONFOUNDS,
    confound_tables,
    date_strata,
    held_equal,
    kinds_difference,
    shared_strata,
    standardised_difference,
    strata_of,
    stratified_interval,
    stratified_test,
)
from baokan.comparing.reasons import read
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from shown_sections import shown

SETTINGS = {"min_issues": 6, "min_articles": 10, "confidence": 0.95, "permutations": 199}


# --- The stratified test ---------------------------------------------------------------------------------------------


def slow_t(x, side, stratum):
    """Difference and t of one column, straight from the docstring of `stratified_test`."""
    strata = [g for g in sorted(set(stratum)) if 0 < side[stratum == g].sum() < (stratum == g).sum()]
    values = {(g, s): x[(stratum == g) & (side == s)] for g in strata for s in (True, False)}
    r = {g: 1 / (1 / len(values[g, True]) + 1 / len(values[g, False])) for g in strata}
    r = {g: weight / sum(r.values()) for g, weight in r.items()}
    difference = sum(r[g] * (values[g, True].mean() - values[g, False].mean()) for g in strata)
    squares = {s: sum(((values[g, s] - values[g, s].mean()) ** 2).sum() for g in strata) for s in (True, False)}
    freedom = {s: sum(len(values[g, s]) - 1 for g in strata) for s in (True, False)}
    error = 0.0
    for g, s in product(strata, (True, False)):
        if len(values[g, s]) > 1:
            variance = values[g, s].var(ddof=1)
        elif freedom[s]:
            variance = squares[s] / freedom[s]
        else:
            variance = sum(squares.values()) / sum(freedom.values())
        error += r[g] ** 2 * variance / len(values[g, s])
    return difference, np.sqrt(error)


def slow_p(x, side, stratum):
    """p of one column, by dealing the labels out within strata in every way."""
    difference, error = slow_t(x, side, stratum)
    rows = [np.flatnonzero(stratum == g) for g in sorted(set(stratum))]
    found = []
    for picks in product(*(combinations(own, int(side[own].sum())) for own in rows)):
        dealt = np.zeros(len(x), dtype=bool)
        dealt[[i for pick in picks for i in pick]] = True
        d, e = slow_t(x, dealt, stratum)
        found.append(abs(d / e) >= abs(difference / error) * (1 - 1e-6))
    return np.mean(found)


def test_by_hand():
    x = np.array([4.0, 6, 1, 3, 9, 5, 7])[:, None]
    side = np.array([1, 1, 0, 0, 1, 0, 0])
    stratum = np.array(["一月", "一月", "一月", "一月", "二月", "二月", "二月"])
    difference, error, t, p, p_maxt = stratified_test(x, side, stratum, 999, np.random.default_rng(1))
    # r is 2 x 2 / 4 = 1 and 1 x 2 / 3 = 2/3, hence 0.6 and 0.4: 0.6 x (5 - 2) + 0.4 x (9 - 6).
    assert difference[0] == pytest.approx(3.0)
    # All variances are 2, that of the lone 9 by what its side has in January: 0.36 x (2/2 + 2/2) + 0.16 x (2/1 + 2/2).
    assert error[0] == pytest.approx(np.sqrt(0.72 + 0.48))
    assert t[0] == pytest.approx(3 / np.sqrt(1.2))
    assert p[0] == pytest.approx(slow_p(x[:, 0], side == 1, np.array([0, 0, 0, 0, 1, 1, 1])))
    assert (p_maxt == p).all()
    # Degrees of freedom by Satterthwaite; each of the four variances has one: 0.36, 0.36, 0.32 and 0.16 of 1.2.
    freedom = 1.2**2 / (0.36**2 + 0.36**2 + 0.32**2 + 0.16**2)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(1.2)
    assert np.concatenate(stratified_interval(x, side, stratum, 0.95)) == pytest.approx([3 - half, 3 + half])


def test_a_random_p_counts_the_data_as_one_of_the_permutations():
    x = np.concatenate([np.arange(20) + 100.0, np.arange(20)])[:, None]
    p = stratified_test(x, np.arange(40) < 20, np.arange(40) % 2, 99, np.random.default_rng(1))[3]
    assert p[0] == pytest.approx(1 / 100)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3),
    st.integers(0, 2**32 - 1),
)
def test_agrees_with_the_definition(sizes, seed):
    """Enumerated p, difference and error against a slow reading of the formulas, with lone issues and one-sided strata."""
    rng = np.random.default_rng(seed)
    side = np.concatenate([np.repeat([True, False], size) for size in sizes])
    stratum = np.repeat(np.arange(len(sizes)), [a + b for a, b in sizes])
    shared = [(a, b) for a, b in sizes if a and b]
    x = rng.normal(size=(len(side), 2)) + stratum[:, None]
    difference, error, t, p, _ = stratified_test(x, side, stratum, 10**4, rng)
    if not shared:
        assert np.isnan([difference, error, t, p]).all()
    elif any(a + b > 2 for a, b in shared):
        for k in range(2):
            d, e = slow_t(x[:, k], side, stratum)
            assert difference[k] == pytest.approx(d)
            assert error[k] == pytest.approx(e)
            keep = shared_strata(side, stratum)[0]
            assert p[k] == pytest.approx(slow_p(x[keep, k], side[keep], stratum[keep]))


def test_one_stratum_is_welch():
    rng = np.random.default_rng(3)
    x = rng.dirichlet(np.ones(4), 13)
    side = np.arange(13) < 6
    difference, _, t, _, _ = stratified_test(x, side, np.zeros(13), 99, rng)
    welch = stats.ttest_ind(x[:6], x[6:], equal_var=False)
    np.testing.assert_allclose(difference, x[:6].mean(axis=0) - x[6:].mean(axis=0))
    np.testing.assert_allclose(t, welch.statistic)
    np.testing.assert_allclose(
        stratified_interval(x, side, np.zeros(13), 0.9), np.array(welch.confidence_interval(0.9))
    )


def test_pairs_of_single_issues_are_the_paired_t():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(16, 3))
    side, stratum = np.arange(16) < 8, np.tile(np.arange(8), 2)
    _, _, t, p, _ = stratified_test(x, side, stratum, 256, rng)
    paired = stats.ttest_rel(x[:8], x[8:])
    np.testing.assert_allclose(t, paired.statistic)
    np.testing.assert_allclose(stratified_interval(x, side, stratum, 0.95), np.array(paired.confidence_interval(0.95)))
    # Within pairs a permutation turns signs, and there are 2^8 ways.
    turned = np.array(list(product((1, -1), repeat=8)))
    changes = x[:8] - x[8:]
    by_sign = np.stack([stats.ttest_1samp(changes * s[:, None], 0).statistic for s in turned])
    np.testing.assert_allclose(p, (np.abs(by_sign) >= np.abs(t) * (1 - 1e-6)).mean(axis=0))


def test_what_all_issues_of_a_stratum_share_does_not_matter():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(24, 4))
    side, stratum = rng.random(24) < 0.5, np.arange(24) // 6
    first = stratified_test(x, side, stratum, 300, np.random.default_rng(1))
    shifted = stratified_test(x + 100 * stratum[:, None] ** 2, side, stratum, 300, np.random.default_rng(1))
    for one, other in zip(first, shifted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_shift_over_time_fools_the_free_test_only():
    """The two sources share each month's topics; the first has its issues in the early months."""
    rng = np.random.default_rng(6)
    side = np.concatenate([np.repeat([True, False], (8, 2)), np.repeat([True, False], (2, 8))])
    stratum = np.repeat([0, 1], 10)
    x = rng.normal(size=(20, 1500)) + 3 * stratum[:, None]
    within = stratified_test(x, side, stratum, 199, rng)[3]
    free = stratified_test(x, side, np.zeros(20), 199, rng)[3]
    assert (free <= 0.05).mean() > 0.5
    assert 0.035 < (within <= 0.05).mean() < 0.065


def test_a_true_difference_is_found_within_strata():
    rng = np.random.default_rng(7)
    side, stratum = np.arange(60) % 3 == 0, np.arange(60) // 6
    x = rng.normal(size=(60, 50)) + 3 * rng.normal(size=10)[stratum][:, None]
    x[:, :5] += 1.5 * side[:, None]
    difference, error, _, p, p_maxt = stratified_test(x, side, stratum, 999, rng)
    assert (p_maxt[:5] <= 0.05).all()
    assert (np.abs(difference[:5] - 1.5) < 3 * error[:5]).all()
    assert (p_maxt >= p).all()
    assert (p_maxt[5:] > 0.05).all()


def test_strata_of_one_source_are_left_out_and_counted():
    side, stratum = np.array([1, 1, 0, 0, 1, 1, 0]), np.array([1, 1, 1, 1, 2, 2, 3])
    mask, n = shared_strata(side, stratum)
    assert mask.tolist() == [True] * 4 + [False] * 3
    assert n == 2
    x = np.array([0.1, 0.2, 0.4, 0.3, 9, 99, 999])[:, None]
    all_rows = stratified_test(x, side, stratum, 99, np.random.default_rng(1))
    np.testing.assert_allclose(all_rows, stratified_test(x[:4], side[:4], stratum[:4], 99, np.random.default_rng(1)))


def test_constant_values_are_no_difference():
    side, stratum = np.arange(12) % 2 == 0, np.arange(12) // 6
    x = np.column_stack([np.full(12, 0.3), stratum * 0.5, np.where(side, 0.2, 0.1)])
    difference, error, t, p, _ = stratified_test(x, side, stratum, 999, np.random.default_rng(1))
    assert t[:2].tolist() == [0, 0]
    assert p[:2].tolist() == [1, 1]
    assert error[:2].tolist() == [0, 0]
    # Constant and unlike: only the labels as they are, and all turned in both strata, come out so far apart.
    assert difference[2] == pytest.approx(0.1)
    assert p[2] == pytest.approx(2 / 400)


# --- Articles re-weighted --------------------------------------------------------------------------------------------


def test_held_equal_by_hand():
    """A quarter of the first source's two issues is in the long class, half of the second's."""
    stratum = np.array([0, 1, 0, 0, 1, 0, 1, 0])
    issue = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    x = np.array([0.1, 0.5, 0.2, 0.4, 0.8, 0.3, 0.6, 0.6])[:, None]
    held = held_equal(x, np.ones(8), issue, np.array([True, True, False, False]), stratum, least=1)
    # F is (1.5, 0.5) and (1, 1), so r is in proportion to 1.5 / 2.5 and 0.5 / 1.5: 9/14 and 5/14. The shares are
    # a: short (0.1/2 + 0.2/2 + 0.4/2) / 1.5 = 7/30, long 0.5; b: short 0.3/2 + 0.6/2 = 0.45, long 0.8/2 + 0.6/2 = 0.7.
    assert held.values[:2].mean() == pytest.approx((9 * 7 / 30 + 5 * 0.5) / 14)
    assert held.values[2:].mean() == pytest.approx((9 * 0.45 + 5 * 0.7) / 14)
    # Masses of the issues of a: a third of the short and all of the long class, 3/14 + 5/14; and 6/14. Of b: the same.
    assert held.ess == pytest.approx((1 / ((8 / 14) ** 2 + (6 / 14) ** 2), 2))
    assert held.n_strata == 2


def random_pair(seed, n=(7, 9), n_strata=3):
    rng = np.random.default_rng(seed)
    issue = np.concatenate([np.arange(sum(n)), rng.integers(0, sum(n), 60)])
    stratum = rng.integers(-1, n_strata, len(issue))
    return (
        rng.random((len(issue), 2)),
        rng.integers(1, 9, len(issue)).astype(float),
        issue,
        np.arange(sum(n)) < n[0],
        stratum,
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_weights_make_the_strata_alike(seed):
    x, weight, issue, side, stratum = random_pair(seed)
    held = held_equal(x, weight, issue, side, stratum)
    parts = [
        np.bincount(stratum[own], held.weights[own], minlength=3)
        for own in (w & (held.weights > 0) for w in (side[issue], ~side[issue]))
    ]
    np.testing.assert_allclose(parts[0], parts[1])
    assert parts[0].sum() == pytest.approx(1)
    kept = side[held.issues]
    np.testing.assert_allclose(held.values[kept].mean(axis=0), held.weights[side[issue]] @ x[side[issue]])
    np.testing.assert_allclose(held.values[~kept].mean(axis=0), held.weights[~side[issue]] @ x[~side[issue]])


def test_pseudo_values_are_those_of_the_jackknife():
    """Each issue left out in turn, the target of the whole kept."""
    x, weight, issue, side, stratum = random_pair(11)
    held = held_equal(x, weight, issue, side, stratum)
    ok = stratum >= 0
    part = np.where(ok, weight, 0) / np.bincount(issue, np.where(ok, weight, 0))[issue]
    target = np.array([held.weights[side[issue] & (stratum == g)].sum() for g in range(3)])

    def share(own):
        return sum(r * (part[c] @ x[c]) / part[c].sum() for g, r in enumerate(target) for c in [own & (stratum == g)])

    for first in (True, False):
        mine = held.issues[side[held.issues] == first]
        whole = share(np.isin(issue, mine))
        pseudo = np.array(
            [len(mine) * whole - (len(mine) - 1) * share(np.isin(issue, mine) & (issue != i)) for i in mine]
        )
        expected = whole + pseudo - pseudo.mean(axis=0)
        np.testing.assert_allclose(held.values[side[held.issues] == first], expected)


def test_one_stratum_leaves_the_shares_of_issues():
    x, weight, issue, side, _ = random_pair(12)
    held = held_equal(x, weight, issue, side, np.zeros(len(issue), dtype=int))
    shares = np.array([np.average(x[issue == i], axis=0, weights=weight[issue == i]) for i in range(len(side))])
    np.testing.assert_allclose(held.values, shares)
    assert held.ess == pytest.approx((7, 9))


def test_a_stratum_that_stands_in_one_issue_is_not_for_testing():
    side, issue = np.array([True, True, False, False]), np.array([0, 1, 2, 3])
    stratum = np.array([0, 1, 0, 1])
    assert held_equal(np.ones((4, 1)), np.ones(4), issue, side, stratum) is None
    assert held_equal(np.ones((4, 1)), np.ones(4), issue, side, stratum, least=1).n_strata == 2


def test_false_positives_stay_near_five_per_cent():
    """Shares rise with length, the first source has the longer articles, and given length there is no difference."""
    rng = np.random.default_rng(13)
    raw, held_p = [], []
    for _ in range(60):
        side = np.arange(24) < 12
        issue = np.repeat(np.arange(24), 8)
        long = rng.random(192) < np.where(side, 0.7, 0.3)[issue]
        x = long[:, None] + 0.5 * rng.normal(size=(24, 25))[issue] + rng.normal(size=(192, 25))
        for stratum, found in ((np.zeros(192, dtype=int), raw), (long.astype(int), held_p)):
            held = held_equal(x, np.ones(192), issue, side, stratum)
            found.append(stratified_test(held.values, side[held.issues], np.zeros(len(held.issues)), 99, rng)[3])
    assert (np.concatenate(raw) <= 0.05).mean() > 0.2
    assert 0.03 < (np.concatenate(held_p) <= 0.05).mean() < 0.07


# --- Measures and strata ---------------------------------------------------------------------------------------------


def test_standardised_differences_by_hand():
    # Means 3 and 1, variances 2/3 and 8/3, of which the mean is 5/3.
    assert standardised_difference(np.array([2.0, 3, 4]), np.array([1.0, -1, 3])) == pytest.approx(2 / np.sqrt(5 / 3))
    a, b = np.repeat([1.0, 0], (30, 70)), np.repeat([1.0, 0], (20, 80))
    by_hand = (0.3 - 0.2) / np.sqrt((0.3 * 0.7 + 0.2 * 0.8) / 2)
    assert standardised_difference(a, b) == pytest.approx(by_hand)
    assert kinds_difference(np.array([30, 70]), np.array([200, 800])) == pytest.approx(by_hand)
    assert standardised_difference(np.ones(3), np.ones(2)) == 0
    assert standardised_difference(np.ones(3), np.zeros(2)) == np.inf
    assert np.isnan(standardised_difference(np.ones(3), np.zeros(0)))


def test_kinds_as_yang_and_dalton_write_them():
    """d' S^-1 d with the last kind left out, which they do; ours keeps all kinds."""
    a, b = np.array([50, 30, 20]), np.array([20, 20, 60])
    t, c = a[:2] / 100, b[:2] / 100
    s = np.array(
        [
            [(t[0] * (1 - t[0]) + c[0] * (1 - c[0])) / 2, -(t[0] * t[1] + c[0] * c[1]) / 2],
            [-(t[0] * t[1] + c[0] * c[1]) / 2, (t[1] * (1 - t[1]) + c[1] * (1 - c[1])) / 2],
        ]
    )
    assert kinds_difference(a, b) == pytest.approx(np.sqrt((t - c) @ np.linalg.inv(s) @ (t - c)))
    assert kinds_difference(a, 3 * a) == pytest.approx(0, abs=1e-9)
    assert kinds_difference(np.array([5, 5, 0, 0]), np.array([0, 0, 5, 5])) == np.inf
    assert kinds_difference(np.array([5, 0]), np.array([7, 0])) == 0


def test_strata_are_quantiles_and_equal_values_stay_together():
    values = np.arange(100.0)
    assert np.bincount(strata_of(values, np.ones(100), 5)).tolist() == [20] * 5
    tied = strata_of(np.repeat([1.0, 2.0], (90, 10)), np.ones(100), 5)
    assert tied.tolist() == [0] * 90 + [1] * 10
    assert strata_of(np.array([np.nan, 1.0]), np.ones(2), 5).tolist() == [-1, 0]


def test_dates_fall_into_the_shortest_unit_that_bears_a_test():
    daily = [f"1950-{m:02d}-{d:02d}" for m in range(1, 13) for d in (3, 9, 17, 25)]
    fortnightly = [f"1950-{m:02d}-{d:02d}" for m in range(1, 13) for d in (1, 15)]
    monthly = [f"1950-{m:02d}" for m in range(1, 13)]
    quarterly = [f"19{y}-{m:02d}" for y in (49, 50, 51) for m in (1, 4, 7, 10)]

    def unit(a, b):
        return date_strata(np.array(a + b), np.arange(len(a) + len(b)) < len(a), 6)[1]

    assert unit(daily, fortnightly) == "month"
    assert unit(daily, monthly) == "quarter"
    assert unit(quarterly, [f"19{y}-{m:02d}-02" for y in (49, 50, 51) for m in range(1, 13)]) == "year"
    # By months only January is in both, with a quarter of the issues.
    january, february, march = (
        [f"1950-{m:02d}-{d:02d}" for d in range(1, 1 + n)] for m, n in ((1, 8), (2, 24), (3, 24))
    )
    assert unit(january + february, january + march) == "quarter"
    # A year lies in no month; a month of another year is another month.
    assert date_strata(np.array(["1950-01-31", "1950-02-01", "1950"]), np.array([True, True, False]), 1)[1] == "year"
    other_year = date_strata(np.array(["1950-01-03", "1950-01-05", "1951-01-03"]), np.array([True, True, False]), 1)[0]
    assert other_year[0] == other_year[1] != other_year[2]
    numbers, _ = date_strata(np.array(["1950-01-31", "1950-02-01", "1950", "no date"]), np.array([1, 1, 0, 0]) > 0, 1)
    assert (numbers[-1], numbers[0] >= 0) == (-1, True)


# --- The two tables --------------------------------------------------------------------------------------------------


def corpus(rng, n_issues=24, per_issue=10):
    """Two sources of like articles in the same months; theta of three topics is drawn without regard to anything."""
    sources = np.repeat(["gazette", "newspaper"], n_issues * per_issue)
    issue = np.tile(np.repeat(np.arange(n_issues), per_issue), 2)
    n = len(sources)
    articles = pd.DataFrame(
        {
            "article_id": [f"{s}-{i:05d}" for i, s in enumerate(sources)],
            "source": sources,
            "issue_id": [f"{s}/报/{i}" for s, i in zip(sources, issue, strict=True)],
            "issue_date": [f"{1950 + i // 48}-{1 + i // 4 % 12:02d}-{1 + 7 * (i % 4):02d}" for i in issue],
            "n_tokens": rng.integers(50, 500, n),
            "quality": rng.uniform(0.5, 0.9, n),
            "kind": rng.choice(["article", "dispatch"], n),
            "duplicate_of": "",
            "reprint_group": "",
        }
    )
    return articles, rng.dirichlet([2, 2, 2], n)


def with_share(theta, share):
    """theta with this share of the first topic, the others keeping their proportion."""
    rest = theta[:, 1:] / theta[:, 1:].sum(axis=1, keepdims=True)
    return np.column_stack([share, (1 - share)[:, None] * rest])


TOPICS = pd.DataFrame({"topic_id": [1, 2, 3], "label": ["粮食", "水利", "戏剧"], "excluded": False})


def rows_of(tables, confound, weighting="article", topic=1):
    matched = tables["matched"]
    chosen = (matched["confound"] == confound) & (matched["weighting"] == weighting) & (matched["topic_id"] == topic)
    return matched[chosen].iloc[0]


@pytest.mark.parametrize("confound", ["length", "quality", "genre", "repeats", "date"])
def test_a_difference_that_is_all_of_the_confound_vanishes(confound):
    """Each confound planted as the sole cause: the raw difference is large, and gone with it held equal; with another held
    equal it stays."""
    rng = np.random.default_rng(CONFOUNDS.index(confound))
    articles, theta = corpus(rng)
    n, first = len(articles), (articles["source"] == "gazette").to_numpy()
    high = rng.random(n) < np.where(first, 0.75, 0.25)
    if confound == "length":
        articles["n_tokens"] = np.where(high, 400, 100) + rng.integers(0, 50, n)
    elif confound == "quality":
        articles["quality"] = np.where(high, 0.8, 0.6) + rng.uniform(0, 0.05, n)
    elif confound == "genre":
        articles["kind"] = np.where(high, "document", "article")
    elif confound == "repeats":
        high &= first
        articles["reprint_group"] = np.where(high, "同文", "")
    else:
        # Most issues of the one are of January, most of the other of February.
        number = articles["issue_id"].str.split("/").str[-1].astype(int).to_numpy()
        high = np.where(first, number < 18, number < 6)
        articles["issue_date"] = [f"1950-{1 if h else 2:02d}-{1 + i:02d}" for h, i in zip(high, number, strict=True)]
    theta = with_share(theta, np.where(high, 0.6, 0.3) * rng.uniform(0.7, 1.3, n))
    tables = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    row = rows_of(tables, confound)
    assert row["difference"] > 0.1
    assert row["tested"]
    assert abs(row["difference_matched"]) < 0.03
    assert row["lower"] < row["difference_matched"] < row["upper"]
    assert not row["holds"] or abs(row["difference_matched"]) < 0.2 * row["difference"]
    other = rows_of(tables, "quality" if confound == "length" else "length")
    assert other["difference_matched"] == pytest.approx(row["difference"], abs=0.04)
    # Where shares move with the month, issues that follow each other are alike, and the free test allows for it.
    assert other["holds"] == (confound != "date")
    balance = tables["balance"].set_index("confound")
    assert balance.loc[confound, "alike"] == "unlike"


def test_a_true_difference_stays():
    rng = np.random.default_rng(21)
    articles, theta = corpus(rng)
    first = (articles["source"] == "gazette").to_numpy()
    articles["n_tokens"] = np.where(first, 2, 1) * rng.integers(50, 500, len(first))
    theta = with_share(theta, np.where(first, 0.5, 0.35) * rng.uniform(0.5, 1.5, len(first)))
    tables = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    for confound in CONFOUNDS:
        for weighting in ("article", "token"):
            row = rows_of(tables, confound, weighting)
            assert row["holds"], (confound, weighting)
            assert row["difference_matched"] == pytest.approx(0.15, abs=0.05)


def test_a_difference_that_turns_does_not_hold():
    """The first source has more of the topic only because it has more long articles; of each length it has less."""
    rng = np.random.default_rng(33)
    articles, theta = corpus(rng)
    first = (articles["source"] == "gazette").to_numpy()
    long = rng.random(len(first)) < np.where(first, 0.85, 0.15)
    articles["n_tokens"] = np.where(long, 400, 100)
    share = np.where(long, 0.7, 0.3) - 0.1 * first
    row = rows_of(confound_tables(articles, with_share(theta, share), TOPICS, SETTINGS, seed=1), "length")
    assert row["difference"] > 0.1
    assert row["difference_matched"] == pytest.approx(-0.1)
    assert row["p_matched"] <= 0.05
    assert not row["same_sign"]
    assert not row["holds"]


def test_classes_are_as_fine_for_a_small_source():
    """Six issues of long articles against sixty: classes by the number of articles would put most of the six in the last."""
    rng = np.random.default_rng(34)
    articles, theta = corpus(rng, n_issues=60)
    keep = (
        (articles["source"] == "newspaper") | (articles["issue_id"].str.split("/").str[-1].astype(int) < 6)
    ).to_numpy()
    articles, theta = articles[keep].reset_index(drop=True), theta[keep]
    first = (articles["source"] == "gazette").to_numpy()
    articles["n_tokens"] = np.exp(rng.normal(5, 0.5, len(first)) + 0.8 * first).astype(int)
    tables = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    assert tables["balance"].set_index("confound").loc["length", "smd"] > 1
    assert abs(rows_of(tables, "length")["smd_after"]) < 0.25


def test_issues_that_lie_in_one_class_each():
    """A mean over issues of re-weighted shares would change nothing here; the length of articles is one of their issue."""
    rng = np.random.default_rng(22)
    articles, theta = corpus(rng)
    number = articles["issue_id"].str.split("/").str[-1].astype(int).to_numpy()
    long = number < np.where(articles["source"] == "gazette", 18, 6)
    articles["n_tokens"] = np.where(long, 400, 100)
    theta = with_share(theta, np.where(long, 0.6, 0.3) * rng.uniform(0.7, 1.3, len(long)))
    row = rows_of(confound_tables(articles, theta, TOPICS, SETTINGS, seed=1), "length")
    assert row["difference"] > 0.1
    assert abs(row["difference_matched"]) < 0.03
    assert row["smd_after"] == pytest.approx(0, abs=1e-9)
    assert row["ess_a"] < row["n_issues_kept_a"] == 24


def test_texts_of_one_source_that_stand_twice():
    """Repeats are part of the row "repeats" of the balance, and of nothing else."""
    articles, theta = corpus(np.random.default_rng(23))
    again = articles.head(60).assign(
        article_id=[f"again-{i}" for i in range(60)], duplicate_of=articles["article_id"].head(60), n_tokens=10**6
    )
    both = pd.concat([articles, again], ignore_index=True)
    plain = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    tables = confound_tables(both, np.vstack([theta, theta[:60]]), TOPICS, SETTINGS, seed=1)
    row = tables["balance"].set_index("confound").loc["repeats"]
    assert row["value_a"] == pytest.approx(60 / 300)
    assert row["value_b"] == 0
    others = [c for c in CONFOUNDS if c != "repeats"]
    pd.testing.assert_frame_equal(
        *(t["balance"][t["balance"]["confound"].isin(others)].reset_index(drop=True) for t in (plain, tables))
    )
    # What stands twice is left out at both places: the six issues of the gazette that hold it lose all they have.
    kept = rows_of(tables, "repeats")
    assert (kept["n_articles_kept_a"], kept["n_issues_kept_a"]) == (180, 18)
    assert rows_of(tables, "length")["n_articles_kept_a"] == rows_of(plain, "length")["n_articles_kept_a"]


def test_balance_by_hand():
    articles, theta = corpus(np.random.default_rng(24))
    first = (articles["source"] == "gazette").to_numpy()
    articles["n_tokens"] = np.where(first, 410, 150)
    articles["quality"] = 0.8
    articles["kind"] = np.where(first, "document", np.where(np.arange(len(first)) % 4 == 0, "document", "dispatch"))
    balance = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)["balance"].set_index("confound")
    assert balance.loc["length", ["shown_a", "shown_b"]].tolist() == ["410 tokens", "150 tokens"]
    assert balance.loc["length", "smd"] == np.inf
    assert balance.loc["length", ["overlap_a", "overlap_b"]].tolist() == [0, 0]
    assert balance.loc["quality", ["smd", "alike"]].tolist() == [0, "alike"]
    assert balance.loc["genre", "measure"].startswith("share of the kind d")
    assert balance.loc["genre", "overlap_b"] == pytest.approx(0.25)
    assert balance.loc["date", ["smd", "alike"]].tolist() == [0, "alike"]
    assert balance.loc["date", "value_a"] == pytest.approx(1950.25, abs=0.05)


def test_without_common_support_the_reason_is_given():
    articles, theta = corpus(np.random.default_rng(25))
    first = (articles["source"] == "gazette").to_numpy()
    articles["n_tokens"] = np.where(first, 400, 100)
    articles["quality"] = np.where(first, articles["quality"], np.nan)
    articles["issue_date"] = np.where(first, articles["issue_date"], "")
    tables = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    unknown = {"sources": ["newspaper"]}
    for confound, code, values in (
        ("length", "no stratum in common", {}),
        ("quality", "confound unknown", unknown),
        ("date", "confound unknown", unknown),
    ):
        row = rows_of(tables, confound)
        assert read(row["reason"]) == [(code, {"confound": confound} | values)]
        assert not row["tested"]
        assert not row["holds"]
        assert np.isnan(row["p_matched"])
        assert np.isfinite(row["difference"])
    balance = tables["balance"].set_index("confound")
    assert balance.loc["quality", "alike"] == "n/a"
    assert read(balance.loc["date", "note"]) == [("confound unknown", {"confound": "date"} | unknown)]


def test_too_few_issues_are_described_and_not_tested():
    articles, theta = corpus(np.random.default_rng(26), n_issues=5)
    tables = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    matched = tables["matched"]
    assert not matched["tested"].any()
    assert matched["p_matched"].isna().all()
    for text in matched["reason"].unique():
        ((code, values),) = read(text)
        assert (code, values["needed"], dict(values["sides"])) == ("issues left", 6, {"gazette": 5, "newspaper": 5})
    assert np.isfinite(matched["difference_matched"]).all()


def test_order_of_rows_does_not_matter():
    rng = np.random.default_rng(27)
    articles, theta = corpus(rng, n_issues=8, per_issue=5)
    one = confound_tables(articles, theta, TOPICS, SETTINGS, seed=4)
    order = rng.permutation(len(articles))
    other = confound_tables(articles.iloc[order], theta[order], TOPICS, SETTINGS, seed=4)
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name], check_exact=True)
    again = confound_tables(articles, theta, TOPICS, SETTINGS, seed=5)
    assert (again["matched"]["difference_matched"] == one["matched"]["difference_matched"]).all()
    assert (again["matched"]["p_matched"] != one["matched"]["p_matched"]).any()


def test_excluded_topics_are_not_compared():
    articles, theta = corpus(np.random.default_rng(28), n_issues=7, per_issue=4)
    topics = TOPICS.assign(excluded=[False, True, False])
    tables = confound_tables(articles, theta, topics, SETTINGS, seed=4)
    assert set(tables["matched"]["topic_id"]) == {1, 3}
    whole = confound_tables(articles, theta, TOPICS, SETTINGS, seed=4)
    assert rows_of(tables, "length", topic=3)["difference"] == rows_of(whole, "length", topic=3)["difference"]
    nothing = confound_tables(articles, theta, TOPICS.assign(excluded=True), SETTINGS, seed=4)
    assert len(nothing["matched"]) == 0
    assert len(nothing["balance"]) == len(CONFOUNDS)


@pytest.mark.parametrize(
    "what", ["one source", "nothing", "no issues", "no tokens", "one issue", "no dates", "many sources"]
)
def test_odd_corpora_give_tables_and_pages(what):
    rng = np.random.default_rng(29)
    articles, theta = corpus(rng, n_issues=7, per_issue=4)
    if what == "one source":
        keep = (articles["source"] == "gazette").to_numpy()
        articles, theta = articles[keep], theta[keep]
    elif what == "nothing":
        articles, theta = articles.head(0), theta[:0]
    elif what == "no issues":
        articles["issue_id"] = articles["issue_id"].where(articles["source"] != "newspaper", "")
    elif what == "no tokens":
        theta[articles["source"] == "newspaper"] = np.nan
    elif what == "one issue":
        articles["issue_id"] = articles["issue_id"].where(articles["source"] != "newspaper", "newspaper/报/1")
    elif what == "no dates":
        articles["issue_date"] = ""
    else:
        articles["source"] = [f"来源{i % 5}" for i in range(len(articles))]
        articles["issue_id"] = articles["source"] + "/" + articles["issue_id"]
    tables = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    matched = tables["matched"]
    n_sources = {"one source": 1, "nothing": 0, "no tokens": 1, "many sources": 5}.get(what, 2)
    n_pairs = n_sources * (n_sources - 1) // 2
    assert len(tables["balance"]) == n_pairs * 5
    assert len(matched) == n_pairs * 5 * 2 * 3
    untested = matched[~matched["tested"].astype(bool)]
    assert (untested["reason"] != "").all()
    tested = matched[matched["tested"].astype(bool)]
    assert np.isfinite(tested[["difference_matched", "lower", "upper", "p_matched"]].to_numpy(float)).all()
    page(tables)


# --- The report ------------------------------------------------------------------------------------------------------


def page(tables, grades=None, label="粮食", config=None):
    matched = tables["matched"]
    contrasts_table = matched[matched["confound"] == "length"][
        ["topic_id", "source_a", "source_b", "weighting", "difference"]
    ]
    contrasts_table = contrasts_table.assign(p=0.01, grade="descriptive")
    for topic, grade in (grades or {}).items():
        contrasts_table.loc[contrasts_table["topic_id"] == topic, "grade"] = grade
    values, html, markdown = shown(
        "confounds",
        tables | {"contrasts": contrasts_table, "topics": TOPICS.assign(label=label)},
        config or {"compare": {"weighting": "article", "min_issues": 6}},
    )
    assert "nan" not in html.replace("finance", "")
    assert "nan" not in markdown
    return html, markdown, values


def planted_tables():
    rng = np.random.default_rng(31)
    articles, theta = corpus(rng)
    first = (articles["source"] == "gazette").to_numpy()
    long = rng.random(len(first)) < np.where(first, 0.75, 0.25)
    articles["n_tokens"] = np.where(long, 410, 150)
    theta = with_share(theta, np.where(long, 0.6, 0.3) * rng.uniform(0.7, 1.3, len(first)))
    return confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)


def test_the_report_says_what_goes_with_length_held_equal():
    html, markdown, told = page(planted_tables(), {1: "established"})
    sentence = (
        "Articles of gazette are longer (median 410 tokens against 150 in newspaper). With length held equal, the one claim "
        "keeps its sign and is no longer significant, its difference less than half of what it was."
    )
    assert (
        sentence in markdown
        or sentence.replace("keeps its sign and is no longer significant", "turns its sign") in markdown
    )
    assert told["n_claims"] == 1
    assert told["rows"][0]["grade"] == "established"
    assert '<b class="flag">unlike</b>' in html
    unlike = [row["what"] for row in told["pairs"][0]["rows"] if row["unlike"]]
    assert len(told["pairs"][0]["words"]) == len(unlike) < 5
    # A row that claims nothing is not said to stay or to go.
    assert {cell["state"] for row in told["rows"] if row["grade"] == "descriptive" for cell in row["cells"]} == {
        "described"
    }
    length = told["rows"][0]["cells"][list(CONFOUNDS).index("length")]
    assert length["state"] in ("unsure", "turned")
    assert all(
        cell["state"] == "stays"
        for name, cell in zip(CONFOUNDS, told["rows"][0]["cells"], strict=True)
        if name != "length"
    )


def test_the_report_says_when_few_articles_have_a_match():
    rng = np.random.default_rng(35)
    articles, theta = corpus(rng)
    first = (articles["source"] == "gazette").to_numpy()
    articles["kind"] = np.where(first & (np.arange(len(first)) % 5 > 0), "document", "article")
    markdown = page(confound_tables(articles, theta, TOPICS, SETTINGS, seed=1), {1: "suggestive"})[1]
    assert "Only 20 % of the articles of gazette have a match. With kind of article held equal" in markdown


def test_without_claims_the_report_claims_nothing():
    html, _, told = page(planted_tables())
    assert told["n_claims"] == 0
    assert told["pairs"] and not any("held equal" in words for pair in told["pairs"] for words in pair["words"])
    assert "Claims that stay" not in html
    assert len(told["rows"]) == 3


def test_at_most_eight_rows_and_claims_first():
    rng = np.random.default_rng(32)
    articles, theta = corpus(rng, n_issues=7, per_issue=4)
    articles["source"] = np.tile(["甲", "乙", "丙", "丁"], len(articles) // 4)
    articles["issue_id"] = articles["source"] + articles["issue_id"]
    tables = confound_tables(articles, theta, TOPICS, SETTINGS, seed=1)
    told = page(tables, {3: "suggestive"})[2]
    assert len(told["rows"]) == 8
    assert [row["grade"] for row in told["rows"]] == ["suggestive"] * 6 + ["descriptive"] * 2
    sizes = [abs(row["difference"]) for row in told["rows"]]
    assert sizes == [*sorted(sizes[:6], reverse=True), *sorted(sizes[6:], reverse=True)]


def test_hostile_labels_are_escaped():
    html, markdown, _ = page(planted_tables(), {1: "suggestive"}, label="<script>alert(1)</script>|")
    assert "<script>" not in html
    assert "<script>" not in markdown
