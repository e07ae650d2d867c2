"""Conversations in the administration."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from chat.catalog import providers
from chat.models import Answer, Conversation, Question, Withdrawal
from tests.chat.conversations.conftest import Make, plain

pytestmark = pytest.mark.django_db

NAMES = {"conversation": Conversation, "question": Question, "answer": Answer}


@pytest.fixture
def staff() -> Client:
    """Somebody who may look at everything that the administration shows."""
    person = User.objects.create_user("sam", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="chat"))
    return plain(person)


@pytest.fixture
def root() -> Client:
    return plain(User.objects.create_superuser("root"))


@pytest.mark.parametrize("name", NAMES)
def test_private_conversations_are_not_shown_to_staff(staff: Client, root: Client, converse: Make, name: str) -> None:
    converse(("An open question?", "An open answer."), title="An open title")
    converse(("A secret question?", "A secret answer."), title="A secret title", visibility="private")
    words = {"q": ""}

    for_staff = staff.get(reverse(f"admin:chat_{name}_changelist"), words).content.decode()
    for_root = root.get(reverse(f"admin:chat_{name}_changelist"), words).content.decode()

    assert ("An open" in for_staff, "A secret" in for_staff) == (True, False)
    assert ("An open" in for_root, "A secret" in for_root) == (True, True)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_said_is_shown_and_not_changed(root: Client, converse: Make, name: str) -> None:
    converse(("An open question?", "An open answer."))
    record = NAMES[name]._default_manager.get()

    page = root.get(reverse(f"admin:chat_{name}_change", args=[record.pk]))
    changed = root.post(reverse(f"admin:chat_{name}_change", args=[record.pk]), {"title": "x", "text": "x"})

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert changed.status_code == 403
    assert root.get(reverse(f"admin:chat_{name}_add")).status_code == 403
    assert root.post(reverse(f"admin:chat_{name}_delete", args=[record.pk])).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_records_can_be_searched(root: Client, converse: Make, name: str) -> None:
    converse(("An open question?", "An open answer."))

    assert root.get(reverse(f"admin:chat_{name}_changelist"), {"q": "alice lights"}).status_code == 200


def test_a_service_that_has_ended_is_shown_and_can_be_given_another_chance(root: Client) -> None:
    providers.record_withdrawal("sonar", status=410)
    record = Withdrawal.objects.get()

    assert "410" in root.get(reverse("admin:chat_withdrawal_changelist")).content.decode()
    assert root.get(reverse("admin:chat_withdrawal_add")).status_code == 403
    assert root.post(reverse("admin:chat_withdrawal_change", args=[record.pk]), {"status": "404"}).status_code == 403
    root.post(reverse("admin:chat_withdrawal_delete", args=[record.pk]), {"post": "yes"})

    assert providers.withdrawn_providers() == frozenset()
