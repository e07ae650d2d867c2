"""The rows that need a browser: the first visible word, the first page, and how busy the browser's main thread is."""

import os
import shutil
import statistics
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from tests.serving import Server

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 20_000  # milliseconds
WARMING_UP = 3
CHUNKS, RATE = 200, 20

# Notes when Ask was clicked and when the first of the answer's words was in the page and about to be painted.
WATCH_FOR_WORDS = """
addEventListener("click", (event) => {
  if (event.target.closest("button.ask")) { window.askedAt = performance.now(); window.wordAt = 0; }
}, true);
const words = () => [...document.querySelectorAll('article [data-place="blocks"], article [data-place="tail"]')]
  .some((place) => /t\\d{8}/.test(place.textContent));
new MutationObserver(() => {
  if (!window.askedAt || window.wordAt || !words()) return;
  window.wordAt = performance.now();
  document.documentElement.dataset.spoken = "";
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


class Chromium:
    """A browser for one row."""

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def context(self, server: Server, **device: Any) -> BrowserContext:
        """A fresh browser, with nothing cached, in which Alice is signed in; a wide window if no `device` is given."""
        device = device or {"viewport": {"width": 1280, "height": 900}}
        context = self._browser.new_context(base_url=server.url, **device)
        session = {"name": "sessionid", "value": server.cookies("alice")["sessionid"], "url": server.url}
        context.add_cookies([session])  # type: ignore[list-item]
        context.set_default_timeout(PATIENCE)
        return context


@dataclass
class Loads:
    """Several loads of one page with nothing cached: seconds, bytes over the wire, requests."""

    ready: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)


def load_times(chromium: Chromium, server: Server, path: str, *, runs: int) -> Loads:
    """Load the page several times, each time in a fresh browser; one more run before warms the server up."""
    loads = Loads()
    for run in range(runs + 1):
        context = chromium.context(server)
        page = context.new_page()
        session, sizes = context.new_cdp_session(page), list[int]()
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event, to=sizes: to.append(int(event["encodedDataLength"])))
        response = page.goto(path, wait_until="load")
        assert response is not None
        assert response.ok, f"{path} answered {response.status}"
        ready = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        page.wait_for_timeout(300)  # what comes after the load event counts as well
        if run:
            loads.ready.append(ready / 1000)
            loads.sizes.append(sum(sizes))
            loads.requests.append(len(sizes))
        context.close()
    return loads


def page(bench: Bench) -> Figures:
    """The first page that somebody who is signed in sees, with nothing cached."""
    with bench.serving() as server, Chromium() as chromium:
        loads = load_times(chromium, server, "/", runs=9)
    return {
        "page.size": statistics.median(loads.sizes) / 1000,
        "page.requests": statistics.median(loads.requests),
        "page.ready": statistics.median(loads.ready),
    }


def first(bench: Bench) -> Figures:
    """From the click on Ask to the first word, beyond what the upstream itself takes to send it."""
    found: Figures = {}
    with bench.serving() as server, Chromium() as chromium:
        page = chromium.context(server).new_page()
        page.add_init_script(WATCH_FOR_WORDS)
        for wait in (0, 300):
            took = [_first_word(page, wait / 1000) for _ in range(15 + WARMING_UP)][WARMING_UP:]
            found[f"word.{wait}"] = statistics.median(took) - wait
    return found


def _first_word(page: Page, wait: float) -> float:
    """Milliseconds from the click to the first word."""
    page.goto("/")
    ask(page, f"chunks=5 rate=20 wait={wait}")
    page.locator("html[data-spoken]").wait_for()
    took: float = page.evaluate("window.wordAt - window.askedAt")
    page.locator("article[data-state=finished]").wait_for()
    return took


def ask(page: Page, wishes: str) -> None:
    """Ask, with these wishes for the upstream (`benchmarks.upstream.Wishes`)."""
    page.get_by_role("textbox", name="Question").fill(f"Which lights still stand? [{wishes}]")
    page.get_by_role("button", name="Ask", exact=True).click()


def thread(bench: Bench) -> Figures:
    """How long the browser's main thread works for one chunk."""
    with bench.serving() as server, Chromium() as chromium:
        context = chromium.context(server)
        page = context.new_page()
        page.add_init_script(WATCH_FOR_WORDS)
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})  # time at work, not time that passes
        costs = []
        for _ in range(2):
            page.goto("/")
            ask(page, f"chunks={CHUNKS} rate={RATE}")
            page.locator("html[data-spoken]").wait_for()
            before = _busy(session.send("Performance.getMetrics"))
            page.wait_for_timeout(CHUNKS / RATE * 900)
            after = _busy(session.send("Performance.getMetrics"))
            costs.append((after - before) * 1000 / (CHUNKS * 0.9))
            page.locator("article[data-state=finished]").wait_for()
    return {"thread": statistics.mean(costs)}


def _busy(metrics: dict[str, Any]) -> float:
    """Seconds that the main thread has worked."""
    return next(float(metric["value"]) for metric in metrics["metrics"] if metric["name"] == "TaskDuration")
