"""Chromium for the tests. A page that asks another host, breaks the content policy or throws fails its test."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.browser import library
from tests.browser.filling import fill
from tests.fronts import Front
from tests.server_pool import ServerPool
from tests.serving import Server
from tests.stores import Store

# The one that has no window at all opens a page in a third of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
)
HEIGHT = 900
END_TRANSITIONS = """() => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
}"""  # the administration's links take their time between the colours of two schemes
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember which tests failed, so that their pages are photographed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


class PageFor(Protocol):
    """Opens a page of one's own, signed in as somebody of the cast, or as nobody when the name is empty."""

    def __call__(
        self,
        name: str,
        *,
        server: Server | Front | None = None,
        width: int = 1280,
        touch: bool = False,
        scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        time_zone: str = "UTC",
        locale: str = "en-US",
    ) -> Page: ...


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all browser tests, so that only the first one waits for it."""
    expect.set_options(timeout=15_000)  # milliseconds; only what goes wrong waits for so long
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None),
            args=[*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        yield browser
        browser.close()


@pytest.fixture
def page_for(chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PageFor]:
    """`page_for("alice", width=360, scheme="dark")` opens a page of the test's server: `server`, else `quiet_server` if
    the test has to do with it, else `shared_server`.

    With `touch` it is that of a phone or a tablet. Each call is a browser of its own, with its own cookies. Addresses
    in `page.goto` may be relative.
    """
    contexts: list[BrowserContext] = []
    places: list[Server | Front] = []
    faults: list[str] = []

    def open_page(
        name: str,
        *,
        server: Server | Front | None = None,
        width: int = 1280,
        touch: bool = False,
        scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        time_zone: str = "UTC",
        locale: str = "en-US",
    ) -> Page:
        place = server or _server_of(request)
        if server is None:
            places.append(place)
        context = chromium.new_context(
            base_url=place.url,
            viewport={"width": width, "height": HEIGHT},
            has_touch=touch,
            is_mobile=touch,
            color_scheme=scheme,
            java_script_enabled=javascript,
            timezone_id=time_zone,
            locale=locale,
            reduced_motion="reduce",
            ignore_https_errors=isinstance(place, Front),  # its certificate is of our own making
        )
        contexts.append(context)
        if name:
            context.add_cookies([session_cookie(place, name)])
        context.set_default_timeout(15_000)
        _watch(context, faults)
        return context.new_page()

    yield open_page
    for number, context in enumerate(contexts):
        for page in context.pages if request.node.stash.get(FAILED, False) else ():
            page.screenshot(path=tmp_path / f"end-{number}.png")
        context.close()
    if _is_shared(request, places):
        # Who sees the next question is remembered, but not for the tests that come after this one.
        request.getfixturevalue("shared_server").rows("UPDATE accounts_membership SET visible_to = ''")
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="package")
def server_pool(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerPool]:
    """Servers that the tests of several files use one after another: which files those are, and in which order, is
    always the same here (tests/running_order.py)."""
    pool = ServerPool(template, tmp_path_factory.mktemp("servers"))
    yield pool
    pool.close()


@pytest.fixture(scope="package")
def quiet_server(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server for tests that look at the conversations in `library`, which stay at the head of the history."""
    server = Server(template.copy(tmp_path_factory.mktemp("quiet") / "data")).start()
    yield server
    server.close()


@pytest.fixture(scope="package")
def shelf(quiet_server: Server) -> dict[str, str]:
    """The addresses of the conversations in `library`: two by name, *tour* and *long*, the others by title.

    A test that asks for it has the pages of `quiet_server`.
    """
    talks = [library.TOUR, library.LONG, *library.NEIGHBOURS]
    addresses = [f"/c/{conversation}/" for conversation in fill(quiet_server.store, talks)]
    return dict(zip(["tour", "long", *(talk["title"] for talk in library.NEIGHBOURS)], addresses, strict=True))


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails when the accessibility check finds anything, in the light scheme or in the dark one.

    The schemes differ in colours alone, so in the other one only the contrast is looked at, without loading the page
    again.
    """

    def check(page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        violations = _violations(page, {})
        page.emulate_media(color_scheme="light" if is_dark else "dark")
        page.evaluate(END_TRANSITIONS)
        try:
            violations += _violations(page, {"runOnly": ["color-contrast"]})
        finally:
            page.emulate_media(color_scheme="dark" if is_dark else "light")
        assert not violations, AxeResults({"violations": violations}).generate_report()

    return check


def _violations(page: Page, options: dict[str, Any]) -> list[Any]:
    # What it finds in order is left in the page: to fetch half a megabyte takes longer than the check.
    run = "(options) => axe.run({...options, resultTypes: ['violations']}).then((found) => found.violations)"
    found: list[Any] = page.evaluate(run, options)
    return found


def session_cookie(place: Server | Front, name: str) -> Any:
    """The cookie of somebody who is signed in there."""
    cookies = place.cookies(name)
    session = next(cookie for cookie in cookies if cookie.endswith("sessionid"))
    return {"name": session, "value": cookies[session], "url": place.url, "secure": isinstance(place, Front)}


def _is_shared(request: pytest.FixtureRequest, places: list[Server | Front]) -> bool:
    """Whether a page was opened on the server that tests share."""
    return bool(places) and not {"server", "quiet_server"} & set(request.fixturenames)


def _server_of(request: pytest.FixtureRequest) -> Server:
    name = next((name for name in ("server", "quiet_server") if name in request.fixturenames), "shared_server")
    server: Server = request.getfixturevalue(name)
    return server


def _watch(context: BrowserContext, faults: list[str]) -> None:
    """Note what no page may do: ask another host, breach the content policy, throw, or open a dialog."""

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            faults.append(f"a request left for another host: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def opened(dialog: Dialog) -> None:
        faults.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    context.on("request", asked)
    context.on("console", said)
    context.on("dialog", opened)
    context.on("weberror", lambda error: faults.append(f"uncaught in the page: {error.error}"))
