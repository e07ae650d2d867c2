"""`manage.py passport_key`: by which key this installation signs passports of answers."""

from typing import Any

from django.core.management.base import BaseCommand

from chat.sources.passports.signing import fingerprint
from chat.sources.passports.verify import grouped


class Command(BaseCommand):
    help = "Prints the fingerprint of the key by which this installation signs passports of answers."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(grouped(fingerprint()))
