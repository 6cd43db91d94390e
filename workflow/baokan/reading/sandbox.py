"""A worker process for what native code makes of files from strangers: a crash, a hang or a bomb costs one call.

The worker is started when it is first needed, used for many files and started again after its death. It limits its own
memory (where the system honours RLIMIT_AS: Linux) and sets an alarm for each call, which ends it even within native
code. It answers in JSON: the answer of a worker that a file has taken over should be data, never a pickle.
"""

import atexit
import contextlib
import importlib
import json
import logging
import os
import pickle
import resource
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO

from baokan.reading.formats import Refused, Settings, Unreadable
from baokan.running.threads import ONE

MEMORY = 4 * 1024**3  # bytes of address space
_ROOT = Path(__file__).resolve().parents[2]
_START = f"import sys; sys.path[:0] = [{str(_ROOT)!r}]; from baokan.reading.sandbox import serve; serve()"
_LARGEST_ANSWER = 256 * 1024**2  # bytes


class Died(Exception):
    """The worker did not survive a call; the text says of what, to stand after "page 3 cannot be read: "."""


class Worker:
    """Calls functions (data, settings, *arguments) of baokan in another process; data is sent there once."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.sent: object = None
        self.owner = 0

    def call(self, function: str, data: bytes, settings: Settings, *arguments, seconds: float):
        """What `function` ("module:name", below baokan) gives for these arguments, as JSON holds it.

        Raises Unreadable and Refused as the function does, and Died if the worker dies or runs out of memory, after
        `seconds`, or for an error that the function should not raise (its traceback goes to the log).
        """
        process = self.process
        if process is None or process.poll() is not None or self.owner != os.getpid():
            process = self.start()  # a forked process must not talk to its parent's worker
        fresh = self.sent is not data
        try:
            _send(_end(process.stdin), pickle.dumps((function, data if fresh else None, settings, arguments, seconds)))
            self.sent = data
            answer = json.loads(_receive(_end(process.stdout), _LARGEST_ANSWER))
        except (OSError, EOFError, ValueError):
            code = self.stop()
            raise Died(f"it took longer than {seconds:g} seconds" if code == -signal.SIGALRM else _of(code)) from None
        except BaseException:
            self.stop()  # interrupted: its answer would be taken for that of the next call
            raise
        kind, value = answer
        if kind == "result":
            return value
        if kind == "MemoryError":
            self.stop()
            raise Died(f"it needs more memory than {MEMORY // 1024**3} GB")
        if kind in ("Unreadable", "Refused"):
            raise {"Unreadable": Unreadable, "Refused": Refused}[kind](value)
        logging.getLogger(__name__).warning("%s\n%s", function, value)
        raise Died(f"the reader failed ({str(value).strip().splitlines()[-1][:200]})")

    def start(self) -> subprocess.Popen[bytes]:
        """Start a worker, which has been sent nothing yet."""
        self.sent, self.owner = None, os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=os.environ | dict.fromkeys(ONE, "1"),
        )  # fmt: skip
        return self.process

    def stop(self) -> int:
        """End the worker if it runs; its exit code, the negative number of the signal that it died of."""
        process, self.process = self.process, None
        if process is None:
            return 0
        with contextlib.suppress(OSError):
            _end(process.stdin).close()
        try:
            # One that died of itself has a moment to say of what.
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
        finally:
            _end(process.stdout).close()


def _end(pipe: IO[bytes] | None) -> IO[bytes]:
    """This process's end of a pipe to the worker, which is started with two."""
    if pipe is None:
        raise TypeError("the worker was started without pipes")
    return pipe


def _of(code: int) -> str:
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"the reader crashed ({name})"


_worker = Worker()
atexit.register(_worker.stop)


def call(function: str, data: bytes, settings: Settings, *arguments, seconds: float):
    """Worker.call of the one worker of this process."""
    return _worker.call(function, data, settings, *arguments, seconds=seconds)


def serve() -> None:
    """Be the worker: answer calls until the pipe ends or the parent is gone."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what native code prints is no answer
    for limit, size in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (size, size))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle: it closes the pipe
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    data = b""
    while True:
        try:
            function, sent, settings, arguments, seconds = pickle.loads(_receive(sys.stdin.buffer))
        except (EOFError, OSError):
            return
        data = data if sent is None else sent
        signal.setitimer(signal.ITIMER_REAL, seconds)
        _send(answers, json.dumps(_answer(function, data, settings, arguments)).encode())
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(function: str, data: bytes, settings: Settings, arguments: tuple) -> tuple[str, object]:
    module, name = function.split(":")
    try:
        return "result", getattr(importlib.import_module(f"baokan.{module}"), name)(data, settings, *arguments)
    except (Unreadable, Refused) as error:
        return type(error).__name__, str(error)
    except MemoryError:
        return "MemoryError", ""
    except Exception:
        # Whatever a hostile file provokes in a library is that file's fault until the log shows otherwise.
        return "error", traceback.format_exc()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _send(stream, message: bytes) -> None:
    stream.write(struct.pack(">Q", len(message)) + message)
    stream.flush()


def _receive(stream, most: int | None = None) -> bytes:
    """Raises EOFError where the stream ends, ValueError for a message of more than `most` bytes."""
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    length = struct.unpack(">Q", head)[0]
    if most is not None and length > most:
        raise ValueError(length)
    message = stream.read(length)
    if len(message) < length:
        raise EOFError
    return message
