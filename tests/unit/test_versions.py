"""The packages that baokan requires, and where they are."""

import sys

import pytest
from baokan.versions import folder_of, required


def test_requirements_are_named_without_their_bounds():
    assert {"numpy", "scikit-learn", "ahocorasick-rs"} <= set(required())


def test_a_package_is_found_without_being_imported():
    before = set(sys.modules)
    assert (folder_of("zhplot") / "fonts").is_dir()
    assert "zhplot" not in set(sys.modules) - before


def test_a_package_that_is_missing_is_named():
    with pytest.raises(ModuleNotFoundError, match="no_such_package") as told:
        folder_of("no_such_package")
    assert told.value.name == "no_such_package"
