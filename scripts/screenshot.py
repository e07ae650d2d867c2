"""Takes the picture in the README from the product itself: `.venv/bin/python -m scripts.screenshot`.

A team with a history of some days, and one question that is really asked and answered, by the demo, before the camera.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import NAMES, QUIET
from tests.browser.filling import Talk, fill
from tests.browser.steps import ask, wait_for
from tests.questions import ask as ask_quietly
from tests.serving import Server
from tests.stores import ROOT, Store

PICTURE = ROOT / "docs" / "screenshot.png"
WIDTH, HEIGHT = 1440, 900
LARGEST = 250_000  # bytes
QUESTION = "How does the for statement work?"
WRITTEN = "Winter berth occupancy"
PEOPLE = {"alice": "Alice Moreau", "bob": "Bob Tanaka", "vera": "Vera Okafor"}
HISTORY: tuple[tuple[str, str, float, dict[str, Any]], ...] = (
    ("vera", "Ports with open tide data", 2, {}),
    ("alice", "Offshore wind permits", 3.5, {"pinned": True}),
    ("bob", "SQLite or PostgreSQL?", 5, {}),
    ("vera", "New packaging rules", 26, {}),
    ("bob", "asyncio or threads?", 28, {}),
    ("alice", "My talk in Rotterdam", 31, {"visibility": "private"}),
    ("alice", "Pilotage fees compared", 55, {}),
    ("bob", "How others price storage", 76, {}),
    ("vera", "Ammonia as ship fuel", 100, {"pinned": True}),
    ("alice", "Lookahead by example", 128, {}),
    ("bob", "Hiring a data engineer", 24 * 12, {}),
    ("vera", "Lighthouses since 1960", 24 * 16, {}),
)


def main() -> None:
    """Set the scene, ask, photograph."""
    folder = Path(tempfile.mkdtemp(prefix="parley-picture-"))
    server = Server(
        Store.template(folder / "data"), env={"DEMO_SONAR": "ended", "DEFAULT_MODEL": ""}
    )  # as a newcomer has it
    try:
        furnish(server.store)
        server.start()
        photograph(server)
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)
    make_small()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size:,} bytes")


def furnish(store: Store) -> None:
    """Give people names and a history."""
    store.rows("UPDATE accounts_membership SET role = 'member' WHERE role = 'viewer'")
    for username, name in PEOPLE.items():
        store.rows("UPDATE accounts_user SET full_name = ? WHERE username = ?", [name, username])
    talks: list[Talk] = [
        {
            "owner": owner,
            "title": title,
            "hours_ago": hours,
            "fields": fields,
            "exchanges": [{"question": title, "answers": [{"text": "It was answered some time ago."}]}],
        }
        for owner, title, hours, fields in HISTORY
    ]
    fill(store, talks)


def photograph(server: Server) -> None:
    """Let Bob have an answer written, ask as Alice, and take the picture of her page."""
    asked = ask_quietly(server.client("bob"), f"{WRITTEN} #demo:lines=900 #demo:slow=90", model="agent:fast")
    server.client("bob").post(f"/c/{asked.conversation}/rename/", data={"title": WRITTEN})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None),
            args=[*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        context = browser.new_context(
            base_url=server.url, viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
        )
        session = server.cookies("alice")["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        page = context.new_page()
        page.goto("/")
        ask(page, QUESTION)
        pose(page)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()


def pose(page: Page) -> None:
    """Wait for the whole answer and show its beginning."""
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    wait_for(page.get_by_role("article", name="Answer"), "finished")
    page.goto(page.url)
    expect(page.get_by_role("navigation", name="Conversations").locator("[aria-current=page]")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.locator(".prose a", has_text="[1]").first.hover()
    expect(page.locator(".citation-card")).to_be_visible()
    page.wait_for_timeout(300)


def make_small() -> None:
    """Store the same picture in fewer bytes."""
    with Image.open(PICTURE) as picture:
        picture.convert("RGB").save(PICTURE, optimize=True)
    if PICTURE.stat().st_size > LARGEST:
        sys.exit(f"{PICTURE} is larger than {LARGEST} bytes.")


if __name__ == "__main__":
    main()
