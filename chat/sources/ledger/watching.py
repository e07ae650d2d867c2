"""Whatever changes who may read a conversation is told to the ledger, in the same transaction."""

from collections.abc import Collection
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_save, pre_delete

from chat.models import Conversation, LedgerNews
from chat.sources.ledger.settling import forget_conversation

_DECIDES = frozenset({"visibility", "space", "space_id", "owner", "owner_id", "deleted_at"})


def watch_conversations() -> None:
    """Take note of conversations that are moved, deleted, restored or removed for good, whoever does it. What is
    changed by a query has to be told by `note_moved`."""
    post_save.connect(_saved, sender=Conversation, dispatch_uid="the ledger hears of moves")
    pre_delete.connect(_about_to_go, sender=Conversation, dispatch_uid="the ledger hears of removals")


def note_moved(conversations: QuerySet[Conversation]) -> None:
    """Have the ledger look at who may read these conversations."""
    rows = conversations.order_by().values_list("pk", "team_id")
    LedgerNews.objects.bulk_create(
        LedgerNews(conversation_id=pk, team_id=team_id) for pk, team_id in rows.iterator(1_000)
    )


def _saved(
    instance: Conversation, created: bool = False, update_fields: Collection[str] | None = None, **_: Any
) -> None:
    if not created and (update_fields is None or _DECIDES & set(update_fields)):
        LedgerNews.objects.create(conversation=instance, team_id=instance.team_id)


def _about_to_go(instance: Conversation, origin: Model | QuerySet[Model] | None = None, **_: Any) -> None:
    """What goes with its team needs no sums any more."""
    of = origin.model if isinstance(origin, QuerySet) else type(origin)
    if of is Conversation:
        forget_conversation(instance.pk)
