"""The stored key as this process knows it. Asking costs nothing: the database is read by `read` alone.

A process reads it when it starts and every few seconds (`config.key_watch`); what this process saves itself holds at
once. The key in the environment, where there is one, comes before it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings

from chat.connection import encryption
from chat.models import KeyChange

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What the newest change left: a key, none, or one that was encrypted with another SECRET_KEY.

    `change` is the id of that change, 0 where there was none.
    """

    change: int = 0
    ciphertext: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    is_unreadable: bool = False


_known = StoredKey()
_apply: Callable[[StoredKey], None] | None = None


def current() -> StoredKey:
    """What this process goes by."""
    return _known


def use(found: StoredKey) -> None:
    """Go by this from now on."""
    global _known  # noqa: PLW0603 - one per process, as the settings are
    _known = found


def read() -> StoredKey:
    """What the database says. One small query."""
    newest = KeyChange.objects.order_by("-id").values_list("id", "ciphertext").first()
    if newest is None:
        return StoredKey()
    change, ciphertext = newest
    if (change, ciphertext) == (_known.change, _known.ciphertext):
        return _known
    if not ciphertext:
        return StoredKey(change)
    try:
        return StoredKey(change, ciphertext, key=encryption.decrypt(ciphertext, purpose=encryption.STORED))
    except encryption.Unreadable:
        logger.warning("The saved API key can’t be read: SECRET_KEY is not the one with which it was saved.")
        return StoredKey(change, ciphertext, is_unreadable=True)


def refresh() -> None:
    """Have this process go by what the database says now."""
    found = read()
    if found == _known:
        return
    if _apply:
        _apply(found)
    else:
        use(found)


def on_change(apply: Callable[[StoredKey], None] | None) -> None:
    """Have `refresh` hand over what it found, so that the services change with it; None ends that."""
    global _apply  # noqa: PLW0603 - one per process
    _apply = apply


def is_from_environment() -> bool:
    """Whether the environment has a key, which comes before the stored one."""
    return bool(settings.PERPLEXITY_API_KEY)


def api_key() -> str:
    """The key in force; empty where there is none."""
    return settings.PERPLEXITY_API_KEY or _known.key


def needs_reentry() -> bool:
    """Whether a key was saved that cannot be read any more, and nothing stands in for it."""
    return _known.is_unreadable and not is_from_environment()
