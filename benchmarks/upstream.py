"""A fast upstream with the faces of Sonar and the Agent API, in a process of its own:
`python -m benchmarks.upstream PORT BASE`.

The question says what is wanted, as in `[chunks=200 rate=20 gate=a]`. How the streams read: `benchmarks.wire_formats`.
"""

import asyncio
import gc
import json
import random
import re
import sys
import time
from dataclasses import dataclass, fields
from typing import ClassVar, Self, cast

import uvloop

from benchmarks import prose
from benchmarks.wire_formats import Face, agent, sonar

_WISHES = re.compile(r"\[([^\]]*)\]\s*$")


@dataclass(frozen=True)
class Wishes:
    """What a question asks for. `rate` is in chunks per second, `wait` (before the first) and `spread` in seconds.

    `paragraph` is the text's first one, `shape` what it is as a whole (`prose.chunks`). With a `gate`, the first chunk
    waits until it is opened, and then for a random part of `spread`; with a `hold`, the end does.
    """

    chunks: int = 50
    rate: float = 20
    wait: float = 0
    gate: str = ""
    spread: float = 0
    hold: str = ""
    paragraph: int = 0
    shape: str = ""

    @classmethod
    def read(cls, question: str) -> Self:
        """The wishes at the end of the question."""
        found = _WISHES.search(question)
        said = dict(part.split("=") for part in found[1].split()) if found else {}
        return cls(**{field.name: field.type(said[field.name]) for field in fields(cls) if field.name in said})  # type: ignore[operator]


class Upstream:
    """What all connections share."""

    def __init__(self, base: int) -> None:
        self.base = base
        self.gates: dict[str, asyncio.Event] = {}
        self.sent = 0
        self.late: list[float] = []  # seconds that a chunk went out after its time: how well the load is kept up

    def gate(self, name: str) -> asyncio.Event:
        """The gate of that name, closed at first."""
        return self.gates.setdefault(name, asyncio.Event())

    def figures(self) -> bytes:
        """What was done since the last time."""
        late = sorted(self.late) or [0.0]
        said = {"sent": self.sent, "late_p99": late[int(len(late) * 0.99)], "cpu": time.process_time()}
        self.sent, self.late = 0, []
        return json.dumps(said).encode()


class Connection(asyncio.Protocol):
    """One client's connection: one request after another."""

    upstream: ClassVar[Upstream]
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=1 << 30)  # a slow reader is measured, not waited for
        self.received = b""
        self.task: asyncio.Task[None] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self.task:
            self.task.cancel()

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, blank, rest = self.received.partition(b"\r\n\r\n")
        if not blank:
            return
        found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        length = int(found[1]) if found else 0
        if len(rest) < length:
            return
        body, self.received = rest[:length], rest[length:]
        method, path, _ = head.split(b" ", 2)
        if method == b"POST" and path == b"/chat/completions":
            question = json.loads(body)["messages"][-1]["content"]
            self.task = asyncio.create_task(self.answer(Wishes.read(question), sonar))
        elif method == b"POST" and path == b"/v1/agent":
            question = json.loads(body)["input"][-1]["content"]
            self.task = asyncio.create_task(self.answer(Wishes.read(question), agent))
        elif path.startswith(b"/open/"):
            self.upstream.gate(path[6:].decode()).set()
            self.reply(b"{}")
        elif path == b"/figures":
            self.reply(self.upstream.figures())
        else:
            self.transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    def reply(self, body: bytes) -> None:
        """Answer with a small JSON body."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self.transport.write(head % len(body) + body)

    async def answer(self, wishes: Wishes, face: Face) -> None:
        """Send the chunks that were wished for, each at its time."""
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Request-ID: bench\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        upstream, loop = self.upstream, asyncio.get_running_loop()
        if wishes.gate:
            await upstream.gate(wishes.gate).wait()
        began = loop.time() + wishes.wait + random.random() * wishes.spread
        said, tick = b"", 0
        self.send(face.begin())
        for number, (before, after) in enumerate(prose.chunks(wishes.chunks, wishes.paragraph, wishes.shape)):
            due = began + number / wishes.rate
            pause = due - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            if self.transport.is_closing():
                return
            tick = max(tick + 1, prose.tick(upstream.base))  # no two words of an answer are the same
            delta = b"%bt%08d%b" % (before, tick, after)
            said += delta
            self.send(face.chunk(said, delta, number))
            upstream.sent += 1
            upstream.late.append(loop.time() - due)
        if wishes.hold:
            await upstream.gate(wishes.hold).wait()
        self.send(face.end(said, wishes.chunks))
        self.transport.write(b"0\r\n\r\n")

    def send(self, frame: bytes) -> None:
        """Write frames as a chunk of the body."""
        if frame:
            self.transport.write(b"%x\r\n%b\r\n" % (len(frame), frame))


async def _serve(port: int, base: int) -> None:
    Connection.upstream = Upstream(base)
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port, backlog=1024)
    gc.freeze()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
