"""The registry of tables, and the page that explains them."""

import re
from pathlib import Path

import pytest
from baokan.registry import NUMBERS, TABLES, path_of

ROOT = Path(__file__).parents[2]
INNER = {"repeats", "changed", *NUMBERS.values()} - {
    "tested"
}  # what one stage leaves for another, and nobody else needs


def test_each_table_is_explained_and_each_that_is_explained_is_there():
    page = (ROOT / "results/README.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `((?:corpus|words|topics|compare)/\w+)` \|", page, re.M))
    assert explained == {path_of(name).removesuffix(".parquet") for name in TABLES.keys() - INNER}


def test_numbers_have_the_rows_of_the_table_in_words_and_are_not_written_for_people():
    for name, numbers in NUMBERS.items():
        assert TABLES[numbers] == TABLES[name]._replace(csv=False)
        assert path_of(numbers) != path_of(name)


def test_no_other_table_can_be_asked_for():
    assert path_of("contrasts") == "compare/contrasts.parquet"
    with pytest.raises(KeyError):
        path_of("contrast")
