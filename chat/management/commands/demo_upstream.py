"""`manage.py demo_upstream --port N`: the demo upstream for clients outside this process."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upstream.demo import server
from upstream.demo.perplexity import Demo
from upstream.demo.sonar.routes import ENDS


class Command(BaseCommand):
    """Serves the demo upstream on a port until it is told to stop."""

    help = "Serve the demo upstream (an offline stand-in for the answer service) on a port."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--port` is required; 0 takes any free port. `--sonar` says how Sonar's paths answer."""
        parser.add_argument("--port", type=int, required=True, help="the port to listen on; 0 picks a free one")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument(
            "--sonar",
            "--withdrawn",
            choices=ENDS,
            default="ended",
            help="how Sonar’s paths answer while the Agent API works: that Sonar has ended, in one of several ways, or "
            "as before (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        try:
            demo = Demo(sonar=options["sonar"])
            asyncio.run(server.run(options["host"], options["port"], demo=demo))
        except OSError as exc:
            raise CommandError(f"Can’t listen on {options['host']}, port {options['port']}: {exc.strerror}") from exc
