"""The people of the storm: each does one thing over and over, and tries again where the answer is not what it wants."""

import asyncio
import random
import re
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from html import unescape
from itertools import count

import httpx

from tests import sse
from tests.cast import PASSWORD
from tests.questions import Article, words
from tests.serving import CLIENT, CSRF
from tests.storm.diary import Diary, Question

_WORD = re.compile(r"w(\d+)x(\d{4})")
_LOCATION = re.compile(r"/c/([0-9a-f-]{36})/#answer-([0-9a-f-]{36})")
_SEEN = re.compile(r'name="seen" value="([^"]+)"')
TRIES_AGAIN_AFTER = (0.3, 1.5)  # seconds
LONGEST_NOTE = 9_000  # times a dozen bytes
MEANT = {*range(200, 400), 429, 502, 503, 504}  # 502 and 504 come from nginx, where a server is down
TIMEOUT = httpx.Timeout(30.0)


class People:
    """Everybody who is at Parley, at `url`. `sessions` are the session keys by name."""

    def __init__(self, url: str, sessions: dict[str, str], diary: Diary, chance: random.Random) -> None:
        self._url = url
        self._sessions = sessions
        self._diary = diary
        self._chance = chance
        self._numbers = count(1)
        self._leaving = asyncio.Event()

    def crowd(self) -> list[Callable[[], Awaitable[None]]]:
        """What each of them does, once; the storm has them do it over and over."""
        askers = [(name, hurried) for name in ("alice", "bob", "charlie") for hurried in (False, True)]
        return [
            *(partial(self._ask, name, hurried=hurried) for name, hurried in askers),
            partial(self._ask, "bob", with_file=True),
            partial(self._draw, "bob"),
            partial(self._review, "alice"),
            partial(self._sign_in, "charlie"),
            partial(self._look_around, "vera"),
        ]

    def leave(self) -> None:
        """Nobody begins anything new; who waits for an answer goes on waiting."""
        self._leaving.set()

    async def stay(self, what: Callable[[], Awaitable[None]]) -> None:
        """Do it until everybody leaves."""
        while not self._leaving.is_set():
            await what()
            await asyncio.sleep(self._chance.uniform(0.05, 0.4))

    def _client(self, name: str | None) -> httpx.AsyncClient:
        cookies = {"csrftoken": CSRF, **({"sessionid": self._sessions[name]} if name else {})}
        return httpx.AsyncClient(
            base_url=self._url, cookies=cookies, headers={"X-CSRFToken": CSRF}, timeout=TIMEOUT, **CLIENT
        )

    async def _insist(
        self, what: str, send: Callable[[], Awaitable[httpx.Response]], *good: int
    ) -> httpx.Response | None:
        """Send until one of the good answers comes, as the page and the person do. None where everybody has left."""
        while True:
            try:
                response = await send()
            except httpx.TransportError as error:
                self._diary.refused[f"{what}: {type(error).__name__}"] += 1
            else:
                if response.status_code in good:
                    self._diary.done[what] += 1
                    return response
                self._diary.refused[f"{what}: {response.status_code}"] += 1
                said = words(response.text)[-300:]
                if response.status_code not in MEANT and "couldn’t be saved. Try again" not in said:
                    self._diary.complaints.append(f"{what} was answered with {response.status_code}: {said}")
            if self._leaving.is_set():
                return None
            await asyncio.sleep(self._chance.uniform(*TRIES_AGAIN_AFTER))

    async def _ask(self, name: str, *, hurried: bool = False, with_file: bool = False) -> None:
        question = Question(number=next(self._numbers), person=name, key=str(uuid.uuid4()))
        self._diary.questions[question.number] = question
        async with self._client(name) as client:
            form = {"text": f"This is question {question.number} of the storm.", "model": "sonar", "key": question.key}
            if with_file:
                attachment = await self._upload(client, name, question.number)
                if not attachment:
                    return
                form["attachment"] = attachment
            response = await self._insist("ask", lambda: client.post("/ask/", data=form), 302)
            if response is None:
                return
            found = _LOCATION.fullmatch(response.headers["location"])
            assert found, response.headers["location"]
            question.page, question.answer = f"/c/{found[1]}/", found[2]
            watching = [asyncio.create_task(self._watch(client, question))]
            if name in {"alice", "bob"} and self._chance.random() < 0.5:
                watching.append(asyncio.create_task(self._watch_along(question)))
            if hurried and self._chance.random() < 0.3:
                await asyncio.sleep(self._chance.uniform(0.2, 2.5))
                stop = f"{question.page}answers/{question.answer}/stop/"
                question.stop_acknowledged = bool(await self._insist("stop", lambda: client.post(stop), 302))
            await asyncio.gather(*watching)

    async def _watch_along(self, question: Question) -> None:
        async with self._client("vera") as client:
            await self._watch(client, question)

    async def _watch(self, client: httpx.AsyncClient, question: Question) -> None:
        """Follow the answer to its end over as many connections as it takes, and note the last word seen."""
        article = Article()
        path = f"{question.page}answers/{question.answer}/stream"
        while not article.final:
            try:
                headers = {"Accept": "text/event-stream", "Last-Event-ID": str(article.last_id)}
                async with client.stream("GET", path, headers=headers) as response:
                    if response.status_code == 200:
                        await self._read(response, article, question)
                        self._diary.done["streams read"] += 1
                    else:
                        self._diary.refused[f"stream: {response.status_code}"] += 1
            except httpx.TransportError as error:
                self._diary.refused[f"stream: {type(error).__name__}"] += 1
            if not article.final:
                await asyncio.sleep(self._chance.uniform(*TRIES_AGAIN_AFTER))
        question.shown = article.state

    async def _read(self, response: httpx.Response, article: Article, question: Question) -> None:
        lines: list[str] = []
        async for line in response.aiter_lines():
            lines.append(line)
            if line:
                continue
            for message in sse.parsed(lines):
                article.take(message)
                self._look_at(article.body if not article.final else unescape(article.final), question)
            lines = []

    def _look_at(self, text: str, question: Question) -> None:
        places = [int(place) for number, place in _WORD.findall(text) if int(number) == question.number]
        strangers = [number for number, _ in _WORD.findall(text) if int(number) != question.number]
        if strangers:
            self._diary.complaints.append(f"question {question.number} showed words of question {strangers[0]}")
        if places:
            question.seen = max(question.seen, *places)

    async def _upload(self, client: httpx.AsyncClient, name: str, number: int) -> str:
        note = f"Note {number}. ".encode() * self._chance.randint(9, LONGEST_NOTE)
        files = {"file": (f"note-{number}.txt", note)}
        response = await self._insist("upload", lambda: client.post("/attachments/", files=files), 201)
        if response is None:
            return ""
        attachment = response.text.partition('name="attachment"')[2].partition('value="')[2][:36]
        self._diary.uploads[attachment] = name
        return attachment

    async def _draw(self, name: str) -> None:
        prompt = f"Storm picture {uuid.uuid4()}"
        form = {"prompt": prompt, "key": str(uuid.uuid4()), "language": "en-US", "incognito": "on"}
        async with self._client(name) as client:
            if await self._insist("draw", lambda: client.post("/images/draw/", data=form), 302):
                self._diary.prompts.add(prompt)
            await asyncio.sleep(1)

    async def _review(self, name: str) -> None:
        async with self._client(name) as client:
            page = await self._insist("queue", lambda: client.get("/admin/imaging/review/"), 200)
            found = _SEEN.search(page.text) if page else None
            if found:
                form = {"seen": found[1], "note": "As asked for."}
                verdict = self._chance.choice(("approve", "reject"))
                url = f"/admin/imaging/review/{verdict}/"
                if await self._insist("decide", lambda: client.post(url, data=form), 302):
                    self._diary.decisions.add(found[1].partition(":")[0])
            await asyncio.sleep(0.5)

    async def _sign_in(self, name: str) -> None:
        async with self._client(None) as client:
            form = {"username": name, "password": PASSWORD}
            if await self._insist("sign in", lambda: client.post("/accounts/login/", data=form), 302):
                await self._insist("front page", lambda: client.get("/"), 200)
            await asyncio.sleep(2)

    async def _look_around(self, name: str) -> None:
        async with self._client(name) as client:
            for page in ("/", "/history/", "/images/", "/search/?q=storm"):
                await self._insist("page", partial(client.get, page), 200)
