"""Settings and fixtures of all tests."""

from pathlib import Path

import pytest
from fuzzing import EXAMPLES
from hypothesis import settings
from made_corpus import NAME, Mixed, mixed_corpus
from project_copies import Project, copy_project

# Tests of these files share a project that takes a minute to make, so one worker has all of them. (xdist's own groups, by
# marks, are not followed under pytest 9.2.)
SHARED = {
    "tests/workflow/test_sample.py": "sample",
    "tests/browser/test_report.py": "sample",
    "tests/browser/test_intrusion_sheet.py": "sheet",
    "tests/workflow/test_rerun.py": "sample",
    "tests/workflow/test_hostile.py": "mixed",
    "tests/workflow/test_faults.py": "mixed",
    "tests/workflow/test_every_format.py": "mixed",
}


def pytest_collection_modifyitems(items):
    """What takes longest begins first, so that no worker is left with it at the end (--no-loadscope-reorder)."""
    items.sort(key=lambda item: ("/workflow/" not in f"/{item.nodeid}", item.nodeid.split("::")[0] not in SHARED))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class ByProject(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            # A file of unit tests stays together, for what its tests share; each whole run of the workflow stands alone.
            return SHARED.get(file, nodeid if "/workflow/" in nodeid else file)

    return ByProject(config, log)


# A slow machine is no fault of the code: examples may take their time.
settings.register_profile("baokan", deadline=None, max_examples=EXAMPLES)
settings.load_profile("baokan")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Project:
    """A project in which the sample has been run with the default configuration. Tests that use it share a worker
    and leave it as they found it."""
    project = copy_project(tmp_path_factory.mktemp("sample") / "project")
    project.said = project.run("--cores", "2").stdout
    return project


@pytest.fixture(scope="session")
def mixed(tmp_path_factory) -> Mixed:
    """A project in which the corpus of `made_corpus` has been run with a light configuration."""
    project = copy_project(tmp_path_factory.mktemp("mixed") / "project")
    texts = mixed_corpus(project)
    project.said = project.run(*project.light(), "--config", f"corpus={NAME}").stdout
    return Mixed(project, texts)
