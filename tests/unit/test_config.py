"""The configuration: what is filled in, and what is said of a wrong key or value."""

import copy
import datetime
import re
from pathlib import Path

import pytest
import yaml
from baokan.config import ConfigError, configured_files, load_schema, results_name, validated, word_files
from baokan.words.parts_of_speech import KINDS
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))


def is_section(sub):
    """Whether its keys are those of the schema, not names that the user gives."""
    return "properties" in sub


def properties(schema, path=""):
    for key, sub in schema["properties"].items():
        yield f"{path}{key}", sub
        if is_section(sub):
            yield from properties(sub, f"{path}{key}.")


SECTIONS = {path for path, sub in properties(load_schema()) if is_section(sub)}


def leaves(config, path=()):
    for key, value in config.items():
        if ".".join((*path, key)) in SECTIONS:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def problems(config):
    with pytest.raises(ConfigError) as caught:
        validated(config)
    first, *lines = str(caught.value).split("\n")
    assert first == "The configuration cannot be used:"
    assert all(line.startswith("  - ") for line in lines)
    return [line.removeprefix("  - ") for line in lines]


def test_every_default_is_filled_in_and_config_yaml_states_them():
    assert validated({}) == CONFIG
    assert validated(CONFIG) == CONFIG


def test_config_yaml_holds_every_key_of_the_schema():
    assert {".".join(p) for p in leaves(CONFIG)} == {
        path for path, sub in properties(load_schema()) if not is_section(sub)
    }


@pytest.mark.parametrize(("path", "sub"), list(properties(load_schema())))
def test_every_key_has_a_description_and_a_default_and_every_section_is_closed(path, sub):
    assert sub["description"].endswith(".")
    assert "default" in sub
    if is_section(sub):
        assert sub["default"] == {}
        assert sub["additionalProperties"] is False


def test_the_files_that_are_named_by_default_exist():
    words = CONFIG["words"]
    for path in (CONFIG["corpus"], *words["terms"], *words["stopwords"], *configured_files(words)):
        assert (ROOT / path).exists()


def test_one_key_of_a_section_leaves_the_others_at_their_defaults():
    config = validated({"topics": {"k": [5]}})
    assert config["topics"] == CONFIG["topics"] | {"k": [5]}
    assert config["compare"] == CONFIG["compare"]


@given(st.sets(st.sampled_from(list(leaves(CONFIG)))), st.sets(st.sampled_from([k for k in CONFIG if k[0] in "cwtr"])))
def test_whatever_is_left_out_comes_back(absent, absent_sections):
    config = copy.deepcopy(CONFIG)
    for *parents, key in absent:
        section = config
        for parent in parents:
            section = section[parent]
        del section[key]
    for section in absent_sections:
        config.pop(section, None)
    assert validated(config) == CONFIG


def test_the_input_is_not_changed_and_the_defaults_are_not_shared():
    given_config = {"topics": {"k": [5]}}
    first = validated(given_config)
    first["topics"]["k"].append(6)
    first["words"]["terms"].append("mine.txt")
    assert given_config == {"topics": {"k": [5]}}
    assert validated({})["words"]["terms"] == CONFIG["words"]["terms"]


def test_a_wrong_key_is_named_with_a_suggestion_and_what_is_allowed():
    (line,) = problems({"topics": {"seed": 3}})
    assert line == (
        "topics: unknown key seed (did you mean seeds?). Allowed keys: check_engine, check_seeds, chosen_seeds, "
        "chunk_tokens, engine, issue_cap, iterations, k, seeds"
    )
    (line,) = problems({"topic": {"k": [4]}})
    assert line.startswith("the top level: unknown key topic (did you mean topics?). Allowed keys: ")
    (line,) = problems({"毫无关系": 1})
    assert "unknown key 毫无关系. Allowed keys: " in line
    (line,) = problems({1998: "x"})
    assert "unknown key 1998" in line


@pytest.mark.parametrize(
    ("config", "path", "found", "allowed"),
    [
        ({"words": {"engine": "pkuseg"}}, "words.engine", "'pkuseg'", "one of rjieba, jieba"),
        ({"topics": {"k": ["8"]}}, "topics.k.0", "'8'", "a value of type integer"),
        ({"topics": {"k": []}}, "topics.k", "[]", "a list of at least 1 value"),
        ({"topics": {"k": [8, 8]}}, "topics.k", "[8, 8]", "a list without repeated values"),
        ({"topics": {"k": 8}}, "topics.k", "8", "a value of type array"),
        ({"topics": {"k": [1]}}, "topics.k.0", "1", "a number of at least 2"),
        ({"shards": 2.5}, "shards", "2.5", "a value of type integer"),
        ({"shards": 1000}, "shards", "1000", "a number of at most 999"),
        ({"seed": True}, "seed", "True", "a value of type integer"),
        ({"seed": -1}, "seed", "-1", "a number of at least 0"),
        ({"words": {"max_article_share": 0}}, "words.max_article_share", "0", "a number above 0"),
        ({"compare": {"confidence": 1}}, "compare.confidence", "1", "a number below 1"),
        ({"words": {"simplify": "yes"}}, "words.simplify", "'yes'", "a value of type boolean"),
        ({"words": {"terms": [""]}}, "words.terms.0", "''", "a text of at least 1 character"),
        ({"corpus": ""}, "corpus", "''", "a text of at least 1 character"),
        ({"corpus": datetime.date(1998, 1, 1)}, "corpus", "datetime.date(1998, 1, 1)", "a value of type string"),
        ({"name": "a/b"}, "name", "'a/b'", "a name without slashes"),
        ({"name": True}, "name", "True", "a value of type string"),
        ({"cleaning": None}, "cleaning", "None", "a value of type object"),
        ({"words": {"discover": True}}, "words.discover", "True", "one of use, list, none"),
        ({"words": {"keep": "铁路"}}, "words.keep", "'铁路'", "a value of type array"),
        ({"words": {"source_stopwords": ["本台"]}}, "words.source_stopwords", "['本台']", "a value of type object"),
        (
            {"words": {"source_stopwords": {"报": "本台"}}},
            "words.source_stopwords.报",
            "'本台'",
            "a value of type array",
        ),
        (
            {"words": {"source_stopwords": {"报": ["本台", 5]}}},
            "words.source_stopwords.报.1",
            "5",
            "a value of type string",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_path_what_was_found_and_what_is_allowed(config, path, found, allowed):
    (line,) = problems(config)
    assert line.startswith(f"{path}: found {found}, allowed is {allowed}.")


def test_the_meaning_of_the_key_is_told_too():
    (line,) = problems({"words": {"min_length": 0}})
    assert line.endswith("Shortest term, in characters.")


def test_several_errors_are_told_at_once():
    lines = problems(
        {"shards": 0, "word": {}, "words": {"engin": "jieba", "min_length": "2"}, "topics": {"k": [1, 600]}}
    )
    assert [re.split(":", line)[0] for line in lines] == [
        "the top level", "shards", "topics.k.0", "topics.k.1", "words", "words.min_length",
    ]  # fmt: skip


def test_a_whole_number_written_with_a_point_is_counted_with():
    config = validated({"shards": 4.0, "topics": {"k": [8.0, 12]}})
    assert [type(n) for n in (config["shards"], *config["topics"]["k"])] == [int, int, int]


def test_parts_of_speech_by_name_or_by_list():
    for asked in ("content", "all", ["noun"], ["term", "noun", "place"]):
        assert validated({"words": {"parts_of_speech": asked}})["words"]["parts_of_speech"] == asked


@pytest.mark.parametrize("asked", ["nouns", ["nouns"], ["noun", "mark"], ["noun", "noun"], [], 1, None])
def test_wrong_parts_of_speech_are_told_which_there_are(asked):
    (line,) = problems({"words": {"parts_of_speech": asked}})
    assert line.startswith(
        f"words.parts_of_speech: found {asked!r}, allowed is one of content, all or a list of values from {', '.join(KINDS)}."
    )


def test_stopwords_of_sources_are_kept_as_given():
    asked = {"newspaper": ["本台", "my/own.txt"], "县 报": [], "刊": ["本刊"]}
    config = validated({"words": {"source_stopwords": asked}})
    assert config["words"]["source_stopwords"] == asked
    assert config["words"] == CONFIG["words"] | {"source_stopwords": asked}
    config["words"]["source_stopwords"]["刊"].append("x")
    assert asked["刊"] == ["本刊"]
    assert validated({})["words"]["source_stopwords"] == {}


def test_a_source_called_by_a_year_is_a_name():
    # YAML reads `1998: [本台]` with a number.
    config = validated({"words": {"source_stopwords": yaml.safe_load("1998: [本台]")}})
    assert config["words"]["source_stopwords"] == {"1998": ["本台"]}


def test_files_of_words_among_words():
    assert word_files(["铁路", "mine.txt", "a/b.txt", "txt", ".txt.bak"]) == ["mine.txt", "a/b.txt"]
    words = {"keep": ["铁路", "b.txt"], "source_stopwords": {"报": ["a.txt", "本台"], "刊": ["b.txt"]}}
    assert configured_files(words) == ["a.txt", "b.txt"]
    assert configured_files({"keep": [], "source_stopwords": {}}) == []


def test_numbers_as_names_are_taken_as_text():
    config = validated({"name": 2023, "corpus": 1998})
    assert (config["name"], config["corpus"]) == ("2023", "1998")


@pytest.mark.parametrize(
    ("name", "corpus", "expected"),
    [
        ("", "data/sample", "sample"),
        ("", "data/sample/", "sample"),
        ("", "/somewhere/else/人民 日报", "人民_日报"),
        ("second try", "data/sample", "second_try"),
        ("v1.2-a", "data/sample", "v1.2-a"),
        ("..", "data/sample", "corpus"),
        (".hidden", "data/sample", "hidden"),
        ("", "/", "corpus"),
    ],
)
def test_the_name_of_the_results(name, corpus, expected):
    assert results_name({"name": name, "corpus": corpus}) == expected


def test_a_corpus_given_as_a_dot_is_named_after_its_folder(tmp_path, monkeypatch):
    (tmp_path / "县报").mkdir()
    monkeypatch.chdir(tmp_path / "县报")
    assert results_name({"name": "", "corpus": "."}) == "县报"


@given(st.text(max_size=30))
def test_a_name_never_leaves_the_results_folder(name):
    assert re.fullmatch(r"[\w\-][\w.\-]*", results_name({"name": name, "corpus": "data/sample"}))


@pytest.mark.parametrize("value", ["automatic", 9, 1.5, True])
def test_sweeps_are_auto_or_a_whole_number(value):
    (line,) = problems({"topics": {"iterations": value}})
    assert line.startswith(
        f"topics.iterations: found {value!r}, allowed is one of auto or a whole number from 10 to 100000."
    )


def test_factors_may_check_a_model_and_never_be_it():
    (line,) = problems({"topics": {"engine": "nmf"}})
    assert "topics.engine: found 'nmf', allowed is one of tomotopy, gensim, sklearn." in line
    assert validated({"topics": {"check_engine": "nmf"}})["topics"]["check_engine"] == "nmf"
