"""The versions of a report: all of them, one compared to the one before it, and the way back to it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in
from chat.views.sidebar import sidebar
from core.web.params import whole_number_in
from sharing.models import ReportVersion
from sharing.reports import access, listing, service
from sharing.reports.differences import differences


@require_safe
@never_cache
@login_required
def versions(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The versions, the newest first: when, who, and what they said of it."""
    report, membership = access.readable_report(signed_in(request), report_id)
    rows, following = listing.versions_of(report, page=whole_number_in(request.GET.get("page"), digits=4) or 1)
    context = {
        "report": report,
        "versions": rows,
        "next": following,
        "most": service.MOST_VERSIONS,
        "may_edit": access.may_edit(membership, report),
        "membership": membership,
    }
    return render(request, "sharing/reports/versions.html", context | sidebar(request, membership))


@require_safe
@never_cache
@login_required
def version(request: HttpRequest, report_id: UUID, number: int) -> HttpResponse:
    """What a version says otherwise than another one: the one before it, or that of `?since=`."""
    report, membership = access.readable_report(signed_in(request), report_id)
    there = ReportVersion.objects.filter(report=report, number__lte=report.version).select_related("saved_by")
    found = get_object_or_404(there, number=min(number, 2**31 - 1))
    since = whole_number_in(request.GET.get("since"), digits=9)
    earlier = there.filter(number__lt=found.number) if since is None else there.filter(number=since)
    before = earlier.first()
    context = {
        "report": report,
        "version": found,
        "before": before,
        "numbers": list(there.values_list("number", flat=True)),
        "differences": differences(before.text, found.text) if before else None,
        "is_newest": found.number == report.version,
        "may_edit": access.may_edit(membership, report),
        "membership": membership,
    }
    return render(request, "sharing/reports/version.html", context | sidebar(request, membership))


@require_POST
@login_required
def restore(request: HttpRequest, report_id: UUID, number: int) -> HttpResponse:
    """Bring the version back as the newest; the others stay."""
    report, _membership = access.editable_report(signed_in(request), report_id)
    get_object_or_404(ReportVersion, report=report, number=min(number, 2**31 - 1))
    service.restore_version(report=report, number=number, by=signed_in(request))
    messages.success(request, _("Version %(number)d is back. What you had is a version, too.") % {"number": number})
    return redirect("sharing:report", report.pk)
