"""Has the text of a document cut into passages in a process of its own: that takes seconds for a long one, in which
the process that serves people has other things to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

import orjson

from files.isolation import Outcome, Runner
from files.text.bounds import SPACE_BOUNDS
from files.text.document_text import DocumentText
from files.text.passages import CutPassage, cut_passages

_runner = Runner("files.text.cutting")


class CutFailed(Exception):
    """The text cannot be cut within bounds."""


@contextmanager
def passages_of(text: DocumentText) -> Iterator[Iterator[CutPassage]]:
    """The passages of the text, one after the other from a file, so that a long document takes little memory.

    Takes up to a minute before the first. Raises CutFailed, OSError when no process can be started.
    """
    with _runner.run(
        "files.text.cutting:cut_document", BytesIO(text.to_bytes()), bounds=SPACE_BOUNDS.of_process()
    ) as ended:
        if ended.outcome is not Outcome.FINISHED:
            raise CutFailed(ended.outcome)
        yield (CutPassage(*orjson.loads(line)) for line in ended.output)


def interrupt_cutting() -> None:
    """End what is being cut, from any thread: whoever waits for it gets an OSError at once."""
    _runner.interrupt()


def cut_document(source: BinaryIO, out: BinaryIO) -> None:
    """Write each passage as one JSON value a line: `[page, label, text]`."""
    for passage in cut_passages(DocumentText.from_bytes(source.read())):
        out.write(orjson.dumps([passage.page, passage.label, passage.text]) + b"\n")
