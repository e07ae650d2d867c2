"""Tells the images which conversation they were asked for in, and who may know."""

from uuid import UUID

from django.http import Http404
from django.urls import reverse

from accounts.models import User
from chat import access
from chat.models import Conversation, Question
from imaging.origins import Origin


def conversation(user: User, conversation_id: UUID) -> Origin | None:
    """The conversation, if it is there for this person."""
    try:
        return _told(access.readable_conversation(user, conversation_id))
    except Http404:
        return None


def question(user: User, question_id: UUID) -> Origin | None:
    """The question's conversation with the question's text, if it is there for this person."""
    found = Question.objects.filter(pk=question_id).first()
    if found is None:
        return None
    try:
        return _told(access.readable_conversation(user, found.conversation_id), text=found.text)
    except Http404:
        return None


def _told(found: Conversation, *, text: str = "") -> Origin:
    return Origin(
        conversation_id=found.pk,
        team_id=found.team_id,
        title=found.title,
        is_private=found.visibility == Conversation.Visibility.PRIVATE,
        address=reverse("chat:conversation", args=[found.pk]),
        text=text,
    )
