"""A real HTTP server that plays scripted bytes, and clients that talk to it."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
from hypothesis import settings

from upstream.client import Client
from upstream.endpoints import Endpoint
from upstream.events import Event
from upstream.requests import AskRequest, Turn

settings.register_profile("parley", deadline=None)
settings.load_profile("parley")


class Play(Enum):
    """What a script can do besides sending bytes (`bytes`) and waiting (`float`, seconds)."""

    RESET = "reset the connection"
    HANG = "say nothing until the client goes away"


Step = bytes | float | Play


@dataclass
class Received:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class ScriptedServer:
    """Plays one script for each request, and the last one again for further requests."""

    scripts: list[Sequence[Step]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def plays(self, *steps: Step) -> None:
        """Play these steps for the next request that has no script yet."""
        self.scripts.append(steps)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        script = self.scripts[min(len(self.received), len(self.scripts) - 1)]
        self.received.append(Received(method, path, headers, json.loads(raw) if raw else None))
        self.asked.set()
        for step in script:
            if isinstance(step, float):
                await asyncio.sleep(step)
            elif isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif step is Play.HANG:
                await reader.read()
                self.gone.set()
                return False
            else:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
                return False
        return any(isinstance(step, bytes) and b"Transfer-Encoding: chunked" in step for step in script)


def head(status: int = 200, kind: str = "text/event-stream", **headers: str) -> bytes:
    """The head of a response whose body ends with the connection. An underscore in a name stands for a hyphen."""
    lines = [f"HTTP/1.1 {status} Said", "Connection: close", *([f"Content-Type: {kind}"] if kind else [])]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(chunk: Any) -> bytes:
    """One message of a stream."""
    data = chunk if isinstance(chunk, str) else json.dumps(chunk, ensure_ascii=False)
    return f"data: {data}\n\n".encode()


def chunk(delta: str | None = None, *, message: str | None = None, finish: str | None = None, **more: Any) -> dict:
    """A chunk of a Sonar stream, with only what is given."""
    choice: dict[str, Any] = {"index": 0, "finish_reason": finish}
    if delta is not None:
        choice["delta"] = {"role": "assistant", "content": delta}
    if message is not None:
        choice["message"] = {"role": "assistant", "content": message}
    return {"id": "a1", "model": "sonar", "created": 1, "object": "chat.completion.chunk", "choices": [choice], **more}


def done(message: str, *, finish: str = "stop", **more: Any) -> dict:
    """The last object of a stream."""
    return chunk("", message=message, finish=finish, **{"object": "chat.completion.done", **more})


def question(text: str = "When was the Varn light automated?", *, model: str = "sonar", **options: Any) -> AskRequest:
    """A question without a conversation before it."""
    return AskRequest(model=model, turns=[Turn("user", text)], options=options)


async def collect(client: Client, events: list[Event], request: AskRequest | None = None) -> None:
    """Put into `events` what comes, up to the end or the error."""
    async for event in client.ask(request or question()):
        events.append(event)


def text_in(events: Sequence[Event]) -> str:
    """The text that a reader sees after these events."""
    text = ""
    for event in events:
        match type(event).__name__:
            case "TextDelta":
                text += event.text
            case "TextReplaced":
                text = event.text
    return text


def reasoning_in(events: Sequence[Event]) -> str:
    """The reasoning that a reader sees after these events."""
    text = ""
    for event in events:
        match type(event).__name__:
            case "ReasoningDelta":
                text += event.text
            case "ReasoningReplaced":
                text = event.text
    return text


def told(events: Sequence[Event]) -> list[str]:
    """The kinds of the events, in order."""
    return [type(event).__name__ for event in events]


def all_of(kind: type, events: Sequence[Event]) -> list[Any]:
    """The events of a kind."""
    return [event for event in events if isinstance(event, kind)]


def last(kind: type, events: Sequence[Event]) -> Any:
    """The last event of a kind."""
    return all_of(kind, events)[-1]


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedServer]:
    """The scripted server, listening."""
    server = ScriptedServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    yield server
    listening.close()


@pytest.fixture
def waits() -> list[float]:
    """The seconds that a client would have slept between attempts."""
    return []


@pytest.fixture
async def client_of(scripted: ScriptedServer, waits: list[float]) -> AsyncIterator[Callable[..., Client]]:
    """Makes clients of the scripted server that do not sleep, and closes them."""
    made: list[Client] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def make(*, api_key: str = "pplx-secret", **times: float) -> Client:
        endpoint = Endpoint(scripted.url, api_key=api_key)
        made.append(Client(endpoint=endpoint, sleep=sleep, **times))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(client_of: Callable[..., Client]) -> Client:
    """A client of the scripted server."""
    return client_of()


@pytest.fixture
def heard(scripted: ScriptedServer, client: Client) -> Callable[..., Awaitable[list[Event]]]:
    """Streams frames (chunks, strings or bytes) over HTTP and returns the events they become."""

    async def hear(*frames: Any, model: str = "sonar") -> list[Event]:
        body = b"".join(item if isinstance(item, bytes) else frame(item) for item in frames)
        scripted.plays(head(X_Request_ID="req-7"), body)
        return [event async for event in client.ask(question(model=model))]

    return hear
