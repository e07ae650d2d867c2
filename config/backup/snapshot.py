"""One moment of the database: what is read within it belongs together, while everybody goes on writing."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from config.backup.archive import BackupError

ALIAS = "snapshot"


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias of a connection that sees the database as it is now, until the context ends.

    Nobody has to wait for it: SQLite's write-ahead log and PostgreSQL keep for it what others change.
    """
    settings = copy.deepcopy(connection.settings_dict)
    if connection.vendor == "sqlite":
        settings["OPTIONS"]["transaction_mode"] = "DEFERRED"  # or it would keep writers away
    connections.settings[ALIAS] = settings
    try:
        with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT count(*) FROM django_migrations")  # SQLite's moment is that of the first read
            yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


def applied_migrations(*, using: str) -> list[tuple[str, str]]:
    """The migrations that are applied: which version of the tables it is.

    Raises BackupError where the program is of another version.
    """
    loader = MigrationExecutor(connections[using]).loader
    applied = sorted(loader.applied_migrations)
    if set(loader.graph.leaf_nodes()) - set(applied):
        raise BackupError("The database is older than the program: run manage.py migrate.")
    if set(applied) - set(loader.disk_migrations):
        raise BackupError("The database is newer than the program: update Parley.")
    return applied
