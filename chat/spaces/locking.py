"""One change of a space after the other, each by somebody who may make it at that moment."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from chat.access import SpaceRole, role_in
from chat.models import Space
from core.errors import ActionRefused

CHANGED = gettext_lazy("Someone else changed this space at the same moment. Reload the page.")


def lock_space(*, space: Space, deleted: bool = False) -> Space:
    """The space as it is now, kept to oneself until the transaction ends; with `deleted`, one that was deleted.

    Raises ActionRefused when somebody has deleted it, or restored it, meanwhile.
    """
    # Without the key: whoever asks in the space in the same moment refers to it and must not wait.
    found = Space.objects.select_for_update(no_key=True).get(pk=space.pk)
    if deleted != (found.deleted_at is not None):
        raise ActionRefused(str(CHANGED))
    return found


def lock_managed(*, space: Space, by: User, deleted: bool = False) -> Space:
    """The same for somebody who may change the space. Raises PermissionDenied for anybody else, also for who was its
    owner a moment ago."""
    found = lock_space(space=space, deleted=deleted)
    role = role_of(by, found)
    if role is None or not role.may_manage:
        raise PermissionDenied(_("Only the owner of this space can change it."))
    return found


def lock_places(*, team_id: UUID, ids: Iterable[UUID] = (), people: Iterable[UUID] = ()) -> dict[UUID, Membership]:
    """The places on the team with these ids or of these people, by their ids; nobody leaves one until the transaction
    ends. Those who have left are not there.

    Always before the space: somebody's leaving takes the place first, and then the spaces that they own.
    """
    wanted = Q(pk__in=list(ids)) | Q(user__in=list(people))
    there = Membership.objects.filter(wanted, team=team_id).select_related("user").order_by("pk")
    return {one.pk: one for one in there.select_for_update(of=("self",), no_key=True)}


def role_of(person: User, space: Space) -> SpaceRole | None:
    """What the person may do in the space; None where it is not there for them, or they are not on its team."""
    membership = Membership.objects.filter(team=space.team_id, user=person).first()
    return role_in(space, membership) if membership else None
