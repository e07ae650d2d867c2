"""JSON from a stranger into values that everything behind can store and show."""

import json
from typing import Any

import orjson


def parse_json(data: bytes) -> Any:
    """The value, or None when these bytes are not JSON.

    NUL characters are taken out (PostgreSQL stores none). Where a byte is not UTF-8, or half of a surrogate pair
    stands alone, a replacement character takes its place and the rest is kept.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return _parse_leniently(data)
    return _without_nul(value) if b"\\u0000" in data else value


def _parse_leniently(data: bytes) -> Any:
    try:
        return _without_nul(json.loads(data.decode("utf-8", "replace")))
    except (ValueError, RecursionError):
        return None


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    return value
