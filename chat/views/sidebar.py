"""What every full page shows beside itself."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Membership
from chat.conversations import history
from chat.models import Conversation


def sidebar(request: HttpRequest, membership: Membership, *, current: Conversation | None = None) -> dict[str, Any]:
    """The context of `chat/history/_history.html`: the team's newest conversations, and which one is open."""
    return {
        "history": history.history_page(membership, filter=history.HistoryFilter.EVERYONE),
        "filters": history.HistoryFilter,
        "current_id": current.pk if current else None,
    }
