"""What can be done to a conversation besides asking in it. Each is one small update that says who did it."""

import logging
from datetime import UTC, datetime

from django.utils import timezone

from accounts.models import User
from chat import access
from chat.models import Conversation

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When a conversation was deleted, by its row, that is to be removed for good."""

logger = logging.getLogger(__name__)


def rename_conversation(*, conversation: Conversation, title: str, by: User) -> None:
    """Give the conversation another title of at most 200 characters."""
    conversation.title = title
    _store(conversation, ("title",), by, "renamed")


def pin_conversation(*, conversation: Conversation, by: User) -> None:
    """Put the conversation among the pinned ones of everybody who reads it."""
    conversation.pinned = True
    _store(conversation, ("pinned",), by, "pinned")


def unpin_conversation(*, conversation: Conversation, by: User) -> None:
    """Take the conversation from among the pinned ones."""
    conversation.pinned = False
    _store(conversation, ("pinned",), by, "unpinned")


def archive_conversation(*, conversation: Conversation, by: User) -> None:
    """Put the conversation out of the way; it stays readable and is found by the search."""
    conversation.archived = True
    _store(conversation, ("archived",), by, "archived")


def unarchive_conversation(*, conversation: Conversation, by: User) -> None:
    """Bring the conversation back to the others."""
    conversation.archived = False
    _store(conversation, ("archived",), by, "unarchived")


def delete_conversation(*, conversation: Conversation, by: User) -> None:
    """Hide the conversation from everybody. It stays in the trash for TRASH_DAYS and is purged after that."""
    conversation.deleted_at = timezone.now()
    conversation.deleted_by = by
    _store(conversation, ("deleted_at", "deleted_by"), by, "deleted")


def restore_conversation(*, conversation: Conversation, by: User) -> None:
    """Bring a deleted conversation back as it was."""
    conversation.deleted_at = conversation.deleted_by = None
    _store(conversation, ("deleted_at", "deleted_by"), by, "restored")


def erase_conversation(*, conversation: Conversation, by: User) -> None:
    """Take a deleted conversation out of the trash: nobody can restore it any more, and the next purge removes it."""
    conversation.deleted_at = _LONG_AGO
    _store(conversation, ("deleted_at",), by, "erased")


def share_conversation(*, conversation: Conversation, by: User) -> None:
    """Let the whole team read the conversation, which is in no space from then on."""
    conversation.visibility = Conversation.Visibility.TEAM
    conversation.space = None
    _store(conversation, ("visibility", "space"), by, "shared")


def unshare_conversation(*, conversation: Conversation, by: User) -> None:
    """Keep the conversation for its owner alone; teammates lose sight of it, of what they asked in it too. It stays in
    the space in which it is."""
    conversation.visibility = Conversation.Visibility.PRIVATE
    _store(conversation, ("visibility",), by, "made private")


def purge_conversations() -> int:
    """Remove for good what is no longer in the trash. Returns how many conversations that were."""
    old = Conversation.objects.filter(deleted_at__lt=access.trash_begins())
    purged = 0
    for conversation in old.only("pk").iterator(chunk_size=100):
        conversation.delete()
        purged += 1
    return purged


def _store(conversation: Conversation, fields: tuple[str, ...], by: User, done: str) -> None:
    conversation.save(update_fields=fields)
    logger.info("%s %s conversation %s.", by.get_username(), done, conversation.pk)
