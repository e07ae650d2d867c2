"""A question as the body of POST /chat/completions (docs/sonar.md, "Parameters" and "Messages")."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from upstream.catalog.parameters import PARAMETERS
from upstream.requests import AskRequest, Document, Picture, Turn
from upstream.translation.messages import alternating_turns, data_uri

_TEXT = "text/plain"
TAKEN_AS_FILES = frozenset({
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/rtf",
    _TEXT,
    "text/markdown",
    "text/csv",
})  # fmt: skip
"""Media types of documents that go as files; Markdown and CSV as the plain text that they are."""
_OURS = frozenset({"model", "messages", "stream", *(parameter.name for parameter in PARAMETERS if parameter.ours)})
_STREAMING = frozenset({"stream_mode"})
_WHOLE = frozenset({"response_format"})  # a schema means something by its empty parts


def sonar_body(request: AskRequest, *, stream: bool = True) -> dict[str, Any]:
    """The request as the upstream wants it, with nothing in it that nobody set. Work in the
    background is asked for without a `stream`.

    Raises InvalidRequest when no question is left at the end of the turns.
    """
    left_out = _OURS if stream else _OURS | _STREAMING
    options = _set_only({name: value for name, value in request.options.items() if name not in left_out}) or {}
    asked: dict[str, Any] = {"model": request.model, "messages": sonar_messages(request.turns), **options}
    if stream:
        asked["stream"] = True
    return asked


def sonar_messages(turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """The turns in the order that the service insists on, with what is attached to them.

    Raises InvalidRequest when no question is left at the end.
    """
    return [{"role": turn.role, "content": _content(turn)} for turn in alternating_turns(turns)]


def _content(turn: Turn) -> str | list[dict[str, Any]]:
    said = f"{turn.quoted}\n\n{turn.text}" if turn.quoted else turn.text
    if not turn.parts:
        return said
    text: list[dict[str, Any]] = [{"type": "text", "text": said}] if said.strip() else []
    return text + [_part(part) for part in turn.parts]


def _part(part: Picture | Document) -> dict[str, Any]:
    if isinstance(part, Picture):
        return {"type": "image_url", "image_url": {"url": data_uri(part)}}
    if part.media_type not in TAKEN_AS_FILES or not part.data:
        return {"type": "text", "text": part.text}
    content = base64.b64encode(part.data).decode("ascii")  # files come without the prefix that pictures have
    name = part.name if not part.media_type.startswith("text/") or part.name.endswith(".txt") else f"{part.name}.txt"
    return {"type": "file_url", "file_url": {"url": content}, "file_name": name}


def _set_only(value: Any) -> Any:
    """The value without anything unset in it; None when nothing is left. Zero and False are values."""
    if isinstance(value, Mapping):
        kept = {name: inner if name in _WHOLE else _set_only(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner is not None} or None
    if isinstance(value, str | list | tuple):
        return value or None
    return value
