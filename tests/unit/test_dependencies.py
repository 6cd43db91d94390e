"""pyproject.toml, environment.yml and the lock files state the same dependencies."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked(name: str) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9_.\-]+)==([^\s;\\]+)", line):
            found.setdefault(match[1].lower().replace("_", "-"), set()).add(Version(match[2]))
    return found


def test_environment_yml_has_the_bounds_of_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(d["pip"] for d in environment if isinstance(d, dict))
    conda = [d for d in environment if isinstance(d, str) and d != "pip"]
    expected = {*PROJECT["dependencies"], f"python{PROJECT['requires-python']}"}
    assert {*conda, *pip} == expected


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        ("requirements-ocr.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["ocr"]),
        ("requirements-dev.txt", sum(PROJECT["optional-dependencies"].values(), PROJECT["dependencies"])),
    ],
)
def test_lock_files_fulfil_pyproject(file, wanted):
    versions = locked(file)
    for requirement in map(Requirement, wanted):
        assert requirement.name in versions, f"{requirement.name} is not locked in {file}: make lock"
        assert all(v in requirement.specifier for v in versions[requirement.name]), (
            f"{requirement} in {file}: make lock"
        )


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-ocr.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes_and_names_no_index(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in p for p in packages)
    assert "index-url" not in text and "://" not in text


def test_the_lock_files_agree():
    run, ocr, dev = (locked(f"requirements{part}.txt") for part in ("", "-ocr", "-dev"))
    assert all(ocr[name] == versions for name, versions in run.items())
    assert all(dev[name] == versions for name, versions in ocr.items())
