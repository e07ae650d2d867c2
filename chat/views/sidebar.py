"""What every full page shows beside itself."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Membership
from chat import access
from chat.conversations import history
from chat.conversations.sidebar_spaces import sidebar_spaces
from chat.models import Conversation, Space


def sidebar(
    request: HttpRequest, membership: Membership, *, current: Conversation | None = None, space: Space | None = None
) -> dict[str, Any]:
    """The context of `shared/_sidebar.html`: the team's newest conversations and the person's spaces, and which of them
    is open. `space` is one that they may read; else it is that of the open conversation, if they may read it."""
    open_space = space or (access.space_seen_by(membership.user, current) if current else None)
    return {
        "history": history.history_page(membership, filter=history.HistoryFilter.EVERYONE),
        "filters": history.HistoryFilter,
        "current_id": current.pk if current else None,
        "spaces_beside": sidebar_spaces(membership, current=open_space),
    }
