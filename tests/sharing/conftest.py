"""Links by which people outside read, and those who follow them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from chat.models import Answer, Conversation
from sharing.links import service
from sharing.links.service import Wish
from sharing.models import ShareLink
from tests.chat.conversations.conftest import converse as converse  # a fixture


@dataclass(frozen=True)
class Shared:
    """A link, and its address as it was shown once."""

    link: ShareLink
    token: str

    @property
    def address(self) -> str:
        return reverse("sharing:shared", args=[self.token])

    def at(self, name: str, *parts: object) -> str:
        """An address behind the link."""
        return reverse(f"sharing:{name}", args=[self.token, *parts])


Share = Callable[..., Shared]


@pytest.fixture
def share(harbour: Team, alice: User) -> Share:
    """`share(conversation, by=bob, kind="live")` makes a link; its owner's unless said otherwise."""
    Team.objects.filter(pk=harbour.pk).update(shares_by_link=True)

    def make(conversation: Conversation, *, by: User | None = None, **wished: Any) -> Shared:
        wish = Wish(**({"expires_at": timezone.now() + timedelta(days=7)} | wished))
        return Shared(*service.make_link(wish, conversation=conversation, by=by or conversation.owner))

    return make


@pytest.fixture
def visitor() -> Client:
    """A browser of somebody outside."""
    return Client()


def page_of(shared: Shared, visitor: Client | None = None, query: str = "") -> str:
    """The page behind the link."""
    response = (visitor or Client()).get(f"{shared.address}{query}")
    assert response.status_code == 200
    return response.content.decode()


def said_by(response: HttpResponse) -> tuple[int, str, dict[str, str]]:
    """All that a response says."""
    return response.status_code, response.content.decode(), dict(response.headers)


def answers_of(conversation: Conversation) -> list[Answer]:
    """Its answers, in the order of their questions."""
    return list(Answer.objects.filter(question__conversation=conversation).order_by("question__position", "created_at"))
