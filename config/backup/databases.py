"""The database that is to be replaced: whether anybody uses it, whether anything is in it, and how a new one takes its
place: on SQLite as a new file, on PostgreSQL within one transaction.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from accounts.models import Team, User
from chat import search
from chat.models import Conversation
from config.backup import tables
from config.backup.archive import Unusable
from config.backup.places import Swap

BESIDE = ("-wal", "-shm", "-journal")
_STOP = "Stop Parley first: something still uses its database."


def refuse_in_use() -> None:
    """Raises Unusable where another process has the database open, which would go on with the old one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0]:
                raise Unusable(_STOP)
        return
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as only:
        try:
            # This lock is given only where nobody else has the file open, not even to read it one day.
            only.execute("PRAGMA locking_mode=EXCLUSIVE")
            only.execute("BEGIN EXCLUSIVE")
            only.execute("ROLLBACK")
        except sqlite3.OperationalError:
            raise Unusable(_STOP) from None
        except sqlite3.DatabaseError:
            return  # no database any more: a reason to restore one


def is_empty() -> bool:
    """Whether nobody has an account and nothing was asked. A database that cannot be read does not count as empty."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return True
    try:
        there = set(connection.introspection.table_names())
        return not any(
            model._meta.db_table in there and model._base_manager.exists() for model in (User, Team, Conversation)
        )
    except DatabaseError:
        return False
    finally:
        connection.close()


@contextmanager
def replacement(swap: Swap) -> Iterator[None]:
    """A database without tables, as Django's default one; what is made in it takes the old one's place at the end,
    together with everything in the swap. Where that fails, nothing has changed."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _drop_tables()
            yield
            swap.commit()
        return
    name = connection.settings_dict["NAME"]
    new = swap.add(Path(name), beside=BESIDE)
    new.touch(mode=0o600)
    connection.close()
    connection.settings_dict["NAME"] = str(new)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    swap.commit()


def _drop_tables() -> None:
    """Drop what Parley has in the database, and nothing that others have there."""
    search.uninstall(connection)
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in tables.stored_models():
            cursor.execute(f"DROP TABLE IF EXISTS {quoted(model._meta.db_table)} CASCADE")
        cursor.execute("DROP TABLE IF EXISTS django_migrations")
