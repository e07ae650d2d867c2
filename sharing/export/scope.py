"""What somebody wants to take out, and what of it they may read: looked up anew whenever it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from chat import access
from chat.models import Answer, Conversation, Question
from core import graphemes
from core.web.params import uuid_in

CONVERSATIONS, ANSWERS, SPACE, TEAM = KINDS = ("conversations", "answers", "space", "team")
REPORT = "report"
"""A report, which has its own page from which it is taken out (`sharing.export.making.report_exports`)."""
MOST_NAMED = 200
"""Conversations or answers that can be named one by one."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Conversations or answers by their ids, a space or a report by its id, or all of the team."""

    kind: str
    ids: tuple[UUID, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """To be stored with a job."""
        return {"kind": self.kind, "ids": [str(one) for one in self.ids]}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Scope":
        """From what was stored, or sent: what is none of it is left out."""
        kind = stored.get("kind")
        named = [uuid_in(str(one)) for one in stored.get("ids", ())][:MOST_NAMED]
        return cls(
            kind if kind in (*KINDS, REPORT) else CONVERSATIONS, tuple(dict.fromkeys(one for one in named if one))
        )


def readable_part(scope: Scope, membership: Membership) -> QuerySet[Conversation]:
    """The conversations of it that the member may read now."""
    there = access.readable_conversations(membership)
    if scope.kind == CONVERSATIONS:
        return there.filter(pk__in=scope.ids)
    if scope.kind == ANSWERS:
        return there.filter(pk__in=Question.objects.filter(answers__in=scope.ids).values("conversation"))
    if scope.kind == SPACE:
        spaces = access.readable_spaces(membership).filter(pk__in=scope.ids)
        own = Q(visibility=Conversation.Visibility.PRIVATE, owner=membership.user_id)
        return there.filter(Q(visibility=Conversation.Visibility.SPACE) | own, space__in=spaces)
    return there if scope.kind == TEAM else there.none()


def required_part(scope: Scope, membership: Membership) -> QuerySet[Conversation]:
    """The same. Raises Http404 where nothing that was named is there for this person."""
    found = readable_part(scope, membership)
    if scope.kind == SPACE and not access.readable_spaces(membership).filter(pk__in=scope.ids).exists():
        raise Http404
    if scope.kind in (CONVERSATIONS, ANSWERS) and not found.exists():
        raise Http404
    return found


def title_of(scope: Scope, membership: Membership) -> str:
    """What the export is called."""
    found = readable_part(scope, membership)
    if scope.kind == TEAM:
        return membership.team.name
    if scope.kind == SPACE:
        space = access.readable_spaces(membership).filter(pk__in=scope.ids).first()
        return space.name if space else ""
    if scope.kind == ANSWERS and len(scope.ids) == 1:
        question = Question.objects.filter(answers__in=scope.ids, conversation__in=found).first()
        return graphemes.shortened(" ".join(question.text.split()), 100) if question else ""
    titles = list(found.order_by("created_at", "pk").values_list("title", flat=True)[:2])
    if len(titles) == 1:
        return titles[0]
    count = found.count()
    if scope.kind == ANSWERS:
        count = answers_in(scope, membership).count()
        return ngettext("%(n)s answer", "%(n)s answers", count) % {"n": count}
    return ngettext("%(n)s conversation", "%(n)s conversations", count) % {"n": count}


def answers_in(scope: Scope, membership: Membership) -> QuerySet[Answer]:
    """The answers that were named and that the member may read."""
    return Answer.objects.filter(pk__in=scope.ids, question__conversation__in=readable_part(scope, membership))


def questions_in(scope: Scope, membership: Membership) -> QuerySet[Question]:
    """All questions of it, in every version."""
    found = Question.objects.filter(conversation__in=readable_part(scope, membership))
    return found.filter(answers__in=scope.ids).distinct() if scope.kind == ANSWERS else found


def place_words(conversation: Conversation) -> str:
    """Who sees the conversation, in words: its space's name, or one of two."""
    if conversation.visibility == Conversation.Visibility.SPACE and conversation.space:
        return conversation.space.name
    return _("Only me") if conversation.is_private else _("Team")


def ids_text(ids: Sequence[UUID]) -> str:
    """Ids as one field of a form."""
    return ",".join(one.hex for one in ids)
