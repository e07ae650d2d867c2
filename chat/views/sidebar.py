"""What every full page shows beside itself."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Membership
from chat import queries
from chat.models import Conversation


def sidebar(request: HttpRequest, membership: Membership, *, current: Conversation | None = None) -> dict[str, Any]:
    """The context of `chat/history/_history.html`: the team's newest conversations, and which one is open."""
    return {
        "history": queries.history(membership, filter=queries.Filter.EVERYONE),
        "filters": queries.Filter,
        "current_id": current.pk if current else None,
    }
