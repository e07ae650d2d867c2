from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, post_migrate, post_save

from core import notices


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = "Conversations"

    def ready(self) -> None:
        from chat.catalog.providers import note_change
        from chat.documents import index
        from chat.models import Withdrawal
        from chat.search import prepare
        from chat.sources.ledger.watching import watch_conversations
        from chat.spaces.succession import watch_memberships

        notices.when_asked(_offer)
        watch_memberships()
        watch_conversations()

        for changed in (post_save, post_delete):
            changed.connect(note_change, sender=Withdrawal)
        connection_created.connect(prepare)
        connection_created.connect(index.prepare)
        post_migrate.connect(_keep_search, sender=self)


def _offer() -> None:
    from chat.documents.search_hits import document_hits
    from chat.palette import entries
    from chat.views.sources.always import account_card
    from core.web.palette import palette_entries
    from core.web.search_providers import search_providers

    palette_entries.register(entries)
    search_providers.register(document_hits)
    notices.account_cards.register(account_card)


def _keep_search(using: str, **_: Any) -> None:
    """A migration that makes a table anew takes its triggers away, and with them the search index."""
    from chat.documents import index
    from chat.search import repair

    repair(connections[using])
    index.repair(connections[using])
