"""A conversation whose answers cite documents asks the database no more often the longer it is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat.models import Answer, AnswerPassage, Conversation, Space
from tests.chat.conversations.conftest import Make
from tests.chat.conversations.conftest import converse as converse  # a fixture
from tests.chat.documents.conftest import Add
from tests.chat.documents.conftest import add as add
from tests.chat.documents.conftest import space as space

pytestmark = pytest.mark.django_db


def cite_everywhere(conversation: Conversation, space: Space, add: Add) -> None:
    """Have each answer cite two passages of documents."""
    version = add(f"{conversation.pk}.md", f"# Lights\n\nThe lighthouse {conversation.pk} is old.").current
    assert version
    Conversation.objects.filter(pk=conversation.pk).update(space=space, visibility=Conversation.Visibility.SPACE)
    for answer in Answer.objects.filter(question__conversation=conversation):
        answer.request = {"from_space": {"mode": "both", "passages": 8, "space": str(space.pk)}}
        answer.save()
        for number in (1, 2):
            AnswerPassage.objects.create(
                answer=answer, number=number, space=space, version=version, name="lights.md", unit="line", page=1,
                text="The lighthouse was built in 1872.",
            )  # fmt: skip


def test_a_conversation_with_documents_takes_as_many_queries_as_a_short_one(
    space: Space, add: Add, converse: Make, alice: User
) -> None:
    counts = []
    for length in (1, 7):
        conversation = converse(*[(f"Which {n}?", "Both [D1].") for n in range(length)], owner=alice)
        cite_everywhere(conversation, space, add)
        browser = Client()
        browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        browser.get(f"/c/{conversation.pk}/")
        with CaptureQueriesContext(connection) as seen:
            page = browser.get(f"/c/{conversation.pk}/").content.decode()
        assert page.count('data-label="D1"') == length
        remembered = [query for query in seen.captured_queries if "chat_withdrawal" in query["sql"]]  # for seconds only
        counts.append(len(seen) - len(remembered))
    assert counts[0] == counts[1]
