"""Who is in a space, and whose it is."""

import logging
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from chat.access import role_in
from chat.models import Space, SpaceMember
from chat.spaces.locking import CHANGED, lock_managed, lock_places, lock_space
from core.errors import ActionRefused

logger = logging.getLogger(__name__)


@transaction.atomic
def set_role(*, space: Space, member: Membership, by: User, role: str) -> None:
    """Let a teammate into the space with this role, or give them another one than they have.

    Raises ActionRefused for the space's owner, for a space of everyone on the team, and for who has left the team.
    """
    places = lock_places(team_id=space.team_id, ids=[member.pk])
    kept = lock_managed(space=space, by=by)
    _must_be_of_chosen_people(kept)
    _must_be_somebody_else(kept, member)
    if not places:
        raise ActionRefused(_("%(name)s is no longer on the team.") % {"name": member.user.display_name})
    place = SpaceMember.objects.filter(space=kept, membership=member).first() or SpaceMember(
        space=kept, membership=member
    )
    place.role = role
    place.save()
    _note(by, f"made {member.user.get_username()} a {role} of", kept)


@transaction.atomic
def remove_member(*, space: Space, member: Membership, by: User) -> None:
    """Take somebody out of the space. They lose sight of it at once, also of what they asked in it."""
    kept = lock_managed(space=space, by=by)
    _must_be_of_chosen_people(kept)
    _must_be_somebody_else(kept, member)
    _take_out(kept, member)
    _note(by, f"took {member.user.get_username()} out of", kept)


@transaction.atomic
def leave_space(*, space: Space, member: Membership) -> None:
    """Leave a space for which one was chosen. Raises ActionRefused for its owner, and where everyone is in it."""
    kept = lock_space(space=space)
    _must_be_of_chosen_people(kept)
    if kept.owner_id == member.user_id:
        raise ActionRefused(_("To leave the space, hand it over to someone else first."))
    _take_out(kept, member)
    _note(member.user, "left", kept)


@transaction.atomic
def hand_over(*, space: Space, member: Membership, by: User) -> None:
    """Make somebody who contributes to the space its owner. Its owner until now stays in it as a contributor.

    Raises ActionRefused for somebody who only reads in it, cannot sign in, or has left the team, and when it was handed
    over meanwhile.
    """
    places = lock_places(team_id=space.team_id, people=[space.owner_id, member.user_id])
    kept = lock_managed(space=space, by=by)
    current = places.get(member.pk)
    if kept.owner_id != space.owner_id:
        raise ActionRefused(str(CHANGED))
    if current is None:
        raise ActionRefused(_("%(name)s is no longer on the team.") % {"name": member.user.display_name})
    if current.user_id == kept.owner_id:
        raise ActionRefused(_("%(name)s already owns this space.") % {"name": current.user.display_name})
    role = role_in(kept, current)
    if role is None or not role.may_contribute or not current.user.is_active:
        raise ActionRefused(
            _("%(name)s can’t own this space. Only people who can ask in it can.") % {"name": current.user.display_name}
        )
    make_owner(space=kept, member=current)
    _note(by, f"handed over to {current.user.get_username()}", kept)


@transaction.atomic
def choose_people(*, space: Space, by: User, chosen: Mapping[UUID, str]) -> None:
    """Make it a space for its owner and those who are chosen: roles by the ids of memberships. Everybody else on the
    team loses sight of it at once."""
    places = lock_places(team_id=space.team_id, ids=chosen)
    kept = lock_managed(space=space, by=by)
    SpaceMember.objects.filter(space=kept).delete()
    SpaceMember.objects.bulk_create(
        SpaceMember(space=kept, membership=one, role=chosen[one.pk])
        for one in places.values()
        if one.user_id != kept.owner_id
    )
    _set_everyone(kept, by, everyone=False)


@transaction.atomic
def open_to_everyone(*, space: Space, by: User) -> None:
    """Let everyone on the team into the space. Whoever was chosen for it is no longer told apart."""
    kept = lock_managed(space=space, by=by)
    SpaceMember.objects.filter(space=kept).delete()
    _set_everyone(kept, by, everyone=True)


def note_inheritance(*, space: Space, by: User) -> None:
    """Take note that the space came from somebody who left the team: its owner need not be told again."""
    Space.objects.filter(pk=space.pk, owner=by).update(inherited_from=None)


def make_owner(*, space: Space, member: Membership, inherited_from: User | None = None) -> None:
    """Make the space theirs; who owned it contributes from then on, if they are still on the team. The space is
    locked."""
    before = Membership.objects.filter(team=space.team_id, user=space.owner_id).first()
    SpaceMember.objects.filter(space=space, membership=member).delete()
    if before and not space.everyone:
        SpaceMember.objects.update_or_create(
            space=space, membership=before, defaults={"role": SpaceMember.Role.CONTRIBUTOR}
        )
    space.owner, space.inherited_from = member.user, inherited_from
    space.save(update_fields=["owner", "inherited_from"])


def _must_be_of_chosen_people(space: Space) -> None:
    if space.everyone:
        raise ActionRefused(_("Everyone on the team is in this space."))


def _must_be_somebody_else(space: Space, member: Membership) -> None:
    if member.user_id == space.owner_id:
        raise ActionRefused(_("The owner of a space stays in it. Hand it over to someone else first."))


def _take_out(space: Space, member: Membership) -> None:
    """Raises ActionRefused for somebody who is not in it, or not any more."""
    place = SpaceMember.objects.filter(space=space, membership=member).first()
    if place is None:
        raise ActionRefused(_("%(name)s isn’t in this space any more.") % {"name": member.user.display_name})
    place.delete()


def _set_everyone(space: Space, by: User, *, everyone: bool) -> None:
    space.everyone = everyone
    space.save(update_fields=["everyone"])
    _note(by, "opened to everyone" if everyone else "kept for some", space)


def _note(by: User, done: str, space: Space) -> None:
    logger.info("%s %s space %s.", by.get_username(), done, space.pk)
