"""Secrets and signatures of messages, as Standard Webhooks have them. docs/webhooks.md, "Signature"."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from chat.connection.encryption import Unreadable, decrypt, encrypt

__all__ = ["Unreadable", "headers_for", "new_secret", "readable_secret", "stored_secret"]

PREFIX = "whsec_"
_BYTES = 32
_PURPOSE = b"parley: a webhook's secret"


def new_secret() -> str:
    """A fresh secret, as it is shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def stored_secret(secret: str) -> str:
    """The secret as it is stored: encrypted."""
    return encrypt(secret, purpose=_PURPOSE)


def readable_secret(stored: str) -> str:
    """The secret again. Raises Unreadable with another SECRET_KEY."""
    return decrypt(stored, purpose=_PURPOSE)


def headers_for(*, message_id: str, at: datetime, body: bytes, secret: str) -> dict[str, str]:
    """The headers by which a receiver knows that a message is ours, whole and of now."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join([message_id.encode(), timestamp.encode(), body])
    digest = hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
