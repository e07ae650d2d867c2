"""Finding watches of questions: whoever may read the conversation sees them."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access.conversations import may_ask_in, may_manage, readable_conversation, readable_conversations
from chat.access.memberships import membership_for
from chat.models import Watch, WatchRun


def readable_watches(membership: Membership) -> QuerySet[Watch]:
    """The watches of questions that the member may read in the team."""
    conversations = readable_conversations(membership).order_by().values("pk")
    return Watch.objects.filter(question__conversation__in=conversations, deleted_at=None)


def readable_watch(user: User, watch_id: UUID, *, deleted: bool = False) -> tuple[Watch, Membership]:
    """A watch of a question that the person may read, with question, conversation and owner at hand; and their place in
    its team. Raises Http404."""
    found = Watch.objects.select_related("question", "owner").filter(deleted_at__isnull=not deleted)
    watch: Watch = get_object_or_404(found, pk=watch_id)
    watch.question.conversation = readable_conversation(user, watch.question.conversation_id)
    return watch, membership_for(user, watch.question.conversation)


def readable_run(user: User, watch_id: UUID, run_id: UUID) -> tuple[WatchRun, Membership]:
    """One time that the watch was due. Raises Http404."""
    watch, membership = readable_watch(user, watch_id)
    run: WatchRun = get_object_or_404(WatchRun.objects.select_related("answer"), pk=run_id, watch=watch)
    run.watch = watch
    if run.answer:
        run.answer.question = watch.question
    return run, membership


def stoppable_watch(user: User, watch_id: UUID, *, deleted: bool = False) -> Watch:
    """A watch that the person may pause and delete: their own, and those in conversations that they manage.

    With `deleted`, one that waits to be restored. Raises Http404, or PermissionDenied for who may only read it.
    """
    watch, membership = readable_watch(user, watch_id, deleted=deleted)
    if not may_stop(membership, watch):
        raise PermissionDenied(_("Only its owner, or someone who manages the conversation, can stop this watch."))
    return watch


def owned_watch(user: User, watch_id: UUID) -> Watch:
    """A watch that the person may change and go on with: their own, for it asks in their name, in a conversation in
    which they may ask. Raises Http404, or PermissionDenied for anybody else."""
    watch, membership = readable_watch(user, watch_id)
    if watch.owner_id != user.pk:
        raise PermissionDenied(_("Only its owner can change this watch: it asks in their name."))
    if not may_ask_in(membership, watch.question.conversation):
        raise PermissionDenied(_("You can’t ask in this conversation any more."))
    return watch


def may_stop(membership: Membership, watch: Watch) -> bool:
    """Whether the member, who may read the watch, may pause and delete it."""
    if not membership.may_ask:
        return False
    return watch.owner_id == membership.user_id or may_manage(membership, watch.question.conversation)
