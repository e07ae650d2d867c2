"""Prepares one data folder from which every test server gets its copy: `python -m tests.seed`.

Migrates the database that the environment names, collects the static files, brings in the cast and signs everybody
in. `sessions.json` in the data folder then says each person's session key, and `MIGRATED` is the database as it was
before anybody came; on PostgreSQL a database whose name ends so, which takes a role that may make one, and is made with
`python -m tests.seed --migrated` alone.
"""

import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Membership, Team, User  # noqa: E402
from config.serving.static_collection import collect_static  # noqa: E402
from tests.cast import CAST, PASSWORD  # noqa: E402
from tests.stores import MIGRATED, MIGRATED_SUFFIX, WITH_MIGRATED  # noqa: E402


def main() -> None:
    """Fill the folder."""
    call_command("migrate", interactive=False, verbosity=0)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(Path(settings.DATA_DIR, MIGRATED))) as copy:
            connection.connection.backup(copy)
    elif WITH_MIGRATED in sys.argv:
        database = connection.settings_dict["NAME"]
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}{MIGRATED_SUFFIX}" TEMPLATE "{database}"')
    collect_static(Path(settings.STATIC_ROOT))  # as a start does, which then finds nothing to do in a copy
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
