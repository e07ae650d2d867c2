"""The rows about images: from the gateway's answer to the page, long lists of images, and thumbnails."""

import json
import re
import statistics
import subprocess
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx

from benchmarks.bench import Bench
from benchmarks.browsing import Chromium, load_times
from benchmarks.gateway import NotingGateway
from benchmarks.rounds import Figures
from tests.imaging.generation.draw_requests import draw, stored
from tests.imaging.review.pending_images import grant
from tests.serving import Server
from tests.stores import ROOT, operator_less

IMAGES = 10_000
DRAWN = 8  # images for a figure over HTTP
WATCHED = 6  # images for a figure in the browser
LOOKS_EVERY = 2.0  # seconds between two looks of a tile that waits (templates/imaging/gallery/_tile.html)
PATIENCE = 30.0  # seconds

# Notes when the picture of a new tile had been loaded and decoded.
_WATCH_FOR_PICTURES = """
document.addEventListener("load", (event) => {
  if (!event.target.matches?.("#tiles img")) return;
  event.target.decode().then(() => {
    window.seenAt = Date.now();
    document.documentElement.dataset.seen = document.querySelectorAll("#tiles img").length;
  });
}, true);
"""


def drawing(bench: Bench) -> Figures:
    """From the gateway's response to the picture: over HTTP, and in a page that looks by itself."""
    with NotingGateway() as gateway, bench.serving(env={"GATEWAY_BASE_URL": gateway.url}) as server:
        client = server.client("alice")
        served = [_served(server, client, gateway, number) for number in range(DRAWN + 1)][1:]
        with Chromium() as chromium:
            shown = _shown(chromium, server, gateway)
    whole, own = zip(*served, strict=True)
    return {
        "image.served": statistics.median(whole) * 1000,
        "image.own": statistics.median(own) * 1000,
        "image.shown": statistics.median(shown),
    }


def _served(server: Server, client: httpx.Client, gateway: NotingGateway, number: int) -> tuple[float, float]:
    """Seconds from the response, and from the picture's bytes, until a reader's program has tile and thumbnail.

    It asks for the tile over and over, with 10 ms in between: that much the figure may be too high.
    """
    prompt = f"A red lighthouse and a boat, number {number} #demo:delay=300"
    draw(client, prompt)
    path, deadline = f"/images/{stored(server, prompt)[0]['id']}", time.monotonic() + PATIENCE
    while 'data-state="pending"' not in client.get(f"{path}/tile/").raise_for_status().text:
        assert time.monotonic() < deadline, "no image arrived"
        time.sleep(0.01)
    assert client.get(f"{path}/thumbnail/").raise_for_status().content
    there = time.time()
    return there - gateway.responded_at, there - gateway.handed_out_at


def _shown(chromium: Chromium, server: Server, gateway: NotingGateway) -> list[float]:
    """Seconds from the response until the browser has the picture decoded. The gateway's delays differ, so that its
    responses fall anywhere between two looks."""
    took = []
    page = chromium.context(server).new_page()
    page.add_init_script(_WATCH_FOR_PICTURES)
    page.goto("/images/?state=rejected")  # the tiles of the images before are none of its business
    for number in range(WATCHED):
        delay = round(500 + number * LOOKS_EVERY * 1000 / WATCHED)
        page.get_by_role("textbox", name="Prompt", exact=True).fill(
            f"A blue house, number {number} #demo:delay={delay}"
        )
        page.get_by_role("button", name="Draw", exact=True).click()
        page.locator(f"html[data-seen='{number + 1}']").wait_for()
        took.append(page.evaluate("window.seenAt") / 1000 - gateway.responded_at)
    return took


def gallery(bench: Bench) -> Figures:
    """The Images page of a team that has ten thousand of them, all published."""
    with bench.serving() as server:
        middle = _filled(server, "approved")
        client = server.client("alice")
        head, kilobytes = _asked(client, "/images/")
        deep, _ = _asked(client, f"/images/?before={middle}")
        found, _ = _asked(client, "/images/?q=number+4321")
        with Chromium() as chromium:
            ready = statistics.median(load_times(chromium, server, "/images/", runs=3).ready)
    return {
        "images.server": head,
        "images.size": kilobytes,
        "images.ready": ready,
        "images.deep": deep,
        "images.found": found,
    }


def review(bench: Bench) -> Figures:
    """The pages of a reviewer for whom ten thousand images wait."""
    with bench.serving() as server:
        _filled(server, "pending")
        grant(server.store, "vera")
        client = server.client("vera")
        queue, queue_size = _asked(client, "/admin/imaging/review/")
        grid, grid_size = _asked(client, "/admin/imaging/review-many/")
        last, _ = _asked(client, "/admin/imaging/review-many/?page=200")
        decided = statistics.median([_decide(client) for _ in range(12)][2:]) * 1000
    return {
        "review.queue": queue,
        "review.queue_size": queue_size,
        "review.grid": grid,
        "review.grid_size": grid_size,
        "review.last": last,
        "review.decided": decided,
    }


def _decide(client: httpx.Client) -> float:
    """Approve what the queue shows, and go where that leads; returns how many seconds that took."""
    page = client.get("/admin/imaging/review/").raise_for_status().text
    seen = re.search(r'type="hidden"\s+name="seen"\s+value="([^"]+)"', page)
    assert seen, "the queue shows nothing to decide about"
    began = time.perf_counter()
    answer = client.post("/admin/imaging/review/approve/", data={"seen": unescape(seen[1])})
    assert answer.status_code == 302, answer.status_code
    assert client.get(answer.headers["Location"]).status_code == 200
    return time.perf_counter() - began


def judging(bench: Bench) -> Figures:
    """How many pictures one thread judges and makes thumbnails of, and how much memory the largest one takes."""
    store = bench.template
    done = subprocess.run(
        [store.python, "-P", str(ROOT / "benchmarks" / "judging.py")],
        cwd=bench.tree,
        env={**operator_less(), **store.environment(), "PYTHONPATH": str(bench.tree)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def _filled(server: Server, state: str) -> str:
    """Put ten thousand images into the server's store; returns the place in the middle of them."""
    done = subprocess.run(
        [server.store.python, "-m", "benchmarks.filling_images", str(IMAGES), state],
        cwd=server.store.tree,
        env={**operator_less(), **server.store.environment()},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout))


def _asked(client: httpx.Client, path: str) -> tuple[float, float]:
    """Milliseconds until the page is there, and kilobytes of its HTML before compression."""
    sizes = []

    def ask() -> None:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        assert b"/thumbnail/" in response.content, f"{path} shows no image"
        sizes.append(len(response.content))

    return _median_ms(ask), sizes[-1] / 1000


def _median_ms(work: Callable[[], Any]) -> float:
    """The median of fifteen times, after four to warm up."""
    took = []
    for _ in range(19):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took[4:]) * 1000
