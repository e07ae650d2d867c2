"""Viewers who leave and come back: at any number of the log, by a reload, and after the server was killed."""

import asyncio
import copy
import random
import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

from benchmarks import processes, prose, wire
from benchmarks.client import Asked, Person
from benchmarks.load import Spec, ask_all, open_gate, people
from tests.questions import Article
from tests.sse import Message

_HIDDEN = re.compile(r'<input type="hidden"[^>]*>')
_TEXT = {"blocks", "tail"}
AT_ONCE = 6
ANSWERS = 10
KILLED_ANSWERS = 20
RELOADS = 100
MOST_NUMBERS = 1_200


class Reader:
    """One viewer's article, and what it looked like after each event."""

    def __init__(self, person: Person, asked: Asked, *, article: Article | None = None) -> None:
        self.article = article or Article()
        self.seen: dict[int, Article] = {}
        self.changed = asyncio.Event()
        self._person = person
        self._asked = asked
        self._connection = wire.Connection(person.host)

    async def watch(self, *, keep: bool = False) -> int:
        """Read from where the article is until the connection ends. Returns the status, 0 when nobody was there."""

        def take(event: wire.Event, _now: int) -> None:
            number = str(event.id) if event.id >= 0 else str(self.article.last_id)
            self.article.take(Message(number, event.name.decode(), event.data.decode()))
            if keep and not self.article.final:
                self.seen[self.article.last_id] = copy.deepcopy(self.article)
            if event.name != b"connected":  # which brings nothing
                self.changed.set()

        request = self._person.request("GET", self._asked.stream, Last_Event_ID=str(self.article.last_id))
        try:
            return await self._connection.follow(request, wire.Events(take).feed)
        except (wire.Gone, OSError):
            return 0
        finally:
            self._connection.close()

    async def until(self, words: int) -> None:
        """Wait until the text has so many words with a time."""
        while len(self.words) < words:
            self.changed.clear()
            await self.changed.wait()

    def leave(self) -> None:
        """Hang up."""
        self._connection.close()

    @property
    def words(self) -> list[str]:
        """The times of all chunks in the text so far."""
        return [word.decode() for word in prose.STAMP.findall(self.article.body.encode())]


def same(one: Article, other: Article) -> bool:
    """Whether two viewers see the same: the text byte for byte, the rest but for what forms hide."""
    return plain(one) == plain(other)


def plain(article: Article) -> dict[str, str]:
    """The places that hold something, and the finished article."""
    told = {place: html if place in _TEXT else _without_forms(html) for place, html in article.places.items()}
    return {place: html for place, html in told.items() if html} | {"final": _without_forms(article.final)}


def _without_forms(html: str) -> str:
    """Without hidden fields, whose keys are good for one time, and with single blanks."""
    return " ".join(_HIDDEN.sub(" ", html).split())


async def cuts(spec: Spec) -> dict[str, Any]:
    """Come back at numbers that somebody who never left was given, and by reloading the page meanwhile."""
    everybody = await people(spec)
    alice = everybody["alice"]
    asked = await ask_all(alice, f"chunks={spec['chunks']} rate={spec['rate']} hold=cuts", ANSWERS, spec)
    stayed = [Reader(alice, one) for one in asked]
    watching = [asyncio.create_task(reader.watch(keep=True)) for reader in stayed]
    reloading = [asyncio.create_task(_reload(alice, one, spec)) for one in asked for _ in range(RELOADS // ANSWERS)]
    async with asyncio.timeout(spec["chunks"] / spec["rate"] + 30):
        for reader in stayed:
            await reader.until(spec["chunks"])
    doors = asyncio.Semaphore(AT_ONCE)
    numbers = [
        (one, reader, at) for one, reader in zip(asked, stayed, strict=True) for at in [0, *sorted(reader.seen)[:-1]]
    ]
    chosen = random.sample(numbers, min(len(numbers), MOST_NUMBERS))
    jobs = [_come_back(alice, one, reader, at, doors) for one, reader, at in chosen]
    resumed = await asyncio.gather(*jobs)
    await open_gate(spec, "cuts")
    async with asyncio.timeout(30):
        await asyncio.gather(*watching)
        reloaded = await asyncio.gather(*reloading)
    per_answer = RELOADS // ANSWERS
    again = [same(reader.article, stayed[number // per_answer].article) for number, reader in enumerate(reloaded)]
    once = [reader.words == sorted(set(reader.words)) and len(reader.words) == spec["chunks"] for reader in stayed]
    late = await asyncio.gather(
        *(
            _come_back(alice, one, reader, at, doors, to_end=True)
            for one, reader in zip(asked, stayed, strict=True)
            for at in random.sample(sorted(reader.seen), 10)
        )
    )
    return {
        "cuts": len(resumed),
        "cuts_equal": sum(resumed),
        "reloads": len(again),
        "reloads_equal": sum(again),
        "late": len(late),
        "late_equal": sum(late),
        "once": all(once),
    }


async def _come_back(
    person: Person, asked: Asked, stayed: Reader, at: int, doors: asyncio.Semaphore, *, to_end: bool = False
) -> bool:
    """Whether somebody who left at that number sees, one event later, what the one who stayed sees."""
    async with doors:
        reader = Reader(person, asked, article=copy.deepcopy(stayed.seen.get(at, Article())))
        watching = asyncio.create_task(reader.watch())
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await reader.changed.wait()
                if to_end:
                    await watching
        reader.leave()
        await watching
        if to_end:
            return bool(reader.article.final) and same(
                Article(final=reader.article.final), Article(final=stayed.article.final)
            )
        return same(reader.article, stayed.article)


async def _reload(person: Person, asked: Asked, spec: Spec) -> Reader:
    """Load the page at some moment while the answer is written, and follow from there to the end."""
    await asyncio.sleep(random.uniform(0.2, spec["chunks"] / spec["rate"] - 0.5))
    connection = wire.Connection(person.host)
    page = await connection.fetch(person.request("GET", asked.conversation))
    connection.close()
    reader = Reader(person, asked, article=article_in(page.body.decode(), asked.id))
    await reader.watch()
    return reader


async def killed(spec: Spec) -> dict[str, Any]:
    """Watch while the server dies, come back until it is there again, and follow to the end."""
    everybody = await people(spec)
    wishes = f"chunks={spec['chunks']} rate={spec['rate']}"
    asked = await ask_all(everybody["alice"], wishes, KILLED_ANSWERS, spec)
    readers = [Reader(everybody[name], one) for one in asked for name in spec["watchers"]]
    before = [asyncio.create_task(reader.watch()) for reader in readers]
    await asyncio.sleep(spec["spread"])
    print("kill", flush=True)
    await asyncio.gather(*before)
    words = [reader.words for reader in readers]

    async def return_until_the_end(reader: Reader) -> int:
        async with asyncio.timeout(60):
            while not reader.article.final:
                await asyncio.sleep(0.1)
                await reader.watch()
        return processes.now(spec["base"])

    ended = await asyncio.gather(*(return_until_the_end(reader) for reader in readers))
    return {
        "ended_at": max(ended),
        "viewers": [
            {"answer": answer.id, "words": had, "final": reader.article.final}
            for answer, reader, had in zip(
                [one for one in asked for _ in spec["watchers"]], readers, words, strict=True
            )
        ],
    }


class _Places(HTMLParser):
    """Cuts the named places of one answer's article out of a page, byte for byte."""

    def __init__(self, page: str, answer_id: str) -> None:
        super().__init__(convert_charrefs=False)
        self.places: dict[str, str] = {}
        self.after = 0
        self._page = page
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._id = f"answer-{answer_id}"
        self._inside = False
        self._open: tuple[str, int, int] | None = None
        self._depth = 0
        self.feed(page)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "article" and said.get("id") == self._id:
            self._inside, self.after = True, int(said.get("data-after") or 0)
        if tag != "div" or not self._inside:
            return
        self._depth += 1
        if self._open is None and said.get("data-place"):
            self._open = (str(said["data-place"]), self._depth, self._at() + len(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._inside = False
        if tag != "div" or not self._inside:
            return
        if self._open and self._open[1] == self._depth:
            self.places[self._open[0]] = self._page[self._open[2] : self._at()]
            self._open = None
        self._depth -= 1


def article_in(page: str, answer_id: str) -> Article:
    """The answer's article as the page shows it."""
    found = _Places(page, answer_id)
    return Article(places=found.places, last_id=found.after)
