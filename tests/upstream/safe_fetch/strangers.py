"""Web servers that strangers run: each says byte for byte what a test wants, and remembers who came."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Stranger:
    """A running server. `heard` has the head of every request; `came` counts connections, answered or not."""

    port: int = 0
    host: str = "127.0.0.1"
    heard: list[bytes] = field(default_factory=list)
    came: int = 0

    @property
    def place(self) -> str:
        """Host and port, as they stand in an address and in the list of allowed hosts."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def url(self, path: str = "/picture.png", *, host: str = "") -> str:
        """An address on it, under its own name or another."""
        return f"http://{host or self.place}{path}" if not host else f"http://{host}:{self.port}{path}"


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The head of a response."""
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def says(*pieces: bytes) -> Say:
    """A server that sends this and hangs up."""

    async def say(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return say


def picture(data: bytes = PIXEL, *, media_type: str = "image/png") -> Say:
    """A server that has a picture."""
    return says(head(f"Content-Type: {media_type}", f"Content-Length: {len(data)}"), data)


def leads_to(*locations: str) -> Say:
    """A server that sends everybody on: the first visitor to the first place, and so on, the last one ever after."""
    left = list(locations)

    async def say(writer: asyncio.StreamWriter) -> None:
        location = left.pop(0) if len(left) > 1 else left[0]
        writer.write(head(f"Location: {location}", "Content-Length: 0", status="302 Found"))

    return say


def dribbles(*beginning: bytes, piece: bytes, every: float) -> Say:
    """A server that never comes to an end."""

    async def say(writer: asyncio.StreamWriter) -> None:
        await says(*beginning)(writer)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)

    return say


@asynccontextmanager
async def stranger(say: Say, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Stranger]:
    """Run a server that answers every request in the same way."""
    here = Stranger(host=host)
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here.came += 1
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            here.heard.append(await reader.readuntil(b"\r\n\r\n"))
            await say(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            here.heard.append(b"")
        except asyncio.CancelledError:
            pass
        finally:
            talks.discard(task)
            writer.close()

    server = await asyncio.start_server(talk, host, port)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        for task in list(talks):
            task.cancel()


class Names:
    """A resolver of the test's own: what each name leads to, one answer after the other, the last one ever after."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {name.replace("_", "."): list(found) for name, found in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of the name. Raises OSError for an unknown one."""
        self.asked.append(host)
        if host not in self._answers:
            raise OSError("no such name")
        found = self._answers[host]
        return found.pop(0) if len(found) > 1 else found[0]
