"""Spaces with people in them, and conversations there."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Membership, Team, User
from chat.models import Conversation, Space, SpaceMember


def make_space(
    team: Team,
    owner: User,
    name: str = "Q3",
    *,
    people: Iterable[User] = (),
    readers: Iterable[User] = (),
    **fields: Any,
) -> Space:
    """A space of chosen people, unless `everyone` says otherwise."""
    space = Space.objects.create(team=team, owner=owner, name=name, **({"everyone": False} | fields))
    for role, chosen in ((SpaceMember.Role.CONTRIBUTOR, people), (SpaceMember.Role.READER, readers)):
        for person in chosen:
            let_in(space, person, role)
    return space


def let_in(space: Space, person: User, role: str = SpaceMember.Role.CONTRIBUTOR) -> None:
    """Choose a teammate for the space."""
    SpaceMember.objects.create(
        space=space, membership=Membership.objects.get(team=space.team_id, user=person), role=role
    )


def take_out(space: Space, person: User) -> None:
    """Take somebody out of the space."""
    SpaceMember.objects.filter(space=space, membership__user=person).delete()


def place(conversation: Conversation) -> tuple[str, Any]:
    """Where the conversation is stored by now: its visibility and the id of its space."""
    conversation.refresh_from_db()
    return conversation.visibility, conversation.space_id
