"""The hash over a module's code: what changes it, and what does not."""

import shutil
from pathlib import Path

import pytest
from baokan import digest as module
from baokan.digest import digest, modules
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
        ("reading/decoding.py", "words.wordlists", True),
        ("words/chunking.py", "words.vocabulary", True),
        ("topics/quality.py", "topics.chosen", True),
        ("topics/engines/__init__.py", "topics.training", True),
        ("topics/engines/gensim_lda.py", "topics.engines.gensim_lda", True),
        ("topics/engines/__init__.py", "topics.engines.gensim_lda", True),
        ("topics/engines/gensim_lda.py", "topics.engines.tomotopy_lda", False),
        ("comparing/contrasts.py", "topics.training", False),
        ("comparing/contrasts.py", "words.vocabulary", False),
        ("topics/chosen.py", "words.vocabulary", False),
        ("topics/inference.py", "topics.training", True),
        ("topics/labels.py", "topics.training", False),
        ("words/vocabulary.py", "topics.training", False),
        ("config.py", "topics.chosen", False),
    ],
)
def test_in_the_package_itself(copied, file, name, counts):
    assert edited(copied / file, name) == counts


def test_the_rules_that_fit_know_every_engine():
    """Engines are imported by name, which no reading of imports finds."""
    assert set(modules("topics.engines")) == {engine.removeprefix("baokan.") for engine in ENGINES.values()}
