"""Reads a list of people to invite, as it was typed or pasted: one on each line, by name, by address or by both."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services.invitations import MOST_AT_ONCE, Guest

LONGEST_NAME = 120  # characters
_NAME_AND_ADDRESS = re.compile(r"([^<>]*)<([^<>]*)>")


def read_guests(text: str) -> list[Guest]:
    """The people on the list, each address once. Raises ValidationError with a sentence for each line that is wrong."""
    lines = [line.strip() for line in text.splitlines()]
    entries = [entry for line in lines for entry in _entries(line)]
    if len(entries) > MOST_AT_ONCE:
        sentence = ngettext(
            "This list has %(count)d line. You can invite up to %(most)d people at once.",
            "This list has %(count)d lines. You can invite up to %(most)d people at once.",
            len(entries),
        )
        raise ValidationError(sentence % {"count": len(entries), "most": MOST_AT_ONCE})
    found: dict[str, Guest] = {}
    problems: list[str] = []
    for entry in entries:
        try:
            guest = _guest(entry)
        except ValidationError as fault:
            problems += fault.messages
        else:
            found.setdefault(guest.email.lower() or f" {guest.note}", guest)
    if problems:
        raise ValidationError(problems[:5])
    return list(found.values())


def is_address(text: str) -> bool:
    """Whether mail could be sent there."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _entries(line: str) -> list[str]:
    """A line, or the addresses on it where it is a list of them as mail programs write it."""
    parts = [part.strip() for part in re.split("[,;]", line) if part.strip()]
    return parts if len(parts) > 1 and all("@" in part for part in parts) else [line] if line else []


def _guest(entry: str) -> Guest:
    """Raises ValidationError."""
    named = _NAME_AND_ADDRESS.fullmatch(entry)
    name, address = (named[1], named[2]) if named else ("", entry) if "@" in entry else (entry, "")
    name, address = " ".join(name.split()).strip("\"' "), address.strip()
    if address and not is_address(address):
        raise ValidationError(_("“%(entry)s” is not an e-mail address.") % {"entry": entry[:80]})
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("“%(entry)s…” is too long for a name.") % {"entry": name[:40]})
    return Guest(note=name or address[:LONGEST_NAME], email=address)
