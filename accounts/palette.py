"""What the command palette offers about teams, languages, and one's own account."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_membership, own_memberships, signed_in
from accounts.models import Membership
from core.web.palette import PaletteEntry, PaletteSection


def entries(request: HttpRequest, typed: str) -> list[PaletteEntry]:
    """What this person can go to and do."""
    membership = current_membership(request)
    found = [*_own(request), *_languages()]
    if membership:
        found += _team(request, membership)
    return found


def _own(request: HttpRequest) -> list[PaletteEntry]:
    found = [
        PaletteEntry(PaletteSection.PAGES, _("Your account"), "person", address=reverse("accounts:me"), order=70),
        PaletteEntry(PaletteSection.ACTIONS, _("Sign out"), "exit", press=".account [data-signs-out] button", order=90),
    ]
    if signed_in(request).is_staff:
        found.append(
            PaletteEntry(PaletteSection.PAGES, _("Administration"), "gear", address=reverse("admin:index"), order=80)
        )
    return found


def _team(request: HttpRequest, membership: Membership) -> list[PaletteEntry]:
    found = [PaletteEntry(PaletteSection.PAGES, _("Team"), "team", address=reverse("accounts:team"), order=30)]
    if membership.may_manage:
        found.append(
            PaletteEntry(
                PaletteSection.ACTIONS, _("Invite people"), "team", address=reverse("accounts:invite"), order=40
            )
        )
    found += [
        PaletteEntry(
            PaletteSection.ACTIONS,
            _("Switch to %(team)s") % {"team": mine.team.name},
            "swap",
            address=reverse("accounts:switch"),
            field="team",
            value=str(mine.team_id),
            order=80,
        )
        for mine in own_memberships(request)
        if mine != membership
    ]
    return found


def _languages() -> list[PaletteEntry]:
    """Each under its own name, as a reader of it looks for it."""
    return [
        PaletteEntry(
            PaletteSection.ACTIONS,
            str(name),
            "quote",
            address=reverse("accounts:language"),
            field="language",
            value=code,
            detail=_("Language"),
            also=_("Language"),
            when_named=True,
            order=85,
        )
        for code, name in settings.LANGUAGES
        if len(settings.LANGUAGES) > 1
    ]
