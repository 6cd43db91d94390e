"""Settings and fixtures of all tests."""

from pathlib import Path

import pytest
from hypothesis import settings
from project_copies import Project, copy_project

# Tests of these files share a project that takes a minute to make, so one worker has all of them. (xdist's own groups, by
# marks, are not followed under pytest 9.2.)
SHARED = {
    "tests/workflow/test_sample.py": "sample",
    "tests/browser/test_report.py": "sample",
    "tests/browser/test_intrusion_sheet.py": "sheet",
    "tests/workflow/test_rerun.py": "light",
    "tests/workflow/test_faults.py": "light",
    "tests/workflow/test_every_format.py": "formats",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class ByProject(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return SHARED.get(nodeid.split("::")[0], nodeid)

    return ByProject(config, log)


# A slow machine is no fault of the code: examples may take their time.
settings.register_profile("baokan", deadline=None)
settings.load_profile("baokan")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Project:
    """A project in which the sample has been run with the default configuration. Tests that use it share a worker
    and leave it as they found it."""
    project = copy_project(tmp_path_factory.mktemp("sample") / "project")
    project.run("--cores", "2")
    return project


@pytest.fixture(scope="session")
def light(tmp_path_factory) -> Project:
    """A project in which a small corpus has been run with a light configuration."""
    project = copy_project(tmp_path_factory.mktemp("light") / "project")
    project.small_corpus()
    project.run(*project.light(), "--config", "corpus=small")
    return project
