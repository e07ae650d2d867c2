"""What options are set: what of them a model takes, and what is in force in a few words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from chat.catalog.offers import Offer
from chat.options import codec
from chat.options.controls import SEARCH_FLAGS, SEARCH_MODE
from core import graphemes
from core.web import formats
from core.web.wording import enumerated
from upstream.catalog.rules import EVERY_PARAMETER, Parameter, parameters_of, refusals

LONGEST = 48  # characters of a value in a chip
SHOWN = 2  # entries of a list in a chip

_LOW, _MEDIUM, _HIGH = gettext_lazy("Low"), gettext_lazy("Medium"), gettext_lazy("High")

CHOICES: Mapping[str, Any] = {
    "web": gettext_lazy("Web"),
    "academic": gettext_lazy("Scholarly"),
    "sec": gettext_lazy("SEC filings"),
    "enable_search_classifier": gettext_lazy("Only when needed"),
    "disable_search": gettext_lazy("Never"),
    "none": pgettext_lazy("effort", "None"),
    "minimal": gettext_lazy("Minimal"),
    "low": _LOW,
    "medium": _MEDIUM,
    "high": _HIGH,
    "xhigh": gettext_lazy("Very high"),
    "max": gettext_lazy("Highest"),
    "default": pgettext_lazy("service tier", "Standard"),
    "flex": pgettext_lazy("service tier", "Flexible"),
    "priority": pgettext_lazy("service tier", "Priority"),
    "fast": gettext_lazy("Fast"),
    "pro": gettext_lazy("Pro"),
    "auto": pgettext_lazy("kind of search", "Auto"),
    "hour": gettext_lazy("Last hour"),
    "day": gettext_lazy("Last day"),
    "week": gettext_lazy("Last week"),
    "month": gettext_lazy("Last month"),
    "year": gettext_lazy("Last year"),
    "full": gettext_lazy("Full"),
    "concise": gettext_lazy("Concise"),
    "background": gettext_lazy("In the background"),
    "streamed": gettext_lazy("Streamed"),
    "json_schema": gettext_lazy("JSON schema"),
    "regex": gettext_lazy("Regular expression"),
    "text": gettext_lazy("Text"),
}


def known_parameters(offer: Offer | None = None) -> list[Parameter]:
    """Every option that there is, those of the offer first."""
    own = parameters_of(offer.model, provider=offer.provider) if offer else []
    names = {parameter.name for parameter in own}
    return [*own, *(parameter for parameter in EVERY_PARAMETER if parameter.name not in names)]


def values_in(options: Mapping[str, Any], parameters: Iterable[Parameter]) -> dict[str, Any]:
    """What the options set, by path, in the order of the parameters."""
    found = {parameter.name: parameter.value_in(options) for parameter in parameters}
    return {path: value for path, value in found.items() if value is not None}


def options_that_fit(options: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    """The part of the options that can be sent to the offered model, nested as on the wire."""
    values = values_in(options, offer.parameters)
    while refused := {
        path
        for refusal in refusals(offer.model, codec.nested_options(values), provider=offer.provider)
        for path in values
        if path == refusal.parameter or path.startswith(f"{refusal.parameter}.")
    }:
        values = {path: value for path, value in values.items() if path not in refused}
    return codec.nested_options(values)


@dataclass(frozen=True, slots=True)
class Chip:
    """One option that is set: what it is called, to what it is set in words, and its path."""

    label: str
    value: str
    path: str


def chips(options: Mapping[str, Any], offer: Offer | None = None) -> list[Chip]:
    """A chip for every option that is set, in the order of the form. Also for what is no longer offered."""
    parameters = {parameter.name: parameter for parameter in known_parameters(offer)}
    values = values_in(options, parameters.values())
    found = [
        Chip(gettext(parameters[path].label), value_in_words(parameters[path], value), path)
        for path, value in values.items()
        if path not in SEARCH_FLAGS
    ]
    mode = next((flag for flag in reversed(SEARCH_FLAGS) if values.get(flag) is True), "")
    return [Chip(_("When to search"), choice_label(mode), SEARCH_MODE), *found] if mode else found


def choice_label(value: str) -> str:
    """What a choice is called. One that has no name of its own here is told as on the wire."""
    return str(CHOICES.get(value) or value.replace("_", " ").capitalize())


def flag_label(on: bool) -> str:
    """What a flag says."""
    return _("On") if on else _("Off")


def value_in_words(parameter: Parameter, value: Any) -> str:
    """What an option is set to, short enough for a chip. A value of a shape that nobody expects is told as it is."""
    match parameter.kind, value:
        case "flag", bool():
            return flag_label(value)
        case "choice", str():
            return choice_label(value)
        case "integer" | "number", int() | float() if not isinstance(value, bool):
            return _number(value)
        case "date", str():
            return _day(value)
        case "sites", [*sites]:
            return _sites([str(site) for site in sites])
        case "words", [*entries]:
            return _listed([str(entry) for entry in entries])
        case "format", {"type": str(kind)}:
            return _short(choice_label(kind))
    return _short(str(value))


def _number(number: float) -> str:
    return formats.number(number, grouped=abs(number) >= 10_000)


def _day(text: str) -> str:
    try:
        month, day, year = map(int, text.split("/"))
        return formats.day(date(year, month, day))
    except ValueError:
        return _short(text)


def _sites(sites: list[str]) -> str:
    if sites and all(site.startswith("-") for site in sites):
        return _("without %(sites)s") % {"sites": _listed([site[1:] for site in sites])}
    return _listed(sites)


def _listed(entries: list[str]) -> str:
    shown = enumerated(_short(entry.replace("\n", " ")) for entry in entries[:SHOWN])
    more = len(entries) - SHOWN
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(more)d more", "%(shown)s and %(more)d more", more) % {
        "shown": shown,
        "more": more,
    }


def _short(text: str) -> str:
    return graphemes.shortened(text, LONGEST)
