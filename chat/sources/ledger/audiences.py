"""Whose ledger a conversation counts in, and which ledgers somebody may read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Membership
from chat import access
from chat.models import Conversation
from core.web.params import uuid_in

TEAM, OWN = "team", "own"


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger that somebody may read: its name in addresses and on the page, and the audience that its rows have."""

    value: str
    label: str
    audience: UUID


def audience_of(
    *, visibility: str, team_id: UUID, space_id: UUID | None, owner_id: UUID, deleted_at: datetime | None
) -> UUID | None:
    """The audience of a conversation: its team, its space, or its owner. None while it is in the trash.

    Nobody is offered the ledger of a space that is in the trash.
    """
    if deleted_at is not None:
        return None
    if visibility == Conversation.Visibility.TEAM:
        return team_id
    if visibility == Conversation.Visibility.SPACE and space_id:
        return space_id
    return own_audience(team_id, owner_id)


def own_audience(team_id: UUID, user_id: UUID) -> UUID:
    """The audience of what a person keeps for themselves in a team."""
    return uuid5(team_id, f"own {user_id}")


def readable_ledgers(membership: Membership) -> list[Ledger]:
    """The ledgers that the member may read: the team's, those of the spaces that they may read, by name, their own."""
    spaces = access.readable_spaces(membership).order_by("name", "id").values_list("pk", "name")
    return [
        Ledger(TEAM, _("Team"), membership.team_id),
        *(Ledger(str(pk), name, pk) for pk, name in spaces),
        Ledger(OWN, _("Only me"), own_audience(membership.team_id, membership.user_id)),
    ]


def ledger_named(membership: Membership, said: str) -> Ledger:
    """The ledger of that name, the team's where none is named. Raises Http404 for one that the member may not read."""
    if said in ("", TEAM):
        return Ledger(TEAM, _("Team"), membership.team_id)
    if said == OWN:
        return Ledger(OWN, _("Only me"), own_audience(membership.team_id, membership.user_id))
    space_id = uuid_in(said)
    space = access.readable_spaces(membership).filter(pk=space_id).first() if space_id else None
    if space is None:
        raise Http404
    return Ledger(str(space.pk), space.name, space.pk)
