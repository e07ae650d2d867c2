"""Connections of which little or nothing is heard, and those that take nothing of what is sent."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from config.serving.connections import HEAD_DEADLINE, MOST_SILENT, Connection, Deadlines, Watch
from core.web.pushed import Sink
from tests.serving import Server

App = Callable[[Any, Any, Any], Awaitable[None]]
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b"
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def much(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(2000):
        await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def served(app: App, **deadlines: float) -> AsyncIterator[tuple[int, Any]]:
    """The port on which connections are served as in the product, but with these deadlines; and the worker."""
    loop = asyncio.get_running_loop()
    cfg = Config()
    worker = SimpleNamespace(
        cfg=cfg, log=Logger(cfg), asgi=app, loop=loop, nr_conns=0, nr=0, max_requests=sys.maxsize, alive=True, state={}
    )
    worker.watch = Watch(loop, Deadlines(**{"look_every": 0.02, **deadlines}))  # type: ignore[arg-type]
    server = await loop.create_server(lambda: Connection(worker), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], worker
    server.close()


async def heard(port: int, *pieces: bytes, every: float = 0.05) -> bytes:
    """All that is said to somebody who sends these pieces at intervals (seconds), until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    saying = asyncio.create_task(reader.read())
    for piece in pieces:
        if saying.done():
            break
        writer.write(piece)
        await asyncio.sleep(every)
    async with asyncio.timeout(5):
        said = await saying
    writer.close()
    return said


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it. Fails after five seconds."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come true")


async def test_who_says_nothing_is_let_go_without_a_word() -> None:
    async with served(hello, head=0.2) as (port, worker):
        assert await heard(port) == b""
        assert worker.nr_conns == 0


async def test_a_head_that_comes_byte_by_byte_is_due_in_time_and_its_sender_hears_so() -> None:
    async with served(hello, head=0.3) as (port, _):
        said = await heard(port, HALF_HEAD, *[b"x"] * 100)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert said.endswith(b"The request did not arrive in time.")


async def test_a_head_in_two_pieces_within_the_deadline_is_answered() -> None:
    async with served(hello, head=2) as (port, _):
        said = await heard(port, HEAD[:20], HEAD[20:])
    assert said.endswith(b"hello")


async def test_a_stream_that_lasts_longer_than_every_deadline_goes_on() -> None:
    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(20):
            await asyncio.sleep(0.1)
            await send({"type": "http.response.body", "body": b"word ", "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async with served(stream, head=1, unread=1, most_silent=2) as (port, _):
        said = await heard(port, HEAD)
    assert said.count(b"word ") == 20


@pytest.mark.parametrize("beginning", [b"", HALF_HEAD, HALF_BODY])
async def test_of_too_many_silent_ones_the_longest_silent_goes_and_a_newcomer_is_served(beginning: bytes) -> None:
    async with served(hello, most_silent=5) as (port, worker):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(9)]
        for _, writer in held:
            writer.write(beginning)
        async with asyncio.timeout(5):
            assert (await heard(port, HEAD)).endswith(b"hello")
            for reader, _ in held[:4]:
                await reader.read()
            await until(lambda: worker.nr_conns <= 5)
        assert not held[-1][0].at_eof()
        for _, writer in held:
            writer.close()


async def test_somebody_who_sends_a_large_body_is_not_silent() -> None:
    async with served(hello, most_silent=1) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n" + bytes(50_000))
        others = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await asyncio.sleep(0.1)
        writer.write(bytes(50_000))
        async with asyncio.timeout(5):
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")
        for _, other in [(reader, writer), *others]:
            other.close()


async def test_who_takes_nothing_of_a_long_answer_is_cut_off() -> None:
    async with served(much, unread=0.3) as (port, worker):
        with socket.create_connection(("127.0.0.1", port)) as deaf:
            deaf.sendall(HEAD)
            await until(lambda: worker.nr_conns == 1)
            await until(lambda: worker.nr_conns == 0)


async def test_who_takes_it_slowly_but_steadily_gets_all_of_it() -> None:
    async with served(much, unread=1) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=65536)
        writer.write(HEAD)
        taken = 0
        for _ in range(35):  # long enough to be judged three times
            await asyncio.sleep(0.1)
            taken += len(await reader.readexactly(400_000))
        assert taken == 14_000_000
        writer.close()


async def test_a_pushed_stream_waits_for_a_slow_reader_and_loses_nothing() -> None:
    pieces = [b"%06d" % number * 5000 for number in range(600)]
    held_up: list[bytes] = []

    async def push(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"18000000")]})
        sink = Sink(send)
        for piece in pieces:
            if sink.is_full:
                held_up.append(piece)
                await sink.drain()
            sink.write(piece)
        await sink.drain()
        await send({"type": "http.response.body", "body": b""})

    async with served(push, unread=5) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=65536)
        writer.write(HEAD)
        await reader.readuntil(b"\r\n\r\n")
        await until(lambda: bool(held_up))
        assert await reader.read() == b"".join(pieces)
        writer.close()


def test_hundreds_of_half_requests_leave_a_server_free_and_only_so_many_are_kept(shared_server: Server) -> None:
    half = [socket.create_connection(("127.0.0.1", shared_server.port), timeout=5) for _ in range(MOST_SILENT + 88)]
    try:
        for number, connection in enumerate(half):
            connection.sendall(HALF_BODY if number % 2 else HALF_HEAD)
        assert shared_server.client("alice").get("/").status_code == 200
        kept = sum(not is_closed(connection) for connection in half)
    finally:
        for connection in half:
            connection.close()
    assert kept <= MOST_SILENT


def is_closed(connection: socket.socket) -> bool:
    connection.settimeout(0)
    try:
        while connection.recv(4096):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    return True


def test_the_deadline_leaves_a_slow_phone_its_time() -> None:
    assert HEAD_DEADLINE >= 20
