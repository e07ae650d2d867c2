"""The database that a restore replaces: on SQLite by a new file, on PostgreSQL within one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from accounts.models import Team, User
from chat import search
from chat.documents import index as documents_index
from chat.models import Conversation
from config.backup.archive import BackupError
from config.backup.rows import stored_models
from config.backup.swap import Swap

_IN_USE = "Stop Parley first: something still uses its database."
_WRITTEN_BESIDE = ("-wal", "-shm", "-journal")  # by SQLite; they stay where a process died or the file is damaged


def refuse_database_in_use() -> None:
    """Raises BackupError where another process has the database open, which would go on with the old one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0]:
                raise BackupError(_IN_USE)
    elif (path := _file()).exists():
        connection.close()
        with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as only:
            try:
                # This lock is given only where nobody else has the file open, not even to read it one day.
                only.executescript("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK")
            except sqlite3.OperationalError:
                raise BackupError(_IN_USE) from None
            except sqlite3.DatabaseError:
                return  # no database any more: a reason to restore one


def is_database_empty() -> bool:
    """Whether nobody has an account and nothing was asked. A database that cannot be read does not count as empty."""
    if connection.vendor == "sqlite" and not _file().exists():
        return True
    try:
        there = set(connection.introspection.table_names())
        models = [model for model in (User, Team, Conversation) if model._meta.db_table in there]
        return not any(model._base_manager.exists() for model in models)
    except DatabaseError:
        return False
    finally:
        connection.close()


@contextmanager
def replace_database(swap: Swap) -> Iterator[None]:
    """A database without tables, as Django's default one. What is made in it takes the old one's place at the end,
    together with everything in the swap; where that fails, nothing has changed."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _drop_tables()
            yield
            swap.commit()
        return
    path = _file()
    new = swap.add(path)
    for suffix in _WRITTEN_BESIDE:
        swap.add(path.with_name(path.name + suffix))
    new.touch(mode=0o600)
    connection.close()
    connection.settings_dict["NAME"] = str(new)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(path)
    swap.commit()


def uninstall_indexes() -> None:
    """Remove the full-text indexes and the triggers that keep them."""
    documents_index.uninstall(connection)
    search.uninstall(connection)


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _drop_tables() -> None:
    """Drop what Parley has in the database, and nothing that others have there."""
    uninstall_indexes()
    with connection.cursor() as cursor:
        for table in [*(model._meta.db_table for model in stored_models()), "django_migrations"]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
