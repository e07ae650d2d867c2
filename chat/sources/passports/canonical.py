"""How a passport is written so that everybody gets the same bytes, and hashes (docs/passports.md, "Canonical form")."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any


class NotCanonical(ValueError):
    """This is not JSON, or has what a passport cannot have: a name twice, or a number that is none."""


def canonical(value: Any) -> bytes:
    """The value as JSON in UTF-8, with names in order and without blanks. Raises NotCanonical."""
    try:
        written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return written.encode()
    except (TypeError, ValueError, RecursionError) as fault:
        raise NotCanonical(str(fault)) from fault


def read(data: bytes) -> Any:
    """The JSON in these bytes. Raises NotCanonical, also where a name stands twice: which one would count?"""
    try:
        return json.loads(data, object_pairs_hook=_once_each, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise NotCanonical(str(fault)) from fault


def sha256(data: bytes) -> str:
    """The SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def text_sha256(text: str) -> str:
    """That of a text in UTF-8. What is no text, a half of a pair of code units, counts as a question mark."""
    return sha256(text.encode("utf-8", "replace"))


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a name stands twice in one object")
    return found


def _refuse(word: str) -> Any:
    raise NotCanonical(f"{word} is not a number")
