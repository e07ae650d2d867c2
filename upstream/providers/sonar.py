"""A question as the body of POST /chat/completions (contract A4 and A5)."""

from collections.abc import Iterable, Mapping
from typing import Any

from upstream import think
from upstream.errors import InvalidRequest
from upstream.parameters import PARAMETERS
from upstream.requests import AskRequest, Turn

_OURS = frozenset({"model", "messages", "stream", *(parameter.name for parameter in PARAMETERS if parameter.ours)})
_STREAMING = frozenset({"stream_mode"})
_WHOLE = frozenset({"response_format"})  # a schema means something by its empty parts


def body(request: AskRequest, *, stream: bool) -> dict[str, Any]:
    """The request as the upstream wants it, with nothing in it that nobody set.

    Raises InvalidRequest when no question is left at the end of the turns.
    """
    left_out = _OURS if stream else _OURS | _STREAMING
    options = _set_only({name: value for name, value in request.options.items() if name not in left_out}) or {}
    asked: dict[str, Any] = {"model": request.model, "messages": messages(request.turns), **options}
    if stream:
        asked["stream"] = True
    return asked


def messages(turns: Iterable[Turn]) -> list[dict[str, str]]:
    """The turns by the ordering rules of contract A5: system first, then user and assistant by turns, user last.

    What a failed or stopped answer left empty is dropped and its neighbours become one turn; reasoning is not sent
    back. Raises InvalidRequest when no question is left at the end.
    """
    said = [(turn.role, think.split(turn.text).answer if turn.role == "assistant" else turn.text) for turn in turns]
    said = [(role, text) for role, text in said if text.strip()]
    ordered: list[dict[str, str]] = []
    for role, text in sorted(said, key=lambda turn: turn[0] != "system"):
        last = ordered[-1] if ordered else {"role": "", "content": ""}
        if last["role"] == role:
            last["content"] += f"\n\n{text}"
        elif role != "assistant" or last["role"] == "user":
            ordered.append({"role": role, "content": text})
    if not ordered or ordered[-1]["role"] != "user":
        raise InvalidRequest("There is no question to answer.")
    return ordered


def _set_only(value: Any) -> Any:
    """The value without anything unset in it; None when nothing is left. Zero and False are values."""
    if isinstance(value, Mapping):
        kept = {name: inner if name in _WHOLE else _set_only(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner is not None} or None
    if isinstance(value, str | list | tuple):
        return value or None
    return value
