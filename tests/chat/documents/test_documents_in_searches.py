"""Documents among what the search finds: for those who may read their space, and for nobody else."""

import pytest
from django.urls import reverse

from accounts.models import Team, User
from chat.models import Passage, Space
from tests.chat.conversations.conftest import plain
from tests.chat.documents.conftest import Add

pytestmark = pytest.mark.django_db


def page(person: User, typed: str) -> str:
    html = plain(person).get(reverse("chat:search"), {"q": typed}).content.decode()
    return html[html.index("<main") :]


def test_a_document_is_found_by_its_words_and_opened_at_the_passage(
    harbour: Team, alice: User, bob: User, charlie: User, add: Add, space: Space
) -> None:
    document = add("Keepers.md", "# Lamps\n\nThe zinnia lamp is kept by nobody.")
    passage = Passage.objects.get(version__document=document)

    for person in (alice, bob):
        found = page(person, "zinnia")
        assert "The <mark>zinnia</mark> lamp" in found
        assert f"{reverse('chat:space_document', args=[space.pk, document.pk])}?passage={passage.pk}" in found
        assert "No results" not in found
    assert "Keepers.md" not in page(charlie, "zinnia")


def test_a_document_of_a_closed_space_is_found_by_its_members_alone(
    harbour: Team, alice: User, bob: User, add: Add
) -> None:
    closed = Space.objects.create(team=harbour, owner=bob, name="Closed", everyone=False)
    add("Secret.md", "The zinnia lamp.", to=closed, by=bob)

    assert "Secret.md" in page(bob, "zinnia")
    assert "Secret.md" not in page(alice, "zinnia")
    assert "No results for “zinnia”." in page(alice, "zinnia")


def test_operators_narrow_documents_or_leave_them_out(alice: User, bob: User, add: Add, space: Space) -> None:
    add("Keepers.md", "The zinnia lamp.")

    for typed in ("zinnia in:q3", "zinnia type:document", "zinnia from:me", "zinnia after:today"):
        assert "Keepers.md" in page(alice, typed)
    for typed in ("zinnia type:answer", "zinnia from:bob", "zinnia has:table", "zinnia before:today", "is:shared"):
        assert "Keepers.md" not in page(alice, typed)
