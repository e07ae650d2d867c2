"""The model and the options with which a composer begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Membership
from chat.catalog import offers
from chat.catalog.offers import Offer
from chat.models import Conversation, Preset, Space
from chat.options import chips, options_that_fit
from chat.presets import service as presets


@dataclass(frozen=True, slots=True)
class ComposerStart:
    """A model and options that it takes. `left_out` has the labels of what was meant and it does not take, `stands_in`
    why it is not the model that was meant."""

    offer: Offer
    options: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    stands_in: str = ""


def start_with_preset(preset: Preset, otherwise: Offer) -> ComposerStart:
    """What the preset sets, for its model while that is offered, else for the other one."""
    named = offers.find_offer(preset.model, preset.team) if preset.model else None
    offer = named if named and not named.retired else otherwise
    return _start(preset.options, offer, offers.no_longer_offered(preset.model, offer))


def _start(meant: Mapping[str, Any], offer: Offer, stands_in: str) -> ComposerStart:
    options = options_that_fit(meant, offer)
    taken = {chip.path for chip in chips(options, offer)}
    left_out = [chip.label for chip in chips(meant, offer) if chip.path not in taken]
    return ComposerStart(offer, options, left_out, stands_in)


def start_with_defaults(membership: Membership) -> ComposerStart:
    """What the member begins a conversation with as a rule."""
    kept = presets.own_defaults(membership.user, membership.team)
    usual = offers.default_offer(membership.team)
    return start_with_preset(kept, usual) if kept else ComposerStart(usual)


def start_in(membership: Membership, space: Space | None) -> ComposerStart:
    """What the member begins a conversation with in the space: its own model and options, and where it has none, what
    they begin with as a rule. Without a space, the same as `start_with_defaults`."""
    usual = start_with_defaults(membership)
    if space is None or not (space.model or space.options):
        return usual
    named = offers.find_offer(space.model, membership.team) if space.model else None
    offer = named if named and not named.retired else usual.offer
    meant = space.options or presets.defaults_of(membership.user, membership.team)
    return _start(meant, offer, offers.no_longer_offered(space.model, offer) if space.model else usual.stands_in)


def starting_options(
    membership: Membership, conversation: Conversation | None = None, *, space: Space | None = None
) -> dict[str, Any]:
    """Those of the member's last question in the conversation; without one, those of the space in which it is; without
    these, those with which they begin as a rule."""
    if conversation:
        own = conversation.questions.filter(author=membership.user_id).order_by("-position")
        last: dict[str, Any] | None = own.values_list("options", flat=True).first()
        if last is not None:
            return last
    if space and space.options:
        return dict(space.options)
    return presets.defaults_of(membership.user, membership.team)
