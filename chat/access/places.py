"""Where conversations are kept, and with that who sees them: with the team, in a space, or with their owner alone."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.visibility import Visibility
from chat.access.spaces import readable_spaces, usable_spaces
from chat.models import Conversation, Space
from core.web.params import uuid_in

MOST_OFFERED = 50
"""Spaces in a choice of places: those of which the person had a conversation last, then the others by name."""
_LATEST = 100  # of the person's conversations, by which one sees which spaces they use
_ALONE = "/me"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation is or shall be. One that its owner alone sees can be in a space, too: what the space has is
    heeded in it."""

    visibility: Conversation.Visibility = Conversation.Visibility.TEAM
    space: Space | None = None

    @property
    def value(self) -> str:
        """What forms and addresses say: `team`, `private`, a space's id, or that with `/me` for its owner alone."""
        return value_of(self.visibility, self.space.pk if self.space else None)

    @property
    def label(self) -> str:
        """The words that choices and notices have for it."""
        if self.is_private:
            return _("Only me, in %(space)s") % {"space": self.space.name} if self.space else _("Only me")
        return self.space.name if self.is_for_space and self.space else _("Team")

    @property
    def is_private(self) -> bool:
        """Whether its owner alone sees what is there."""
        return self.visibility == Conversation.Visibility.PRIVATE

    @property
    def is_for_space(self) -> bool:
        """Whether the people of a space see what is there."""
        return self.visibility == Conversation.Visibility.SPACE


TEAM = Place()
ALONE = Place(Conversation.Visibility.PRIVATE)


@dataclass(frozen=True, slots=True)
class Offered:
    """The places that a person may choose from, besides the team and themselves. `has_more` says that there are spaces
    that are not named."""

    spaces: list[Space]
    has_more: bool = False


def in_space(space: Space) -> Place:
    """In the space, for everybody in it."""
    return Place(Conversation.Visibility.SPACE, space)


def alone_in(space: Space) -> Place:
    """In the space, for the conversation's owner alone."""
    return Place(Conversation.Visibility.PRIVATE, space)


def usual_place_in(space: Space) -> Place:
    """Where in the space a question is asked unless its author says otherwise."""
    return in_space(space) if space.visible_to == Space.Asking.SPACE else alone_in(space)


def value_of(visibility: str, space_id: UUID | None) -> str:
    """What names the place in forms. Whatever the team sees is in no space."""
    private = visibility == Conversation.Visibility.PRIVATE
    if space_id is None or visibility == Conversation.Visibility.TEAM:
        return Visibility.PRIVATE if private else visibility
    return f"{space_id}{_ALONE}" if private else str(space_id)


def usable_place(membership: Membership, said: str) -> Place | None:
    """The place of that name, if the person may ask there or move something there; None for any other text."""
    if said in Visibility.values:
        return Place(Conversation.Visibility(said))
    space_id = uuid_in(said.removesuffix(_ALONE))
    space = usable_spaces(membership).filter(pk=space_id).first() if space_id else None
    if space is None:
        return None
    return alone_in(space) if said.endswith(_ALONE) else in_space(space)


def usual_place(membership: Membership) -> tuple[Place, str]:
    """Where the person's next question goes unless they say otherwise: as they chose last, else as the team has it.

    Where they chose a space in which they may not ask any more, they alone will see it, and the second value says so.
    """
    said = membership.visible_to or membership.team.visible_to
    if place := usable_place(membership, said):
        return place, ""
    return ALONE, _("You can’t ask in the space that you chose last any more, so only you will see your next question.")


def offered_places(membership: Membership, *, besides: Space | None = None) -> Offered:
    """The spaces in which the person may ask, MOST_OFFERED at most by name, and in front the one that is chosen
    already."""
    used = spaces_used_by(membership)
    found = list(usable_spaces(membership).only("name", "colour", "everyone", "visible_to"))
    order = {pk: number for number, pk in enumerate(used)}
    named = sorted(found, key=lambda space: order.get(space.pk, len(order)))[:MOST_OFFERED]  # stable: then by name
    if besides and besides.pk not in {space.pk for space in named}:
        named = [besides, *named[: MOST_OFFERED - 1]]
    return Offered(sorted(named, key=lambda space: (space.name.casefold(), space.pk)), len(found) > len(named))


def spaces_used_by(membership: Membership) -> list[UUID]:
    """The ids of the spaces of the person's own conversations, the one first in which they asked last."""
    own = Conversation.objects.filter(owner=membership.user_id, team=membership.team_id, space__isnull=False)
    latest = own.order_by("-last_asked_at").values_list("space_id", flat=True)[:_LATEST]
    return list(dict.fromkeys(pk for pk in latest if pk))


def space_seen_by(user: User, conversation: Conversation) -> Space | None:
    """The space of the conversation, as far as the person may read it now: what it has is heeded in their questions,
    and they see its name. None in no space, and where the space is not there for them."""
    if conversation.space_id is None:
        return None
    for membership in Membership.objects.filter(team=conversation.team_id, user=user)[:1]:
        return readable_spaces(membership).filter(pk=conversation.space_id).first()
    return None


def place_seen_by(user: User, conversation: Conversation) -> Place:
    """Where the conversation is for this person, who may read it; in no space where its space is not there for them."""
    return Place(Conversation.Visibility(conversation.visibility), space_seen_by(user, conversation))
