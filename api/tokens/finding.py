"""Which token a secret belongs to, and whether it is good for anything now."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Membership
from api.models import Token
from api.tokens.secrets import hash_secret, is_secret

NOTED_EVERY = timedelta(minutes=1)


def token_of(secret: str) -> Token | None:
    """The token with its person and team, whether it is good or not; None for a secret that nobody was given."""
    if not is_secret(secret):
        return None
    return Token.objects.select_related("user", "team", "space").filter(hash=hash_secret(secret)).first()


def good_tokens() -> QuerySet[Token]:
    """Those that still let a program in: not revoked, not expired, of somebody who is active and on the team."""
    on_team = Membership.objects.filter(team=OuterRef("team"), user=OuterRef("user"))
    return Token.objects.filter(Exists(on_team), revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)


def still_good(token_ids: Collection[UUID]) -> set[UUID]:
    """Those of the tokens that still let a program in, by one query."""
    return set(good_tokens().filter(pk__in=token_ids).values_list("pk", flat=True))


def has_expired(token_id: UUID) -> bool:
    """Whether the token came to its end by itself, and was not revoked before."""
    return Token.objects.filter(pk=token_id, revoked_at=None, expires_at__lte=timezone.now()).exists()


def note_use(token: Token) -> None:
    """Put on record that it was used, once a minute at most."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now.replace(second=0, microsecond=0))
