"""The secret part of a link. The link is shown once; only its hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    """A fresh token: 43 characters that hold 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps of a token: 64 hexadecimal digits.

    The token is random and long, so a plain hash cannot be turned around, and looking a hash up compares nothing
    that an attacker could measure.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
