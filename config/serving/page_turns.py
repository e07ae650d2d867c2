"""Turns in the threads for pages: one sign-in has a few of them at a time, so that the others stay free for others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from django.conf import settings
from django.http import HttpRequest

MOST_AT_ONCE = 3  # requests of one sign-in; what comes beside them waits


class PageTurns:
    """Has the requests of each sign-in wait for each other. Lives in the event loop.

    Requests go by the cookie as it came. One that nobody signed in with opens nothing that takes long.
    """

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, request: HttpRequest) -> AsyncIterator[None]:
        """Wait until few enough of the same sign-in are inside."""
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not session:
            yield
            return
        turns = self._turns.get(session)
        if turns is None:
            turns = self._turns[session] = asyncio.Semaphore(MOST_AT_ONCE)
        async with turns:
            yield
