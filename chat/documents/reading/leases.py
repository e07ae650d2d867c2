"""Which process reads which document, and what becomes of one whose process is gone: another one begins it anew."""

import random
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from chat.models import DocumentVersion
from core.web.jobs.leases import Leases, lease_until, run_out

_TO_BE_READ = Q(state__spelled_in=[DocumentVersion.State.WAITING, DocumentVersion.State.READING])


class ReadingLeases(Leases[DocumentVersion]):
    """Who reads what."""

    def give_up(self, abandoned: QuerySet[DocumentVersion], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free what was being read for whoever claims it. Nothing is ended."""
        abandoned.exclude(pk__in=held).update(
            state=DocumentVersion.State.WAITING, lease_holder=None, lease_expires_at=Now()
        )
        return []

    def claim_one(self, *, holder: UUID) -> UUID | None:
        """Take over the oldest version that waits in one of the spaces where some do. Spaces take turns by chance, so
        that one which gets a thousand documents holds up no other for long."""
        waiting = self._claimable.filter(run_out(), lease_holder=None)
        spaces = list(waiting.order_by().values_list("document__space", flat=True).distinct()[:1000])
        if not spaces:
            return None
        space = random.choice(spaces)  # noqa: S311 - nobody gains anything by guessing it
        with transaction.atomic():
            found = list(
                waiting.filter(document__space=space)
                .order_by("created_at", "pk")
                .select_for_update(skip_locked=True, no_key=True, of=("self",))
                .values_list("pk", flat=True)[:1]
            )
            self._live.filter(pk__in=found).update(lease_holder=holder, lease_expires_at=lease_until())
        return found[0] if found else None


_versions = DocumentVersion.objects.filter(_TO_BE_READ)
reading_leases = ReadingLeases(live=_versions, claimable=_versions)
