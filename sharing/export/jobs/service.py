"""Asking for an export, stopping it, fetching its file, and what becomes of old ones."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat import access
from core import graphemes
from core.errors import ActionRefused
from sharing.export import making, scope
from sharing.export.content import Along
from sharing.export.jobs.records import store
from sharing.export.scope import REPORT, SPACE, Scope
from sharing.models import ExportJob
from sharing.models.exports import KEPT_FOR

MOST_WAITING = 3
"""Exports that one person can have in the works."""
MOST_KEPT = 50
"""Exports of one person that are listed."""
UNUSED_FOR = timedelta(days=1)


def request_export(*, wanted: Scope, along: Along, format_name: str, by: Membership) -> ExportJob:
    """Store an export that waits. Raises ActionRefused while the person has MOST_WAITING in the works."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)
        live = ExportJob.objects.filter(requested_by=by.user_id, state__in=ExportJob.LIVE)
        if live.count() >= MOST_WAITING:
            raise ActionRefused(_("You have three exports in the works. Wait until one is ready, or stop one."))
        return ExportJob.objects.create(
            team=by.team,
            requested_by=by.user,
            wanted=wanted.as_json(),
            along=asdict(along),
            format=format_name,
            language=get_language() or "",
            title=graphemes.cut(making.title_of(wanted, by), 200),
            questions=scope.questions_in(wanted, by).count(),
        )


def own_exports(user: User) -> QuerySet[ExportJob]:
    """The person's exports, newest first: those of teams that they are on."""
    mine = ExportJob.objects.filter(requested_by=user, team__memberships__user=user).select_related("team")
    return mine.order_by("-created_at", "-pk")


def own_export(user: User, job_id: UUID) -> ExportJob:
    """One of them. Raises Http404."""
    return get_object_or_404(own_exports(user), pk=job_id)


def export_with_file(user: User, job_id: UUID) -> ExportJob:
    """One whose file may be fetched now. Raises Http404 also where something in it was meanwhile closed to them."""
    job = own_export(user, job_id)
    membership = Membership.objects.select_related("team", "user").get(team=job.team, user=user)
    wanted = Scope.of(job.wanted)
    if job.state != ExportJob.State.READY or not _may_still_read(job, wanted, membership):
        raise Http404
    return job


def _may_still_read(job: ExportJob, wanted: Scope, membership: Membership) -> bool:
    if wanted.kind == REPORT:
        return making.report_of(wanted, membership) is not None
    if wanted.kind == SPACE:
        return access.readable_spaces(membership).filter(pk__in=wanted.ids).exists()
    readable = access.readable_conversations(membership).filter(pk__in=job.included)
    return readable.count() == len(job.included)


def stop_export(*, job: ExportJob, by: User) -> bool:
    """Write no further; whether there was anything to stop."""
    live = ExportJob.objects.filter(pk=job.pk, requested_by=by, state__in=ExportJob.LIVE)
    return bool(live.update(state=ExportJob.State.STOPPED, ended_at=timezone.now(), lease_holder=None))


def remove_export(*, job: ExportJob, by: User) -> None:
    """Take it off the list. Its file goes with the next tidying up."""
    ExportJob.objects.filter(pk=job.pk, requested_by=by).delete()


def file_name(job: ExportJob) -> str:
    """What the file is called when it is fetched."""
    return making.file_name(job.title, job.format)


def tidy_exports() -> int:
    """Remove exports that have been there for long, and files that nobody can fetch; returns how many files."""
    ExportJob.objects.filter(ended_at__lt=timezone.now() - KEPT_FOR).delete()
    return store.sweep(before=timezone.now() - UNUSED_FOR, kept=exports_in_use)


def exports_in_use(hashes: Collection[str]) -> set[str]:
    """Those among these hashes that an export names."""
    return set(ExportJob.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
