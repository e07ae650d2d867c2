"""What happens to somebody who keeps guessing passwords. django-axes counts; here is what it needs to know from us.

Failures count three ways: for a name from an address, which is what a person who mistypes meets; for an address over
all names; and for a name over all addresses. A browser in which somebody of that name has signed in before counts for
itself alone, so that nobody's guesses lock out the one whose name it is.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import devices

LONGEST_NAME = 255
"""How many characters django-axes keeps of a name."""
MOST_OF_AN_ADDRESS = 30
"""Failures from one address, over all names, within the time for which one counts."""
MOST_OF_A_NAME = 20
"""Failures for one name, over all addresses, within that time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when somebody has to wait, and because of what: their `name`, or their `address`."""

    until: datetime
    because: str


class Throttle(AxesDatabaseHandler):  # type: ignore[misc]  # django-axes has no types
    """django-axes with the two wider limits. Who has to wait is refused before a password is looked at."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
        """Whether somebody has to wait before the next guess."""
        return bool(super().is_locked(request, credentials)) or _wider_wait(request, credentials) is not None


def client_address(request: HttpRequest) -> str | None:
    """The address that failed sign-ins are counted by; of IPv6 the network, since one machine has all of it.

    Behind a proxy REMOTE_ADDR is what a trusted one says (config/middleware/forwarded.py).
    """
    candidate = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(candidate)
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(candidate)


def line_of(request: HttpRequest) -> str:
    """Behind whom a request waits that takes long: a known device by itself, everybody else by their address."""
    device = devices.known_device(request)
    return f"device {device}" if device else f"address {client_address(request)}"


def counted_name(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """The name that failed sign-ins are counted by, as far as the column for it holds; on a device that the name has
    signed in with, together with the device.

    Django's form does not check how long a name is, and PostgreSQL refuses what does not fit.
    """
    name = _given_name(request, credentials)
    device = devices.device_of(request, name)
    return f"{name[: LONGEST_NAME - 40]} (device {device})" if device else name[:LONGEST_NAME]


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """The page for somebody who has to wait. It is the same whether or not the name belongs to anybody.

    django-axes passes different things along when it runs asynchronously, so this asks the request alone.
    """
    credentials = getattr(request, "axes_credentials", None)
    waits = [_narrow_wait(request, credentials), _wider_wait(request, credentials)]
    wait = max((wait for wait in waits if wait), key=lambda wait: wait.until)
    left = max(wait.until - timezone.now(), timedelta(seconds=1))
    context = {"minutes": ceil(left.total_seconds() / 60), "because": wait.because}
    response = render(request, "registration/throttled.html", context, status=429)
    response["Retry-After"] = str(ceil(left.total_seconds()))
    return response


def _narrow_wait(request: HttpRequest, credentials: dict[str, str] | None) -> Wait:
    """Until the last failure for this name from this address is forgiven."""
    counted = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    times = (attempt.attempt_time for attempts in counted for attempt in attempts)
    return Wait(max(times, default=timezone.now() - _counts_for(request)) + _counts_for(request), "name")


def _wider_wait(request: HttpRequest, credentials: dict[str, str] | None) -> Wait | None:
    """Until fewer failures count for the address, or for the name, than are let through; None where they are fewer."""
    name = _given_name(request, credentials)
    if devices.device_of(request, name):
        return None
    counting = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - _counts_for(request))
    address = client_address(request)
    waits = [_wait(request, counting.filter(username=name[:LONGEST_NAME]), MOST_OF_A_NAME, "name")]
    if address is not None:  # over a Unix socket everybody has none
        waits.append(_wait(request, counting.filter(ip_address=address), MOST_OF_AN_ADDRESS, "address"))
    return max((wait for wait in waits if wait), key=lambda wait: wait.until, default=None)


def _wait(request: HttpRequest, counting: "QuerySet[Any]", most: int, because: str) -> Wait | None:
    failures = 0
    newest_first = counting.order_by("-attempt_time").values_list("attempt_time", "failures_since_start")
    for failed_at, times in newest_first[:most]:
        failures += times
        if failures >= most:
            return Wait(failed_at + _counts_for(request), because)
    return None


def _counts_for(request: HttpRequest) -> timedelta:
    counts_for: timedelta = get_cool_off(request)
    return counts_for


def _given_name(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    given = credentials.get("username") if credentials else request.POST.get("username")
    return given or ""
