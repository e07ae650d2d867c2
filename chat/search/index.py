"""Making the index, and making it anew."""

import logging
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from chat.search import known, sqlite
from chat.search.backends import backend_for

logger = logging.getLogger(__name__)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the index and the triggers that keep it."""
    backend_for(connection).install(connection)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and the triggers that keep it, and the keys of questions with theirs."""
    known.uninstall(connection)
    backend_for(connection).uninstall(connection)


def upgrade(connection: BaseDatabaseWrapper) -> None:
    """Bring an index that an earlier version made to this one's ways. On PostgreSQL `renew` does the rest."""
    backend_for(connection).upgrade(connection)


def widen(connection: BaseDatabaseWrapper) -> None:
    """Have an index that knows texts alone keep facts and sources, too. `chat.search.facts` finds them afterwards."""
    backend_for(connection).widen(connection)


def renew(connection: BaseDatabaseWrapper, *, most: int) -> int:
    """Index so many texts anew that an earlier version had indexed; returns how many that were, 0 when all are."""
    return backend_for(connection).renew(connection, most=most)


def prepare(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a new connection what the triggers of its database need."""
    if connection.vendor == "sqlite":
        sqlite.prepare(connection)
        known.prepare(connection)


def rebuild(connection: BaseDatabaseWrapper) -> int:
    """Make the index anew from the texts. Returns of how many.

    Nobody can write meanwhile: about 15 seconds for 100,000 messages.
    """
    with transaction.atomic(using=connection.alias):
        backend_for(connection).rebuild(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_document")
            return int(cursor.fetchone()[0])


def repair(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew if a migration took its triggers away, which making a table anew does on SQLite."""
    if backend_for(connection).missing(connection):
        logger.info("Making the search index anew, since a migration took a part of it away.")
        install(connection)
        rebuild(connection)
    if known.missing(connection):
        install_known(connection)


def install_known(connection: BaseDatabaseWrapper) -> None:
    """Make the keys by which questions like another one are found, and the triggers that keep them."""
    with transaction.atomic(using=connection.alias):
        known.install(connection)
        known.rebuild(connection)
