"""Editing a report: the form, what it will look like, and its sources numbered anew."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from accounts.models import Membership
from chat.rendering.text import tidy
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.htmx import htmx
from sharing.models import Report, ReportVersion
from sharing.reports import access, service, showing
from sharing.reports.composing import LONGEST
from sharing.reports.forms import ReportForm
from sharing.reports.sources import sources_of


@dataclass(frozen=True, slots=True)
class _Edited:
    """What the page of a report that is being edited shows: `changed` is what somebody else saved meanwhile, `shown` a
    preview."""

    report: Report
    membership: Membership
    latest: ReportVersion
    form: ReportForm
    changed: ReportVersion | None = None
    shown: showing.ShownText | None = None

    @property
    def began_with(self) -> int:
        """The version that the text was begun with."""
        return (self.form.cleaned_data.get("seen") or 0) if self.form.is_bound else self.latest.number


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def edit(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report as it can be edited; and, sent, saved as a new version, unless somebody else was first."""
    report, membership = access.editable_report(signed_in(request), report_id)
    latest = service.latest_version(report)
    changed: ReportVersion | None = None
    if request.method == "POST":
        form = ReportForm(request.POST)
        if form.is_valid():
            seen = form.cleaned_data["seen"] or 0
            try:
                service.save_report(report=report, draft=form.draft(), seen=seen, by=signed_in(request))
            except service.ReportChanged as refusal:
                form.add_error(None, str(refusal))
                changed = refusal.latest
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved."))
                return redirect("sharing:report", report.pk)
    else:
        form = ReportForm(initial={"title": latest.title, "text": latest.text})
    return _form_page(request, _Edited(report, membership, latest, form, changed=changed))


@require_POST
@login_required
def preview(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """What a text would look like as this report: its beginning, where it is long."""
    report, membership = access.editable_report(signed_in(request), report_id)
    latest = service.latest_version(report)
    text = tidy(request.POST.get("text", ""))[:LONGEST]
    shown = showing.shown_text(text, sources_of(latest.sources), anchor=report.pk.hex)
    if htmx(request):
        sources = _sources(latest, membership, cited=shown.cited)
        return render(request, "sharing/reports/_preview.html", {"report": report, "shown": shown, "sources": sources})
    form = ReportForm(request.POST)
    form.is_valid()
    return _form_page(request, _Edited(report, membership, latest, form, shown=shown))


@require_POST
@login_required
def tidy_sources(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Number the sources in the order of the text, without those that it does not cite."""
    report, _membership = access.editable_report(signed_in(request), report_id)
    before = report.version
    try:
        made = service.tidy_sources(report=report, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The sources are numbered in the order of the text.")
        messages.success(request, said if made.number != before else _("The sources are tidy already."))
    return redirect("sharing:report", report.pk)


def _form_page(request: HttpRequest, edited: _Edited) -> HttpResponse:
    cited = edited.shown.cited if edited.shown else frozenset()
    context: dict[str, Any] = {
        "report": edited.report,
        "form": edited.form,
        "seen": edited.changed.number if edited.changed else edited.began_with,
        "began_with": edited.began_with,
        "changed": edited.changed,
        "shown": edited.shown,
        "sources": _sources(edited.latest, edited.membership, cited=cited),
        "longest": LONGEST,
        "membership": edited.membership,
    }
    status = 409 if edited.changed else 422 if edited.form.errors else 200
    beside = sidebar(request, edited.membership)
    return render(request, "sharing/reports/edit.html", context | beside, status=status)


def _sources(version: ReportVersion, membership: Membership, *, cited: frozenset[int]) -> list[showing.ShownSource]:
    return showing.shown_sources(
        sources_of(version.sources), cited=cited, reader_id=membership.user_id, team_id=membership.team_id
    )
