"""A small web of real servers, and a team that reads its pages."""

import asyncio
import queue
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from accounts.models import Team
from chat.models import PageCopy
from chat.sources.copies import read_page
from chat.sources.copies.fetcher import judge_in_process
from tests.upstream.safe_fetch.strangers import Say, head, says
from upstream.page_fetch import PageFetcher, SitePace
from upstream.page_fetch.fetcher import LIMITS

HTML = "Content-Type: text/html; charset=utf-8"
SENTENCE = "The highest tide at Aldmere was 6.42 metres, on 29 September 2025. "
ARTICLE = f"<h1>Tides</h1><p>{SENTENCE * 8}</p><p>{SENTENCE * 4}</p>"


def page(body: str = ARTICLE, *headers: str, status: str = "200 OK", title: str = "Tides", in_head: str = "") -> Say:
    """A server's answer: a page in UTF-8, unless `headers` say otherwise."""
    html = f"<!doctype html><html lang='en'><head><title>{title}</title>{in_head}</head><body>{body}</body></html>"
    return sends(html.encode(), *(headers or (HTML,)), status=status)


def sends(data: bytes, *headers: str, status: str = "200 OK") -> Say:
    """A server's answer, byte for byte."""
    return says(head(*headers, f"Content-Length: {len(data)}", "Connection: close", status=status), data)


def redirects(location: str, *headers: str) -> Say:
    """A server's answer that leads elsewhere."""
    return sends(b"", f"Location: {location}", *headers, status="302 Found")


@dataclass
class Web:
    """Servers on one port, told apart by path. `asked` has the paths that were asked for, `heard` whole requests."""

    pages: Mapping[str, Say]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.place}{path}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = asked.split(" ")[1]
            self.asked.append(path)
            self.heard.append(asked)
            await self.pages.get(path, sends(b"", status="404 Not Found"))(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def fetcher(self, **changes: Any) -> PageFetcher:
        """What reads from it, without waiting between two requests."""
        limits = replace(LIMITS, **changes)
        return PageFetcher(
            site_url="https://parley.example",
            judge_robots=judge_in_process,
            pace=SitePace(between=0.0),
            allowed_hosts=[self.place],
            limits=limits,
        )


def on_the_web(pages: Mapping[str, Say], work: Callable[[Web, "Read"], Awaitable[Any]], *, team: Team) -> Web:
    """Run `work` with a web of these pages; what needs the database is done in the thread of the test."""
    web, todo = Web(pages), queue.SimpleQueue[Any]()

    async def run(job: Callable[[], Any]) -> Any:
        done = asyncio.get_running_loop().create_future()
        todo.put((job, done, asyncio.get_running_loop()))
        return await done

    async def whole() -> None:
        server = await asyncio.start_server(web.talk, "127.0.0.1", 0)
        web.port = server.sockets[0].getsockname()[1]
        fetcher = web.fetcher()

        async def read(path: str, *, by: PageFetcher | None = fetcher, fresh_for: timedelta = timedelta()) -> PageCopy:
            address = path if "://" in path else web.url(path)
            return await read_page(team_id=team.pk, address=address, fetcher=by, run=run, fresh_for=fresh_for)

        try:
            await work(web, read)
        finally:
            server.close()
            todo.put(None)

    with ThreadPoolExecutor(max_workers=1) as pool:
        ended = pool.submit(asyncio.run, whole())
        while job := todo.get():
            _answer(*job)
        ended.result()
    return web


def _answer(job: Callable[[], Any], done: "asyncio.Future[Any]", loop: asyncio.AbstractEventLoop) -> None:
    try:
        value, fault = job(), None
    except Exception as error:
        value, fault = None, error
    loop.call_soon_threadsafe(done.set_exception if fault else done.set_result, fault or value)


Read = Callable[..., Awaitable[PageCopy]]
