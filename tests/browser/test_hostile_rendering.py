"""What a browser does with hostile answers when nothing but the renderer stands between them and it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Dialog

from chat.rendering import Growing, to_html
from tests.chat.rendering.hostile import EVERY_PAYLOAD, RUN

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Answers</title><link rel="icon" href="data:,">
<body><main id="answers">{answers}</main></body></html>"""

PARSE_AGAIN = """() => {
  for (const answer of [...document.querySelectorAll("#answers > section")]) {
    const copy = document.createElement("section");
    copy.innerHTML = answer.innerHTML;
    answer.after(copy);
  }
}"""

TOUCH_EVERYTHING = """() => {
  const names = ["mouseover", "mouseenter", "pointerdown", "focus", "focusin", "load", "error", "toggle", "submit",
                 "beforetoggle", "animationstart", "transitionend", "begin", "input", "wheel", "copy", "start"];
  for (const element of document.querySelectorAll("#answers *"))
    for (const name of names) element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
}"""

FOUND = """() => ({
  ran: window.__ran ?? null,
  sections: document.querySelectorAll("#answers > section").length,
  active: [...document.querySelectorAll("#answers *")].map((element) => element.localName).filter((name) =>
    /^(script|style|iframe|object|embed|form|base|meta|link|svg|img|video|audio|template|button|textarea)$/.test(name)),
  named: document.querySelectorAll("#answers [id], #answers [name], #answers [style]").length,
  outside: document.querySelectorAll("body > :not(main)").length,
  schemes: [...new Set([...document.querySelectorAll("#answers a[href]")].map((link) => link.protocol))].sort(),
})"""


class Source(NamedTuple):
    """A source whose words are hostile too."""

    title: str
    url: str
    number: int = 0


def answers() -> Iterator[str]:
    for payload in EVERY_PAYLOAD:
        sources = [Source(payload, "https://ok.example/"), Source("", payload)]
        yield to_html(f"One [1] and two [2].\n\n{payload}\n\n- [x] {payload}\n", sources=sources, anchor="a")
        growing = Growing(sources=sources, anchor="a")
        growing.extend(payload[: len(payload) // 2])
        early = growing.tail_html()
        growing.extend(payload[len(payload) // 2 :])
        yield early + "".join(block.html for block in growing.blocks) + growing.tail_html()


@pytest.fixture
def asked() -> list[str]:
    """The paths that the little server was asked for."""
    return []


@pytest.fixture
def address(asked: list[str]) -> Iterator[str]:
    """A server without a content policy, whose one page holds all the answers."""
    page = PAGE.format(answers="".join(f"<section>{answer}</section>\n" for answer in answers())).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_runs_nothing_loads_and_nothing_asks(chromium: Browser, address: str, asked: list[str]) -> None:
    page = chromium.new_page()
    heard: list[str] = []
    requests: list[str] = []

    def refuse(dialog: Dialog) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("popup", lambda popup: heard.append(popup.url))
    page.on("dialog", refuse)

    page.goto(address)
    page.evaluate(PARSE_AGAIN)
    page.evaluate(TOUCH_EVERYTHING)
    page.wait_for_timeout(500)
    found = page.evaluate(FOUND)
    page.close()

    assert found == {
        "ran": None,
        "sections": 4 * len(EVERY_PAYLOAD),
        "active": [],
        "named": 0,
        "outside": 0,
        "schemes": ["http:", "https:", "mailto:"],
    }
    assert heard == []
    assert requests == [address]
    assert asked == ["/"]


def test_the_same_page_notices_when_something_does_run(chromium: Browser) -> None:
    page = chromium.new_page()

    page.set_content(f'<main id="answers"><section><img src="data:," onerror="{RUN}"></section></main>')
    page.wait_for_function("() => window.__ran === 1")
    found = page.evaluate(FOUND)
    page.close()

    assert found["ran"] == 1
    assert found["active"] == ["img"]
