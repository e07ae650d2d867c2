"""Spaces of every kind, and who is in them."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership, Team, User
from chat.models import Space, SpaceMember
from tests.chat.conversations.conftest import converse as converse  # a fixture
from tests.chat.conversations.conftest import membership_of

MakeSpace = Callable[..., Space]


@pytest.fixture
def cora(harbour: Team) -> User:
    """A member like Bob."""
    return _member(harbour, "cora")


@pytest.fixture
def dora(harbour: Team) -> User:
    """A member who owns spaces."""
    return _member(harbour, "dora")


def _member(team: Team, name: str) -> User:
    person = User.objects.create_user(name)
    Membership.objects.create(team=team, user=person)
    return person


@pytest.fixture
def make_space(harbour: Team, dora: User) -> MakeSpace:
    """Makes a space, Dora's unless said otherwise: for everyone, or for those named with their roles."""

    def make(
        *, owner: User | None = None, name: str = "Q3", people: dict[str, str] | None = None, **fields: Any
    ) -> Space:
        space = Space.objects.create(team=harbour, owner=owner or dora, name=name, everyone=people is None, **fields)
        for username, role in (people or {}).items():
            membership = membership_of(User.objects.get(username=username))
            SpaceMember.objects.create(space=space, membership=membership, role=role)
        return space

    return make


def roles_in(space: Space) -> dict[str, str]:
    """Who was chosen for the space, with their roles."""
    places = SpaceMember.objects.filter(space=space).select_related("membership__user")
    return {place.membership.user.username: place.role for place in places}
