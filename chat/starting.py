"""The options with which a composer begins."""

from typing import Any

from accounts.models import Membership
from chat import presets
from chat.models import Conversation


def options_for(membership: Membership, conversation: Conversation | None = None) -> dict[str, Any]:
    """Those of the member's last question in the conversation; without one, those with which they begin as a rule."""
    if conversation:
        own = conversation.questions.filter(author=membership.user_id).order_by("-position")
        last: dict[str, Any] | None = own.values_list("options", flat=True).first()
        if last is not None:
            return last
    return presets.defaults_of(membership.user, membership.team)
