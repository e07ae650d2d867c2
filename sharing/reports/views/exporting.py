"""Taking a report out as a file, in each of the formats of exports."""

from tempfile import TemporaryFile
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from core.errors import ActionRefused
from core.web.private_files import as_private_file
from sharing.export import making
from sharing.export.content import Along, Export
from sharing.export.formats import FORMATS, NotWritten
from sharing.export.jobs import service as jobs
from sharing.export.scope import REPORT, Scope
from sharing.reports import access, service
from sharing.reports.exporting import LONG, export_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def export(request: HttpRequest, report_id: UUID, format_name: str) -> HttpResponseBase:
    """The report as it holds now, as a file; a long one is posted for, and written in the background. Raises Http404
    for a format that is none."""
    report, membership = access.readable_report(signed_in(request), report_id)
    if format_name not in FORMATS:
        raise Http404
    version = service.latest_version(report)
    try:
        if request.method == "POST":
            wanted = Scope(REPORT, (report.pk,))
            jobs.request_export(wanted=wanted, along=Along(), format_name=format_name, by=membership)
            return redirect("sharing:exports")
        if len(version.text) <= LONG:
            return _file(export_of(report, version, membership), format_name)
        messages.error(
            request, _("This report is long. Choose a format under “Export”, and it’s written in the background.")
        )
    except (ActionRefused, NotWritten) as refusal:
        messages.error(request, str(refusal))
    return redirect("sharing:report", report.pk)


def _file(found: Export, format_name: str) -> HttpResponseBase:
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        FORMATS[format_name].write(found, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = making.file_name(found.title, format_name)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=making.media_type(format_name))
    return as_private_file(response, cache_control="no-store")
