"""JSON from a stranger into values that everything behind can store and show."""

import json
from collections.abc import Container
from typing import Any

import orjson

from upstream.translation.halves import mended


def parse_json(data: bytes, *, pieces: Container[str] = ()) -> Any:
    """The value, or None when these bytes are not JSON.

    NUL characters are taken out (PostgreSQL stores none). Where a byte is not UTF-8, or half of a surrogate pair
    stands alone, a replacement character takes its place and the rest is kept; but not in the texts by the names in
    `pieces`, whose next piece may bring what is missing (`halves.Halves`).
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return _parse_leniently(data, pieces)
    return _fit(value, pieces) if b"\\u0000" in data else value


def _parse_leniently(data: bytes, pieces: Container[str]) -> Any:
    try:
        return _fit(json.loads(data.decode("utf-8", "surrogateescape")), pieces)
    except (ValueError, RecursionError):
        return None


def _fit(value: Any, pieces: Container[str], *, is_piece: bool = False) -> Any:
    if isinstance(value, str):
        text = value.replace("\x00", "")
        return text if is_piece else mended(text)
    if isinstance(value, list):
        return [_fit(item, pieces) for item in value]
    if isinstance(value, dict):
        return {_fit(name, pieces): _fit(item, pieces, is_piece=name in pieces) for name, item in value.items()}
    return value
