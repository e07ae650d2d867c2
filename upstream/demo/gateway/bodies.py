"""Reads request bodies as strictly as the gateway does, and complains in its parser's words (contract B3, B5, B8)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from upstream.demo.gateway.replies import INVALID, Plain, Refused

LARGEST_JSON = 2 * 1024 * 1024  # bytes; the framework's own limit
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "floating point", list: "sequence", dict: "map"}


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object and where its text ends, which is where the parser notices what is missing."""

    values: Mapping[str, Any]
    text: str

    @property
    def end(self) -> str:
        """Line and column of the last character, counted from 1."""
        return _place(self.text, len(self.text.rstrip()))

    def text_of(self, name: str, default: str | None = None) -> str:
        """A string; required without a default."""
        if name not in self.values:
            if default is None:
                raise Refused(INVALID, f"missing field `{name}` at {self.end}")
            return default
        return str(self.expect(name, self.values[name], str, "a string"))

    def optional_text(self, name: str) -> str | None:
        """A string or null."""
        value = self.values.get(name)
        return None if value is None else str(self.expect(name, value, str, "a string"))

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self.expect(name, self.values.get(name, default), bool, "a boolean"))

    def words(self, name: str) -> list[str]:
        """A list of strings, empty where it is left out."""
        found = self.expect(name, self.values.get(name, []), list, "a sequence")
        return [str(self.expect(name, one, str, "a string")) for one in found]

    def one_of(self, name: str, choices: Sequence[str], default: str) -> str:
        """One of the words."""
        value = self.text_of(name, default)
        if value not in choices:
            known = ", ".join(f"`{one}`" for one in choices)
            at = _place(self.text, self._after(name, value))
            raise Refused(INVALID, f"unknown variant `{value}`, expected one of {known} at {at}")
        return value

    def expect(self, name: str, value: Any, kind: type, expected: str) -> Any:
        """The value, if it is of that kind. Raises Refused."""
        if type(value) is kind:
            return value
        if value is None:
            found = "null"
        elif isinstance(value, str):
            found = f"string {json.dumps(value, ensure_ascii=False)}"
        elif isinstance(value, list | dict):
            found = _TYPES[type(value)]
        else:
            found = f"{_TYPES[type(value)]} `{json.dumps(value)}`"
        at = _place(self.text, self._after(name, value))
        raise Refused(INVALID, f"invalid type: {found}, expected {expected} at {at}")

    def _after(self, name: str, value: Any) -> int:
        """Where the value ends in the text: behind its name, as far as that can be found."""
        told = json.dumps(value, ensure_ascii=False)
        start = self.text.find(f'"{name}"')
        found = self.text.find(told, start + len(name) + 2) if start >= 0 else -1
        return found + len(told) if found >= 0 else len(self.text.rstrip())


def read(request: httpx.Request) -> Body:
    """The request's JSON object. Raises Refused or Plain."""
    kind = request.headers.get("Content-Type")
    if kind is None:
        raise Refused(INVALID, "content-type is missing, use application/json")
    if not kind.isascii():
        raise Refused(INVALID, "content-type header isn't valid")
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise Refused(INVALID, "unsupported content-type, use application/json")
    if len(request.content) > LARGEST_JSON:
        raise Plain(413, "Failed to buffer the request body: length limit exceeded")
    try:
        text = request.content.decode()
        values = json.loads(text, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Refused(INVALID, "invalid unicode code point at line 1 column 1") from None
    except json.JSONDecodeError as exc:
        raise Refused(INVALID, _complaint(exc, text)) from None
    except (ValueError, RecursionError):
        raise Refused(INVALID, "expected value at line 1 column 1") from None
    if not isinstance(values, dict):
        raise Refused(INVALID, f"invalid type: {_TYPES.get(type(values), 'null')}, expected a map at line 1 column 0")
    return Body(values, text)


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _complaint(exc: json.JSONDecodeError, text: str) -> str:
    if exc.pos >= len(text.rstrip()):
        missing = "a value" if not text.strip() else "an object"
        return f"EOF while parsing {missing} at {_place(text, len(text))}"
    what = {"Expecting property name enclosed in double quotes": "key must be a string"}
    return f"{what.get(exc.msg, 'expected value')} at {_place(text, exc.pos + 1)}"


def _place(text: str, position: int) -> str:
    """Line and column of a number of characters, as the parser counts: lines from 1, columns from the line's start."""
    before = text[:position]
    return f"line {before.count(chr(10)) + 1} column {len(before) - (before.rfind(chr(10)) + 1)}"
