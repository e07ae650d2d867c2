"""Whoever leaves a team leaves no token behind that would work again if they came back."""

from typing import Any

from django.db.models.signals import post_delete
from django.utils import timezone

from accounts.models import Membership
from api.models import Token


def watch_memberships() -> None:
    """Revoke tokens whenever the place of their person on the team ends, whoever ends it."""
    post_delete.connect(_membership_ended, sender=Membership, dispatch_uid="tokens are revoked")


def _membership_ended(instance: Membership, **_: Any) -> None:
    theirs = Token.objects.filter(user=instance.user_id, team=instance.team_id, revoked_at=None)
    theirs.update(revoked_at=timezone.now())
