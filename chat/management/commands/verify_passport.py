"""`manage.py verify_passport FILE`: verifies a passport of an answer with nothing but its file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.sources.passports.verify import run


class Command(BaseCommand):
    help = "Says what the passport of an answer proves. Needs neither the database nor the installation that signed it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--fingerprint",
            default="",
            help="That of the installation which has to have signed it (manage.py passport_key there).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not run(options["file"], fingerprint=options["fingerprint"], write=self.stdout.write):
            raise CommandError("This passport is not verified.")
