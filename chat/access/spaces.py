"""Finding spaces, and what each person may do in them."""

from enum import IntEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access.trash import trash_begins
from chat.models import Conversation, Space, SpaceMember

_PRIVATE, _SPACE, _TEAM = Conversation.Visibility.PRIVATE, Conversation.Visibility.SPACE, Conversation.Visibility.TEAM


class SpaceRole(IntEnum):
    """What a person may do in a space; each may do what those before it may."""

    READER = 1
    CONTRIBUTOR = 2
    MANAGER = 3

    @property
    def may_contribute(self) -> bool:
        """Whether the person may ask in the space, add documents to it and move conversations into it."""
        return self >= SpaceRole.CONTRIBUTOR

    @property
    def may_manage(self) -> bool:
        """Whether the person may change the space itself and say who is in it."""
        return self >= SpaceRole.MANAGER


def readable_spaces(membership: Membership) -> QuerySet[Space]:
    """The team's spaces that the person may read, archived ones too, none deleted."""
    chosen = SpaceMember.objects.filter(space=OuterRef("pk"), membership=membership.pk)
    return Space.objects.filter(
        Q(everyone=True) | Q(owner=membership.user_id) | Exists(chosen), team=membership.team_id, deleted_at=None
    )


def usable_spaces(membership: Membership) -> QuerySet[Space]:
    """The spaces in which the person may ask: none that is archived."""
    found = readable_spaces(membership).filter(archived=False)
    if not membership.may_ask:
        return found.none()
    contributes = SpaceMember.objects.filter(
        space=OuterRef("pk"), membership=membership.pk, role=SpaceMember.Role.CONTRIBUTOR
    )
    return found.filter(Q(everyone=True) | Q(owner=membership.user_id) | Exists(contributes))


def trashed_spaces(membership: Membership) -> QuerySet[Space]:
    """The team's deleted spaces that the person may restore: their own, and for team owners those of everybody."""
    deleted = Space.objects.filter(team=membership.team_id, deleted_at__gte=trash_begins())
    if not membership.may_ask:
        return deleted.none()
    own = Q(owner=membership.user_id)
    return deleted.filter(own | Q(everyone=True)) if membership.may_manage else deleted.filter(own)


def readable_space(user: User, space_id: UUID) -> Space:
    """The space with its team and owner. Raises Http404 when it is not there for this person."""
    return space_with_role(user, space_id)[0]


def space_with_role(user: User, space_id: UUID) -> tuple[Space, Membership, SpaceRole]:
    """The space, the person's place in its team, and what they may do in the space. Raises Http404."""
    return _found(user, space_id, deleted_at=None)


def contributed_space(user: User, space_id: UUID) -> tuple[Space, Membership]:
    """A space to which the person may add.

    Raises Http404, or PermissionDenied for somebody who may only read it, and for everybody while it is archived.
    """
    space, membership, role = space_with_role(user, space_id)
    if not role.may_contribute:
        raise PermissionDenied(_("You can read this space but can’t add to it."))
    if space.archived:
        raise PermissionDenied(_("This space is archived. Nobody can add to it until it’s unarchived."))
    return space, membership


def managed_space(user: User, space_id: UUID, *, deleted: bool = False) -> tuple[Space, Membership]:
    """A space that the person may change; with `deleted`, one that waits to be restored.

    Raises Http404, or PermissionDenied for anybody else who may read it.
    """
    state = {"deleted_at__gte": trash_begins()} if deleted else {"deleted_at": None}
    space, membership, role = _found(user, space_id, **state)
    if not role.may_manage:
        raise PermissionDenied(_("Only the owner of this space can change it."))
    return space, membership


def role_in(space: Space, membership: Membership) -> SpaceRole | None:
    """What the person may do in the space of their team; None where it is not there for them. Nobody may do more in a
    space than in its team: a viewer reads."""
    if space.owner_id == membership.user_id:
        return SpaceRole.MANAGER if membership.may_ask else SpaceRole.READER
    if space.everyone and membership.may_manage:
        return SpaceRole.MANAGER
    if space.everyone:
        return SpaceRole.CONTRIBUTOR if membership.may_ask else SpaceRole.READER
    place = SpaceMember.objects.filter(space=space, membership=membership).first()
    if place is None:
        return None
    contributes = membership.may_ask and place.role == SpaceMember.Role.CONTRIBUTOR
    return SpaceRole.CONTRIBUTOR if contributes else SpaceRole.READER


def conversations_seen_by(membership: Membership) -> Q:
    """The condition for conversations of the team, deleted or not, that the person may read: those visible to the
    team, their own private ones, those of a space that they may read, and their own of a space that was deleted."""
    spaces = readable_spaces(membership).filter(pk=OuterRef("space"))
    return _seen(Exists(spaces), Q(owner=membership.user_id))


def conversations_seen_by_each() -> Q:
    """The same for everybody on the conversation's team, in a query that joins `team__memberships`."""
    chosen = Q(members__membership=OuterRef("team__memberships"))
    owned = Q(owner=OuterRef("team__memberships__user"))
    spaces = Space.objects.filter(Q(everyone=True) | owned | chosen, pk=OuterRef("space"), deleted_at=None)
    return _seen(Exists(spaces), Q(owner=F("team__memberships__user")))


def _seen(in_space: Exists, own: Q) -> Q:
    gone = Q(space=None) | Q(space__deleted_at__isnull=False)
    private, shared = Q(visibility=_PRIVATE), Q(visibility=_SPACE)
    return Q(visibility=_TEAM) | (private & own) | (shared & Q(in_space)) | (shared & gone & own)


def _found(user: User, space_id: UUID, **state: object) -> tuple[Space, Membership, SpaceRole]:
    space = get_object_or_404(Space.objects.select_related("team", "owner"), pk=space_id, **state)
    membership = get_object_or_404(Membership, user=user, team=space.team_id)
    membership.user, membership.team = user, space.team
    role = role_in(space, membership)
    if role is None:
        raise Http404
    return space, membership, role
