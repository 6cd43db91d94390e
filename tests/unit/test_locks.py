"""Locks between runs and jobs: who waits for whom, and what happens where a file system has none."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from baokan.running.job import job
from baokan.running.locks import JOBS, RUN, hold

fcntl = pytest.importorskip("fcntl", reason="this system has no locks of this kind")
WORKFLOW = Path(__file__).parents[2] / "workflow"
# A file system that refuses every lock, as a C library in front of the system's: what a child process calls is real.
REFUSES = """
#include <errno.h>
int flock(int fd, int operation) { errno = ENOLCK; return -1; }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=[errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EIO])
def without_locks(request, monkeypatch):
    def refuse(file, operation):
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(fcntl, "flock", refuse)


def test_jobs_share_a_lock_that_a_new_run_waits_for():
    first, second = hold(JOBS, shared=True, wait=True), hold(JOBS, shared=True)
    assert hold(JOBS) is None
    first.release()
    assert hold(JOBS) is None
    second.release()
    assert hold(JOBS) is not None


def test_two_runs_do_not_work_in_one_folder():
    run = hold(RUN)
    assert hold(RUN) is None
    run.release()
    run.release()  # twice is once
    assert hold(RUN) is not None


def test_a_killed_process_leaves_no_lock():
    code = "import os; from baokan.running.locks import JOBS, hold; held = hold(JOBS); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(WORKFLOW)}, check=False)
    assert done.returncode == -9
    assert hold(JOBS) is not None


def test_without_locks_each_hold_goes_through_and_says_why(without_locks):
    for shared in (True, False):
        for wait in (True, False):
            held = hold(JOBS, shared=shared, wait=wait)
            assert "no locks can be had" in held.problem and "one run at a time" in held.problem
            held.release()


def test_a_job_without_locks_ends_well_and_its_log_says_so(folder, without_locks):
    with job(str(folder / "job.log"), "a job"):
        (folder / "made").write_text("made")
    log = (folder / "job.log").read_text()
    assert "no locks can be had" in log and "Traceback" not in log


def test_a_folder_that_cannot_be_written_to_has_no_lock(folder):
    (folder / ".snakemake").write_text("a file where the folder should be")
    assert "no locks can be had" in hold(JOBS, shared=True, wait=True).problem


@pytest.mark.skipif(not shutil.which("cc") or sys.platform != "linux", reason="needs a C compiler, and Linux")
def test_a_job_and_make_go_on_where_the_system_refuses_locks(folder):
    (folder / "refuses.c").write_text(REFUSES)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "refuses.so", "refuses.c"], check=True, cwd=folder)
    environment = os.environ | {"PYTHONPATH": str(WORKFLOW), "LD_PRELOAD": str(folder / "refuses.so")}
    code = "from baokan.running.job import job\nwith job('job.log', 'a job'):\n    open('made', 'w').close()"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "made").exists() and "no locks can be had" in (folder / "job.log").read_text()
    # And what make starts says it once, leaves a lock of Snakemake's own alone, and starts the workflow.
    (folder / "config").mkdir()
    (folder / "config/config.yaml").write_text("corpus: press\nname: ''\n")
    (folder / ".snakemake/locks").mkdir(parents=True)
    (folder / ".snakemake/locks/0.input.lock").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "baokan.running.launch"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr.count("no locks can be had") == 1 and "Traceback" not in done.stderr
    assert "Snakefile" in done.stderr  # there is none here, as Snakemake itself says
    assert (folder / ".snakemake/locks/0.input.lock").exists()
