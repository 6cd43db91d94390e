"""Locks that the system lets go of when a process dies, however it dies. Windows has none of this kind: nothing is held
there, and one run at a time is up to the user."""

from pathlib import Path
from typing import IO

RUN = Path(".snakemake") / "baokan.run.lock"  # held by the one run at work in this folder
JOBS = Path(".snakemake") / "baokan.jobs.lock"  # shared by all jobs: a killed run may leave some behind


def hold(path: Path, shared: bool = False, wait: bool = False) -> IO | None:
    """An open file that holds the lock for as long as it is open, or None if another process holds it.

    shared: others may share it. wait: until it is free, rather than give up.
    """
    path.parent.mkdir(exist_ok=True)
    file = path.open("w")
    try:
        import fcntl
    except ImportError:
        return file
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        file.close()
        return None
    return file
