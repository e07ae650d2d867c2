"""The pages on which owners look after webhooks."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from api.models import Delivery, Webhook

pytestmark = pytest.mark.django_db

FIELDS = {"name": "Log", "url": "https://receiver.example/in", "events": ["answer.finished", "watch.changed"]}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_owner_adds_a_webhook_and_sees_its_secret_once(harbour: Team, alice: User) -> None:
    owner = signed_in(alice)
    response = owner.post(reverse("api:add_webhook"), FIELDS)
    secret = re.search(r"whsec_[\w+/=]+", response.content.decode())
    assert secret
    assert response["Cache-Control"] == "no-store"
    webhook = Webhook.objects.get()
    assert (webhook.team, webhook.created_by, webhook.include_text) == (harbour, alice, False)
    for page in (reverse("api:webhooks"), reverse("api:webhook", args=[webhook.pk])):
        shown = owner.get(page).content.decode()
        assert "https://receiver.example/in" in shown
        assert "whsec_" not in shown
    again = owner.post(reverse("api:new_webhook_secret", args=[webhook.pk])).content.decode()
    assert secret[0] not in again
    assert "whsec_" in again


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/in",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://receiver.example:8443/",
        "https://user:password@receiver.example/",
        "ftp://receiver.example/",
        "https://2130706433/",
        "nonsense",
    ],
)
def test_an_address_that_nothing_would_be_sent_to_is_refused(url: str, alice: User, harbour: Team) -> None:
    response = signed_in(alice).post(reverse("api:add_webhook"), FIELDS | {"url": url})
    assert response.status_code == 422
    assert "public internet" in response.content.decode()
    assert not Webhook.objects.exists()


def test_a_name_that_nobody_can_see_is_refused(alice: User, harbour: Team) -> None:
    response = signed_in(alice).post(reverse("api:add_webhook"), FIELDS | {"name": "\u200b\u3164"})

    assert "Enter a name." in response.content.decode()
    assert not Webhook.objects.exists()


def test_a_webhook_is_changed_paused_tested_and_removed(harbour: Team, alice: User) -> None:
    owner = signed_in(alice)
    owner.post(reverse("api:add_webhook"), FIELDS)
    webhook = Webhook.objects.get()

    def do(what: str, data: dict[str, object] | None = None, *args: object) -> None:
        assert owner.post(reverse(f"api:{what}", args=[webhook.pk, *args]), data or {}).status_code == 302
        if what != "remove_webhook":
            webhook.refresh_from_db()

    do("change_webhook", FIELDS | {"name": "Log 2", "include_text": "on"})
    assert (webhook.name, webhook.include_text) == ("Log 2", True)
    do("test_webhook")
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="given_up", attempts=7, status=500, problem="status")
    assert "The server answered with status 500." in owner.get(f"/team/webhooks/{webhook.pk}/").content.decode()
    do("send_again", None, delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)
    do("pause_webhook")
    do("test_webhook")
    assert Delivery.objects.count() == 1
    do("resume_webhook")
    assert webhook.is_active
    do("remove_webhook")
    assert not Webhook.objects.exists()


def test_a_webhook_of_another_team_is_not_there(
    harbour: Team, elsewhere: Team, alice: User, bob: User, charlie: User
) -> None:
    signed_in(alice).post(reverse("api:add_webhook"), FIELDS)
    webhook = Webhook.objects.get()
    page = reverse("api:webhook", args=[webhook.pk])
    assert signed_in(charlie).get(page).status_code == 404
    assert signed_in(bob).get(page).status_code == 403
    assert signed_in(alice).post(reverse("api:send_again", args=[webhook.pk, uuid4()])).status_code == 404


def test_a_team_has_no_more_than_ten(harbour: Team, alice: User) -> None:
    owner = signed_in(alice)
    statuses = [owner.post(reverse("api:add_webhook"), FIELDS).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [422]
