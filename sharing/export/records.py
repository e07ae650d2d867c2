"""Conversations as import reads them back: docs/export-format.md says what stands where."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from accounts.models import Membership, User
from chat.models import Attachment, Conversation, Question
from core.version import parley_version

FORMAT, ARCHIVE, VERSION = "parley-export", "parley-archive", 2

Record = dict[str, Any]


def head(membership: Membership, *, title: str, at: datetime, name: str = FORMAT) -> Record:
    """What a file begins with."""
    return {
        "format": name,
        "version": VERSION,
        "parley": parley_version(),
        "made_at": moment(at),
        "made_by": person(membership.user),
        "site": settings.SITE_URL,
        "team": {"id": str(membership.team_id), "name": membership.team.name},
        "title": title,
    }


def person(user: User) -> Record:
    """Who did something."""
    return {"username": user.username, "name": user.display_name}


def someone(user: User | None, *, otherwise: str = "") -> Record | None:
    """Who did something; None where nobody knows. `otherwise` is the name of somebody who is nobody here."""
    if otherwise:
        return {"username": "", "name": otherwise}
    return person(user) if user else None


def conversation_record(conversation: Conversation, tags: Iterable[str]) -> Record:
    """A conversation without its questions."""
    space = conversation.space
    return {
        "id": str(conversation.pk),
        "title": conversation.title,
        "owner": person(conversation.owner),
        "visibility": conversation.visibility,
        "space": {"id": str(space.pk), "name": space.name} if space and space.deleted_at is None else None,
        "pinned": conversation.pinned,
        "archived": conversation.archived,
        "tags": list(tags),
        "forked_from": str(conversation.forked_from_id) if conversation.forked_from_id else None,
        "created_at": moment(conversation.created_at),
        "last_asked_at": moment(conversation.last_asked_at),
    }


def question_record(question: Question, answers: Sequence[Record]) -> Record:
    """A question with its answers."""
    return {
        "id": str(question.pk),
        "position": question.position,
        "follows": str(question.follows_id) if question.follows_id else None,
        "version_of": str(question.version_of_id) if question.version_of_id else None,
        "text": question.text,
        "asked_by": person(question.author),
        "asked_at": moment(question.created_at),
        "options": question.options,
        "documents": question.documents,
        "attachments": [attachment_record(one) for one in question.attachments.all()],
        "answers": list(answers),
    }


def attachment_record(one: Attachment) -> Record:
    """A file that went along with a question, whose bytes stand elsewhere."""
    return {
        "name": one.name,
        "kind": one.kind,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "width": one.width,
        "height": one.height,
    }


def moment(at: datetime | None) -> str:
    """A time as text, empty for none."""
    return at.isoformat() if at else ""


def day(on: date | None) -> str:
    """A day as text, empty for none."""
    return on.isoformat() if on else ""
