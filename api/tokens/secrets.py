"""The secret that a program shows. It is shown once to whoever makes it; only its hash is kept."""

import hashlib
import re
import secrets

PREFIX = "parley_"
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{32}}")  # 192 random bits


def new_secret() -> str:
    """A fresh secret: the prefix by which people and scanners know it, and 192 random bits."""
    return PREFIX + secrets.token_urlsafe(24)


def is_secret(text: str) -> bool:
    """Whether the text could be one at all."""
    return _SECRET.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """What the database keeps: 64 hexadecimal digits. The secret is random and long, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
