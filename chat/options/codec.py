"""Options on their way between a form and a request: `parse_value` and `texts_of` are each other's way back."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from chat.options import formats, layout
from chat.options.controls import HOW, OFF, ON
from chat.options.formats import InvalidOption
from core.text import visible_text
from core.web.formats import number
from upstream.catalog.rules import Parameter

LONGEST = 10_000  # characters of a list
DENY = "deny"

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,12})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_BETWEEN = re.compile(r"[\s,;]+")
_SCHEME = re.compile(r"^(-?)(?:https?:)?//", re.IGNORECASE)


def nested_options(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by path, such as `{"a.b": 1}`, as on the wire: `{"a": {"b": 1}}`."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        *above, last = path.split(".")
        place = found
        for step in above:
            place = place.setdefault(step, {})
        place[last] = value
    return found


def parse_value(parameter: Parameter, typed: Mapping[str, str]) -> Any:
    """The value that was set, None for none. `typed` has the controls' texts by name without the prefix.

    Raises Wrong for what cannot be a value of this kind. Whether the model takes the value is for others to say.
    """
    name = parameter.name
    text = visible_text(typed.get(name, "")).strip()
    if parameter.kind == "format":
        return formats.parse_response_format(text, typed, name)
    if not text:
        return None
    most = parameter.longest if name in layout.PROSE else LONGEST
    if len(text) > most:
        raise InvalidOption(_("Use at most %(most)s characters.") % {"most": number(most)})
    match parameter.kind:
        case "flag":
            return _flag(text)
        case "integer":
            return _whole(text)
        case "number":
            return _number(text)
        case "date":
            return _day(text)
        case "sites":
            return _sites(text, deny=typed.get(name + HOW) == DENY)
        case "words":
            return _words(parameter, text)
    return text if name in layout.PROSE else layout.SPELLINGS.get(name, str)(" ".join(text.split()))


def _flag(text: str) -> bool:
    if text not in (ON, OFF):
        raise InvalidOption(_("Choose on or off."))
    return text == ON


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise InvalidOption(_("Enter a whole number, such as 20."))
    return int(text)


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise InvalidOption(_("Enter a number, such as 0.5."))
    return int(text) if _WHOLE.fullmatch(text) else float(text.replace(",", "."))


def _day(text: str) -> str:
    """As the wire wants it. Browsers give year-month-day; people may write month/day/year."""
    iso = _ISO.fullmatch(text)
    if iso is None:
        return text
    year, month, day = map(int, iso.groups())
    try:
        found = date(year, month, day)
    except ValueError:
        raise InvalidOption(_("Enter a date that exists.")) from None
    return f"{found.month:02}/{found.day:02}/{found.year:04}"


def _sites(text: str, *, deny: bool) -> list[str]:
    sites = [_SCHEME.sub(r"\1", site).rstrip("/") for site in _BETWEEN.split(text) if site]
    return [f"-{site.removeprefix('-')}" if deny else site for site in sites if site.strip("-")]


def _words(parameter: Parameter, text: str) -> list[str]:
    if parameter.name in layout.BY_LINE:
        return [line.strip() for line in text.split("\n") if line.strip()]
    spelling = layout.SPELLINGS.get(parameter.name, str)
    # A name may have blanks in it, so they part entries only where there is no comma.
    parts = re.split(r"[,;\n]+", text) if re.search(r"[,;\n]", text) else _entries(text, spelling)
    words = [spelling(part.strip()) for part in parts if part.strip()]
    together = layout.TOGETHER.get(parameter.name, frozenset())
    if together & set(words):
        words += sorted(together - set(words))
    return list(dict.fromkeys(words))


def _entries(text: str, spelling: Callable[[str], str]) -> list[str]:
    spelled = spelling(text)
    return [spelled] if spelled.split() == [spelled] else text.split()


def control_texts(parameter: Parameter, value: Any) -> dict[str, str]:
    """The controls' texts by name without the prefix; empty for no value."""
    name = parameter.name
    if value is None:
        return {}
    match parameter.kind, value:
        case "format", Mapping():
            return formats.response_format_texts(value, name)
        case "flag", _:
            return {name: ON if value else OFF}
        case "integer" | "number", int() | float():
            return {name: format(Decimal(repr(value)), "f")}
        case "date", str():
            return {name: _iso(value)}
        case "sites", [*sites]:
            return _site_texts(name, [str(site) for site in sites])
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


def _site_texts(name: str, sites: list[str]) -> dict[str, str]:
    if sites and all(site.startswith("-") for site in sites):
        return {name: "\n".join(site[1:] for site in sites), name + HOW: DENY}
    return {name: "\n".join(sites)}
