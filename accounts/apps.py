from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from core import notices


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and teams"

    def ready(self) -> None:
        notices.when_asked(_offer)
        post_migrate.connect(_keep_sums, sender=self)


def _offer() -> None:
    from accounts.palette import entries
    from core.web.palette import palette_entries

    palette_entries.register(entries)


def _keep_sums(using: str, **_: Any) -> None:
    """A migration that makes a table anew takes its triggers away, and with them what they keep."""
    from accounts.spending_sums import repair

    repair(connections[using])
