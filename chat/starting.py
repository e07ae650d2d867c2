"""The options with which a composer begins."""

from typing import Any

from accounts.models import Team, User
from chat import presets
from chat.models import Conversation


def options_for(user: User, *, team: Team, conversation: Conversation | None = None) -> dict[str, Any]:
    """Those of the person's last question in the conversation; without one, those with which they begin as a rule."""
    if conversation:
        asked = conversation.questions.filter(author=user).order_by("-position").values_list("options", flat=True)
        last = asked.first()
        if last is not None:
            return dict(last)
    return presets.defaults_of(user, team)
