"""Asks through the product's own pages and reads what comes back, as a browser without a screen."""

import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx

from tests import open_ends, sse
from tests.serving import Server

PATIENCE = 40.0  # seconds until a test gives up on an answer
_TEMPLATE = re.compile(
    r'<template data-place="(\w+)" data-how="(\w+)"(?: data-at="([\d ]+)")?(?: data-state="(\w+)")?>(.*?)</template>',
    re.S,
)


@dataclass(frozen=True)
class Asked:
    """A question that was sent: where its conversation and its answer are."""

    conversation: str
    answer: str

    @property
    def page(self) -> str:
        """The conversation's address."""
        return f"/c/{self.conversation}/"

    @property
    def path(self) -> str:
        """The answer's address."""
        return f"/c/{self.conversation}/answers/{self.answer}/"

    @property
    def stream(self) -> str:
        """The address of the answer's stream."""
        return f"{self.path}stream"


def ask(
    client: httpx.Client, text: str, *, page: str = "/", model: str = "sonar", key: str = "", **options: str
) -> Asked:
    """Send a question with options, from the front page or in the conversation at `page`."""
    set_options = {f"o.{name}": value for name, value in options.items()}
    data = {"text": text, "model": model, "key": key or str(uuid.uuid4()), **set_options}
    response = client.post(f"{page}ask/", data=data)
    assert response.status_code == 302, (response.status_code, response.text[-2000:])
    found = re.fullmatch(r"(?:/\w+)?/c/([0-9a-f-]{36})/#answer-([0-9a-f-]{36})", response.headers["location"])
    assert found, response.headers["location"]
    return Asked(*found.groups())


@dataclass
class Article:
    """An answer's article as answer_stream.js keeps it: named places, changed by frames."""

    places: dict[str, str] = field(default_factory=dict)
    last_id: int = 0
    state: str = ""
    final: str = ""
    frames: int = 0
    gone: str = ""

    def take(self, message: sse.Message) -> None:
        """Apply one event of the stream."""
        if message.event == "connected":
            return
        self.frames += 1
        if message.event == "final":
            self.final = message.data
            found = re.search(r'data-state="(\w+)"', message.data)
            assert found
            self.state = found.group(1)
        elif message.event == "gone":
            self.gone = message.data
        else:
            assert message.event == "update", message
            self.last_id = int(message.id)
            for place, how, at, state, html in _TEMPLATE.findall(message.data):
                so_far = self.places.get(place, "")
                if at:
                    self.places[place] = open_ends.grown(so_far, how, at, html)
                else:
                    self.places[place] = so_far + html if how == "append" else html
                self.state = state or self.state

    @property
    def body(self) -> str:
        """The answer's text so far, as HTML."""
        return self.places.get("blocks", "") + self.places.get("tail", "")

    @property
    def words(self) -> str:
        """The answer's text so far, without markup."""
        return words(self.body)


def words(html: str) -> str:
    """The text in the HTML, with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def watch(
    client: httpx.Client, asked: Asked, *, article: Article | None = None, until: Callable[[Article], Any] | None = None
) -> Article:
    """Read the answer's stream from where the article is, to its end or until the condition holds."""
    article = article or Article()
    deadline = time.monotonic() + PATIENCE
    for message in sse.messages(client, asked.stream, after=article.last_id):
        article.take(message)
        assert time.monotonic() < deadline, "the answer does not come to an end"
        if until and until(article):
            return article
    return article


def stored(server: Server, asked: Asked) -> dict[str, Any]:
    """The answer as the database has it."""
    names = ["state", "text", "html", "reasoning", "cost", "cost_source", "error", "finish", "model"]
    answer_id = server.store.identifier(asked.answer)
    rows = server.rows(f"SELECT {', '.join(names)} FROM chat_answer WHERE id = ?", [answer_id])
    assert rows, "the answer is not in the database"
    return dict(zip(names, rows[0], strict=True))


def eventually(condition: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """What the condition returns once it is true. Fails when that takes longer than `within` seconds."""
    deadline = time.monotonic() + within
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)
    return result
