"""What can be done to many conversations at once: to each that the person may do it to, with one way back for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.models import Membership, User
from chat import access
from chat.conversations import service, tags
from chat.conversations.forms import folded_name
from chat.models import Conversation, Tag

MOST_AT_ONCE = 200
"""Conversations: each is stored on its own, and others wait to write meanwhile."""


@dataclass(frozen=True)
class BulkAction:
    """Something that is done to many. `undo` is the name of what takes it back, empty where nothing does."""

    name: str
    apply: Callable[..., object]
    may: Callable[[Membership, Conversation], bool]
    is_done: Callable[[Conversation], bool]
    undo: str = ""
    in_trash: bool = False


@dataclass(frozen=True)
class BulkResult:
    """What became of each: ids of those that were changed, and titles of those that the person may not change. Those
    that were like that before, and those that are not there for this person, are in neither."""

    changed: list[UUID]
    refused: list[str]


ACTIONS = {
    action.name: action
    for action in (
        BulkAction("pin", service.pin_conversation, access.may_ask_in, lambda one: one.pinned, undo="unpin"),
        BulkAction("unpin", service.unpin_conversation, access.may_ask_in, lambda one: not one.pinned, undo="pin"),
        BulkAction(
            "archive", service.archive_conversation, access.may_manage, lambda one: one.archived, undo="unarchive"
        ),
        BulkAction(
            "unarchive", service.unarchive_conversation, access.may_manage, lambda one: not one.archived, undo="archive"
        ),
        BulkAction("delete", service.delete_conversation, access.may_manage, lambda one: False, undo="restore"),
        BulkAction(
            "restore", service.restore_conversation, access.may_manage, lambda one: False, undo="delete", in_trash=True
        ),
        BulkAction("erase", service.erase_conversation, access.may_manage, lambda one: False, in_trash=True),
    )
}


TAG_ACTIONS = ("tag", "untag")
"""What is done with a tag; `tag_action` makes them."""


def tag_action(*, name: str, tag: str, membership: Membership) -> BulkAction:
    """Putting the tag of that name on conversations, or, for `untag`, taking it off them."""
    known = access.visible_tags(membership).filter(folded=folded_name(tag)).first()

    def has_room(membership: Membership, conversation: Conversation) -> bool:
        has_it = known is not None and conversation.taggings.filter(tag=known).exists()
        has_room = has_it or conversation.taggings.count() < tags.MOST_ON_ONE
        return has_room and access.may_ask_in(membership, conversation)

    def has_tag(conversation: Conversation) -> bool:
        return Tag.objects.filter(
            team=membership.team_id, folded=folded_name(tag), taggings__conversation=conversation
        ).exists()

    if name == "tag":
        return BulkAction("tag", partial(tags.add_tag, name=tag), has_room, has_tag, undo="untag")
    return BulkAction(
        "untag", partial(_take_off, tag=known), access.may_ask_in, lambda one: not has_tag(one), undo="tag"
    )


def _take_off(*, conversation: Conversation, tag: Tag | None, by: User) -> None:
    if tag:
        tags.remove_tag(conversation=conversation, tag=tag, by=by)


@transaction.atomic
def apply_to_many(*, action: BulkAction, ids: Iterable[UUID], by: Membership) -> BulkResult:
    """Do it to each of the conversations, MOST_AT_ONCE at most, that the member may do it to."""
    there = access.trashed_conversations(by) if action.in_trash else access.readable_conversations(by)
    found = there.filter(pk__in=list(ids)[:MOST_AT_ONCE]).select_for_update(no_key=True, of=("self",))
    changed: list[UUID] = []
    refused: list[str] = []
    for conversation in found.order_by("-last_asked_at", "-id"):
        if not action.may(by, conversation):
            refused.append(conversation.title)
        elif not action.is_done(conversation):
            action.apply(conversation=conversation, by=by.user)
            changed.append(conversation.pk)
    return BulkResult(changed, refused)
