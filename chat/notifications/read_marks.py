"""What a person has not seen yet: conversations that they opened once, and in which an answer ended since."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from chat.models import Conversation, ReadMark


def mark_seen(*, conversation: Conversation, by: User) -> None:
    """Note that the person has the conversation before their eyes now, with all that has ended in it."""
    ReadMark.objects.bulk_create(
        [ReadMark(person=by, conversation=conversation, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["person", "conversation"],
        update_fields=["seen_at"],
    )


def unread_by(person_id: UUID) -> Exists:
    """Whether a conversation of a query has an answer that ended after the person last saw it."""
    return Exists(
        ReadMark.objects.filter(conversation=OuterRef("pk"), person=person_id, seen_at__lt=OuterRef("answered_at"))
    )
