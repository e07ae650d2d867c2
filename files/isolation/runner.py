"""Has work done by a fork server, one piece at a time; the others wait for it."""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from files.isolation.bounds import Bounds
from files.isolation.outcomes import Outcome

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_HANDED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR")  # what Python may need to start; the keys stay here
_FRUGAL = {  # memory that is free goes back to the system, and threads of libraries share what there is
    "MALLOC_MMAP_THRESHOLD_": str(1024 * 1024),
    "MALLOC_ARENA_MAX": "1",
}
_PATIENCE = 10  # seconds that a reply may be late, on a machine that is busy


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a piece of work: what its function returned, and the file that it wrote, read from its start."""

    outcome: Outcome
    value: Any
    output: BinaryIO


class Runner:
    """One fork server for this process, started when it is needed first. Its modules are imported before any work."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None
        self._interrupted = False

    def interrupt(self) -> None:
        """End the piece of work that is being done, from any thread: whoever waits for it gets an OSError at once."""
        self._interrupted = True
        if door := self._door:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def run(self, job: str, source: BinaryIO, *, bounds: Bounds, **arguments: object) -> Iterator[Ended]:
        """Do one piece of work. `job` is `module:function`, which takes two open files, what it works on and where it
        writes, and these arguments; they and what it returns go through JSON.

        Takes up to `bounds.time` seconds, and waits for other work before. Raises OSError when it cannot be begun.
        """
        order = orjson.dumps({"job": job, "bounds": asdict(bounds), "arguments": arguments}) + b"\n"
        with tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as output:
            source.seek(0)
            shutil.copyfileobj(source, copy, 1024 * 1024)
            source.seek(0)
            copy.seek(0)
            with self._one_at_a_time:
                self._interrupted = False
                reply = self._reply(order, (copy.fileno(), output.fileno()), bounds.time + _PATIENCE)
            output.seek(0)
            outcome, value = _outcome(reply, job)
            yield Ended(outcome, value, output)

    def _reply(self, order: bytes, handles: tuple[int, int], patience: float) -> dict[str, Any]:
        """What the server says of it. One that is gone, or does not answer in time, is replaced."""
        for last in (False, True):
            door = self._door or self._start()
            door.settimeout(patience)
            try:
                socket.send_fds(door, [order], handles)
                reply = b""
                while not reply.endswith(b"\n"):
                    piece = door.recv(65_536)
                    if not piece:
                        raise ConnectionError("the process that does the work is gone")
                    reply += piece
                return dict(orjson.loads(reply))
            except TimeoutError:
                self._stop()
                return {"status": -signal.SIGALRM, "told": None}
            except OSError:
                self._stop()
                if last or self._interrupted:
                    raise
        raise AssertionError  # not reached: the second try returns or raises

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, and nothing of a file is an argument
                [sys.executable, "-m", "files.isolation.fork_server", *self._modules],
                cwd=_ROOT,
                env={
                    "LANG": "C.UTF-8",
                    **_FRUGAL,
                    **{name: os.environ[name] for name in _HANDED_ON if name in os.environ},
                },
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._door = ours
        return ours

    def _stop(self) -> None:
        """End the server. A child in work is ended by it, or by its own bounds."""
        if self._door:
            self._door.close()
        if self._process:
            try:
                self._process.wait(1)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._door = self._process = None


def _outcome(reply: dict[str, Any], job: str) -> tuple[Outcome, Any]:
    if reply["told"]:
        return Outcome(reply["told"][0]), reply["told"][1]
    if reply["status"] > 0:
        raise OSError(f"the process that does the work failed with code {reply['status']} ({job})")
    logger.warning("A process was ended with status %s (%s).", reply["status"], job)
    slow = reply["status"] in (-signal.SIGXCPU, -signal.SIGALRM)
    return (Outcome.TOO_SLOW if slow else Outcome.TOO_HEAVY), None
