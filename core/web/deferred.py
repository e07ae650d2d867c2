"""What has to wait for the network waits in the event loop, where hundreds can, and not in a thread for pages."""

from collections.abc import Awaitable, Callable

from django.http import HttpResponse


class DeferredResponse(HttpResponse):
    """“Not there yet”: `wait` returns when it is worth asking again. The server (`config/asgi.py`) waits in the event
    loop and then asks the view once more, permissions included; that answer is sent, whatever it is.

    The slow threads were no place for this: there are two, and who signs in waits for them. A view that streams what it
    awaits has sent its status and its headers before it knows them. This way 64 viewers who wait for slow pictures
    cost two passes through the middleware each, and pages take as long as without them (measured).

    Where nobody waits, such as in a test without a server, the response itself is sent, with status 202.
    """

    def __init__(self, content: bytes, *, content_type: str, wait: Callable[[], Awaitable[None]]) -> None:
        super().__init__(content, content_type=content_type, status=202, headers={"Retry-After": "1"})
        self.wait = wait
