"""A stream in pieces: up to its next news, or for a few seconds."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from chat.live import long_poll
from core import sse

BEGINNING = sse.retry(2000)


class Stream:
    """A stream that says these pieces and then stays open, as one does while nothing is written."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.closed = False

    async def frames(self) -> AsyncGenerator[bytes]:
        try:
            for piece in self.pieces:
                yield piece
            await asyncio.sleep(60)
        finally:
            self.closed = True


async def said(stream: Stream) -> list[bytes]:
    return [piece async for piece in long_poll.first_news(stream.frames())]


async def test_it_ends_with_the_first_news_and_lets_go_of_the_stream() -> None:
    stream = Stream(BEGINNING, sse.KEEP_ALIVE, sse.message("update", "a", id=1), sse.message("update", "b", id=2))

    assert await said(stream) == [BEGINNING, sse.KEEP_ALIVE, sse.message("update", "a", id=1)]
    assert stream.closed


async def test_without_news_it_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_poll, "LONGEST_WAIT", 0.05)
    stream = Stream(BEGINNING)

    assert await said(stream) == [BEGINNING]
    assert stream.closed
