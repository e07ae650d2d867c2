"""E-mail through the operator's SMTP server. Where none is set, nothing offers to send any.

Nothing here asks the database: letters are sent after what they tell of is stored, and never inside a transaction.
"""

import logging
import smtplib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_noop

logger = logging.getLogger(__name__)

TAKE_AT_MOST = 20.0  # seconds for all letters of one request
MOST_WAITING = 100  # letters that wait to be sent behind a request

_post = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
_room = threading.BoundedSemaphore(MOST_WAITING)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in plain text to one address. `headers` are those besides what every message has."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


def is_set() -> bool:
    """Whether there is a mail server."""
    return bool(settings.EMAIL_IS_SET)


def send_each(letters: Sequence[Letter]) -> list[str]:
    """Send the letters one by one. For each, why it was not sent, as a sentence in English that is to be translated for
    whoever reads it; empty when it was."""
    deadline = time.monotonic() + TAKE_AT_MOST
    connection = get_connection()
    problems: list[str] = []
    try:
        for letter in letters:
            late = time.monotonic() > deadline
            problems.append(gettext_noop("There wasn’t enough time to send it.") if late else _send(connection, letter))
    finally:
        _close(connection)
    return problems


def try_connection() -> str:
    """Connect to the mail server and say nothing. Why that failed, as `send_each` says it; empty when it did not."""
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as fault:
        return _reason(fault)
    finally:
        _close(connection)
    return ""


def send_later(write: Callable[[], Letter]) -> None:
    """Have a letter written and sent behind the request, so that how long that takes tells nobody whether there was
    one. What goes wrong is in the log, without address and text."""
    if not _room.acquire(blocking=False):
        logger.error("Too many e-mails are waiting to be sent. One was dropped.")
        return
    _post.submit(_send_behind, write)


def _send_behind(write: Callable[[], Letter]) -> None:
    try:
        if problem := send_each([write()])[0]:
            logger.error("An e-mail could not be sent: %s", problem)
    except Exception:
        logger.exception("An e-mail could not be written.")
    finally:
        _room.release()


def _send(connection: BaseEmailBackend, letter: Letter) -> str:
    subject = " ".join(letter.subject.split())
    try:
        connection.open()
        connection.send_messages([EmailMessage(subject, letter.text, to=[letter.to], headers=dict(letter.headers))])
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        logger.warning("The mail server did not take an e-mail: %s", type(fault).__name__)
        _close(connection)
        return _reason(fault)
    return ""


def _reason(fault: Exception) -> str:
    match fault:
        case smtplib.SMTPAuthenticationError():
            return gettext_noop("The mail server rejected Parley’s username or password.")
        case smtplib.SMTPRecipientsRefused() | ValueError():
            return gettext_noop("The mail server rejected this address.")
        case smtplib.SMTPSenderRefused():
            return gettext_noop("The mail server rejected the sender’s address.")
        case smtplib.SMTPResponseException():
            return gettext_noop("The mail server didn’t accept the e-mail.")
        case _:
            return gettext_noop("The mail server couldn’t be reached.")


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        logger.debug("The connection to the mail server was gone already.")
