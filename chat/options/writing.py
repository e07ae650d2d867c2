"""A value from the wire as what stands in the controls of its option: the way back from `reading`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from chat.options import formats, layout
from chat.options.paths import HOW
from chat.options.reading import DENY, OFF, ON
from upstream.catalog.rules import Parameter


def written(parameter: Parameter, value: Any) -> dict[str, str]:
    """The controls' texts by name without the prefix; empty for no value."""
    name = parameter.name
    if value is None:
        return {}
    match parameter.kind, value:
        case "format", Mapping():
            return formats.written(value, name)
        case "flag", _:
            return {name: ON if value else OFF}
        case "integer" | "number", int() | float():
            return {name: format(Decimal(repr(value)), "f")}
        case "date", str():
            return {name: _iso(value)}
        case "sites", [*sites]:
            return _sites(name, [str(site) for site in sites])
        case "words", [*entries]:
            between = "\n" if name in layout.BY_LINE else ", "
            return {name: between.join(str(entry) for entry in entries)}
    return {name: str(value)}


def _iso(day: str) -> str:
    """As a date field wants it; what is no day stays as it is."""
    parts = day.split("/")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return day
    month, number, year = parts
    return f"{year:0>4}-{month:0>2}-{number:0>2}"


def _sites(name: str, sites: list[str]) -> dict[str, str]:
    if sites and all(site.startswith("-") for site in sites):
        return {name: "\n".join(site[1:] for site in sites), name + HOW: DENY}
    return {name: "\n".join(sites)}
