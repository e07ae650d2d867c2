"""Invitations from the other side: find one by its token, and join by it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import LinkEnded, UsernameTaken
from accounts.models import Invitation, Membership, User
from accounts.services.link_tokens import hashed


def find(*, token: str) -> Invitation | None:
    """The invitation behind a link, in whatever state; None if there never was one."""
    with_names = Invitation.objects.select_related("team", "invited_by", "accepted_by")
    return with_names.filter(token_hash=hashed(token)).first()


@transaction.atomic
def join(*, invitation: Invitation, by: User) -> Membership:
    """Put a person on the team. Somebody who is on it already stays as they are and leaves the invitation unused.

    Raises LinkEnded if the invitation has been used, revoked or has expired, also in this very moment.
    """
    mine = Membership.objects.filter(team=invitation.team_id, user=by)
    if not mine.exists() and _claim(invitation, by):
        Membership.objects.get_or_create(team_id=invitation.team_id, user=by, defaults={"role": invitation.role})
    membership = mine.select_related("team").first()  # there also if the same person's other click was quicker
    if membership is None:
        raise LinkEnded(_("This invitation cannot be used any more."))
    return membership


@transaction.atomic
def join_as(*, invitation: Invitation, newcomer: User) -> Membership:
    """Save a new account, whose password is already set, and put it on the team; both or neither.

    Raises UsernameTaken, and LinkEnded as `join` does.
    """
    save_new(newcomer)
    return join(invitation=invitation, by=newcomer)


def save_new(newcomer: User) -> None:
    """Save a new account inside the caller's transaction. Raises UsernameTaken if somebody was quicker."""
    try:
        with transaction.atomic():
            newcomer.save(force_insert=True)
    except IntegrityError as exc:
        raise UsernameTaken(_("Somebody just took that username. Choose another one.")) from exc


def _claim(invitation: Invitation, by: User) -> bool:
    """Use the invitation up. The condition is part of the update, so one link lets one person in."""
    now = timezone.now()
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now)
    return still_open.update(accepted_at=now, accepted_by=by) == 1
