"""Terms of the corpus itself: planted ones are found, chance neighbours and halves of words are not."""

from functools import cache
from math import log2, sqrt
from pathlib import Path

import jieba
import numpy as np
import pandas as pd
import pytest
from baokan.words.discovery import (
    KEPT,
    LEAST_ENDING,
    LEAST_OCCURRENCES,
    LEVEL,
    MOST_CHARACTERS,
    MOST_PIECES,
    Z,
    _Found,
    _hashes,
    _meetings,
    _powers,
    _witnesses_lower,
    discover,
    discovered,
    write_terms,
)
from baokan.words.segmentation import tokens_of
from baokan.words.tokens import tokenized
from baokan.words.wordlists import read_terms, read_words
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

COLUMNS = [
    "term", "status", "kind", "pieces", "n_tokens", "n_articles", "n_issues", "occurrences_s", "association",
    "association_lower", "entropy_left", "entropy_right", "entropy_lower", "ending", "within",
]  # fmt: skip
LITTLE = "its parts stand together too little"
ONE_CONTEXT = "it hardly stands but in one context"
MOSTLY_WITHIN = "mostly within a longer term"
A_USE = "a use of a shorter term"
OVERLAPS = "it mostly shares a piece with a firmer term"
RUNS_ON = "it hardly ever ends a phrase"
SETTINGS = {"engine": "rjieba", "simplify": True, "discover": "use", "min_articles": 3}


@cache
def nouns(n=400):
    """Nouns of two characters, the commonest of the dictionary, none of those that the tests plant."""
    lines = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines]
    rows = sorted(((int(n), w) for w, n, tag in rows if tag == "n" and len(w) == 2), reverse=True)
    return [w for _, w in rows if w not in ("水库", "渠道", "合作社", "农业", "道路")][:n]


def described(n, sources=None, issues=None, duplicates=None):
    return pd.DataFrame(
        {
            "article_id": [f"a{i}" for i in range(n)],
            "source": sources or ["s"] * n,
            "issue_id": issues or [f"i{i // 4}" for i in range(n)],
            "duplicate_of": duplicates or [""] * n,
        }
    )


def terms_of(articles, stopwords=(), min_articles=2, listed=(), **columns):
    """The table for articles given as lists of words, or as texts with "|" between the words."""
    articles = [a.split("|") if isinstance(a, str) else a for a in articles]
    table = described(len(articles), **columns)
    tokens = tokenized(list(table["article_id"]), ["|".join(a) for a in articles], lambda text: text.split("|"))
    return discover(tokens, table, stopwords, min_articles, listed)


def chance(rng, n_articles, n_words=100, vocabulary=400):
    """Articles of nouns that are drawn independently of each other, the first of them far more often; a mark every four
    words."""
    words = np.array(nouns()[:vocabulary], dtype=object)
    weight = 1 / (np.arange(vocabulary) + 10)
    articles = rng.choice(words, (n_articles, n_words), p=weight / weight.sum())
    articles[:, 3::4] = "，"
    return articles.tolist()


def planted(rng, runs, n_articles=120, apart=20):
    """Articles of chance with each of `runs` once in as many articles as it says, and its words `apart` from each other."""
    articles = chance(rng, n_articles)
    for run, times in runs.items():
        for word in sorted(set(run.split("|"))):
            for i in rng.choice(n_articles, apart, replace=False):
                articles[i].insert(int(rng.integers(len(articles[i]))), word)
        for article in articles[:times]:
            article.insert(int(rng.integers(len(article) + 1)), run)  # whole, so that nothing comes between
    articles = ["|".join(article).split("|") for article in articles]
    order = rng.permutation(n_articles)
    return [articles[i] for i in order]


def statuses(table):
    return dict(zip(table["term"], table["status"], strict=True))


def kept(table):
    return set(table.loc[table["status"] == KEPT, "term"])


RUNS = {"水库|除险|加固": 40, "渠道|防渗": 25, "农业|合作社": 20, "春耕|备耕": 15}


@pytest.mark.parametrize("seed", range(3))
def test_planted_formulations_are_found_and_nothing_else(seed):
    table = terms_of(planted(np.random.default_rng(seed), RUNS), min_articles=5)
    assert kept(table) == {run.replace("|", "") for run in RUNS}
    rows = table.set_index("term")
    for run, times in RUNS.items():
        row = rows.loc[run.replace("|", "")]
        assert row["pieces"] == run
        assert times <= row["n_tokens"] <= times + 2
        assert row["n_articles"] <= row["n_tokens"]
        assert 2 <= row["association_lower"] < row["association"]
        assert 1 <= row["entropy_lower"] <= min(row["entropy_left"], row["entropy_right"])
    assert rows.loc["水库除险加固", "kind"] == "formulation"


@pytest.mark.parametrize("vocabulary", [30, 60, 150, 400])
def test_words_drawn_independently_make_no_terms(vocabulary):
    # 40,000 words a corpus, three corpora; the bound allows 5 in 100 corpora one pair of four times chance.
    found = [
        kept(terms_of(chance(np.random.default_rng([seed, vocabulary]), 400, vocabulary=vocabulary)))
        for seed in range(3)
    ]
    assert sum(map(len, found)) <= 1


def test_frequent_neighbours_that_are_independent_are_listed_as_that():
    table = terms_of(chance(np.random.default_rng(1), 300, vocabulary=30))
    pair = "".join(nouns()[:2])
    assert statuses(table)[pair] == LITTLE
    row = table.set_index("term").loc[pair]
    assert row["n_tokens"] > 50
    assert abs(row["association"]) < 0.6


def test_halves_of_a_word_fail_on_freedom():
    # 除险 is always followed by 加固, and 加固 always comes after it.
    table = terms_of(planted(np.random.default_rng(4), {"水库|除险|加固": 40}, apart=0), min_articles=5)
    found = statuses(table)
    assert kept(table) == {"水库除险加固"}
    assert found["水库除险"] == ONE_CONTEXT
    assert found["除险加固"] == ONE_CONTEXT
    rows = table.set_index("term")
    assert rows.loc["水库除险", "entropy_right"] == 0
    assert rows.loc["除险加固", "entropy_left"] == 0
    assert rows.loc["水库除险", "entropy_left"] > 4


def test_a_term_nearly_always_within_a_longer_one_gives_way_to_it():
    runs = {"水库|除险|加固": 170, "水库|除险": 200}
    articles = chance(np.random.default_rng(5), 240)
    rng = np.random.default_rng(6)
    for i, article in enumerate(articles[:205]):
        run = "水库|除险|加固" if i < runs["水库|除险|加固"] else "水库|除险"
        place = int(rng.integers(len(article)))
        article[place:place] = run.split("|")
    for article in articles[205:]:
        article[50:50] = ["加固"]
    table = terms_of(articles).set_index("term")
    assert table.loc["水库除险加固", "status"] == KEPT
    assert table.loc["水库除险", ["status", "within"]].tolist() == [MOSTLY_WITHIN, "水库除险加固"]
    assert table.loc["水库除险", "n_tokens"] == 205


def test_a_longer_run_that_holds_few_of_a_terms_places_is_a_use_of_it():
    rng = np.random.default_rng(7)
    articles = chance(rng, 240)
    for i, article in enumerate(articles[:200]):
        place = int(rng.integers(len(article)))
        article[place:place] = ["水库", "加固", "渠道"] if i < 60 else ["水库", "加固"]
    table = terms_of(articles).set_index("term")
    assert table.loc["水库加固", ["status", "within"]].tolist() == [KEPT, ""]
    assert table.loc["水库加固渠道", ["status", "within"]].tolist() == [A_USE, "水库加固"]


def test_both_stay_where_the_longer_has_more_than_half_of_the_places_but_not_most():
    rng = np.random.default_rng(8)
    articles = chance(rng, 240)
    for i, article in enumerate(articles[:200]):
        place = int(rng.integers(len(article)))
        article[place:place] = ["水库", "加固", "渠道"] if i < 130 else ["水库", "加固"]
    for article in articles[200:]:
        article[50:50] = ["渠道"]
    assert kept(terms_of(articles)) >= {"水库加固", "水库加固渠道"}


def test_a_use_counts_by_characters_from_a_common_beginning():
    # 水库|加固渠 is not cut as 水库|加固 is, but as one word would hide it; 库加固 begins inside a piece.
    rng = np.random.default_rng(18)
    articles = chance(rng, 240)
    for i, article in enumerate(articles[:200]):
        place = int(rng.integers(len(article)))
        article[place:place] = ["水库", "加固渠"] if i < 80 else ["水库", "加固"]
    found = terms_of(articles).set_index("term")
    assert found.loc["水库加固", "status"] == KEPT
    assert found.loc["水库加固渠", ["status", "within"]].tolist() == [A_USE, "水库加固"]
    for i, article in enumerate(articles[200:]):
        article[i % 40 : i % 40] = ["库加固"]
    for article in articles[::2]:
        article[60:60] = ["库", "加固"]
    assert kept(terms_of(articles)) >= {"水库加固"}


def test_of_terms_that_share_a_piece_the_firmer_stays():
    rng = np.random.default_rng(19)
    articles = chance(rng, 300)
    for i, article in enumerate(articles[:200]):
        place = int(rng.integers(len(article)))
        article[place:place] = ["水库", "加固"] if i < 150 else ["水库", "加固", "渠道"]
    for article in articles[200:230]:
        place = int(rng.integers(len(article)))
        article[place:place] = ["加固", "渠道"]
    found = terms_of(articles).set_index("term")
    assert found.loc["水库加固", "status"] == KEPT
    assert found.loc["水库加固渠道", "status"] == A_USE
    # 50 of 80 places of 加固渠道 are within 水库加固渠道.
    assert found.loc["加固渠道", ["status", "within"]].tolist() == [OVERLAPS, "水库加固"]
    for article in articles[230:260]:
        place = int(rng.integers(len(article)))
        article[place:place] = ["加固", "渠道"]
    assert kept(terms_of(articles)) >= {"水库加固", "加固渠道"}


def test_a_longer_term_settles_what_overlaps_within_it():
    rng = np.random.default_rng(20)
    articles = chance(rng, 300)
    runs = [["水库", "加固", "渠道"]] * 150 + [["水库", "加固"]] * 80 + [["加固", "渠道"]] * 70
    for article, run in zip(articles, runs, strict=True):
        place = int(rng.integers(len(article)))
        article[place:place] = run
    assert kept(terms_of(articles)) >= {"水库加固渠道", "水库加固", "加固渠道"}


def test_what_always_runs_on_is_no_formulation():
    rng = np.random.default_rng(21)
    articles = chance(rng, 200)
    for i, article in enumerate(articles[:60]):
        place = int(rng.integers(len(article)))
        article[place:place] = ["水库", "加固", nouns()[i], "，"]
    row = terms_of(articles).set_index("term").loc["水库加固"]
    assert row[["status", "ending"]].tolist() == [RUNS_ON, 0]
    assert row["entropy_lower"] > 4
    for article, after in zip(articles[60:64], ["，", "的", "和", ""], strict=True):
        article += ["水库", "加固", after] if after else ["水库", "加固"]
    row = terms_of(articles, stopwords=["和"]).set_index("term").loc["水库加固"]
    assert row[["status", "ending"]].tolist() == [KEPT, 4 / 64]
    assert row["ending"] > LEAST_ENDING


def test_a_new_word_may_stand_only_before_others():
    rng = np.random.default_rng(22)
    articles = chance(rng, 200)
    for i, article in enumerate(articles[:60]):
        place = int(rng.integers(len(article)))
        article[place:place] = ["科", "创", nouns()[i], "，"]
    row = terms_of(articles).set_index("term").loc["科创"]
    assert row[["status", "kind", "ending"]].tolist() == [KEPT, "word", 0]


def test_a_part_of_a_term_that_gives_way_itself_is_judged_by_what_is_kept():
    # 27 in 32 of 水库|除险 are in 水库|除险|加固, and 22 in 27 of these in 水库|除险|加固|渠道: two in three.
    rng = np.random.default_rng(23)
    articles = chance(rng, 340)
    runs = [["水库", "除险", "加固", "渠道"]] * 220 + [["水库", "除险", "加固", "，"]] * 50 + [["水库", "除险"]] * 50
    for article, run in zip(articles, runs, strict=False):
        place = int(rng.integers(len(article)))
        article[place:place] = run
    found = terms_of(articles).set_index("term")
    assert found.loc["水库除险加固渠道", "status"] == KEPT
    assert found.loc["水库除险加固", ["status", "within"]].tolist() == [MOSTLY_WITHIN, "水库除险加固渠道"]
    assert found.loc["水库除险", ["status", "within"]].tolist() == [KEPT, ""]


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(2, MOST_PIECES)), max_size=30))
def test_meetings_are_those_that_share_a_token(spans):
    spans = sorted(spans)
    place, pieces = (np.array([s[i] for s in spans], np.int64) for i in range(2))
    none = np.array([], np.int64)
    inside, crossing = _meetings(_Found(pd.DataFrame(), none, none, np.arange(len(spans)), place, pieces))
    pairs = [(i, j) for i in range(len(spans)) for j in range(len(spans)) if i != j]
    begin, end = place.tolist(), (place + pieces).tolist()
    assert sorted(zip(*inside.tolist(), strict=True)) == [
        (i, j) for i, j in pairs if begin[j] <= begin[i] and end[i] <= end[j]
    ]
    assert sorted(zip(*crossing.tolist(), strict=True)) == [
        (i, j) for i, j in pairs if begin[i] < begin[j] < end[i] < end[j]
    ]


HAND = ["水库|加固|。|水库|加固", "水库|加固", "水库|加固", "水库|加固|渠道", "渠道|水库"]


def test_counts_association_and_entropy_by_hand():
    table = terms_of(HAND, sources=["b", "b", "a", "c", "a"], issues=["i1", "i1", "i2", "", "i3"])
    assert len(table) == 1
    row = table.iloc[0]
    columns = ["term", "status", "pieces", "n_tokens", "n_articles", "n_issues"]
    assert row[columns].tolist() == ["水库加固", LITTLE, "水库|加固", 5, 4, 2]
    assert row[["occurrences_a", "occurrences_b", "occurrences_c"]].tolist() == [1, 3, 1]
    # 13 words; 水库 stands 6 times, 加固 5 times, together 5 times.
    assert row["association"] == pytest.approx(log2(5 * 13 / (6 * 5)))
    # The lower bound of a Poisson mean of which 4 were seen, at 5 %: P(4 or more | bound) = 0.05.
    bound = 4 * 2 ** (row["association_lower"] - row["association"])
    assert stats.poisson.sf(3, bound) == pytest.approx(0.05)
    # Five different neighbours on either side: marks and ends are each their own.
    assert row["entropy_left"] == pytest.approx(log2(5))
    assert row["entropy_right"] == pytest.approx(log2(5))
    assert row["entropy_lower"] == pytest.approx(log2(5))


def test_entropy_of_neighbours_that_return_by_hand():
    articles = [
        "水库|加固|渠道",
        "水库|加固|渠道",
        "水库|加固|道路",
        "水库|加固|道路",
        "水库|加固",
        "水库|加固|。|农业",
    ]
    row = terms_of(articles).set_index("term").loc["水库加固"]
    shares = [1 / 3, 1 / 3, 1 / 6, 1 / 6]
    entropy = -sum(p * log2(p) for p in shares)
    error = sqrt((sum(p * log2(p) ** 2 for p in shares) - entropy**2) / 6)
    assert row["entropy_left"] == pytest.approx(log2(6))
    assert row["entropy_right"] == pytest.approx(entropy)
    assert row["entropy_lower"] == pytest.approx(entropy - Z * error)


def test_of_a_longer_run_the_weakest_cut_counts():
    articles = ["农业|水库|加固"] * 6 + ["水库|加固"] * 4 + ["农业"] * 3 + ["加固"] * 2
    row = terms_of(articles).set_index("term").loc["农业水库加固"]
    n = 18 + 8 + 3 + 2
    # 农业 9, 水库 10, 加固 12, 农业水库 6, 水库加固 10.
    assert row["association"] == pytest.approx(min(log2(6 * n / (9 * 10)), log2(6 * n / (6 * 12))))


@pytest.mark.parametrize("n", [1, 2, 5, 40, 3000])
@pytest.mark.parametrize("level", [LEVEL, LEVEL / 1000, 1e-8])
def test_the_lower_bound_is_exact_for_poisson_counts(n, level):
    bound = n * _witnesses_lower(np.array([n]), level)[0]
    assert 0 < bound < n
    assert stats.poisson.sf(n - 1, bound) == pytest.approx(level, rel=1e-6)


def test_repeats_within_a_source_are_left_out():
    duplicates = ["", "", "", "", "", "a0", "a1"]
    table = terms_of([*HAND, HAND[0], "水库|加固|渠道|渠道|渠道|渠道|渠道"], duplicates=duplicates)
    pd.testing.assert_frame_equal(table, terms_of(HAND))


def test_a_run_never_reaches_over_marks_letters_and_the_ends_of_articles():
    articles = ["水库|，|加固", "水库|A|加固", "水库|\n|加固", "加固|。", "水库"] * 20
    assert len(terms_of(articles)) == 0
    assert len(terms_of(["水库", "加固"] * 50)) == 0


def test_the_same_characters_cut_in_two_ways_are_one_term():
    one, other = "农业合作|社", "农业|合作社"
    fillers = [f"|{w}" for w in nouns()[:20]]
    articles = [one + f for f in fillers[:6]] + [other + f for f in fillers[6:15]]
    table = terms_of(articles)
    rows = table[table["term"] == "农业合作社"]
    assert len(rows) == 1
    assert rows.iloc[0][["n_tokens", "n_articles"]].tolist() == [15, 15]
    # As it is cut most often, wherever that stands.
    assert rows.iloc[0]["pieces"] == other
    pd.testing.assert_frame_equal(terms_of(articles[::-1]), table)


def test_ways_of_different_numbers_of_pieces_are_one_term():
    fillers = [f"|{w}" for w in nouns()[:20]]
    articles = ["网|围|栏" + f for f in fillers[:6]] + ["网|围栏" + f for f in fillers[6:13]]
    row = terms_of(articles).set_index("term").loc["网围栏"]
    assert row[["pieces", "n_tokens", "n_articles"]].tolist() == ["网|围栏", 13, 13]


@pytest.mark.parametrize("times", [1, 3])
def test_articles_that_repeat_a_phrase_500_times_make_no_term(times):
    rng = np.random.default_rng(9)
    articles = chance(rng, 40)
    for article in articles[:times]:
        article[10:10] = ["水库", "加固", "。"] * 500
    for i in range(10):
        articles[i] += ["水库", "。", "加固"]
    assert "水库加固" not in kept(terms_of(articles, min_articles=4))
    assert (terms_of(articles, min_articles=4)["n_articles"] >= 4).all()


def test_few_witnesses_are_little_evidence_however_often_they_say_it():
    rng = np.random.default_rng(10)
    articles = chance(rng, 60)
    for article in articles[:2]:
        for noun in nouns()[:100]:
            article += [noun, "水库", "加固", "，"]
    for article in articles[2:]:
        article += ["水库", "。", "加固"]
    found = terms_of(articles).set_index("term").loc["水库加固"]
    assert found["n_tokens"] == 200
    assert found["association"] > 3
    assert found["status"] == LITTLE


@pytest.mark.parametrize(
    "articles", [[], [""], ["，", ""], ["水库"], ["水库|加固"] * (LEAST_OCCURRENCES - 1), ["水库|加固"]]
)
def test_nothing_found_is_a_table_with_all_columns(articles):
    table = terms_of(articles)
    assert len(table) == 0
    assert list(table.columns) == [c for c in COLUMNS if articles or c != "occurrences_s"]


@pytest.mark.parametrize("cut", ["啊", "啊啊"])
def test_one_character_over_and_over_is_no_term(cut):
    articles = [[cut] * 5000] * 6
    assert kept(terms_of(articles)) == set()
    assert kept(terms_of([[cut] * 5000])) == set()


def test_no_term_is_longer_than_allowed():
    rng = np.random.default_rng(17)
    articles = planted(rng, {"国营农场|人民公社|拖拉机站": 40, "共产主义|劳动大学|管理委员会": 40}, apart=0)
    found = terms_of(articles)
    assert "国营农场人民公社拖拉机站" in kept(found)
    assert found["term"].map(len).max() == MOST_CHARACTERS


def test_stopwords_and_listed_terms():
    articles = planted(np.random.default_rng(11), {"水库|加固": 40, "渠道|防渗": 40})
    assert kept(terms_of(articles)) == {"水库加固", "渠道防渗"}
    assert statuses(terms_of(articles, stopwords=["水库"]))["水库加固"] == "it begins with 水库"
    found = terms_of(articles, listed=["防渗"])
    assert kept(found) == {"水库加固"}
    assert statuses(found)["渠道防渗"] == "it holds a listed term"


def test_names_are_not_kept():
    articles = planted(np.random.default_rng(12), {"李|建|国": 40, "雍|措|湖": 40}, apart=0)
    found = statuses(terms_of(articles))
    assert found["李建国"] == "a personal name"
    assert found["雍措湖"] == "a place"


def test_two_runs_and_another_order_of_the_articles_give_the_same():
    articles = planted(np.random.default_rng(13), RUNS)
    sources, issues = ["a", "b", "c"] * 40, [f"i{i % 20}" for i in range(120)]
    table = terms_of(articles, sources=sources, issues=issues)
    pd.testing.assert_frame_equal(table, terms_of(articles, sources=sources, issues=issues))
    order = np.random.default_rng(14).permutation(120)
    mixed = [[column[i] for i in order] for column in (articles, sources, issues)]
    pd.testing.assert_frame_equal(table, terms_of(mixed[0], sources=mixed[1], issues=mixed[2]))
    rank = [["kept", ""].index("kept" if s == KEPT else "") for s in table["status"]]
    assert rank == sorted(rank)
    assert not table["term"].duplicated().any()
    by_source = table[["occurrences_a", "occurrences_b", "occurrences_c"]].sum(axis=1)
    assert by_source.tolist() == table["n_tokens"].tolist()


def test_the_written_list_is_read_as_exactly_the_kept_terms(tmp_path):
    articles = planted(np.random.default_rng(15), RUNS, apart=0)
    table = terms_of(articles, min_articles=5)
    assert 0 < len(kept(table)) < len(table)
    path = tmp_path / "found" / "terms.txt"
    write_terms(table, path)
    read = read_terms([path])
    assert read["term"].tolist() == table.loc[table["status"] == KEPT, "term"].tolist()
    assert read["used"].all()
    assert set(read["note"]) == {""}
    text = path.read_text(encoding="utf-8")
    assert "水库除险加固\t水库|除险|加固\t40\t40\n" in text
    assert f"# 水库除险\t水库|除险\t40\t40\t{ONE_CONTEXT}\n" in text


def test_a_list_of_nothing_is_an_empty_word_list(tmp_path):
    write_terms(terms_of([]), tmp_path / "terms.txt")
    assert read_words([tmp_path / "terms.txt"]) == []


def written_articles(runs, seed=16):
    """(rows of article_id, title, text; their table), a mark between words that stand by chance."""
    articles = planted(np.random.default_rng(seed), runs)
    rows = [(f"a{i}", "标题", "".join(words)) for i, words in enumerate(articles)]
    return rows, described(len(rows))


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_terms_found_in_text_are_kept_whole_in_it(engine):
    rows, table = written_articles({"水庫|除险|加固": 40, "渠道|防滲": 30})
    found = discovered(rows, table, SETTINGS | {"engine": engine}, [], [])
    assert kept(found) >= {"水库除险加固", "渠道防渗"}
    tokens = tokens_of(rows, engine, kept(found), simplify=True)
    assert {"水库除险加固", "渠道防渗"} <= set(tokens.words)


def test_what_the_users_lists_have_is_not_found_again(tmp_path):
    rows, table = written_articles({"水库|除险|加固": 40, "渠道|防渗": 30})
    (tmp_path / "mine.txt").write_text("渠道防渗\n", encoding="utf-8")
    (tmp_path / "stop.txt").write_text("水庫\n", encoding="utf-8")
    assert kept(discovered(rows, table, SETTINGS, [tmp_path / "mine.txt"], [])) >= {"水库除险加固"}
    assert "渠道防渗" not in set(discovered(rows, table, SETTINGS, [tmp_path / "mine.txt"], [])["term"])
    stopped = statuses(discovered(rows, table, SETTINGS, [], [tmp_path / "stop.txt"]))
    assert stopped["水库除险加固"] == "it begins with 水库"


def test_discover_none_looks_for_nothing():
    rows, table = written_articles({"水库|除险|加固": 40})
    found = discovered(rows, table, SETTINGS | {"discover": "none"}, [], [])
    assert len(found) == 0
    assert {"term", "status", "kind"} <= set(found.columns)


def test_a_term_in_one_article_is_none_whatever_the_settings():
    rows, table = written_articles({"水库|除险|加固": 1})
    rows[0] = ("a0", "标题", "水库除险加固。" * 500)
    found = discovered(rows, table, SETTINGS | {"min_articles": 1}, [], [])
    assert "水库除险加固" not in kept(found)
    assert (found["n_articles"] >= 2).all()


@given(st.text(max_size=12), st.text(max_size=12))
def test_the_hash_of_two_words_in_a_row_is_made_of_theirs(a, b):
    one, other, both = _hashes(np.array([a, b, a + b], dtype=object))
    power = _powers(12)[len(b)]
    with np.errstate(over="ignore"):
        assert one * power + other == both
