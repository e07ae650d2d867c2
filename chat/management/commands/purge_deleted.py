"""`manage.py purge_deleted`: removes for good what was deleted a month ago."""

from typing import Any

from django.core.management.base import BaseCommand

from chat import managing, presets


class Command(BaseCommand):
    help = f"Removes conversations and presets for good that were deleted more than {managing.KEPT_FOR.days} days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Purged {managing.purge()} conversations and {presets.purge()} presets.")
