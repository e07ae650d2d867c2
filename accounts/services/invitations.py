"""Invitations from an owner's side: make one, revoke one."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Invitation, Team, User
from accounts.services import teams
from accounts.services.link_tokens import hashed, new_token

LONGEST = 30
"""How many days an invitation can stay open at most."""
USUAL = 7
"""How many days it stays open unless the owner says otherwise."""


@transaction.atomic
def invite(*, team: Team, by: User, role: str, note: str = "", days: int = USUAL) -> tuple[Invitation, str]:
    """Make an invitation, open for this many days. Returns it with its token, which is known only now."""
    teams.hold(team=team, by=by)
    token = new_token()
    invitation = Invitation.objects.create(
        team=team,
        role=role,
        note=note,
        token_hash=hashed(token),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return invitation, token


@transaction.atomic
def revoke(*, invitation: Invitation, by: User) -> bool:
    """Let nobody in by this invitation any more. False if somebody had already used it, or it was revoked before."""
    teams.hold(team=invitation.team, by=by)
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    return still_open.update(revoked_at=timezone.now()) == 1
