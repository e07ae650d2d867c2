"""Which index goes with which database."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from chat.documents.index import postgresql, sqlite
from chat.search.query import Query, Term


class Backend(Protocol):
    """The face that both indexes have."""

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Make what is missing of the index and its triggers."""

    def missing(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether a part of the index is not there, as after a migration that made the table of passages anew."""

    def uninstall(self, connection: BaseDatabaseWrapper) -> None:
        """Remove the index and its triggers."""

    def rebuild(self, connection: BaseDatabaseWrapper) -> None:
        """Make the index anew from the passages. Has to run inside a transaction."""

    def best(
        self, connection: BaseDatabaseWrapper, space: UUID, terms: Sequence[Term], *, most: int
    ) -> list[tuple[int, float]]:
        """The ids of passages in which some of the terms stand, with how well they match: the best come first."""

    def matching(
        self, connection: BaseDatabaseWrapper, spaces: Sequence[UUID], query: Query, *, most: int
    ) -> list[tuple[int, float]]:
        """The same of passages that have all that the query wants and nothing that it does not."""

    def in_version(self, connection: BaseDatabaseWrapper, space: UUID, version: UUID, query: Query) -> list[int]:
        """The ids of the passages of one version that match the query, in their order."""


def backend_for(connection: BaseDatabaseWrapper) -> Backend:
    """The index of this connection's database. Raises ImproperlyConfigured for a database that has none."""
    if connection.vendor == "sqlite":
        return sqlite
    if connection.vendor == "postgresql":
        return postgresql
    raise ImproperlyConfigured(f"Searching works on SQLite and PostgreSQL, not on {connection.vendor}.")
