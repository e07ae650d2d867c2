"""What happens to somebody who keeps guessing passwords. django-axes counts; here is what it needs to know from us."""

import ipaddress
from datetime import timedelta
from math import ceil

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

LONGEST_NAME = 255
"""How many characters django-axes keeps of a name."""


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


def counted_name(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """The name that failed sign-ins are counted by, as far as the column for it holds.

    Django's form does not check how long a name is, and PostgreSQL refuses what does not fit.
    """
    given = credentials.get("username") if credentials else request.POST.get("username")
    return (given or "")[:LONGEST_NAME]


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """The page for somebody who has to wait. It is the same whether or not the name belongs to anybody.

    django-axes passes different things along when it runs asynchronously, so this asks the request alone.
    """
    wait = _left_to_wait(request)
    response = render(request, "registration/throttled.html", {"minutes": ceil(wait.total_seconds() / 60)}, status=429)
    response["Retry-After"] = str(ceil(wait.total_seconds()))
    return response


def _left_to_wait(request: HttpRequest) -> timedelta:
    """How long until the last counted failure is forgiven; at least a second."""
    whole: timedelta = get_cool_off(request)
    credentials = getattr(request, "axes_credentials", None)
    counted = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    last = max((attempt.attempt_time for attempts in counted for attempt in attempts), default=timezone.now())
    return max(last + whole - timezone.now(), timedelta(seconds=1))
