"""The models that a program may ask, and by what names: `provider/model`, and the model's own name."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Team
from api.errors import ApiError
from chat.catalog import offers
from chat.catalog.offers import Offer
from chat.models import Answer

_SINCE = 1_735_689_600  # a date has to stand there, and nobody says when models were made: 1 January 2025


def public_id(*, model: str, provider: str) -> str:
    """What programs call this provider's model."""
    return f"{provider}/{model}"


def id_of_answer(answer: Answer) -> str:
    """What programs call the model that was asked."""
    return public_id(model=answer.model, provider=answer.provider)


def offered_models(team: Team) -> list[Offer]:
    """Those that the team may ask."""
    return [offer for offer in offers.offers(team) if not offer.retired]


def model_for(name: str, team: Team) -> Offer:
    """The model of that name, the default one for no name: by `provider/model`, by its own name where only one
    provider has it or the first that does, or by the name that Parley itself uses. Raises ApiError."""
    offered = offered_models(team)
    if not name:
        return offers.default_offer(among=offered)
    for names in (_full_name, _own_name, _internal_name):
        if found := next((offer for offer in offered if names(offer) == name), None):
            return found
    retired = next((one for one in offers.offers(team) if one.retired and name in (_full_name(one), one.model)), None)
    raise ApiError(
        404,
        retired.retired_note
        if retired
        else f"The model “{name[:100]}” does not exist here, or your team may not ask it. GET /v1/models lists those "
        "that it may.",
        param="model",
        code="model_not_found",
    )


def as_json(offer: Offer) -> Mapping[str, Any]:
    """One model as OpenAI's API has it; `aliases` are other names that are taken."""
    full = _full_name(offer)
    return {
        "id": full,
        "object": "model",
        "created": _SINCE,
        "owned_by": offer.provider,
        "name": offer.label,
        "aliases": [name for name in dict.fromkeys((offer.model, offer.id)) if name != full],
    }


def _full_name(offer: Offer) -> str:
    return public_id(model=offer.model, provider=offer.provider)


def _own_name(offer: Offer) -> str:
    return offer.model


def _internal_name(offer: Offer) -> str:
    return offer.id
