"""The hash over the code of a rule: what changes it, and what does not."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from baokan import digest as module
from baokan.digest import code, digest, modules, notebook_modules
from baokan.reading.formats import MODULES
from baokan.reporting import sections
from baokan.topics.engines import ENGINES


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A function that lays a package of {file: source} out, in place of baokan."""

    def lay_out(files):
        for name, source in files.items():
            path = tmp_path / "baokan" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        monkeypatch.setattr(module, "PACKAGE", tmp_path / "baokan")
        module._imports.cache_clear()
        return tmp_path / "baokan"

    yield lay_out
    module._imports.cache_clear()


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The real package, copied to where it may be edited."""
    shutil.copytree(module.PACKAGE, tmp_path / "baokan", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "baokan")
    module._imports.cache_clear()
    yield tmp_path / "baokan"
    module._imports.cache_clear()


def edited(path, name):
    """Whether the digest of module `name` changes when the file `path` is edited."""
    before = digest(name)
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    module._imports.cache_clear()
    return digest(name) != before


IMPORTS = {
    "from": "from baokan.used import thing",
    "from, aliased": "from baokan import used as u",
    "plain": "import baokan.used",
    "plain, aliased": "import os, baokan.used as u",
    "relative": "from .used import thing",
    "relative, of a module": "from . import used",
    "lazy": "def f():\n    from baokan.used import thing\n    return thing",
    "lazy, in a class": "class A:\n    def f(self):\n        if self:\n            import baokan.used",
    "guarded": "try:\n    from baokan.used import thing\nexcept ImportError:\n    thing = None",
}


@pytest.mark.parametrize("statement", IMPORTS.values(), ids=IMPORTS)
def test_the_code_of_an_imported_module_counts(package, statement):
    root = package({"top.py": statement, "used.py": "thing = 1\n", "other.py": "thing = 2\n"})
    assert edited(root / "used.py", "top")
    assert not edited(root / "other.py", "top")


def test_imports_of_imports_count_and_circles_end(package):
    root = package({"a.py": "import baokan.b", "b.py": "import baokan.c", "c.py": "import baokan.a", "d.py": ""})
    assert edited(root / "c.py", "a")
    assert not edited(root / "d.py", "a")


def test_a_name_imported_from_a_module_is_no_module(package):
    root = package({"a.py": "from baokan.b import c", "b.py": "c = 1", "c.py": ""})
    assert edited(root / "b.py", "a")
    assert not edited(root / "c.py", "a")


def test_packages_below_and_their_init_count(package):
    root = package(
        {
            "a.py": "from baokan.sub.one import x",
            "sub/__init__.py": "from .two import y",
            "sub/one.py": "from ..far import z",
            "sub/two.py": "",
            "sub/three.py": "",
            "far.py": "",
        }
    )
    for name in ("sub/one.py", "sub/__init__.py", "sub/two.py", "far.py"):
        assert edited(root / name, "a"), name
    assert not edited(root / "sub/three.py", "a")
    assert edited(root / "sub/one.py", "sub.one")


def test_data_beside_a_module_count_where_it_names_them(package):
    root = package(
        {"a.py": 'CATALOGUE, WORDS = "messages.po", "words.tsv"\n', "b.py": "", "words.tsv": "", "other.tsv": ""}
    )
    catalogue = root / "locale/zh/LC_MESSAGES/messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("", encoding="utf-8")
    for data in (catalogue, root / "words.tsv"):
        assert edited(data, "a")
        assert not edited(data, "b")
    assert not edited(root / "other.tsv", "a")
    another = root / "locale/ja/LC_MESSAGES/messages.po"
    another.parent.mkdir(parents=True)
    before = digest("a")
    another.write_text("", encoding="utf-8")
    assert digest("a") != before


def test_a_mention_in_text_is_no_import(package):
    root = package({"a.py": '"""import baokan.b"""\n# from baokan import b\n', "b.py": ""})
    assert not edited(root / "b.py", "a")


def test_extra_files_count(package, tmp_path):
    package({"a.py": ""})
    extra = tmp_path / "template.html"
    extra.write_text("<p>", encoding="utf-8")
    before = digest("a", extra=(extra,))
    extra.write_text("<b>", encoding="utf-8")
    assert digest("a", extra=(extra,)) != before != digest("a")


def test_a_module_that_does_not_exist_is_an_error(package):
    package({"a.py": ""})
    with pytest.raises(FileNotFoundError):
        digest("b")


def test_the_digest_is_short_stable_and_of_the_set_of_modules(package):
    package({"a.py": "", "b.py": ""})
    assert len(digest("a")) == 16
    assert int(digest("a"), 16) >= 0
    assert digest("a", "b") == digest("b", "a") == digest("a", "b", "a")
    assert len({digest("a"), digest("b"), digest("a", "b")}) == 3


def test_the_place_of_the_package_does_not_count(copied):
    here = digest("topics.chosen", "topics.training")
    module.PACKAGE = Path(__file__).parents[2] / "workflow/baokan"
    module._imports.cache_clear()
    assert digest("topics.chosen", "topics.training") == here


@pytest.mark.parametrize(
    ("file", "name", "counts"),
    [
        ("decoding.py", "words.wordlists", True),
        ("words/chunking.py", "words.vocabulary", True),
        ("topics/term_ranking.py", "topics.chosen", True),
        ("topics/engines/__init__.py", "topics.training", True),
        ("topics/engines/gensim_lda.py", "topics.engines.gensim_lda", True),
        ("topics/engines/__init__.py", "topics.engines.gensim_lda", True),
        ("topics/engines/gensim_lda.py", "topics.engines.tomotopy_lda", False),
        ("comparing/contrasts.py", "topics.training", False),
        ("comparing/contrasts.py", "words.vocabulary", False),
        ("topics/chosen.py", "words.vocabulary", False),
        ("topics/folding_in.py", "topics.training", True),
        ("topics/labels.py", "topics.training", False),
        ("topics/training.py", "topics.reported", False),
        ("words/vocabulary.py", "topics.training", False),
        ("config.py", "topics.chosen", False),
    ],
)
def test_in_the_package_itself(copied, file, name, counts):
    assert edited(copied / file, name) == counts


def test_the_rules_that_fit_know_every_engine():
    """Engines are imported by name, which no reading of imports finds."""
    assert set(modules("topics.engines")) == {engine.removeprefix("baokan.") for engine in ENGINES.values()}


# --- the rules of the workflow

ROOT = Path(__file__).parents[2]
ENGINE_FILES = {engine.removeprefix("baokan.") for engine in ENGINES.values()}
# Formats are read by modules that are named in data; the sandbox is told its functions as "module:name".
IN_SANDBOX = {
    called
    for path in (ROOT / "workflow/baokan/reading").rglob("*.py")
    for called in re.findall(r'"(reading\.[a-z.]+):[a-z_]+"', path.read_text(encoding="utf-8"))
}
READER_FILES = {f"reading.formats.{name}" for name in MODULES.values()} | IN_SANDBOX
# What a script imports while it works, by names that stand in data.
BY_NAME = {
    **dict.fromkeys(("fit", "refit", "check", "specifications", "curve_parts"), ENGINE_FILES),
    "read": READER_FILES,
    "curve_figure": {"reporting.sections.specifications.figure"},
    **{rule: set(sections.modules("section")) for rule in ("report", "curve_report")},
}


@pytest.fixture(scope="module")
def rules():
    """What `rules_of_workflow` says of each rule with a script, modules without baokan before them."""
    command = [sys.executable, str(ROOT / "tests/rules_of_workflow.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    for rule in found.values():
        rule["covered"] = {
            path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for path in (rule["code"] or "").split()
        }
        rule["imported"] = {name.removeprefix("baokan.") for name in rule["imported"]}
    return found


def test_each_rule_runs_again_when_any_module_that_its_script_loads_is_edited(rules):
    assert {"read", "tokens", "contexts", "check", "curve_report"} <= set(rules)
    brought = module._imports("running.job")  # what job.py, and nothing else, brings in changes no result
    around = {"running.job", *(name for one in brought for name in module._closure(one))}
    missed = {name: rule["imported"] - rule["covered"] - around for name, rule in rules.items()}
    assert not {name: modules for name, modules in missed.items() if modules}


def test_what_is_imported_by_name_is_covered_too(rules):
    assert "reading.ocr.read" in IN_SANDBOX
    missed = {name: files - rules[name]["covered"] for name, files in BY_NAME.items()}
    assert not {name: files for name, files in missed.items() if files}
    for name, graded in (("figures", False), ("graded_figures", True)):
        drawn = {f"reporting.sections.{section}.figure" for section in sections.figures(graded=graded)}
        assert drawn and drawn <= rules[name]["covered"]
    assert set(notebook_modules(ROOT / "notebooks/explore.ipynb")) <= rules["notebook"]["covered"]


def test_a_script_that_imports_more_has_another_code(copied):
    script = copied.parent / "scripts/tokens.py"
    script.parent.mkdir()
    script.write_text("from baokan.words.tokens import write_tokens\n", encoding="utf-8")
    few = code("tokens")
    (copied / "topics/labels.py").write_text("# edited\n", encoding="utf-8")
    assert code("tokens") == few
    script.write_text("from baokan.words.tokens import write_tokens\nimport baokan.topics.labels\n", encoding="utf-8")
    assert code("tokens") != few
    assert code("tokens", "config") != code("tokens")


def test_cells_of_a_notebook_are_read_past_its_magics(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["from baokan.words import keyness"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "from baokan.tables import read_parquet"]},
        {"cell_type": "code", "source": ["!ls\n", "import baokan.config, json"]},
    ]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert notebook_modules(tmp_path / "n.ipynb") == ["config", "tables"]


def test_what_is_taken_from_the_package_itself_counts(package):
    root = package({"__init__.py": '__version__ = "1"', "a.py": "from baokan import __version__", "b.py": ""})
    assert edited(root / "__init__.py", "a")
    assert not edited(root / "__init__.py", "b")
