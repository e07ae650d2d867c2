"""`manage.py demo_upstream --port N`: the demo upstream for clients outside this process."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upstream.demo import server
from upstream.demo.perplexity import Demo


class Command(BaseCommand):
    """Serves the demo upstream on a port until it is told to stop."""

    help = "Serve the demo upstream (an offline stand-in for the answer service) on a port."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--port` is required; 0 takes any free port. `--withdrawn` lets Sonar's paths answer as after their end."""
        parser.add_argument("--port", type=int, required=True, help="the port to listen on; 0 takes any free one")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument(
            "--withdrawn",
            type=int,
            choices=(404, 405, 410),
            default=0,
            help="Sonar has ended: its paths answer with this status, while the Agent API works",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        try:
            demo = Demo(withdrawn=options["withdrawn"])
            asyncio.run(server.run(options["host"], options["port"], demo=demo))
        except OSError as exc:
            raise CommandError(f"cannot listen on {options['host']}, port {options['port']}: {exc.strerror}") from exc
