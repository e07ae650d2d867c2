"""What is done to a space as a whole. Who is in it is changed in `people`."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Team, User
from chat import access
from chat.models import Conversation, Space, SpaceMember
from chat.sources.ledger.watching import note_moved
from chat.spaces.locking import lock_managed, lock_places, lock_space
from core.errors import ActionRefused

MOST = 1_000  # spaces of a team, archived ones included and deleted ones not

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SpaceWish:
    """What somebody wants a space to be like. `model` is the id of an offer, `options` are nested as on the wire."""

    name: str
    description: str = ""
    colour: str = Space.Colour.GREY
    model: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    visible_to: str = Space.Asking.SPACE
    check_citations: bool = False


@transaction.atomic
def create_space(*, team: Team, by: User, wish: SpaceWish, chosen: Mapping[UUID, str] | None = None) -> Space:
    """Make a space of one's own: for everyone on the team, or for those who are `chosen`, roles by memberships' ids.

    Raises PermissionDenied for a viewer, ActionRefused when the team has MOST.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    places = lock_places(team_id=team.pk, ids=chosen or ())
    if not Membership.objects.filter(team=team, user=by).exclude(role=Membership.Role.VIEWER).exists():
        raise PermissionDenied(_("Viewers can read spaces but can’t create them."))
    if Space.objects.filter(team=team, deleted_at=None).count() >= MOST:
        raise ActionRefused(
            ngettext(
                "Your team has %(most)d space, which is the limit. Delete it first.",
                "Your team has %(most)d spaces, which is the limit. Delete one first.",
                MOST,
            )
            % {"most": MOST}
        )
    space = Space.objects.create(
        team=team, owner=by, everyone=chosen is None, name=wish.name, description=wish.description, colour=wish.colour
    )
    SpaceMember.objects.bulk_create(
        SpaceMember(space=space, membership=one, role=(chosen or {})[one.pk])
        for one in places.values()
        if one.user_id != by.pk
    )
    _note(by, "created", space)
    return space


@transaction.atomic
def change_space(*, space: Space, by: User, wish: SpaceWish) -> None:
    """Give the space another name, look and defaults. What was asked before stays as it is."""
    kept = lock_managed(space=space, by=by)
    kept.name, kept.description, kept.colour = wish.name, wish.description, wish.colour
    kept.model, kept.options, kept.visible_to = wish.model, dict(wish.options), wish.visible_to
    kept.check_citations = wish.check_citations
    _store(kept, by, "changed", "name", "description", "colour", "model", "options", "visible_to", "check_citations")


@transaction.atomic
def limit_space(*, space: Space, by: User, limit: Decimal | None) -> None:
    """Say how many US dollars the questions of the space may cost in a month; None for as much as one likes.

    Raises PermissionDenied for anybody but an owner of its team.
    """
    kept = lock_space(space=space)
    if not Membership.objects.filter(team=kept.team_id, user=by, role=Membership.Role.OWNER).exists():
        raise PermissionDenied(_("Only a team owner can do this."))
    kept.monthly_limit = limit
    _store(kept, by, "limited", "monthly_limit")


@transaction.atomic
def archive_space(*, space: Space, by: User) -> None:
    """Close the space: it stays readable and is found by the search, but nobody asks in it."""
    kept = lock_managed(space=space, by=by)
    kept.archived = True
    _store(kept, by, "archived", "archived")


@transaction.atomic
def unarchive_space(*, space: Space, by: User) -> None:
    """Open the space again."""
    kept = lock_managed(space=space, by=by)
    kept.archived = False
    _store(kept, by, "unarchived", "archived")


@transaction.atomic
def delete_space(*, space: Space, by: User) -> None:
    """Take the space away from everybody. Each conversation in it is its owner's alone meanwhile, and answers go on.

    It can be restored for TRASH_DAYS and is purged after that.
    """
    kept = lock_managed(space=space, by=by)
    kept.deleted_at, kept.deleted_by = timezone.now(), by
    _store(kept, by, "deleted", "deleted_at", "deleted_by")


@transaction.atomic
def restore_space(*, space: Space, by: User) -> None:
    """Bring a deleted space back as it was, with the conversations in it and to the people who are in it."""
    kept = lock_managed(space=space, by=by, deleted=True)
    kept.deleted_at = kept.deleted_by = None
    _store(kept, by, "restored", "deleted_at", "deleted_by")


def purge_spaces() -> int:
    """Remove for good what is no longer in the trash. Returns how many spaces that were.

    Their conversations stay with those who started them.
    """
    purged = 0
    for space in Space.objects.filter(deleted_at__lt=access.trash_begins()).only("pk"):
        with transaction.atomic():
            shared = Conversation.objects.filter(space=space, visibility=Conversation.Visibility.SPACE)
            note_moved(shared)
            shared.update(visibility=Conversation.Visibility.PRIVATE)
            space.delete()
        purged += 1
    return purged


def _store(space: Space, by: User, done: str, *fields: str) -> None:
    space.save(update_fields=fields)
    _note(by, done, space)


def _note(by: User, done: str, space: Space) -> None:
    logger.info("%s %s space %s.", by.get_username(), done, space.pk)
