"""The options in force, each as a few words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from chat.catalog.offers import Offer
from chat.options import words
from chat.options.taking import known_parameters, values_in


@dataclass(frozen=True, slots=True)
class Chip:
    """One option that is set: what it is called, to what it is set in words, and its path."""

    label: str
    value: str
    path: str


def chips(options: Mapping[str, Any], offer: Offer | None = None) -> list[Chip]:
    """A chip for every option that is set, in the order of the form. Also for what is no longer offered."""
    parameters = {parameter.name: parameter for parameter in known_parameters(offer)}
    return [
        Chip(gettext(parameters[path].label), words.value(parameters[path], value), path)
        for path, value in values_in(options, parameters.values()).items()
    ]
