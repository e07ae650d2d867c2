"""Finding conversations, questions and answers."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import signed_in_with
from accounts.models import Membership, User
from chat.access.memberships import membership_for
from chat.access.space_readers import space_readers
from chat.access.spaces import SpaceRole, conversations_seen_by, conversations_seen_by_each, role_in
from chat.access.trash import trash_begins
from chat.models import Answer, Conversation, Question


def readable_conversations(membership: Membership) -> QuerySet[Conversation]:
    """The team's conversations that the person may read: those of the team and of their spaces, and their own private
    ones, none deleted."""
    seen = conversations_seen_by(membership)
    return Conversation.objects.filter(seen, team=membership.team_id, deleted_at=None)


def trashed_conversations(membership: Membership) -> QuerySet[Conversation]:
    """The team's deleted conversations that the person may restore: their own as far as they may read them, those of
    spaces that they manage, and for team owners those that the team shares."""
    seen = conversations_seen_by(membership)
    deleted = Conversation.objects.filter(seen, team=membership.team_id, deleted_at__gte=trash_begins())
    if not membership.may_ask:
        return deleted.none()
    own = Q(owner=membership.user_id)
    of_spaces = Q(visibility=Conversation.Visibility.SPACE, space__owner=membership.user_id)
    if membership.may_manage:
        shared = Q(visibility=Conversation.Visibility.TEAM)
        of_spaces |= Q(visibility=Conversation.Visibility.SPACE, space__everyone=True)
        return deleted.filter(own | of_spaces | shared)
    return deleted.filter(own | of_spaces)


def readable_conversation(user: User, conversation_id: UUID) -> Conversation:
    """The conversation with its team and owner. Raises Http404 when it is not there for this person."""
    return _readable(user, conversation_id, deleted=False)


def readable_original(user: User, conversation: Conversation) -> Conversation | None:
    """The conversation from which this one was forked; None where it is not there for this person."""
    return _seen_by([user.pk]).filter(forks=conversation, deleted_at=None).first()


class Permission(NamedTuple):
    """What lets somebody go on reading: a session, whose it is, and the conversation that they may read; None where it
    is enough that they are signed in. `space_id` is the space of the documents that they are shown besides."""

    session_key: str
    user_id: UUID
    conversation_id: UUID | None
    space_id: UUID | None = None


def still_good(permissions: Collection[Permission]) -> set[Permission]:
    """Those whose person is still signed in and may still read the conversation and the space, for all of them by four
    queries at most."""
    people = signed_in_with({permission.session_key for permission in permissions})
    held = [one for one in permissions if people.get(one.session_key) == one.user_id]
    seen = readers_of({one.conversation_id for one in held if one.conversation_id}, {one.user_id for one in held})
    spaces = space_readers({one.space_id for one in held if one.space_id}, {one.user_id for one in held})
    return {
        one
        for one in held
        if (one.conversation_id is None or (one.user_id, one.conversation_id) in seen)
        and (one.space_id is None or (one.user_id, one.space_id) in spaces)
    }


def readers_of(conversation_ids: Collection[UUID], user_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Who of these people may read which of the conversations: the ids of both, by one query."""
    there = _seen_by(user_ids).filter(pk__in=conversation_ids, deleted_at=None)
    return set(there.values_list("team__memberships__user", "pk"))


def askable_conversation(user: User, conversation_id: UUID) -> Conversation:
    """A conversation in which the person may ask; an archived one too, for asking takes it out of the archive.

    Raises Http404, or PermissionDenied for a viewer, and for everybody while its space is archived.
    """
    return askable_with_membership(user, conversation_id)[0]


def askable_with_membership(user: User, conversation_id: UUID) -> tuple[Conversation, Membership]:
    """The same, with the person's place in its team."""
    conversation, membership = _contributed(user, conversation_id)
    if _is_in_archive(conversation):
        raise PermissionDenied(_("This space is archived. Nobody can ask in it until it’s unarchived."))
    return conversation, membership


def managed_conversation(user: User, conversation_id: UUID, *, deleted: bool = False) -> Conversation:
    """A conversation that the person may rename, archive and delete; with `deleted`, one that waits to be restored.

    Raises Http404, or PermissionDenied for somebody who may only read it.
    """
    conversation = _readable(user, conversation_id, deleted=deleted)
    if not may_manage(membership_for(user, conversation), conversation):
        raise PermissionDenied(_("Only its owner or a team owner can change this conversation."))
    return conversation


def owned_conversation(user: User, conversation_id: UUID) -> Conversation:
    """A conversation whose visibility the person may change: their own.

    Raises Http404, or PermissionDenied for anybody but its owner.
    """
    conversation = managed_conversation(user, conversation_id)
    if conversation.owner_id != user.pk:
        raise PermissionDenied(_("Only its owner can make this conversation private or share it."))
    return conversation


def readable_answer(user: User, conversation_id: UUID, answer_id: UUID) -> Answer:
    """An answer of that conversation, with its question. Raises Http404, also for an answer of another conversation."""
    conversation = readable_conversation(user, conversation_id)
    answer = get_object_or_404(
        Answer.objects.select_related("question", "question__author"),
        pk=answer_id,
        question__conversation=conversation,
    )
    answer.question.conversation = conversation
    return answer


def askable_answer(user: User, conversation_id: UUID, answer_id: UUID) -> Answer:
    """An answer of a conversation in which the person may ask, to be stopped for example; also in an archived space.

    Raises Http404, or PermissionDenied for a viewer.
    """
    _contributed(user, conversation_id)
    return readable_answer(user, conversation_id, answer_id)


def askable_question(user: User, conversation_id: UUID, question_id: UUID) -> Question:
    """A question of a conversation in which the person may ask. Raises Http404, or PermissionDenied for a viewer."""
    conversation = askable_conversation(user, conversation_id)
    question = get_object_or_404(Question.objects.select_related("author"), pk=question_id, conversation=conversation)
    question.conversation = conversation
    return question


def readable_question(user: User, conversation_id: UUID, question_id: UUID) -> Question:
    """A question of a conversation that the person may read. Raises Http404."""
    conversation = readable_conversation(user, conversation_id)
    question = get_object_or_404(Question.objects.select_related("author"), pk=question_id, conversation=conversation)
    question.conversation = conversation
    return question


def editable_question(user: User, conversation_id: UUID, question_id: UUID) -> Question:
    """A question that the person may ask in other words: their own. Raises Http404, or PermissionDenied for others."""
    question = askable_question(user, conversation_id, question_id)
    if question.author_id != user.pk:
        raise PermissionDenied(_("Only the person who asked a question can edit it."))
    return question


def may_manage(membership: Membership, conversation: Conversation) -> bool:
    """Whether the member may rename, archive and delete it: its owner, a team owner when the team shares it, and
    whoever manages the space that shares it."""
    if conversation.owner_id == membership.user_id:
        return membership.may_ask
    if conversation.visibility == Conversation.Visibility.SPACE and conversation.space:
        role = role_in(conversation.space, membership)
        return role is not None and role.may_manage
    return membership.may_manage and conversation.visibility == Conversation.Visibility.TEAM


def may_ask_in(membership: Membership, conversation: Conversation) -> bool:
    """Whether the member may ask in a conversation that they may read."""
    may = membership.may_ask and _may_contribute(membership, conversation)
    return may and not _is_in_archive(conversation)


def _contributed(user: User, conversation_id: UUID) -> tuple[Conversation, Membership]:
    conversation = readable_conversation(user, conversation_id)
    membership = membership_for(user, conversation)
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s conversations but can’t change them."))
    if not _may_contribute(membership, conversation):
        raise PermissionDenied(_("You can read this space but can’t add to it."))
    return conversation, membership


def _is_in_archive(conversation: Conversation) -> bool:
    space = conversation.space
    return space is not None and space.archived and space.deleted_at is None


def _may_contribute(membership: Membership, conversation: Conversation) -> bool:
    if conversation.visibility != Conversation.Visibility.SPACE or conversation.owner_id == membership.user_id:
        return True
    role = role_in(conversation.space, membership) if conversation.space else None
    return role is not None and role >= SpaceRole.CONTRIBUTOR


def _readable(user: User, conversation_id: UUID, *, deleted: bool) -> Conversation:
    state = Q(deleted_at__gte=trash_begins()) if deleted else Q(deleted_at=None)
    return get_object_or_404(_seen_by([user.pk]).select_related("team", "owner", "space"), state, pk=conversation_id)


def _seen_by(user_ids: Iterable[UUID]) -> QuerySet[Conversation]:
    """The conversations that each of these people may read, of all teams, and those that would be again if they were
    restored. One that several of them may read is there for each, by their `team__memberships__user`."""
    return Conversation.objects.filter(conversations_seen_by_each(), team__memberships__user__in=set(user_ids))
