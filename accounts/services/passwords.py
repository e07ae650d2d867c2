"""Passwords that owners let teammates set anew, and sessions that have to end."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import LinkEnded
from accounts.models import Invitation, Membership, OneTimeLink, User
from accounts.services import teams
from accounts.services.link_tokens import hash_token, new_token
from core.errors import ActionRefused

OPEN_FOR = timedelta(days=1)


def resettable_members(*, members: Iterable[Membership], by: User) -> set[uuid.UUID]:
    """The ids of those among the members (of one team that `by` owns) whose password `by` may let be set anew.

    Whoever sets a password could use the account. So nobody gets further by it than they are already: not into
    a team that they do not own, and not into the administration unless they administer themselves.
    """
    people = [member for member in members if member.user_id != by.pk and member.user.is_active]
    if by.is_superuser:
        return {member.pk for member in people}
    owned = Membership.objects.filter(user=by, role=Membership.Role.OWNER).values("team")
    elsewhere = set(
        Membership.objects.filter(user__in=[member.user_id for member in people])
        .exclude(team__in=owned)
        .values_list("user", flat=True)
    )
    return {
        member.pk
        for member in people
        if not (member.user.is_staff or member.user.is_superuser or member.user_id in elsewhere)
    }


@transaction.atomic
def new_password_link(*, member: Membership, by: User) -> str:
    """Make a link by which the member can set a new password, in place of any made before. Returns its token.

    Raises ActionRefused if the person's password is not the owner's to reset.
    """
    teams.lock_team(team=member.team, by=by)
    if member.pk not in resettable_members(members=[member], by=by):
        raise ActionRefused(_("Only an administrator of this server can let this person set a new password."))
    token = new_token()
    OneTimeLink.objects.update_or_create(
        purpose=OneTimeLink.Purpose.PASSWORD,
        user=member.user,
        defaults={
            "token_hash": hash_token(token),
            "made_by": by,
            "created_at": timezone.now(),
            "expires_at": timezone.now() + OPEN_FOR,
            "used_at": None,
        },
    )
    return token


def password_link_by_token(*, token: str) -> OneTimeLink | None:
    """The link with this token, in whatever state; None if there is none."""
    links = OneTimeLink.objects.select_related("user", "made_by")
    return links.filter(purpose=OneTimeLink.Purpose.PASSWORD, token_hash=hash_token(token)).first()


def is_password_link_open(*, link: OneTimeLink) -> bool:
    """Whether the link still sets a password: its maker must still be somebody who may make it."""
    return link.is_open and _maker_may(link)


@transaction.atomic
def use_password_link(*, link: OneTimeLink, user: User) -> None:
    """Save the password that was just set on `user`, by the link. Their sessions end with it.

    Raises LinkEnded if the link was used, replaced or has run out.
    """
    now = timezone.now()
    still_open = OneTimeLink.objects.filter(pk=link.pk, token_hash=link.token_hash, used_at=None, expires_at__gt=now)
    if not _maker_may(link) or still_open.update(used_at=now) != 1:
        raise LinkEnded(_("This link cannot be used any more."))
    user.save(update_fields=["password"])


def delete_password_links(*, user: User) -> None:
    """Let nobody set this person's password by a link made before."""
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.PASSWORD, user=user).delete()


def end_sessions(*, user: User) -> None:
    """Sign the person out on every device."""
    User.objects.filter(pk=user.pk).update(sign_in_round=F("sign_in_round") + 1)


@transaction.atomic
def end_access(*, user: User) -> None:
    """End for good what a deactivated person left open: sessions that would come back with them, invitations."""
    end_sessions(user=user)
    Invitation.objects.filter(invited_by=user, accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())


def _maker_may(link: OneTimeLink) -> bool:
    if link.user is None or link.made_by is None or not link.made_by.is_active:
        return False
    owned = Membership.objects.filter(user=link.made_by, role=Membership.Role.OWNER).values("team")
    shared = Membership.objects.filter(user=link.user, team__in=owned).select_related("user")[:1]
    return bool(resettable_members(members=shared, by=link.made_by))
