"""Leases: which process does which job, and how to tell that a process is gone.

A job is a row with `lease_holder` and `lease_expires_at`. Every process makes a round each ROUND_EVERY seconds: it
renews the leases of what it does, and gives up what others left behind. So after a power cut people are told within ten
seconds: LASTS, a round, and the page. What the seven rounds of a lease are for: a process that gets no computing time,
or no turn at the database, for six seconds keeps its jobs, and so it does where the clocks of two hosts differ by five.
A database that is locked for longer, or a machine that sleeps, is noticed by whoever would take the job (`Sweeper`).
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)

LASTS = timedelta(seconds=8)
ROUND_EVERY = 1.0  # seconds
BEGINS_WITHIN = timedelta(seconds=3)
MOST_CLAIMED = 100  # jobs in one round
CALM = 5.0  # seconds: several rounds, and less than a lease that was just renewed still lasts
AT_ONCE = 0.5  # seconds


def lease_until() -> datetime:
    """When a lease that is taken or renewed now runs out."""
    return timezone.now() + LASTS


def grace_until() -> datetime:
    """Until when a new job waits for the process that was asked; after that any process may take it."""
    return timezone.now() + BEGINS_WITHIN


class Leases(ABC, Generic[M]):
    """The leases of one kind of job.

    `live` are the rows that still need somebody, `claimable` those of them that anybody may begin, or go on with.
    """

    def __init__(self, *, live: QuerySet[M], claimable: QuerySet[M]) -> None:
        self._live = live
        self._claimable = claimable

    @abstractmethod
    def give_up(self, abandoned: QuerySet[M], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free abandoned jobs for whoever claims them, or end them, and return those that were ended.

        None of those that this process itself holds is touched.
        """

    def take(self, job_id: UUID, *, holder: UUID, new: bool = False) -> bool:
        """Take the lease of a job that nobody holds. False when somebody was faster.

        With `new` only if nobody can have begun with it: one that was let go is for whoever claims it.
        """
        free = self._claimable.filter(pk=job_id, lease_holder=None)
        if new:
            free = free.filter(lease_expires_at__gt=timezone.now())
        return bool(free.update(lease_holder=holder, lease_expires_at=lease_until()))

    def let_go(self, job_id: UUID, *, holder: UUID) -> None:
        """Give the lease back, so that any process may take it at once."""
        self.of(holder).filter(pk=job_id).update(lease_holder=None, lease_expires_at=timezone.now())

    def renew(self, *, holder: UUID, held: Collection[UUID]) -> set[UUID]:
        """Renew the holder's leases; returns those of `held` that were ended, or taken over, by somebody else."""
        if not held:
            return set()
        ours = self.of(holder).filter(pk__in=held)
        if ours.update(lease_expires_at=lease_until()) == len(held):
            return set()
        return set(held) - set(ours.values_list("pk", flat=True))

    def claim(self, *, holder: UUID) -> list[UUID]:
        """Take over, oldest first, jobs that wait for somebody: that nobody ever began, or that were let go."""
        waiting = self._claimable.filter(lease_holder=None, lease_expires_at__lt=timezone.now())
        found = list(waiting.order_by("created_at", "pk").values_list("pk", flat=True)[:MOST_CLAIMED])
        return [job_id for job_id in found if self.take(job_id, holder=holder)]

    def of(self, holder: UUID) -> QuerySet[M]:
        """The live jobs whose lease the process has."""
        return self._live.filter(lease_holder=holder)

    def expired(self) -> QuerySet[M]:
        """The live jobs whose lease ran out."""
        return self._live.filter(lease_holder__isnull=False, lease_expires_at__lt=timezone.now())


@dataclass
class Sweeper:
    """Gives up jobs whose process is gone.

    Nobody can renew a lease while the database is locked or the machine sleeps. So after a round that came late or
    could not have written at once, the others get CALM to renew theirs before any of them is believed gone.
    """

    leases: Leases[Any]
    _last_round: float | None = None
    _calm_since: float = 0.0

    def sweep(self, *, held: Collection[UUID] = ()) -> list[UUID]:
        """Give up every job whose lease ran out, but none of `held`; returns those that were ended."""
        now = time.time()
        disturbed = self._last_round is not None and not 0 <= now - self._last_round <= CALM
        if not _can_write_at_once() or disturbed:
            self._calm_since = time.time()
        self._last_round = now
        if now < self._calm_since + CALM:
            return []
        return self.leases.give_up(self.leases.expired(), held=held)


def _can_write_at_once() -> bool:
    """Whether nothing holds the database up. SQLite waits here for whoever writes; PostgreSQL never does."""
    began = time.monotonic()
    try:
        with transaction.atomic():
            pass
    except OperationalError:
        return False
    return time.monotonic() - began < AT_ONCE
