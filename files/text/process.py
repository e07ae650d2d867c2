"""Reads one document, within bounds that the system keeps: `python -m files.text.process <media type> <bounds>`.

The document is standard input, an open file. What is read goes to standard output as one JSON value a line, at once,
so that nothing is lost when the process is ended in the middle: first `{"unit", "count"}`, then `[number, label,
text]` for each passage, and last `{"problem"}`. This process has no settings, no database and no secrets.
"""

import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import BinaryIO

import orjson

from files.text.bounds import Bounds
from files.text.document_text import Problem
from files.text.formats import Outline, Unreadable, opener_of

_BYTES_OF_A_CHARACTER = 6  # at most, as JSON
_GRACE = 1  # seconds for ending by itself


def main() -> None:
    """Read what is on standard input and end."""
    os.nice(10)  # answers that are being written come first
    bounds = Bounds(**orjson.loads(sys.argv[2]))
    _limit(bounds)
    problem = Problem.NONE
    try:
        problem = _read(sys.stdin.buffer, sys.argv[1], bounds)
    except MemoryError:
        problem = Problem.TOO_HEAVY
    except Unreadable as fault:
        problem = fault.problem
    except Exception:  # libraries say it in a hundred ways, and some do not say that memory was what they lacked
        problem = Problem.TOO_HEAVY if _most_memory() > bounds.memory // 2 else Problem.DAMAGED
    _tell({"problem": problem.value})


def _limit(bounds: Bounds) -> None:
    cpu, output = bounds.cpu + _GRACE, _BYTES_OF_A_CHARACTER * bounds.text + 2**20
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))  # first a signal that tells why, then the end
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _most_memory() -> int:
    """Bytes of address space that this process had at its worst, 0 where the system does not tell."""
    try:
        told = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    found = re.search(r"^VmPeak:\s+(\d+) kB$", told, re.M)
    return int(found[1]) * 1024 if found else 0


def _read(source: BinaryIO, media_type: str, bounds: Bounds) -> Problem:
    outline: Outline = opener_of(media_type)(source)
    _tell({"unit": outline.unit, "count": outline.count})
    room, found = bounds.text, 0
    for passage in outline.passages:
        if outline.count and passage.number > bounds.pages:
            return Problem.PAGES
        text = _plain(passage.text[: room + 1])
        if text:
            found += 1
            _tell([passage.number, passage.label[:200], text[:room]])
        room -= len(text)
        if room < 0:
            return Problem.LENGTH
        if time.process_time() > bounds.cpu:
            return Problem.TOO_SLOW
    if not found:
        return Problem.NO_TEXT
    return Problem.MOSTLY_IMAGES if outline.unit == "page" and 2 * found < outline.count else Problem.NONE


def _plain(text: str) -> str:
    """The text without signs that are none, which libraries hand on as they find them."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").strip()


def _tell(value: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
