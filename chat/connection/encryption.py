"""Keeps a key unreadable outside this server: encrypted with what is derived from SECRET_KEY.

Whoever reads the database or a backup alone finds nothing to use. With another SECRET_KEY nothing can be read back.
"""

import base64
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

STORED = b"parley: a stored API key"
WAITING = b"parley: an API key that a form carries"
_LENGTH = 32  # bytes, as Fernet wants them


class Unreadable(Exception):
    """This was not encrypted here with the SECRET_KEY of today, or too long ago."""


def encrypt(text: str, *, purpose: bytes) -> str:
    """The text as nobody else can read it, in letters and digits. What is for one purpose is of no use for another."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def decrypt(token: str, *, purpose: bytes, max_age: int | None = None) -> str:
    """The text again; `max_age` is in seconds. Raises Unreadable."""
    from cryptography.fernet import InvalidToken

    try:
        return _cipher(purpose).decrypt(token.encode(), ttl=max_age).decode()
    except (InvalidToken, UnicodeError):
        raise Unreadable from None


def _cipher(purpose: bytes) -> "Fernet":
    # Only servers with a saved key need these, and they take 5 MB.
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=_LENGTH, salt=None, info=purpose).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
