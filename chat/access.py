"""Finding conversations, questions, answers and presets: lookup and permission in one.

Whoever may not know that something exists gets Http404; whoever may read it but not do the thing asked for gets
PermissionDenied with a sentence that says so. Lookups by id go over every team the person is on, so a link works
whichever team is chosen at the moment; lists belong to the chosen team and take its membership.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import signed_in_with
from accounts.models import Membership, User
from chat.models import Answer, Attachment, Conversation, Preset, Question


def readable_conversations(membership: Membership) -> QuerySet[Conversation]:
    """The team's conversations that the person may read: the shared ones and their own private ones, none deleted."""
    return Conversation.objects.filter(
        Q(visibility=Conversation.Visibility.TEAM) | Q(owner=membership.user_id),
        team=membership.team_id,
        deleted_at=None,
    )


def readable_conversation(user: User, conversation_id: UUID) -> Conversation:
    """The conversation with its team and owner. Raises Http404 when it is not there for this person."""
    return _readable(user, conversation_id, deleted=False)


class Permission(NamedTuple):
    """What lets somebody go on reading: a session, whose it is, and the conversation that they may read."""

    session_key: str
    user_id: UUID
    conversation_id: UUID


def still_good(permissions: Collection[Permission]) -> set[Permission]:
    """Those whose person is still signed in and may still read the conversation, for all of them by three queries."""
    people = signed_in_with({permission.session_key for permission in permissions})
    held = [one for one in permissions if people.get(one.session_key) == one.user_id]
    there = _seen_by(one.user_id for one in held).filter(pk__in={one.conversation_id for one in held}, deleted_at=None)
    seen = set(there.values_list("team__memberships__user", "pk"))
    return {one for one in held if (one.user_id, one.conversation_id) in seen}


def askable_conversation(user: User, conversation_id: UUID) -> Conversation:
    """A conversation in which the person may ask; an archived one too, for asking takes it out of the archive.

    Raises Http404, or PermissionDenied for a viewer.
    """
    return askable_with_membership(user, conversation_id)[0]


def askable_with_membership(user: User, conversation_id: UUID) -> tuple[Conversation, Membership]:
    """The same, with the person's place in its team."""
    conversation = readable_conversation(user, conversation_id)
    membership = membership_for(user, conversation)
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s conversations but can’t change them."))
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
    """An answer of a conversation in which the person may ask, to be stopped for example.

    Raises Http404, or PermissionDenied for a viewer.
    """
    askable_conversation(user, conversation_id)
    return readable_answer(user, conversation_id, answer_id)


def askable_question(user: User, conversation_id: UUID, question_id: UUID) -> Question:
    """A question of a conversation in which the person may ask. Raises Http404, or PermissionDenied for a viewer."""
    conversation = askable_conversation(user, conversation_id)
    question = get_object_or_404(Question.objects.select_related("author"), pk=question_id, conversation=conversation)
    question.conversation = conversation
    return question


def readable_preset(user: User, preset_id: UUID) -> Preset:
    """A preset that the person may apply: their own, or one that their team shares. Raises Http404."""
    return _preset(user, preset_id, deleted=False)


def managed_preset(user: User, preset_id: UUID, *, deleted: bool = False) -> Preset:
    """A preset that the person may delete and stop sharing: their own, or a shared one of a team that they own.

    With `deleted`, one that waits to be restored. Raises Http404, or PermissionDenied for who may only apply it.
    """
    preset = _preset(user, preset_id, deleted=deleted)
    membership = membership_for(user, preset)
    if not (membership.may_ask if preset.owner_id == user.pk else membership.may_manage):
        raise PermissionDenied(_("Only its owner or a team owner can change this preset."))
    return preset


def owned_preset(user: User, preset_id: UUID) -> Preset:
    """A preset that the person may rename and share: their own. Raises Http404, or PermissionDenied for others.

    Defaults have no name and are never shared, so they are not found here.
    """
    preset = managed_preset(user, preset_id)
    if not preset.name:
        raise Http404
    if preset.owner_id != user.pk:
        raise PermissionDenied(_("Only its owner can rename or share this preset."))
    return preset


def readable_attachment(user: User, attachment_id: UUID) -> Attachment:
    """An attachment of a conversation that the person may read, or an upload of their own that went with no question
    yet. Raises Http404 for anybody else, and for uploads to a team that they have left."""
    read = Q(question__conversation__deleted_at=None) & (
        Q(question__conversation__visibility=Conversation.Visibility.TEAM) | Q(question__conversation__owner=user)
    )
    return get_object_or_404(
        Attachment,
        Q(question=None, owner=user) | (Q(question__isnull=False) & read),
        pk=attachment_id,
        team__memberships__user=user,
    )


def own_uploads(user: User) -> QuerySet[Attachment]:
    """What this person uploaded and has asked nothing about yet."""
    return Attachment.objects.filter(owner=user, question=None)


def membership_for(user: User, kept: Conversation | Preset) -> Membership:
    """The person's membership in the team that keeps it. Raises Http404 for somebody who is not on it."""
    membership = get_object_or_404(Membership, user=user, team=kept.team_id)
    membership.user = user
    return membership


def may_manage(membership: Membership, conversation: Conversation) -> bool:
    """Whether the member may rename, archive and delete it: its owner, or a team owner when the team shares it."""
    if conversation.owner_id == membership.user_id:
        return membership.may_ask
    return membership.may_manage and conversation.visibility == Conversation.Visibility.TEAM


def _readable(user: User, conversation_id: UUID, *, deleted: bool) -> Conversation:
    return get_object_or_404(
        _seen_by([user.pk]).select_related("team", "owner"), pk=conversation_id, deleted_at__isnull=not deleted
    )


def _seen_by(user_ids: Iterable[UUID]) -> QuerySet[Conversation]:
    """The conversations that each of these people may read, of all teams, and those that would be again if they were
    restored. One that several of them may read is there for each, by their `team__memberships__user`."""
    return Conversation.objects.filter(
        Q(visibility=Conversation.Visibility.TEAM) | Q(owner=F("team__memberships__user")),
        team__memberships__user__in=set(user_ids),
    )


def _preset(user: User, preset_id: UUID, *, deleted: bool) -> Preset:
    return get_object_or_404(
        Preset.objects.select_related("team", "owner"),
        Q(shared=True) | Q(owner=user),
        pk=preset_id,
        team__memberships__user=user,
        deleted_at__isnull=not deleted,
    )
