"""The operators' page in the administration."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Team, User
from config import env
from config.models import BackupSchedule
from tests.config.operations.test_metrics import answer

ADDRESS = "/admin/operations/"


@pytest.fixture
def operator(alice: User) -> Client:
    """Alice, who administers the server too."""
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get(pk=alice.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("username", ["alice", "bob", "vera", "charlie"])
def test_who_is_no_staff_does_not_get_there(username: str, request: pytest.FixtureRequest) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(username), backend="django.contrib.auth.backends.ModelBackend")

    response = client.get(ADDRESS)

    assert response.status_code == 302
    assert reverse("admin:login") in response["Location"]
    assert client.get(response["Location"]).status_code == 403


def test_a_reviewer_does_not_either(bob: User, harbour: Team) -> None:
    Membership.objects.filter(user=bob).update(is_reviewer=True)
    client = Client()
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(ADDRESS).status_code == 302


def test_an_operator_sees_how_the_server_does(operator: Client, harbour: Team, alice: User) -> None:
    now = timezone.now()
    answer(harbour, alice, state="writing", lease_holder=uuid.uuid4(), lease_expires_at=now)
    answer(harbour, alice, state="failed", ended_at=now, error={"kind": "too_many_requests"})

    page = operator.get(ADDRESS).content.decode()

    for words in ("Health", "Answers being written", "Generated images", "Copies of cited pages", "too_many_requests"):
        assert words in page, words
    assert "accepts no questions" in page, "no worker runs in a test without a server"
    assert "Harbour" not in page
    assert ADDRESS in operator.get("/admin/").content.decode()


def test_backups_are_told(operator: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BACKUP_EVERY = timedelta(days=1)
    monkeypatch.setenv("BACKUP_EVERY", "24h")
    BackupSchedule.objects.create(pk=1, tried_at=timezone.now(), error="The disk is full.")

    page = operator.get(ADDRESS).content.decode()

    assert "The last backup failed." in page
    assert "The disk is full." in page


def test_a_secret_is_never_shown(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"METRICS_TOKEN": "watch-1234567", "PERPLEXITY_API_KEY": "pplx-abcdef123"}
    for name, value in {**secrets, "TRASH_DAYS": "7"}.items():
        monkeypatch.setenv(name, value)
    assert [env.text(name) for name in secrets] == [*secrets.values()]
    assert env.number("TRASH_DAYS", 30, least=1, most=3650) == 7

    page = operator.get(ADDRESS).content.decode()

    assert "METRICS_TOKEN" in page
    assert "PERPLEXITY_API_KEY" in page
    assert not any(secret in page for secret in secrets.values())
    assert env.set_by_operator() | {"TRASH_DAYS": "7", "METRICS_TOKEN": ""} == env.set_by_operator()
