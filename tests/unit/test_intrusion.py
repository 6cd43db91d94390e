"""Intrusion sheets: fair items, nothing that gives an answer away, and scores that claim no more than the answers carry."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from baokan.errors import UserError
from baokan.intrusion import items as making
from baokan.intrusion import sheet as sheets
from baokan.intrusion.__main__ import main
from baokan.intrusion.answers import read_answers, read_key
from baokan.intrusion.items import OPTIONS, article_items, word_items
from baokan.intrusion.scores import clopper_pearson, items_interval, krippendorff, scores
from baokan.intrusion.sheet import fingerprint, read_openings, sheet_key, sheet_of
from baokan.reporting.rendering import write_page
from baokan.tables import write_csv, write_parquet
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import reported

REPORT = Path(__file__).parents[2] / "workflow" / "report"
TEMPLATE, CSS = REPORT / "intrusion.html.j2", REPORT / "report.css"
K, PER_TOPIC = 6, 20
TOPICS = list(range(1, K + 1))
FIRST, SECOND = "山水田林路桥", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def planted_phi(k=K, per_topic=PER_TOPIC) -> np.ndarray:
    """Topic i has the terms from i * per_topic on, each rarer than the one before; all others are as good as absent."""
    phi = np.full((k, k * per_topic), 1e-6)
    for i in range(k):
        phi[i, i * per_topic : (i + 1) * per_topic] = 0.8 ** np.arange(per_topic)
    return phi / phi.sum(axis=1, keepdims=True)


def planted_terms(k=K) -> list[str]:
    return [a + b for a in FIRST[:k] for b in SECOND]


def planted_articles(k=K, each=12, **columns) -> tuple[np.ndarray, pd.DataFrame]:
    """`each` articles of every topic: the first has the largest share of it."""
    n = k * each
    theta = np.full((n, k), 0.02)
    for i in range(n):
        theta[i, i // each] = 0.9 - 0.02 * (i % each)
    articles = pd.DataFrame(
        {
            "article_id": [f"报/{i}" for i in range(n)],
            "issue_id": [f"期{i}" for i in range(n)],
            "title": [f"第{i}篇：{FIRST[i // each]}事" for i in range(n)],
            "text": [f"{FIRST[i // each]}边的第{i}件事情。\n" * 40 for i in range(n)],
            "duplicate_of": "",
        }
    )
    return theta / theta.sum(axis=1, keepdims=True), articles.assign(**columns)


def by_item(items: pd.DataFrame):
    return [rows for _, rows in items.groupby("item", sort=False)]


# --- words


def test_an_item_is_five_words_of_its_topic_and_one_of_another():
    items = word_items(planted_phi(), planted_terms(), TOPICS, 1)
    assert sorted({rows["topic_id"].iloc[0] for rows in by_item(items)}) == TOPICS
    for rows in by_item(items):
        sign = FIRST[rows["topic_id"].iloc[0] - 1]
        assert list(rows["position"]) == [1, 2, 3, 4, 5, 6]
        assert sorted(rows.loc[~rows["intruder"], "word"]) == sorted(sign + c for c in SECOND[:5])
        (intruder,) = rows.loc[rows["intruder"], "word"]
        assert intruder[0] != sign
        assert intruder[1] in SECOND[:10]  # known from the top of its own topic, not a rare word


@given(st.integers(0, 2**31), st.integers(2, 7), st.integers(55, 140), st.sampled_from([0.02, 0.3]))
@settings(max_examples=60, deadline=None)
def test_an_intruder_is_improbable_here_and_frequent_elsewhere(seed, k, v, alpha):
    rng = np.random.default_rng(seed)
    phi = rng.dirichlet(np.full(v, alpha), size=k)
    terms = [f"{chr(0x4E00 + i)}{chr(0x5E00 + i)}" for i in range(v)]
    topics = list(range(10, 10 + k))
    items = word_items(phi, terms, topics, seed)
    pd.testing.assert_frame_equal(items, word_items(phi, terms, topics, seed))
    ranks = (-phi).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    for rows in by_item(items):
        assert len(rows) == 6 and rows["word"].nunique() == 6 and rows["intruder"].sum() == 1
        row = topics.index(rows["topic_id"].iloc[0])
        columns = [terms.index(w) for w in rows["word"]]
        out = columns[rows["intruder"].tolist().index(True)]
        assert phi[row, out] <= np.median(phi[row])
        # Of a tie, which a small alpha makes by the dozen, no term is before another.
        assert (phi[row] >= phi[row, out]).sum() > 50
        assert min(ranks[j, out] for j in range(k) if j != row) < 10
        assert all(ranks[row, c] < 10 and phi[row, c] > phi[row, out] for c in columns if c != out)


def test_no_word_contains_another():
    terms = planted_terms()
    terms[1] = terms[0] + "管理"  # of topic 1, next to the word that it begins with
    terms[3] = "四字之词"  # so that words of four characters do not stand out
    # At the top of every other topic: words that contain one of topic 1, and a single one that does not.
    for other in range(1, K):
        for j in range(9):
            terms[other * PER_TOPIC + j] = terms[2] + FIRST[other] + SECOND[j]
    for seed in range(5):
        items = word_items(planted_phi(), terms, TOPICS, seed)
        (rows,) = [rows for rows in by_item(items) if rows["topic_id"].iloc[0] == 1]
        words = list(rows["word"])
        assert terms[0] in words and terms[1] not in words
        assert not [(a, b) for a in words for b in words if a != b and a in b]


def test_words_that_contain_another_are_shown_where_there_are_no_others():
    terms = planted_terms()
    terms[:PER_TOPIC] = ["山" * (i + 1) for i in range(PER_TOPIC)]
    items = word_items(planted_phi(), terms, TOPICS, 1)
    (rows,) = [rows for rows in by_item(items) if rows["topic_id"].iloc[0] == 1]
    assert set(rows.loc[~rows["intruder"], "word"]) == set(terms[:5])


def test_the_intruder_is_not_betrayed_by_its_length_or_script():
    terms = planted_terms()
    for i in range(PER_TOPIC, len(terms)):  # of the other topics only the tenth word looks like those of topic 1
        if i % PER_TOPIC != 9:
            terms[i] = f"GDP{i}" if i % 2 else terms[i] + "委员会"
    for seed in range(5):
        items = word_items(planted_phi(), terms, TOPICS, seed)
        (rows,) = [rows for rows in by_item(items) if rows["topic_id"].iloc[0] == 1]
        assert {(len(w), w.isascii()) for w in rows["word"]} == {(2, False)}


def test_an_intruder_is_a_word_that_no_other_item_shows():
    items = word_items(planted_phi(), planted_terms(), TOPICS, 3)
    assert items["word"].nunique() == len(items) == 6 * K


@pytest.mark.parametrize(
    ("k", "v"),
    [(1, 200), (2, 6), (3, 50), (2, 1)],
    ids=["one topic", "six words", "all words among the fifty first", "one word"],
)
def test_a_model_without_possible_intruders_has_no_items(k, v):
    phi = np.random.default_rng(1).dirichlet(np.ones(v), size=k)
    items = word_items(phi, [f"词{i}" for i in range(v)], list(range(1, k + 1)), 1)
    assert items.empty
    assert list(items.columns) == making.WORD_COLUMNS


def test_equal_topics_have_no_intruder_but_the_others_do():
    phi = planted_phi(3)
    phi = np.vstack([phi[0], phi[0]])
    assert word_items(phi, planted_terms(3), [1, 2], 1).empty


def test_shapes_that_do_not_agree_are_refused():
    with pytest.raises(ValueError, match="5 topics"):
        word_items(planted_phi(), planted_terms(), TOPICS[:5], 1)
    theta, articles = planted_articles()
    with pytest.raises(ValueError, match="71 articles"):
        article_items(theta, articles[1:], TOPICS, 1)


# --- order


def test_the_order_tells_nothing_of_topics_or_answers():
    orders, places = [], []
    for seed in range(40):
        items = word_items(planted_phi(), planted_terms(), TOPICS, seed)
        orders.append(tuple(rows["topic_id"].iloc[0] for rows in by_item(items)))
        places.append(items.loc[items["intruder"], "position"].tolist())
    assert list(items["item"].unique()) == ["w01", "w02", "w03", "w04", "w05", "w06"]
    assert len(set(orders)) > 35
    assert all(sorted(p) == [1, 2, 3, 4, 5, 6] for p in places)  # who always takes one place is right as by chance
    assert len(set(map(tuple, places))) > 35


@pytest.mark.parametrize("k", [2, 3])
def test_with_few_items_the_intruder_may_stand_anywhere(k):
    places = set()
    for seed in range(60):
        items = word_items(planted_phi(k, 40), [f"{a}{b}" for a in FIRST[:k] for b in range(10, 50)], TOPICS[:k], seed)
        places |= set(items.loc[items["intruder"], "position"])
    assert places == {1, 2, 3, 4, 5, 6}


# --- articles


def test_an_item_is_three_articles_of_its_topic_and_one_of_another():
    theta, articles = planted_articles()
    items = article_items(theta, articles, TOPICS, 1)
    assert sorted({rows["topic_id"].iloc[0] for rows in by_item(items)}) == TOPICS
    number = items["article_id"].str.split("/").str[1].astype(int)
    for rows in by_item(items.assign(topic=number // 12 + 1, place=number % 12)):
        assert list(rows["position"]) == [1, 2, 3, 4]
        assert list(rows["intruder"]) == list(rows["topic"] != rows["topic_id"])
        assert rows["intruder"].sum() == 1
        assert (rows["place"] < 10).all()  # all are among the ten that are most about their topic
    assert items["article_id"].nunique() == len(items)
    for row in items.itertuples():
        assert row.title.startswith("第")
        assert "\n" not in row.excerpt and len(row.excerpt) <= 121 and row.excerpt.endswith("…")


def test_it_is_not_always_the_purest_articles():
    theta, articles = planted_articles()
    drawn = {a for seed in range(20) for a in article_items(theta, articles, TOPICS, seed)["article_id"]}
    assert len(drawn) == 10 * K


def test_repeats_and_articles_without_theta_or_text_are_not_shown():
    theta, articles = planted_articles()
    articles.loc[::4, "duplicate_of"] = "报/1"
    theta[1::4] = np.nan
    articles.loc[2::4, ["title", "text"]] = ["", None]
    items = article_items(theta, articles, TOPICS, 1)
    assert items["item"].nunique() == K
    assert {int(a.split("/")[1]) % 4 for a in items["article_id"]} == {3}


def test_articles_of_one_topic_are_of_different_issues_where_that_can_be():
    theta, articles = planted_articles()
    articles["issue_id"] = [f"期{i % 12 // 4}" for i in range(len(articles))]  # three issues with four articles each
    for seed in range(5):
        for rows in by_item(article_items(theta, articles, TOPICS, seed)):
            issues = articles.set_index("article_id").loc[rows.loc[~rows["intruder"], "article_id"], "issue_id"]
            assert issues.nunique() == 3
    one = article_items(theta, articles.assign(issue_id="唯一的一期"), TOPICS, 1)
    assert one["item"].nunique() == K


def test_one_text_is_not_shown_twice_in_an_item():
    theta, articles = planted_articles()
    articles["reprint_group"] = [f"转载{i // 3}" for i in range(len(articles))]
    for rows in by_item(article_items(theta, articles, TOPICS, 1)):
        assert articles.set_index("article_id").loc[rows["article_id"], "reprint_group"].nunique() == 4
    same = articles.assign(title="简讯", text="各县汛前检查已经做完，没有一处漏报。" * 9).drop(columns="reprint_group")
    assert article_items(theta, same, TOPICS, 1).empty


def test_the_intruder_is_of_a_source_that_the_others_are_from():
    theta, articles = planted_articles()
    articles["source"] = ["公报" if i // 12 < 2 else "杂志" for i in range(len(articles))]
    for seed in range(5):
        for rows in by_item(article_items(theta, articles, TOPICS, seed)):
            assert articles.set_index("article_id").loc[rows["article_id"], "source"].nunique() == 1


def test_a_topic_that_no_article_is_mostly_about_is_still_tried():
    theta, articles = planted_articles()
    theta[:, 5] = np.where(np.arange(len(theta)) // 12 == 2, 0.3, 0.001)  # a background of topic 3
    theta[60:, 0] = 0.9
    items = article_items(theta, articles, TOPICS, 1)
    rows = items[items["topic_id"] == 6]
    assert rows["intruder"].sum() == 1
    numbers = rows.loc[~rows["intruder"], "article_id"].str.split("/").str[1].astype(int)
    assert set(numbers // 12) == {2}


def test_what_is_mostly_about_a_topic_does_not_intrude_into_it():
    theta = np.array([[0.6, 0.35, 0.05]] * 20 + [[0.5, 0.3, 0.2]] * 6 + [[0.1, 0.85, 0.05]] * 4)
    articles = planted_articles()[1][: len(theta)]
    for seed in range(10):
        items = article_items(theta, articles, [1, 2, 3], seed)
        intruder = items.loc[(items["topic_id"] == 1) & items["intruder"], "article_id"].item()
        assert int(intruder.split("/")[1]) >= 26


@pytest.mark.parametrize(("k", "each"), [(1, 12), (4, 0), (4, 1)], ids=["one topic", "no article", "one of each topic"])
def test_where_articles_are_too_few_there_are_no_items(k, each):
    theta, articles = planted_articles(k, each)
    assert article_items(theta[:3], articles[:3], list(range(1, k + 1)), 1).empty


@given(st.integers(0, 2**31), st.integers(2, 5), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_an_article_that_intrudes_is_less_about_the_topic_than_all_others(seed, k, n):
    rng = np.random.default_rng(seed)
    theta = rng.dirichlet(np.full(k, 0.2), size=n)
    theta[rng.random(n) < 0.1] = np.nan
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(n)], "issue_id": ""})
    articles["title"], articles["text"] = [f"题{i}" for i in range(n)], [f"{i}：" + "正文" * 20 for i in range(n)]
    articles["duplicate_of"] = np.where(rng.random(n) < 0.1, "a0", "")
    usable = ~np.isnan(theta).any(axis=1) & (articles["duplicate_of"] == "").to_numpy()
    for rows in by_item(article_items(theta, articles, list(range(k)), seed)):
        topic = rows["topic_id"].iloc[0]
        share = theta[[int(a[1:]) for a in rows["article_id"]], topic]
        assert rows["intruder"].sum() == 1 and len(rows) == 4
        assert share[rows["intruder"]].max() < share[~rows["intruder"]].min()
        assert share[rows["intruder"]].max() <= np.median(theta[usable, topic])


# --- the key


def sheet(seed=1):
    theta, articles = planted_articles()
    return word_items(planted_phi(), planted_terms(), TOPICS, seed), article_items(theta, articles, TOPICS, seed)


def test_the_key_points_at_the_intruders():
    words, articles = sheet()
    key = sheet_key(words, articles)
    assert list(key.columns) == ["item", "kind", "topic_id", "answer", "fingerprint"]
    assert key["kind"].value_counts().to_dict() == {"word": K, "article": K}
    shown = pd.concat([words, articles]).set_index(["item", "position"])
    for row in key.itertuples():
        assert shown.at[(row.item, row.answer), "intruder"]
        assert shown.at[(row.item, row.answer), "topic_id"] == row.topic_id


def test_the_fingerprint_changes_with_the_model_and_is_no_number():
    marks = {fingerprint(*sheet(seed)) for seed in range(30)}
    assert len(marks) == 30
    assert all(re.fullmatch("[a-f][0-9a-f]{11}", mark) for mark in marks)
    words, articles = sheet()
    assert fingerprint(words, articles) == fingerprint(words.copy(), articles.copy())
    articles.loc[0, "excerpt"] += "改"
    assert fingerprint(words, articles) != fingerprint(*sheet())


# --- scores


def test_clopper_pearson_against_published_values():
    assert clopper_pearson(8, 10) == pytest.approx((0.4439, 0.9748), abs=1e-4)
    assert clopper_pearson(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)
    assert clopper_pearson(10, 10) == pytest.approx((0.6915, 1), abs=1e-4)
    assert np.isnan(clopper_pearson(0, 0)).all()


def test_krippendorffs_alpha_against_his_own_example():
    # Krippendorff (2011), example C: four observers, twelve units, some missing; nominal alpha is 0.743.
    observers = ["123321412...", "1233224125.3", ".333234225 1.".replace(" ", ""), "12332441251."]
    values = [(u, v) for row in observers for u, v in enumerate(row) if v != "."]
    units, codes = map(pd.Series, zip(*values, strict=True))
    assert krippendorff(units, codes) == pytest.approx(0.743, abs=5e-4)


def test_alpha_has_no_value_without_two_readers_or_without_variety():
    assert np.isnan(krippendorff(pd.Series(["a", "b"]), pd.Series([1, 2])))
    assert np.isnan(krippendorff(pd.Series(["a", "a"]), pd.Series([1, 1])))
    assert np.isnan(krippendorff(pd.Series([], dtype=object), pd.Series([], dtype=int)))
    assert krippendorff(pd.Series(["a", "a", "b", "b"]), pd.Series([1, 1, 2, 2])) == 1


def test_with_one_reader_the_interval_over_items_is_clopper_pearson():
    right = np.array([1, 1, 1, 0, 1, 0, 1, 1, 1, 1.0])
    assert items_interval(right, np.ones(10)) == pytest.approx(clopper_pearson(8, 10))


def test_readers_who_all_agree_count_once_per_item():
    right = np.array([1, 1, 1, 0, 1, 0, 1, 1, 1, 1.0])
    assert items_interval(5 * right, np.full(10, 5.0)) == pytest.approx(clopper_pearson(8, 10))
    assert items_interval(np.full(10, 5.0), np.full(10, 5.0)) == pytest.approx(clopper_pearson(10, 10))


def test_the_interval_over_items_by_hand():
    # p = 14 / 20, v = (0.5² + 0.5² + 1.5² + 1.5²) / 20² = 0.0125, p(1 - p) / v = 16.8; quantiles of t: 2.0930 with 19
    # degrees of freedom, 3.1824 with 3; so 16.8 (2.0930 / 3.1824)² = 7.267 answers.
    found = items_interval(np.array([4, 3, 5, 2.0]), np.full(4, 5.0))
    assert found == pytest.approx(clopper_pearson(0.7 * 7.267, 7.267), abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6)), min_size=1, max_size=20))
def test_the_interval_over_items_lies_between_items_and_answers(found):
    right, answers = np.array([(min(r, n), n) for r, n in found], float).T
    lower, upper = items_interval(right, answers)
    p = right.sum() / answers.sum()
    widest, narrowest = (clopper_pearson(p * n, n) for n in (len(found), answers.sum()))
    assert widest[0] - 1e-9 <= lower <= narrowest[0] + 1e-9
    assert narrowest[1] - 1e-9 <= upper <= widest[1] + 1e-9


def test_the_interval_over_items_holds_the_truth_as_often_as_it_says():
    rng, held, naive = np.random.default_rng(5), 0, 0
    for _ in range(600):
        easy = rng.beta(0.7, 0.35, size=12)  # topics are plain or opaque; on average two thirds of readers are right
        right = rng.binomial(5, easy).astype(float)
        lower, upper = items_interval(right, np.full(12, 5.0))
        held += lower <= 2 / 3 <= upper
        lower, upper = clopper_pearson(right.sum(), 60)
        naive += lower <= 2 / 3 <= upper
    assert held / 600 > 0.93
    assert naive / 600 < 0.85  # what the answers would claim as sixty findings


KEY = pd.DataFrame(
    [("w01", "word", 2, 6), ("w02", "word", 1, 3), ("a01", "article", 1, 4), ("a02", "article", 2, 1)],
    columns=["item", "kind", "topic_id", "answer"],
).assign(fingerprint="abc123abc123")


def answered(*rows, **columns):
    frame = pd.DataFrame(rows, columns=["annotator", "item", "position"])
    return frame.assign(**{"fingerprint": "abc123abc123"} | columns)


def row_of(table, kind, topic):
    return table[(table["kind"] == kind) & (table["topic_id"] == topic)].iloc[0]


def test_scores_by_hand():
    table = scores(
        KEY,
        answered(
            ("甲", "w01", 6), ("甲", "w02", 3), ("甲", "a01", 4), ("乙", "w01", "6"), ("乙", "w02", ""), ("乙", "a01", 2.0),
            ("丙", "w01", "6"), ("丙", "w02", 5), ("丙", "a01", 0),
        ),
    )  # fmt: skip
    assert list(table["topic_id"]) == [0, 1, 2, 0, 1, 2]
    whole = row_of(table, "word", 0)
    assert (whole["n_items"], whole["n_annotators"], whole["n_answers"]) == (2, 3, 6)
    assert (whole["right"], whole["n_cannot_tell"]) == (4, 1)
    assert whole["precision"] == pytest.approx(4 / 6)
    assert whole["chance"] == pytest.approx(1 / 6)
    topic = row_of(table, "word", 2)
    assert (topic["n_answers"], topic["right"], topic["precision"]) == (3, 3, 1)
    assert topic["lower"] == pytest.approx(0.2924, abs=1e-4)  # 0.025 ** (1 / 3)
    assert topic["above_chance"]
    topic = row_of(table, "word", 1)
    assert (topic["right"], topic["n_cannot_tell"], bool(topic["above_chance"])) == (1, 1, False)
    article = row_of(table, "article", 1)
    assert (article["right"], article["n_cannot_tell"], article["chance"]) == (1, 1, 0.25)
    silent = row_of(table, "article", 2)
    assert silent["n_answers"] == 0 and np.isnan(silent["precision"]) and not silent["above_chance"]
    # Words: units 6 6 6 and 3 0 5; n = 6, observed (9 - 3) / 2 = 3, expected 36 - (9 + 1 + 1 + 1) = 24.
    assert whole["alpha"] == pytest.approx(1 - 5 * 3 / 24)
    assert np.isnan(topic["alpha"])


def test_one_reader_proves_nothing_of_a_single_topic():
    table = scores(KEY, answered(("甲", "w01", 6), ("甲", "w02", 3)))
    assert not table[table["topic_id"] > 0]["above_chance"].any()
    assert np.isnan(row_of(table, "word", 0)["alpha"])


@pytest.mark.parametrize("kind", ["word", "article"])
def test_guessing_readers_are_rarely_above_chance(kind):
    rng, options = np.random.default_rng(2), OPTIONS[kind]
    key = pd.DataFrame({"item": [f"x{i:02d}" for i in range(12)], "kind": kind, "topic_id": range(1, 13)})
    above = 0
    for _ in range(60):
        key["answer"], key["fingerprint"] = rng.integers(1, options + 1, 12), "abc123abc123"
        rows = [(f"人{a}", i, int(rng.integers(1, options + 1))) for a in range(3) for i in key["item"]]
        above += row_of(scores(key, answered(*rows)), kind, 0)["above_chance"]
    assert above <= 4


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([("甲", "w09", 1)], "has no item w09"),
        ([("甲", "", 1)], "has no item"),
        ([("甲", "w01", 7)], "position 7 is none of 1 to 6"),
        ([("甲", "a01", 5)], "position 5 is none of 1 to 4"),
        ([("甲", "w01", -1)], "position -1"),
        ([("甲", "w01", "2.5")], "position 2.5"),
        ([("甲", "w01", "nan")], "position nan"),
        ([("甲", "w01", "甲")], "position 甲"),
        ([("  ", "w01", 1)], "no annotator"),
        ([("甲", "w01", 1), (" 甲", "w01", 1)], "甲 has answered w01 before"),
    ],
)
def test_bad_answers_are_refused_with_file_row_and_what_to_do(bad, words):
    answers = answered(("乙", "w02", 3), *bad, file="答案.csv", row=range(2, 3 + len(bad)))
    with pytest.raises(UserError, match=re.escape(words)) as refused:
        scores(KEY, answers)
    assert f"答案.csv, row {2 + len(bad)}" in str(refused.value)
    assert re.search(r"Delete|delete|Write|Put back", str(refused.value))


def test_answers_to_the_sheet_of_another_model_are_refused():
    with pytest.raises(UserError, match=r"another sheet.*fedcba987654.*abc123abc123.*model has changed"):
        scores(KEY, answered(("甲", "w01", 6), fingerprint="fedcba987654"))


@pytest.mark.parametrize("column", ["annotator", "item", "position", "fingerprint"])
def test_a_missing_column_is_named(column):
    with pytest.raises(UserError, match=rf"答案\.csv: the column {column} is missing"):
        scores(KEY, answered(("甲", "w01", 6), file="答案.csv").drop(columns=column))


def test_no_answers_at_all_are_refused():
    with pytest.raises(UserError, match="no answer"):
        scores(KEY, answered())


# --- files


CSV = "annotator,item,position,fingerprint\r\n张三,w01,6,abc123abc123\r\n张三,a01,0,abc123abc123\r\n"


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode("utf-8"),
        CSV.encode("utf-8-sig"),
        CSV.encode("gb18030"),
        CSV.replace(",", ";").encode("utf-8-sig"),
        CSV.replace(",", ";").replace("\r\n", "\n").encode("gb18030"),
        b"\xff\xfe" + CSV.replace(",", "\t").encode("utf-16-le"),
        ("sep=;\r\n" + CSV.replace(",", ";")).encode("utf-8-sig"),
        CSV.replace("张三", '"张三"').replace("annotator", " Annotator ").encode("utf-8"),
        (CSV.replace("\r\n", ",,\r\n") + ",,,,,\r\n\r\n").encode("utf-8"),
    ],
    ids=["utf-8", "bom", "gb18030", "semicolons", "gb18030 semicolons", "utf-16 tabs", "sep", "quotes", "empty cells"],
)
def test_answers_are_read_however_a_spreadsheet_saved_them(data, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(data)
    answers = read_answers([path])
    assert answers[["annotator", "item", "position"]].to_numpy().tolist() == [
        ["张三", "w01", "6"],
        ["张三", "a01", "0"],
    ]
    table = scores(KEY, answers)
    assert (row_of(table, "word", 0)["right"], row_of(table, "article", 0)["n_cannot_tell"]) == (1, 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "cannot be read"),
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"PK\x03\x04\x00\x00", "Save as"),
        (b"annotator,item\nx,w01\n", "column position is missing"),
        (b"annotator,item,position,fingerprint\n", "no answer"),
        (b"annotator,item,position,fingerprint\nx,w01\n", "row 2.*another sheet.*missing"),
        (b"annotator,item,position,fingerprint\n\nx,w77,1,abc123abc123\n", "row 3: the sheet has no item w77"),
        (b'annotator,item\n"' + b"x" * 200_000 + b'",w01', "column position is missing"),
    ],
)
def test_files_that_are_no_answers_are_refused_in_plain_words(data, words, tmp_path):
    path = tmp_path / "answers.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UserError, match=words):
        scores(KEY, read_answers([path]))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_quote_that_nothing_closes_costs_no_row(separator, tmp_path):
    lines = ["annotator,item,position,fingerprint"]
    lines += [f"{name},{item},6,abc123abc123" for name in ('"张三', "李四", '王五"', '"赵"六"') for item in ("w01",)]
    path = tmp_path / "answers.csv"
    path.write_text("\r\n".join(lines).replace(",", separator), encoding="utf-8")
    answers = read_answers([path])
    assert answers["annotator"].tolist() == ['"张三', "李四", '王五"', '"赵"六"']
    assert answers["row"].tolist() == [2, 3, 4, 5]
    assert row_of(scores(KEY, answers), "word", 2)["right"] == 4


def test_rows_are_numbered_as_the_spreadsheet_numbers_them(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("\nsep=;\n" + CSV.replace(",", ";").replace("a01", '"a01"'), encoding="utf-8")
    assert read_answers([path])["row"].tolist() == [4, 5]


@pytest.mark.parametrize("name", ["王丹", "丁", "林怡", "高明", "李安", "石晨"])
@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
def test_names_of_one_or_two_characters_do_not_mislead(name, encoding, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(CSV.replace("张三", name).encode(encoding))
    answers = read_answers([path])
    assert row_of(scores(KEY, answers), "word", 0)["right"] == 1
    assert encoding != "gb18030" or set(answers["annotator"]) == {name}


@given(st.sampled_from([b"", b"annotator,item,position,fingerprint\n"]), st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_end_in_a_traceback(tmp_path_factory, head, data):
    path = tmp_path_factory.mktemp("any") / "answers.csv"
    path.write_bytes(head + data)
    with pytest.raises(UserError):
        scores(KEY, read_answers([path]))


HOSTILE = ["<script>document.title='x'</script>", '</script><img src=x onerror="y">', "\"><b>'&amp;", "{{ 7 * 7 }}"]


def written(folder: Path, seed=1, **columns) -> Path:
    theta, articles = planted_articles()
    articles["title"] = [f"{i} {HOSTILE[i % 4]}" for i in range(len(articles))]
    articles = articles.assign(source="机密来源", **columns)
    terms = planted_terms()
    terms[0], terms[PER_TOPIC] = "<b>", "a\"b'c"
    made = sheet_of(reported(planted_phi(), theta, terms=terms), articles, seed)
    write_page(TEMPLATE, folder / "validation" / "intrusion.html", CSS, **made.shown, name="样例<i>")
    write_csv(made.key, folder / "validation" / "key.csv")
    return folder


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("intrusion.html", "key.csv"):
        one, two, other = (
            written(tmp_path / n, seed) / "validation" / name for n, seed in (("a", 1), ("b", 1), ("c", 2))
        )
        assert one.read_bytes() == two.read_bytes() != other.read_bytes()


def test_the_page_does_not_know_the_answers(tmp_path, monkeypatch):
    """Were other words the intruders, the page would be the same but for its fingerprint."""
    page = written(tmp_path / "a") / "validation" / "intrusion.html"
    before, key = page.read_text(encoding="utf-8"), read_key(page.with_name("key.csv"))
    for name in ("word_items", "article_items"):
        made = getattr(making, name)

        def turned(*given, made=made):
            table = made(*given)
            others = table.groupby("item")["intruder"].transform(lambda row: np.roll(row, 1))
            return table.assign(intruder=others, topic_id=table["topic_id"] + 50)

        monkeypatch.setattr(sheets, name, turned)
    page = written(tmp_path / "b") / "validation" / "intrusion.html"
    after, other = page.read_text(encoding="utf-8"), read_key(page.with_name("key.csv"))
    assert (key["answer"] != other["answer"]).all() and key["fingerprint"][0] != other["fingerprint"][0]
    assert before.replace(key["fingerprint"][0], other["fingerprint"][0]) == after


def test_the_page_shows_no_source_and_runs_nothing_of_the_texts(tmp_path):
    page = (written(tmp_path) / "validation" / "intrusion.html").read_text(encoding="utf-8")
    assert "机密来源" not in page and "报/" not in page and "期1" not in page
    assert page.count("<script") == 1 and "<img" not in page and "<i>" not in page and 'onerror="' not in page
    assert "{{ 7 * 7 }}" in page
    assert "&lt;script&gt;document.title=&#39;x&#39;&lt;/script&gt;" in page
    assert "http" not in re.sub(r"base64,[^)]+|http-equiv", "", page)  # nothing that a network would be asked for


def test_a_model_without_items_makes_a_page_that_says_so(tmp_path):
    theta, articles = planted_articles(1)
    made = sheet_of(reported(np.full((1, 9), 1 / 9), theta, terms=list("甲乙丙丁戊己庚辛壬")), articles, 1)
    write_page(TEMPLATE, tmp_path / "s.html", CSS, **made.shown, name="一")
    write_csv(made.key, tmp_path / "key.csv")
    assert "no topic that can be tried" in (tmp_path / "s.html").read_text(encoding="utf-8")
    assert len(read_key(tmp_path / "key.csv")) == 0


def test_openings_are_all_that_a_sheet_needs(tmp_path):
    theta, articles = planted_articles()
    articles["text"] = articles["text"].str.replace("\n", "　\n ") * 3
    write_parquet(articles, tmp_path / "articles.parquet")
    openings = read_openings(tmp_path / "articles.parquet")
    assert openings["text"].str.len().max() <= 480
    pd.testing.assert_frame_equal(
        article_items(theta, openings, TOPICS, 1), article_items(theta, articles, TOPICS, 1), check_dtype=False
    )


def filled(folder: Path, name: str, choose) -> Path:
    """The answers of one reader; choose: from a row of the key to a position."""
    key = read_key(folder / "validation" / "key.csv")
    frame = pd.DataFrame({"annotator": name, "item": key["item"]})
    frame["position"], frame["fingerprint"] = [choose(row) for row in key.itertuples()], key["fingerprint"]
    path = folder / f"{name}.csv"
    frame.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_the_command_prints_and_writes_the_scores(tmp_path, capsys):
    written(tmp_path)
    write_parquet(
        pd.DataFrame({"topic_id": TOPICS, "label": [f"{c}类" for c in FIRST]}), tmp_path / "topics" / "topics.parquet"
    )
    paths = [
        filled(tmp_path, "甲", lambda r: r.answer),
        filled(tmp_path, "乙", lambda r: 0 if r.topic_id == 1 else r.answer),
    ]
    assert main([str(tmp_path), *map(str, paths)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"all +12 +11 +1 +92 % .* yes", out)
    assert re.search(r"\n +1 +2 +1 +1 +50 % .* no +山类\n", out)
    assert "2 annotators, 6 items of 6 answered" in out
    table = pd.read_csv(tmp_path / "validation" / "scores.csv", encoding="utf-8-sig")
    assert len(table) == 2 * (K + 1)
    assert row_of(table, "article", 3)["label"] == "田类" and row_of(table, "article", 3)["right"] == 2


def test_the_command_refuses_answers_of_another_run_without_a_traceback(tmp_path, capsys):
    old = filled(written(tmp_path / "old", 1), "甲", lambda r: r.answer)
    assert main([str(written(tmp_path / "new", 2)), str(old)]) == 1
    shown = capsys.readouterr()
    assert "another sheet" in shown.err and str(old) in shown.err and "Traceback" not in shown.err
    assert not (tmp_path / "new" / "validation" / "scores.csv").exists()


@pytest.mark.parametrize(
    "change", [lambda t: t.replace("word", "wurd"), lambda t: t.replace("answer", "x"), lambda t: t + t]
)
def test_a_key_that_was_changed_is_refused(change, tmp_path):
    path = written(tmp_path) / "validation" / "key.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UserError, match="changed"):
        read_key(path)


def test_a_folder_without_a_key_is_named(tmp_path, capsys):
    assert main([str(tmp_path), "x.csv"]) == 1
    assert "no such key" in capsys.readouterr().err
