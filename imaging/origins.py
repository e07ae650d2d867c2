"""Where an image was asked for. Conversations belong to a package above this one, which says here how to find them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Origin:
    """A conversation that the person may read, and the question in it, if one is meant."""

    conversation_id: UUID
    team_id: UUID
    title: str
    is_private: bool
    address: str
    text: str = ""


LookUp = Callable[[User, UUID], Origin | None]


class _Nowhere:
    conversation: LookUp = staticmethod(lambda _user, _id: None)
    question: LookUp = staticmethod(lambda _user, _id: None)


_known = _Nowhere()


def found_by(*, conversation: LookUp, question: LookUp) -> None:
    """Say how conversations and questions are found for a person who may read them."""
    _known.conversation = conversation
    _known.question = question


def of_conversation(user: User, conversation_id: UUID | None) -> Origin | None:
    """The conversation, if it is there for this person."""
    return _known.conversation(user, conversation_id) if conversation_id else None


def of_question(user: User, question_id: UUID | None) -> Origin | None:
    """The question's conversation with the question's text, if it is there for this person."""
    return _known.question(user, question_id) if question_id else None
