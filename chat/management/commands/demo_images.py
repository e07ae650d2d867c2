"""`manage.py demo_images --port N`: the demo image service for clients outside this process."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upstream.demo import server
from upstream.demo.images.routes import DemoImages
from upstream.demo.images.table import FORMATS


class Command(BaseCommand):
    """Serves the demo image service on a port until it is told to stop."""

    help = "Serve the demo image service (an offline stand-in for servers that draw like OpenAI’s) on a port."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--port` is required; 0 takes any free port."""
        parser.add_argument("--port", type=int, required=True, help="the port to listen on; 0 picks a free one")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument("--key", default="", help="the key that callers must send (default: none)")
        parser.add_argument(
            "--answers", default="", choices=FORMATS, help="how images are returned (default: as the model does)"
        )
        parser.add_argument("--strict", action="store_true", help="refuse response_format for every model")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        service = DemoImages(key=options["key"], form=options["answers"], strict=options["strict"])
        try:
            asyncio.run(server.run(options["host"], options["port"], demo=service, name="Demo image service"))
        except OSError as exc:
            raise CommandError(f"Can’t listen on {options['host']}, port {options['port']}: {exc.strerror}") from exc
