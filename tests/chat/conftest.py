"""A conversation to try things on."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import Spending, Team, User
from accounts.services import budgets
from chat.models import Answer, LogEntry
from chat.questions import service as questions
from tests import wishes
from tests.chat.conversations.conftest import converse as converse  # a fixture for all tests of this folder

Spend = Callable[..., Spending]
Browser = Callable[[User], Client]


@pytest.fixture
def asked(harbour: Team, alice: User) -> Answer:
    """An answer that waits to be written, in Alice's conversation."""
    return questions.ask_in_new_conversation(
        wishes.wish("Who keeps the light?"),
        team=harbour,
        by=alice,
    )


@pytest.fixture
def log(asked: Answer) -> Callable[..., Answer]:
    """Writes entries into the answer's log: `log(("text", "The light"), ("text", " is kept."))`."""

    def write(*entries: tuple[str, Any]) -> Answer:
        last = LogEntry.objects.filter(answer=asked).count()
        LogEntry.objects.bulk_create(
            LogEntry(answer=asked, seq=seq, kind=kind, data=data)
            for seq, (kind, data) in enumerate(entries, start=last + 1)
        )
        return asked

    return write


@pytest.fixture
def spend(harbour: Team) -> Spend:
    """Puts an answer on record: `spend(bob, "0.0057", basis="estimated")`; without a cost it is being written."""

    def record(user: User, cost: str | None = "0.01", **fields: Any) -> Spending:
        at = fields.pop("asked_at", None) or datetime.now(UTC)
        given = {
            "team": harbour,
            "month": budgets.month_of(at),
            "answer_id": uuid.uuid4(),
            "conversation_id": uuid.uuid4(),
            "provider": "sonar",
            "model": "sonar",
            "reserved": Decimal("0.0066"),
            "cost": None if cost is None else Decimal(cost),
            "basis": "" if cost is None else "reported",
            "asked_at": at,
        }
        return Spending.objects.create(user=user, **given | fields)

    return record


@pytest.fixture
def browser() -> Browser:
    """A browser in which the person is signed in."""

    def open_browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser
