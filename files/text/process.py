"""Reads one document, in a process of its own within bounds (`files.isolation`).

What is read is written as one JSON value a line, at once, so that nothing is lost when the process is ended in the
middle: first `{"unit", "count"}`, then `[number, label, text]` for each passage.
"""

import re
import time
from typing import BinaryIO

import orjson

from files.text.document_text import Problem
from files.text.formats import Outline, Unreadable, opener_of

_NO_SIGN = re.compile(r"[\x00-\x08\x0b-\x1f]")


def read_document(source: BinaryIO, out: BinaryIO, *, media_type: str, text: int, pages: int, cpu: int) -> str:
    """Write the passages of the document, in at most so many characters, pages, and seconds of computing; returns the
    problem that it has."""
    try:
        return _read(source, out, media_type, text, pages, cpu).value
    except Unreadable as fault:
        return fault.problem.value


def _read(source: BinaryIO, out: BinaryIO, media_type: str, room: int, pages: int, cpu: int) -> Problem:
    return write_passages(opener_of(media_type)(source), out, room=room, pages=pages, cpu=cpu)


def write_passages(outline: Outline, out: BinaryIO, *, room: int, pages: int, cpu: int) -> Problem:
    """Write what is in the outline, within these bounds."""
    _tell(out, {"unit": outline.unit, "count": outline.count})
    found = 0
    for passage in outline.passages:
        if outline.count and passage.number > pages:
            return Problem.PAGES
        text = _plain(passage.text[: room + 1])
        if text:
            found += 1
            _tell(out, [passage.number, passage.label[:200], text[:room]])
        room -= len(text)
        if room < 0:
            return Problem.LENGTH
        if time.process_time() > cpu:
            return Problem.TOO_SLOW
    if not found:
        return Problem.NO_TEXT
    return Problem.MOSTLY_IMAGES if outline.unit == "page" and 2 * found < outline.count else Problem.NONE


def _plain(text: str) -> str:
    """The text without signs that are none, which libraries hand on as they find them."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _NO_SIGN.sub("", text).lstrip("\n").rstrip()
    return text if text.startswith(" #") else text.lstrip()  # with the blank it is no heading


def _tell(out: BinaryIO, value: object) -> None:
    out.write(orjson.dumps(value) + b"\n")
    out.flush()
