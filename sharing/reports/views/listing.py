"""All reports that somebody may read, a new one, and those in the trash."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access as chat_access
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.params import uuid_in, whole_number_in
from sharing.models import Report
from sharing.reports import access, listing, service
from sharing.reports.forms import ReportTitleForm

MOST_IN_TRASH = 100
_LONGEST_WORDS = 200  # characters of what is looked for


@require_safe
@never_cache
@member_required
def reports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The reports of the team that the person may read, with these words in their titles; with the way back after a
    deletion."""
    words = request.GET.get("q", "")[:_LONGEST_WORDS].replace("\0", "")
    page = whole_number_in(request.GET.get("page"), digits=4) or 1
    context = {
        "reports": listing.report_list(membership, words=words, page=page),
        "words": words.strip(),
        "deleted": _deleted_report(request),
        "membership": membership,
    }
    return render(request, "sharing/reports/reports.html", context | sidebar(request, membership))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@member_required
def new_report(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What the report is called and who sees it; and, sent, begins it."""
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s reports but can’t change them."))
    form = ReportTitleForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        place = chat_access.usable_place(membership, request.POST.get("to", ""))
        if place is None:
            form.add_error(None, _("Choose who sees the report."))
        if form.is_valid() and place is not None:
            try:
                made = service.begin_report(
                    team=membership.team, by=signed_in(request), title=form.cleaned_data["title"], place=place
                )
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("sharing:edit_report", made.pk)
    context = {
        "form": form,
        "places": chat_access.offered_places(membership),
        "place": chat_access.ALONE,
        "membership": membership,
    }
    beside = sidebar(request, membership)
    return render(request, "sharing/reports/new.html", context | beside, status=422 if form.errors else 200)


@require_safe
@never_cache
@member_required
def trash(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The deleted reports that the person may restore, those deleted last first."""
    found = access.trashed_reports(membership).select_related("owner", "deleted_by")
    kept_for = timedelta(days=settings.TRASH_DAYS)
    rows = list(found.order_by("-deleted_at", "-id")[:MOST_IN_TRASH])
    context = {
        "rows": [(one, one.deleted_at + kept_for) for one in rows if one.deleted_at],
        "days": settings.TRASH_DAYS,
        "membership": membership,
    }
    return render(request, "sharing/reports/trash.html", context | sidebar(request, membership))


def _deleted_report(request: HttpRequest) -> Report | None:
    """The report at `?deleted=` that was deleted a moment ago and can be restored by this person."""
    report_id: UUID | None = uuid_in(request.GET.get("deleted"))
    try:
        return access.managed_report(signed_in(request), report_id, deleted=True)[0] if report_id else None
    except (Http404, PermissionDenied):
        return None
