"""The spaces of a team as its people see them: how much is in each, who is in it, and when somebody last asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import Membership, User
from chat import access
from chat.models import Conversation, Document, Space, SpaceMember

PAGE = 40
SHOWN_PEOPLE = 5  # faces on a card; the others are a number


@dataclass(frozen=True, slots=True)
class SpaceCard:
    """A space in the list. `conversations` are those that the reader may read; `people` are the first of those who are
    in it, its owner before the others, and `more_people` how many there are besides; none where everyone is in it."""

    space: Space
    conversations: int
    documents: int
    last_asked_at: datetime | None
    people: list[User]
    more_people: int


@dataclass(frozen=True, slots=True)
class SpaceList:
    """A page of the list, those first in which somebody asked last. `next` is the number of the page after it."""

    cards: list[SpaceCard]
    next: int | None


def space_list(membership: Membership, *, archived: bool = False, page: int = 1) -> SpaceList:
    """The spaces that the person may read, by four queries."""
    spaces = list(access.readable_spaces(membership).filter(archived=archived).select_related("owner"))
    found = _conversations_of(membership, spaces)
    asked = {space_id: last for space_id, (_count, last) in found.items()}
    spaces.sort(key=lambda space: (asked.get(space.pk, space.created_at), space.pk), reverse=True)
    begin = (page - 1) * PAGE
    shown = spaces[begin : begin + PAGE]
    people, documents = _people_of(shown), _documents_in(shown)
    cards = []
    for space in shown:
        count, last = found.get(space.pk, (0, None))
        those = people.get(space.pk, [])
        more = max(0, len(those) - SHOWN_PEOPLE)
        cards.append(SpaceCard(space, count, documents.get(space.pk, 0), last, those[:SHOWN_PEOPLE], more))
    return SpaceList(cards, page + 1 if len(spaces) > begin + PAGE else None)


def people_in(space: Space) -> list[tuple[Membership, str]]:
    """Who was chosen for the space, with their roles, those first who have been in it longest; without its owner."""
    places = SpaceMember.objects.filter(space=space).select_related("membership__user", "membership__team")
    return [(place.membership, place.role) for place in places if place.membership.user_id != space.owner_id]


def teammates(space: Space) -> QuerySet[Membership]:
    """Everybody on the team besides the space's owner, those first who have been on it longest."""
    there = Membership.objects.filter(team=space.team_id).exclude(user=space.owner_id)
    return there.select_related("user").order_by("joined_at", "id")


def contributing(space: Space) -> list[Membership]:
    """Those of them who have started a conversation that the space shares."""
    shared = Conversation.objects.filter(space=space, visibility=Conversation.Visibility.SPACE, deleted_at=None)
    return list(teammates(space).filter(user__in=shared.order_by().values("owner")))


def teammates_outside(space: Space) -> QuerySet[Membership]:
    """Who is on the team and not in a space of chosen people."""
    return teammates(space).exclude(places_in_spaces__space=space)


def possible_owners(space: Space) -> list[Membership]:
    """Who may ask in the space and can sign in, besides its owner."""
    there = teammates(space).filter(user__is_active=True).exclude(role=Membership.Role.VIEWER)
    if not space.everyone:
        contributor = SpaceMember.Role.CONTRIBUTOR
        there = there.filter(places_in_spaces__space=space, places_in_spaces__role=contributor)
    return list(there)


def shared_conversations(space: Space) -> int:
    """How many conversations everybody in the space can read."""
    there = Conversation.objects.filter(space=space, visibility=Conversation.Visibility.SPACE, deleted_at=None)
    return there.count()


def losing_sight(space: Space, chosen: Collection[UUID]) -> list[User]:
    """Who is on the team and would no longer see the space if it were only for its owner and those who are chosen, by
    the ids of their memberships."""
    return [membership.user for membership in teammates(space).exclude(pk__in=chosen)]


def _conversations_of(membership: Membership, spaces: Iterable[Space]) -> dict[UUID, tuple[int, datetime]]:
    """How many conversations the person may read in each of the spaces that they may read, and when somebody last asked
    in them: what a space shares, and what is their own. To ask for each conversation whether it is in such a space
    takes ten times as long."""
    shared = Q(visibility=Conversation.Visibility.SPACE)
    there = Conversation.objects.filter(shared | Q(owner=membership.user_id), space__in=spaces, deleted_at=None)
    counted = there.order_by().values_list("space").annotate(Count("pk"), Max("last_asked_at"))
    return {space_id: (count, last) for space_id, count, last in counted}


def _documents_in(spaces: Iterable[Space]) -> dict[UUID, int]:
    there = Document.objects.filter(space__in=spaces, deleted_at=None).order_by()
    return dict(there.values_list("space").annotate(Count("pk")))


def _people_of(spaces: Iterable[Space]) -> dict[UUID, list[User]]:
    chosen = {space.pk: space for space in spaces if not space.everyone}
    people = {pk: [space.owner] for pk, space in chosen.items()}
    for place in SpaceMember.objects.filter(space__in=chosen).select_related("membership__user"):
        if place.membership.user_id != chosen[place.space_id].owner_id:
            people[place.space_id].append(place.membership.user)
    return people
