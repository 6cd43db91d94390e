"""Locks between the processes of this folder, which the system lets go of when a process dies, however it dies.

flock, rather than a lock of filelock's: its readers and writers share SQLite's locks, which wait for ever where the file system
answers ENOLCK, and cost each job 0.05 s of imports.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

RUN = Path(".snakemake") / "baokan.run.lock"  # held by the one run at work in this folder
JOBS = Path(".snakemake") / "baokan.jobs.lock"  # shared by all jobs: a killed run may leave some behind


@dataclass
class Held:
    """A lock, held until it is released; or, where none can be had, nothing, and `problem` says why."""

    file: IO | None
    problem: str = ""

    def release(self) -> None:
        """Give the lock back; one that is not held is left as it is."""
        if self.file is not None:
            self.file.close()
            self.file = None


def hold(path: Path, shared: bool = False, wait: bool = False) -> Held | None:
    """The lock at `path`, or None if another process holds it.

    shared: others may share it. wait: until it is free, rather than give up. A system or a file system without locks (Windows; some
    network ones) ends no run: nothing is held then, and one run at a time is up to the user.
    """
    try:
        import fcntl

        path.parent.mkdir(exist_ok=True)
        file = path.open("w")
    except (ImportError, OSError) as error:
        return _nothing(path, error)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        file.close()
        return None
    except OSError as error:
        file.close()
        return _nothing(path, error)
    return Held(file)


def _nothing(path: Path, error: Exception) -> Held:
    why = getattr(error, "strerror", None) or error
    return Held(None, f"no locks can be had in {path.parent.resolve()} ({why}): start one run at a time there")
