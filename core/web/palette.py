"""The command palette: what one can go to or do from any page, gathered from whoever has something to offer.

A package registers a function when its app is ready. It gets the request and the words that were typed, and gives the
entries for this person, its own objects among them found by permission. None of them waits for anything but a bounded
query.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.notices import Providers

LONGEST = 200
"""Characters of what was typed that count."""
MOST = 8
"""Entries that a section shows."""
_MOST_WORDS = 12
"""Words of what was typed that count."""


class PaletteSection(models.TextChoices):
    """The headings, in their order."""

    CONVERSATIONS = "conversations", _("Conversations")
    SPACES = "spaces", _("Spaces")
    ACTIONS = "actions", _("Actions")
    PAGES = "pages", _("Pages")
    PEOPLE = "people", _("People")


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One line of the palette.

    It leads to `address`; with `field`, a form sends that field with `value` there. With `press` it presses the control
    of the page that this selector finds, and is shown only where there is one. `also` are other words under which it is
    found. `when_named` leaves it out until something was typed. Entries with a smaller `order` come first.
    """

    section: PaletteSection
    label: str
    icon: str
    address: str = ""
    field: str = ""
    value: str = ""
    press: str = ""
    detail: str = ""
    also: str = ""
    when_named: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class PaletteGroup:
    """The entries of a section that are shown."""

    section: PaletteSection
    entries: list[PaletteEntry]


palette_entries: Providers[[HttpRequest, str], list[PaletteEntry]] = Providers()
"""Those who have entries; asked with the request and with what was typed, at most LONGEST characters."""


def palette_groups(request: HttpRequest, typed: str) -> list[PaletteGroup]:
    """The entries that fit what was typed, the best of each section first; without words, what one mostly wants."""
    typed = typed[:LONGEST]
    offered = [entry for entries in palette_entries.ask(request, typed) for entry in entries]
    ranked = [(rank, entry) for entry in offered if (rank := _rank(entry, typed)) is not None]
    ranked.sort(key=lambda found: (found[0], found[1].order))
    groups = [
        PaletteGroup(section, [entry for _rank_of, entry in ranked if entry.section == section][:MOST])
        for section in PaletteSection
    ]
    return [group for group in groups if group.entries]


def match_rank(typed: str, text: str) -> int | None:
    """How well the text fits what was typed: 0 is best; None for a text that lacks one of the words.

    Case and accents do not count. No words fit everything.
    """
    wanted, found = fold(typed), fold(text)
    words = list(dict.fromkeys(wanted.split()))[:_MOST_WORDS]
    if not all(word in found for word in words):
        return None
    if found.startswith(wanted.strip()):
        return 0
    begun = found.split()
    return 1 if all(any(part.startswith(word) for part in begun) for word in words) else 2


def fold(text: str) -> str:
    """The text as it is compared: small letters without accents."""
    if text.isascii():
        return text.lower()
    bare = (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return "".join(bare).casefold()


def best_matches(typed: str, texts: Iterable[tuple[str, PaletteEntry]]) -> list[PaletteEntry]:
    """The entries of the texts that fit, the best first and among equals in the given order; at most MOST."""
    ranked = [(rank, entry) for text, entry in texts if (rank := match_rank(typed, text)) is not None]
    ranked.sort(key=lambda found: found[0])
    return [entry for _rank_of, entry in ranked[:MOST]]


def _rank(entry: PaletteEntry, typed: str) -> int | None:
    if not typed.strip():
        return None if entry.when_named else 0
    by_label = match_rank(typed, entry.label)
    if by_label is not None:
        return by_label
    return None if match_rank(typed, f"{entry.label} {entry.also}") is None else 3
