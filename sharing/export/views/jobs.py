"""The exports that are made in the background: how far they are, their files, stopping and removing them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, sign_in_required, signed_in
from accounts.models import Membership
from chat.views.sidebar import sidebar
from core.web.private_files import as_private_file
from sharing.export import making
from sharing.export.jobs import service
from sharing.export.jobs.records import store

STOP_POLLING = 286  # what htmx takes for the end of its looking


@require_safe
@never_cache
@member_required
def exports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One's own exports."""
    return render(request, "sharing/export/exports.html", _listed(request) | sidebar(request, membership))


@require_safe
@never_cache
@member_required
def rows(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list alone, as long as something in it is on its way."""
    listed = _listed(request)
    status = 200 if listed["is_live"] else STOP_POLLING
    return render(request, "sharing/export/_exports.html", listed, status=status)


@require_safe
@sign_in_required
def export_file(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """The file. Raises Http404 also where the person may no longer read what is in it."""
    job = service.export_with_file(signed_in(request), job_id)
    found = FileResponse(
        store.open(job.sha256),
        as_attachment=True,
        filename=service.file_name(job),
        content_type=making.media_type(job.format),
    )
    found["Content-Length"] = str(job.size)
    return as_private_file(found, cache_control="no-store")


@require_POST
@sign_in_required
def stop(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Make it no further."""
    user = signed_in(request)
    if service.stop_export(job=service.own_export(user, job_id), by=user):
        messages.success(request, _("The export was stopped."))
    return redirect("sharing:exports")


@require_POST
@sign_in_required
def remove(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Remove it with its file."""
    user = signed_in(request)
    service.remove_export(job=service.own_export(user, job_id), by=user)
    messages.success(request, _("The export was removed."))
    return redirect("sharing:exports")


def _listed(request: HttpRequest) -> dict[str, Any]:
    found = list(service.own_exports(signed_in(request))[: service.MOST_KEPT])
    listed = [(one, making.label_of(one.format)) for one in found]
    return {"exports": listed, "is_live": any(one.is_live for one in found)}
