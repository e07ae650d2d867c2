"""Says how to sign in; the first time by a link that makes the first account."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from accounts.services import setup


class Command(BaseCommand):
    """Run at every start, so it looks at nothing but whether anybody has an account."""

    help = "Prints a one-time link for creating the first owner and the team, or says where to sign in."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it. A link printed before stops working."""
        if setup.has_accounts():
            # The page that signs in is where everybody comes who is not; to look up its own address loads every page.
            self.stdout.write(f"Sign in at {settings.SITE_URL}/")
            return
        address = settings.SITE_ORIGIN + reverse("accounts:welcome", args=[setup.new_first_link()])
        self.stdout.write("There are no accounts yet. This link creates the first one and your team (it works once):")
        self.stdout.write(f"\n  {address}\n\n")
