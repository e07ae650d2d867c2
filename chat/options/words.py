"""Options in words: what a choice is called, and what a value says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from upstream.catalog.rules import Parameter

LONGEST = 48  # characters of a value in a chip
SHOWN = 2  # entries of a list in a chip

_LOW, _MEDIUM, _HIGH = gettext_lazy("Low"), gettext_lazy("Medium"), gettext_lazy("High")

CHOICES: Mapping[str, Any] = {
    "web": gettext_lazy("Web"),
    "academic": gettext_lazy("Scholarly"),
    "sec": gettext_lazy("SEC filings"),
    "minimal": gettext_lazy("Minimal"),
    "low": _LOW,
    "medium": _MEDIUM,
    "high": _HIGH,
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
    "json_schema": gettext_lazy("JSON schema"),
    "regex": gettext_lazy("Regular expression"),
    "text": gettext_lazy("Text"),
}


def choice(value: str) -> str:
    """What a choice is called. One that has no name of its own here is told as on the wire."""
    return str(CHOICES.get(value) or value.replace("_", " ").capitalize())


def switch(on: bool) -> str:
    """What a flag says."""
    return _("On") if on else _("Off")


def value(parameter: Parameter, value: Any) -> str:
    """What an option is set to, short enough for a chip. A value of a shape that nobody expects is told as it is."""
    match parameter.kind, value:
        case "flag", bool():
            return switch(value)
        case "choice", str():
            return choice(value)
        case "integer" | "number", int() | float() if not isinstance(value, bool):
            return _number(value)
        case "date", str():
            return _day(value)
        case "sites", [*sites]:
            return _sites([str(site) for site in sites])
        case "words", [*entries]:
            return _listed([str(entry) for entry in entries])
        case "format", {"type": str(kind)}:
            return _short(choice(kind))
    return _short(str(value))


def _number(number: float) -> str:
    places = len(f"{number:.6f}".rstrip("0").partition(".")[2])
    return number_format(number, decimal_pos=places, use_l10n=True, force_grouping=abs(number) >= 10_000)


def _day(text: str) -> str:
    try:
        month, day, year = map(int, text.split("/"))
        return date_format(date(year, month, day), "j M Y")
    except ValueError:
        return _short(text)


def _sites(sites: list[str]) -> str:
    if sites and all(site.startswith("-") for site in sites):
        return _("without %(sites)s") % {"sites": _listed([site[1:] for site in sites])}
    return _listed(sites)


def _listed(entries: list[str]) -> str:
    shown = ", ".join(_short(entry.replace("\n", " ")) for entry in entries[:SHOWN])
    more = len(entries) - SHOWN
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(more)d more", "%(shown)s and %(more)d more", more) % {
        "shown": shown,
        "more": more,
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
