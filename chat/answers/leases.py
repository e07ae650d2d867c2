"""Leases: who writes which answer, and what becomes of answers whose writer is gone.

A process renews the leases of its answers every few seconds. Clocks of several hosts may differ by a few seconds
without harm: a lease lasts several renewals.
"""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.answers import finalize
from chat.models import Answer

logger = logging.getLogger(__name__)

LASTS = timedelta(seconds=15)
BEGINS_WITHIN = timedelta(seconds=3)
CALM = 7.5  # seconds: longer than two renewals
AT_ONCE = 0.5  # seconds

# What can be begun, or gone on with, without asking the upstream twice: a question that was never sent, and work that
# the upstream does by itself.
UNHARMED = Q(state=Answer.State.WAITING) | Q(state__in=Answer.LIVE, background=True)

# What certainly was never sent, although somebody had begun: it stands in a queue.
IN_LINE = Q(state=Answer.State.WAITING, admitted_at__isnull=True) & ~Q(lane="")


def restart_problem() -> finalize.Problem:
    """What readers are told about an answer whose writer went away."""
    return finalize.Problem(
        kind="restart",
        message=_("Parley was restarted while this answer was being written."),
        retryable=True,
    )


def until() -> datetime:
    """When a lease that is taken or renewed now runs out."""
    return timezone.now() + LASTS


def grace() -> datetime:
    """Until when a new answer waits for the process that was asked; after that any process may take it."""
    return timezone.now() + BEGINS_WITHIN


def take(*, answer_id: UUID, holder: UUID, new: bool = False) -> bool:
    """Take the lease of an answer that nobody holds. False when somebody was faster.

    With `new` only if nobody can have begun with it: one that was let go is for whoever claims it.
    """
    free = Answer.objects.filter(UNHARMED, pk=answer_id, lease_holder__isnull=True)
    if new:
        free = free.filter(lease_expires_at__gt=timezone.now())
    return bool(free.update(lease_holder=holder, lease_expires_at=until()))


def let_go(*, answer_id: UUID, holder: UUID) -> None:
    """Give the lease back, so that any process may take it at once."""
    ours = Answer.objects.filter(pk=answer_id, lease_holder=holder, state__in=Answer.LIVE)
    ours.update(lease_holder=None, lease_expires_at=timezone.now())


def renew(*, holder: UUID, writing: Collection[UUID]) -> set[UUID]:
    """Renew the holder's leases; returns those of `writing` that were ended, or taken over, by somebody else."""
    if not writing:
        return set()
    ours = Answer.objects.filter(pk__in=writing, lease_holder=holder, state__in=Answer.LIVE)
    alive = set(ours.values_list("pk", flat=True))
    if alive:
        ours.update(lease_expires_at=until())
    return set(writing) - alive


def claim(*, holder: UUID) -> dict[UUID, bool]:
    """Take over answers that wait for somebody: those that nobody ever began, and those that were let go.

    Tells of each whether the upstream works on it by itself.
    """
    forgotten = Answer.objects.filter(UNHARMED, lease_holder__isnull=True, lease_expires_at__lt=timezone.now())
    found = list(forgotten.values_list("pk", "background")[:100])
    return {answer_id: background for answer_id, background in found if take(answer_id=answer_id, holder=holder)}


def _can_write_at_once() -> bool:
    """Whether nothing holds the database up. SQLite waits here for whoever writes; PostgreSQL never does."""
    began = time.monotonic()
    try:
        with transaction.atomic():
            pass
    except OperationalError:
        return False
    return time.monotonic() - began < AT_ONCE


@dataclass
class Sweeper:
    """Ends answers whose writer is gone, and frees those that somebody else can go on with."""

    _last_round: float | None = None
    _calm_since: float = 0.0

    def sweep(self, *, writing: Collection[UUID] = ()) -> list[UUID]:
        """Interrupt every answer whose lease ran out, but none of `writing`, and return their ids.

        Nobody can renew a lease while the database is locked or the machine sleeps. So after a round that came late
        or could not have written at once, the others get CALM to renew theirs before any of them is believed gone.
        """
        now = time.time()
        disturbed = self._last_round is not None and not 0 <= now - self._last_round <= CALM
        if not _can_write_at_once() or disturbed:
            self._calm_since = time.time()
        self._last_round = now
        if now < self._calm_since + CALM:
            return []
        expired = Answer.objects.filter(
            state__in=Answer.LIVE, lease_holder__isnull=False, lease_expires_at__lt=timezone.now()
        )
        unharmed = expired.filter(Q(background=True) | IN_LINE)
        unharmed.exclude(pk__in=writing).update(lease_holder=None)  # for whoever claims it
        ended = []
        for answer_id in set(expired.values_list("pk", flat=True)[:200]) - set(writing):
            try:
                done = finalize.end(
                    answer_id=answer_id, state=Answer.State.INTERRUPTED, problem=restart_problem(), overdue=True
                )
            except Exception:  # one answer that cannot be ended must not keep the others spinning
                logger.exception("Answer %s was left behind and cannot be ended.", answer_id)
                continue
            if done:
                logger.info("Answer %s was left behind and is now marked as interrupted.", answer_id)
                ended.append(answer_id)
        return ended
