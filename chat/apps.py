from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, post_migrate, post_save


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = "Conversations"

    def ready(self) -> None:
        from chat.catalog.providers import note_change
        from chat.models import Withdrawal
        from chat.search import prepare

        for changed in (post_save, post_delete):
            changed.connect(note_change, sender=Withdrawal)
        connection_created.connect(prepare)
        post_migrate.connect(_keep_search, sender=self)


def _keep_search(using: str, **_: Any) -> None:
    """A migration that makes a table anew takes its triggers away, and with them the search index."""
    from chat.search import repair

    repair(connections[using])
