"""The spaces that the sidebar shows: those in which the person asked last, and the one that is open."""

from dataclasses import dataclass

from accounts.models import Membership
from chat import access
from chat.models import Space

SHOWN = 6


@dataclass(frozen=True, slots=True)
class SidebarSpaces:
    """A few spaces, and which of them is open. `has_more` says that there are others."""

    spaces: list[Space]
    current: Space | None
    has_more: bool


def sidebar_spaces(membership: Membership, *, current: Space | None = None) -> SidebarSpaces:
    """SHOWN spaces at most that the person may read, by name: those that they used last, filled up with others by their
    name. Three queries, however many there are; `current` is one that they may read."""
    there = access.readable_spaces(membership).filter(archived=False).only("name", "colour")
    used = access.spaces_used_by(membership)
    order = {pk: number for number, pk in enumerate(used)}
    found = sorted(there.filter(pk__in=used), key=lambda space: order[space.pk]) if used else []
    if len(found) <= SHOWN:
        found += there.exclude(pk__in=used)[: SHOWN + 1 - len(found)]
    shown = found[:SHOWN]
    if current and current not in shown:
        shown = [current, *shown[: SHOWN - 1]]
    listed = sorted(shown, key=lambda space: (space.name.casefold(), space.pk))
    return SidebarSpaces(listed, current, len(found) > SHOWN)
