"""What is done with reports. Each save is a version; nobody overwrites what they have not seen."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat import access as chat_access
from chat.access import Place
from chat.models import Answer
from core.errors import ActionRefused
from sharing.models import Report, ReportAnswer, ReportVersion
from sharing.reports.composing import LONGEST, too_long, with_answers
from sharing.reports.sources import ReportSource, sources_of
from sharing.reports.tidying import tidied

MOST_VERSIONS = 100
"""Versions of a report that are kept, the newest."""
MOST_REPORTS = 2_000
"""Reports of a team, besides those in the trash."""

logger = logging.getLogger(__name__)


class ReportChanged(ActionRefused):
    """Somebody saved another version meanwhile: `latest`."""

    def __init__(self, latest: ReportVersion) -> None:
        super().__init__(
            _("Someone changed this report while you were editing it. Your text isn’t saved yet; it stands below.")
        )
        self.latest = latest


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to save: a title, the text, and a note for the list of versions."""

    title: str
    text: str
    note: str = ""


@transaction.atomic
def begin_report(*, team: Team, by: User, title: str, place: Place) -> Report:
    """A new report without text, seen by whoever is at the place. Raises ActionRefused where the team has too many."""
    if Report.objects.filter(team=team, deleted_at=None).count() >= MOST_REPORTS:
        raise ActionRefused(_("Your team has as many reports as it can have. Delete one first."))
    report = Report.objects.create(
        team=team, owner=by, title=title, visibility=place.visibility, space=place.space, changed_by=by
    )
    _store(report, Draft(title, ""), (), by=by, change=ReportVersion.Change.BEGUN)
    _note(by, "began", report)
    return report


@transaction.atomic
def add_answers(*, report: Report, answers: Sequence[Answer], by: User) -> ReportVersion:
    """Put the answers below what the report has, in this order.

    Raises ActionRefused where text or sources would be more than a report can have.
    """
    latest = latest_version(_locked(report))
    composed = with_answers(latest.text, sources_of(latest.sources), answers)
    made = _store(
        report,
        Draft(latest.title, composed.text),
        composed.sources,
        by=by,
        change=ReportVersion.Change.ADDED,
    )
    ReportAnswer.objects.bulk_create(
        [ReportAnswer(report=report, answer=answer, added_by=by) for answer in answers], ignore_conflicts=True
    )
    _note(by, "added answers to", report)
    return made


@transaction.atomic
def save_report(*, report: Report, draft: Draft, seen: int, by: User) -> ReportVersion:
    """Store the text as a new version; nothing where it is as it was. `seen` is the number of the version that was
    edited. Raises ReportChanged if it is not the newest any more, ActionRefused for a text that is too long."""
    latest = latest_version(_locked(report))
    if len(draft.text) > LONGEST:
        raise ActionRefused(too_long())
    if (draft.title, draft.text) == (latest.title, latest.text):
        return latest
    if latest.number != seen:
        raise ReportChanged(latest)
    made = _store(report, draft, sources_of(latest.sources), by=by)
    _note(by, "changed", report)
    return made


@transaction.atomic
def restore_version(*, report: Report, number: int, by: User) -> ReportVersion:
    """Bring an earlier version back as the newest, with its title and its sources.

    Raises ReportVersion.DoesNotExist.
    """
    _locked(report)
    found = ReportVersion.objects.get(report=report, number=number)
    if found.number == report.version:
        return found
    made = _store(
        report,
        Draft(found.title, found.text),
        sources_of(found.sources),
        by=by,
        change=ReportVersion.Change.RESTORED,
    )
    _note(by, "restored a version of", report)
    return made


@transaction.atomic
def tidy_sources(*, report: Report, by: User) -> ReportVersion:
    """Number the sources in the order of the text and take those out that it does not cite.

    Raises ActionRefused where marks can't be renumbered for certain.
    """
    latest = latest_version(_locked(report))
    text, sources = tidied(latest.text, sources_of(latest.sources))
    if (text, sources) == (latest.text, sources_of(latest.sources)):
        return latest
    made = _store(report, Draft(latest.title, text), sources, by=by, change=ReportVersion.Change.TIDIED)
    _note(by, "tidied the sources of", report)
    return made


def move_report(*, report: Report, place: Place, by: User) -> None:
    """Have those at the place see the report. Raises ActionRefused where somebody would take it from its owner."""
    if place.is_private and report.owner_id != by.pk:
        raise ActionRefused(_("Only its owner can make this report private."))
    report.visibility, report.space = place.visibility, place.space
    report.save(update_fields=["visibility", "space"])
    _note(by, "moved", report)


def delete_report(*, report: Report, by: User) -> None:
    """Hide the report from everybody. It can be restored for TRASH_DAYS and is purged after that."""
    report.deleted_at, report.deleted_by = timezone.now(), by
    report.save(update_fields=["deleted_at", "deleted_by"])
    _note(by, "deleted", report)


def restore_report(*, report: Report, by: User) -> None:
    """Bring a deleted report back as it was."""
    report.deleted_at = report.deleted_by = None
    report.save(update_fields=["deleted_at", "deleted_by"])
    _note(by, "restored", report)


def purge_reports() -> int:
    """Remove for good what can't be restored any more. Returns how many reports that were."""
    old = Report.objects.filter(deleted_at__lt=chat_access.trash_begins())
    count = old.count()
    old.delete()
    return count


def latest_version(report: Report) -> ReportVersion:
    """The version that holds, with who saved it."""
    return ReportVersion.objects.select_related("saved_by").get(report=report, number=report.version)


def _locked(report: Report) -> Report:
    """Keep the report to oneself until the transaction ends, with the version that holds now."""
    report.version = Report.objects.select_for_update(no_key=True).get(pk=report.pk).version
    return report


def _store(
    report: Report,
    draft: Draft,
    sources: Sequence[ReportSource],
    *,
    by: User,
    change: ReportVersion.Change = ReportVersion.Change.WRITTEN,
) -> ReportVersion:
    report.version += 1
    report.title, report.changed_at, report.changed_by = draft.title, timezone.now(), by
    report.save(update_fields=["version", "title", "changed_at", "changed_by"])
    ReportVersion.objects.filter(report=report, number__lte=report.version - MOST_VERSIONS).delete()
    return ReportVersion.objects.create(
        report=report,
        number=report.version,
        title=draft.title,
        text=draft.text,
        sources=[source.stored() for source in sources],
        change=change,
        note=draft.note,
        saved_by=by,
        saved_at=report.changed_at,
    )


def _note(by: User, done: str, report: Report) -> None:
    logger.info("%s %s report %s.", by.get_username(), done, report.pk)
