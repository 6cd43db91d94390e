"""What else differs between sources, contrasts with it held equal, and what the report says of them."""

import numpy as np
import pandas as pd
import pytest
from baokan.comparing.confounds import (
    CONFOUNDS,
    confound_tables,
    date_strata,
)
from baokan.comparing.limits import Limits
from baokan.comparing.reasons import read
from shown_sections import shown
from worded import in_words

SETTINGS = {"min_issues": 6, "min_articles": 10, "confidence": 0.95, "permutations": 199}
LIMITS = Limits(**SETTINGS)


# --- Measures and strata ---------------------------------------------------------------------------------------------


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
    tables = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
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
    tables = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
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
    row = rows_of(confound_tables(articles, with_share(theta, share), TOPICS, LIMITS, seed=1), "length")
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
    tables = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
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
    row = rows_of(confound_tables(articles, theta, TOPICS, LIMITS, seed=1), "length")
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
    plain = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
    tables = confound_tables(both, np.vstack([theta, theta[:60]]), TOPICS, LIMITS, seed=1)
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
    balance = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)["balance"].set_index("confound")
    shown = [read(text)[0].values for text in balance.loc["length", ["shown_a", "shown_b"]]]
    assert [np.exp(one["value"]) for one in shown] == pytest.approx([410, 150])
    assert balance.loc["length", "smd"] == np.inf
    assert balance.loc["length", ["overlap_a", "overlap_b"]].tolist() == [0, 0]
    assert balance.loc["quality", ["smd", "alike"]].tolist() == [0, "alike"]
    assert read(balance.loc["genre", "measure"]) in [
        [("share of a kind", {"kind": k})] for k in ("document", "dispatch")
    ]
    assert balance.loc["genre", "overlap_b"] == pytest.approx(0.25)
    assert balance.loc["date", ["smd", "alike"]].tolist() == [0, "alike"]
    assert balance.loc["date", "value_a"] == pytest.approx(1950.25, abs=0.05)


def test_without_common_support_the_reason_is_given():
    articles, theta = corpus(np.random.default_rng(25))
    first = (articles["source"] == "gazette").to_numpy()
    articles["n_tokens"] = np.where(first, 400, 100)
    articles["quality"] = np.where(first, articles["quality"], np.nan)
    articles["issue_date"] = np.where(first, articles["issue_date"], "")
    tables = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
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
    tables = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
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
    one = confound_tables(articles, theta, TOPICS, LIMITS, seed=4)
    order = rng.permutation(len(articles))
    other = confound_tables(articles.iloc[order], theta[order], TOPICS, LIMITS, seed=4)
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name], check_exact=True)
    again = confound_tables(articles, theta, TOPICS, LIMITS, seed=5)
    assert (again["matched"]["difference_matched"] == one["matched"]["difference_matched"]).all()
    assert (again["matched"]["p_matched"] != one["matched"]["p_matched"]).any()


def test_excluded_topics_are_not_compared():
    articles, theta = corpus(np.random.default_rng(28), n_issues=7, per_issue=4)
    topics = TOPICS.assign(excluded=[False, True, False])
    tables = confound_tables(articles, theta, topics, LIMITS, seed=4)
    assert set(tables["matched"]["topic_id"]) == {1, 3}
    whole = confound_tables(articles, theta, TOPICS, LIMITS, seed=4)
    assert rows_of(tables, "length", topic=3)["difference"] == rows_of(whole, "length", topic=3)["difference"]
    nothing = confound_tables(articles, theta, TOPICS.assign(excluded=True), LIMITS, seed=4)
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
    tables = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
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
        in_words(tables) | {"contrasts": contrasts_table, "topics": TOPICS.assign(label=label)},
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
    return confound_tables(articles, theta, TOPICS, LIMITS, seed=1)


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
    markdown = page(confound_tables(articles, theta, TOPICS, LIMITS, seed=1), {1: "suggestive"})[1]
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
    tables = confound_tables(articles, theta, TOPICS, LIMITS, seed=1)
    told = page(tables, {3: "suggestive"})[2]
    assert len(told["rows"]) == 8
    assert [row["grade"] for row in told["rows"]] == ["suggestive"] * 6 + ["descriptive"] * 2
    sizes = [abs(row["difference"]) for row in told["rows"]]
    assert sizes == [*sorted(sizes[:6], reverse=True), *sorted(sizes[6:], reverse=True)]


def test_hostile_labels_are_escaped():
    html, markdown, _ = page(planted_tables(), {1: "suggestive"}, label="<script>alert(1)</script>|")
    assert "<script>" not in html
    assert "<script>" not in markdown
