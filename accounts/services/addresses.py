"""A person's e-mail address: given by them, and theirs once they have read the mail that was sent to it."""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.errors import LinkEnded
from accounts.models import User
from accounts.services import letters, mail_limits
from core.errors import ActionRefused
from core.web import mail

OPEN_FOR = timedelta(days=1)
MOST_PER_PERSON = 5  # e-mails within an hour
MOST_PER_ADDRESS = 3
MOST_TRIES = 10  # passwords within an hour
SALT = "accounts.address"


def give_address(*, by: User, address: str, password: str = "") -> None:
    """Keep a person's address and send it a link that confirms it; an empty one takes back what they gave. Until it is
    confirmed, the one before stays in use.

    By an address somebody can set a new password, so another one takes the person's password, as changing that does: a
    computer that was left alone gives nobody the account. Raises ActionRefused for a wrong password, after too many
    tries or e-mails, and with the reason when this one was not sent.
    """
    if not address:
        User.objects.filter(pk=by.pk).update(email="", verified_email="")
        return
    if address == by.verified_email:
        User.objects.filter(pk=by.pk).update(email=address)
        return
    if not mail_limits.take_turn(kind="try", limits={f"person {by.pk}": MOST_TRIES}):
        raise ActionRefused(_("You’ve tried this too often. Try again in an hour."))
    if not by.check_password(password):
        raise ActionRefused(_("That isn’t your password."))
    limits = {f"person {by.pk}": MOST_PER_PERSON, f"mailbox {address}": MOST_PER_ADDRESS}
    if not mail_limits.take_turn(kind="address", limits=limits):
        raise ActionRefused(_("Too many e-mails were requested. Try again in an hour."))
    User.objects.filter(pk=by.pk).update(email=address)
    told = {"person": str(by.pk), "address": address, "access": _access_of(by)}
    token = signing.dumps(told, salt=SALT)
    link = letters.link_to("accounts:confirm_address", token)
    problem = mail.send_each([letters.address_letter(person=by, address=address, link=link)])[0]
    if problem:
        raise ActionRefused(_(problem))


def person_to_confirm(*, token: str) -> User:
    """Whose address the link confirms. Raises LinkEnded for a link that is none, too old, or of another address, and
    for one from before the person's sessions were last ended: whoever it was who had an address confirmed then."""
    try:
        told = signing.loads(token, salt=SALT, max_age=OPEN_FOR)
        person = User.objects.get(pk=UUID(told["person"]), email=told["address"], is_active=True)
    except (signing.BadSignature, User.DoesNotExist) as exc:
        raise LinkEnded(_("This link has expired, or the address has changed since.")) from exc
    if not constant_time_compare(told.get("access", ""), _access_of(person)):
        raise LinkEnded(_("This link has expired, or the address has changed since."))
    return person


@transaction.atomic
def confirm_address(*, token: str) -> User:
    """Take the address as the person's. Raises LinkEnded."""
    person = person_to_confirm(token=token)
    if not User.objects.filter(pk=person.pk, email=person.email).update(verified_email=person.email):
        raise LinkEnded(_("This link has expired, or the address has changed since."))
    return person


def _access_of(person: User) -> str:
    """Changes with whatever ends the person's sessions: another password, signing out everywhere, deactivation."""
    return salted_hmac(SALT, person.get_session_auth_hash(), algorithm="sha256").hexdigest()[:16]
