"""Saving and removing the key. Every change is on record with who made it and when, never with the key."""

import logging

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from chat.connection import encryption, stored_key
from chat.models import KeyChange
from core.errors import ActionRefused

logger = logging.getLogger(__name__)

SHOWN_CHANGES = 10


class ChangedMeanwhile(ActionRefused):
    """Somebody else has changed the key since the page was opened."""


def newest_change() -> KeyChange | None:
    """The change that holds; None where there never was one."""
    return KeyChange.objects.select_related("changed_by").order_by("-id").first()


def recent_changes() -> list[KeyChange]:
    """The last changes, newest first."""
    return list(KeyChange.objects.select_related("changed_by").order_by("-id")[:SHOWN_CHANGES])


@sensitive_variables("key")
def save_key(*, key: str, seen: int, was_tested: bool, by: User) -> None:
    """Keep the key, encrypted, in place of any other; it holds here at once and in other processes within seconds.

    `seen` is the id of the change that the person saw. Raises ChangedMeanwhile where that is not the newest.
    """
    ciphertext = encryption.encrypt(key, purpose=encryption.STORED)
    change = KeyChange(kind=KeyChange.Kind.SAVED, ciphertext=ciphertext, was_tested=was_tested)
    _store(change, seen=seen, by=by)
    logger.info("%s saved the key for Perplexity%s.", by.get_username(), "" if was_tested else " without testing it")


def remove_key(*, seen: int, by: User) -> None:
    """Forget the key. Raises ChangedMeanwhile, as `save_key` does."""
    _store(KeyChange(kind=KeyChange.Kind.REMOVED), seen=seen, by=by)
    logger.info("%s removed the key for Perplexity.", by.get_username())


def _store(change: KeyChange, *, seen: int, by: User) -> None:
    change.follows, change.changed_by = seen, by
    try:
        with transaction.atomic():
            newest = KeyChange.objects.order_by("-id").values_list("id", flat=True).first() or 0
            if newest != seen:
                raise ChangedMeanwhile(_meanwhile())
            change.save(force_insert=True)
            KeyChange.objects.exclude(pk=change.pk).exclude(ciphertext="").update(ciphertext="")
    except IntegrityError:  # the other one was faster by less than a query
        raise ChangedMeanwhile(_meanwhile()) from None
    transaction.on_commit(stored_key.refresh, robust=True)


def _meanwhile() -> str:
    return _("Someone else changed the key in the meantime. Check what is saved now. Nothing was changed.")
