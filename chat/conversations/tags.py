"""Tags on conversations. One is there as long as a conversation has it; whoever may read one that has it sees it."""

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat.conversations.forms import folded_name
from chat.models import Conversation, Tag, Tagging
from core.errors import ActionRefused
from core.text import one_line

MOST_ON_ONE = 20
"""Tags of one conversation."""
MOST_OF_TEAM = 1_000
"""Tags of one team, those too that nobody but an owner of a private conversation sees."""

logger = logging.getLogger(__name__)


def tags_of(conversation: Conversation) -> list[Tag]:
    """The conversation's tags in the order of their names."""
    return list(Tag.objects.filter(taggings__conversation=conversation).order_by("folded"))


@transaction.atomic
def add_tag(*, conversation: Conversation, name: str, by: User) -> Tag:
    """Put the tag with this name on the conversation, which need not be new to it; make it if the team has none.

    Raises ActionRefused for a conversation, or a team, that has as many as there may be.
    """
    _lock(conversation.team_id)
    tag = Tag.objects.filter(team=conversation.team_id, folded=folded_name(name)).first()
    if tag and conversation.taggings.filter(tag=tag).exists():
        return tag
    if conversation.taggings.count() >= MOST_ON_ONE:
        raise ActionRefused(_("A conversation can have up to %(most)d tags.") % {"most": MOST_ON_ONE})
    tag = tag or _made(conversation.team, name)
    Tagging.objects.get_or_create(conversation=conversation, tag=tag, defaults={"added_by": by})
    logger.info("%s tagged conversation %s.", by.get_username(), conversation.pk)
    return tag


@transaction.atomic
def remove_tag(*, conversation: Conversation, tag: Tag, by: User) -> None:
    """Take the tag off the conversation, and forget it if no other has it."""
    _lock(conversation.team_id)
    conversation.taggings.filter(tag=tag).delete()
    _forget_unused([tag.pk])
    logger.info("%s took a tag off conversation %s.", by.get_username(), conversation.pk)


@transaction.atomic
def rename_tag(*, tag: Tag, name: str, by: User) -> Tag:
    """Give the tag another name. Where the team has a tag of that name, the two become one; returns what is left."""
    _lock(tag.team_id)
    other = Tag.objects.filter(team=tag.team_id, folded=folded_name(name)).exclude(pk=tag.pk).first()
    if other:
        merge_tags(tag=tag, into=other, by=by)
        return other
    tag.name, tag.folded = one_line(name)[: Tag.LONGEST], folded_name(name)
    tag.save(update_fields=["name", "folded"])
    logger.info("%s renamed tag %s.", by.get_username(), tag.pk)
    return tag


@transaction.atomic
def merge_tags(*, tag: Tag, into: Tag, by: User) -> None:
    """Put the other tag wherever this one is, and forget this one. Raises Http404 for tags of two teams."""
    if tag.team_id != into.team_id or tag.pk == into.pk:
        raise Http404
    _lock(tag.team_id)
    there = Tagging.objects.filter(tag=into).values("conversation")
    Tagging.objects.filter(tag=tag).exclude(conversation__in=there).update(tag=into)
    logger.info("%s merged tag %s into %s.", by.get_username(), tag.pk, into.pk)
    tag.delete()


def delete_tag(*, tag: Tag, by: User) -> None:
    """Take the tag off every conversation."""
    logger.info("%s deleted tag %s.", by.get_username(), tag.pk)
    tag.delete()


def forget_unused_tags() -> int:
    """Remove the tags that are on no conversation, as after one was purged. Returns how many those were."""
    return _forget_unused(None)


def _made(team: Team, name: str) -> Tag:
    if Tag.objects.filter(team=team).count() >= MOST_OF_TEAM:
        raise ActionRefused(_("Your team has too many tags. Merge or delete some first."))
    tag, _is_new = Tag.objects.get_or_create(
        team=team, folded=folded_name(name), defaults={"name": one_line(name)[: Tag.LONGEST]}
    )
    return tag


def _lock(team_id: UUID) -> None:
    """Those who change the team's tags wait for each other: none is forgotten while somebody puts it somewhere."""
    Team.objects.select_for_update(no_key=True).only("pk").get(pk=team_id)


def _forget_unused(ids: list[Any] | None) -> int:
    unused = Tag.objects.filter(taggings=None)
    if ids is not None:
        unused = unused.filter(pk__in=ids)
    return unused.delete()[0]
