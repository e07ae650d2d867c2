"""Which process reads or imports which file, and what becomes of one whose process is gone: another one goes on."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from core.web.jobs.leases import Leases
from sharing.models import ImportRun


class ImportLeases(Leases[ImportRun]):
    """Who does what."""

    def give_up(self, abandoned: QuerySet[ImportRun], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free what was being done for whoever claims it. Nothing is ended."""
        abandoned.exclude(pk__in=held).update(lease_holder=None, lease_expires_at=Now())
        return []


_live = ImportRun.objects.filter(state__spelled_in=ImportRun.LIVE)
import_leases = ImportLeases(live=_live, claimable=_live)
