"""The way from a conversation's menu to its links."""

from django.urls import reverse
from django.utils.translation import gettext as _

from chat.models import Conversation
from core.notices import Link
from sharing.links import service


def share_by_link(conversation: object, may_manage: bool) -> Link | None:
    """Where links to the conversation are made; None where nobody may, or this person may not."""
    if not (isinstance(conversation, Conversation) and may_manage and service.is_on(conversation.team)):
        return None
    return Link(reverse("sharing:links", args=[conversation.pk]), _("Share by link…"), icon="link", opens_dialog=True)
