"""Passwords that owners let teammates set anew, and sessions that have to end."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rights
from accounts.errors import LinkEnded
from accounts.models import Invitation, Membership, OneTimeLink, User
from accounts.services import teams
from accounts.services.link_tokens import hash_token, new_token
from core.errors import ActionRefused

OPEN_FOR = timedelta(days=1)


class EmailedTokens(PasswordResetTokenGenerator):
    """Django's tokens for a new password by e-mail, which end with the person's sessions, too."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.get_session_auth_hash()}"


emailed_tokens = EmailedTokens()


def reset_refusals(*, members: Iterable[Membership], by: User) -> dict[uuid.UUID, str]:
    """Why `by`, who owns the team of these members, may not let some of them set a new password: a sentence by the id
    of the membership. The others are not in it.

    Whoever sets a password could use the account, so nobody gets further by it than they are already:
    `accounts.rights`.
    """
    asked = list(members)
    usable = rights.usable_accounts(by=by, people=[member.user for member in asked])
    refusals: dict[uuid.UUID, str] = {}
    for member in asked:
        if member.user_id == by.pk:
            refusals[member.pk] = _("Change your own password on your account page.")
        elif not member.user.is_active:
            refusals[member.pk] = _("This account is deactivated, so nobody can sign in with it.")
        elif member.user_id not in usable:
            # It does not say what those things are: an owner need not know which rights or teams somebody has.
            sentence = _(
                "The account of %(name)s has rights that yours doesn’t. Only your administrator can let this "
                "person set a new password."
            )
            refusals[member.pk] = sentence % {"name": member.user.display_name}
    return refusals


@transaction.atomic
def new_password_link(*, member: Membership, by: User) -> str:
    """Make a link by which the member can set a new password, in place of any made before. Returns its token.

    Raises ActionRefused if the person's password is not the owner's to reset.
    """
    teams.lock_team(team=member.team, by=by)
    if refused := reset_refusals(members=[member], by=by):
        raise ActionRefused(refused[member.pk])
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
    """Whether the link still sets a password: its maker must be somebody who could make it now."""
    return link.is_open and _maker_may(link)


@transaction.atomic
def use_password_link(*, link: OneTimeLink, user: User) -> None:
    """Save the password that was just set on `user`, by the link. Their sessions end with it.

    Raises LinkEnded if the link was used, replaced or has run out, or if its maker could not make it now.
    """
    # Whoever gives the person a right in this moment refers to their row, and so comes before the look or after it all.
    User.objects.select_for_update().get(pk=user.pk)
    now = timezone.now()
    still_open = OneTimeLink.objects.filter(pk=link.pk, token_hash=link.token_hash, used_at=None, expires_at__gt=now)
    if not _maker_may(link) or still_open.update(used_at=now) != 1:
        raise LinkEnded(_("This link can no longer be used."))
    user.save(update_fields=["password"])


def delete_password_links(*, user: User) -> None:
    """Let nobody set this person's password by a link made before it was set otherwise."""
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.PASSWORD, user=user).delete()


def end_sessions(*, user: User) -> None:
    """Sign the person out on every device."""
    stored = User.objects.only("sign_in_round").get(pk=user.pk)
    stored.sign_in_round = F("sign_in_round") + 1
    stored.save(update_fields=["sign_in_round"])  # and not by a query: whoever shows this person something hears of it


@transaction.atomic
def end_access(*, user: User) -> None:
    """End for good what a deactivated person left open: sessions and links that would come back with them."""
    end_sessions(user=user)
    OneTimeLink.objects.filter(Q(user=user) | Q(made_by=user)).delete()
    Invitation.objects.filter(invited_by=user, accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())


def _maker_may(link: OneTimeLink) -> bool:
    if link.user is None or link.made_by is None or not link.made_by.is_active:
        return False
    owned = Membership.objects.filter(user=link.made_by, role=Membership.Role.OWNER).values("team")
    shared = list(Membership.objects.filter(user=link.user, team__in=owned).select_related("user")[:1])
    return bool(shared) and not reset_refusals(members=shared, by=link.made_by)
