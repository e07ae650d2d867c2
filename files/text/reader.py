"""Has a document read in a process of its own, which the system ends when it takes too much time or memory.

One document is read at a time in each process of Parley's; the others wait for it. Those of spaces, which may take
minutes, have a process of their own, so that nobody who attaches a file waits for them.
"""

from collections.abc import Iterable
from typing import BinaryIO

import orjson

from files.isolation import Outcome, Runner
from files.text.bounds import SPACE_BOUNDS, Bounds
from files.text.document_text import DocumentText, Passage, Problem

_BOUNDS = Bounds()
PROBLEMS = {
    Outcome.FAILED: Problem.DAMAGED,
    Outcome.TOO_SLOW: Problem.TOO_SLOW,
    Outcome.TOO_HEAVY: Problem.TOO_HEAVY,
}
_runner, _background_runner = Runner("files.text.process"), Runner("files.text.process")


def read_text(source: BinaryIO, *, media_type: str, bounds: Bounds = _BOUNDS) -> DocumentText:
    """The text of the document, as much as can be had within the bounds; its `problem` says what is missing.

    Takes up to `bounds.time` seconds, and waits for other documents before. Raises OSError when no process can be
    started.
    """
    return read_with(_background_runner if bounds is SPACE_BOUNDS else _runner, source, media_type, bounds)


def read_with(runner: Runner, source: BinaryIO, media_type: str, bounds: Bounds) -> DocumentText:
    """The same in the process of somebody who has one of their own."""
    with runner.run(
        "files.text.process:read_document",
        source,
        bounds=bounds.of_process(),
        media_type=media_type,
        text=bounds.text,
        pages=bounds.pages,
        cpu=bounds.cpu,
    ) as ended:
        return text_in(ended.output, PROBLEMS[ended.outcome] if ended.outcome in PROBLEMS else Problem(ended.value))


def interrupt_background() -> None:
    """End the reading of a document of a space, from any thread: whoever waits for it gets an OSError at once."""
    _background_runner.interrupt()


def text_in(lines: Iterable[bytes], problem: Problem) -> DocumentText:
    """What the process wrote. Values that are neither passages nor the outline are left to whoever knows them."""
    unit, count = "page", 0
    passages: list[Passage] = []
    for line in lines:
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            break  # the process was ended while it wrote this
        if isinstance(value, list):
            passages.append(Passage(value[0], value[2], value[1]))
        elif "unit" in value:
            unit, count = value["unit"], value["count"]
    return DocumentText(unit, count, tuple(passages), problem)
