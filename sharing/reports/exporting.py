"""A report as the content of an export."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Membership
from sharing.export.content import Export, ExportedText, SourceLine
from sharing.models import Report, ReportVersion
from sharing.reports.access import readable_report
from sharing.reports.service import latest_version
from sharing.reports.showing import ShownSource, shown_sources, whole_text
from sharing.reports.sources import sources_of

LONG = 100_000
"""Characters of a text that is written in the background: a page of it as the browser shows it."""


def export_of(report: Report, version: ReportVersion, membership: Membership) -> Export:
    """A version of the report, as the member may see it. Its text is rendered when it is gone through."""
    return Export(
        title=version.title,
        parts=_parts(report, version, membership),
        made_at=timezone.now(),
        made_by=membership.user.display_name,
        url=settings.SITE_ORIGIN + reverse("sharing:report", args=[report.pk]),
        language=get_language() or settings.LANGUAGE_CODE,
    )


def find_report(report_id: UUID, by: Membership) -> Export | None:
    """The report as it holds now, if the member may read it in their team."""
    try:
        report, membership = readable_report(by.user, report_id)
    except Http404:
        return None
    return export_of(report, latest_version(report), membership) if report.team_id == by.team_id else None


def _parts(report: Report, version: ReportVersion, membership: Membership) -> Iterator[ExportedText]:
    sources = sources_of(version.sources)
    shown = whole_text(version.text, sources, anchor=report.pk.hex)
    listed = shown_sources(sources, cited=shown.cited, reader_id=membership.user_id, team_id=report.team_id)
    yield ExportedText(version.text, shown.html, [_line(one) for one in listed])


def _line(source: ShownSource) -> SourceLine:
    """What the team says of a site goes along in words."""
    title = source.title
    if source.label:
        title = _("%(title)s (%(mark)s)") % {"title": title, "mark": source.label}
    return SourceLine(number=str(source.number), title=title, url=source.url, date=source.date, cited=source.cited)
