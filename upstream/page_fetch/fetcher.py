"""Fetching a page: its site's rules, its turn, its redirects, its bytes."""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from email.message import Message
from email.utils import parsedate_to_datetime
from time import time
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from upstream.page_fetch.outcomes import FetchedPage, NotFetched, Reason, reason_of
from upstream.page_fetch.pace import MOST_WAIT, SitePace
from upstream.page_fetch.robots import Judge, Robots
from upstream.safe_fetch import (
    Answered,
    FetchError,
    FetchRefused,
    FetchTooLarge,
    FetchTooSlow,
    Introduction,
    Limits,
    Unusable,
    ask_once,
)
from upstream.safe_fetch.targets import Target, parse_target

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Requests of this process; each may hold what a page may have."""
REDIRECTS = 8
MEDIA_TYPES = (
    "text/",
    "application/xhtml",
    "application/xml",
    "application/json",
    "application/ld+json",
    "application/pdf",
    "application/x-pdf",
    "application/rtf",
    "application/vnd.openxmlformats-officedocument.",
    "application/octet-stream",
    "binary/octet-stream",
)
LIMITS = Limits(most_bytes=20 * 1024 * 1024, total_time=30.0, connect_time=8.0, media_types=MEDIA_TYPES)
_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"
_USUAL_PAUSE = 60.0  # seconds, where a site asks to wait and does not say how long

DemoPages = Callable[[str], tuple[int, Mapping[str, str], bytes] | None]
"""What the demo has at an address: status, headers, body; None for addresses that are not its own."""


class PageFetcher:
    """Fetches the pages of one process, in its event loop.

    `site_url` is where this Parley is found, which its requests name; `judge_robots` judges a robots.txt.
    `allowed_hosts` are the operator's (see `upstream.safe_fetch`). `demo` answers for addresses that nobody has to be
    asked for.
    """

    def __init__(
        self,
        *,
        site_url: str,
        judge_robots: Judge,
        pace: SitePace,
        allowed_hosts: Collection[str] = (),
        limits: Limits = LIMITS,
        demo: DemoPages | None = None,
    ) -> None:
        self._introduction = Introduction(
            user_agent=f"Mozilla/5.0 (compatible; Parley; +{site_url})", accept=_ACCEPT, encodings="gzip"
        )
        self._robots = Robots(judge_robots)
        self._pace = pace
        self._allowed_hosts = tuple(allowed_hosts)
        self._limits = limits
        self._demo = demo
        self._places = asyncio.Semaphore(AT_ONCE)
        self._sites: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._coming: dict[str, asyncio.Task[FetchedPage]] = {}

    async def fetch(self, url: str) -> FetchedPage:
        """Fetch the page, once for all who ask for it meanwhile. May wait for its turn for a minute and a half.

        Raises NotFetched.
        """
        url = _without_fragment(url.strip())
        task = self._coming.get(url)
        if task is None:
            # Nothing of whoever asks first may stay alive in the task.
            task = asyncio.get_running_loop().create_task(self._fetch(url), context=contextvars.Context())
            self._coming[url] = task
            task.add_done_callback(lambda _task: self._coming.pop(url, None))
        await asyncio.wait([task])
        return task.result()

    async def _fetch(self, url: str) -> FetchedPage:
        for _hop in range(REDIRECTS + 1):
            answered = await self._ask_as_wanted(url)
            if answered.next_url:
                url = _without_fragment(answered.next_url)
                continue
            if not 200 <= answered.status < 300:
                raise await self._refusal(url, answered)
            media_type, charset = _content_type(answered.headers.get("content-type", ""))
            return FetchedPage(url, answered.status, media_type, charset, answered.data)
        raise NotFetched(Reason.REDIRECTS, url=url)

    async def _ask_as_wanted(self, url: str) -> Answered:
        """One request, if the site wants it, when it wants it."""
        try:
            of_demo = await self._answer_of_demo(url)
            vouched_for = (*self._allowed_hosts, urlsplit(url).netloc) if of_demo else self._allowed_hosts
            target = parse_target(url, allowed_hosts=vouched_for)
            verdict = await self._robots.verdict(_origin(target), url, ask=self._ask)
            if not verdict.allowed:
                raise NotFetched(Reason.ROBOTS, url=url)
            if of_demo:
                return of_demo
            async with self._turn(target.host, delay=verdict.delay, url=url):
                return await self._ask(url, self._limits)
        except FetchRefused:
            raise NotFetched(Reason.REFUSED, url=url) from None
        except FetchTooSlow:
            raise NotFetched(Reason.TOO_SLOW, url=url) from None
        except FetchTooLarge:
            raise NotFetched(Reason.TOO_LARGE, url=url) from None
        except Unusable:
            raise NotFetched(Reason.UNSUPPORTED, url=url) from None
        except FetchError:
            raise NotFetched(Reason.UNREACHABLE, url=url) from None

    async def _ask(self, url: str, limits: Limits) -> Answered:
        if of_demo := await self._answer_of_demo(url):
            return of_demo
        async with self._places:
            return await ask_once(
                url, introduction=self._introduction, limits=limits, allowed_hosts=self._allowed_hosts
            )

    async def _answer_of_demo(self, url: str) -> Answered | None:
        found = await asyncio.to_thread(self._demo, url) if self._demo else None
        if found is None:
            return None
        status, headers, data = found
        return Answered(status, headers, data, next_url=headers.get("location", ""))

    @asynccontextmanager
    async def _turn(self, host: str, *, delay: float, url: str) -> AsyncIterator[None]:
        """Wait until it is our turn at the site; nobody else of this process asks it until this is over."""
        lock = self._sites.setdefault(host, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), MOST_WAIT)
        except TimeoutError:
            raise NotFetched(Reason.BUSY, url=url) from None
        try:
            if not await self._pace.turn(host, delay=delay):
                raise NotFetched(Reason.BUSY, url=url)
            yield
        finally:
            lock.release()

    async def _refusal(self, url: str, answered: Answered) -> NotFetched:
        """What to tell of a status that is no success. A site that asks to wait is left alone meanwhile."""
        wait = _seconds_in(answered.headers.get("retry-after", ""))
        reason = reason_of(answered.status, asks_to_wait=wait is not None)
        if reason is Reason.BUSY:
            host = parse_target(url, allowed_hosts=self._allowed_hosts).host
            await self._pace.pause(host, seconds=_USUAL_PAUSE if wait is None else wait)
        return NotFetched(reason, url=url, status=answered.status)


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]  # an address that nobody can read is refused later


def _origin(target: Target) -> str:
    return f"{target.scheme}://{target.authority}"


def _content_type(header: str) -> tuple[str, str]:
    """The media type and the charset that a header names."""
    message = Message()
    message["Content-Type"] = header[:300].replace("\r", " ").replace("\n", " ")
    media_type = header.partition(";")[0].strip().lower()
    try:
        charset = message.get_content_charset() or ""
    except (LookupError, UnicodeError, ValueError):
        charset = ""
    return media_type[:100], charset[:40]


def _seconds_in(header: str) -> float | None:
    """The seconds that a Retry-After names, as a number or as a time; None where it names none."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time()) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
