"""The key by which this installation signs: derived from SECRET_KEY, so that it is in no row and in no file.

Every process has the same, and a restored backup with the same SECRET_KEY. With another SECRET_KEY it is another key:
what was signed before is still proven by the public key in its file.
"""

import base64
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from chat.sources.passports.canonical import sha256
from chat.sources.passports.commitments import SALT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SIGNING = b"parley: signs passports of answers"
_SALTING = b"parley: salts what passports withhold"


def sign(data: bytes) -> tuple[str, str]:
    """The public key and the signature over the data, both in Base64."""
    key = _key(settings.SECRET_KEY)
    return _base64(key.public_key().public_bytes_raw()), _base64(key.sign(data))


def fingerprint() -> str:
    """That of the public key by which this installation signs now: its SHA-256."""
    return sha256(_key(settings.SECRET_KEY).public_key().public_bytes_raw())


def salt_for(name: str, answer_id: UUID) -> bytes:
    """The salt of what is called so in the passports of an answer: always the same, and known to nobody."""
    secret = _derived(settings.SECRET_KEY, _SALTING)
    return hmac.digest(secret, f"{answer_id} {name}".encode(), "sha256")[:SALT]


@lru_cache(maxsize=2)
def _key(secret: str) -> "Ed25519PrivateKey":
    # Only whoever wants a passport needs these, and they take 5 MB.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(_derived(secret, _SIGNING))


def _derived(secret: str, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
