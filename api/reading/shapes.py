"""The shapes in which programs read what the team has. `description/schemas.py` describes each."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from api.addresses import address_of, answer_address
from chat.access import SpaceRole
from chat.models import Answer, CheckedMark, CitationCheck, Conversation, LedgerSource, Question, Source, Space
from imaging.models import GeneratedImage

Shape = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """A moment as programs read it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def person(user: User) -> Shape:
    """Somebody on the team."""
    return {"id": str(user.pk), "name": user.display_name}


def page(data: list[Shape], following: object | None) -> Shape:
    """Rows, and where they go on."""
    return {"data": data, "next": None if following is None else str(following)}


def conversation(found: Conversation) -> Shape:
    """A conversation in a list, with its owner and tags at hand."""
    return {
        "id": str(found.pk),
        "title": found.title,
        "visibility": found.visibility,
        "space": str(found.space_id) if found.space_id and found.visibility == "space" else None,
        "owner": person(found.owner),
        "tags": [tagging.tag.name for tagging in found.taggings.all()],
        "pinned": found.pinned,
        "archived": found.archived,
        "created_at": moment(found.created_at),
        "last_asked_at": moment(found.last_asked_at),
        "url": address_of("chat:conversation", found.pk),
    }


def question(asked: Question, answers: Iterable[Answer]) -> Shape:
    """A question with its answers in short."""
    return {
        "id": str(asked.pk),
        "position": asked.position,
        "follows": str(asked.follows_id) if asked.follows_id else None,
        "text": asked.text,
        "author": person(asked.author),
        "asked_at": moment(asked.created_at),
        "answers": [answer_in_short(answer) for answer in answers],
    }


def answer_in_short(found: Answer) -> Shape:
    """An answer with its text, without its sources and checks."""
    return {
        "id": str(found.pk),
        "state": found.state,
        "model": found.model,
        "provider": found.provider,
        "text": found.text,
        "asked_at": moment(found.created_at),
        "ended_at": moment(found.ended_at),
    }


def answer(
    found: Answer, sources: Iterable[Source], check: CitationCheck | None, marks: Iterable[CheckedMark]
) -> Shape:
    """An answer with all that vouches for it. Texts, titles and snippets came from a service and from the web."""
    asked = found.question
    return answer_in_short(found) | {
        "conversation": str(asked.conversation_id),
        "question": {"id": str(asked.pk), "text": asked.text},
        "searched": found.searched,
        "unknown_citations": found.unknown_citations,
        "sources": [source(one) for one in sources],
        "check": check_of(check, marks) if check else None,
        "cost": str(found.cost) if found.cost is not None else None,
        "cost_source": found.cost_source,
        "url": answer_address(found, asked),
    }


def source(found: Source) -> Shape:
    """A source of an answer; `cited` says whether its text cites it, otherwise it was only found."""
    return {
        "number": found.number,
        "title": found.title,
        "url": found.url,
        "date": found.date,
        "snippet": found.snippet,
        "cited": found.cited,
    }


def check_of(check: CitationCheck, marks: Iterable[CheckedMark]) -> Shape:
    """What a check found of each citation of a page of the web."""
    return {
        "ended_at": moment(check.ended_at),
        "found": check.found,
        "partly": check.partly,
        "not_found": check.missing,
        "could_not_be_read": check.unread,
        "citations": [
            {"source": mark.number, "sentence": mark.sentence, "state": _MARKS[mark.state], "passage": mark.passage}
            for mark in marks
        ],
    }


_MARKS = {"found": "found", "partly": "partly", "missing": "not_found", "unread": "could_not_be_read", "": "shown"}


def space(found: Space, role: SpaceRole, *, instructions: str | None = None) -> Shape:
    """A space, what the person may do in it, and where wanted its standing instructions."""
    shape: Shape = {
        "id": str(found.pk),
        "name": found.name,
        "description": found.description,
        "everyone": found.everyone,
        "archived": found.archived,
        "owner": person(found.owner),
        "role": role.name.lower(),
        "created_at": moment(found.created_at),
        "url": address_of("chat:space", found.pk),
    }
    return shape if instructions is None else shape | {"instructions": instructions}


def ledger_source(row: LedgerSource, *, mark: str) -> Shape:
    """A page of the ledger: how often it was used, and what became of it."""
    return {
        "url": row.address,
        "title": row.title,
        "site": row.site,
        "mark": mark,
        "answers": row.answers,
        "cited_in": row.cited,
        "found": row.found,
        "partly": row.partly,
        "not_found": row.missing,
        "gone": row.gone,
        "moved": row.moved,
        "changed": row.changed,
        "newer": row.newer,
        "first_used_at": moment(row.first_at),
        "last_used_at": moment(row.last_at),
    }


def waiting_image(found: GeneratedImage, *, seen: str, may_decide: bool) -> Shape:
    """An image that waits for review. `seen` has to come back with the decision."""
    return {
        "id": str(found.pk),
        "prompt": found.prompt,
        "model": found.model,
        "requested_by": person(found.requested_by),
        "created_at": moment(found.created_at),
        "width": found.width,
        "height": found.height,
        "may_decide": may_decide,
        "seen": seen,
        "picture": address_of("api:review_picture", found.pk),
        "url": address_of("admin:imaging_review_image", found.pk),
    }
