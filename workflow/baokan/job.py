"""What every job of the workflow does around its one function: log to a file, show progress, keep the traceback."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from baokan.errors import UserError
from baokan.locks import JOBS, hold

SECONDS_BETWEEN_LINES = 10


@contextmanager
def job(log: str, what: str) -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Run a job whose messages, warnings and traceback go to the file `log`.

    Gives a function: progress(unit, total) returns a callback that takes the number done and, on long work, prints a
    line to the terminal every ten seconds, such as "cut: 1,200 of 2,700 documents".
    """
    logging.basicConfig(filename=log, level=logging.INFO, format="%(levelname)s %(message)s", force=True)
    logging.captureWarnings(True)
    logging.getLogger("gensim").setLevel(logging.WARNING)  # it writes its topics at every step
    started = time.monotonic()
    held = hold(JOBS, shared=True, wait=True)

    def progress(unit: str, total: int) -> Callable[[int], None]:
        shown = time.monotonic()

        def report(done: int) -> None:
            nonlocal shown
            if time.monotonic() - shown >= SECONDS_BETWEEN_LINES:
                shown = time.monotonic()
                print(f"{what}: {done:,} of {total:,} {unit}", file=sys.stderr, flush=True)
                logging.info("%s: %d of %d %s", what, done, total, unit)

        return report

    try:
        yield progress
    except UserError as error:
        logging.error("%s", error)
        print(f"\n{what}: {error}\n", file=sys.stderr, flush=True)
        raise SystemExit(1) from None
    except BaseException:
        logging.exception("%s failed", what)
        raise
    finally:
        held.close()
    logging.info("%s: %.1f s", what, time.monotonic() - started)
