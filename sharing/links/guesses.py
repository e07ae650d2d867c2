"""Whoever tries tokens or passwords has to wait after a while. Counted in the database, for all processes together."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.throttling import client_address
from sharing.models import WrongGuess

MOST = 20
"""Wrong guesses from one address within WITHIN; whoever has made so many is told to wait, whatever they ask for."""
WITHIN = timedelta(minutes=10)


def seconds_to_wait(request: HttpRequest) -> int:
    """How long the sender has to wait before anything is looked up for them; 0 for not at all."""
    address = client_address(request)
    return _wait(_key(f"address {address}")) if address is not None else 0


def seconds_to_wait_for(link_id: UUID, request: HttpRequest) -> int:
    """The same before a password is tried. Over a Unix socket nobody has an address, and the link counts for all."""
    return 0 if client_address(request) is not None else _wait(_key(f"link {link_id}"))


def count_wrong(request: HttpRequest, *, link_id: UUID | None = None) -> None:
    """Count a token that is no link's, or with `link_id` a password that is not that link's."""
    address = client_address(request)
    if address is None and link_id is None:
        return
    now = timezone.now()
    WrongGuess.objects.filter(at__lte=now - WITHIN).delete()
    WrongGuess.objects.create(key=_key(f"link {link_id}" if address is None else f"address {address}"), at=now)


def _wait(key: str) -> int:
    begins = timezone.now() - WITHIN
    times = list(WrongGuess.objects.filter(key=key, at__gt=begins).order_by("-at").values_list("at", flat=True)[:MOST])
    return int((times[-1] - begins).total_seconds()) + 1 if len(times) == MOST else 0


def _key(whose: str) -> str:
    return salted_hmac("sharing.links.guesses", whose, algorithm="sha256").hexdigest()
