"""What the e-mails say. Their links lead to SITE_URL, whatever host a request named."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from core.web.formats import moment
from core.web.mail import Letter


def link_to(name: str, *args: str) -> str:
    """The whole address of a page."""
    return f"{settings.SITE_ORIGIN}{reverse(name, args=args)}"


def signed(text: str) -> str:
    """The text with what stands below every e-mail."""
    return f"{text}\n\n--\nParley\n{settings.SITE_URL}\n"


def invitation_words(*, invitation: Invitation, link: str) -> tuple[str, str]:
    """Subject and text of an invitation, for an e-mail or for whoever sends the link in another way."""
    inviter = invitation.invited_by.display_name if invitation.invited_by else _("A team owner")
    names = {"name": inviter, "team": invitation.team.name}
    subject = _("%(name)s invites you to %(team)s on Parley") % names
    paragraphs = [
        _("Hello,"),
        _("%(name)s has invited you to join the team %(team)s on Parley. Open this link to join:") % names,
        link,
        _("The link works until %(date)s (%(zone)s).") % _when(invitation.expires_at),
    ]
    return subject, "\n\n".join(paragraphs)


def invitation_letter(*, invitation: Invitation, link: str) -> Letter:
    """The e-mail that brings an invitation to its address."""
    subject, text = invitation_words(invitation=invitation, link=link)
    return Letter(to=invitation.email, subject=subject, text=signed(text))


def address_letter(*, person: User, address: str, link: str) -> Letter:
    """The e-mail that asks somebody to confirm their address."""
    paragraphs = [
        _("Hello %(name)s,") % {"name": person.display_name},
        _("Open this link to confirm that this address belongs to your Parley account (%(username)s):")
        % {"username": person.username},
        link,
        _("The link works for one day. If you didn’t ask for it, you can ignore this e-mail."),
    ]
    return Letter(to=address, subject=_("Confirm your e-mail address"), text=signed("\n\n".join(paragraphs)))


def password_letter(*, person: User, link: str) -> Letter:
    """The e-mail by which somebody sets a new password."""
    paragraphs = [
        _("Hello %(name)s,") % {"name": person.display_name},
        _("Open this link to set a new password for your Parley account (%(username)s):")
        % {"username": person.username},
        link,
        _("The link works once, for one day. If you didn’t ask for it, you can ignore this e-mail."),
    ]
    return Letter(to=person.verified_email, subject=_("Set a new password"), text=signed("\n\n".join(paragraphs)))


def _when(at: datetime) -> dict[str, str]:
    return {"date": moment(at), "zone": f"{timezone.localtime(at):%Z}"}
