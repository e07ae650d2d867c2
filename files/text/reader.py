"""Has a document read in a process of its own, which the system ends when it takes too much time or memory.

One document is read at a time in each process of Parley's; the others wait for it.
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from files import limits
from files.text.bounds import Bounds
from files.text.document_text import DocumentText, Passage, Problem

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_HANDED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")  # what Python may need to start; the keys stay here
_BOUNDS = Bounds()
_one_at_a_time = threading.BoundedSemaphore(1)


def read_text(source: BinaryIO, *, media_type: str, bounds: Bounds = _BOUNDS) -> DocumentText:
    """The text of the document, as much as can be had within the bounds; its `problem` says what is missing.

    Takes up to `bounds.time` seconds, and waits for other documents before. Raises OSError when no process can be
    started.
    """
    with _one_at_a_time, tempfile.TemporaryFile() as document, tempfile.TemporaryFile() as told:
        source.seek(0)
        while piece := source.read(limits.MEGABYTE):
            document.write(piece)
        document.seek(0)
        source.seek(0)
        timely = _run(document, told, media_type, bounds)
        told.seek(0)
        return _text_in(told, unfinished=Problem.TOO_HEAVY if timely else Problem.TOO_SLOW)


def _run(document: Any, told: Any, media_type: str, bounds: Bounds) -> bool:
    """Whether the process came to its end, by itself or by the system's doing, within its time."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and nothing of the document is an argument
            [sys.executable, "-m", "files.text.process", media_type, orjson.dumps(asdict(bounds)).decode()],
            cwd=_ROOT,
            env={"LANG": "C.UTF-8", **{name: os.environ[name] for name in _HANDED_ON if name in os.environ}},
            stdin=document,
            stdout=told,
            stderr=subprocess.DEVNULL,
            timeout=bounds.time,
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.warning("A document took longer than %s s to read (%s).", bounds.time, media_type)
        return False
    if ended.returncode > 0:
        raise OSError(f"the process that reads documents failed with code {ended.returncode}")
    if ended.returncode:
        logger.warning("Reading a document was ended with code %s (%s).", ended.returncode, media_type)
    return ended.returncode != -signal.SIGXCPU


def _text_in(lines: Iterable[bytes], *, unfinished: Problem) -> DocumentText:
    """What the process told. Without a last line it did not come to its end."""
    unit, count, problem = "page", 0, unfinished
    passages: list[Passage] = []
    for line in lines:
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            break  # the process was ended while it wrote this
        if isinstance(value, list):
            passages.append(Passage(value[0], value[2], value[1]))
        elif "problem" in value:
            problem = Problem(value["problem"])
        else:
            unit, count = value["unit"], value["count"]
    return DocumentText(unit, count, tuple(passages), problem)
