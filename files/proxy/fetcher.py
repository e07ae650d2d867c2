"""Bringing pictures here: once for all who wait for one, at most some at a time, and not again soon if it failed.

Fetching waits in the event loop, where hundreds can wait; decoding has a thread of its own. No thread that serves pages
does either.
"""

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from files.proxy.cache import PictureCache
from files.proxy.previews import NoPicture, Size, shrink
from upstream.endpoints import is_offline
from upstream.safe_fetch import FetchError, Limits, fetch

logger = logging.getLogger(__name__)

AT_ONCE = 16  # fetches; each may hold ten megabytes
PATIENCE = 15.0  # seconds that a viewer waits, when others' pictures come first
FAILURE_KEPT = 300.0  # seconds until a picture that failed is tried again
MOST_FAILURES = 10_000
MOST_BYTES = 512 * 1024 * 1024
UNUSED_FOR = 60 * 86400.0  # seconds
REFETCHED_AFTER = 30 * 86400.0  # seconds

_decoding = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


class PictureFetcher:
    """The pictures of one process. `cached` and `failed` may be asked in any thread, `bring` in the event loop.

    `allowed_hosts` are the operator's (see `upstream.safe_fetch`); `draw_demo` gives the bytes for addresses that
    nobody has to be asked for.
    """

    def __init__(
        self,
        *,
        cache: PictureCache,
        allowed_hosts: Collection[str] = (),
        limits: Limits | None = None,
        draw_demo: Callable[[str], bytes | None] | None = None,
    ) -> None:
        self._cache = cache
        self._allowed_hosts = tuple(allowed_hosts)
        self._limits = limits or Limits()
        self._draw_demo = draw_demo
        self._coming: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[str, float] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    def cached(self, url: str, size: Size) -> bytes | None:
        """The picture at this address, if it was brought here before."""
        return self._cache.find(url, size)

    def failed(self, url: str) -> bool:
        """Whether it could not be brought a short while ago."""
        return self._failures.get(url, 0.0) > time.monotonic()

    async def bring(self, url: str) -> None:
        """Wait until the picture is kept, has failed, or patience ends. Who leaves before takes it from nobody."""
        task = self._coming.get(url)
        if task is None:
            # Nothing of the request that happens to come first may stay alive in the task.
            task = asyncio.get_running_loop().create_task(self._bring(url), context=contextvars.Context())
            self._coming[url] = task
            task.add_done_callback(lambda _task: self._coming.pop(url, None))
        await asyncio.wait([task], timeout=PATIENCE)

    def prune_soon(self) -> None:
        """Have the folder brought within its limits, in the thread for pictures: thousands of files are looked at."""
        _decoding.submit(self.prune)

    def prune(self, *, dry_run: bool = False) -> int:
        """Bring the folder within its limits; returns how many pictures went, or with `dry_run` would go."""
        return self._cache.prune(
            most_bytes=MOST_BYTES, unused_for=UNUSED_FOR, refetched_after=REFETCHED_AFTER, dry_run=dry_run
        )

    async def _bring(self, url: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with self._places:
                data = await loop.run_in_executor(_decoding, self._draw_demo, url) if self._draw_demo else None
                if data is None:
                    fetched = await fetch(url, limits=self._limits, allowed_hosts=self._allowed_hosts)
                    data = fetched.data
                if not await loop.run_in_executor(_decoding, self._keep, url, data):
                    self._fail(url, "It could not be written to the disk.")
        except FetchError as fault:
            self._fail(url, str(fault))
        except NoPicture:
            self._fail(url, "It is not a supported image.")
        except Exception:
            logger.exception("An image could not be fetched.")
            self._fail(url, "Something went wrong.")

    def _keep(self, url: str, data: bytes) -> bool:
        return self._cache.keep(url, shrink(data))

    def _fail(self, url: str, sentence: str) -> None:
        logger.info("An image from %s is not shown. %s", _site(url), sentence)
        if len(self._failures) >= MOST_FAILURES:
            self._failures.clear()
        self._failures[url] = time.monotonic() + FAILURE_KEPT


@cache
def shared_pictures() -> PictureFetcher:
    """This process's pictures, as the operator's settings want them.

    The demo names addresses of its own, which lead nowhere: they are drawn here, as long as it is the demo that
    answers.
    """
    return PictureFetcher(
        cache=PictureCache(settings.PICTURE_CACHE),
        allowed_hosts=settings.PICTURE_HOSTS,
        draw_demo=import_string(settings.DEMO_PICTURES) if is_offline(settings) else None,
    )


def _site(url: str) -> str:
    """The host alone: what follows it may say what somebody asked."""
    try:
        return (urlsplit(url).hostname or "nowhere")[:100]
    except ValueError:
        return "nowhere"
