"""Servers that tests use one after another: put back to how they began, which takes milliseconds and not seconds.

What a server keeps in memory outlives that: the demo's count of a question that is to fail so many times, for one. So
only the tests of one file share servers, always in the same order.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from tests.serving import Server
from tests.stores import Store

MOST_WAITING = 2  # servers that run and that no test uses: each takes memory, and now and then a little time
COMES_TO_REST_WITHIN = 5.0  # seconds; to wait for an answer's end costs nothing, another server seconds of a core
AT_WORK = (
    "SELECT EXISTS (SELECT 1 FROM chat_answer WHERE state IN ('waiting', 'writing'))"
    " OR EXISTS (SELECT 1 FROM imaging_generatedimage WHERE state = 'drawing')"
)
SERVICE_ENDED = "SELECT EXISTS (SELECT 1 FROM chat_withdrawal)"
"""Whether its demo has ended a service, which lasts."""


class ServerPool:
    """The servers of one test file, which get their data from `template`."""

    def __init__(self, template: Store, folder: Path) -> None:
        self._template = template
        self._folder = folder
        self._made = 0
        self._waiting: list[Server] = []

    def take(self, *, env: Mapping[str, str], workers: int) -> Server:
        """A running server with these settings that nobody has used, or on which nothing shows that."""
        for server in self._waiting:
            if (server.env, server.workers) == (env, workers):
                self._waiting.remove(server)
                server.store.put_back(self._template)
                server.forget_log()
                return server
        self._made += 1
        return Server(self._template.copy(self._folder / f"data-{self._made}"), env=env, workers=workers).start()

    def give_back(self, server: Server) -> None:
        """Keep the server for the next test, unless it is down or cannot be as before."""
        server.release()
        if not (server.is_running and self._comes_to_rest(server)):
            server.close()
            return
        self._waiting.append(server)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.pop(0).close()

    def _comes_to_rest(self, server: Server) -> bool:
        """Whether nothing is written or drawn there any more, or soon, and every service still answers."""
        if server.rows(SERVICE_ENDED)[0][0]:
            return False
        until = time.monotonic() + COMES_TO_REST_WITHIN
        while at_work := server.rows(AT_WORK)[0][0]:
            if time.monotonic() > until:
                break
            time.sleep(0.1)
        return not at_work

    def close(self) -> None:
        """End all that are left."""
        while self._waiting:
            self._waiting.pop().close()
