"""From text to words: both segmenters, terms kept whole, and nothing of a text lost."""

import random
import re
import time
from pathlib import Path

import pandas as pd
import pytest
from baokan.decoding import decode
from baokan.folding import fold
from baokan.words.segmentation import LONGEST_RUN, cutter, tokens_of, whole_text
from baokan.words.wordlists import read_words
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared/seeds"
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
# What may stand in a file: words and terms, Traditional, signs, blanks of every kind, control characters, rare characters.
PIECES = [
    *SENTENCES, *OWN, "網圍欄", "農業", "拉坏", "水", "\r\n", "\n", "\r", "\u3000", " ", "\t", "\x00", "\x01", "\x01\x01", "\x85",
    "\u2028", "\ufeff", "\u200b", "2023年", "3.5%", "-", "·", "㐀", "\U00020bb7", "カナ", "é", "e\u0301", "😀",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)


@pytest.fixture(scope="module")
def cutters():
    return {engine: cutter(engine, PRESS + OWN) for engine in ENGINES}


@pytest.fixture(scope="module")
def plain(cutters):
    """Without terms; made after those that have some, which must not reach into these."""
    return {engine: cutter(engine) for engine in ENGINES}


def table(*texts, title="春耕"):
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "title": title, "text": list(texts)})


def by_article(tokens):
    return [list(tokens.words[tokens.ids[a:b]]) for a, b in zip(tokens.starts, tokens.starts[1:], strict=False)]


RARE = re.compile("[\u3400-\u4dbf\u9fd6-\u9fff\U00020000-\U0003ffff]")


def chinese(words):
    """The words with a Chinese character, each with its offset."""
    found, at = set(), 0
    for word in words:
        if any("\u4e00" <= c <= "\u9fff" for c in word):
            found.add((at, word))
        at += len(word)
    return found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_both_segmenters_cut_alike(cutters, engine, text, expected):
    assert cutters[engine](text) == expected.split(" ")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("term", PRESS + OWN)
def test_terms_are_kept_whole(cutters, engine, term):
    words = cutters[engine](f"昨天，{term}的消息传到了省城。")
    assert term in words
    assert "".join(words) == f"昨天，{term}的消息传到了省城。"


@pytest.mark.parametrize("engine", ENGINES)
def test_without_the_list_they_would_be_cut(plain, engine):
    for term in ("网围栏", "春耕备耕会", "卡尔·马克思"):
        assert term not in plain[engine](f"昨天，{term}的消息传到了省城。")


@pytest.mark.parametrize("engine", ENGINES)
def test_of_two_terms_with_signs_the_longer_wins(engine):
    cut = cutter(engine, ["《求是》", "《求是》杂志", "《求是》"])
    assert cut("《求是》杂志和《求是》") == ["《求是》杂志", "和", "《求是》"]


@pytest.mark.parametrize("engine", ENGINES)
def test_new_words_are_guessed_unless_that_is_off(plain, engine):
    # 缺药 is in no dictionary.
    assert plain[engine]("村卫生室缺药。")[-3:] == ["卫生室", "缺药", "。"]
    assert cutter(engine, new_words=False)("村卫生室缺药。")[-4:] == ["卫生室", "缺", "药", "。"]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_text_has_no_words(cutters, engine):
    assert cutters[engine]("") == []


def test_an_unknown_engine_is_named():
    with pytest.raises(ValueError, match="'pkuseg'; known are rjieba and jieba"):
        cutter("pkuseg")


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=100)
@given(text=TEXTS)
def test_words_joined_are_the_text(cutters, engine, text):
    assert "".join(cutters[engine](text)) == text


@settings(max_examples=15)
@given(texts=st.lists(TEXTS, max_size=4), title=TEXTS, simplify=st.booleans())
def test_tokens_joined_are_the_article(texts, title, simplify):
    tokens = tokens_of(table(*texts, title=title), "rjieba", ["《求是》", "网围栏"], simplify)
    simple = fold if simplify else str
    assert ["".join(words) for words in by_article(tokens)] == [simple(f"{title}\n{text}") for text in texts]


@pytest.mark.parametrize("engine", ENGINES)
def test_tokens_by_hand(engine):
    tokens = tokens_of(table("农业合作社。\n\n小麦 丰收"), engine, [], True)
    assert tokens.article_ids == ["a0"]
    assert by_article(tokens) == [["春耕", "\n", "农业", "合作社", "。", "\n", "\n", "小麦", " ", "丰收"]]
    assert sorted(tokens.words) == list(tokens.words)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_paragraph_ends_in_a_token_of_its_own(plain, engine, newline):
    words = plain[engine](f"小麦。{newline}丰收{newline}{newline}")
    assert "".join(words) == f"小麦。{newline}丰收{newline}{newline}"
    assert {w for w in words if "\n" in w or "\r" in w} <= {"\n", "\r\n", "\r"}
    assert [w for w in words if w.strip()] == ["小麦", "。", "丰收"]


def test_the_text_begins_after_the_title():
    whole = whole_text("春耕备耕会", "小麦")
    assert whole[len("春耕备耕会") + 1 :] == "小麦"


def test_no_word_reaches_from_the_title_into_the_text():
    (words,) = by_article(tokens_of(table("备耕会", title="春耕"), "rjieba", ["春耕备耕会"], True))
    assert words[:2] == ["春耕", "\n"]


def test_an_empty_article_keeps_its_row():
    tokens = tokens_of(table("小麦", "", "丰收", title=""), "rjieba", [], True)
    assert tokens.article_ids == ["a0", "a1", "a2"]
    assert by_article(tokens) == [["\n", "小麦"], ["\n"], ["\n", "丰收"]]


def test_no_articles_have_no_tokens():
    tokens = tokens_of(table(), "rjieba", [], True)
    assert (tokens.article_ids, tokens.starts.tolist(), len(tokens.ids), len(tokens.words)) == ([], [0], 0, 0)


def test_articles_may_come_one_by_one():
    rows = [("b", "春耕", "小麦"), ("a", "", "丰收")]
    one_by_one = tokens_of(iter(rows), "rjieba", [], True)
    at_once = tokens_of(pd.DataFrame(rows, columns=["article_id", "title", "text"]), "rjieba", [], True)
    assert one_by_one.article_ids == at_once.article_ids == ["b", "a"]
    assert by_article(one_by_one) == by_article(at_once)


def test_traditional_and_simplified_text_become_the_same_words():
    tokens = tokens_of(table("農業合作社的糧食，運到鐵路。", "农业合作社的粮食，运到铁路。"), "rjieba", [], True)
    first, second = by_article(tokens)
    assert first == second


@pytest.mark.parametrize("term", ["網圍欄", "農牧·網圍欄"])
@pytest.mark.parametrize("simplify", [True, False])
def test_a_term_listed_in_traditional_is_kept_whole_in_traditional_text(simplify, term):
    (words,) = by_article(tokens_of(table(f"牧民用{term}保護草場。"), "rjieba", [term], simplify))
    assert (fold(term) if simplify else term) in words


def test_progress_is_told_and_ends_with_the_number_of_articles():
    told = []
    tokens_of(table("小麦", "丰收", ""), "rjieba", [], True, progress=told.append)
    assert told[-1] == 3
    assert told == sorted(told)


@pytest.mark.parametrize("corpus", [ROOT / "data/sample", SEEDS], ids=["sample", "seeds"])
def test_both_segmenters_cut_a_corpus_alike(cutters, corpus):
    paths = sorted(corpus.rglob("*.txt"))
    if corpus == SEEDS and not paths:
        pytest.skip("../shared/seeds is not part of the repository")
    assert len(paths) >= 5
    for path in paths:
        # jieba in Python cuts at characters beyond its range, such as 𫛭, and the words beside them differ.
        lines = [line for line in fold(decode(path.read_bytes()).text).split("\n") if not RARE.search(line)]
        text = "\n".join(lines)
        rust, python = (cutters[engine](text) for engine in ENGINES)
        assert "".join(rust) == "".join(python) == text
        assert chinese(rust) == chinese(python), path


def seconds(do):
    started = time.process_time()
    result = do()
    return result, time.process_time() - started


def test_an_article_of_ten_megabytes_takes_seconds():
    paragraph = "".join(SENTENCES) + "\n"
    text = paragraph * (10_000_000 // len(paragraph.encode()))
    tokens, took = seconds(lambda: tokens_of([("a", "", text)], "rjieba", PRESS + OWN, True))
    assert "".join(tokens.words[tokens.ids]) == "\n" + text
    assert took < 30


@pytest.mark.parametrize("char", "水a1-。 \n㐀")
def test_one_character_a_million_times_takes_seconds(char):
    tokens, took = seconds(lambda: tokens_of([("a", "", char * 1_000_000)], "rjieba", [], True))
    assert sum(map(len, tokens.words[tokens.ids])) == 1_000_001
    assert took < 30


@pytest.mark.parametrize("char", "水a1-。 \n㐀")
def test_one_character_twenty_thousand_times_takes_seconds_in_python(plain, char):
    words, took = seconds(lambda: plain["jieba"](char * 20_000))
    assert "".join(words) == char * 20_000
    assert took < 30


@pytest.mark.parametrize(
    "length", [LONGEST_RUN - 1, LONGEST_RUN, LONGEST_RUN + 1, 2 * LONGEST_RUN, 3 * LONGEST_RUN + 77]
)
def test_both_segmenters_agree_on_a_run_without_a_mark(cutters, length):
    rng = random.Random(length)
    characters = [c for sentence in SENTENCES for c in sentence if c not in "，。"]
    text = "去年冬天，" + "".join(rng.choices(characters, k=length)) + "。\n小麦丰收"
    rust, python = (cutters[engine](text) for engine in ENGINES)
    assert "".join(rust) == text
    assert rust == python
    assert rust[-4:] == ["。", "\n", "小麦", "丰收"]
