"""What is pushed into a connection: at once while it takes more, all of it and in order when it does not."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from core.web.pushed import PushedResponse, Sink, pieces_of


class Server:
    """What an ASGI server does with a body: `first` says whether it writes before it waits for a slow line."""

    def __init__(self, *, first: bool = True) -> None:
        self.written: list[bytes] = []
        self.has_room = asyncio.Event()
        self.has_room.set()
        self._first = first

    async def send(self, message: Mapping[str, Any]) -> None:
        if self._first:
            self.written.append(message["body"])
        await self.has_room.wait()
        if not self._first:
            self.written.append(message["body"])


async def test_a_piece_is_written_at_once_where_there_is_room() -> None:
    server = Server()
    sink = Sink(server.send)

    sink.write(b"one")
    sink.write(b"two")

    assert server.written == [b"one", b"two"]
    assert not sink.is_full


@pytest.mark.parametrize("first", [True, False])
async def test_what_a_slow_line_holds_up_is_sent_once_it_takes_more(first: bool) -> None:
    server = Server(first=first)
    sink = Sink(server.send)
    server.has_room.clear()

    sink.write(b"one")
    assert sink.is_full
    sending = asyncio.create_task(sink.send(b"two"))
    await asyncio.sleep(0.01)
    assert b"two" not in server.written

    server.has_room.set()
    await sending
    assert server.written == [b"one", b"two"]
    assert not sink.is_full


async def test_a_connection_that_is_waited_for_can_go_away() -> None:
    server = Server()
    sink = Sink(server.send)
    server.has_room.clear()
    sink.write(b"one")

    waiting = asyncio.create_task(sink.drain())
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_what_a_server_raises_is_raised_to_whoever_writes() -> None:
    async def broken(message: Mapping[str, Any]) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Sink(broken).write(b"one")


async def count(sink: Sink) -> None:
    for number in range(3):
        await sink.send(b"%d" % number)


async def test_a_response_is_pushed_or_iterated_and_is_the_same() -> None:
    iterated = [piece async for piece in PushedResponse(count, content_type="text/plain", headers={})]

    server = Server()
    pushed = PushedResponse(count, content_type="text/plain", headers={})
    pushed.push_to(server.send)
    left = [piece async for piece in pushed]

    assert iterated == server.written == [b"0", b"1", b"2"]
    assert left == []


async def test_whoever_iterates_no_further_ends_the_pushing() -> None:
    ended = asyncio.Event()

    async def push(sink: Sink) -> None:
        try:
            await sink.send(b"one")
            await asyncio.sleep(60)
        finally:
            ended.set()

    pieces = pieces_of(push)
    assert await anext(pieces) == b"one"
    await pieces.aclose()

    assert ended.is_set()


async def test_what_is_pushed_is_not_ahead_of_whoever_iterates() -> None:
    full: list[bool] = []

    async def push(sink: Sink) -> None:
        for _ in range(2):
            sink.write(b"piece")
            full.append(sink.is_full)
            await sink.drain()

    assert [piece async for piece in pieces_of(push)] == [b"piece", b"piece"]
    assert full == [True, True]


async def test_a_fault_while_pushing_reaches_whoever_iterates() -> None:
    async def push(sink: Sink) -> None:
        await sink.send(b"one")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _ = [piece async for piece in pieces_of(push)]
