"""The page Connect Perplexity in a process without a server: what is stored, said, and never shown."""

import logging
from collections.abc import Iterator

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from chat.catalog import providers
from chat.connection import service, stored_key
from chat.models import KeyChange
from core.errors import ActionRefused
from tests.racing import at_once

KEY = "pplx-very-secret-123"
UNTESTED = {"untested": "1"}


@pytest.fixture
def root(alice: User) -> User:
    alice.is_superuser = alice.is_staff = True
    alice.save()
    return alice


@pytest.fixture
def operator(root: User) -> Client:
    client = Client()
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def save(operator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> object:
    def post(key: str = KEY, *, seen: int = 0, **fields: str) -> list[str]:
        with django_capture_on_commit_callbacks(execute=True):
            response = operator.post(reverse("chat:connect"), {"key": key, "seen": seen, **UNTESTED, **fields})
        assert response.status_code == 302, response.content.decode()
        return [str(message) for message in get_messages(response.wsgi_request)]

    return post


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test of this file leaves the key in a log."""
    caplog.set_level(logging.DEBUG)
    yield
    assert KEY not in caplog.text


def test_a_saved_key_is_in_force_at_once_and_unreadable_in_the_database(save, operator: Client, root: User) -> None:
    assert providers.is_demo()

    said = save()

    change = KeyChange.objects.get()
    assert said == ["The key was saved without a test. New questions go to Perplexity."]
    assert stored_key.api_key() == KEY
    assert not providers.is_demo()
    assert KEY not in change.ciphertext
    assert (change.changed_by, change.was_tested) == (root, False)
    page = operator.get(reverse("chat:connect")).content.decode()
    assert KEY not in page
    assert "A key was saved by alice" in page


def test_replacing_a_key_leaves_nothing_of_the_one_before(save, root: User) -> None:
    save("pplx-first")
    save(KEY, seen=KeyChange.objects.get().pk)

    assert stored_key.api_key() == KEY
    assert list(KeyChange.objects.exclude(ciphertext="").values_list("kind", flat=True)) == ["saved"]
    assert KeyChange.objects.count() == 2


def test_removing_the_key_brings_the_demo_back(
    save, operator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    save()

    with django_capture_on_commit_callbacks(execute=True):
        operator.post(reverse("chat:remove_key"), {"seen": KeyChange.objects.get().pk})

    assert providers.is_demo()
    assert not KeyChange.objects.exclude(ciphertext="").exists()
    assert "Removed" in operator.get(reverse("chat:connect")).content.decode()


def test_who_looked_at_something_older_changes_nothing(save, root: User) -> None:
    save()

    said = save("pplx-other", seen=0)

    assert said[-1:] == ["Someone else changed the key in the meantime. Check what is saved now. Nothing was changed."]
    assert stored_key.api_key() == KEY


@pytest.mark.django_db(transaction=True)
def test_of_several_operators_at_once_one_saves(root: User) -> None:
    def attempt() -> bool:
        try:
            service.save_key(key=KEY, seen=0, was_tested=False, by=root)
        except ActionRefused:
            return False
        return True

    assert sorted(at_once(4, attempt)) == [False, False, False, True]
    assert KeyChange.objects.count() == 1


def test_the_environment_wins_and_the_page_says_so(save, operator: Client, settings: Settings) -> None:
    save()
    settings.PERPLEXITY_API_KEY = "pplx-of-the-environment"

    page = operator.get(reverse("chat:connect")).content.decode()

    assert stored_key.api_key() == "pplx-of-the-environment"
    assert "PERPLEXITY_API_KEY is set in this server’s environment" in page
    assert 'name="key"' not in page
    assert "pplx-of-the-environment" not in page
    response = operator.post(reverse("chat:connect"), {"key": "pplx-other", "seen": "1", **UNTESTED})
    assert response.status_code == 302
    assert KeyChange.objects.count() == 1


def test_no_key_is_sent_unencrypted(operator: Client, settings: Settings) -> None:
    settings.PERPLEXITY_BASE_URL = "http://gateway.example"

    page = operator.get(reverse("chat:connect")).content.decode()
    operator.post(reverse("chat:connect"), {"key": KEY, "seen": "0"})

    assert "leads to gateway.example unencrypted" in page
    assert not KeyChange.objects.exists()


def test_after_a_change_of_the_secret_the_key_is_asked_for_anew(
    save, operator: Client, root: User, vera: User, settings: Settings
) -> None:
    save()
    settings.SECRET_KEY = "another secret of the server, long enough for everybody"
    stored_key.use(stored_key.StoredKey())
    stored_key.refresh()

    assert stored_key.needs_reentry()
    assert stored_key.api_key() == ""
    assert not providers.is_demo()
    again, teammate = Client(), Client()
    again.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    teammate.force_login(vera, backend="django.contrib.auth.backends.ModelBackend")
    assert "Enter the key again" in again.get("/").content.decode()
    assert "Enter the key again" not in teammate.get("/").content.decode()
    assert "SECRET_KEY has changed" in again.get(reverse("chat:connect")).content.decode()


def test_the_key_is_removed_with_nothing_but_a_stale_number_without_effect(save, operator: Client) -> None:
    save()

    operator.post(reverse("chat:remove_key"), {"seen": "nonsense"})

    assert KeyChange.objects.count() == 1
    with transaction.atomic():
        assert stored_key.api_key() == KEY


def test_a_person_who_left_is_not_named(save, operator: Client, root: User) -> None:
    save()
    KeyChange.objects.update(changed_by=None)

    assert "A key was saved on" in operator.get(reverse("chat:connect")).content.decode()
