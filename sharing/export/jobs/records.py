"""What writing an export leaves on record. Each step is done only by the process that holds the lease."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Membership
from files import Store
from sharing.export.content import Along
from sharing.export.scope import ANSWERS, CONVERSATIONS, Scope, readable_part
from sharing.models import ExportJob

store = Store("exports")
"""The files of exports, each until its row is removed."""

MOST_ATTEMPTS = 5
LATER = timedelta(seconds=12)  # less than a lease can last at most

_State = ExportJob.State


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What is to be written, for whom, and in which language."""

    job: UUID
    wanted: Scope
    along: Along
    format_name: str
    language: str
    by: Membership


class LeaseLost(Exception):
    """Somebody else writes the export, or it was stopped, or removed."""


def begin_writing(job_id: UUID, *, holder: UUID) -> ExportPlan | None:
    """Begin from the start, whatever somebody else had begun; None when nothing is to be written any more.

    Whether the person is still on the team is looked up here, and what they may read while it is read.
    """
    job = _held(job_id, holder).select_related("team", "requested_by").first()
    if job is None:
        return None
    by = Membership.objects.select_related("team", "user").filter(team=job.team, user=job.requested_by).first()
    with override(job.language or None):
        if by is None or not by.user.is_active:
            _refuse(job, _("You’re no longer on this team."))
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _refuse(job, _("It was interrupted too often. Try again, or choose less."))
            return None
    wanted = Scope.of(job.wanted)
    _held(job_id, holder).update(state=_State.WRITING, attempts=F("attempts") + 1, done=0)
    return ExportPlan(job.pk, wanted, Along(**job.along), job.format, job.language, by)


def _refuse(job: ExportJob, sentence: str) -> None:
    _end(ExportJob.objects.filter(pk=job.pk), state=_State.FAILED, problem=sentence)


def note_progress(job_id: UUID, *, holder: UUID, done: int) -> None:
    """Put on record how many questions are written. Raises LeaseLost."""
    if not _held(job_id, holder).update(done=done):
        raise LeaseLost


def end_writing(plan: ExportPlan, *, holder: UUID, sha256: str, size: int) -> None:
    """Put on record that the file is in the store."""
    named = plan.wanted.kind in (CONVERSATIONS, ANSWERS)
    included = [str(one) for one in readable_part(plan.wanted, plan.by).values_list("pk", flat=True)] if named else []
    ready: dict[str, Any] = {"sha256": sha256, "size": size, "included": included, "done": F("questions")}
    _end(_held(plan.job, holder), state=_State.READY, **ready)


def fail_writing(job_id: UUID, *, holder: UUID, sentence: str) -> None:
    """Put on record why there is no file."""
    _end(_held(job_id, holder), state=_State.FAILED, problem=sentence[:300])


def put_off(job_id: UUID, *, holder: UUID, later: timedelta = LATER, counts: bool = False) -> None:
    """Leave the export to whoever comes in a while."""
    given_back = {} if counts else {"attempts": F("attempts") - 1}
    _held(job_id, holder).update(state=_State.WAITING, lease_holder=None, lease_expires_at=Now() + later, **given_back)


def _held(job_id: UUID, holder: UUID) -> QuerySet[ExportJob]:
    return ExportJob.objects.filter(pk=job_id, lease_holder=holder, state__in=ExportJob.LIVE)


def _end(rows: QuerySet[ExportJob], **changes: Any) -> None:
    rows.update(ended_at=timezone.now(), lease_holder=None, **changes)
