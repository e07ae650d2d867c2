"""What a composer for a new conversation begins with."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from accounts.models import Membership
from chat import access
from chat.answers import instructions
from chat.catalog import offers
from chat.models import Preset, Space
from chat.presets import defaults
from chat.questions import forms


def composer_context(membership: Membership, place: access.Place, *, preset: Preset | None = None) -> dict[str, Any]:
    """What `chat/composer/_composer.html` needs where a conversation is begun at the place: with the preset, or with
    what the place's space has, or with what the person keeps as defaults."""
    start = defaults.start_in(membership, place.space)
    if preset:
        start = defaults.start_with_preset(preset, start.offer)
    return {
        "form": forms.blank_ask_form(
            team=membership.team,
            model=start.offer.id,
            options=start.options,
            membership=membership,
            place=place,
        ),
        "preset": preset,
        "dropped": start.left_out,
        "stands_in": start.stands_in,
        "models": offers.offers(membership.team),
        "may_ask": membership.may_ask,
        "membership": membership,
        "standing": standing_instructions(membership, space=place.space),
    }


def standing_instructions(membership: Membership, *, space: Space | None = None) -> Callable[[], instructions.Standing]:
    """What goes with the member's next question in the space, asked once and only where a composer is drawn."""
    return cache(
        partial(instructions.standing_instructions, team_id=membership.team_id, user=membership.user, space=space)
    )
