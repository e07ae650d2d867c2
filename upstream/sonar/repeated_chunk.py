"""Reads a chunk that repeats the one before it and says a little more, without parsing all of it again.

In the stream mode `full` (docs/sonar.md, "Streams") every chunk holds the sources and the text so far, which soon is
most of what there is to parse. So what stays the same from one chunk to the next is compared as bytes, and only what is
new is parsed. What comes out is what parsing all of it would give, and here is why:

- A chunk is a *skeleton* with holes: the text so far, the delta, and where they are the usage and the time. That a hole
  is the value which counts at its place is tried by parsing the skeleton with a list in each, which none of them is.
- JSON does not look around: with any valid value in a hole, the whole is valid, and says what the skeleton says but
  for that value. So the pieces of the skeleton have to be found where they belong, with valid values between them.
- Two valid texts in a row are one valid text, so the text so far is not looked into again.

Whatever does not fit is parsed as a whole.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import orjson

from upstream.translation import fields

_TEXT = rb'([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_SPEAKER = rb'"\s*:\s*\{\s*(?:"role"\s*:\s*"\w*+"\s*,\s*)?"content"\s*:\s*"'
_HOLES = {
    "created": re.compile(rb'"created"\s*:\s*(\d++)'),
    "said": re.compile(rb'"message' + _SPEAKER + _TEXT, re.DOTALL),
    "delta": re.compile(rb'"delta' + _SPEAKER + _TEXT, re.DOTALL),
    "usage": re.compile(rb'"usage"\s*:\s*(\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\})'),
}
_OPTIONAL = {"created", "usage"}
_PARTS = {"role", "content"}
_NUL = b"\\u0000"  # is taken out of what was parsed (`payloads.parse_json`)
_PROBE = 24  # bytes of a piece by which its place is found
_LONGEST_USAGE = 1_000  # bytes, so that no parser minds how deep it goes


class Growth(NamedTuple):
    """What is new in a chunk: the text of its delta, and its usage, empty where it has none."""

    text: str
    usage: dict[str, Any]


class RepeatedChunk:
    """The chunk that came last, with which the next one is compared."""

    def __init__(self, pieces: list[bytes], names: list[str]) -> None:
        self._head = pieces[0]
        probes = [piece[:_PROBE] for piece in pieces[1:-1]]
        self._holes = list(zip(names, pieces[1:], [*probes, b""], strict=True))  # each with the piece behind it
        self._said = bytearray()

    @classmethod
    def of(cls, data: bytes, chunk: Mapping[str, Any]) -> Self | None:
        """The chunk with these bytes, which say `chunk`. None where it is none from the middle of an answer, or its
        holes cannot be told for certain."""
        if not _is_from_the_middle(chunk):
            return None
        names = [name for name in _HOLES if name not in _OPTIONAL or chunk.get(name)]
        found = [(match.span(1), name) for name in names if (match := _HOLES[name].search(data))]
        if len(found) < len(names):
            return None
        pieces, names, at = [], [], 0
        for (start, end), name in sorted(found):
            if start < at:
                return None
            pieces.append(data[at:start])
            names.append(name)
            at = end
        repeated = cls([*pieces, data[at:]], names)
        return repeated if _is_skeleton([*pieces, data[at:]], names) and repeated.growth(data) else None

    def growth(self, data: bytes) -> Growth | None:
        """What is new in the chunk with these bytes, which is the last one then; None where they have to be parsed."""
        if not data.startswith(self._head):
            return None
        at = len(self._head)
        values: dict[str, bytes] = {}
        for name, piece, probe in self._holes:
            if name == "said":
                if not data.startswith(self._said, at):
                    return None
                at += len(self._said)
            end = data.find(probe, at) if probe else len(data) - len(piece)
            if end < at or not data.startswith(piece, end):
                return None
            values[name] = data[at:end]
            at = end + len(piece)
        said, delta, usage = values["said"], values["delta"], values.get("usage", b"{}")
        if not delta or _NUL in delta or _NUL in said or _NUL in usage or len(usage) > _LONGEST_USAGE:
            return None
        try:
            text = orjson.loads(b'"%b"' % delta)
            if said != delta:
                orjson.loads(b'"%b"' % said)
            figures = orjson.loads(usage)
            created = orjson.loads(values.get("created", b"0"))
        except orjson.JSONDecodeError:
            return None
        if not isinstance(figures, dict) or not isinstance(created, int):
            return None
        self._said += said
        return Growth(text, figures)


def _is_from_the_middle(chunk: Mapping[str, Any]) -> bool:
    """Whether a chunk has more of the text, beside the text so far, and neither reasons nor ends."""
    usage = chunk.get("usage")
    choice = _choice_of(chunk)
    delta, message = fields.mapping(choice.get("delta")), fields.mapping(choice.get("message"))
    return (
        (not usage or isinstance(usage, dict))
        and isinstance(chunk.get("created", 0), int)
        and not choice.get("index")
        and not choice.get("finish_reason")
        and delta.keys() <= _PARTS
        and message.keys() <= _PARTS
        and isinstance(message.get("content"), str)
        and isinstance(delta.get("content"), str)
    )


def _is_skeleton(pieces: list[bytes], names: list[str]) -> bool:
    """Whether each hole is the value that counts at its place in a chunk."""
    if any(_NUL in piece for piece in pieces):
        return False
    filled = pieces[0]
    for number, (name, piece) in enumerate(zip(names, pieces[1:], strict=True)):
        if name in _OPTIONAL:
            filled += b"[%d]%b" % (number, piece)
        elif filled.endswith(b'"') and piece.startswith(b'"'):  # the quotes around a text
            filled = b"%b[%d]%b" % (filled[:-1], number, piece[1:])
        else:
            return False
    try:
        skeleton = orjson.loads(filled)
    except orjson.JSONDecodeError:
        return False
    choice = _choice_of(skeleton)
    values = {
        "said": fields.mapping(choice.get("message")).get("content"),
        "delta": fields.mapping(choice.get("delta")).get("content"),
        "usage": skeleton.get("usage"),
        "created": skeleton.get("created"),
    }
    return [values[name] for name in names] == [[number] for number in range(len(names))]


def _choice_of(chunk: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = fields.items(chunk.get("choices"))
    return fields.mapping(choices[0]) if choices else {}
