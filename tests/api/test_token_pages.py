"""The pages on which people make, see and revoke access tokens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from api.models import Token
from api.tokens import service
from api.tokens.secrets import hash_secret
from chat.models import Space
from tests.api.tokens import token_of

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def make(client: Client, **changed: Any) -> Any:
    return client.post(reverse("api:tokens"), {"name": "Laptop", "scopes": ["ask", "read"], "expiry": "30", **changed})


def test_a_token_is_shown_once_and_works_until_its_day(harbour: Team, alice: User) -> None:
    client = signed_in(alice)
    page = make(client).content.decode()
    found = re.search(r'id="token-secret">(parley_[\w-]+)<', page)
    assert found
    token = Token.objects.get()
    assert token.hash == hash_secret(found[1])
    assert abs(token.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    listed = client.get(reverse("api:tokens")).content.decode()
    assert found[1] not in listed
    assert f"…{found[1][-4:]}" in listed


@pytest.mark.parametrize(("days", "status"), [(1, 200), (365, 200), (0, 422), (366, 422), (None, 422)])
def test_a_token_ends_on_a_day_within_a_year(harbour: Team, alice: User, days: int | None, status: int) -> None:
    day = "" if days is None else (timezone.localdate() + timedelta(days=days)).isoformat()
    assert make(signed_in(alice), expiry="date", date=day).status_code == status


def test_nobody_gives_a_program_more_than_they_have(harbour: Team, alice: User, bob: User, vera: User) -> None:
    assert make(signed_in(vera), scopes=["ask"]).status_code == 422
    assert make(signed_in(vera), scopes=["read"]).status_code == 200
    assert make(signed_in(bob), scopes=["review"]).status_code == 422
    closed = Space.objects.create(team=harbour, owner=alice, name="Closed", everyone=False)
    assert make(signed_in(bob), space=str(closed.pk)).status_code == 422
    assert make(signed_in(alice), space=str(closed.pk)).status_code == 200


def test_somebody_with_enough_tokens_gets_no_more(harbour: Team, alice: User) -> None:
    membership = alice.memberships.get()
    later = timezone.now() + timedelta(days=1)
    for _ in range(service.MOST_TOKENS):
        service.make_token(membership=membership, name="Laptop", scopes=["read"], expires_at=later)
    assert make(signed_in(alice)).status_code == 422


def test_owners_see_all_tokens_of_the_team_and_revoke_them(harbour: Team, alice: User, bob: User) -> None:
    token, secret = token_of(bob, "ask")
    owner = signed_in(alice)
    assert "Laptop" in owner.get(reverse("api:team_tokens")).content.decode()
    assert signed_in(bob).get(reverse("api:team_tokens")).status_code == 403
    owner.post(reverse("api:revoke_team_token", args=[token.pk]))
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get(reverse("api:models")).status_code == 401
    again = owner.post(reverse("api:revoke_team_token", args=[token.pk]), follow=True).content.decode()
    assert "had been revoked already" in again
