"""How large a request may be, who may send a large one, and how slowly it may come.

Forms are small; only where files are taken may a request be as large as they are. Before more than a few kilobytes are
read, the one who sends them is looked up: a stranger's body takes no place that somebody who is signed in needs.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api import faults
from api.auth import LANGUAGE as PROGRAMS_LANGUAGE
from files import limits
from sharing.imports.limits import MOST_FILE

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SMALL_FORM = 64 * 1024  # bytes that anybody may send: signing in, joining
LARGEST_FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
LARGEST_REQUEST_OF_A_PROGRAM = 16 * 1024 * 1024
LARGEST_UPLOAD = limits.MOST_TOGETHER_BYTES + LARGEST_FORM
LARGEST_IMPORT = MOST_FILE + LARGEST_FORM
MOST_UPLOADS = 8  # larger than a form, at once in one process: each lies on the disk until it is judged
MOST_UPLOADS_EACH = 3  # of them from one person; a browser sends one file after another
MOST_FORMS_EACH = 8  # larger than a small form, at once from one person
PATIENCE = 30.0  # seconds for which a body may be silent, at its beginning and later
LEAST_RATE = 16_000  # bytes a second, below which patience runs out: a fifteenth of a line of 2 Mbit/s
LINGER = 2.0  # seconds for which a refused body is still taken, and thrown away, so that the refusal is read
MOST_LINGERING = 64

_IMPORT = "/import/upload/"

# Without JavaScript the files come with the question, else by themselves before it.
_TAKES_FILES = re.compile(
    r"/(?:c/[0-9a-f-]{36}/)?ask/|/attachments/|/spaces/[0-9a-f-]{36}/documents/(?:[^/]+/)?upload/|/import/upload/"
)
# Programs send pictures as text, in the JSON of the question.
_TAKES_PICTURES_AS_TEXT = re.compile(r"(?:/v1)?/chat/completions|/v1/(?:sonar|responses)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer to a request that is not read any further: words, or an address to go to instead. `code` is its name
    for programs."""

    status: int
    reason: str | Promise = ""
    location: str = ""
    retry_after: int | None = None  # seconds
    code: str = "unavailable"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a large body, and why they may not, if so."""

    person: str = ""
    refusal: Refusal | None = None


Identify = Callable[[Scope], Awaitable[Sender]]
"""Looks up who sends a request."""

_TOO_LARGE = Refusal(413, _("This is more than Parley accepts at once."), code="request_too_large")
_TOO_SLOW = Refusal(
    408,
    _("What you sent arrived too slowly, so Parley stopped waiting for it. Send it again."),
    code="request_timeout",
)
_TOO_MANY = Refusal(503, _("Others are uploading large files right now. Try again in a moment."), retry_after=3)
_TOO_MANY_OF_YOURS = Refusal(
    503, _("You’re already sending several large files. Try again when they have arrived."), retry_after=3
)


def takes_files(path: str) -> bool:
    """Whether files may come in requests to this address."""
    return _TAKES_FILES.fullmatch(path) is not None


def takes_pictures_as_text(path: str) -> bool:
    """Whether a program's request to this address may be as large as the pictures in it."""
    return _TAKES_PICTURES_AS_TEXT.fullmatch(path) is not None


class Guard:
    """Lets requests through to the application whose bodies are no larger than their address and their sender may send.

    `identify` says who sends a large one. `patience` (seconds) and `least_rate` (bytes a second) say how slowly a body
    may come; the whole of it takes at most `patience` + length / `least_rate` seconds.
    """

    def __init__(
        self, app: App, *, identify: Identify, patience: float = PATIENCE, least_rate: float = LEAST_RATE
    ) -> None:
        self._app = app
        self._identify = identify
        self._patience = patience
        self._least_rate = least_rate
        self._uploads = _Places(most=MOST_UPLOADS, most_each=MOST_UPLOADS_EACH)
        self._forms = _Places(most=None, most_each=MOST_FORMS_EACH)
        self._lingering = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it before it is read."""
        announced = _announced_length(scope)
        if announced <= SMALL_FORM:
            await self._serve(scope, self._body(scope, receive, LARGEST_FORM), send)
            return
        large = announced > LARGEST_FORM
        if large and announced > _most_at(scope):
            await self._refuse(_TOO_LARGE, scope, receive, send)
            return
        sender = await self._identify(scope)
        if sender.refusal:
            await self._refuse(sender.refusal, scope, receive, send)
            return
        places = self._uploads if large else self._forms
        if refusal := places.take(sender.person):
            await self._refuse(refusal, scope, receive, send)
            return
        body = self._body(scope, receive, max(announced, LARGEST_FORM), sender)
        give_back = _Once(partial(places.give_back, sender.person))
        if takes_pictures_as_text(scope["path"]):
            body.once_whole = give_back  # its answer may be a stream that lasts; files are judged while theirs is made
        try:
            await self._serve(scope, body, send)
        finally:
            give_back()

    def _body(self, scope: Scope, receive: Receive, most: int, sender: Sender | None = None) -> "_Body":
        async def ask_who() -> Sender:
            return sender or await self._identify(scope)

        return _Body(receive, most, ask_who, patience=self._patience, least_rate=self._least_rate)

    async def _serve(self, scope: Scope, body: "_Body", send: Send) -> None:
        await self._app(scope, body.receive, send)
        if body.refusal:
            await self._refuse(body.refusal, scope, body.drop, send)

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and throw away what still comes for a moment.

        To close while bytes arrive would reset the connection, and the answer would be lost on its way.
        """
        await _answer(refusal, scope, send)
        if self._lingering >= MOST_LINGERING:
            return
        self._lingering += 1
        try:
            async with asyncio.timeout(LINGER):
                while (await receive()).get("more_body"):
                    pass
        except TimeoutError:
            pass
        finally:
            self._lingering -= 1


class _Places:
    """How many large bodies come in at the same time: of all, and of each person."""

    def __init__(self, *, most: int | None, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._taken: Counter[str] = Counter()

    def take(self, person: str) -> Refusal | None:
        """Take a place until it is given back; or why there is none."""
        if self._taken[person] >= self._most_each:
            return _TOO_MANY_OF_YOURS
        if self._most is not None and self._taken.total() >= self._most:
            return _TOO_MANY
        self._taken[person] += 1
        return None

    def give_back(self, person: str) -> None:
        """Give back a place that was taken."""
        self._taken[person] -= 1
        if not self._taken[person]:
            del self._taken[person]


class _Once:
    """Something that is done once, whoever asks for it first."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work: Callable[[], object] | None = work

    def __call__(self) -> None:
        work, self._work = self._work, None
        if work:
            work()


class _Body:
    """A body that breaks off when it grows beyond what is taken, which one without a length does not say first; when
    it comes too slowly; and when its sender turns out to be nobody who may send so much.

    Each byte that comes buys time to wait for the next, never more than `patience`. Django answers nothing to a body
    that breaks off; `refusal` says why it did.
    """

    def __init__(
        self,
        receive: Receive,
        most: int,
        ask_who: Callable[[], Awaitable[Sender]],
        *,
        patience: float,
        least_rate: float,
    ) -> None:
        self.refusal: Refusal | None = None
        self.once_whole: Callable[[], None] | None = None  # told when all of it has come
        self._receive = receive
        self._most = most
        self._ask_who = ask_who
        self._patience = self._left = patience
        self._least_rate = least_rate
        self._received = 0
        self._is_whole = False

    async def receive(self) -> Message:
        """The next piece of the body; after its end, whatever else is heard of the one who sent it."""
        if self._is_whole:
            return await self._receive()
        message = await self._next_piece()
        if message is None:
            self.refusal = _TOO_SLOW
            return {"type": "http.disconnect"}
        was_small = self._received <= SMALL_FORM
        self._received += len(message.get("body", b""))
        self._is_whole = not message.get("more_body")
        if self._is_whole and self.once_whole:
            self.once_whole()
        if self._received > self._most:
            self.refusal = _TOO_LARGE
        elif was_small and self._received > SMALL_FORM:
            self.refusal = (await self._ask_who()).refusal
        return {"type": "http.disconnect"} if self.refusal else message

    async def drop(self) -> Message:
        """What comes after the refusal; nothing where nothing can come any more, or where it came too slowly."""
        if self._is_whole or self.refusal is _TOO_SLOW:
            return {"type": "http.disconnect"}
        return await self._receive()

    async def _next_piece(self) -> Message | None:
        """The next piece, or None when patience has run out. Only waiting counts: not what the server does itself."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(max(self._left, 0)):
                message = await self._receive()
        except TimeoutError:
            return None
        waited = loop.time() - begun
        bought = len(message.get("body", b"")) / self._least_rate
        self._left = min(self._patience, self._left - waited + bought)
        return message


def _announced_length(scope: Scope) -> int:
    announced = _header(scope, b"content-length")
    return int(announced) if announced.isdigit() else 0


def _most_at(scope: Scope) -> int:
    """Bytes that may be sent to the address in this form."""
    if takes_files(scope["path"]) and _is_multipart(scope):
        return LARGEST_IMPORT if scope["path"] == _IMPORT else LARGEST_UPLOAD
    return LARGEST_REQUEST_OF_A_PROGRAM if takes_pictures_as_text(scope["path"]) else LARGEST_FORM


def _is_multipart(scope: Scope) -> bool:
    return _header(scope, b"content-type").lower().startswith(b"multipart/form-data")


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _language_of(scope: Scope) -> str:
    """The language to refuse in: that of the browser, or of its cookie. Nobody is looked up."""
    request = HttpRequest()
    request.COOKIES = parse_cookie(_header(scope, b"cookie").decode("latin-1"))
    request.META["HTTP_ACCEPT_LANGUAGE"] = _header(scope, b"accept-language").decode("latin-1")
    return translation.get_language_from_request(request)


async def _answer(refusal: Refusal, scope: Scope, send: Send) -> None:
    is_program = faults.is_for_programs(scope["path"])
    language = PROGRAMS_LANGUAGE if is_program else _language_of(scope)
    with translation.override(language):
        body = f"{refusal.reason}\n".encode() if refusal.reason else b""
        if is_program:
            body = orjson.dumps(faults.refusal(refusal.status, str(refusal.reason), code=refusal.code).body)
    headers = [
        (b"content-type", b"application/json" if is_program else b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if refusal.location:
        headers.append((b"location", refusal.location.encode("latin-1", "ignore")))
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    if is_program and refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
