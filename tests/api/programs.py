"""Programs with a token, for tests."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Team, User
from api.models import Token
from api.tokens.secrets import hash_secret, new_secret

EVERY_SCOPE = ("read", "ask", "draw", "review")


def token_for(user: User, team: Team, *, scopes: Collection[str] = EVERY_SCOPE, **more: Any) -> str:
    """The secret of a new token."""
    secret = new_secret()
    made = {"expires_at": timezone.now() + timedelta(days=1), **more}
    Token.objects.create(
        user=user,
        team=team,
        name="A program",
        hash=hash_secret(secret),
        last_characters=secret[-4:],
        scopes=list(scopes),
        **made,
    )
    return secret


def program(user: User, team: Team, **more: Any) -> Client:
    """A client that shows such a token, and nothing else."""
    return Client(headers={"Authorization": f"Bearer {token_for(user, team, **more)}"})


def write(wish: dict[str, Any]) -> str:
    """A token in a server's database (`tests.writing`): of whom, in their first team, with these scopes. With `revoke`,
    the end of all that there are."""
    if "revoke" in wish:
        Token.objects.update(revoked_at=timezone.now())
        return ""
    user = User.objects.get(username=wish["user"])
    return token_for(user, user.memberships.order_by("joined_at")[0].team, scopes=wish["scopes"])
