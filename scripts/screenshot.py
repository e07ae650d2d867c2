"""Takes the README's picture from the running product: `.venv/bin/python -m scripts.screenshot`."""

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.questions import ask, watch
from tests.serving import Server
from tests.stores import Store

PICTURE = Path("docs/screenshot.png")
COLOURS = 128  # in the picture; more would not be seen
NAMES = {"alice": "Alice Moreau", "bob": "Bob Lindqvist", "vera": "Vera Okafor"}
QUESTIONS = [
    # asked by, hours ago, question
    ("bob", 190, "How do I read a JSON file?"),
    ("alice", 120, "What does a finally clause guarantee?"),
    ("bob", 75, "How are default parameter values evaluated?"),
    ("alice", 52, "What is the difference between == and is?"),
    ("bob", 27, "How do generators work?"),
    ("alice", 25, "When is a class variable shared?"),
    ("bob", 2, "How do I debug a program with pdb?"),
    ("alice", 0, "How does Python's with statement work?"),
]


def main() -> None:
    """Fill a team's history, open its newest conversation and take the picture."""
    folder = Path(tempfile.mkdtemp())
    server = Server(Store.template(folder / "data")).start()
    try:
        for username, name in NAMES.items():
            server.rows("UPDATE accounts_user SET full_name = ? WHERE username = ?", [name, username])
        for username, hours, question in QUESTIONS:
            client = server.client(username)
            asked = ask(client, question)
            watch(client, asked)
            moment = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S+00:00")
            identifier = server.store.identifier(asked.conversation)
            if hours:
                server.rows("UPDATE chat_conversation SET last_asked_at = ? WHERE id = ?", [moment, identifier])
        take(server, asked.page)
    finally:
        server.close()
        shutil.rmtree(folder)


def take(server: Server, page: str) -> None:
    """The picture of this page, as Alice sees it."""
    cookies = [{"name": name, "value": value, "url": server.url} for name, value in server.cookies("alice").items()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
        context.add_cookies(cookies)  # type: ignore[arg-type]
        tab = context.new_page()
        tab.goto(server.url + page)
        tab.evaluate("window.scrollTo(0, 0)")
        tab.get_by_role("textbox", name="Question").evaluate("field => field.blur()")
        tab.wait_for_timeout(500)
        PICTURE.parent.mkdir(exist_ok=True)
        tab.screenshot(path=PICTURE)
        browser.close()
    Image.open(PICTURE).convert("RGB").quantize(COLOURS).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
