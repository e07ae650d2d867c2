"""HTTP/1.1 and server-sent events read as cheaply as Python allows, so that the load client is not what is measured."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

Take = Callable[[bytes, int], None]


class Answer(NamedTuple):
    """A whole response. `headers` as received."""

    status: int
    headers: bytes
    body: bytes


class Event(NamedTuple):
    """One server-sent event. `id` is -1 where it has none."""

    name: bytes
    id: int
    data: bytes


class Gone(Exception):
    """The connection ended in the middle of a response."""


class Connection(asyncio.Protocol):
    """One connection to 127.0.0.1: one request at a time."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._transport: asyncio.Transport | None = None
        self._forget()

    def _forget(self) -> None:
        self._rest = b""
        self._head = b""
        self._left = 0  # bytes of a body of known length that are to come
        self._chunked = False
        self._take: Take = lambda _data, _now: None
        self._done: asyncio.Future[None] | None = None

    async def fetch(self, request: bytes) -> Answer:
        """Send the request and wait for the whole response. Raises Gone or OSError."""
        parts: list[bytes] = []
        await self.follow(request, lambda data, _now: parts.append(data))
        return Answer(int(self._head[9:12]), self._head, b"".join(parts))

    async def follow(self, request: bytes, take: Take) -> int:
        """Send the request and hand over the body as it comes, with the time of its arrival (monotonic nanoseconds).

        Returns the status. Raises Gone or OSError.
        """
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            name, port = self.host.split(":")
            self._transport, _ = await loop.create_connection(lambda: self, name, int(port))
        self._forget()
        self._take, self._done = take, loop.create_future()
        self._transport.write(request)
        await self._done
        return int(self._head[9:12])

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        if not self._head:
            data = self._rest + data
            head, blank, data = data.partition(b"\r\n\r\n")
            if not blank:
                self._rest = head
                return
            self._begin(head)
        if self._chunked:
            self._read_chunks(data, now)
            return
        if data:
            self._left -= len(data)
            self._take(data, now)
        if self._left <= 0:
            self._finish()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._done and not self._done.done():
            self._done.set_exception(Gone())

    def _begin(self, head: bytes) -> None:
        self._head, self._rest = head, b""
        lowered = head.lower()
        self._chunked = b"\r\ntransfer-encoding: chunked" in lowered
        found = re.search(rb"\r\ncontent-length: *(\d+)", lowered)
        self._left = int(found[1]) if found else 0

    def _read_chunks(self, data: bytes, now: int) -> None:
        if self._rest:
            data = self._rest + data
        at = 0
        while (line_end := data.find(b"\r\n", at)) >= 0:
            size = int(data[at:line_end], 16)
            end = line_end + 2 + size
            if len(data) < end + 2:
                break
            at = end + 2
            if not size:
                self._finish()
                break
            self._take(data[line_end + 2 : end], now)
        self._rest = data[at:]

    def _finish(self) -> None:
        if self._done and not self._done.done():
            self._done.set_result(None)


class Events:
    """Cuts the body of a stream into its events."""

    def __init__(self, take: Callable[[Event, int], None]) -> None:
        self._take = take
        self._rest = b""

    def feed(self, data: bytes, now: int) -> None:
        """Take bytes as they come."""
        *whole, self._rest = (self._rest + data).split(b"\n\n")
        for text in whole:
            name, number, lines = b"", -1, []
            for line in text.split(b"\n"):
                if line.startswith(b"data: "):
                    lines.append(line[6:])
                elif line.startswith(b"event: "):
                    name = line[7:]
                elif line.startswith(b"id: "):
                    number = int(line[4:])
            if lines:
                self._take(Event(name, number, b"\n".join(lines)), now)


def request(
    method: str,
    path: str,
    *,
    host: str,
    cookies: Mapping[str, str],
    form: Mapping[str, str] | None = None,
    **headers: str,
) -> bytes:
    """The bytes of a request. Names of headers are written with underscores; `form` makes it a form's post."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    body = urlencode(form).encode() if form is not None else b""
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def question(host: str, wishes: str) -> bytes:
    """The bytes of a question to the upstream itself."""
    text = f"Which lights still stand? [{wishes}]"
    body = json.dumps({"model": "sonar", "stream": True, "messages": [{"role": "user", "content": text}]}).encode()
    head = f"POST /chat/completions HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
