"""The least that a chunk can cost in Python: `python -m benchmarks.floor PORT UPSTREAM FOLDER`.

A bare uvloop program with the face of Parley that the load client needs. It reads Sonar's stream, parses each message,
commits what is new of all answers every fifty milliseconds to SQLite, and then writes it to those who watch. It has no
permissions, no Markdown, no HTML, and no idea of errors.
"""

import asyncio
import gc
import re
import sqlite3
import sys
from pathlib import Path
from typing import ClassVar, cast

import orjson
import uvloop

PAUSE = 0.05  # seconds between two commits
_PAGE = b'<input name="csrfmiddlewaretoken" value="floor"><article data-stream="/%d/stream" data-after="0">'
_FORM_TEXT = re.compile(rb"(?:^|&)text=([^&]*)")


class Floor:
    """What all connections share: the log, what waits to be committed, and who watches which answer."""

    def __init__(self, upstream: str, folder: Path) -> None:
        self.upstream = upstream
        self.watchers: dict[int, list[asyncio.Transport]] = {}
        self._fresh: dict[int, str] = {}
        self._ended: set[int] = set()
        self._numbers: dict[int, int] = {}
        self._next: asyncio.TimerHandle | None = None
        self._committed_at = 0.0
        self._log = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL"):
            self._log.execute(statement)
        self._log.execute("CREATE TABLE log (answer INTEGER, seq INTEGER, data TEXT, PRIMARY KEY (answer, seq))")

    def begin(self, question: bytes) -> int:
        """Ask the upstream; returns the answer's number."""
        answer = len(self._numbers)
        self._numbers[answer] = 0
        self.watchers[answer] = []
        host, port = self.upstream.split(":")
        asking = asyncio.get_running_loop().create_connection(lambda: Answer(answer, question), host, int(port))
        task = asyncio.ensure_future(asking)
        task.add_done_callback(lambda done: done.result())
        return answer

    def put(self, answer: int, text: str) -> None:
        """Have the text committed and shown, at once or when the pause is over."""
        self._fresh[answer] = self._fresh.get(answer, "") + text
        if self._next is None:
            loop = asyncio.get_running_loop()
            self._next = loop.call_at(max(loop.time(), self._committed_at + PAUSE), self._commit)

    def end(self, answer: int) -> None:
        """Let those who watch go as soon as everything was shown."""
        self._ended.add(answer)
        self.put(answer, "")

    def _commit(self) -> None:
        self._next, self._committed_at = None, asyncio.get_running_loop().time()
        batch, self._fresh = self._fresh, {}
        for answer in batch:
            self._numbers[answer] += 1
        rows = [(answer, self._numbers[answer], text) for answer, text in batch.items()]
        self._log.execute("BEGIN IMMEDIATE")
        self._log.executemany("INSERT INTO log VALUES (?, ?, ?)", rows)
        self._log.execute("COMMIT")
        for answer, number, text in rows:
            data = text.replace("\n", "\ndata: ").encode()
            frame = b"event: update\nid: %d\ndata: %b\n\n" % (number, data)
            frame = b"%x\r\n%b\r\n" % (len(frame), frame)
            if answer in self._ended:
                frame += b"0\r\n\r\n"
            for watcher in self.watchers[answer]:
                watcher.write(frame)


class Answer(asyncio.Protocol):
    """One answer on its way from the upstream."""

    floor: ClassVar[Floor]

    def __init__(self, number: int, question: bytes) -> None:
        self._number = number
        self._question = question
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        body = b'{"messages":[{"content":%b}]}' % orjson.dumps(self._question.decode())
        head = b"POST /chat/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body)
        cast(asyncio.Transport, transport).write(head + body)

    def data_received(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n\n")
        for message in whole:
            payload = message[message.index(b"data: ") + 6 :]
            if payload == b"[DONE]":
                self.floor.end(self._number)
                return
            self.floor.put(self._number, orjson.loads(payload)["choices"][0]["delta"]["content"])


class Browser(asyncio.Protocol):
    """One connection of somebody who asks or watches. Every request comes in one piece."""

    floor: ClassVar[Floor]
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        method, path, _ = head.split(b" ", 2)
        if b"/stream" in path:
            self.transport.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n: \r\n")
            self.floor.watchers[int(path.split(b"/")[1])].append(self.transport)
            return
        found = _FORM_TEXT.search(body)
        page = _PAGE % (self.floor.begin(_unquoted(found[1])) if method == b"POST" and found else 0)
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page)


def _unquoted(value: bytes) -> bytes:
    plain = value.replace(b"+", b" ")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), plain)


async def _serve(port: int, upstream: str, folder: Path) -> None:
    Answer.floor = Browser.floor = Floor(upstream, folder)
    server = await asyncio.get_running_loop().create_server(Browser, "127.0.0.1", port, backlog=1024)
    gc.freeze()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
