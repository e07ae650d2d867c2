"""How large a request may be. Forms are small; only where files are taken may a request be as large as they are."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings

from files import limits

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
LARGEST_UPLOAD = limits.MOST_TOGETHER_BYTES + LARGEST_FORM
MOST_UPLOADS = 8  # larger than a form, at once in one process: each lies on the disk until it is judged
PATIENCE = 30.0  # seconds between two pieces of a large upload

# Without JavaScript the files come with the question, else by themselves before it.
_TAKES_FILES = re.compile(r"/(?:c/[0-9a-f-]{36}/)?ask/|/attachments/")

_TOO_LARGE = b"This is more than Parley takes at once.\n"
_TOO_MANY = b"Others are uploading large files just now. Try again in a moment.\n"


def takes_files(path: str) -> bool:
    """Whether files may come in requests to this address."""
    return _TAKES_FILES.fullmatch(path) is not None


class Guard:
    """Lets requests through to the application whose bodies are no larger than their address takes."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it before it is read."""
        announced = _announced_length(scope)
        if announced <= LARGEST_FORM:
            await self._serve(scope, _Body(receive, LARGEST_FORM), send)
        elif announced > LARGEST_UPLOAD or not (takes_files(scope["path"]) and _is_multipart(scope)):
            await _refuse(send, 413, _TOO_LARGE)
        elif self._uploads >= MOST_UPLOADS:
            await _refuse(send, 503, _TOO_MANY, (b"retry-after", b"3"))
        else:
            self._uploads += 1
            try:
                await self._serve(scope, _Body(receive, announced, patience=PATIENCE), send)
            finally:
                self._uploads -= 1

    async def _serve(self, scope: Scope, body: "_Body", send: Send) -> None:
        await self._app(scope, body.receive, send)
        if body.outgrown:
            await _refuse(send, 413, _TOO_LARGE)


class _Body:
    """A body that breaks off when it grows beyond what is taken: one without a length says nothing first. With
    `patience`, also when nothing more comes for so long.

    Django answers nothing to a body that breaks off.
    """

    def __init__(self, receive: Receive, most: int, *, patience: float | None = None) -> None:
        self._receive = receive
        self._most = most
        self._patience = patience
        self._received = 0

    @property
    def outgrown(self) -> bool:
        """Whether more came than is taken."""
        return self._received > self._most

    async def receive(self) -> Message:
        """The next piece of the body; after its end, whatever else is heard of the one who sent it."""
        try:
            async with asyncio.timeout(self._patience):
                message = await self._receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._received += len(message.get("body", b""))
        if not message.get("more_body"):
            self._patience = None
        return {"type": "http.disconnect"} if self.outgrown else message


def _announced_length(scope: Scope) -> int:
    announced = _header(scope, b"content-length")
    return int(announced) if announced.isdigit() else 0


def _is_multipart(scope: Scope) -> bool:
    return _header(scope, b"content-type").lower().startswith(b"multipart/form-data")


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


async def _refuse(send: Send, status: int, reason: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason})
