"""Versions of Python and of the packages that baokan requires."""

import importlib.metadata
import platform
import re
import tomllib
from pathlib import Path


def required() -> list[str]:
    """Names of the packages in pyproject.toml's dependencies, sorted."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(re.match(r"[\w.\-]+", r)[0] for r in project["dependencies"])


def installed_versions() -> dict[str, str]:
    """Name to version, Python first; "not installed" where a package is missing (a light environment on a cluster)."""
    versions = {"python": platform.python_version()}
    for name in required():
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions
