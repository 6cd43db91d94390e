"""Versions of Python and of the packages that baokan requires."""

import importlib.metadata
import importlib.util
import platform
import re
import tomllib
from pathlib import Path

from baokan.matches import sure

_NAME = re.compile(r"[\w.\-]+")


def _named(requirements: list[str]) -> list[str]:
    return sorted(sure(_NAME.match(r))[0] for r in requirements)


def _project() -> dict:
    return tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def required() -> list[str]:
    """Names of the packages in pyproject.toml's dependencies, sorted."""
    return _named(_project()["dependencies"])


def ocr_versions() -> dict[str, str]:
    """Name to version of the packages that OCR needs; empty where one of them is missing."""
    try:
        return {name: importlib.metadata.version(name) for name in _named(_project()["optional-dependencies"]["ocr"])}
    except importlib.metadata.PackageNotFoundError:
        return {}


def installed_versions() -> dict[str, str]:
    """Name to version, Python first; "not installed" where a package is missing (a light environment on a cluster)."""
    versions = {"python": platform.python_version()}
    for name in required():
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def folder_of(package: str) -> Path:
    """Where an installed package is, which is looked up and not imported. Raises ModuleNotFoundError if it is not there."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package {package} is not installed", name=package)
    return Path(spec.origin).parent
