"""Looks at the key that was saved in the interface, and has what follows go by it."""

from django.conf import settings
from django.db import DatabaseError

from chat.connection import service, stored_key
from chat.models import KeyChange
from config.doctor.findings import Finding

PART = "saved key"
_UNREADABLE = (
    "It can’t be read, because SECRET_KEY is not the one with which it was saved. Enter the key again on the page "
    "Connect Perplexity."
)


def look_at_stored_key() -> list[Finding]:
    """One line where a key is saved: by whom, and whether it is in use. Never raises."""
    try:
        stored_key.refresh()
        change = service.newest_change()
    except DatabaseError:
        return []  # said of the database already
    if change is None or not change.ciphertext:
        return []
    if stored_key.is_from_environment():
        return [Finding(PART, "note", "PERPLEXITY_API_KEY is set, so the key saved in the interface isn’t used.")]
    if stored_key.needs_reentry():
        return [Finding(PART, "problem", _UNREADABLE)]
    return [Finding(PART, "ok", _who_saved_it(change))]


def _who_saved_it(change: KeyChange) -> str:
    who = f" by {change.changed_by.get_username()}" if change.changed_by else ""
    untested = "" if change.was_tested else " without a test"
    where = f", for {settings.PERPLEXITY_BASE_URL}" if settings.PERPLEXITY_BASE_URL else ""
    return f"Saved {change.changed_at:%Y-%m-%d %H:%M} UTC{who}{untested}{where}."
