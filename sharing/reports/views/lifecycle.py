"""Who sees a report, deleting it, and the way back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from chat import access as chat_access
from core.errors import ActionRefused
from sharing.reports import access, service


@require_POST
@login_required
def move(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Have others see it."""
    report, membership = access.managed_report(signed_in(request), report_id)
    place = chat_access.usable_place(membership, request.POST.get("to", ""))
    if place is None:
        messages.error(request, _("Choose who sees the report. Nothing was changed."))
        return redirect("sharing:report", report.pk)
    try:
        service.move_report(report=report, place=place, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Who sees this report now: %(place)s.") % {"place": place.label})
    return redirect("sharing:report", report.pk)


@require_POST
@login_required
def delete(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Put it into the trash, and offer to undo that."""
    report, _membership = access.managed_report(signed_in(request), report_id)
    service.delete_report(report=report, by=signed_in(request))
    return redirect(f"{reverse('sharing:reports')}?deleted={report.pk}")


@require_POST
@login_required
def restore(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Bring a deleted report back."""
    report, _membership = access.managed_report(signed_in(request), report_id, deleted=True)
    service.restore_report(report=report, by=signed_in(request))
    messages.success(request, _("The report is back."))
    return redirect("sharing:report", report.pk)
