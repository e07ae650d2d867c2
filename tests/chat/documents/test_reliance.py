"""Which answers rely on a document, and what they keep of it."""

import uuid

import pytest

from accounts.models import Membership, Team, User
from chat.documents import service
from chat.documents.reliance import answers_citing, forget_quotes
from chat.models import Answer, AnswerPassage, Conversation, Document, LogEntry, Space
from tests.chat.conversations.conftest import Make
from tests.chat.conversations.conftest import converse as converse  # a fixture
from tests.chat.documents.conftest import Add

pytestmark = pytest.mark.django_db


def cite(document: Document, conversation: Conversation, *, cited: bool = True) -> Answer:
    """Have the conversation's answer cite the document."""
    answer = Answer.objects.get(question__conversation=conversation)
    version = document.current
    assert version
    passage = version.passages.all()[0]
    kept = {"name": document.name, "page": 1, "text": passage.text, "label": "Lights"}
    AnswerPassage.objects.create(
        answer=answer, number=1, space=document.space, version=version, passage=passage, cited=cited, **kept
    )
    LogEntry.objects.create(
        answer=answer, seq=90, kind="documents", data={"passages": [{"document": str(document.pk), **kept}]}
    )
    return answer


def test_answers_that_cite_a_document_are_those_that_one_may_read(
    space: Space, add: Add, converse: Make, alice: User, bob: User, harbour: Team
) -> None:
    document = add("lights.md", "# Lights\n\nThe lighthouse was built in 1872.")
    shared = cite(document, converse(("Which lights?", "Both [D1]."), owner=alice))
    own = converse(("Mine?", "Yes [D1]."), owner=alice, visibility=Conversation.Visibility.PRIVATE)
    hidden = cite(document, own)
    cite(document, converse(("Not cited?", "No."), owner=alice), cited=False)
    alices, bobs = (Membership.objects.get(user=person, team=harbour) for person in (alice, bob))
    assert {one.pk for one in answers_citing(document, alices)} == {shared.pk, hidden.pk}
    assert [one.pk for one in answers_citing(document, bobs)] == [shared.pk]


def test_of_a_document_that_is_deleted_for_good_answers_keep_nothing(
    space: Space, add: Add, converse: Make, alice: User
) -> None:
    document = add("lights.md", "# Lights\n\nThe lighthouse was built in 1872.")
    answer = cite(document, converse(("Which lights?", "Both [D1]."), owner=alice))
    service.remove_document(document=document, by=alice)
    Document.objects.filter(pk=document.pk).update(deleted_at="2020-01-01T00:00:00Z")
    assert service.purge_documents() == 1
    row = AnswerPassage.objects.get(answer=answer)
    assert (row.version, row.passage, row.name, row.label, row.text) == (None, None, "", "", "")
    told = LogEntry.objects.get(answer=answer, kind="documents").data["passages"][0]
    assert (told["name"], told["text"], told["label"]) == ("", "", "")
    forget_quotes(uuid.uuid4())  # of one that is not there
