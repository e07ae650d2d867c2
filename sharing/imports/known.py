"""Which conversations of a file are here already: nobody's history comes in twice."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Membership
from chat import access
from chat.access.trash import trash_begins
from chat.models import Conversation
from core.web.params import uuid_in
from sharing.imports.foreign import ForeignConversation
from sharing.imports.targets import Target
from sharing.models import ImportedConversation
from sharing.models.imports import Service

LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation that is here. `imported` says which questions came from its service; None for one that was asked
    here. `is_in_trash`: its owner can bring it back."""

    conversation: Conversation
    imported: ImportedConversation | None = None

    @property
    def is_in_trash(self) -> bool:
        """Whether it was deleted."""
        return self.conversation.deleted_at is not None


def foreign_id_of(found: ForeignConversation) -> str:
    """What the conversation is known by. One that its service gave no name is known by what was asked first."""
    id = found.id
    if not id and found.questions:
        first = found.questions[0]
        id = _digest(f"{found.title}\n{first.at.isoformat()}\n{first.text}")
    return _digest(id) if len(id) > LONGEST_ID or not id.isprintable() else id


def known_of(
    some: Sequence[ForeignConversation], *, membership: Membership, owners: Mapping[int, UUID]
) -> dict[int, Known]:
    """Those of some conversations that are here, by their places among these. `owners` says whose each would be.

    What others brought counts where the person may read it. What is gone from the trash is forgotten, with its row.
    """
    ids = {place: foreign_id_of(one) for place, one in enumerate(some)}
    rows = ImportedConversation.objects.filter(team=membership.team_id, foreign_id__in=set(ids.values()))
    found: dict[tuple[str, str], list[ImportedConversation]] = {}
    gone = []
    for row in rows.select_related("conversation"):
        deleted = row.conversation.deleted_at
        if deleted is not None and deleted < trash_begins():
            gone.append(row.pk)
        else:
            found.setdefault((row.service, row.foreign_id), []).append(row)
    if gone:
        ImportedConversation.objects.filter(pk__in=gone).delete()
    readable = access.readable_conversations(membership)
    theirs = [row.conversation_id for several in found.values() for row in several]
    asked_here = [uuid_in(one.id) for one in some if one.service == Service.PARLEY]
    seen = {one.pk: one for one in readable.filter(pk__in=[*theirs, *filter(None, asked_here)])}
    known = {}
    for place, one in enumerate(some):
        several = found.get((one.service, ids[place]), [])
        own = [row for row in several if row.owner_id == owners[place]]
        others = [row for row in several if row.conversation_id in seen]
        first = next(iter(own or others), None)
        id = uuid_in(one.id) if one.service == Service.PARLEY else None
        here = seen.get(id) if id else None
        if first:
            known[place] = Known(first.conversation, first)
        elif here:
            known[place] = Known(here)
    return known


def conversations_called(ids: Collection[str], *, target: Target) -> dict[str, UUID]:
    """Conversations of this team by the ids that an archive of Parley has for them: those that came with it, and those
    that were asked here. One's own, except for who brings a whole team back."""
    rows = ImportedConversation.objects.filter(
        team=target.run.team_id, service=Service.PARLEY, foreign_id__in=ids, conversation__deleted_at=None
    )
    asked = {id: own for id in ids if (own := uuid_in(id))}
    here = Conversation.objects.filter(pk__in=asked.values(), team=target.run.team_id, deleted_at=None)
    if not target.is_team:
        rows, here = rows.filter(owner=target.run.person_id), here.filter(owner=target.run.person_id)
    there = set(here.values_list("pk", flat=True))
    found = {id: pk for id, pk in asked.items() if pk in there}
    return found | dict(rows.values_list("foreign_id", "conversation_id"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
