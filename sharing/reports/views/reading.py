"""One report: its text, its sources, what it was made of."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from chat import access as chat_access
from chat.views.sidebar import sidebar
from core.web.params import whole_number_in
from sharing.export.formats import FORMATS
from sharing.reports import access, listing, service, showing
from sharing.reports.exporting import LONG
from sharing.reports.sources import sources_of


@require_safe
@never_cache
@login_required
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report as it holds now, one page of its text."""
    found, membership = access.readable_report(signed_in(request), report_id)
    version = service.latest_version(found)
    sources = sources_of(version.sources)
    page = whole_number_in(request.GET.get("page"), digits=4) or 1
    shown = showing.shown_text(version.text, sources, anchor=found.pk.hex, page=page)
    may_manage = access.may_manage(membership, found)
    context = {
        "report": found,
        "version": version,
        "shown": shown,
        "sources": showing.shown_sources(
            sources, cited=shown.cited, reader_id=membership.user_id, team_id=found.team_id
        ),
        "origins": listing.origins_of(found, membership),
        "place": listing.place_of(found),
        "places": chat_access.offered_places(membership) if may_manage else None,
        "may_edit": access.may_edit(membership, found),
        "may_manage": may_manage,
        "is_own": found.owner_id == membership.user_id,
        "formats": FORMATS.values(),
        "is_long": len(version.text) > LONG,
        "membership": membership,
    }
    return render(request, "sharing/reports/report.html", context | sidebar(request, membership))
