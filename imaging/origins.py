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
    """A conversation that the person may read, and the text of the question in it, if one is meant. One that
    `is_for_some` is visible to the chosen people of a space."""

    conversation_id: UUID
    team_id: UUID
    title: str
    is_private: bool
    is_for_some: bool
    address: str
    question_id: UUID | None = None
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
        return _origin(access.readable_conversation(user, found.conversation_id), question=found)
    except Http404:
        return None


def origin_of(user: User, *, conversation_id: UUID | None, question_id: UUID | None) -> Origin | None:
    """The question's conversation, or else the conversation, as far as one of them is there for this person."""
    return question_origin(user, question_id) or conversation_origin(user, conversation_id)


def _origin(conversation: Conversation, *, question: Question | None = None) -> Origin:
    return Origin(
        conversation_id=conversation.pk,
        team_id=conversation.team_id,
        title=conversation.title,
        is_private=conversation.visibility == Conversation.Visibility.PRIVATE,
        is_for_some=conversation.visibility == Conversation.Visibility.SPACE
        and conversation.space is not None
        and not conversation.space.everyone,
        address=reverse("chat:conversation", args=[conversation.pk]),
        question_id=question.pk if question else None,
        text=question.text if question else "",
    )
