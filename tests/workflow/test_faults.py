"""A run that is killed at any moment and started again ends in the same bytes as one left alone; so does one on another
number of cores."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from made_corpus import NAME
from project_copies import Project, digests

KILLS = int(os.environ.get("BAOKAN_FAULTS", "2"))


def launch(project: Project, cores: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "baokan.running.launch", "--corpus", NAME, "--configfile", "light.yaml"]
    return subprocess.Popen(
        [*command, "--cores", str(cores)],
        cwd=project.root,
        env=project.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def again(mixed, project) -> Project:
    """A project with the same corpus, which has not been run there."""
    shutil.copytree(mixed.project.root / NAME, project.root / NAME, symlinks=True)
    project.light()
    return project


def test_killed_runs_end_in_the_same_bytes(mixed, again):
    expected, results = digests(mixed.results), again.root / "results" / NAME
    moments, killed = random.Random(7), 0
    for _ in range(KILLS):
        run = launch(again, cores=2)
        try:
            run.wait(timeout=moments.uniform(1.5, 12.0))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            killed += 1
        else:  # it was quicker than the kill: start it anew from nothing
            assert run.returncode == 0, run.stdout.read()[-3000:]
            shutil.rmtree(results)
    last = launch(again, cores=2)
    said, _ = last.communicate(timeout=300)
    assert last.returncode == 0, said[-4000:]
    assert killed >= 1
    print(f"[faults] {killed} of {KILLS} runs were killed at work")
    assert f"The report: results/{NAME}/report.html" in said
    assert digests(results) == expected
    idle = launch(again, cores=1)
    said, _ = idle.communicate(timeout=60)
    assert "Nothing to be done" in said and f"The report: results/{NAME}/report.html" in said


def test_a_second_run_at_the_same_time_is_refused(again):
    first = launch(again, cores=1)
    try:
        lock = again.root / ".snakemake/baokan.run.lock"
        patience = time.monotonic() + 60
        while not lock.exists() and time.monotonic() < patience:
            time.sleep(0.1)
        time.sleep(1)  # from the file to the lock on it
        second = launch(again, cores=1)
        said, _ = second.communicate(timeout=60)
        assert second.returncode == 3
        assert "Another run is at work" in said
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
