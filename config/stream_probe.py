"""A stream that holds nothing, by which `manage.py doctor` sees whether a proxy keeps words back.

It is sent as answers are. Only who can sign with the installation's secret gets it, so it costs strangers' visits
nothing.
"""

import asyncio
from collections.abc import AsyncIterator

from django.core import signing
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from core import sse

PIECES = 5
PAUSE = 0.3  # seconds between two pieces
_SALT = "config.stream_probe"
_VALID_FOR = 60  # seconds


def make_token() -> str:
    """What the address of the stream has to be given as `token`, within a minute."""
    return signing.TimestampSigner(salt=_SALT).sign("doctor")


@require_GET
def stream_probe(request: HttpRequest) -> StreamingHttpResponse:
    """A few events, a moment apart. Raises Http404 without a token of this installation."""
    try:
        signing.TimestampSigner(salt=_SALT).unsign(request.GET.get("token", ""), max_age=_VALID_FOR)
    except signing.BadSignature:
        raise Http404 from None
    return StreamingHttpResponse(_pieces(), content_type=sse.CONTENT_TYPE, headers=sse.HEADERS)


async def _pieces() -> AsyncIterator[bytes]:
    for number in range(PIECES):
        if number:
            await asyncio.sleep(PAUSE)
        yield sse.message("piece", str(number))
