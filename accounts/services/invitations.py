"""Invitations: make one and revoke one, as an owner; find one by its token and join by it, as whoever was invited."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import LinkEnded, UsernameTaken
from accounts.models import Invitation, Membership, Team, User, inviter_owns_team
from accounts.services import teams
from accounts.services.link_tokens import hash_token, new_token

LONGEST = 30
"""How many days an invitation can stay open at most."""
USUAL = 7
"""How many days it stays open unless the owner says otherwise."""


@transaction.atomic
def create_invitation(*, team: Team, by: User, role: str, note: str = "", days: int = USUAL) -> tuple[Invitation, str]:
    """Make an invitation, open for this many days. Returns it with its token, which is known only now."""
    teams.lock_team(team=team, by=by)
    token = new_token()
    invitation = Invitation.objects.create(
        team=team,
        role=role,
        note=note,
        token_hash=hash_token(token),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return invitation, token


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> bool:
    """Let nobody in by this invitation any more. False if somebody had already used it, or it was revoked before."""
    teams.lock_team(team=invitation.team, by=by)
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    return still_open.update(revoked_at=timezone.now()) == 1


def invitation_by_token(*, token: str) -> Invitation | None:
    """The invitation behind a link, in whatever state; None if there never was one."""
    with_names = Invitation.objects.select_related("team", "invited_by", "accepted_by")
    return with_names.filter(token_hash=hash_token(token)).first()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """Put a person on the team. Somebody who is on it already stays as they are and leaves the invitation unused.

    Raises LinkEnded if the invitation has been used, revoked or has expired, also in this very moment.
    """
    mine = Membership.objects.filter(team=invitation.team_id, user=by)
    if not mine.exists() and _claim(invitation, by):
        Membership.objects.get_or_create(team_id=invitation.team_id, user=by, defaults={"role": invitation.role})
    membership = mine.select_related("team").first()  # there also if the same person's other click was quicker
    if membership is None:
        raise LinkEnded(_("This invitation can no longer be used."))
    return membership


@transaction.atomic
def accept_with_new_account(*, invitation: Invitation, newcomer: User) -> Membership:
    """Save a new account, whose password is already set, and put it on the team; both or neither.

    Raises UsernameTaken, and LinkEnded as `join` does.
    """
    save_new(newcomer)
    return accept_invitation(invitation=invitation, by=newcomer)


def save_new(newcomer: User) -> None:
    """Save a new account inside the caller's transaction. Raises UsernameTaken if somebody was quicker."""
    try:
        with transaction.atomic():
            newcomer.save(force_insert=True)
    except IntegrityError as exc:
        raise UsernameTaken(_("That username was just taken. Choose another one.")) from exc


def _claim(invitation: Invitation, by: User) -> bool:
    """Use the invitation up. The condition is part of the update, so one link lets one person in."""
    now = timezone.now()
    still_open = Invitation.objects.filter(
        inviter_owns_team(), pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    return still_open.update(accepted_at=now, accepted_by=by) == 1
