"""How far apart sources are: the divergence, its null at equal thickness and equal size, the shift graph, and what is said."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from baokan.comparing import divergence as module
from baokan.comparing.divergence import (
    REST,
    SHIFTS,
    TABLE,
    divergence_tables,
    targets,
    word_units,
)
from baokan.comparing.limits import Limits
from baokan.comparing.reasons import read, reason, stored
from baokan.comparing.shares import issue_shares
from baokan.reporting.figures import save, style
from baokan.reporting.looks import SOURCE_COLOURS
from baokan.reporting.sections.divergence.figure import figure, pairs_shown
from baokan.reporting.sections.divergence.section import bits
from baokan.statistics.jensen_shannon import dealt_divergences
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial.distance import jensenshannon
from scipy.stats import binom
from shown_sections import shown
from worded import in_words

SETTINGS = {"min_issues": 6, "permutations": 199, "confidence": 0.95, "weighting": "article"}
LIMITS = Limits(**SETTINGS)
N_WORDS, TOKENS = 150, 40
WORDS = [f"词{i}" for i in range(N_WORDS)]
# Eight themes; an article is of one of them, so that words come in bursts, as they do in papers.
THEMES = np.random.default_rng(5).dirichlet(np.full(N_WORDS, 0.15), 8)


def corpus(issues, theta, counts):
    """Arguments of `divergence_tables` from a list of (source, issue) by article, mixtures and counts of words."""
    articles = pd.DataFrame(issues, columns=["source", "issue"])
    articles = articles.assign(publication="报", duplicate_of="", article_id=[f"a{i:05}" for i in range(len(articles))])
    counts = sparse.csr_matrix(np.asarray(counts, dtype=np.int32))
    chunks = pd.DataFrame(
        {
            "chunk_id": articles["article_id"] + "/0",
            "article_id": articles["article_id"],
            "n_tokens": np.asarray(counts.sum(axis=1)).ravel(),
        }
    )
    n_topics, n_words = np.shape(theta)[1], counts.shape[1]
    topics = pd.DataFrame({"topic_id": np.arange(1, n_topics + 1), "label": "主题", "excluded": False})
    vocabulary = pd.DataFrame({"term": WORDS[:n_words], "index": np.arange(n_words), "dropped_in": ""})
    return {
        "articles": articles, "theta": np.asarray(theta, float), "topics": topics, "chunks": chunks, "counts": counts,
        "vocabulary": vocabulary,
    }  # fmt: skip


def bursty(plan, seed, leaning=None):
    """A corpus of {source: (issues, articles an issue)}: each article is of one theme and has TOKENS words; an issue has days
    on which some themes are more frequent. leaning: {source: weights of themes}, all alike by default."""
    rng = np.random.default_rng(seed)
    issues, theta, counts = [], [], []
    for source, (n_issues, n_articles) in plan.items():
        weights = np.asarray((leaning or {}).get(source, np.ones(len(THEMES))), float)
        for issue in range(n_issues):
            day = rng.dirichlet(10 * weights / weights.sum() + 1e-9)
            for theme in rng.choice(len(THEMES), n_articles, p=day):
                issues.append((source, f"{issue:03}"))
                theta.append(0.92 * np.eye(len(THEMES))[theme] + 0.01)
                counts.append(rng.multinomial(TOKENS, THEMES[theme]))
    return corpus(issues, theta, counts)


def tables(made, seed=1, **changed):
    return divergence_tables(**made, limits=Limits(**SETTINGS | changed), seed=seed)


def of(table, by="word", weighting="token", a=None, b=None):
    rows = table[(table["by"] == by) & (table["weighting"] == weighting)]
    if a is not None:
        rows = rows[(rows["source_a"] == a) & (rows["source_b"] == b)]
    return rows


def one(made, by="word", weighting="token", **kwargs):
    rows = of(tables(made, **kwargs)["divergence"], by, weighting)
    assert len(rows) == 1
    return rows.iloc[0]


def jensen_shannon(p, q):
    """The divergence as scipy has it, which gives its root."""
    return float(jensenshannon(p, q, base=2) ** 2)


# What is observed


@pytest.fixture(scope="module")
def three():
    made = bursty(
        {"gazette": (9, 5), "magazine": (7, 12), "newspaper": (14, 4)}, 3, {"gazette": [5, 5, 1, 1, 1, 1, 1, 1]}
    )
    return made, tables(made)


@pytest.mark.parametrize("weighting", ["article", "token"])
def test_observed_topics_are_those_of_the_issue_shares(three, weighting):
    made, out = three
    made = {**made, "topics": made["topics"].assign(excluded=[False, True] + 6 * [False])}
    out = tables(made)
    n_tokens = made["chunks"]["n_tokens"]
    issues, shares = issue_shares(made["articles"].assign(n_tokens=n_tokens), made["theta"], weighting)
    shares = np.delete(shares, 1, axis=1)
    shares /= shares.sum(axis=1, keepdims=True)
    mean = {s: shares[(issues["source"] == s).to_numpy()].mean(axis=0) for s in issues["source"].unique()}
    rows = of(out["divergence"], "topic", weighting)
    assert len(rows) == 3
    for row in rows.itertuples():
        assert row.observed == pytest.approx(jensen_shannon(mean[row.source_a], mean[row.source_b]), rel=1e-9)
    assert "2" not in set(of(out["shifts"], "topic", weighting)["item"])


def test_observed_words_by_hand():
    # Each issue counts once, whatever its length: a is the mean of (1/2, 1/2, 0) and (1, 0, 0), b is (0, 1/2, 1/2).
    counts = [[1, 1, 0], [3, 3, 0], [9, 0, 0], [0, 1, 1], [0, 7, 7]]
    issues = [("a", "1"), ("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]
    row = one(corpus(issues, np.full((5, 2), 0.5), counts))
    assert row["observed"] == pytest.approx(
        jensen_shannon(np.array([0.75, 0.25, 0]), np.array([0, 0.5, 0.5])), rel=1e-12
    )
    assert (row["n_issues_a"], row["n_issues_b"]) == (2, 2)


def test_weights_of_articles_and_of_tokens_differ():
    issues = [("a", "1"), ("a", "1"), ("b", "1")]
    made = corpus(issues, [[1, 0], [0, 1], [0, 1]], [[30, 0], [0, 10], [5, 5]])
    out = tables(made)["divergence"]
    by_article = jensen_shannon(np.array([0.5, 0.5]), np.array([0, 1]))
    by_token = jensen_shannon(np.array([0.75, 0.25]), np.array([0, 1]))
    assert of(out, "topic", "article")["observed"].iloc[0] == pytest.approx(by_article, rel=1e-12)
    assert of(out, "topic", "token")["observed"].iloc[0] == pytest.approx(by_token, rel=1e-12)


def test_articles_without_counted_words_have_no_topics():
    issues = [("a", "1"), ("a", "1"), ("b", "1")]
    made = corpus(issues, [[1, 0], [0, 1], [1, 0]], [[3, 1], [0, 0], [1, 3]])
    made["chunks"], made["counts"] = made["chunks"].iloc[[0, 2]], made["counts"][[0, 2]]
    assert one(made, "topic", "article")["observed"] == pytest.approx(0, abs=1e-12)


def test_repeats_and_words_of_one_source_do_not_count():
    issues = [("a", "1"), ("a", "1"), ("b", "1")]
    made = corpus(issues, np.full((3, 2), 0.5), [[1, 1, 5], [9, 0, 0], [1, 1, 0]])
    assert one(made)["observed"] > 0.1
    made["articles"]["duplicate_of"] = ["", "a00000", ""]
    made["vocabulary"]["dropped_in"] = ["", "", "b"]
    assert one(made)["observed"] == pytest.approx(0, abs=1e-12)


# The null


def test_p_counts_the_datas_own_deal():
    made = bursty({"a": (12, 6), "b": (12, 6)}, 1, {"a": [9, 9, 9, 9, 1, 1, 1, 1], "b": [1, 1, 1, 1, 9, 9, 9, 9]})
    out = divergence_tables(**made, limits=Limits(**SETTINGS | {"permutations": 499}), seed=1, word_permutations=99)[
        "divergence"
    ]
    assert of(out, "topic", "article")["p"].iloc[0] == 1 / 500
    assert of(out)["p"].iloc[0] == 1 / 100
    for row in out.itertuples():
        assert row.matched > row.null_upper > row.null_mean
        assert row.excess == pytest.approx(row.matched - row.null_mean, rel=1e-12)
        assert row.equal_excess == pytest.approx(row.equal_size - row.equal_null, rel=1e-12)


def test_sources_that_are_the_same_are_not_apart():
    made = corpus([(s, str(i)) for s in "ab" for i in range(6)], [[0.2, 0.8]] * 12, [[3, 1]] * 12)
    for row in tables(made)["divergence"].itertuples():
        assert abs(row.observed) < 1e-12
        assert abs(row.excess) < 1e-12
        assert row.p == 1


# Thickness


def test_targets_by_hand():
    # Ranks 1/6, 3/6, 5/6 of a meet 1/2 of b, which has one issue: 10 for all.
    thickness = np.array([30, 6, 20, 10])
    a, b = np.array([0, 1, 2]), np.array([3])
    assert targets(thickness, [a, b], [a, b]).tolist() == [10, 6, 10, 10]
    # Thinnest with thinnest: 5 and 8, 7 and 7, 100 and 9.
    thickness = np.array([100, 5, 7, 7, 9, 8])
    a, b = np.arange(3), np.arange(3, 6)
    assert targets(thickness, [a, b], [a, b]).tolist() == [9, 5, 7, 5, 9, 7]
    # Of a alone, with what all three sources have: c is thinner still.
    thickness = np.append(thickness, [6, 6, 6])
    assert targets(thickness, [a], [a, b, np.arange(6, 9)]).tolist() == [6, 5, 6]


@given(st.lists(st.lists(st.integers(1, 10**6), min_size=1, max_size=9), min_size=2, max_size=4))
def test_targets_never_ask_for_more_than_there_is(sizes):
    thickness, ends = np.concatenate(sizes), np.cumsum([0, *map(len, sizes)])
    sides = [np.arange(i, j) for i, j in pairwise(ends)]
    cut = targets(thickness, sides, sides)
    assert ((cut >= 1) & (cut <= thickness)).all()
    thin = sides[int(np.argmin([max(s) for s in sizes]))]
    # A source of which all issues are thinner than any other is left whole.
    if max(thickness[thin]) <= min(thickness[i] for side in sides if side is not thin for i in side):
        assert (cut[thin] == thickness[thin]).all()
    same = [sorted(cut[side]) for side in sides if len(side) == len(sides[0])]
    assert all(other == same[0] for other in same)


def test_issues_are_cut_to_whole_passages_and_words_of_one():
    made = bursty({"a": (4, 6), "b": (3, 2)}, 3)
    table = made["articles"].assign(issue_id=made["articles"]["source"] + made["articles"]["issue"])
    units, terms = word_units(table, made["chunks"], made["counts"], made["vocabulary"])
    assert terms == WORDS
    assert units.thickness.tolist() == 4 * [6 * TOKENS] + 3 * [2 * TOKENS]
    target = np.array([1, TOKENS, 100, 240, 1, 79, 80])
    rng, whole = np.random.default_rng(0), np.add.reduceat(made["counts"].toarray(), units.start[:-1], axis=0)
    mean = 0
    for _ in range(600):
        drawn = module._drawn(units, np.arange(7), target, rng).toarray() * target[:, None]
        np.testing.assert_allclose(drawn.sum(axis=1), target)
        np.testing.assert_allclose(drawn, np.rint(drawn), atol=1e-9)
        assert (drawn <= whole + 1e-9).all()
        # 100 words: two whole articles of six, and 20 of a third.
        inside = [(made["counts"].toarray()[u] <= drawn[2] + 1e-9).all() for u in range(12, 18)]
        assert sum(inside) >= 2
        mean = mean + drawn / 600
    # On average a cut issue is the issue: five standard errors of a word's mean count, which clusters by article.
    for i in range(7):
        share = whole[i] / whole[i].sum()
        assert np.abs(mean[i] - target[i] * share).max() < 5 * np.sqrt(TOKENS * target[i] / 4 / 600)


NO_DIFFERENCE = [
    ({"a": (6, 8), "b": (6, 8)}, 30),
    ({"a": (12, 8), "b": (12, 8)}, 30),
    ({"a": (48, 8), "b": (48, 8)}, 8),
    ({"a": (12, 3), "b": (12, 40)}, 30),
    ({"a": (6, 3), "b": (48, 40)}, 20),
    ({"a": (48, 3), "b": (6, 40)}, 20),
]


@pytest.mark.parametrize(("plan", "times"), NO_DIFFERENCE)
def test_two_samples_of_one_distribution_are_not_apart_above_chance(plan, times):
    rows = [tables(bursty(plan, seed), permutations=59)["divergence"] for seed in range(times)]
    for kind in (("topic", "article"), ("topic", "token"), ("word", "token")):
        own = pd.concat([of(r, *kind) for r in rows])
        assert (own["null_mean"] > 0).all()
        # The mean excess is within 4 standard errors of none, and these are small beside what chance alone gives.
        for excess, null in (("excess", "null_mean"), ("equal_excess", "equal_null")):
            error = own[excess].std() / np.sqrt(times)
            assert abs(own[excess].mean()) < 4 * error, (kind, excess)
            assert error < 0.15 * own[null].mean(), (kind, excess)
        # Not more of them pass at 5 % than a true level of 5 % would give in 999 of 1,000 tries.
        assert (own["p"] <= 0.05).sum() <= binom.ppf(0.999, times, 0.05)


def test_without_equal_thickness_thin_papers_would_look_apart():
    """What the cutting is for: whole issues dealt at random show a difference where there is none."""
    made = bursty({"a": (6, 3), "b": (48, 40)}, 0)
    table = made["articles"].assign(issue_id=made["articles"]["source"] + made["articles"]["issue"])
    units, _ = word_units(table, made["chunks"], made["counts"], made["vocabulary"])
    whole = module._drawn(units, np.arange(54), units.thickness, None)
    (value,), deals, _, _ = dealt_divergences([whole], 6, 199, np.random.default_rng(0))
    assert value > deals.max()
    row = one(made)
    assert row["thickness"] == 3 * TOKENS
    assert row["excess"] < 0.3 * (value - deals.mean())


# Comparing pairs


def test_pairs_are_compared_at_equal_size():
    """Two pairs equally far apart, of many thick issues and of few thin ones: observed values differ, equal ones do not."""
    lean, other = [6, 6, 1, 1, 1, 1, 1, 1], [1, 1, 6, 6, 1, 1, 1, 1]
    found = []
    for seed in range(5):
        made = bursty(
            {"a": (40, 30), "b": (40, 30), "c": (8, 4), "d": (8, 4)},
            seed,
            {"a": lean, "b": other, "c": lean, "d": other},
        )
        out = of(tables(made, permutations=49)["divergence"]).set_index(["source_a", "source_b"])
        assert set(out["n_equal"]) == {8}
        assert set(out["thickness_equal"]) == {4 * TOKENS}
        found.append([out.loc[("a", "b")], out.loc[("c", "d")]])
    thick, thin = (pd.DataFrame([pair[i] for pair in found]) for i in (0, 1))
    assert thin["observed"].mean() > 1.25 * thick["observed"].mean()
    assert thick["equal_excess"].mean() == pytest.approx(thin["equal_excess"].mean(), rel=0.1)
    assert thick["equal_null"].mean() == pytest.approx(thin["equal_null"].mean(), rel=0.1)


def test_the_excess_of_many_issues_is_the_true_divergence():
    lean, other = np.array([6, 6, 1, 1, 1, 1, 1, 1]), np.array([1, 1, 6, 6, 1, 1, 1, 1])
    made = bursty({"a": (60, 30), "b": (60, 30)}, 3, {"a": lean, "b": other})
    truth = jensen_shannon(lean / lean.sum() @ THEMES, other / other.sum() @ THEMES)
    assert one(made)["excess"] == pytest.approx(truth, rel=0.1)
    assert one(made)["observed"] > one(made)["excess"]


def test_another_source_does_not_change_a_pairs_test():
    plan = {"a": (8, 5), "b": (9, 7)}
    two, more = tables(bursty(plan, 1)), tables(bursty({**plan, "c": (6, 2)}, 1))
    columns = ["observed", "matched", "null_mean", "excess", "null_upper", "p"]
    for kind in (("topic", "article"), ("topic", "token"), ("word", "token")):
        left, right = (of(t["divergence"], *kind, "a", "b").iloc[0] for t in (two, more))
        assert left[columns].tolist() == right[columns].tolist()
    assert of(more["divergence"])["n_equal"].tolist() == [6, 6, 6]


# Shifts


def test_contributions_add_up(three):
    _, out = three
    assert list(out["divergence"]) == TABLE
    assert list(out["shifts"]) == SHIFTS
    for row in out["divergence"].itertuples():
        own = of(out["shifts"], row.by, row.weighting, row.source_a, row.source_b)
        for column, total in (
            ("contribution", row.observed), ("matched", row.matched), ("null_contribution", row.null_mean),
            ("excess", row.excess), ("share_a", 1), ("share_b", 1),
        ):  # fmt: skip
            assert own[column].sum() == pytest.approx(total, abs=1e-9), column
        more = np.where(own["share_a"] > own["share_b"], row.source_a, row.source_b)
        assert (own["more_in"] == np.where(own["share_a"] == own["share_b"], "", more)).all()
        assert (np.diff(own["excess"]) <= 1e-11).all()


def test_the_planted_themes_lead_on_their_side():
    made = bursty({"a": (20, 10), "b": (20, 10)}, 3, {"a": [9, 1, 3, 3, 3, 3, 3, 3], "b": [1, 9, 3, 3, 3, 3, 3, 3]})
    shifts = tables(made)["shifts"]
    topics = of(shifts, "topic", "article").head(2)
    assert dict(zip(topics["item"], topics["more_in"], strict=True)) == {"1": "a", "2": "b"}
    apart = THEMES[0] - THEMES[1]
    words = of(shifts).head(6)
    for item, side in zip(words["item"], words["more_in"], strict=True):
        assert side == ("a" if apart[int(item[1:])] > 0 else "b")


def test_a_word_that_one_issue_repeats_does_not_lead():
    made = bursty({"a": (12, 8), "b": (12, 8)}, 3, {"a": [6, 1, 3, 3, 3, 3, 3, 3], "b": [1, 6, 3, 3, 3, 3, 3, 3]})
    counts = made["counts"].toarray()
    counts = np.column_stack([counts[:, :-1], np.zeros(len(counts), int)])
    counts[:8, -1] = 3 * TOKENS  # one issue is three quarters this word
    loud = corpus(list(zip(made["articles"]["source"], made["articles"]["issue"], strict=True)), made["theta"], counts)
    words = of(tables(loud)["shifts"]).set_index("item")
    assert words["contribution"].idxmax() == WORDS[-1]
    assert list(words.index).index(WORDS[-1]) > 20
    assert abs(words.loc[WORDS[-1], "excess"]) < 0.1 * words.loc[WORDS[-1], "contribution"]


def test_many_items_stand_together_in_one_row(three, monkeypatch):
    made, whole = three
    monkeypatch.setattr(module, "SHIFT_ROWS", 3 * 25)
    few = tables(made)
    pd.testing.assert_frame_equal(few["divergence"], whole["divergence"])
    for pair in (("gazette", "magazine"), ("magazine", "newspaper")):
        rows, every = of(few["shifts"], "word", "token", *pair), of(whole["shifts"], "word", "token", *pair)
        assert len(rows) == 25
        assert rows["item"].iloc[-1] == REST
        assert rows["item"].iloc[:24].tolist() == every["item"].iloc[:24].tolist()
        for column in ("share_a", "share_b", "contribution", "matched", "null_contribution", "excess"):
            assert rows[column].sum() == pytest.approx(every[column].sum(), abs=1e-12)


# Odd input


def test_too_few_issues_are_described_only():
    out = tables(bursty({"a": (5, 4), "b": (9, 4), "c": (6, 4)}, 2))
    row = of(out["divergence"], "word", "token", "a", "b").iloc[0]
    assert row["observed"] > 0
    assert read(row["reason"]) == [("issues", {"sides": [["a", 5]], "needed": 6})]
    assert row[["matched", "null_mean", "excess", "null_upper", "p", "equal_size", "equal_excess"]].isna().all()
    own = of(out["shifts"], "word", "token", "a", "b")
    assert own["contribution"].sum() == pytest.approx(row["observed"], rel=1e-9)
    assert own["excess"].isna().all()
    assert (np.diff(own["contribution"]) <= 1e-11).all()
    tested = of(out["divergence"], "word", "token", "b", "c").iloc[0]
    assert tested["reason"] == ""
    assert tested["n_equal"] == 6


def test_one_source_and_no_text():
    out = tables(bursty({"a": (8, 3)}, 0))
    assert [list(out[name]) for name in ("divergence", "shifts")] == [TABLE, SHIFTS]
    assert out["divergence"].empty
    assert out["shifts"].empty
    nothing = bursty({"a": (1, 1)}, 0)
    for name in ("articles", "theta", "chunks", "counts"):
        nothing[name] = nothing[name][:0]
    assert tables(nothing)["divergence"].empty


def test_sources_without_issues_words_or_topics():
    made = bursty({"a": (7, 3), "b": (7, 3), "c": (7, 3), "d": (7, 3)}, 0)
    source = made["articles"]["source"].to_numpy()
    made["articles"].loc[source == "b", "issue"] = None
    # The source c has no counted word, and so no mixture either.
    made["theta"][source == "c"] = np.nan
    kept = (source != "c").nonzero()[0]
    made["chunks"], made["counts"] = made["chunks"].iloc[kept], made["counts"][kept]
    out = tables(made)
    rows = out["divergence"].set_index(["by", "weighting", "source_a", "source_b"])
    for kind in (("topic", "article"), ("topic", "token"), ("word", "token")):
        assert rows.loc[(*kind, "a", "b"), "observed"] > 0
        assert read(rows.loc[(*kind, "a", "b"), "reason"]) == [("issues", {"sides": [["b", 0]], "needed": 6})]
        assert np.isnan(rows.loc[(*kind, "a", "c"), "observed"])
        assert read(rows.loc[(*kind, "a", "c"), "reason"]) == [("nothing counted", {"by": kind[0], "sources": ["c"]})]
        assert rows.loc[(*kind, "a", "d"), "p"] > 0
    pooled = made["counts"].toarray()[7 * 3 : 14 * 3].sum(axis=0)
    share = of(out["shifts"], "word", "token", "a", "b").set_index("item")["share_b"]
    np.testing.assert_allclose(share.reindex(WORDS).fillna(0), pooled / pooled.sum(), atol=1e-12)
    made["topics"]["excluded"] = True
    out = tables(made)["divergence"]
    assert set(of(out, "topic", "article")["reason"]) == {stored(reason("nothing left", by="topic"))}
    assert of(out, "topic", "article")["observed"].isna().all()
    assert of(out, "word", "token", "a", "d")["p"].iloc[0] > 0


def test_forty_sources():
    # Five with issues enough: the others are described, so that the test is fast.
    out = tables(bursty({f"s{i:02}": (6 if i < 5 else 2, 1) for i in range(40)}, 0), permutations=19)
    assert len(of(out["divergence"])) == 780
    assert of(out["divergence"])["observed"].notna().all()
    assert of(out["divergence"])["excess"].notna().sum() == 10
    assert len(out["shifts"]) <= 3 * module.SHIFT_ROWS


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_the_order_of_rows_does_not_matter(three, random):
    made, expected = three
    order = random.sample(range(len(made["articles"])), len(made["articles"]))
    chunks = random.sample(range(len(made["chunks"])), len(made["chunks"]))
    words = random.sample(range(N_WORDS), N_WORDS)
    shuffled = {
        "articles": made["articles"].iloc[order], "theta": made["theta"][order], "topics": made["topics"],
        "chunks": made["chunks"].iloc[chunks], "counts": made["counts"][chunks], "vocabulary": made["vocabulary"].iloc[words],
    }  # fmt: skip
    out = tables(shuffled)
    for name in ("divergence", "shifts"):
        pd.testing.assert_frame_equal(out[name], expected[name], check_exact=True)


def test_the_seed_decides_the_deals(three):
    made, expected = three
    other = tables(made, seed=2)["divergence"]
    assert (other["observed"] == expected["divergence"]["observed"]).all()
    assert (other["null_mean"] != expected["divergence"]["null_mean"]).all()


@pytest.mark.parametrize("wrong", [{"confidence": 1}, {"min_issues": 1}, {"permutations": 0}])
def test_wrong_settings(three, wrong):
    with pytest.raises(ValueError):
        tables(three[0], **wrong)


def test_tables_that_do_not_fit(three):
    made = three[0]
    with pytest.raises(ValueError, match="theta"):
        tables({**made, "theta": made["theta"][:-1]})
    with pytest.raises(ValueError, match="counts"):
        tables({**made, "counts": made["counts"][:-1]})


# The report

CONFIG = {"compare": SETTINGS}


def told(made, out, **more):
    about, html, markdown = shown(
        "divergence", {**in_words(out), "topics": made["topics"], "vocabulary": made["vocabulary"], **more}, CONFIG
    )
    for page in (html, markdown):
        assert "nan" not in page.lower().replace("finance", "") and "None" not in page
    return about, {"html": html, "md": markdown}


def test_the_report_says_what_the_table_says(three):
    made, out = three
    about, pages = told(made, out)
    row = of(out["divergence"], "word", "token", "gazette", "newspaper").iloc[0]
    pair = next(p for p in about["pairs"] if (p["a"], p["b"]) == ("gazette", "newspaper"))
    sentence = pair["sentences"][1]
    assert f"differ in words by {bits(row['observed'])} bits" in sentence
    assert f"{bits(row['excess'])} more than issues dealt out at random would" in sentence
    assert row["p"] <= 0.05
    other = of(out["divergence"], "word", "token", "magazine", "newspaper").iloc[0]
    assert other["p"] > 0.05
    pair = next(p for p in about["pairs"] if (p["a"], p["b"]) == ("magazine", "newspaper"))
    assert "chance alone may give as much" in pair["sentences"][1]
    assert about["pairs"][-1] == pair
    for page in pages.values():
        assert sentence in page.replace("\\", "")
        assert "the nearest magazine and newspaper" in page


@pytest.mark.parametrize(("p", "claim"), [(0.0333, True), (0.05, True), (0.0533, False), (0.9, False)])
def test_what_is_said_follows_p(three, p, claim):
    made, out = three
    about, _ = told(made, out | {"divergence": out["divergence"].assign(p=p, excess=0.2, null_mean=0.1)})
    for sentence in (s for pair in about["pairs"] for s in pair["sentences"]):
        assert ("0.20 more than issues dealt out at random would" in sentence) == claim
        assert ("chance alone may give as much" in sentence) != claim


def test_tested_pairs_come_first():
    made = bursty({"a": (2, 4), "b": (9, 4), "c": (6, 4)}, 2)
    about, pages = told(made, tables(made))
    assert (about["pairs"][0]["a"], about["pairs"][0]["b"]) == ("b", "c")
    assert (about["n_tested"], about["n_equal"]) == (1, 6)
    for page in pages.values():
        assert "2 issues on the side of a; 6 are needed" in page
    # Of the untested the one farther apart comes first.
    far = of(tables(made)["divergence"]).set_index(["source_a", "source_b"])["observed"]
    second, third = ((p["a"], p["b"]) for p in about["pairs"][1:])
    assert far[second] > far[third]


def test_the_report_without_tests_makes_no_claim():
    made = bursty({"a": (2, 4), "b": (1, 4)}, 2)
    about, pages = told(made, tables(made))
    assert about["n_tested"] == 0
    assert about["ranking"] == ""
    reason = "2 issues on the side of a and 1 issue on the side of b; 6 are needed"
    assert about["pairs"][0]["sentences"][0].endswith(f"in what was read; not tested: {reason}.")
    for page in pages.values():
        assert "more than issues dealt out" not in page
        assert "most of it may be" in page


def test_the_report_of_one_source():
    made = bursty({"a": (7, 4)}, 2)
    for page in told(made, tables(made))[1].values():
        assert "One source: there is nothing to compare it with." in page


def test_the_report_with_many_pairs_periods_apart_and_words_of_one_source():
    made = bursty({f"s{i}": (6, 2) for i in range(8)}, 0)
    made["vocabulary"]["dropped_in"] = ["s1", *N_WORDS * [""]][:N_WORDS]
    made["topics"].loc[0, "excluded"] = True
    overlap = pd.DataFrame({"source_a": ["s0", "s0"], "source_b": ["s1", "s2"], "overlap": ["no", "yes"]})
    about, pages = told(made, tables(made, permutations=19), contrasts=overlap)
    assert (about["n_pairs"], len(about["pairs"]), about["more_pairs"]) == (28, 20, 8)
    assert about["apart"] == ["s0 and s1"]
    for page in pages.values():
        assert "8 more pairs" in page
        assert "1 word that one source does not count" in page
        assert "1 excluded topic left out" in page
        assert "the periods of s0 and s1 do not overlap" in page


def test_text_of_documents_is_escaped():
    evil = "<img src=x onerror=alert(1)>|x"
    made = bursty({evil: (6, 4), "b": (6, 4)}, 2)
    made["topics"]["label"] = evil
    _, pages = told(made, tables(made))
    for page in pages.values():
        assert "<img src=x" not in page
    row = next(line for line in pages["md"].splitlines() if line.startswith("|") and "topics" in line)
    assert row.replace("\\|", "").count("|") == 10


@pytest.mark.parametrize(
    ("plan", "panels"),
    [
        ({"a": (7, 4), "b": (7, 4)}, 1),
        ({"gazette": (7, 4), "magazine": (3, 4), "newspaper$": (7, 4)}, 3),
        ({f"s{i}": (6, 1) for i in range(12)}, 3),
        ({"a": (1, 1), "b": (1, 1)}, 1),
    ],
)
def test_the_figure_points_to_the_source_that_has_more(plan, panels):
    made = bursty(plan, 1)
    out = tables(made, permutations=19)
    with style():
        drawn = figure(**out, topics=made["topics"], weighting="article")
        drawn.canvas.draw()
    pairs = pairs_shown(out["divergence"])
    assert len(drawn.axes) == len(pairs) == panels
    sources = sorted(plan)
    for ax, (a, b) in zip(drawn.axes, pairs, strict=True):
        rows = of(out["shifts"], "word", "token", a, b).head(12)
        rows = rows[rows["more_in"] != ""]
        texts = [t.get_text() for t in ax.texts]
        assert [t for t in texts if t.startswith("词")] == rows["item"].tolist()
        reach = {}
        for bar in ax.patches:
            end = bar.get_x() + (bar.get_width() if bar.get_width() > 0 else 0), bar.get_x() + min(0, bar.get_width())
            place = round(bar.get_y() + bar.get_height() / 2)
            reach.setdefault(place, []).append((max(end, key=abs), bar.get_facecolor()))
        for place, row in enumerate(rows.itertuples()):
            far, colour = max(reach[place], key=lambda e: abs(e[0]))
            size = row.matched if np.isfinite(row.excess) else row.contribution
            assert far == pytest.approx(1000 * size * (1 if row.more_in == a else -1), rel=1e-6)
            name = SOURCE_COLOURS[sources.index(row.more_in) % len(SOURCE_COLOURS)]
            assert "#{:02X}{:02X}{:02X}".format(*(round(255 * c) for c in colour[:3])) == name


def test_the_figure_shows_tested_pairs_first_and_of_these_the_farthest():
    lean = {"d": [9, 9, 1, 1, 1, 1, 1, 1], "e": [1, 1, 1, 1, 1, 1, 9, 9]}
    out = tables(bursty({"a": (1, 1), "b": (2, 1), "c": (8, 6), "d": (8, 6), "e": (8, 6)}, 1, lean), permutations=19)
    assert pairs_shown(out["divergence"]) == [("c", "d"), ("c", "e"), ("d", "e")]
    out = tables(bursty({"c": (8, 6), "d": (8, 6), "e": (8, 6), "f": (8, 6)}, 1, lean), permutations=19)
    far = of(out["divergence"]).sort_values("equal_excess", ascending=False).head(3)
    assert pairs_shown(out["divergence"]) == sorted(zip(far["source_a"], far["source_b"], strict=True))


def test_the_figure_of_nothing(tmp_path):
    for plan in ({"a": (7, 4)}, {}):
        made = bursty(plan or {"a": (1, 1)}, 1)
        save("divergence", dict(tables(made)), tmp_path / "f.png", tmp_path / "f.svg")
        assert (tmp_path / "f.svg").stat().st_size > 0


def test_the_figure_is_the_same_bytes_each_time(three, tmp_path):
    for name in ("one", "two"):
        save("divergence", dict(three[1]), tmp_path / f"{name}.png", tmp_path / f"{name}.svg")
    for suffix in ("png", "svg"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()
