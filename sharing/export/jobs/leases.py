"""Which process writes which export, and what becomes of one whose process is gone: another one begins it anew."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from core.web.jobs.leases import Leases, lease_until, run_out
from sharing.models import ExportJob


class ExportLeases(Leases[ExportJob]):
    """Who writes what."""

    def give_up(self, abandoned: QuerySet[ExportJob], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free what was being written for whoever claims it. Nothing is ended."""
        abandoned.exclude(pk__in=held).update(state=ExportJob.State.WAITING, lease_holder=None, lease_expires_at=Now())
        return []

    def claim_one(self, *, holder: UUID) -> UUID | None:
        """Take over the export that has waited longest."""
        waiting = self._claimable.filter(run_out(), lease_holder=None).order_by("created_at", "pk")
        if not waiting.exists():
            return None
        with transaction.atomic():
            locked = waiting.select_for_update(skip_locked=True, no_key=True)
            found = list(locked.values_list("pk", flat=True)[:1])
            self._live.filter(pk__in=found).update(lease_holder=holder, lease_expires_at=lease_until())
        return found[0] if found else None


_jobs = ExportJob.objects.filter(state__spelled_in=ExportJob.LIVE)
export_leases = ExportLeases(live=_jobs, claimable=_jobs)
