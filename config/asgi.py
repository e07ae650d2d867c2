"""Where the server meets Parley.

Django's own ASGI handler gives each request a thread and a database connection of its own and hops between thread and
event loop for every middleware: 4 to 5 ms of CPU for a page that needs less than one. Here every request runs through
Django's ordinary synchronous chain in one of a few threads that keep their connection, and only what has to wait —
the answers being written and the streams that show them — lives in the event loop.
"""

import asyncio
import contextvars
import gc
import os
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.core.handlers.base import BaseHandler  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse  # noqa: E402

from chat import worker as answer_worker  # noqa: E402
from chat.live import article  # noqa: E402
from config.backup.schedule import BackupScheduler  # noqa: E402
from config.middleware import request_bodies  # noqa: E402
from config.middleware.request_bodies import Receive, Scope, Send  # noqa: E402
from config.services import connect_services  # noqa: E402
from core.web.deferred import DeferredResponse  # noqa: E402
from imaging.generation import worker as image_worker  # noqa: E402

PAGE_THREADS = 8
SLOW_THREADS = 2
UPLOAD_THREADS = 2
SWITCH_INTERVAL = 0.001  # seconds; a page that computes hands the interpreter to the streams this soon

_pages = ThreadPoolExecutor(max_workers=PAGE_THREADS, thread_name_prefix="page")
_uploads = ThreadPoolExecutor(max_workers=UPLOAD_THREADS, thread_name_prefix="upload")
_slow = ThreadPoolExecutor(max_workers=SLOW_THREADS, thread_name_prefix="slow")


class Handler(ASGIHandler):
    """Django's handler with the synchronous chain of middleware and views, run in the threads for pages."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Django's thread per request is left out."""
        await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The response, made in a thread for pages. Files are read in those threads too, piece by piece."""
        context = contextvars.copy_context()
        threads = _slow if _is_slow(request) else _uploads if _has_files(request) else _pages
        respond = partial(asyncio.get_running_loop().run_in_executor, threads, context.run, self._respond, request)
        response = await respond()
        if isinstance(response, DeferredResponse):
            await response.wait()
            response = await respond()
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _read_in_threads(cast("Iterator[bytes]", response.streaming_content))
        return response

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()
        return self.get_response(request)


def _is_slow(request: HttpRequest) -> bool:
    """Whether the request takes long on purpose: to check a password, or to wait for the upstream's sign of life.

    Anybody can send such requests. Those who send many wait for each other, and pages for none of them.
    """
    if request.method == "POST":
        return request.path_info.startswith(("/accounts/", "/admin/login/"))
    return request.path_info == "/readyz"


def _has_files(request: HttpRequest) -> bool:
    """Whether files may come with the request, which take seconds to be read and judged."""
    return request.content_type == "multipart/form-data" and request_bodies.takes_files(request.path_info)


async def _read_in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    while (piece := await loop.run_in_executor(_pages, next, pieces, None)) is not None:
        yield piece


_guarded = request_bodies.Guard(Handler())


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
    workers = answer_worker.current_answer_worker(), image_worker.current_image_worker()
    await asyncio.gather(*backups, *(worker.drain(grace=grace) for worker in workers if worker))
    await asyncio.gather(answer_worker.close_answer_worker(), image_worker.close_image_worker())


_schedulers: list[BackupScheduler] = []  # one, where backups are made by themselves


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            sys.setswitchinterval(SWITCH_INTERVAL)
            gc.freeze()  # what is there by now stays for good; looking through it again would stop every stream
            connected = connect_services()
            await answer_worker.start_answer_worker(client=connected, render=article.render_article)
            await image_worker.start_image_worker(services=connected.drawing)
            if settings.BACKUP_EVERY:
                _schedulers.append(BackupScheduler(every=settings.BACKUP_EVERY))
                _schedulers[-1].open()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await begin_drain(grace=0)
            await send({"type": "lifespan.shutdown.complete"})
            return
