"""Which process makes which check, and asks for which opinion, and what becomes of those whose process is gone: another
one goes on with them."""

import random
from collections.abc import Collection
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Now

from chat.models import CitationCheck, OpinionRequest
from core.web.jobs.leases import Leases, lease_until, run_out

M = TypeVar("M", bound=Model)

CONNECTIONS = 1  # to the database, for checks and opinions together


class TeamLeases(Leases[M], Generic[M]):
    """Leases of jobs that belong to teams, which take turns by chance: one that has a thousand of them holds up no
    other for long. `team` is the way from a job to its team."""

    def __init__(self, *, live: QuerySet[M], team: str) -> None:
        super().__init__(live=live, claimable=live)
        self._team = team

    def give_up(self, abandoned: QuerySet[M], *, held: Collection[UUID] = ()) -> list[UUID]:
        """Free what was begun for whoever claims it. Nothing is ended."""
        abandoned.exclude(pk__in=held).update(lease_holder=None, lease_expires_at=Now())
        return []

    def claim_one(self, *, holder: UUID) -> UUID | None:
        """Take over the oldest job of one of the teams that have some waiting."""
        waiting = self._claimable.filter(run_out(), lease_holder=None)
        teams = list(waiting.order_by().values_list(self._team, flat=True).distinct()[:1000])
        if not teams:
            return None
        team = random.choice(teams)  # noqa: S311 - nobody gains anything by guessing it
        with transaction.atomic():
            found: list[UUID] = list(
                waiting.filter(**{self._team: team})
                .order_by("created_at", "pk")
                .select_for_update(skip_locked=True, no_key=True, of=("self",))
                .values_list("pk", flat=True)[:1]
            )
            self._live.filter(pk__in=found).update(lease_holder=holder, lease_expires_at=lease_until())
        return found[0] if found else None


check_leases = TeamLeases(
    live=CitationCheck.objects.filter(state__spelled_in=CitationCheck.LIVE), team="answer__question__conversation__team"
)
opinion_leases = TeamLeases(
    live=OpinionRequest.objects.filter(state__spelled_in=OpinionRequest.LIVE),
    team="check_of__answer__question__conversation__team",
)
