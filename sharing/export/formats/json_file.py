"""Exports as JSON (docs/export-format.md): what import reads back, conversation by conversation."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import orjson

from core.storable import storable
from sharing.export.content import (
    Export,
    ExportedConversation,
    ExportedQuestion,
    ExportedText,
    SourceLine,
)
from sharing.export.records import FORMAT, VERSION


def write(export: Export, stream: BinaryIO) -> None:
    """Write the export; one conversation to a line, so that a reader need not have all of them in memory."""
    head = export.head or {
        "format": FORMAT,
        "version": VERSION,
        "made_at": export.made_at.isoformat(),
        "made_by": {"name": export.made_by},
        "title": export.title,
    }
    stream.write(_json(head)[:-1] + b',"conversations":[')
    texts: list[dict[str, Any]] = []
    writer = ConversationWriter(stream, between=b",")
    for part in export.parts:
        if isinstance(part, ExportedText):
            texts.append({"text": part.text, "sources": _sources(part.sources)})
        else:
            writer.take(part)
    writer.close()
    stream.write(b"\n]")
    if texts:
        stream.write(b',"texts":' + _json(texts))
    stream.write(b"}\n")


class ConversationWriter:
    """Writes conversations from their parts, each on a line of its own, `between` two of them."""

    def __init__(self, stream: BinaryIO, *, between: bytes = b"") -> None:
        self._stream = stream
        self._between = between
        self._questions = 0
        self._is_open = False
        self.conversations = 0

    def take(self, part: ExportedConversation | ExportedQuestion) -> None:
        """Write the next part. Questions belong to the conversation before them."""
        if isinstance(part, ExportedConversation):
            self.close()
            self._begin(dict(part.record) or {"title": part.title})
            return
        if not self._is_open:
            self._begin({})
        self._stream.write((b"," if self._questions else b"") + _json(dict(part.record) or _question(part)))
        self._questions += 1

    def close(self) -> None:
        """End the conversation that is being written, if one is."""
        if self._is_open:
            self._stream.write(b"]}")
            self._is_open = False

    def _begin(self, record: dict[str, Any]) -> None:
        lead = (self._between if self.conversations else b"") + (b"\n" if self._between or self.conversations else b"")
        inside = _json(record)[:-1]
        self._stream.write(lead + inside + (b"," if record else b"") + b'"questions":[')
        self._is_open, self._questions = True, 0
        self.conversations += 1


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # halves of characters, which no row can hold, but a text of another kind may
        return orjson.dumps(storable(value))


def _question(part: ExportedQuestion) -> dict[str, Any]:
    return {
        "text": part.text,
        "asked_by": {"name": part.asked_by},
        "asked_at": part.at.isoformat() if part.at else "",
        "answers": list(_answers(part)),
    }


def _answers(part: ExportedQuestion) -> Iterator[dict[str, Any]]:
    for one in part.answers:
        yield {
            "text": one.text,
            "model": one.model,
            "state": one.state,
            "asked_by": {"name": one.asked_by},
            "ended_at": one.at.isoformat() if one.at else "",
            "sources": _sources(one.sources),
        }


def _sources(sources: Iterable[SourceLine]) -> list[dict[str, Any]]:
    return [
        {"number": one.number, "title": one.title, "url": one.url, "date": one.date, "cited": one.cited}
        for one in sources
    ]
