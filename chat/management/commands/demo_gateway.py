"""`manage.py demo_gateway --port N`: the demo gateway for clients outside this process."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upstream.demo import server
from upstream.demo.gateway.routes import DemoGateway


class Command(BaseCommand):
    """Serves the demo gateway on a port until it is told to stop."""

    help = "Serve the demo gateway (an offline stand-in for the gateway that searches and draws) on a port."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--port` is required; 0 takes any free port."""
        parser.add_argument("--port", type=int, required=True, help="the port to listen on; 0 picks a free one")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument("--key", default="", help="the key that callers must send (default: none)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        gateway = DemoGateway(key=options["key"])
        try:
            asyncio.run(server.run(options["host"], options["port"], demo=gateway, name="Demo gateway"))
        except OSError as exc:
            raise CommandError(f"Can’t listen on {options['host']}, port {options['port']}: {exc.strerror}") from exc
