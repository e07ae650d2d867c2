"""Has a document read in a process of its own, which the system ends when it takes too much time or memory.

One document is read at a time in each process of Parley's; the others wait for it.
"""

from collections.abc import Iterable
from typing import BinaryIO

import orjson

from files.isolation import Outcome, Runner
from files.text.bounds import Bounds
from files.text.document_text import DocumentText, Passage, Problem

_BOUNDS = Bounds()
_PROBLEMS = {
    Outcome.FAILED: Problem.DAMAGED,
    Outcome.TOO_SLOW: Problem.TOO_SLOW,
    Outcome.TOO_HEAVY: Problem.TOO_HEAVY,
}
_runner = Runner("files.text.process")


def read_text(source: BinaryIO, *, media_type: str, bounds: Bounds = _BOUNDS) -> DocumentText:
    """The text of the document, as much as can be had within the bounds; its `problem` says what is missing.

    Takes up to `bounds.time` seconds, and waits for other documents before. Raises OSError when no process can be
    started.
    """
    with _runner.run(
        "files.text.process:read_document",
        source,
        bounds=bounds.of_process(),
        media_type=media_type,
        text=bounds.text,
        pages=bounds.pages,
        cpu=bounds.cpu,
    ) as ended:
        problem = _PROBLEMS[ended.outcome] if ended.outcome in _PROBLEMS else Problem(ended.value)
        return _text_in(ended.output, problem)


def _text_in(lines: Iterable[bytes], problem: Problem) -> DocumentText:
    """What the process wrote."""
    unit, count = "page", 0
    passages: list[Passage] = []
    for line in lines:
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            break  # the process was ended while it wrote this
        if isinstance(value, list):
            passages.append(Passage(value[0], value[2], value[1]))
        else:
            unit, count = value["unit"], value["count"]
    return DocumentText(unit, count, tuple(passages), problem)
