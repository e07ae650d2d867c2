from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = "Conversations"

    def ready(self) -> None:
        from chat.search import prepare

        connection_created.connect(prepare)
        post_migrate.connect(_keep_search, sender=self)


def _keep_search(using: str, **_: Any) -> None:
    """A migration that makes a table anew takes its triggers away, and with them the search index."""
    from chat.search import repair

    repair(connections[using])
