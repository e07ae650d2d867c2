"""The ways to an export from elsewhere: a conversation's menu, and the command palette."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_membership
from chat.models import Conversation
from core.notices import Link
from core.web.palette import PaletteEntry, PaletteSection, best_matches


def export_conversation(conversation: object, may_manage: bool) -> Link | None:
    """Where a conversation is exported, for everybody who reads it."""
    if not isinstance(conversation, Conversation):
        return None
    asked = urlencode({"conversation": conversation.pk})
    return Link(f"{reverse('sharing:export')}?{asked}", _("Export…"), icon="download")


def entries(request: HttpRequest, typed: str) -> list[PaletteEntry]:
    """The page of exports."""
    if current_membership(request) is None:
        return []
    label = _("Exports")
    entry = PaletteEntry(PaletteSection.PAGES, label, "download", address=reverse("sharing:exports"), when_named=True)
    return best_matches(typed, [(label, entry)])
