"""Prepares one data folder from which every test server gets its copy: `python -m tests.seed`.

Migrates the database that the environment names, collects the static files, brings in the cast and signs everybody
in. `sessions.json` in the data folder then says each person's session key.
"""

import json
import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Membership, Team, User  # noqa: E402
from tests.cast import CAST, PASSWORD  # noqa: E402


def main() -> None:
    """Fill the folder."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    sessions = {}
    for part in CAST:
        team, _ = Team.objects.get_or_create(name=part.team)
        user = User.objects.create_user(part.username, password=PASSWORD)
        Membership.objects.create(team=team, user=user, role=part.role)
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        sessions[part.username] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    Path(settings.DATA_DIR, "sessions.json").write_text(json.dumps(sessions))
    connection.close()


if __name__ == "__main__":
    main()
