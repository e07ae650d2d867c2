"""The first sign-in: a link for whoever set Parley up, which makes the first owner and the team."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import LinkEnded
from accounts.models import Membership, OneTimeLink, Team, User
from accounts.services.invitations import save_new
from accounts.services.link_tokens import hash_token, new_token

OPEN_FOR = timedelta(days=7)


def has_accounts() -> bool:
    """Whether anybody has an account."""
    return User.objects.exists()


def new_first_link() -> str:
    """Make the link that begins, in place of any made before. Returns its token, which is known only now."""
    token = new_token()
    OneTimeLink.objects.update_or_create(
        purpose=OneTimeLink.Purpose.FIRST_SIGN_IN,
        defaults={
            "token_hash": hash_token(token),
            "created_at": timezone.now(),
            "expires_at": timezone.now() + OPEN_FOR,
            "used_at": None,
        },
    )
    return token


def first_link_by_token(*, token: str) -> OneTimeLink | None:
    """The link with this token, in whatever state; None if there is none."""
    return OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.FIRST_SIGN_IN, token_hash=hash_token(token)).first()


@transaction.atomic
def create_first_account(*, link: OneTimeLink, owner: User, team_name: str) -> Team:
    """Save the first account, whose password is already set, and make it the owner of a new team.

    Whoever holds the link has set Parley up, so the account also administers it. Raises LinkEnded if the link was
    used, replaced or has run out, or if somebody has an account by now.
    """
    now = timezone.now()
    claimed = OneTimeLink.objects.filter(
        pk=link.pk, token_hash=link.token_hash, used_at=None, expires_at__gt=now
    ).update(used_at=now)
    if not claimed or has_accounts():
        raise LinkEnded(_("This link can no longer be used."))
    owner.is_staff = owner.is_superuser = True
    save_new(owner)
    team = Team.objects.create(name=team_name)
    Membership.objects.create(team=team, user=owner, role=Membership.Role.OWNER)
    return team
