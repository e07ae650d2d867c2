"""The connections of a process to one service, opened in the event loop that runs when they are first used."""

import asyncio

import httpx

from upstream import connections


class Connections:
    """Keeps one HTTP client. `transport` stands in for the network; `timeout` holds where a request names no other."""

    def __init__(self, *, transport: httpx.AsyncBaseTransport | None, timeout: httpx.Timeout) -> None:
        self._transport = transport
        self._timeout = timeout
        self._http: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def http(self) -> httpx.AsyncClient:
        """The client of the running event loop."""
        loop = asyncio.get_running_loop()
        if self._http is None or self._loop is not loop:
            self._loop = loop
            self._http = httpx.AsyncClient(
                transport=self._transport or connections.network(),
                timeout=self._timeout,
                headers={"User-Agent": "Parley"},
                follow_redirects=False,
                trust_env=False,
            )
        return self._http

    async def aclose(self) -> None:
        """Close every connection. New ones are opened when they are needed."""
        http, self._http = self._http, None
        if http is not None and self._loop is asyncio.get_running_loop():
            await http.aclose()
