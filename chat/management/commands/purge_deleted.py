"""`manage.py purge_deleted`: removes for good what was deleted a month ago."""

from typing import Any

from django.core.management.base import BaseCommand

from chat.conversations import service as conversations
from chat.presets import service as presets


class Command(BaseCommand):
    help = f"Permanently removes what was deleted more than {conversations.KEPT_FOR.days} days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"Purged {conversations.purge_conversations()} conversations and {presets.purge_presets()} presets."
        )
