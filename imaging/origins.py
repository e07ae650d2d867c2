"""Where an image was asked for: a conversation, or a question in it, as far as the person may read it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from accounts.models import User
from chat import access
from chat.models import Conversation, Question


@dataclass(frozen=True, slots=True)
class Origin:
    """A conversation that the person may read, and the text of the question in it, if one is meant."""

    conversation_id: UUID
    team_id: UUID
    title: str
    is_private: bool
    address: str
    text: str = ""


def conversation_origin(user: User, conversation_id: UUID | None) -> Origin | None:
    """The conversation, if it is there for this person."""
    if conversation_id is None:
        return None
    try:
        return _origin(access.readable_conversation(user, conversation_id))
    except Http404:
        return None


def question_origin(user: User, question_id: UUID | None) -> Origin | None:
    """The question's conversation with the question's text, if it is there for this person."""
    found = Question.objects.filter(pk=question_id).first() if question_id else None
    if found is None:
        return None
    try:
        return _origin(access.readable_conversation(user, found.conversation_id), text=found.text)
    except Http404:
        return None


def _origin(conversation: Conversation, *, text: str = "") -> Origin:
    return Origin(
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        title=conversation.title,
        is_private=conversation.visibility == Conversation.Visibility.PRIVATE,
        address=reverse("chat:conversation", args=[conversation.pk]),
        text=text,
    )
