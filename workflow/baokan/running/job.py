"""What every job of the workflow does around its one function: log to a file, show progress, keep the traceback."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from baokan.direction import shown
from baokan.errors import UserError
from baokan.running.locks import JOBS, hold

SECONDS_BETWEEN_LINES = 20


@contextmanager
def job(log: str, what: str) -> Iterator[Callable[[str, int], Callable[[int | str], None]]]:
    """Run a job whose messages, warnings and traceback go to the file `log`.

    Gives a function: progress(unit, total) returns a callback that takes the number done, or words. On long work a line goes to the
    terminal every twenty seconds: "cut 2: 1,200 of 2,700 documents, 40 s", or only the seconds where nothing is counted.
    """
    logging.basicConfig(filename=log, level=logging.INFO, format="%(levelname)s %(message)s", force=True)
    logging.captureWarnings(True)
    for chatty in ("gensim", "fontTools"):  # topics at every step, lists of glyphs
        logging.getLogger(chatty).setLevel(logging.WARNING)
    started = time.monotonic()
    held = hold(JOBS, shared=True, wait=True)
    if held is not None and held.problem:
        logging.warning("%s", held.problem)

    at, finished = "at work", threading.Event()

    def progress(unit: str, total: int) -> Callable[[int | str], None]:
        def report(done: int | str) -> None:
            nonlocal at
            at = done if isinstance(done, str) else f"{done:,} of {total:,} {unit}"

        return report

    def tell() -> None:
        while not finished.wait(SECONDS_BETWEEN_LINES):
            print(f"{what}: {shown(at)}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield progress
    except UserError as error:
        logging.error("%s", error)
        print(f"\n{what}: {shown(str(error))}\n", file=sys.stderr, flush=True)
        raise SystemExit(1) from None
    except BaseException:
        logging.exception("%s failed", what)
        raise
    finally:
        finished.set()
        if held is not None:
            held.release()
    logging.info("%s: %.1f s", what, time.monotonic() - started)
