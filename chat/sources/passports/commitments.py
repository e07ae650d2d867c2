"""What not every reader may see, as a hash that is the same for all of them.

A plain hash of a short text can be guessed. So a salt goes before it, which stands in the passport of whoever may see
the content and in no other (docs/passports.md, "What is withheld").
"""

from typing import Any

from chat.sources.passports.canonical import canonical, sha256

SALT = 16  # bytes


def commitment(content: Any, *, salt: bytes, shown: bool) -> dict[str, Any]:
    """What stands in the passport for the content: its salted hash, and where it is `shown`, it and the salt."""
    digest = {"sha256": _digest(content, salt)}
    return {**digest, "salt": salt.hex(), "content": content} if shown else digest


def is_true(found: Any) -> bool | None:
    """Whether the content has the hash that stands beside it; None where the content is withheld."""
    if set(found) == {"sha256"}:
        return None
    try:
        return bool(_digest(found["content"], bytes.fromhex(found["salt"])) == found["sha256"])
    except (KeyError, TypeError, ValueError):
        return False


def _digest(content: Any, salt: bytes) -> str:
    return sha256(salt + canonical(content))
