"""What the command palette offers about reports."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_membership
from core.web.palette import MOST, PaletteEntry, PaletteSection
from sharing.reports import access
from sharing.reports.listing import with_words


def entries(request: HttpRequest, typed: str) -> list[PaletteEntry]:
    """Once something was typed: the page of reports, a new one, and those with these words in their titles."""
    membership = current_membership(request)
    if membership is None or not typed.strip():
        return []
    found = [PaletteEntry(PaletteSection.PAGES, _("Reports"), "report", address=reverse("sharing:reports"), order=22)]
    if membership.may_ask:
        new = reverse("sharing:new_report")
        found.append(PaletteEntry(PaletteSection.ACTIONS, _("New report"), "report", address=new, order=22))
    named = with_words(access.readable_reports(membership), typed).order_by("-changed_at", "-id")
    found += [
        PaletteEntry(
            PaletteSection.PAGES,
            report.title,
            "report",
            address=reverse("sharing:report", args=[report.pk]),
            detail=_("Report"),
            order=60,
        )
        for report in named.only("title")[:MOST]
    ]
    return found
