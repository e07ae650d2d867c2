"""Access tokens as rows, for tests in the database of the test."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership, User
from api.models import Scope, Token
from api.tokens.service import make_token, revoke_token

EVERYTHING = [scope.value for scope in Scope]


def token_of(person: User, *scopes: str, expired: bool = False, revoked: bool = False) -> tuple[Token, str]:
    """A token of the person in their first team, and its secret."""
    membership = Membership.objects.select_related("team", "user").get(user=person)
    life = timedelta(days=-1) if expired else timedelta(days=30)
    token, secret = make_token(
        membership=membership, name="Laptop", scopes=scopes or EVERYTHING, expires_at=timezone.now() + life
    )
    if revoked:
        revoke_token(token=token, by=person)
    return token, secret
