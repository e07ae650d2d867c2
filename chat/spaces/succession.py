"""Whose a space is when its owner leaves the team: that of whoever has contributed longest, else of a team owner."""

import logging
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from accounts.models import Membership
from chat.models import Space, SpaceMember
from chat.spaces.people import make_owner

logger = logging.getLogger(__name__)


def watch_memberships() -> None:
    """Pass spaces on whenever somebody's place on a team ends, whoever ends it."""
    post_delete.connect(_membership_ended, sender=Membership, dispatch_uid="spaces pass on")


def _membership_ended(instance: Membership, **_: Any) -> None:
    with transaction.atomic():
        owned = Space.objects.select_for_update(no_key=True).filter(team=instance.team_id, owner=instance.user_id)
        for space in owned:
            heir = _heir_of(space)
            if heir is None:
                logger.info("Nobody on the team can own space %s.", space.pk)
                continue
            make_owner(space=space, member=heir, inherited_from=instance.user)
            logger.info("Space %s passed to %s.", space.pk, heir.user.get_username())


def _heir_of(space: Space) -> Membership | None:
    """Who has contributed to it longest and can sign in, else who has owned the team longest; None on a team without
    either."""
    there = Membership.objects.select_related("user").filter(team=space.team_id, user__is_active=True)
    contributors = there.exclude(role=Membership.Role.VIEWER).filter(
        places_in_spaces__space=space, places_in_spaces__role=SpaceMember.Role.CONTRIBUTOR
    )
    first = contributors.order_by("places_in_spaces__joined_at", "id").first()
    return first or there.filter(role=Membership.Role.OWNER).order_by("joined_at", "id").first()
