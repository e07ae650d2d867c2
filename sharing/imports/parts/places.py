"""Which conversation, question and answer here an archive means."""

from uuid import UUID, uuid5

from django.db.models import Q

from chat.models import Answer, Question
from core.web.params import uuid_in
from sharing.imports.known import conversations_called
from sharing.imports.rows import answer_name
from sharing.imports.targets import Target


def conversation_called(id: str, *, target: Target) -> UUID | None:
    """The conversation here that the archive calls so; None where it is not here."""
    return conversations_called([id], target=target).get(id) if id else None


def question_called(conversation: str, id: str, *, target: Target) -> Question | None:
    """The question of that conversation."""
    there = conversation_called(conversation, target=target)
    if there is None or not id:
        return None
    named = Q(key=_key(there, id)) | Q(pk=uuid_in(id))
    return Question.objects.filter(named, conversation=there).select_related("conversation").first()


def answers_called(conversation: str, ids: list[str], *, target: Target) -> dict[str, UUID]:
    """Those answers of that conversation that are here, by what the archive calls them."""
    there = conversation_called(conversation, target=target)
    if there is None or not ids:
        return {}
    keys = {_key(there, answer_name(id)): id for id in ids}
    own = {found: id for id in ids if (found := uuid_in(id))}
    rows = Answer.objects.filter(Q(key__in=keys) | Q(pk__in=own), question__conversation=there)
    return {keys.get(key) or own[pk]: pk for pk, key in rows.values_list("pk", "key")}


def _key(conversation: UUID, name: str) -> UUID:
    return uuid5(conversation, name.encode("utf-8", "replace").decode())
