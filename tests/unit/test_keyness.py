"""Log-odds, log ratio, G2, dispersion, and keyness over issues."""

from math import log, log2, sqrt

import numpy as np
import pandas as pd
import pytest
from baokan.words.keyness import ALL_OTHERS, COLUMNS, LEAST_PRIOR, _Units, dp, g2, keyness, log_odds, log_ratio
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse, stats


def table(counts, sources, sizes=1000, kinds="issue", terms=None, **settings):
    """keyness of a dense matrix of counts, with the least number of occurrences at 1 unless given."""
    counts = np.asarray(counts)
    units = pd.DataFrame({"source": list(sources), "kind": kinds})
    terms = terms or [f"词{i}" for i in range(counts.shape[1])]
    sizes = np.broadcast_to(sizes, len(counts))
    return keyness(sparse.csr_matrix(counts), sizes, units, terms, **{"least": 1} | settings)


def of(found, source, against=ALL_OTHERS):
    return found[(found["source"] == source) & (found["against"] == against)].set_index("term")


def test_log_odds_by_hand():
    delta, variance = log_odds(np.array([3]), 10, np.array([1]), 10, np.array([0.5]), 5)
    # (3 + 0.5) against 10 + 5 - 3.5 = 11.5, and 1.5 against 13.5.
    assert delta[0] == pytest.approx(log(3.5 / 11.5) - log(1.5 / 13.5))
    assert variance[0] == pytest.approx(1 / 3.5 + 1 / 1.5)


def test_the_prior_is_its_own_total_unless_one_is_given():
    y_a, y_b, prior = np.array([3, 7]), np.array([1, 9]), np.array([1.0, 4.0])
    np.testing.assert_array_equal(log_odds(y_a, 10, y_b, 10, prior), log_odds(y_a, 10, y_b, 10, prior, 5.0))


def test_a_heavy_prior_shrinks_towards_no_difference():
    y_a, y_b = np.array([40]), np.array([10])
    deltas = [log_odds(y_a, 1000, y_b, 1000, np.array([w * 0.025]), w)[0][0] for w in (0, 100, 1000, 1e6)]
    assert deltas[0] == pytest.approx(log(40 / 960) - log(10 / 990))
    assert deltas == sorted(deltas, reverse=True)
    assert 0 < deltas[-1] < 0.01


def test_log_ratio_by_hand():
    y_a, y_b = np.array([8, 0, 8, 0]), np.array([1, 8, 0, 0])
    # Eight times as often; nothing counts as a half; absent from both, in sides of one size.
    np.testing.assert_allclose(log_ratio(y_a, 100, y_b, 100), [3, -4, 4, 0])
    assert log_ratio(np.array([8]), 400, np.array([8]), 100)[0] == pytest.approx(-2)


@pytest.mark.parametrize(
    ("cells", "published"),
    [((110, 2442, 111, 29114), 270.72), ((29, 13, 123, 31612), 263.90), ((31, 23, 139, 31584), 256.84)],
    ids=["the swiss", "can be", "previous year"],
)
def test_g2_of_the_bigrams_in_the_table_of_dunning_1993(cells, published):
    # k(AB), k(A ~B), k(~A B), k(~A ~B) and -2 ln lambda, section 6.
    both, first, second, neither = cells
    value = g2(np.array([both]), both + first, np.array([second]), second + neither)
    assert value[0] == pytest.approx(published, abs=0.005)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 500), st.integers(0, 500))
def test_g2_is_that_of_scipy(y_a, y_b, rest_a, rest_b):
    observed = np.array([[y_a, y_b], [rest_a, rest_b]])
    if (observed.sum(axis=0) == 0).any() or (observed.sum(axis=1) == 0).any():
        return
    expected = stats.chi2_contingency(observed, correction=False, lambda_="log-likelihood").statistic
    value = g2(np.array([y_a]), y_a + rest_a, np.array([y_b]), y_b + rest_b)
    np.testing.assert_allclose(value, [max(expected, 0)], atol=1e-8)


GRIES = [
    "b a m n i b e u p",
    "b a s a t b e w q n",
    "b c a g a b e s t a",
    "b a g h a b e a a t",
    "b a h a a b e a x a t",
]


def letter_counts(parts):
    letters = sorted(set("".join(parts)) - {" "})
    counts = np.array([[part.split().count(letter) for letter in letters] for part in parts])
    return letters, counts, counts.sum(axis=1)


def test_dp_of_the_corpus_in_gries_2008():
    letters, counts, sizes = letter_counts(GRIES)
    assert sizes.tolist() == [9, 10, 10, 10, 11]
    deviation, normalised = dp(sparse.csr_matrix(counts), sizes)
    a, x = letters.index("a"), letters.index("x")
    # Of 15 a, the parts hold 1, 2, 3, 4 and 5: (0.1133 + 0.0667 + 0 + 0.0667 + 0.1133) / 2.
    assert deviation[a] == pytest.approx(0.18)
    assert normalised[a] == pytest.approx(0.2195, abs=5e-5)
    # x stands in the last part only, which is 22 % of the corpus.
    assert deviation[x] == pytest.approx(0.78)


@given(hnp.arrays(int, (4, 3), elements=st.integers(0, 5)), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_dp_sums_over_all_parts(counts, extra):
    sizes = counts.sum(axis=1) + extra
    deviation, normalised = dp(sparse.csr_matrix(counts), sizes)
    for term, column in enumerate(counts.T):
        if column.sum() == 0:
            assert np.isnan(deviation[term])
            assert np.isnan(normalised[term])
        else:
            expected = np.abs(column / column.sum() - sizes / sizes.sum()).sum() / 2
            assert deviation[term] == pytest.approx(expected, abs=1e-12)
            smallest = (sizes[sizes > 0] / sizes.sum()).min()
            if smallest < 1:
                assert normalised[term] == pytest.approx(expected / (1 - smallest), abs=1e-12)
                assert normalised[term] <= 1 + 1e-9
            else:
                assert np.isnan(normalised[term])


def clustered_se(counts, sizes):
    units = _Units.of(counts, sizes.astype(float))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(units.residual()) / units.y


def test_clustered_error_by_hand():
    # r = 6 / 20, residuals -1 and 1: the variance of r is 2 x 2 / 20^2 = 0.1^2. The second word follows the sizes.
    errors = clustered_se(sparse.csr_matrix([[2, 3, 0], [4, 3, 0]]), np.array([10, 10]))
    np.testing.assert_allclose(errors, [0.1 / 0.3, 0, np.nan], atol=1e-7)
    assert np.isnan(clustered_se(sparse.csr_matrix([[2]]), np.array([10]))).all()


@given(hnp.arrays(int, (5, 3), elements=st.integers(0, 9)), st.lists(st.integers(1, 50), min_size=5, max_size=5))
def test_clustered_error_is_that_of_the_residuals(counts, extra):
    sizes = counts.sum(axis=1) + extra
    errors = clustered_se(sparse.csr_matrix(counts), sizes)
    for term, column in enumerate(counts.T):
        if column.sum():
            rate = column.sum() / sizes.sum()
            residuals = column - rate * sizes
            expected = sqrt(5 / 4 * (residuals**2).sum()) / sizes.sum() / rate
            assert errors[term] == pytest.approx(expected, abs=1e-6)


def test_an_interval_by_hand():
    # 30 and 12 in three units of 100 words a side; with no weight but half an occurrence, alpha = 0.5 and
    # alpha_0 = 0.5 / (42 / 600). Residuals -10, 0, 10 and -2, 0, 2: I / (I - 1) sum e^2 = 300 and 12.
    found = table([[0], [10], [20], [2], [4], [6]], "甲甲甲乙乙乙", sizes=100, prior_weight=0, confidence=0.9)
    row = of(found, "甲").iloc[0]
    total = 300 + 0.5 / 0.07
    delta = log(30.5 / (total - 30.5)) - log(12.5 / (total - 12.5))
    v_a = 300 / (30.5 * (1 - 30.5 / total)) ** 2
    v_b = 12 / (12.5 * (1 - 12.5 / total)) ** 2
    assert v_a > 1 / 30.5
    assert v_b > 1 / 12.5
    half = stats.t.ppf(0.95, (v_a + v_b) ** 2 / (v_a**2 / 2 + v_b**2 / 2)) * sqrt(v_a + v_b)
    assert row["log_odds"] == pytest.approx(delta)
    assert row["log_odds_lower"] == pytest.approx(delta - half)
    assert row["log_odds_upper"] == pytest.approx(delta + half)
    assert row["z"] == pytest.approx(delta / sqrt(1 / 30.5 + 1 / 12.5))
    # Of the log ratio: 300 / 30^2, and 12 / 12^2, which is the token variance 1 / 12 as well.
    v_a, v_b = 1 / 3, 1 / 12
    half = stats.t.ppf(0.95, (v_a + v_b) ** 2 / (v_a**2 / 2 + v_b**2 / 2)) * sqrt(v_a + v_b) / log(2)
    assert row["log_ratio"] == pytest.approx(log2(30 / 12))
    assert row["log_ratio_lower"] == pytest.approx(log2(30 / 12) - half)
    assert row["log_ratio_upper"] == pytest.approx(log2(30 / 12) + half)


def test_the_columns_that_describe_by_hand():
    found = table([[0, 2], [10, 2], [1, 0], [0, 6]], "甲甲乙乙", sizes=[100, 300, 100, 100])
    assert list(found.columns) == list(COLUMNS)
    row = of(found, "甲").loc["词0"]
    assert row[["n_a", "n_b", "units_a", "units_b"]].tolist() == [10, 1, 1, 1]
    assert row[["per_million_a", "per_million_b"]].tolist() == [25000, 5000]
    # All in the part of three quarters: (|0 - 1/4| + |1 - 3/4|) / 2, over 1 - 1/4.
    assert row["dp"] == pytest.approx(0.25)
    assert row["dp_norm"] == pytest.approx(1 / 3)
    assert row["g2"] == pytest.approx(g2(np.array([10]), 400, np.array([1]), 200)[0])
    less = of(found, "甲").loc["词1"]
    assert less["g2"] == pytest.approx(-g2(np.array([4]), 400, np.array([6]), 200)[0])


def test_the_prior_is_in_running_words_and_at_least_half_an_occurrence():
    # The words that are not among the terms count: f = 40 / 4000 and 4 / 4000.
    found = of(table([[10, 1], [20, 1], [5, 1], [5, 1]], "甲甲乙乙", prior_weight=200), "甲")
    common, _ = log_odds(np.array([30]), 2000, np.array([10]), 2000, np.array([2.0]), 200)
    assert found.loc["词0", "log_odds"] == pytest.approx(common[0])
    # Of the rare word 200 running words hold 0.2, so that 500 are taken.
    _, variance = log_odds(np.array([2]), 2000, np.array([2]), 2000, np.array([LEAST_PRIOR]), 500)
    assert found.loc["词1", "log_odds"] == pytest.approx(0)
    assert found.loc["词1", "log_odds_upper"] >= stats.t.ppf(0.975, 2) * sqrt(variance[0]) * 0.999


def test_a_word_of_one_issue_ranks_below_one_of_every_issue():
    # Both 24 times against 6: one in a single issue, the other twice in each of the twelve.
    burst, even = np.zeros(24, int), np.repeat([2, 0], 12)
    burst[3] = 24
    burst[12::2] = even[12::2] = 1
    found = of(table(np.column_stack([burst, even]), "甲" * 12 + "乙" * 12, terms=["满", "匀"]), "甲")
    assert found.loc["满", "z"] == found.loc["匀", "z"]
    assert found.loc["匀", "z"] > stats.norm.ppf(0.975)
    assert found["rank"].to_dict() == {"匀": 1, "满": 2}
    assert found.loc["匀", "bound"] == found.loc["匀", "log_odds_lower"] > 0
    assert found.loc["满", "bound"] == 0
    assert found.loc["满", "dp_norm"] == pytest.approx(1)
    assert found.loc["匀", "dp_norm"] == pytest.approx(0, abs=1e-12)


def test_a_word_that_only_one_source_uses_in_every_issue_stands_out():
    # Its clustered variance is 0 on both sides, for it is spread evenly and absent.
    found = table(np.repeat([[3], [0]], 12, axis=0), "甲" * 12 + "乙" * 12, sizes=20_000)
    row, other = of(found, "甲").iloc[0], of(found, "乙").iloc[0]
    assert row["log_odds_lower"] > 0
    assert other["bound"] == other["log_odds_upper"] == pytest.approx(-row["bound"])
    # So the token variances are left, 1 / 36 and 1 / 0.5, with 11 degrees of freedom a side.
    v_a, v_b = 1 / 36, 2
    half = stats.t.ppf(0.975, 11 * (v_a + v_b) ** 2 / (v_a**2 + v_b**2)) * sqrt(v_a + v_b) / log(2)
    assert row["log_ratio"] == pytest.approx(log2(36 / 0.5))
    assert row["log_ratio_lower"] == pytest.approx(log2(36 / 0.5) - half)
    assert np.isnan(other["dp"])


def test_a_single_occurrence_says_nothing():
    found = table(np.eye(24, 1, dtype=int), "甲" * 12 + "乙" * 12)
    assert found["bound"].tolist() == [0, 0]
    assert of(found, "甲").loc["词0", "log_odds"] > 0 > of(found, "乙").loc["词0", "log_odds"]


def issues(rng, n_issues, rates, shape):
    """Counts of issues of some 10,000 words whose rates vary by a gamma factor of mean 1, and their sizes."""
    sizes = rng.integers(6000, 14_000, n_issues)
    factor = rng.gamma(shape, 1 / shape, (n_issues, len(rates)))
    return rng.poisson(factor * sizes[:, None] * rates), sizes


def planted(rates_a, rates_b, shape):
    rng = np.random.default_rng(20)
    (a, sizes_a), (b, sizes_b) = issues(rng, 12, rates_a, shape), issues(rng, 12, rates_b, shape)
    return of(table(np.vstack([a, b]), "甲" * 12 + "乙" * 12, sizes=np.concatenate([sizes_a, sizes_b])), "甲")


@pytest.mark.parametrize("shape", [1, 2, 5])
def test_without_a_difference_the_interval_holds_where_z_does_not(shape):
    rates = np.geomspace(2e-4, 2e-3, 800)
    found = planted(rates, rates, shape)
    assert (found["bound"] != 0).mean() <= 0.09
    # Counts of issues vary more than tokens would: z errs more than three times as often as its nominal 5 %.
    assert (found["z"].abs() > stats.norm.ppf(0.975)).mean() > 0.15


def test_the_intervals_cover_a_difference():
    rates = np.geomspace(1e-4, 1e-3, 600)
    found = planted(2 * rates, rates, 2)
    for name, truth in (("log_odds", log(2)), ("log_ratio", 1)):
        # The odds differ from the rates by less than 0.1 %.
        covered = ((found[f"{name}_lower"] < truth) & (found[f"{name}_upper"] > truth)).mean()
        assert 0.91 <= covered <= 0.98
    assert (found["bound"] < 0).mean() < 0.01


COUNTS = hnp.arrays(int, st.tuples(st.integers(4, 8), st.integers(1, 5)), elements=st.integers(0, 9))


@settings(deadline=None)
@given(COUNTS, st.data())
def test_swapping_the_sides_flips_the_signs(counts, data):
    extra = data.draw(hnp.arrays(int, len(counts), elements=st.integers(1, 100)))
    found = table(counts, ("甲乙" * 4)[: len(counts)], sizes=counts.sum(axis=1) + extra)
    one, other = of(found, "甲"), of(found, "乙")
    other = other.loc[one.index]
    for name in ("log_odds", "z", "log_ratio", "g2", "bound"):
        np.testing.assert_allclose(one[name], -other[name], atol=1e-9)
    for name in ("log_odds", "log_ratio"):
        np.testing.assert_allclose(one[f"{name}_lower"], -other[f"{name}_upper"], atol=1e-9)
    assert one["n_a"].tolist() == other["n_b"].tolist()
    assert one["units_a"].tolist() == other["units_b"].tolist()


@settings(deadline=None)
@given(COUNTS, st.data())
def test_intervals_are_never_narrower_than_over_tokens(counts, data):
    extra = data.draw(hnp.arrays(int, len(counts), elements=st.integers(1, 100)))
    found = table(counts, ("甲乙" * 4)[: len(counts)], sizes=counts.sum(axis=1) + extra)
    half = found["log_odds_upper"] - found["log_odds"]
    over_tokens = np.divide(found["log_odds"], found["z"], out=np.zeros(len(found)), where=found["z"] != 0)
    assert (half >= stats.norm.ppf(0.975) * over_tokens - 1e-9).all()
    np.testing.assert_allclose(found["log_odds"] - found["log_odds_lower"], half, atol=1e-9)
    inside = (found["log_odds_lower"] <= 0) & (found["log_odds_upper"] >= 0)
    assert ((found["bound"] == 0) == inside).all()
    assert (found["bound"].abs() <= found["log_odds"].abs()).all()
    for _, rows in found.groupby(["source", "against"]):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["bound"].is_monotonic_decreasing


@settings(deadline=None, max_examples=25)
@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_units_and_terms_does_not_matter(counts, random):
    sources = np.array(list("甲乙丙甲乙丙甲乙"))[: len(counts)]
    terms = [f"词{i}" for i in range(counts.shape[1])]
    rows, columns = list(range(len(counts))), list(range(len(terms)))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = table(counts[rows][:, columns], sources[rows], terms=[terms[i] for i in columns])
    pd.testing.assert_frame_equal(shuffled, table(counts, sources, terms=terms))


@pytest.mark.parametrize(("n", "against"), [(2, 1), (3, 3), (4, 4), (5, 1)])
def test_each_source_alone_is_held_against_where_there_are_three_or_four(n, against):
    sources = "甲乙丙丁戊"[:n] * 2
    found = table([[i + 1] for i in range(2 * n)], sources)
    assert len(found) == n * against
    assert set(found["against"]) == {ALL_OTHERS} | (set(sources) if against > 1 else set())
    assert (found["source"] != found["against"]).all()
    assert found.groupby("source", sort=False)["against"].first().eq(ALL_OTHERS).all()


def test_a_pair_is_the_comparison_of_these_two_alone_and_the_others_are_pooled():
    counts, sources = np.array([[9], [7], [2], [3], [4], [8]]), "甲甲乙乙丙丙"
    found = table(counts, sources)
    for columns in (["n_b", "per_million_b", "units_b"], ["log_ratio", "log_ratio_lower", "log_ratio_upper", "g2"]):
        alone = of(table(counts[:4], sources[:4]), "甲")
        assert of(found, "甲", "乙")[columns].iloc[0].tolist() == pytest.approx(alone[columns].iloc[0].tolist())
        pooled = of(table(counts, "甲甲乙乙乙乙"), "甲")
        assert of(found, "甲")[columns].iloc[0].tolist() == pytest.approx(pooled[columns].iloc[0].tolist())


def test_what_the_interval_is_clustered_over():
    kinds = ["issue", "issue", "article", "article", "issue", "issue"]
    found = table([[1]] * 6, "甲甲乙乙丙丙", kinds=kinds)
    assert of(found, "甲", "丙")["unit"].tolist() == ["issue"]
    assert of(found, "甲", "乙")["unit"].tolist() == ["mixed"]
    assert of(found, "乙")["unit"].tolist() == of(found, "甲")["unit"].tolist() == ["mixed"]
    assert table([[1]] * 4, "甲甲乙乙", kinds="article")["unit"].tolist() == ["article"] * 2


@pytest.mark.filterwarnings("error")
def test_a_side_of_one_unit_has_no_interval_and_is_ranked_by_z():
    found = of(table([[1, 9], [5, 1], [5, 1]], "甲乙乙"), "甲")
    assert found.index.tolist() == ["词1", "词0"]
    intervals = [f"{name}_{end}" for name in ("log_odds", "log_ratio") for end in ("lower", "upper")]
    assert found[[*intervals, "bound"]].isna().all(axis=None)
    assert found[["log_odds", "log_ratio", "z", "g2", "dp"]].notna().all(axis=None)
    # Another source of several units does not lend it any.
    three = table([[1], [5], [5], [2], [2]], "甲乙乙丙丙")
    assert of(three, "甲")["bound"].isna().all()
    assert of(three, "乙", "丙")["bound"].notna().all()


def test_units_of_no_words_are_no_units():
    counts = np.array([[3, 1], [4, 1], [1, 2], [2, 2]])
    padded = np.vstack([counts, np.zeros((2, 2), int)])
    with_empty = table(padded, "甲甲乙乙甲丙", sizes=[1000] * 4 + [0, 0])
    pd.testing.assert_frame_equal(with_empty, table(counts, "甲甲乙乙"))


def test_rare_terms_are_left_out_and_ties_go_by_term():
    found = of(table([[2, 1, 2], [2, 1, 2], [0, 1, 0], [0, 0, 0]], "甲甲乙乙", terms=["丙", "乙", "甲"], least=4), "甲")
    assert found.index.tolist() == ["丙", "甲"]
    assert found["rank"].tolist() == [1, 2]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("counts", "sources", "least"),
    [
        (np.zeros((0, 0), int), "", 1),
        (np.zeros((0, 2), int), "", 1),
        (np.ones((3, 2), int), "甲甲甲", 1),
        (np.zeros((4, 0), int), "甲甲乙乙", 1),
        (np.ones((4, 2), int), "甲甲乙乙", 9),
        (np.zeros((4, 2), int), "甲甲乙乙", 1),
    ],
    ids=["nothing", "no units", "one source", "no terms", "all rare", "all absent"],
)
def test_where_there_is_nothing_to_compare_the_table_is_empty_and_whole(counts, sources, least):
    found = table(counts, sources, least=least)
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == COLUMNS


def test_types_do_not_depend_on_the_data():
    assert table([[1], [2]], "甲乙").dtypes.astype(str).to_dict() == COLUMNS


@pytest.mark.filterwarnings("error")
def test_a_word_that_is_the_whole_text_has_no_odds():
    found = table([[5], [5], [5], [5]], "甲甲乙乙", sizes=5)
    assert found[["log_odds", "z", "bound"]].isna().all(axis=None)
    assert found["g2"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": [10, 10, 10, 1]}, "more occurrences of terms than running words"),
        ({"terms": ["甲", "乙"]}, r"counts has the shape \(4, 1\)"),
        ({"confidence": 1}, "confidence must lie between 0 and 1"),
        ({"prior_weight": -1}, "prior_weight must be at least 0"),
        ({"least": 0}, "least at least 1"),
    ],
)
def test_inputs_that_do_not_fit(change, message):
    with pytest.raises(ValueError, match=message):
        table([[2]] * 4, "甲甲乙乙", **change)
