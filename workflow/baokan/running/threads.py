"""One thread per job: with more, sums depend on the order in which threads finish, and results on the machine."""

import os

ONE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def single_threaded() -> None:
    """Set the environment that jobs started from here inherit: one thread, one hash order, no screen for figures."""
    os.environ.update(dict.fromkeys(ONE, "1"), PYTHONHASHSEED="0", MPLBACKEND="agg")
