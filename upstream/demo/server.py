"""Serves the demo on a port: a small HTTP/1.1 server that can also break a connection as the network does.

Every connection has a task of its own. What the handler streams goes out at once; a transport error raised by the
handler or by its stream becomes a reset connection; a client that goes away ends its stream.
"""

import asyncio
import contextlib
import signal
import socket
import struct
import sys
from typing import Protocol

import h11
import httpx

from upstream.demo.calls import LARGEST_BODY
from upstream.demo.perplexity import Demo

_READ = 1024 * 1024
_LINGER_ZERO = struct.pack("ii", 1, 0)  # closing sends RST


class Service(Protocol):
    """What can be served: the demo, or the demo gateway."""

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""


class Server:
    """A running server. `address` is its base URL."""

    def __init__(self, server: asyncio.Server, connections: "set[asyncio.Task[None]]") -> None:
        self._server = server
        self._connections = connections
        host, port = server.sockets[0].getsockname()[:2]
        self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def close(self) -> None:
        """Stop listening and end every open connection."""
        self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()


async def serve(host: str = "127.0.0.1", port: int = 0, *, demo: Service | None = None) -> Server:
    """Listen; port 0 takes any free one. Raises OSError if the port is taken."""
    service = demo or Demo()
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        task.add_done_callback(connections.discard)
        with contextlib.suppress(asyncio.CancelledError):  # the server closes; asyncio would log it as a failure
            await _Connection(service, reader, writer).run()

    return Server(await asyncio.start_server(connected, host, port, limit=_READ), connections)


async def run(host: str, port: int, *, demo: Service | None = None, name: str = "Demo upstream") -> None:
    """Serve until SIGTERM or SIGINT, and say what and where."""
    server = await serve(host, port, demo=demo)
    sys.stdout.write(f"{name} listens on {server.address}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await server.close()


class _Connection:
    def __init__(self, service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._service = service
        self._reader = reader
        self._writer = writer
        self._wire = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        """Answer requests until one side has had enough."""
        self._writer.transport.set_write_buffer_limits(high=0)  # drain() waits until everything is on its way
        try:
            while request := await self._request():
                await self._exchange(request)
                if self._wire.our_state is not h11.DONE or self._wire.their_state is not h11.DONE:
                    break
                self._wire.start_next_cycle()
        except (ConnectionError, h11.RemoteProtocolError, httpx.InvalidURL):
            pass  # the client broke the line or the rules; there is nobody to tell
        finally:
            self._writer.close()
            with contextlib.suppress(ConnectionError):
                await self._writer.wait_closed()

    async def _exchange(self, request: httpx.Request) -> None:
        """Answer a request, as long as the client is there."""
        answering = asyncio.ensure_future(self._answer(request))
        leaving = asyncio.ensure_future(self._client_leaves())
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)
        if not answering.cancelled():
            answering.result()

    async def _request(self) -> httpx.Request | None:
        """The next request with its body, or None when the client is done."""
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._wire.next_event()
            if event is h11.NEED_DATA:
                if self._wire.they_are_waiting_for_100_continue:
                    await self._send(h11.InformationalResponse(status_code=100, headers=[]))
                self._wire.receive_data(await self._reader.read(_READ))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data[: LARGEST_BODY + 1 - len(body)]  # one byte too many is enough to be refused
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                headers = [(bytes(name), bytes(value)) for name, value in head.headers]
                host = dict(headers).get(b"host", b"localhost").decode("latin-1")
                url = f"http://{host}{head.target.decode('latin-1')}"
                return httpx.Request(head.method.decode("ascii"), url, headers=headers, content=bytes(body))
            elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                return None

    async def _answer(self, request: httpx.Request) -> None:
        try:
            response = await self._service.handle(request)
            try:
                await self._respond(request, response)
            finally:
                await response.aclose()
        except httpx.ConnectTimeout:
            await asyncio.Event().wait()  # until the client gives up
        except httpx.TransportError:
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            self._writer.transport.abort()

    async def _respond(self, request: httpx.Request, response: httpx.Response) -> None:
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"transfer-encoding"]
        if "Content-Length" not in response.headers:
            headers.append((b"Transfer-Encoding", b"chunked"))
        await self._send(h11.Response(status_code=response.status_code, headers=headers))
        assert isinstance(response.stream, httpx.AsyncByteStream)
        async for piece in response.stream:
            if request.method != "HEAD":
                await self._send(h11.Data(data=piece))
        await self._send(h11.EndOfMessage())

    async def _send(self, event: h11.Event) -> None:
        self._writer.write(self._wire.send(event) or b"")
        await self._writer.drain()

    async def _client_leaves(self) -> None:
        """Read while the answer goes out: an early next request is kept, the end of the connection is noticed."""
        data = b"more"
        while data:
            data = await self._reader.read(_READ)
            self._wire.receive_data(data)
