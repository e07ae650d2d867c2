"""What of options that were set for one model another model takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from chat.catalog.offers import Offer
from chat.options import paths
from upstream.catalog.rules import EVERY_PARAMETER, Parameter, parameters_of, refusals


def known_parameters(offer: Offer | None = None) -> list[Parameter]:
    """Every option that there is, those of the offer first."""
    own = parameters_of(offer.model, provider=offer.provider) if offer else []
    names = {parameter.name for parameter in own}
    return [*own, *(parameter for parameter in EVERY_PARAMETER if parameter.name not in names)]


def values_in(options: Mapping[str, Any], parameters: Iterable[Parameter]) -> dict[str, Any]:
    """What the options set, by path, in the order of the parameters."""
    found = {parameter.name: parameter.value_in(options) for parameter in parameters}
    return {path: value for path, value in found.items() if value is not None}


def fitting(options: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    """The part of the options that can be sent to the offered model, nested as on the wire."""
    values = values_in(options, parameters_of(offer.model, provider=offer.provider))
    while refused := {
        path
        for refusal in refusals(offer.model, paths.nested(values), provider=offer.provider)
        for path in values
        if path == refusal.parameter or path.startswith(f"{refusal.parameter}.")
    }:
        values = {path: value for path, value in values.items() if path not in refused}
    return paths.nested(values)
