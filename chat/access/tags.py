"""Finding tags: whoever may read a conversation that has one sees it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access.conversations import readable_conversations
from chat.models import Conversation, Tag, Tagging


def visible_tags(membership: Membership) -> QuerySet[Tag]:
    """The team's tags that are on a conversation which the member may read, by name.

    A tag that only others' private conversations have is not among them.
    """
    seen = Tagging.objects.filter(tag=OuterRef("pk"), conversation__in=_readable(membership)).order_by()
    return Tag.objects.filter(Exists(seen), team=membership.team_id).order_by("folded")


def counted_tags(membership: Membership) -> QuerySet[Tag]:
    """The same with `uses`: on how many of those conversations each is."""
    readable = Q(taggings__conversation__in=_readable(membership))
    return visible_tags(membership).annotate(uses=Count("taggings", filter=readable))


def _readable(membership: Membership) -> QuerySet[Conversation, Any]:
    return readable_conversations(membership).order_by().values("pk")


def managed_tag(user: User, tag_id: UUID) -> tuple[Tag, Membership]:
    """A tag that the person may rename, merge and delete, and their place in its team: owners may.

    Raises Http404 for a tag that is not there for this person, PermissionDenied for anybody but an owner.
    """
    team = get_object_or_404(Tag, pk=tag_id, team__memberships__user=user).team_id
    membership = get_object_or_404(Membership.objects.select_related("team"), user=user, team=team)
    tag = get_object_or_404(visible_tags(membership).select_related("team"), pk=tag_id)
    if not membership.may_manage:
        raise PermissionDenied(_("Only team owners can rename, merge and delete tags."))
    return tag, membership
