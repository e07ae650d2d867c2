"""The demo gateway on a port, in a thread of the benchmark, which notes when it had answered."""

import asyncio
import threading
import time
from types import TracebackType
from typing import Self

import httpx

from upstream.demo import server
from upstream.demo.gateway.routes import DemoGateway


class NotingGateway:
    """A demo gateway that notes, on the clock of `time.time`, when its last answers were ready to be sent.

    `responded_at` is that of the response to a prompt, `handed_out_at` that of the bytes of a picture. Both are sent
    whole within a millisecond from then: the one has 2 kB, the other some tens.
    """

    def __init__(self) -> None:
        self.url = ""
        self.responded_at = 0.0
        self.handed_out_at = 0.0
        self._demo = DemoGateway()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(server.serve(demo=self), self._loop).result()
        self.url = self._server.address
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._server.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request as the demo gateway does."""
        response = await self._demo.handle(request)
        if request.url.path == "/v1/images":
            self.responded_at = time.time()
        elif request.url.path.startswith("/drawn/"):
            self.handed_out_at = time.time()
        return response
