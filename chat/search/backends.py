"""Which index goes with which database."""

from typing import Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import Membership
from chat.search import postgresql, sqlite
from chat.search.filters import NO_FILTERS, SearchFilters
from chat.search.query import Query
from chat.search.ranking import RankedHit


class Backend(Protocol):
    """The face that both indexes have."""

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Make what is missing of the index and its triggers. Uses only columns that were there from the start."""

    def missing(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether a part of the index is not there, as after a migration that made one of the tables anew."""

    def upgrade(self, connection: BaseDatabaseWrapper) -> None:
        """Bring an index that an earlier version made to this one's ways, as far as a start can wait for."""

    def widen(self, connection: BaseDatabaseWrapper) -> None:
        """Have an index that knows texts alone keep facts and sources, too."""

    def renew(self, connection: BaseDatabaseWrapper, *, most: int) -> int:
        """Index so many texts anew that `upgrade` has left; returns how many that were."""

    def uninstall(self, connection: BaseDatabaseWrapper) -> None:
        """Remove the index and its triggers."""

    def rebuild(self, connection: BaseDatabaseWrapper) -> None:
        """Make the index anew from the texts, oldest first. Has to run inside a transaction."""

    def find(
        self,
        connection: BaseDatabaseWrapper,
        membership: Membership,
        query: Query,
        *,
        through: int,
        filters: SearchFilters = NO_FILTERS,
    ) -> list[RankedHit]:
        """The newest documents, as many as are ranked and none after `through`, that the member may read and that
        match."""


def newest_document(connection: BaseDatabaseWrapper) -> int:
    """The number of the newest document in the index, 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM search_document")
        return int(cursor.fetchone()[0])


def backend_for(connection: BaseDatabaseWrapper) -> Backend:
    """The index of this connection's database. Raises ImproperlyConfigured for a database that has none."""
    if connection.vendor == "sqlite":
        return sqlite
    if connection.vendor == "postgresql":
        return postgresql
    raise ImproperlyConfigured(f"Searching works on SQLite and PostgreSQL, not on {connection.vendor}.")
