"""Invitations: make them and revoke them, as an owner; find one by its token and join by it, as whoever was invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import LinkEnded, UsernameTaken
from accounts.models import Invitation, Membership, Team, User, inviter_owns_team
from accounts.services import letters, mail_limits, teams
from accounts.services.link_tokens import hash_token, new_token
from core.errors import ActionRefused
from core.web import mail

LONGEST = 30
"""How many days an invitation can stay open at most."""
USUAL = 7
"""How many days it stays open unless the owner says otherwise."""
MOST_AT_ONCE = 50
"""How many people can be invited in one go."""
MOST_A_DAY = 300
"""How many invitations a team can make within a day."""
MOST_USES = 200
"""How many people can join by one link."""
MAILED_EVERY = timedelta(minutes=1)
"""How soon the same person can be sent another link."""
MOST_MAILS_OF_A_LINK = 60
MOST_MAILS_TO_AN_ADDRESS = 3
"""How many e-mails a join link can cause within an hour: in all, and to one address."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to invite: what owners call them, and where the link can be sent."""

    note: str = ""
    email: str = ""


def create_invitation(*, team: Team, by: User, role: str, note: str = "", days: int = USUAL) -> tuple[Invitation, str]:
    """Make an invitation, open for this many days. Returns it with its token, which is known only now."""
    return create_invitations(team=team, by=by, role=role, guests=[Guest(note)], days=days)[0]


@transaction.atomic
def create_invitations(
    *, team: Team, by: User, role: str, guests: Sequence[Guest], days: int = USUAL
) -> list[tuple[Invitation, str]]:
    """Make an invitation for each of the guests, open for this many days. Returns them with their tokens.

    Raises ActionRefused for more than MOST_AT_ONCE, or MOST_A_DAY together with those before.
    """
    teams.lock_team(team=team, by=by)
    if len(guests) > MOST_AT_ONCE:
        raise ActionRefused(_("You can invite up to %(most)d people at once.") % {"most": MOST_AT_ONCE})
    _require_room(team, len(guests))
    return [_create(team=team, by=by, role=role, days=days, note=guest.note, email=guest.email) for guest in guests]


@transaction.atomic
def create_join_link(
    *, team: Team, by: User, role: str, uses: int, days: int = USUAL, domain: str = ""
) -> tuple[Invitation, str]:
    """Make a link by which this many people can join, with a domain only those who read mail there. Returns it with its
    token. Raises ActionRefused for an owner's role, and beyond MOST_A_DAY."""
    teams.lock_team(team=team, by=by)
    if role == Membership.Role.OWNER:
        raise ActionRefused(_("Invite each owner separately."))
    _require_room(team, 1)
    return _create(team=team, by=by, role=role, days=days, max_uses=uses, email_domain=domain)


@transaction.atomic
def renew_link(*, invitation: Invitation, by: User) -> str:
    """Give an open invitation another link; the one before no longer works. Returns its token.

    Raises ActionRefused if it is not open, or was sent by e-mail a moment ago.
    """
    teams.lock_team(team=invitation.team, by=by)
    if invitation.mailed_at and invitation.mailed_at > timezone.now() - MAILED_EVERY:
        raise ActionRefused(_("This link was sent a moment ago. Wait a minute before sending another one."))
    token = new_token()
    if not _usable(invitation).update(token_hash=hash_token(token)):
        raise ActionRefused(_("That invitation is no longer open. Create a new one."))
    return token


def mail_invitations(made: Sequence[tuple[Invitation, str]]) -> None:
    """Send the links to those that have an address, and keep on each invitation whether it was sent."""
    addressed = [(invitation, token) for invitation, token in made if invitation.email]
    problems = mail.send_each(
        [
            letters.invitation_letter(invitation=invitation, link=letters.link_to("accounts:join", token))
            for invitation, token in addressed
        ]
    )
    for (invitation, _token), problem in zip(addressed, problems, strict=True):
        invitation.mail_problem, invitation.mailed_at = problem, None if problem else timezone.now()
        invitation.save(update_fields=["mail_problem", "mailed_at"])


def mail_own_link(*, invitation: Invitation, address: str) -> None:
    """Send somebody at the domain of a join link a link of their own, for a place of that one.

    Raises LinkEnded, and ActionRefused for an address elsewhere, after too many e-mails, and when it was not sent.
    """
    if not is_at_domain(invitation, address):
        raise ActionRefused(_("Use an address at %(domain)s.") % {"domain": invitation.email_domain})
    limits = {f"link {invitation.pk}": MOST_MAILS_OF_A_LINK, f"mailbox {address}": MOST_MAILS_TO_AN_ADDRESS}
    if not mail_limits.take_turn(kind="join", limits=limits):
        raise ActionRefused(_("Too many e-mails were requested. Try again in an hour."))
    if not _usable(invitation).exists():
        raise LinkEnded(_("This invitation can no longer be used."))
    token = new_token()
    own = Invitation(
        team=invitation.team,
        role=invitation.role,
        note=address[:120],
        email=address,
        token_hash=hash_token(token),
        invited_by=invitation.invited_by,
        expires_at=min(invitation.expires_at, timezone.now() + timedelta(days=1)),
        parent=invitation,
    )
    letter = letters.invitation_letter(invitation=own, link=letters.link_to("accounts:join", token))
    if problem := mail.send_each([letter])[0]:
        raise ActionRefused(_(problem))
    own.mailed_at = timezone.now()
    own.save(force_insert=True)


def is_at_domain(invitation: Invitation, address: str) -> bool:
    """Whether somebody with this address may join by the link."""
    return not invitation.email_domain or address.rpartition("@")[2].lower() == invitation.email_domain


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> bool:
    """Let nobody in by this invitation any more. False if it was used up or revoked before."""
    teams.lock_team(team=invitation.team, by=by)
    still_open = Invitation.objects.filter(
        Q(pk=invitation.pk) | Q(parent=invitation), accepted_at=None, revoked_at=None
    )
    return still_open.update(revoked_at=timezone.now()) > 0


def invitation_by_token(*, token: str) -> Invitation | None:
    """The invitation behind a link, in whatever state; None if there never was one."""
    with_names = Invitation.objects.select_related("team", "invited_by", "accepted_by", "parent")
    return with_names.filter(token_hash=hash_token(token)).first()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """Put a person on the team. Somebody who is on it already stays as they are and leaves the invitation unused.

    Raises LinkEnded if the invitation has been used, revoked or has expired, also in this very moment, and if it is for
    people at a domain where this person is not known to read mail.
    """
    mine = Membership.objects.filter(team=invitation.team_id, user=by)
    if not mine.exists() and is_at_domain(invitation, by.verified_email):
        _take_place(invitation, by)
    membership = mine.select_related("team").first()  # there also if the same person's other click was quicker
    if membership is None:
        raise LinkEnded(_("This invitation can no longer be used."))
    return membership


@transaction.atomic
def accept_with_new_account(*, invitation: Invitation, newcomer: User) -> Membership:
    """Save a new account, whose password is already set, and put it on the team; both or neither.

    Raises UsernameTaken, and LinkEnded as `join` does.
    """
    if invitation.parent_id:  # nobody but the reader of that address has seen this link
        newcomer.email = newcomer.verified_email = invitation.email
    save_new(newcomer)
    return accept_invitation(invitation=invitation, by=newcomer)


def save_new(newcomer: User) -> None:
    """Save a new account inside the caller's transaction. Raises UsernameTaken if somebody was quicker."""
    try:
        with transaction.atomic():
            newcomer.save(force_insert=True)
    except IntegrityError as exc:
        raise UsernameTaken(_("That username was just taken. Choose another one.")) from exc


def _require_room(team: Team, count: int) -> None:
    since = timezone.now() - timedelta(days=1)
    if Invitation.objects.filter(team=team, parent=None, created_at__gt=since).count() + count > MOST_A_DAY:
        sentence = _("A team can create up to %(most)d invitations a day. Try again tomorrow.")
        raise ActionRefused(sentence % {"most": MOST_A_DAY})


def _create(*, team: Team, by: User, role: str, days: int, **values: object) -> tuple[Invitation, str]:
    token = new_token()
    expires_at = timezone.now() + timedelta(days=days)
    made = Invitation(
        team=team, role=role, token_hash=hash_token(token), invited_by=by, expires_at=expires_at, **values
    )
    made.save(force_insert=True)
    return made, token


def _usable(invitation: Invitation) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        inviter_owns_team(), pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )


@transaction.atomic
def _take_place(invitation: Invitation, by: User) -> None:
    """Use one place up and put the person on the team; neither where the same person's other click was quicker."""
    if not _claim(invitation, by):
        return
    _membership, is_new = Membership.objects.get_or_create(
        team_id=invitation.team_id, user=by, defaults={"role": invitation.role}
    )
    if not is_new:
        transaction.set_rollback(True)


def _claim(invitation: Invitation, by: User) -> bool:
    """Use one place up; the last one ends the invitation. The condition is part of the update, so a link never lets in
    more than it says."""
    now = timezone.now()
    last = When(max_uses__lte=F("uses") + 1, then=Value(now))
    taken = _usable(invitation).update(uses=F("uses") + 1, accepted_by=by, accepted_at=Case(last, default=None))
    return taken == 1 and (invitation.parent is None or _claim(invitation.parent, by))
