"""Leases: which process does which job, and how to tell that a process is gone.

A job is a row with `lease_holder` and `lease_expires_at`. Every process makes a round each ROUND_EVERY seconds: it
renews the leases of what it does, and gives up what others left behind. So after a power cut people are told within ten
seconds: LASTS, a round, and the page. What the seven rounds of a lease are for: a process that gets no computing time,
or no turn at the database, for six seconds keeps its jobs. A database that is locked for longer, or a machine that
sleeps, is noticed by whoever would take the job (`Sweeper`).

All times are the database's: the clocks of the hosts may differ by hours.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from core.web import spelled_out  # noqa: F401 - the lookup by which kinds of jobs say which rows are live
from core.web.db import database_now, limit_lock_wait

M = TypeVar("M", bound=Model)

LASTS = timedelta(seconds=8)
ROUND_EVERY = 1.0  # seconds
BEGINS_WITHIN = timedelta(seconds=3)
LATELY = timedelta(seconds=3)  # three rounds
MOST_CLAIMED = 100  # jobs in one round
CALM = 5.0  # seconds: several rounds, and less than a lease that was just renewed still lasts
AT_ONCE = 0.5  # seconds
NOTHING = Q(pk__in=())
_TICK = timedelta(milliseconds=1)  # of SQLite's clock: what was stored within it would lie ahead


def lease_until() -> CombinedExpression:
    """When a lease that is taken or renewed by this statement runs out."""
    return Now() + LASTS


def held_until(now: datetime) -> datetime:
    """When a lease runs out that is taken with the row itself. `now` is the database's."""
    return now + LASTS


def grace_until(now: datetime | None = None) -> datetime:
    """Until when a new job waits for the process that was asked; after that any process may take it. `now` is the
    database's."""
    return (now or database_now()) + BEGINS_WITHIN


def renewed_lately() -> Q:
    """The jobs whose process was alive a moment ago."""
    return Q(lease_holder__isnull=False, lease_expires_at__gt=Now() + (LASTS - LATELY))


def never_begun(holder: UUID) -> Q:
    """The jobs that the process `holder` got with their row and has not renewed since then, as it does every round with
    those that it does: whether they were stored it never heard."""
    return Q(lease_holder=holder, lease_expires_at__lte=Now() + (LASTS - BEGINS_WITHIN))


def run_out() -> Q:
    """The leases that are over. One that ends later than any can end comes from before the clock was put back."""
    return Q(lease_expires_at__lte=Now() + _TICK) | Q(lease_expires_at__gt=Now() + 2 * LASTS)


class Leases(ABC, Generic[M]):
    """The leases of one kind of job.

    `live` are the rows that still need somebody, told from the others by words that are spelled out
    (`core.web.spelled_out`); `claimable` those of them that anybody may begin, or go on with.
    A row that somebody else has locked is left alone for that round, and holds up no other.
    """

    def __init__(self, *, live: QuerySet[M], claimable: QuerySet[M]) -> None:
        self._live = live
        self._claimable = claimable
        _all.append(self)

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
            free = free.filter(lease_expires_at__gt=Now())
        return bool(free.update(lease_holder=holder, lease_expires_at=lease_until()))

    def let_go(self, job_id: UUID, *, holder: UUID) -> None:
        """Give the lease back, so that any process may take it at once. Raises one of core.web.db.AWAY."""
        with transaction.atomic():
            limit_lock_wait()
            self.of(holder).filter(pk=job_id).update(lease_holder=None, lease_expires_at=Now())

    def renew(self, *, holder: UUID, held: Collection[UUID]) -> set[UUID]:
        """Renew the holder's leases; returns those of `held` that were ended, or taken over, by somebody else."""
        if not held:
            return set()
        ours = self.of(holder).filter(pk__in=held)
        with transaction.atomic():
            free = _unlocked(ours)
            self._live.filter(pk__in=free).update(lease_expires_at=lease_until())
        if len(free) == len(held):
            return set()
        return set(held) - set(ours.values_list("pk", flat=True))

    def claim(self, *, holder: UUID, also: Q = NOTHING) -> list[UUID]:
        """Take over, oldest first, jobs that wait for somebody: that nobody ever began, or that were let go, and those
        that are `also` free."""
        waiting = self._claimable.filter(Q(run_out(), lease_holder=None) | also)
        if not waiting.exists():
            return []
        with transaction.atomic():
            found = _unlocked(waiting.order_by("created_at", "pk")[:MOST_CLAIMED])
            self._live.filter(pk__in=found).update(lease_holder=holder, lease_expires_at=lease_until())
        return found

    def of(self, holder: UUID) -> QuerySet[M]:
        """The live jobs whose lease the process has."""
        return self._live.filter(lease_holder=holder)

    @property
    def model(self) -> type[M]:
        """The model whose rows are the jobs."""
        return self._live.model

    @property
    def kind(self) -> str:
        """What the jobs are, as Django calls their model, such as `answer`."""
        return str(self.model._meta.model_name)

    def count(self) -> tuple[int, int]:
        """How many jobs wait for somebody, and how many somebody does."""
        counted = self._live.order_by().aggregate(all=Count("pk"), held=Count("lease_holder"))
        return counted["all"] - counted["held"], counted["held"]

    def are_there_jobs(self) -> bool:
        """Whether any row needs somebody, now or later."""
        return self._live.exists()

    def expired(self) -> QuerySet[M]:
        """The live jobs whose lease ran out."""
        return self._live.filter(run_out(), lease_holder__isnull=False)

    def locked(self, jobs: QuerySet[M]) -> set[UUID]:
        """Those of the jobs whose row somebody has locked, so that their process cannot renew the lease."""
        found = set(jobs.values_list("pk", flat=True))
        if not found:
            return set()
        with transaction.atomic():
            return found - set(_unlocked(jobs))


_all: list[Leases[Any]] = []


def every_kind() -> Sequence[Leases[Any]]:
    """The leases of each kind of job that there is."""
    return tuple(_all)


def _unlocked(jobs: QuerySet[M]) -> list[UUID]:
    """Those of the jobs whose row nobody has locked, locked until the transaction ends."""
    return list(jobs.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))


@dataclass
class Sweeper:
    """Gives up jobs whose process is gone.

    Nobody can renew a lease while the database or the row is locked, or the machine sleeps. So after a round that came
    late by the database's clock, or could not have written at once, the others get CALM to renew theirs before any of
    them is believed gone; and so does the process of a job whose row was locked.
    """

    leases: Leases[Any]
    _last_round: float | None = None  # by the database's clock
    _calm_since: float | None = None
    _locked_at: dict[UUID, float] = field(default_factory=dict)

    def sweep(self, *, held: Collection[UUID] = ()) -> list[UUID]:
        """Give up every job whose lease ran out, but none of `held`; returns those that were ended."""
        now = database_now().timestamp()
        disturbed = self._last_round is not None and not 0 <= now - self._last_round <= CALM
        if not _can_write_at_once() or disturbed:
            self._calm_since = time.monotonic()
        self._last_round = now
        if self._calm_since is not None and time.monotonic() < self._calm_since + CALM:
            return []
        expired = self.leases.expired()
        if not expired.exists():
            self._locked_at.clear()
            return []
        self._locked_at.update(dict.fromkeys(self.leases.locked(expired), time.monotonic()))
        self._locked_at = {job_id: at for job_id, at in self._locked_at.items() if time.monotonic() < at + CALM}
        return self.leases.give_up(expired.exclude(pk__in=self._locked_at), held=held)


def _can_write_at_once() -> bool:
    """Whether nothing holds the database up. SQLite waits here for whoever writes; PostgreSQL never does."""
    began = time.monotonic()
    try:
        with transaction.atomic():
            pass
    except OperationalError:
        return False
    return time.monotonic() - began < AT_ONCE
