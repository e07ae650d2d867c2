"""Making and revoking access tokens."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from api.models import Token
from api.tokens.secrets import hash_secret, new_secret
from chat.models import Space
from core.errors import ActionRefused

MOST_TOKENS = 50  # of one person in one team that work at a time


@transaction.atomic
def make_token(
    *, membership: Membership, name: str, scopes: Sequence[str], expires_at: datetime, space: Space | None = None
) -> tuple[Token, str]:
    """A token of the person in the team, and its secret, which nobody can read again.

    Raises ActionRefused for somebody who has enough of them.
    """
    own = Token.objects.filter(user=membership.user_id, team=membership.team_id, revoked_at=None)
    if own.filter(expires_at__gt=timezone.now()).count() >= MOST_TOKENS:
        raise ActionRefused(
            _("You have %(most)s access tokens in this team. Revoke one that you no longer need.")
            % {"most": MOST_TOKENS}
        )
    secret = new_secret()
    token = Token.objects.create(
        user_id=membership.user_id,
        team_id=membership.team_id,
        name=name,
        hash=hash_secret(secret),
        last_characters=secret[-4:],
        scopes=list(scopes),
        space=space,
        expires_at=expires_at,
    )
    return token, secret


def revoke_token(*, token: Token, by: User) -> bool:
    """Let nobody in by it from now on; False where it was revoked before. Streams end within ten seconds."""
    del by  # who may do it has been looked at; what is kept is when
    return bool(Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()))
