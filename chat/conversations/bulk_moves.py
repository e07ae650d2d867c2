"""Moving many conversations at once: each to which the person may do it, with one way back for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from accounts.models import Membership
from chat import access
from chat.access import Place
from chat.conversations import moving
from chat.conversations.bulk import MOST_AT_ONCE, BulkResult
from chat.models import Conversation
from core.web.params import uuid_in

ACTIONS = ("share", "unshare", "move", "put_back")
Target = Callable[[Conversation], Place | None]


@dataclass(frozen=True)
class MoveResult(BulkResult):
    """What became of each, and from where to where they went: the ids by both places."""

    went: dict[tuple[str, str], list[UUID]] = field(default_factory=dict)

    @property
    def way_back(self) -> str:
        """What a form says so that `move_back` takes all of it back."""
        return ";".join(
            f"{before}~{after}:{','.join(pk.hex for pk in ids)}" for (before, after), ids in self.went.items()
        )


def alone_where_it_is(conversation: Conversation) -> Place:
    """For its owner alone, in the space in which it is, if it is in one."""
    return access.alone_in(conversation.space) if conversation.space else access.ALONE


@transaction.atomic
def move_many(*, ids: Iterable[UUID], to: Target, by: Membership, seen: str = "") -> MoveResult:
    """Move each of the conversations, MOST_AT_ONCE at most, that the member may move; with `seen` only those that are
    still in the place of that name."""
    there = access.readable_conversations(by).filter(pk__in=list(ids)[:MOST_AT_ONCE])
    result = MoveResult([], [])
    for conversation in moving.locked(there).order_by("-last_asked_at", "-id"):
        before, target = moving.where(conversation), to(conversation)
        if target is None or before == target.value or (seen and before != seen):
            continue
        if moving.why_not(by, conversation, target):
            result.refused.append(conversation.title)
            continue
        moving.put(conversation, by=by, to=target)
        result.changed.append(conversation.pk)
        result.went.setdefault((before, target.value), []).append(conversation.pk)
    return result


def move_back(*, way: str, by: Membership) -> MoveResult:
    """Put back what `MoveResult.way_back` says, as far as it is still where it was put and the member may use the place
    where it was."""
    back = MoveResult([], [])
    left = MOST_AT_ONCE
    for part in way.split(";", MOST_AT_ONCE)[:MOST_AT_ONCE]:
        places, _colon, listed = part.partition(":")
        before, _tilde, after = places.partition("~")
        ids = [pk for text in listed.split(",", left)[:left] if (pk := uuid_in(text))]
        place = access.usable_place(by, before)
        if place is None or not after or not ids:
            continue
        left -= len(ids)
        done = move_many(ids=ids, to=_always(place), by=by, seen=after)
        back.changed.extend(done.changed)
        back.refused.extend(done.refused)
        back.went.update(done.went)
    return back


def _always(place: Place) -> Target:
    return lambda _conversation: place
