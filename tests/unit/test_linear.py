"""No text takes time by a power of its length: neither a pattern nor what reads and cuts documents.

BAOKAN_FUZZ=1 (make fuzz) tries all attacks on each pattern and a megabyte of each document.
"""

import json
import os
import re
import subprocess
import sys
import time

import nasty
import patterns
import pytest
from baokan.articles.document import cut
from baokan.decoding import decode
from baokan.reading.formats.html import read_page
from baokan.reading.formats.markdown import read_markdown
from baokan.reading.records import clean_text, one_line, records_of
from baokan.words.segmentation import tokens_of
from baokan.words.wordlists import as_in_text
from fuzzing import THOROUGH

WORKFLOW = patterns.PACKAGE.parent
HANGS = 1800 if THOROUGH else 300  # seconds after which a process hangs, whatever else the machine does

# --- patterns


@pytest.mark.parametrize("path", sorted(WORKFLOW.rglob("*.py")), ids=lambda path: str(path.relative_to(WORKFLOW)))
def test_patterns_are_compiled_when_a_module_is_imported(path):
    # So that the list of them is whole: neither words of a user nor a text become a pattern.
    assert patterns.compiled_in_functions(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return re.sub('a', '', x)",
        "def f(x):\n    return re.compile(x)",
        "f = lambda x: re.search('a', x)",
        "class A:\n    def f(self, frame):\n        return frame['a'].str.contains('a')",
        "def f(frame):\n    return frame['a'].str.replace('a', '', regex=True)",
        "from re import sub",
    ],
)
def test_patterns_within_functions_are_seen(source):
    assert patterns.compiled_in_functions(source)


@pytest.fixture(scope="module")
def found() -> list[dict]:
    command = [sys.executable, patterns.__file__, "0" if THOROUGH else "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_list_of_patterns_has_those_in_names_lists_tables_and_methods(found):
    listed = {(row["module"].removeprefix("baokan."), row["pattern"]) for row in found}
    assert ("corpus.names", repr(r"总第?[0-9一二三四五六七八九十百千零〇]{1,9}期")) in listed  # of a list
    assert ("reading.formats.html", repr("</script")) in listed  # of a dict
    assert ("reading.formats.docx", repr(r"^(?:title|标题|標題|文章标题)$")) in listed  # of a list of tuples
    assert {module for module, _ in listed} >= {
        f"{path.relative_to(patterns.PACKAGE).with_suffix('')}".replace(os.sep, ".")
        for path in patterns.PACKAGE.rglob("*.py")
        if "re.compile(" in path.read_text(encoding="utf-8")
    }


def test_no_pattern_takes_time_by_a_power_of_the_length(found):
    slow = {row["pattern"]: (row["exponent"], row["attack"]) for row in found if row["exponent"] > patterns.LINEAR}
    # A machine that is busy elsewhere may have slowed one of two runs: a power would show again.
    again = {p: at for p, (_, at) in slow.items() if patterns.exponent(re.compile(eval(p)), tuple(at), 4000) > 1.4}
    assert again == {}


def test_a_megabyte_of_its_worst_case_is_read_by_each_pattern(found):
    assert [row["pattern"] for row in found if not row["megabyte"] < 60] == []


@pytest.mark.parametrize(
    "pattern",
    [
        "^[国\u3000]{1,2}(?:[ \u3000]+[国\u3000]{1,2})+$",
        "(?:a|b|ab)*c",
        r"\s*x?\s*$",
        r"^国\s*(?:a\s*)?\s*b",
        "“[^”]*$",
        r"\(([^()]*国[^()]*)\)",
        "[0-9]+年",
        "(?!.*文)国",
        rb"<[^>]*>",
        '"(?:[^"]|"")*"(?=,)',
    ],
)
def test_a_pattern_that_takes_time_by_a_power_is_found_out(pattern):
    assert patterns.worst(re.compile(pattern), 24)["exponent"] > 1.6


@pytest.mark.parametrize(
    "pattern", ["^[国]{1,2}(?: ++[国]{1,2})++$", "“[^“”]*$", "[一二]{1,5}年", "国.{0,60}电", "a|b"]
)
def test_a_pattern_that_takes_time_by_the_length_is_not_accused(pattern):
    assert patterns.worst(re.compile(pattern), 24)["exponent"] <= patterns.LINEAR


# --- documents

READERS = {
    "plain text": lambda text: decode(text.encode()),
    "HTML": read_page,
    "Markdown": read_markdown,
    "JSONL": lambda text: list(records_of(text, "jsonl")),
    "CSV": lambda text: list(records_of("text,a\n" + text, "csv")),
    "TSV": lambda text: list(records_of("text\ta\n" + text, "tsv")),
    "a field": lambda text: (clean_text(text), one_line(text)),
    "cutting": lambda text: cut(text, "2020-01-02"),
    "cutting a record": lambda text: cut(text, "2020-01-02", "国家大事"),
    "a word list": as_in_text,
}
if THOROUGH:
    READERS["words"] = lambda text: tokens_of([("a", "", text)], "rjieba", [], True)


def seconds(reader, text: str) -> float:
    before = time.process_time()
    reader(text)
    return time.process_time() - before


def growth(reader, document, short: int, times: int) -> float:
    """How many times as long a document of `times` the length takes; the fewest of three, which others disturb least."""
    long = min(seconds(reader, document(times * short)) for _ in range(3))
    return long / min(seconds(reader, document(short)) for _ in range(3))


@pytest.mark.parametrize("name", READERS)
def test_no_document_takes_time_by_a_power_of_its_length(name):
    reader = READERS[name]
    reader("国家大事。\n")  # what is loaded once
    short, times = (20_000, 8) if THOROUGH else (1_500, 8)
    slow = {}
    for kind, document in nasty.DOCUMENTS.items():
        if seconds(reader, document(times * short)) < (3e-6 if THOROUGH else 15e-6) * times * short:
            continue  # so little for a character that no power can be in it
        # By the length it takes 8 times as long, by its square 64 times. What looks slow is looked at again.
        if all(growth(reader, document, n, times) > 24 for n in (short, short, 2 * short)):
            slow[kind] = round(growth(reader, document, short, times))
    assert slow == {}


@pytest.mark.skipif(not THOROUGH, reason="make fuzz")
@pytest.mark.parametrize("name", READERS)
def test_a_megabyte_of_anything_is_read(name):
    for kind, document in nasty.DOCUMENTS.items():
        spent = seconds(READERS[name], document(patterns.MEGABYTE))
        print(f"{name:20} {spent:6.1f} s  {kind}", flush=True)
        assert spent < HANGS


def test_a_headline_of_many_blanks_hangs_nothing():
    # In a process of its own, which can be killed: the file of 196 bytes that once took for ever.
    text = "国" + "\u3000" * 60 + "国国国\n\n正文。\n"
    code = f"from baokan.articles.document import cut; cut({text!r})"
    subprocess.run([sys.executable, "-c", code], cwd=WORKFLOW, timeout=HANGS, check=True)
