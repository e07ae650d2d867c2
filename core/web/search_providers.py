"""What the search finds besides conversations, from whoever keeps something else that has words, such as images.

A package registers a function when its app is ready. It gets a `SearchWish` and gives what it has for this person, by
its own permissions, or None if it was not asked. None of them waits for anything but a bounded query.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.safestring import SafeString

from core.notices import Providers

MOST_HITS = 6
"""Entries that a group shows."""


@dataclass(frozen=True, slots=True)
class SearchWish:
    """What somebody looks for, by their place in a team: words as they were typed, without filters; whose things, from
    when until (excluded) when, in which spaces, where that is asked. `kinds` are what is looked for at all, empty for
    everything."""

    membership: object
    words: str
    kinds: Collection[str] = ()
    people: Collection[UUID] = ()
    since: datetime | None = None
    until: datetime | None = None
    spaces: Collection[UUID] = ()

    def asks_for(self, kind: str) -> bool:
        """Whether things of this kind are looked for."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class OtherHit:
    """Something that was found. Title and snippet are safe HTML with `<mark>`s, `picture` an address of a small
    picture."""

    title: SafeString
    address: str
    by: str = ""
    at: datetime | None = None
    snippet: SafeString | None = None
    picture: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherHits:
    """What one package found, under a heading; `more` is the address of all of it, if there may be more."""

    kind: str
    label: str
    icon: str
    hits: list[OtherHit] = field(default_factory=list)
    more: str = ""


search_providers: Providers[[SearchWish], OtherHits] = Providers()
"""Those who find something."""


def other_hits(wish: SearchWish) -> list[OtherHits]:
    """What everybody found who found anything."""
    return [group for group in search_providers.ask(wish) if group.hits]
