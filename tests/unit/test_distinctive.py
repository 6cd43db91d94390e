"""Words by which sources differ, among those that are counted and those that were dropped."""

import numpy as np
import pandas as pd
import pytest
from baokan.words.distinctive import LEAST, distinctive_tables, units_of
from baokan.words.keyness import ALL_OTHERS
from baokan.words.tokens import tokenized
from baokan.words.vocabulary import KEPT

WORDS = ["水库", "粮食", "铁路", "工人", "草场", "学校", "医院", "河流", "桥梁", "公路", "牧民", "青稞", "壁画", "渔船"]
STOPWORDS = ["的", "和", "这个", "从"]
TABLES = {"keyness", "dropped", "tfidf", "tfidf_articles"}


def articles_of(sources, issues, duplicates=None):
    return pd.DataFrame(
        {
            "article_id": [f"a{i}" for i in range(len(sources))],
            "source": list(sources),
            "issue_id": [f"{s}//{i}" if i != "" else "" for s, i in zip(sources, issues, strict=True)],
            "duplicate_of": duplicates or [""] * len(sources),
        },
        dtype=object,
    )


def vocabulary_of(tokens):
    """A vocabulary in which STOPWORDS and signs are dropped; with the columns that are looked at."""
    n = pd.Series(tokens.words[tokens.ids], dtype=object).value_counts()
    terms = [w for w in tokens.words if w != "。"]
    stop = [t in STOPWORDS for t in terms]
    return pd.DataFrame(
        {
            "term": terms,
            "status": np.where(stop, "stopword list", KEPT),
            "dropped_in": "",
            "kind": np.where(stop, "function", "noun"),
            "lists": np.where(stop, "zh-iso.txt", ""),
            "n_tokens": [n[t] for t in terms],
        }
    )


def press(seed=0, planted=None, source="报", times=4, issues=8, each=3, length=150, sources="报刊志"):
    """Issues of sources that draw their words alike, save that `source` uses `planted` `times` as often."""
    rng = np.random.default_rng(seed)
    words = [*WORDS, *STOPWORDS, "。"]
    texts, rows = [], []
    for name in sources:
        share = np.full(len(words), 1.0)
        if planted and name == source:
            share[words.index(planted)] = times
        for issue in range(issues):
            for _ in range(each):
                texts.append(" ".join(rng.choice(words, length, p=share / share.sum())))
                rows.append((name, issue))
    tokens = tokenized([f"a{i}" for i in range(len(texts))], texts, str.split)
    return tokens, articles_of([s for s, _ in rows], [i for _, i in rows])


def distinctive(tokens, articles, min_issues=6, confidence=0.95, scheme="lsc"):
    return distinctive_tables(tokens, articles, vocabulary_of(tokens), scheme, min_issues, confidence)


def against_others(table, source):
    return table[(table["source"] == source) & (table["against"] == ALL_OTHERS)].set_index("term")


def test_units_by_hand():
    # 报 has two issues and an article without one; 刊 one issue.
    articles = articles_of("报报报报刊刊", [1, 1, 2, "", 1, 1])
    unit, units = units_of(articles, 2)
    assert list(unit) == ["报//1", "报//1", "报//2", "", "a4", "a5"]
    assert {tuple(row) for row in units[["unit", "source", "kind"]].to_numpy()} == {
        ("报//1", "报", "issue"), ("报//2", "报", "issue"), ("a4", "刊", "article"), ("a5", "刊", "article"),
    }  # fmt: skip
    assert units["unit"].tolist() == sorted(units["unit"])
    unit, units = units_of(articles, 3)
    assert list(unit) == [f"a{i}" for i in range(6)]
    assert set(units["kind"]) == {"article"}


def test_a_source_without_any_issue_has_articles_for_units():
    unit, units = units_of(articles_of("报报", ["", ""]), 2)
    assert list(unit) == ["a0", "a1"]
    assert units["kind"].tolist() == ["article", "article"]


def test_a_planted_word_heads_the_list_of_its_source_and_is_not_in_doubt():
    tables = distinctive(*press(planted="青稞"))
    assert set(tables) == TABLES
    first = against_others(tables["keyness"], "报").iloc[0]
    assert (first.name, first["rank"]) == ("青稞", 1)
    assert first["bound"] > 0
    # Of the words that run it is 4 of 21 in 报 and 1 of 18 elsewhere.
    assert first["log_ratio_lower"] < np.log2(4 / 21 * 18) < first["log_ratio_upper"]
    assert first["unit"] == "issue"
    assert first["units_a"] == 8
    assert not tables["dropped"]["finding"].any()


def test_only_words_that_are_counted_are_in_the_lists():
    tables = distinctive(*press(planted="青稞"))
    for name in ("keyness", "tfidf", "tfidf_articles"):
        assert set(tables[name]["term"]) <= set(WORDS), name
    assert set(tables["dropped"]["term"]) <= set(STOPWORDS)


def test_words_run_whether_counted_or_not_and_marks_do_not():
    tokens, articles = press(planted="青稞")
    row = against_others(distinctive(tokens, articles)["keyness"], "报").loc["青稞"]
    words = tokens.words[tokens.ids]
    inside = np.repeat((articles["source"] == "报").to_numpy(), np.diff(tokens.starts))
    assert row["n_a"] == ((words == "青稞") & inside).sum()
    assert row["per_million_a"] == pytest.approx(1e6 * row["n_a"] / ((words != "。") & inside).sum())


def test_a_planted_stopword_is_a_finding():
    dropped = distinctive(*press(planted="和"))["dropped"]
    (found,) = dropped[dropped["finding"]].to_dict("records")
    assert (found["source"], found["term"], found["status"], found["lists"]) == (
        "报",
        "和",
        "stopword list",
        "zh-iso.txt",
    )
    assert found["bound"] > 0
    assert (dropped["log_odds"] > 0).all()


def test_a_word_that_fills_one_issue_is_news_and_no_finding():
    tokens, articles = press()
    texts = [" ".join(tokens.words[tokens.ids[a:b]]) for a, b in zip(tokens.starts, tokens.starts[1:], strict=False)]
    first = (articles["issue_id"] == articles["issue_id"].iloc[0]).to_numpy()
    texts = [t + " 和" * 60 if one else t for t, one in zip(texts, first, strict=True)]
    dropped = distinctive(tokenized(tokens.article_ids, texts, str.split), articles)["dropped"]
    row = dropped.query("source == '报' and term == '和'").iloc[0]
    assert row["z"] > 5  # over tokens it would be beyond doubt
    assert not row["finding"]


def test_where_nothing_is_planted_findings_are_as_rare_as_they_should_be():
    # At 95 % for all dropped words together; more than 4 of 20 corpora have a chance of 3 in 1000.
    some = [distinctive(*press(seed, issues=6, each=2, length=60))["dropped"]["finding"].any() for seed in range(20)]
    assert sum(some) <= 4


def test_a_rare_dropped_word_is_not_compared():
    tokens, articles = press(planted="青稞")
    texts = [" ".join(tokens.words[tokens.ids[a:b]]) for a, b in zip(tokens.starts, tokens.starts[1:], strict=False)]
    texts = ["从前 " + t if i < LEAST - 1 else t for i, t in enumerate(texts)]
    again = tokenized(tokens.article_ids, texts, str.split)
    about = vocabulary_of(again)
    about.loc[about["term"] == "从前", "status"] = "in fewer than 9 articles"
    dropped = distinctive_tables(again, articles, about, "lsc", 6, 0.95)["dropped"]
    assert "从前" not in set(dropped["term"])


def test_repeats_within_a_source_are_left_out():
    tokens, articles = press()
    texts = [" ".join(tokens.words[tokens.ids[a:b]]) for a, b in zip(tokens.starts, tokens.starts[1:], strict=False)]
    copies = articles.head(9).assign(
        duplicate_of=articles["article_id"].head(9), article_id=[f"b{i}" for i in range(9)]
    )
    both = pd.concat([articles, copies], ignore_index=True)
    doubled = tokenized(both["article_id"].tolist(), [*texts, *["青稞 和 " * 50] * 9], str.split)
    about = vocabulary_of(tokens)
    alone = distinctive_tables(tokens, articles, about, "lsc", 6, 0.95)
    for name, table in distinctive_tables(doubled, both, about, "lsc", 6, 0.95).items():
        pd.testing.assert_frame_equal(table, alone[name])


def test_articles_of_no_issue_are_not_compared_where_the_source_has_issues():
    tokens, articles = press()
    undated = articles.assign(issue_id=articles["issue_id"].where(articles.index > 0, ""))
    whole, part = (against_others(distinctive(tokens, a)["keyness"], "报")["n_a"].sum() for a in (articles, undated))
    first = tokens.words[tokens.ids[: tokens.starts[1]]]
    assert whole - part == np.isin(first.astype(str), WORDS).sum()


def test_sources_of_few_issues_are_compared_over_articles():
    tables = distinctive(*press(planted="青稞", issues=2, each=12))
    assert set(tables["keyness"]["unit"]) == {"article"}


@pytest.mark.filterwarnings("error")
def test_a_single_source_has_nothing_to_be_compared_with():
    tables = distinctive(*press(sources="报"))
    assert tables["keyness"].empty and tables["dropped"].empty
    assert {"source", "term", "status", "finding", "bound"} <= set(tables["dropped"].columns)
    assert set(tables["tfidf"]["source"]) == {"报"}


@pytest.mark.filterwarnings("error")
def test_where_nothing_was_dropped():
    tokens, articles = press(planted="青稞")
    about = vocabulary_of(tokens).assign(status=KEPT)
    tables = distinctive_tables(tokens, articles, about, "lsc", 6, 0.95)
    assert tables["dropped"].empty
    assert "和" in set(tables["keyness"]["term"])
