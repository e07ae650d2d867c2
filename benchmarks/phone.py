"""A phone: how soon pages are there on a slow one, how much they move, and how long it is busy while words come."""

import statistics
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import CDPSession, Page

from benchmarks.bench import Bench
from benchmarks.browsing import CHUNKS, RATE, WATCH_FOR_WORDS, Chromium, ask
from benchmarks.rounds import Figures
from tests.serving import Server

# What Lighthouse takes for a phone in the middle of the range, on a slow 4G line.
SLOWER = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
SCREEN = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True, "has_touch": True}
RUNS = 5
QUESTIONS = 24
SETTLED = 1_500  # milliseconds after the load event

_WATCH = """
window.seen = { largest: 0, blocked: 0, longest: 0, moved: 0 };
const watch = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
watch("largest-contentful-paint", (entry) => { seen.largest = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.moved += entry.value; });
watch("longtask", (entry) => {
  seen.blocked += entry.duration - 50;
  seen.longest = Math.max(seen.longest, entry.duration);
});
"""
_TOLD = "({ ...seen, first: performance.getEntriesByName('first-contentful-paint')[0].startTime })"


def phone(bench: Bench) -> Figures:
    """The first page, a conversation of 24 questions, and an answer being written, on a phone."""
    found: Figures = {}
    with bench.serving(fill=QUESTIONS) as server, Chromium() as chromium:
        conversation = server.rows("SELECT id FROM chat_conversation")[0][0]
        for name, path in (("home", "/"), ("talk", f"/c/{uuid.UUID(str(conversation))}/")):
            loads = [_load(chromium, server, path) for _ in range(RUNS + 1)][1:]
            for figure in ("first", "largest", "blocked", "moved"):
                found[f"phone.{name}.{figure}"] = statistics.median(load[figure] for load in loads)
        found["phone.longest"] = _longest_task(chromium, server)
    return found


@contextmanager
def _page(chromium: Chromium, server: Server) -> Iterator[tuple[Page, CDPSession]]:
    """A page of a fresh phone, on which what happens is watched."""
    context = chromium.context(server, **SCREEN)
    page = context.new_page()
    page.add_init_script(_WATCH)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page, session
    context.close()


def _load(chromium: Chromium, server: Server, path: str) -> dict[str, float]:
    """Milliseconds until the first and the largest paint, and of long tasks beyond 50 ms each; how far things moved."""
    with _page(chromium, server) as (page, session):
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
        page.goto(path, wait_until="load")
        page.wait_for_timeout(SETTLED)
        told: dict[str, float] = page.evaluate(_TOLD)
    return told


def _longest_task(chromium: Chromium, server: Server) -> float:
    """Milliseconds of the longest task while an answer is written; none beyond 50 ms counts as 0."""
    with _page(chromium, server) as (page, _session):
        page.add_init_script(WATCH_FOR_WORDS)
        page.goto("/")
        ask(page, f"chunks={CHUNKS} rate={RATE}")
        page.locator("html[data-spoken]").wait_for()
        page.evaluate("seen.longest = 0")
        page.wait_for_timeout(CHUNKS / RATE * 900)
        longest: Any = page.evaluate("seen.longest")
        page.locator("article[data-state=finished]").wait_for()
    return float(longest)
