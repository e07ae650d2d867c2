"""A conversation to try things on."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Team, User
from chat import asking
from chat.models import Answer, LogEntry
from tests.chat.history.conftest import converse as converse  # a fixture for all tests of this folder


@pytest.fixture
def asked(harbour: Team, alice: User) -> Answer:
    """An answer that waits to be written, in Alice's conversation."""
    return asking.ask_new(
        team=harbour, by=alice, text="Who keeps the light?", model="sonar", provider="sonar", key=uuid.uuid4()
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
