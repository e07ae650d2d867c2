"""Reads what the answers of every provider are made of; each part may be missing, null or of another shape."""

import re
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from html.entities import html5
from typing import Any
from urllib.parse import urlsplit

from upstream.events import WebSource

SHORT = 40  # characters: more than any date, kind of source or reason to finish has
PLACES = Decimal("0.000001")  # of a dollar
_LONGEST_NAME = 100  # characters of an id or of a model's name
_MOST_EXPENSIVE = 1_000_000  # dollars
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AMPERSAND = re.compile(r"&(?:amp|#0{0,5}38|#[xX]0{0,4}26);")


def short(value: Any) -> str:
    """A word or a date; empty when it is neither text nor number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:SHORT]


def name(value: Any) -> str:
    """An id or the name of a model; empty when it is no text."""
    return value[:_LONGEST_NAME] if isinstance(value, str) else ""


def string(value: Any) -> str:
    """The text as it is; empty when it is none."""
    return value if isinstance(value, str) else ""


def words(value: Any) -> str:
    """A text for people, as pages have it in their HTML: `&amp;` is decoded, once. Empty when it is none."""
    text = string(value)
    return _ENTITY.sub(_decoded, text) if "&" in text else text


def _decoded(entity: re.Match[str]) -> str:
    return unescape(entity[0]) if entity[0][1] == "#" else html5.get(entity[0][1:], entity[0])


def address(value: Any) -> str:
    """A web address, whose `&amp;` is what HTML makes of `&`; nothing else is decoded, for `&copy=1` is a parameter."""
    text = string(value)
    return _AMPERSAND.sub("&", text) if "&" in text else text


def mapping(value: Any) -> Mapping[str, Any]:
    """The object; an empty one when it is none."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The list; an empty one when it is none."""
    return value if isinstance(value, list) else []


def strings(value: Any) -> tuple[str, ...]:
    """The texts in a list, blank ones left out."""
    return tuple(item for item in items(value) if isinstance(item, str) and item.strip())


def source_of(result: Any) -> WebSource:
    """A search result or its bare address; a source without an address where it is neither."""
    if isinstance(result, str):
        return WebSource(url=address(result), title=host(result))
    if not isinstance(result, dict):
        return WebSource(url="")
    return WebSource(
        url=address(result.get("url")),
        title=words(result.get("title")),
        date=short(result.get("date")),
        last_updated=short(result.get("last_updated")),
        snippet=words(result.get("snippet")),
        origin=short(result.get("source")),
    )


def media_of(found: Any, *, address: str) -> tuple[Mapping[str, Any], ...]:
    """Pictures or videos, each address once and always under the name `address`."""
    media: dict[str, Mapping[str, Any]] = {}
    for item in items(found):
        values = item if isinstance(item, dict) else {address: item}
        url = values.get(address) or values.get("url")
        if isinstance(url, str) and url:
            media.setdefault(url, {**values, address: url})
    return tuple(media.values())


def cost_of(usage: Mapping[str, Any]) -> Decimal | None:
    """The reported cost in US dollars; None for the zeros that unfinished answers carry."""
    total = mapping(usage.get("cost")).get("total_cost")
    if isinstance(total, bool) or not isinstance(total, int | float) or not 0 < total < _MOST_EXPENSIVE:
        return None
    return Decimal(str(total)).quantize(PLACES)


def host(url: str) -> str:
    """The host of an address, which stands for a title where there is none; empty for what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
