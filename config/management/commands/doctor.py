"""`manage.py doctor`: says what is known about this installation, and what would keep people from getting answers."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import health
from config.doctor.address import look_at_address
from config.doctor.backups import look_at_backups
from config.doctor.connections import look_at_connections
from config.doctor.findings import Finding
from config.doctor.mail import look_at_mail
from config.doctor.services import look_at_services
from config.doctor.stored_key import look_at_stored_key
from config.services import connect_services


class Command(BaseCommand):
    """Looks at the database, the files, the key, the services, and the address that people use."""

    help = (
        "Checks the database, the files, the API key, the services and the address that people use. Asks nothing "
        "that costs money and changes nothing. Exits with 1 if something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--no-address` leaves out what needs a running server."""
        parser.add_argument(
            "--no-address", action="store_true", help="skip SITE_URL; Parley doesn’t have to be running then"
        )

    def handle(self, *args: Any, no_address: bool, **options: Any) -> None:
        """Print one line for each part."""
        found = [_of_state("database", health.database_state()), _of_state("files", health.storage_state())]
        found += look_at_connections()
        found += look_at_backups()
        found += look_at_stored_key()
        found += look_at_mail()
        found += asyncio.run(_look_at_services())
        if not no_address:
            found += look_at_address(settings.SITE_URL)
        for finding in found:
            self.stdout.write(finding.line)
        problems = sum(finding.state == "problem" for finding in found)
        if problems:
            raise CommandError(f"Needs attention: {problems} of {len(found)}.")


def _of_state(part: str, state: str) -> Finding:
    return Finding(part, "ok", "It can be used.") if state == health.OK else Finding(part, "problem", state)


async def _look_at_services() -> list[Finding]:
    services = connect_services()
    try:
        return await look_at_services(services)
    finally:
        await services.aclose()
