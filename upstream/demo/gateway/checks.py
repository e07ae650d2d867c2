"""What the gateway refuses, in its order and in its parser's words.

Types are looked at first, in the order of the table, as the parser reads them; then come the gateway's own rules.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from upstream.demo.gateway.errors import INVALID, Refused, by_framework
from upstream.demo.gateway.table import SOURCES
from upstream.demo.rules import Problem, Rule, problems

LARGEST_JSON = 2 * 1024 * 1024  # bytes; the framework's own limit
_EXPECTED = {"text": "a string", "flag": "a boolean", "list": "a sequence", "object": "struct FollowUp"}
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "floating point", list: "sequence", dict: "map"}


def read_body(request: httpx.Request, table: Rule) -> dict[str, Any]:
    """The request's JSON object, whose types are those of the table. Raises Refused or Refusal."""
    kind = request.headers.get("Content-Type")
    if kind is None:
        raise Refused(INVALID, "content-type is missing, use application/json")
    if not kind.isascii():
        raise Refused(INVALID, "content-type header isn't valid")
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise Refused(INVALID, "unsupported content-type, use application/json")
    if len(request.content) > LARGEST_JSON:
        raise by_framework(413, "Failed to buffer the request body: length limit exceeded")
    text = request.content.decode("utf-8", "replace")
    try:
        request.content.decode()
        values = json.loads(text, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Refused(INVALID, "invalid unicode code point at line 1 column 1") from None
    except json.JSONDecodeError as exc:
        raise Refused(INVALID, _complaint(exc, text)) from None
    except (ValueError, RecursionError):
        raise Refused(INVALID, "expected value at line 1 column 1") from None
    if not isinstance(values, dict):
        raise Refused(INVALID, f"invalid type: {_TYPES.get(type(values), 'null')}, expected a map at line 1 column 0")
    for problem in problems(values, table):
        raise Refused(INVALID, _sentence(problem, text))
    return values


def check_search(body: Mapping[str, Any]) -> list[str]:
    """The addresses of all attachments of a question with the right types, each once. Raises Refused."""
    if not body["query"].strip():
        raise Refused(INVALID, "query can't be empty")
    for source in body.get("sources", ()):
        if source not in SOURCES:
            raise Refused(INVALID, f"unknown source '{source}', try one of: {', '.join(SOURCES)}")
    addresses = [*(body.get("follow_up") or {}).get("attachments", ()), *body.get("attachments", ())]
    found = list(dict.fromkeys(url.strip() for url in addresses if url.strip()))
    if found and body.get("mode", "search") != "search":
        raise Refused(INVALID, "attachments are only supported in search mode")
    return found


def check_images(body: Mapping[str, Any]) -> None:
    """Raise Refused for a prompt without a word."""
    if not body["prompt"].strip():
        raise Refused(INVALID, "prompt can't be empty")


def _sentence(problem: Problem, text: str) -> str:
    """The parser's complaint. It counts to the end of the value, and for what is missing to the end of the text."""
    name = next(step for step in reversed(problem.where) if isinstance(step, str))
    value, at = problem.value, _place(text, len(text.rstrip()))
    if problem.code == "required":
        return f"missing field `{name}` at {at}"
    written = json.dumps(value, ensure_ascii=False)
    start = text.find(f'"{name}"')
    found = text.find(written, start + len(name) + 2) if start >= 0 else -1
    at = _place(text, found + len(written)) if found >= 0 else at
    if problem.code == "choice":
        known = ", ".join(f"`{one}`" for one in problem.rule.choices)
        return f"unknown variant `{value}`, expected one of {known} at {at}"
    kind = _TYPES.get(type(value), "null")
    shown = f"{kind} {written}" if isinstance(value, str) else f"{kind} `{written}`"
    shown = kind if value is None or isinstance(value, list | dict) else shown
    return f"invalid type: {shown}, expected {_EXPECTED[problem.rule.kind]} at {at}"


def _refuse_constant(word: str) -> Any:
    raise ValueError(word)


def _complaint(exc: json.JSONDecodeError, text: str) -> str:
    if exc.pos >= len(text.rstrip()):
        missing = "an object" if text.strip() else "a value"
        return f"EOF while parsing {missing} at {_place(text, len(text))}"
    by_quotes = exc.msg == "Expecting property name enclosed in double quotes"
    return f"{'key must be a string' if by_quotes else 'expected value'} at {_place(text, exc.pos + 1)}"


def _place(text: str, position: int) -> str:
    """Line and column of a number of characters, as the parser counts: lines from 1, columns from the line's start."""
    before = text[:position]
    return f"line {before.count(chr(10)) + 1} column {len(before) - (before.rfind(chr(10)) + 1)}"
