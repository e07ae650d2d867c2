"""Conversations of every kind, and ways to look at them."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat.models import Answer, Conversation, Question

Make = Callable[..., Conversation]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def converse(harbour: Team, alice: User) -> Make:
    """Makes a conversation, Alice's unless said otherwise, with a finished answer for each pair of texts given."""

    def make(
        *exchanges: tuple[str, str],
        owner: User | None = None,
        team: Team | None = None,
        ago: timedelta | None = None,
        **fields: Any,
    ) -> Conversation:
        owner = owner or alice
        at: datetime = timezone.now() - (ago or timedelta())
        conversation = Conversation.objects.create(
            team=team or harbour, owner=owner, created_at=at, last_asked_at=at, **({"title": "Lights"} | fields)
        )
        for position, (question, answer) in enumerate(exchanges, start=1):
            add(conversation, position, question, answer, at)
        return conversation

    return make


def add(
    conversation: Conversation,
    position: int,
    question: str,
    answer: str,
    at: datetime | None = None,
    *,
    state: str = "finished",
) -> Answer:
    """A question of the conversation's owner, with its answer."""
    asked = Question.objects.create(
        conversation=conversation,
        author=conversation.owner,
        position=position,
        text=question,
        key=uuid.uuid4(),
        created_at=at or timezone.now(),
    )
    return Answer.objects.create(
        question=asked,
        asked_by=conversation.owner,
        key=uuid.uuid4(),
        provider="sonar",
        model="sonar",
        state=state,
        text=answer,
        created_at=at or timezone.now(),
    )


def membership_of(person: User) -> Membership:
    """The person's only membership."""
    return Membership.objects.select_related("team", "user").get(user=person)


def as_(person: User, *, on: str = "") -> Client:
    """A browser in which the person is signed in and htmx asks, from the page at `on`."""
    client = Client(headers={**HTMX, **({"HX-Current-URL": f"http://testserver{on}"} if on else {})})
    client.force_login(person)
    return client


def plain(person: User) -> Client:
    """A browser without JavaScript in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client
