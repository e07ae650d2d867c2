"""What a robots.txt makes of a page (RFC 9309), over real connections."""

import asyncio
from collections.abc import Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chat.sources.copies.fetcher import judge_in_process
from files.text.web import judge_robots
from tests.chat.sources.copies.web import Web, page, redirects, sends
from tests.upstream.safe_fetch.strangers import Say, dribbles, head
from upstream.page_fetch import NotFetched, PageFetcher, Reason, SitePace

TEXT = "Content-Type: text/plain"


async def fate(pages: Mapping[str, Say], path: str = "/page") -> str:
    """Why the page was not fetched; empty where it was."""
    async with served(pages) as web:
        try:
            await web.fetcher().fetch(web.url(path))
        except NotFetched as fault:
            return fault.reason.value
    return ""


@asynccontextmanager
async def served(pages: Mapping[str, Say]) -> Any:
    """A web of these pages."""
    web = Web(pages)
    server = await asyncio.start_server(web.talk, "127.0.0.1", 0)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private/", "/private/page", False),
        ("User-agent: *\nDisallow: /private/", "/public", True),
        ("User-agent: *\nDisallow: /\nAllow: /page", "/page", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Parley\nDisallow:", "/page", True),
        ("User-agent: parley\nDisallow: /page\n\nUser-agent: *\nAllow: /", "/page", False),
        ("User-agent: NotParleyAtAll\nDisallow: /", "/page", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x=1", True),
        ("User-agent: a\nUser-agent: *\nDisallow: /page", "/page", False),
        ("\ufeffUser-agent: *\r\nDisallow: /page # no", "/page", False),
        ("<!doctype html><title>Not found</title>", "/page", True),
        ("", "/page", True),
    ],
)
def test_the_rules_are_those_of_rfc_9309(rules: str, path: str, allowed: bool) -> None:
    judged = judge_robots(rules.encode(), url=f"https://paper.example{path}", agent="Parley")
    assert judged is not None
    assert judged[0] is allowed


def test_a_pattern_made_to_take_forever_takes_no_time() -> None:
    rules = "User-agent: *\n" + f"Disallow: /{'*a' * 200}*b\n" * 50
    assert judge_robots(rules.encode(), url=f"https://paper.example/{'a' * 3500}", agent="Parley") in (
        None,
        (True, 0.0),
    )


def test_a_delay_that_means_nothing_is_bounded() -> None:
    for said in ("7", "1e400", "nan", "-5", "soon"):
        judged = judge_robots(f"User-agent: *\nCrawl-delay: {said}".encode(), url="https://a.example/", agent="Parley")
        assert judged is not None
        assert 0.0 <= judged[1] <= 3600.0
        assert (judged[1] == 7.0) is (said == "7")


async def test_a_site_that_forbids_it_is_not_asked_for_the_page() -> None:
    async with served({"/robots.txt": sends(b"User-agent: *\nDisallow: /", TEXT), "/page": page()}) as web:
        with pytest.raises(NotFetched) as refusal:
            await web.fetcher().fetch(web.url("/page"))
        assert refusal.value.reason is Reason.ROBOTS
        assert web.asked == ["/robots.txt"]


async def test_a_redirect_leads_only_where_its_site_allows_it() -> None:
    rules = sends(b"User-agent: *\nDisallow: /private", TEXT)
    assert await fate({"/robots.txt": rules, "/page": redirects("/private"), "/private": page()}) == Reason.ROBOTS


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"])
async def test_a_site_without_rules_allows_everything(status: str) -> None:
    assert not await fate({"/robots.txt": sends(b"", TEXT, status=status), "/page": page()})


@pytest.mark.parametrize("status", ["429 Too Many Requests", "500 Internal Server Error", "503 Service Unavailable"])
async def test_rules_that_cannot_be_read_count_as_a_no(status: str) -> None:
    assert await fate({"/robots.txt": sends(b"", TEXT, status=status), "/page": page()}) == Reason.ROBOTS_UNKNOWN


async def test_rules_behind_redirects_hold_and_endless_ones_are_none() -> None:
    rules = sends(b"User-agent: *\nDisallow: /", TEXT)
    assert await fate({"/robots.txt": redirects("/r"), "/r": rules, "/page": page()}) == Reason.ROBOTS
    assert not await fate({"/robots.txt": redirects("/robots.txt"), "/page": page()})


async def test_of_rules_without_end_the_beginning_counts() -> None:
    endless = dribbles(head(TEXT), b"User-agent: *\nDisallow: /page\n", piece=b"# more\n" * 5000, every=0)
    assert await fate({"/robots.txt": endless, "/page": page()}) == Reason.ROBOTS


async def test_rules_are_fetched_once_for_many_pages() -> None:
    async with served({"/robots.txt": sends(b"User-agent: *\nAllow: /", TEXT), "/a": page(), "/b": page()}) as web:
        fetcher = web.fetcher()
        await fetcher.fetch(web.url("/a"))
        await fetcher.fetch(web.url("/b"))
        assert web.asked == ["/robots.txt", "/a", "/b"]


async def test_a_site_that_asks_to_wait_is_left_alone() -> None:
    busy = sends(b"", "Retry-After: 600", status="429 Too Many Requests")
    async with served({"/a": busy, "/b": page()}) as web:
        fetcher = web.fetcher()
        for path in ("/a", "/b"):
            with pytest.raises(NotFetched) as refusal:
                await fetcher.fetch(web.url(path))
            assert refusal.value.reason is Reason.BUSY
        assert web.asked == ["/robots.txt", "/a"]


async def test_a_page_is_fetched_once_for_all_who_ask_meanwhile() -> None:
    async with served({"/page": page()}) as web:
        fetcher = web.fetcher()
        first, second = await asyncio.gather(fetcher.fetch(web.url("/page#a")), fetcher.fetch(web.url("/page#b")))
        assert first is second
        assert web.asked.count("/page") == 1


async def test_the_demo_is_asked_instead_of_the_network() -> None:
    asked: list[str] = []

    def demo(url: str) -> tuple[int, Mapping[str, str], bytes] | None:
        asked.append(url)
        return (404, {}, b"") if url.endswith("robots.txt") else (200, {"content-type": "text/html"}, b"<p>Hello")

    fetcher = PageFetcher(
        site_url="https://parley.example", judge_robots=judge_in_process, pace=SitePace(between=60.0), demo=demo
    )
    for path in ("a", "b"):
        assert (await fetcher.fetch(f"https://page.example/{path}")).data == b"<p>Hello"
    assert "https://page.example/robots.txt" in asked
    assert (await fetcher.fetch("http://127.0.0.1:8000/docs/")).data == b"<p>Hello"
