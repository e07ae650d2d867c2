"""A fast upstream with the face of Sonar, in a process of its own: `python -m benchmarks.upstream PORT BASE`.

It speaks the default stream mode (docs/sonar.md, "Streams"): every chunk repeats the text so far, the usage and the
sources. The question says what is wanted, as in `[chunks=200 rate=20 gate=a]`. Everything that stays the same is
serialised beforehand, so that thousands of chunks a second cost it a fraction of a core.
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

_WISHES = re.compile(r"\[([^\]]*)\]\s*$")
_SOURCES = [
    {
        "title": f"On lights and harbours, part {number}",
        "url": f"https://lights.example/history/part-{number}",
        "date": "2025-02-03",
        "last_updated": "2025-06-01",
        "snippet": f"Part {number} tells how the towers were built, who kept them and what became of the crews.",
        "source": "web",
    }
    for number in range(1, 7)
]
_REPEATED = (
    b'"citations":'
    + json.dumps([source["url"] for source in _SOURCES]).encode()
    + b',"search_results":'
    + json.dumps(_SOURCES).encode()
)


@dataclass(frozen=True)
class Wishes:
    """What a question asks for. `rate` is in chunks per second, `wait` (before the first) and `spread` in seconds.

    `paragraph` is the text's first one. With a `gate`, the first chunk waits until it is opened, and then for a random
    part of `spread`; with a `hold`, the end does.
    """

    chunks: int = 50
    rate: float = 20
    wait: float = 0
    gate: str = ""
    spread: float = 0
    hold: str = ""
    paragraph: int = 0

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
            self.task = asyncio.create_task(self.answer(Wishes.read(question)))
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

    async def answer(self, wishes: Wishes) -> None:
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
        for number, (before, after) in enumerate(prose.chunks(wishes.chunks, wishes.paragraph)):
            due = began + number / wishes.rate
            pause = due - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            if self.transport.is_closing():
                return
            tick = max(tick + 1, prose.tick(upstream.base))  # no two words of an answer are the same
            delta = b"%bt%08d%b" % (before, tick, after)
            said += delta
            self.send(_chunk(said, delta, number))
            upstream.sent += 1
            upstream.late.append(loop.time() - due)
        if wishes.hold:
            await upstream.gate(wishes.hold).wait()
        self.send(_end(said, wishes.chunks))
        self.send(b"data: [DONE]\n\n")
        self.transport.write(b"0\r\n\r\n")

    def send(self, frame: bytes) -> None:
        """Write one frame as a chunk of the body."""
        self.transport.write(b"%x\r\n%b\r\n" % (len(frame), frame))


_HEAD = b'data: {"id":"bench","model":"sonar","created":1757000100,"usage":{"prompt_tokens":12,'
_USAGE = b'"completion_tokens":%d,"total_tokens":%d,"search_context_size":"low","cost":{"input_tokens_cost":%b,'
_COSTS = b'"output_tokens_cost":%b,"total_cost":%b}},'
_CHOICE = b',"object":"%b","choices":[{"index":0,"finish_reason":%b,"message":{"role":"assistant","content":"'
_DELTA = b'"},"delta":{"role":"assistant","content":"'
_TAIL = b'"}}]}\n\n'
_ZEROS = (_USAGE.replace(b"%b", b"0.0") + _COSTS.replace(b"%b", b"0.0")) + _REPEATED.replace(b"%", b"%%")
_ON_THE_WAY = _CHOICE % (b"chat.completion.chunk", b"null")


def _chunk(said: bytes, delta: bytes, number: int) -> bytes:
    figures = _ZEROS % (4 * number + 4, 4 * number + 16)
    return b"".join((_HEAD, figures, _ON_THE_WAY, said, _DELTA, delta, _TAIL))


def _end(said: bytes, count: int) -> bytes:
    figures = _USAGE % (4 * count, 4 * count + 12, b"0.00001") + _COSTS % (b"0.00002", b"0.00503")
    end = _CHOICE % (b"chat.completion.done", b'"stop"')
    return b"".join((_HEAD, figures, _REPEATED, end, said, _DELTA, _TAIL))


async def _serve(port: int, base: int) -> None:
    Connection.upstream = Upstream(base)
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port, backlog=1024)
    gc.freeze()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
