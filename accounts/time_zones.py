"""Whose days and hours a page shows: those of the reader.

A browser says its time zone in a cookie, which a script sets, and the zone is kept with the person: their next device
shows their days from its first page on. Somebody who has chosen a zone sees it everywhere, whatever the browser says.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from functools import cache, cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.models import User

COOKIE = "time_zone"
UTC = ZoneInfo("UTC")
# Those that name a place, as people look for theirs. Others, such as EST5EDT, are taken from a browser all the same.
AREAS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
# In the folder of the tz database also lie the zones with leap seconds, and the machine's own.
_NAME = re.compile(r"[A-Z][A-Za-z0-9+_-]*(?:/[A-Z][A-Za-z0-9+_-]*){0,2}")
_LONGEST = 64


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone, None for a name that the tz database of this machine does not have."""
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last one for a folder, such as Europe
        return None


def spelt_today(name: str) -> str:
    """The name by which a zone goes today: browsers say *Asia/Calcutta* and *Europe/Kiev* for ever."""
    aliases: Mapping[str, str] = get_global("zone_aliases")
    return aliases.get(name, name)


@cache
def places() -> Mapping[str, list[tuple[str, str]]]:
    """The zones to choose from, by area: their names, and what people call them, in alphabetical order.

    The list is Babel's, which is there at once: to ask the tz database which zones it has takes half a second.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for name in get_global("zone_territories"):
        area, _slash, place = name.partition("/")
        if area in AREAS and place:
            *region, town = place.replace("_", " ").split("/")
            found.setdefault(area, []).append((name, f"{town} ({region[0]})" if region else town))
    return {area: sorted(found[area], key=lambda one: one[1]) for area in sorted(found)}


def browser_zone(request: HttpRequest) -> str:
    """The zone that the browser has said; empty where it has said none that we know."""
    said = request.COOKIES.get(COOKIE, "")
    return said if zone_named(said) else ""


def zone_of(request: HttpRequest) -> str:
    """The name of the reader's zone: the chosen one, else the browser's, else the last one known; empty for none."""
    user = getattr(request, "user", None)
    known = user.time_zone if isinstance(user, User) and zone_named(user.time_zone) else ""
    if known and user and user.time_zone_is_chosen:
        return known
    return browser_zone(request) or known


def keep_browser_zone(user: User, name: str) -> None:
    """Keep the zone of the browser that the person uses, unless they have chosen one or nobody knows this one."""
    if zone_named(name) and not user.time_zone_is_chosen and user.time_zone != name:
        user.time_zone = name
        user.save(update_fields=["time_zone"])


def choose_zone(user: User, name: str, *, browser: str) -> None:
    """Show this zone on every device; with an empty name each browser's own, which is `browser` where it was asked."""
    user.time_zone, user.time_zone_is_chosen = name or browser or user.time_zone, bool(name)
    user.save(update_fields=["time_zone", "time_zone_is_chosen"])


class ReadersZone(tzinfo):
    """The zone of whoever a request is from, looked up when the first time is shown: pages without one, and pages while
    the database is away, ask for nobody."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _zone(self) -> ZoneInfo:
        return zone_named(zone_of(self._request)) or UTC

    def utcoffset(self, moment: datetime | None, /) -> timedelta | None:
        """As the zone has it."""
        return self._zone.utcoffset(moment)

    def dst(self, moment: datetime | None, /) -> timedelta | None:
        """As the zone has it."""
        return self._zone.dst(moment)

    def tzname(self, moment: datetime | None, /) -> str | None:
        """As the zone has it."""
        return self._zone.tzname(moment)

    def fromutc(self, moment: datetime, /) -> datetime:
        """The moment in the zone."""
        return moment.replace(tzinfo=UTC).astimezone(self._zone)

    def __str__(self) -> str:
        return str(self._zone)

    def __reduce__(self) -> tuple[type[ZoneInfo], tuple[str]]:
        return ZoneInfo, (str(self._zone),)  # what a query keeps of it outlives the request


def activate_readers_zone(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what a view and its templates say of days and hours is said in the reader's zone."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(ReadersZone(request)):
            return get_response(request)

    return middleware


@receiver(user_logged_in)
def _keep_at_sign_in(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    keep_browser_zone(user, browser_zone(request))
