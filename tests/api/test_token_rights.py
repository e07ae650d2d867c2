"""What each token lets a program do at each address: scopes by routes, and tokens that let nobody in."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Membership, Team, User
from api.models import Scope, Token
from api.tokens import throttle as throttling
from api.tokens.finding import still_good
from tests.api.tokens import EVERYTHING, token_of

pytestmark = pytest.mark.django_db

NOT_JSON = "{"
ROUTES: dict[str, tuple[str, list[Any], Scope | None, int]] = {
    "api:models": ("GET", [], None, 200),
    "api:model": ("GET", ["agent/fast"], None, 200),
    "api:chat_completions": ("POST", [], Scope.ASK, 400),
    "api:sonar": ("POST", [], Scope.ASK, 400),
    "api:perplexity_chat_completions": ("POST", [], Scope.ASK, 400),
    "api:responses": ("POST", [], Scope.ASK, 400),
    "api:response": ("GET", ["resp_" + "0" * 32], Scope.ASK, 404),
    "api:image_generations": ("POST", [], Scope.DRAW, 400),
    "api:image_content": ("GET", ["00000000-0000-4000-8000-000000000000"], Scope.DRAW, 404),
}
"""Method, parts of the address, the scope that it takes, and what is said to a program that may go on."""


def send(name: str, secret: str | None, *, scheme: str = "Bearer") -> Any:
    method, parts, _scope, _status = ROUTES[name]
    headers = {"Authorization": f"{scheme} {secret}"} if secret is not None else {}
    client = Client(enforce_csrf_checks=True, headers=headers)
    return client.generic(method, reverse(name, args=parts), NOT_JSON, content_type="application/json")


def code_of(response: Any) -> str:
    found = json.loads(response.content)["error"]
    assert set(found) == {"message", "type", "param", "code"}
    return str(found["code"])


def test_each_scope_opens_its_own_addresses_and_no_others(harbour: Team, alice: User) -> None:
    for scope in Scope:
        _token, secret = token_of(alice, scope)
        for name, (_method, _parts, wanted, status) in ROUTES.items():
            response = send(name, secret)
            if wanted in (None, scope):
                assert response.status_code == status, (scope, name)
            else:
                assert (response.status_code, code_of(response)) == (403, "missing_scope"), (scope, name)


def test_a_token_that_lets_nobody_in_says_why(harbour: Team, alice: User) -> None:
    _expired, expired = token_of(alice, expired=True)
    _revoked, revoked = token_of(alice, revoked=True)
    _good, good = token_of(alice)
    wrong = {
        expired: "token_expired",
        revoked: "token_revoked",
        good[:-1] + "!": "invalid_api_key",
        "": "invalid_api_key",
    }
    for name in ROUTES:
        for secret, code in [*wrong.items(), (None, "invalid_api_key")]:
            response = send(name, secret)
            assert (response.status_code, code_of(response)) == (401, code), (name, code)
            assert response["WWW-Authenticate"] == "Bearer"
        assert send(name, good, scheme="Basic").status_code == 401


def test_a_token_is_worth_what_its_person_is(harbour: Team, bob: User) -> None:
    token, secret = token_of(bob)
    member = Membership.objects.get(user=bob)
    assert send("api:chat_completions", secret).status_code == 400
    assert still_good([token.pk]) == {token.pk}

    Membership.objects.filter(pk=member.pk).update(role="viewer")
    assert send("api:chat_completions", secret).status_code == 403
    assert send("api:models", secret).status_code == 200

    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert send("api:models", secret).status_code == 401
    assert still_good([token.pk]) == set()

    User.objects.filter(pk=bob.pk).update(is_active=True)
    team = member.team
    member.delete()
    Membership.objects.create(user=bob, team=team, role="member")  # who comes back makes new tokens
    assert send("api:models", secret).status_code == 401
    assert still_good([token.pk]) == set()


def test_a_session_lets_no_program_in_and_a_token_opens_no_page(harbour: Team, alice: User) -> None:
    _token, secret = token_of(alice)
    signed_in = Client()
    signed_in.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert signed_in.get(reverse("api:models")).status_code == 401
    with_token = Client(headers={"Authorization": f"Bearer {secret}"})
    assert with_token.get("/").status_code == 302
    assert not with_token.get(reverse("api:models")).cookies


def test_a_flood_is_told_when_to_come_back(harbour: Team, alice: User, bob: User) -> None:
    token, secret = token_of(alice)
    assert [throttling.throttle.take(token.pk) for _ in range(throttling.AT_ONCE)] == [0.0] * throttling.AT_ONCE
    while not throttling.throttle.take(token.pk):
        pass
    refused = send("api:models", secret)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert code_of(refused) == "rate_limit_exceeded"
    assert send("api:models", token_of(bob)[1]).status_code == 200


def test_the_last_use_is_noted_to_the_minute_and_the_secret_is_not_kept(harbour: Team, alice: User) -> None:
    token, secret = token_of(alice, *EVERYTHING)
    assert secret not in str(Token.objects.filter(pk=token.pk).values().get())
    send("api:models", secret)
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert (token.last_used_at.second, token.last_used_at.microsecond) == (0, 0)


def test_where_the_api_is_off_there_is_nothing(harbour: Team, alice: User, settings: Settings) -> None:
    _token, secret = token_of(alice)
    settings.API = False
    for name in ROUTES:
        assert send(name, secret).status_code == 404
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("api:tokens", "api:team_tokens"):
        assert client.get(reverse(name)).status_code == 404
    assert reverse("api:tokens") not in client.get(reverse("accounts:me")).content.decode()
    assert reverse("api:team_tokens") not in client.get(reverse("accounts:team")).content.decode()
