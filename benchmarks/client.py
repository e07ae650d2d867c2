"""A person's side of Parley without a browser: asks through the form and watches answers."""

import asyncio
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from benchmarks import prose, wire

_STREAM = re.compile(rb'data-stream="([^"]+)"[^>]*? data-after="(\d+)"')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
_RAW = re.compile(rb"<template data-raw>(.*?)</template>", re.S)


class Asked(NamedTuple):
    """An answer that is being written: the address of its stream, and the number to go on from.

    `paragraph` is the first one of its text, `size` how many bytes came back to whoever asked.
    """

    stream: str
    after: int
    paragraph: int
    size: int

    @property
    def conversation(self) -> str:
        """The address of the conversation's page."""
        return self.stream.partition("answers/")[0]

    @property
    def id(self) -> str:
        """The answer's id."""
        return self.stream.split("/")[-2]


@dataclass
class Person:
    """Somebody who is signed in at the server (`host:port`)."""

    host: str
    cookies: dict[str, str]
    token: str = ""
    stays: bool = False

    async def open_front_page(self) -> None:
        """Read the form that every question is then asked with, which may say that it stays when it was sent."""
        connection = wire.Connection(self.host)
        page = await connection.fetch(self.request("GET", "/"))
        connection.close()
        found = _TOKEN.search(page.body)
        assert found, (page.status, page.body[:2000])
        self.token = found[1].decode()
        self.stays = b'name="stays"' in page.body

    def request(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> bytes:
        """The bytes of this person's request."""
        return wire.request(method, path, host=self.host, cookies=self.cookies, form=form, **headers)

    async def ask(
        self,
        connection: wire.Connection,
        wishes: str,
        *,
        paragraph: int = 0,
        model: str = "sonar",
        conversation: str = "/",
    ) -> Asked:
        """Ask as the page does, in a new conversation or in the one at that address. `wishes` as in `prose.Wishes`."""
        form = {"csrfmiddlewaretoken": self.token, "key": str(uuid.uuid4()), "model": model, "stays": ""}
        if self.stays:
            form["stays"] = ""
        form["text"] = f"Which lights still stand? [{wishes} paragraph={paragraph}]"
        page = await connection.fetch(self.request("POST", f"{conversation}ask/", form, HX_Request="true"))
        found = _STREAM.findall(page.body)
        assert found, (page.status, page.body[:2000])
        stream, after = found[-1]
        return Asked(stream.decode(), int(after), paragraph, len(page.body))


@dataclass
class Viewer:
    """Watches one answer and notes how old each word is when it comes."""

    base: int
    sent: list[int] = field(default_factory=list)  # nanoseconds since the start of the run
    ages: list[int] = field(default_factory=list)  # nanoseconds
    final: bytes = b""
    attached: asyncio.Event = field(default_factory=asyncio.Event)
    on_word: Callable[[int], None] | None = None
    _last: bytes = b""

    async def watch(self, person: Person, asked: Asked, connection: wire.Connection) -> None:
        """Follow the answer to its end, or for as long as the connection holds."""
        events = wire.Events(self.take)

        def feed(data: bytes, now: int) -> None:
            self.attached.set()
            events.feed(data, now)

        try:
            await connection.follow(person.request("GET", f"{asked.stream}?after={asked.after}"), feed)
        except wire.Gone:
            return
        finally:
            self.attached.set()
            connection.close()

    def take(self, event: wire.Event, now: int) -> None:
        """Note the words that are new in this event."""
        if event.name == b"final":
            self.final = event.data
        for word in prose.STAMP.findall(event.data):
            if word > self._last:
                self._last = word
                self.sent.append(int(word[1:]) * prose.STEP)
                self.ages.append(prose.age_of(word, now, self.base))
                if self.on_word:
                    self.on_word(now)

    def has_all(self, chunks: int, paragraph: int = 0) -> bool:
        """Whether the finished article came, with every word once and in order."""
        raw = raw_text(self.final)
        words = prose.STAMP.findall(raw)
        return (
            prose.without_times(raw) == prose.whole(chunks, paragraph)
            and words == sorted(set(words))
            and prose.STAMP.findall(self.final) == [*words, *words]  # as HTML, and as the text to copy
        )


def raw_text(article: bytes) -> bytes:
    """The text that the article offers for copying."""
    found = _RAW.search(article)
    return unescape(found[1].decode()).encode() if found else b""
