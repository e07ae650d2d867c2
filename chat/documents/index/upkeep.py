"""Making the index of passages, and making it anew."""

import logging
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from chat.documents.index import sqlite
from chat.documents.index.backends import backend_for

logger = logging.getLogger(__name__)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the index and the triggers that keep it."""
    backend_for(connection).install(connection)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and the triggers that keep it."""
    backend_for(connection).uninstall(connection)


def prepare(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a new connection what the triggers of its database need."""
    if connection.vendor == "sqlite":
        sqlite.prepare(connection)


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the passages. Nobody can write meanwhile: about a minute for 200,000 passages."""
    with transaction.atomic(using=connection.alias):
        backend_for(connection).rebuild(connection)


def repair(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew if a migration took its triggers away, which making a table anew does on SQLite."""
    if "chat_passage" in connection.introspection.table_names() and backend_for(connection).missing(connection):
        logger.info("Making the index of passages anew, since a part of it is not there.")
        install(connection)
        rebuild(connection)
