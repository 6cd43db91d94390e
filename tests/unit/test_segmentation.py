"""Words with their parts of speech."""

from pathlib import Path

import pandas as pd
import pytest
from baokan.words.segmentation import tagger, tokens_table
from baokan.words.wordlists import read_words

ROOT = Path(__file__).parents[2]
ENGINES = ("rjieba", "jieba")
PRESS = read_words([ROOT / "config/terms/press.txt"])
# Terms of the user: longer than the dictionary's words, across them, in the dictionary under another tag, with signs at
# which segmenters cut.
OWN = ["春耕备耕会", "5G网络", "卡尔·马克思", "《求是》", "COVID-19", "New York", "延安", "高兴", "麦子黄时"]

# Written for this test; both segmenters must cut them alike.
SENTENCES = {
    "县里今年修好了三座水库，老百姓都很高兴。": "县里 今年 修好 了 三座 水库 ， 老百姓 都 很 高兴 。",
    "去年冬天，牧民用网围栏保护草场。": "去年 冬天 ， 牧民 用 网围栏 保护 草场 。",
    "村卫生室缺药，乡村医生要走二十里山路。": "村卫生室 缺药 ， 乡村医生 要 走 二十里 山路 。",
    "全省的对口支援工作会议昨天在省城召开。": "全省 的 对口支援 工作 会议 昨天 在 省城 召开 。",
    "农业合作社的社员正在抢收小麦。": "农业 合作社 的 社员 正在 抢收 小麦 。",
    "铁路工人冒着大雪抢修线路。": "铁路工人 冒 着 大雪 抢修 线路 。",
    "他在报上写了一篇批评浪费粮食的文章。": "他 在 报上 写 了 一篇 批评 浪费 粮食 的 文章 。",
}


@pytest.fixture(scope="module")
def taggers():
    return {engine: tagger(engine, PRESS + OWN) for engine in ENGINES}


def words(tag, text):
    return [word for word, _ in tag(text)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_both_segmenters_cut_alike(taggers, engine, text, expected):
    assert words(taggers[engine], text) == expected.split(" ")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("term", PRESS + OWN)
def test_terms_are_kept_whole_and_are_counted_whatever_the_dictionary_says(taggers, engine, term):
    pairs = taggers[engine](f"昨天，{term}的消息传到了省城。")
    assert (term, "nz") in pairs
    assert "".join(word for word, _ in pairs) == f"昨天，{term}的消息传到了省城。"


@pytest.mark.parametrize("engine", ENGINES)
def test_without_the_list_they_would_be_cut(engine):
    plain = tagger(engine)
    for term in ("网围栏", "春耕备耕会", "卡尔·马克思"):
        assert term not in words(plain, f"昨天，{term}的消息传到了省城。")


@pytest.mark.parametrize("engine", ENGINES)
def test_of_two_terms_with_signs_the_longer_wins(engine):
    tag = tagger(engine, ["《求是》", "《求是》杂志", "《求是》"])
    assert words(tag, "《求是》杂志和《求是》") == ["《求是》杂志", "和", "《求是》"]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_text_has_no_words(taggers, engine):
    assert taggers[engine]("") == []


def test_an_unknown_engine_is_named():
    with pytest.raises(ValueError, match="'pkuseg'; known are rjieba and jieba"):
        tagger("pkuseg")


def articles(*texts, title="春耕"):
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "title": title, "text": texts})


@pytest.mark.parametrize("engine", ENGINES)
def test_the_table_by_hand(engine):
    table = tokens_table(articles("农业合作社。\n\n小麦 丰收"), engine, True, [])
    assert list(table.columns) == ["article_id", "tokens", "tags", "paragraph_ends"]
    (row,) = table.itertuples(index=False)
    assert row.tokens == ["春耕", "农业", "合作社", "。", "小麦", "丰收"]
    assert len(row.tags) == 6
    assert row.paragraph_ends == [1, 4, 4, 6]


@pytest.mark.parametrize("text", ["", "\n \n　"])
def test_an_article_without_words_keeps_its_row(text):
    (row,) = tokens_table(articles(text, title=""), "rjieba", True, []).itertuples(index=False)
    assert (row.tokens, row.tags) == ([], [])
    assert set(row.paragraph_ends) == {0}


def test_no_articles_give_a_table_with_its_columns():
    table = tokens_table(articles(), "rjieba", True, [])
    assert list(table.columns) == ["article_id", "tokens", "tags", "paragraph_ends"]
    assert table.empty


def test_traditional_and_simplified_text_become_the_same_words():
    table = tokens_table(articles("農業合作社的糧食，運到鐵路。", "农业合作社的粮食，运到铁路。"), "rjieba", True, [])
    assert table["tokens"][0] == table["tokens"][1]


@pytest.mark.parametrize("simplify", [True, False])
def test_a_term_listed_in_traditional_is_kept_whole_in_traditional_text(tmp_path, simplify):
    (tmp_path / "terms.txt").write_text("網圍欄\n", encoding="utf-8")
    table = tokens_table(articles("牧民用網圍欄保護草場。"), "rjieba", simplify, [tmp_path / "terms.txt"])
    assert ("网围栏" if simplify else "網圍欄") in table["tokens"][0]


def test_progress_is_told():
    told = []
    tokens_table(articles("小麦", "丰收", ""), "rjieba", True, [], told.append)
    assert told == [1, 2, 3]
