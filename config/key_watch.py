"""Keeps a process connected with the key that is in force.

What is saved in this process holds at once. What another process saves, on this machine or another one, is found within
LOOKED_UP_EVERY seconds by a query for one small row; questions and pages ask the database nothing.
"""

import asyncio
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError

from chat.connection import stored_key
from chat.connection.stored_key import StoredKey
from config.services import connect_services
from core.web.db import RunInThread
from core.web.outages import tell_outage
from upstream.endpoints import is_offline
from upstream.errors import UpstreamDown
from upstream.registry import Services

logger = logging.getLogger(__name__)

LOOKED_UP_EVERY = 2.0  # seconds
TAKES_OVER_WITHIN = 5.0  # seconds that whoever saved a key waits for the event loop


class KeyWatch:
    """Has `services` be those of the key in force. Lives in the event loop.

    As long as the database could not be read once, nobody knows whether a key is saved. Questions are then refused
    rather than answered by the demo, unless the environment says what is connected.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._loop = asyncio.get_running_loop()
        self._tell: Callable[[], None] = lambda: None
        self._is_connected = self._has_looked = False

    def open(self, *, tell: Callable[[], None]) -> None:
        """Hear what is saved in this process; `tell` is called when the services are others."""
        self._tell = tell
        stored_key.on_change(self._apply_from_thread)

    async def look(self, run: RunInThread) -> None:
        """Go by what the database says, which `run` reads in a thread; by what was known, while it is away."""
        try:
            found = await run(stored_key.read)
        except DatabaseError as fault:
            tell_outage(fault, during="The saved key for Perplexity cannot be read")
            if not self._is_connected:
                self._connect(Services(no_client=UpstreamDown()) if is_offline(settings) else connect_services())
        else:
            self._apply(found)

    def _apply(self, found: StoredKey) -> None:
        if self._has_looked and found == stored_key.current():
            return
        stored_key.use(found)
        self._connect(connect_services())
        if self._has_looked:
            logger.info("The saved key for Perplexity has changed; the services are connected anew.")
        self._has_looked = True

    def _connect(self, services: Services) -> None:
        self._services.take_over(services)
        self._is_connected = True
        self._tell()

    def _apply_from_thread(self, found: StoredKey) -> None:
        async def apply() -> None:
            self._apply(found)

        asyncio.run_coroutine_threadsafe(apply(), self._loop).result(TAKES_OVER_WITHIN)
