"""A stream in pieces, for browsers behind a proxy that passes on nothing before a response has ended."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from core import sse

LONGEST_WAIT = 5.0  # seconds


async def first_news(frames: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """Yield the stream up to the first event that brings something new; without any, end after `LONGEST_WAIT`.

    The browser asks for what follows by another request.
    """
    deadline = time.monotonic() + LONGEST_WAIT
    async with aclosing(frames):
        try:
            yield await anext(frames)  # how every stream begins
            piece = sse.KEEP_ALIVE
            while piece == sse.KEEP_ALIVE:
                piece = await asyncio.wait_for(anext(frames), deadline - time.monotonic())
                yield piece
        except (StopAsyncIteration, TimeoutError):
            return
