"""Answers to be exported, and what is written of them."""

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership, Team, User
from chat.models import Answer, Conversation, Source
from chat.rendering import to_html
from sharing.export.content import Along
from sharing.export.making import write_export
from sharing.export.scope import CONVERSATIONS, TEAM, Scope
from tests.chat.conversations.conftest import add
from tests.chat.conversations.conftest import converse as converse  # a fixture

Fill = Callable[..., Answer]
TEXT = "The light has **42** lamps [1] and burns $x^2$ [2]. See [7]."


def rendered(answer: Answer, text: str, **fields: Any) -> Answer:
    """The answer with this text as it is stored when it ends, and with two sources, of which the first is cited."""
    sources = [
        Source(
            answer=answer, number=1, title="Lamps", url="https://one.example/a?b=1&c=2", date="2025-03-01", cited=True
        ),
        Source(answer=answer, number=2, title="=HYPERLINK(1)", url="https://two.example/", cited=False),
    ]
    Source.objects.bulk_create(sources)
    html = to_html(text, sources=sources, anchor=str(answer.pk))
    Answer.objects.filter(pk=answer.pk).update(text=text, html=html, **fields)
    answer.refresh_from_db()
    return answer


@pytest.fixture
def told(converse: Callable[..., Conversation]) -> Answer:
    """Alice's conversation about lights, with one answer."""
    conversation = converse(title="Lights")
    return rendered(add(conversation, 1, "How many lamps?\n\nAnd *how* bright?", TEXT), TEXT)


def member(user: User, team: Team) -> Membership:
    """The person's place in the team."""
    return Membership.objects.select_related("team", "user").get(user=user, team=team)


def written(wanted: Scope, by: Membership, format_name: str, **along: bool) -> bytes:
    """The file."""
    out = io.BytesIO()
    write_export(wanted, out, by=by, along=Along(**along), format_name=format_name)
    return out.getvalue()


def of(*conversations: Conversation | uuid.UUID) -> Scope:
    """These conversations."""
    ids = [one.pk if isinstance(one, Conversation) else one for one in conversations]
    return Scope(CONVERSATIONS, tuple(ids))


ALL = Scope(TEAM)
