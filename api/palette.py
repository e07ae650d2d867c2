"""What the command palette offers about programs."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_membership
from core.web.palette import PaletteEntry, PaletteSection


def entries(request: HttpRequest, typed: str) -> list[PaletteEntry]:
    """The ways to one's access tokens and the page about the API, and an owner's to the team's webhooks."""
    membership = current_membership(request)
    if membership is None:
        return []
    found = []
    if settings.API:
        found += [_page(_("Access tokens"), "lock", "api:tokens", 72), _page(_("API"), "command", "api:api", 73)]
    if membership.may_manage:
        found.append(_page(_("Webhooks"), "share", "api:webhooks", 74))
    return found


def _page(label: str, icon: str, name: str, order: int) -> PaletteEntry:
    return PaletteEntry(PaletteSection.PAGES, label, icon, address=reverse(name), order=order)
