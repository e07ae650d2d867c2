"""`manage.py purge_deleted`: removes for good what can't be restored any more."""

from typing import Any

from django.core.management.base import BaseCommand

from chat.conversations import service as conversations
from chat.presets import service as presets


class Command(BaseCommand):
    help = "Permanently removes what was deleted so long ago that it can't be restored any more."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"Purged {conversations.purge_conversations()} conversations and {presets.purge_presets()} presets."
        )
