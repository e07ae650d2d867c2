"""Where the server meets Parley.

Django's own ASGI handler gives each request a thread and a database connection of its own and hops between thread and
event loop for every middleware: 4 to 5 ms of CPU for a page that needs less than one. Here every request runs through
Django's ordinary synchronous chain in one of a few threads that keep their connection, and only what has to wait —
the answers being written and the streams that show them — lives in the event loop.
"""

import asyncio
import contextvars
import gc
import logging
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any, cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.core.handlers.asgi import ASGIHandler, ASGIRequest  # noqa: E402
from django.core.handlers.base import BaseHandler  # noqa: E402
from django.db import close_old_connections, connection  # noqa: E402
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse  # noqa: E402
from django.utils.http import parse_header_parameters  # noqa: E402

from accounts import throttling  # noqa: E402
from api.mcp.gate import McpGate  # noqa: E402
from api.webhooks import worker as webhook_worker  # noqa: E402
from chat import worker as answer_worker  # noqa: E402
from chat.documents.reading import worker as reading_worker  # noqa: E402
from chat.live import article  # noqa: E402
from chat.sources.checks import running as checks  # noqa: E402
from config import key_watch  # noqa: E402
from config.backup.schedule import BackupScheduler  # noqa: E402
from config.middleware import busy, request_bodies, senders, watched  # noqa: E402
from config.middleware.forwarded import Forwarded  # noqa: E402
from config.middleware.request_bodies import Receive, Scope, Send, Sender  # noqa: E402
from config.operations import shared_counts  # noqa: E402
from config.serving.connection_budget import PAGE_THREADS, PASSWORD_THREADS, PROBE_THREADS, UPLOAD_THREADS  # noqa: E402
from config.serving.fair_queue import FairQueue, QueueFull  # noqa: E402
from config.serving.page_turns import PageTurns  # noqa: E402
from core import notices  # noqa: E402
from core.web.db import OutOfConnections  # noqa: E402
from core.web.deferred import DeferredResponse  # noqa: E402
from core.web.outages import are_connections_scarce  # noqa: E402
from core.web.pushed import PushedResponse  # noqa: E402
from imaging.generation import worker as image_worker  # noqa: E402
from sharing.export.jobs import worker as export_worker  # noqa: E402
from sharing.imports import worker as import_worker  # noqa: E402
from upstream.registry import Services  # noqa: E402

logger = logging.getLogger(__name__)

_PREFIX = settings.SITE_PATH.rstrip("/")
MOST_AT_THE_DOOR = 32  # requests that wait for a thread in which a password is checked
LONGEST_AT_THE_DOOR = 5.0  # seconds
SENDER_LOOKUPS = 2  # at once, in the threads for pages
SWITCH_INTERVAL = 0.001  # seconds; a page that computes hands the interpreter to the streams this soon

_pages = ThreadPoolExecutor(max_workers=PAGE_THREADS, thread_name_prefix="page")
_uploads = ThreadPoolExecutor(max_workers=UPLOAD_THREADS, thread_name_prefix="upload")
_probes = ThreadPoolExecutor(max_workers=PROBE_THREADS, thread_name_prefix="probe")
_passwords = FairQueue(
    threads=PASSWORD_THREADS, most_waiting=MOST_AT_THE_DOOR, longest_wait=LONGEST_AT_THE_DOOR, name="password"
)
_turns = PageTurns()
_CHECKS_A_PASSWORD = re.compile(
    r"/accounts/(?:login|password|(?:join|welcome|new-password)/[^/]+|reset-password/[^/]+/[^/]+)/"
    r"|/s/[^/]+/password/|/c/[0-9a-f-]{36}/links/"
)
_SENDS_MAIL = re.compile(r"/accounts/(?:team/invite|team/invitations/[^/]+/new-link|me/address|join/[^/]+/by-email)/")


class Request(ASGIRequest):
    """Django's request, read as UTF-8 whatever it calls itself: our pages send nothing else.

    Django believes the charset of a Content-Type, and Python knows some that are none of text, or take long to read.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(ASGIHandler):
    """Django's handler with the synchronous chain of middleware and views, run in the threads for pages."""

    request_class = Request

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        import_module(settings.ROOT_URLCONF)  # with every view: a program that cannot be loaded ends before it serves
        notices.register_all()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Django's thread per request is left out."""
        await self.handle({**scope, "path": f"{_PREFIX}{scope['path']}"}, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The response, made in a thread for pages. Files are read in those threads too, piece by piece."""
        async with _turns.turn(request):
            response = await self._in_its_threads(request)
        if isinstance(response, DeferredResponse):
            await response.wait()
            async with _turns.turn(request):
                response = await self._in_its_threads(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _read_in_threads(cast("Iterator[bytes]", response.streaming_content))
        return response

    async def send_response(self, response: HttpResponseBase, send: Send) -> None:
        """Send the response. One that is pushed goes past everything that wakes a task for each piece."""
        if isinstance(response, PushedResponse):
            response.push_to(send)
        await super().send_response(response, send)

    async def _in_its_threads(self, request: HttpRequest) -> HttpResponseBase:
        respond = partial(contextvars.copy_context().run, self._respond, request)
        loop = asyncio.get_running_loop()
        if not _checks_a_password(request):
            return await loop.run_in_executor(_threads_for(request), respond)
        try:
            return await _passwords.run(throttling.line_of(request), respond)
        except QueueFull:
            busy.turn_away(request)
            return await loop.run_in_executor(_pages, respond)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        return cast("HttpResponseBase", _run_with_fresh_connections(partial(self.get_response, request)))


def _checks_a_password(request: HttpRequest) -> bool:
    """Whether the request takes long on purpose, because a password is checked or set.

    Anybody can send such requests. Those who send many wait for each other, and pages and other forms for none of them.
    """
    return request.method == "POST" and _CHECKS_A_PASSWORD.fullmatch(_own_path(request)) is not None


def _threads_for(request: HttpRequest) -> ThreadPoolExecutor:
    if _own_path(request) == "/readyz":  # waits for the upstream's sign of life
        return _probes
    return _uploads if _has_files(request) or _sends_mail(request) else _pages


def _sends_mail(request: HttpRequest) -> bool:
    """Whether the request may wait for a mail server, which takes seconds."""
    return settings.EMAIL_IS_SET and request.method == "POST" and bool(_SENDS_MAIL.fullmatch(_own_path(request)))


def _has_files(request: HttpRequest) -> bool:
    """Whether files may come with the request, which take seconds to be read and judged."""
    if _is_large(request) and request_bodies.takes_pictures_as_text(_own_path(request)):
        return True
    return request.content_type == "multipart/form-data" and request_bodies.takes_files(_own_path(request))


def _is_large(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    return not length.isdigit() or int(length) > request_bodies.SMALL_FORM


def _own_path(request: HttpRequest) -> str:
    """The path as it is where Parley has a host to itself."""
    return request.path_info.removeprefix(_PREFIX)


async def _read_in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    while (piece := await loop.run_in_executor(_pages, next, pieces, None)) is not None:
        yield piece


_lookups = asyncio.Semaphore(SENDER_LOOKUPS)


async def _identify(scope: Scope) -> Sender:
    """Who sends a large body, looked up in the threads for pages, where most of them stay free for pages."""
    async with _lookups:
        return await asyncio.get_running_loop().run_in_executor(
            _pages, contextvars.copy_context().run, _look_up_sender, scope
        )


def _look_up_sender(scope: Scope) -> Sender:
    close_old_connections()
    return senders.look_up(scope)


async def _run_for_assistants(work: Callable[[], Any]) -> Any:
    """Run what an assistant asked for in one of the threads for pages."""
    run = partial(contextvars.copy_context().run, _run_with_fresh_connections, work)
    return await asyncio.get_running_loop().run_in_executor(_pages, run)


def _run_with_fresh_connections(work: Callable[[], Any]) -> Any:
    close_old_connections()
    try:
        return work()
    finally:
        if are_connections_scarce():
            connection.close()


_mcp = McpGate(Handler(), run=_run_for_assistants)
_guarded = watched.RequestIds(
    Forwarded(request_bodies.Guard(_mcp, identify=_identify), trusted=settings.TRUSTED_PROXIES, prefix=_PREFIX)
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _guarded(scope, receive, send)


async def begin_drain(*, grace: float) -> None:
    """Let the answers that this process writes, and the images that it has drawn, finish for `grace` seconds, then end
    them with what had come kept."""
    backups = [scheduler.close() for scheduler in _schedulers]
    _schedulers.clear()
    workers = (
        answer_worker.current_answer_worker(),
        image_worker.current_image_worker(),
        reading_worker.current_reading_worker(),
        checks.current_check_workers(),
        export_worker.current_export_worker(),
        webhook_worker.current_delivery_worker(),
        import_worker.current_import_worker(),
    )
    await asyncio.gather(*backups, *(worker.drain(grace=grace) for worker in workers if worker))
    await _mcp.close()
    # Before the threads that they share with the answers.
    await asyncio.gather(
        webhook_worker.close_delivery_worker(), export_worker.close_export_worker(), import_worker.close_import_worker()
    )
    await asyncio.gather(
        answer_worker.close_answer_worker(),
        image_worker.close_image_worker(),
        reading_worker.close_reading_worker(),
        checks.close_check_workers(),
    )
    if shared_counts.are_shared():
        shared_counts.write_counts()


_schedulers: list[BackupScheduler] = []  # one, where backups are made by themselves


async def _start_workers() -> None:
    """Begin to answer, to draw, to read documents, to check citations, to export and to import, with the key that is in
    force. Raises OutOfConnections."""
    connected = Services()
    watch = key_watch.KeyWatch(connected)
    answers = await answer_worker.start_answer_worker(
        client=connected, render=article.render_article, prepare=watch.look
    )
    images = await image_worker.start_image_worker(services=connected.drawing)
    await reading_worker.start_reading_worker()
    await checks.start_check_workers(services=connected)
    export_worker.start_export_worker(threads=answers.threads)
    webhook_worker.start_delivery_worker(threads=answers.threads)
    import_worker.start_import_worker(threads=answers.threads)
    watch.open(tell=lambda: images.take_over(connected.drawing))
    if shared_counts.are_shared():
        shared_counts.forget_ended_servers()
        answers.every(shared_counts.WRITTEN_EVERY, partial(answers.threads.run, shared_counts.write_counts))
    answers.every(key_watch.LOOKED_UP_EVERY, partial(watch.look, answers.threads.run))


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            sys.setswitchinterval(SWITCH_INTERVAL)
            gc.freeze()  # what is there by now stays for good; looking through it again would stop every stream
            gc.enable()
            try:
                await _start_workers()
            except OutOfConnections:
                logger.critical("All database connections are in use. This process ends, and another one tries.")
                os._exit(1)  # gunicorn starts another; a start that is said to have failed would end all of them
            if settings.BACKUP_EVERY:
                _schedulers.append(BackupScheduler(every=settings.BACKUP_EVERY))
                _schedulers[-1].start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await begin_drain(grace=0)
            await send({"type": "lifespan.shutdown.complete"})
            return
