"""Which terms, stopwords and kept words are in force."""

import pandas as pd
import pytest
from baokan.words.lexicon import UnknownSource, terms_in_force, word_lists
from baokan.words.wordlists import WordListError

FOUND = pd.DataFrame({"term": ["网围栏", "乡村医生", "的话"], "status": ["kept", "kept", "too loose"]})
NO_TERMS = pd.DataFrame({"term": [], "origin": []}, dtype=object)


def written(path, *words):
    path.write_text("\n".join(words) + "\n", encoding="utf-8")
    return str(path)


def settings(source_stopwords=None, keep=()):
    return {"source_stopwords": source_stopwords or {}, "keep": list(keep)}


def test_terms_of_lists_and_of_the_corpus(tmp_path):
    mine = written(tmp_path / "mine.txt", "春耕备耕会", "网围栏")
    terms = terms_in_force([mine], FOUND, "use")
    assert list(terms.columns) == ["term", "origin"]
    assert terms["term"].tolist() == ["春耕备耕会", "网围栏", "乡村医生"]
    # What is in a list as well is the list's.
    assert terms["origin"].tolist() == [mine, mine, "found in the corpus"]


@pytest.mark.parametrize("discover", ["list", "none"])
def test_terms_of_the_corpus_are_not_used_unless_that_is_asked_for(tmp_path, discover):
    mine = written(tmp_path / "mine.txt", "春耕备耕会")
    assert terms_in_force([mine], FOUND, discover)["term"].tolist() == ["春耕备耕会"]
    assert terms_in_force([], FOUND, discover).empty


def test_a_term_of_two_lists_is_in_force_once(tmp_path):
    lists = [written(tmp_path / "a.txt", "网围栏", "春耕备耕会"), written(tmp_path / "b.txt", "春耕备耕会", "夏收")]
    terms = terms_in_force(lists, FOUND.head(0), "use")
    assert terms["term"].tolist() == ["网围栏", "春耕备耕会", "夏收"]
    assert terms["origin"].tolist() == [lists[0], lists[0], lists[1]]


def test_what_is_no_term_is_not_in_force_and_a_term_is_written_as_the_text_has_it(tmp_path):
    mine = written(tmp_path / "mine.txt", "水", "对口 支援", "５Ｇ网络", "长" * 60)
    assert terms_in_force([mine], FOUND, "none")["term"].tolist() == ["对口支援", "5G网络"]


@pytest.mark.parametrize("discover", ["use", "list", "none"])
def test_no_terms_at_all(discover):
    terms = terms_in_force([], FOUND.head(0), discover)
    assert terms.empty
    assert list(terms.columns) == ["term", "origin"]


def test_stopwords_know_their_lists(tmp_path):
    paths = [written(tmp_path / "iso.txt", "的", "了"), written(tmp_path / "press.txt", "的", "本报讯")]
    found = word_lists(NO_TERMS, paths, settings(), ["报"])
    assert found.stopwords == {"的": "iso.txt, press.txt", "了": "iso.txt", "本报讯": "press.txt"}


def test_words_and_files_of_words_may_be_mixed(tmp_path):
    mine = written(tmp_path / "mine.txt", "本台", "记者 # 署名")
    found = word_lists(
        NO_TERMS, [], settings({"报": ["本报", mine], "刊": ["本刊"]}, ["铁路", mine, "水库"]), ["报", "刊"]
    )
    assert set(found.source_stopwords) == {"报", "刊"}
    assert sorted(found.source_stopwords["报"]) == sorted(["本报", "本台", "记者"])
    assert found.source_stopwords["刊"] == ["本刊"]
    assert sorted(found.keep) == sorted(["铁路", "水库", "本台", "记者"])


def test_terms_are_handed_on(tmp_path):
    terms = terms_in_force([written(tmp_path / "mine.txt", "春耕备耕会")], FOUND, "use")
    assert word_lists(terms, [], settings(), ["报"]).terms == ["春耕备耕会", "网围栏", "乡村医生"]


def test_a_source_that_the_corpus_does_not_have_is_named_with_those_it_has():
    with pytest.raises(UnknownSource) as caught:
        word_lists(
            NO_TERMS, [], settings({"newpaper": ["本台"], "gazette": ["本刊"]}), ["newspaper", "gazette", "gazette"]
        )
    assert str(caught.value) == (
        "words.source_stopwords names newpaper, but the sources of this corpus are gazette, newspaper."
    )


def test_a_source_may_be_left_out():
    assert word_lists(NO_TERMS, [], settings(), ["报", "刊"]).source_stopwords == {}


def test_a_missing_file_of_words_is_named(tmp_path):
    for asked in (settings({"报": [str(tmp_path / "gone.txt")]}), settings(keep=[str(tmp_path / "gone.txt")])):
        with pytest.raises(WordListError, match=r"gone\.txt cannot be read"):
            word_lists(NO_TERMS, [], asked, ["报"])
